"""Train the reader of facts: an encoder's lower layers, two pointers to the indicator, a role and a move.

    python models/training/reader.py --facts models/training/facts.jsonl.gz --dev dev.jsonl \
        --start runs/teacher12/model.pt --encoder FOLDER --out runs/reader6 [--layers 6] [--epochs 6]
    python models/training/reader.py --export runs/reader6/model.pt models/reader

Paragraphs whose `set` is "dev" and the files that --dev names are only measured on. The export needs onnx and
onnxruntime.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from pathlib import Path

import torch
from facts_data import Example, examples
from model import Tagger
from torch import nn
from torch.nn import functional as F
from train import groups_of, pace, shuffled

from pipeline.entities.pieces import PAD, Pieces
from pipeline.evaluation.facts import agrees
from pipeline.facts.reader import LONGEST, MOVES, ROLES, TARGET, offsets


class Reader(nn.Module):
    """The encoder with marks and hints added to its embeddings, and the heads."""

    def __init__(self, config: dict):
        super().__init__()
        self.encoder = Tagger(**config)
        width = config["width"]
        self.marks, self.hints = nn.Embedding(TARGET + 1, width), nn.Embedding(2 + len(ROLES) * len(MOVES), width)
        for table in (self.marks, self.hints):
            nn.init.normal_(table.weight, std=0.02)
        self.span, self.pair = nn.Linear(width, 2), nn.Linear(width, 2 * width)
        self.role, self.move = nn.Linear(width, len(ROLES)), nn.Linear(width, len(MOVES))
        nn.init.normal_(self.pair.weight, std=0.01)

    def forward(self, pieces, marks, hints, target, drop: float = 0.0):
        """(batch, length) scores of pieces to begin and to end the indicator, (batch, n) scores of roles and moves."""
        x = self.encoder.encode(pieces, drop, self.marks(marks) + self.hints(hints))
        about = x[torch.arange(x.shape[0]), target]
        keys = self.pair(about).view(-1, 2, x.shape[2])
        spans = self.span(x) + torch.matmul(x, keys.transpose(1, 2)) / x.shape[2] ** 0.5
        return spans[:, :, 0], spans[:, :, 1], self.role(about), self.move(about)


def tensors(group: list[Example]):
    n = max(len(e.question.pieces) for e in group)
    rows = [
        [getattr(e.question, name) + [fill] * (n - len(e.question.pieces)) for e in group]
        for name, fill in (("pieces", PAD), ("marks", 0), ("hints", 0))
    ]
    return *map(torch.tensor, rows), torch.tensor([e.question.target for e in group])


def word_scores(group: list[Example], scores: torch.Tensor) -> torch.Tensor:
    """(batch, words) of (batch, pieces): those of the words' first pieces, the rest at minus infinity."""
    n = max(len(e.question.first) for e in group)
    at = torch.tensor([e.question.first + [0] * (n - len(e.question.first)) for e in group])
    there = torch.tensor([[k < len(e.question.first) for k in range(n)] for e in group])
    return scores.float().gather(1, at).masked_fill(~there, -1e4)


def loss_of(model: Reader, group: list[Example], drop: float):
    with torch.autocast("cpu", torch.bfloat16):
        start, end, role, move = model(*tensors(group), drop)
    roles = torch.tensor([e.role for e in group])
    total = F.cross_entropy(role.float(), roles) * 0.5
    inside = roles > 0
    if inside.any():
        moves = torch.tensor([e.move for e in group])
        total = total + F.cross_entropy(move.float()[inside], moves[inside]) * 0.5
    for scores, name in ((start, "start"), (end, "end")):
        want = torch.tensor([getattr(e, name) for e in group])
        if (want >= 0).any():
            total = total + F.cross_entropy(word_scores(group, scores), want, ignore_index=-1)
    return total


@torch.no_grad()
def evaluate(model: Reader, items: list[Example]) -> dict:
    """Of the figures of annotated facts: share with the right indicator (by the reader, the grammar); roles, moves."""
    model.eval()
    asked = right = grammar = roles = moves = both = 0
    for group in shuffled(items, 4096, random.Random(0)):
        with torch.autocast("cpu", torch.bfloat16):
            start, end, role, move = model(*tensors(group))
        start, end = word_scores(group, start), word_scores(group, end)
        for e, s, t, r, m in zip(group, start, end, role, move, strict=True):
            roles += int(r.argmax()) == e.role
            if not e.role:
                continue
            asked += 1
            n = len(e.question.first)
            best = max(
                ((float(s[a] + t[b]), a, b) for a in range(n) for b in range(a, min(n, a + LONGEST))), default=(0, 0, 0)
            )
            a, b = offsets(e.layer, (e.question.low + best[1], e.question.low + best[2] + 1), {})
            ok = agrees(e.gold, e.layer.tokens.text[a:b])
            right, grammar, both = right + ok, grammar + e.hinted, both + (ok or e.hinted)
            moves += int(m.argmax()) == e.move
    share = lambda x, n=asked: round(100 * x / max(1, n), 1)  # noqa: E731
    return {"figures": len(items), "asked": asked, "indicator": share(right), "grammar": share(grammar),
            "either": share(both), "role": share(roles, len(items)), "move": share(moves)}  # fmt: skip


def train(a: argparse.Namespace) -> None:
    torch.set_num_threads(a.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(1)
    rng = random.Random(1)
    a.out.mkdir(parents=True, exist_ok=True)
    pieces = Pieces(a.encoder / "tokenizer.json")
    paths = [Path(path) for path in a.facts.split(",")]
    items = [e for path in paths for e in examples(path, pieces, "train")]
    dev = {path.stem: list(examples(path, pieces, "dev")) for path in paths}
    dev |= {path.stem: list(examples(path, pieces)) for path in map(Path, filter(None, a.dev.split(",")))}
    saved = torch.load(a.start)
    model = Reader({**saved["config"], "heads": {}, "layers": a.layers})
    state = saved["state"]
    if "role.weight" in state:  # a reader to go on with
        model.load_state_dict(state)
    else:  # the lower layers of a tagger
        own = model.encoder.state_dict()
        model.encoder.load_state_dict({k: v for k, v in state.items() if k in own})
    heads = [p for n, p in model.named_parameters() if not n.startswith("encoder.")]
    optimizer = torch.optim.AdamW(
        [*groups_of(model.encoder, a.lr, 0.9), {"params": heads, "lr": 1e-3, "weight_decay": 0.01}],
        betas=(0.9, 0.98),
        eps=1e-6,
    )
    peaks = [g["lr"] for g in optimizer.param_groups]
    average = {k: v.clone() for k, v in model.state_dict().items()}

    def chosen() -> list[Example]:
        """An epoch's examples: figures outside facts are many and easy, a share of them will do."""
        return [e for e in items if e.role or rng.random() < a.none]

    total, step, begin = a.epochs * len(shuffled(chosen(), a.batch, rng)), 0, time.time()
    print(f"{len(items)} figures to learn from, {total} steps", flush=True)
    for epoch in range(a.epochs):
        model.train()
        running = []
        for group in shuffled(chosen(), a.batch, rng):
            step += 1
            pace(optimizer, peaks, step, total)
            loss = loss_of(model, group, 0.1)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            running.append(loss.item())
            with torch.no_grad():
                for k, v in model.state_dict().items():
                    average[k].lerp_(v, max(0.01, 1 / step))
            if step % 50 == 0:
                print(f"step {step} loss {sum(running[-50:]) / 50:.3f} {time.time() - begin:.0f} s", flush=True)
        best = Reader(model.encoder.config)
        best.load_state_dict(average)
        scores = {name: evaluate(best, part) for name, part in dev.items()}
        print(json.dumps({"epoch": epoch + 1, "seconds": round(time.time() - begin), "dev": scores}), flush=True)
        torch.save(
            {"config": best.encoder.config, "state": average, "dev": scores, "figures": len(items)}, a.out / "model.pt"
        )
    with open(a.out.parent / "log.jsonl", "a", encoding="utf-8") as log:
        line = {"run": a.out.name, "figures": len(items), "layers": a.layers, "epochs": a.epochs, "steps": step}
        log.write(json.dumps({**line, "seconds": round(time.time() - begin), "dev": scores}) + "\n")


def export(source: Path, folder: Path) -> None:
    from export import quantise
    from write_meta import describe

    from pipeline import __version__
    from pipeline.facts.reader import FORMAT

    saved = torch.load(source, map_location="cpu")
    model = Reader(saved["config"])
    model.load_state_dict(saved["state"])
    model.encoder.padded = False
    folder.mkdir(parents=True, exist_ok=True)
    names = ["pieces", "marks", "hints", "target"]
    zeros = torch.zeros(2, 16, dtype=torch.long)
    given = (torch.randint(5, 1000, (2, 16)), zeros, zeros, torch.tensor([3, 4]))
    axes = {n: {0: "batch", 1: "length"} for n in (*names[:3], "start", "end")}
    axes |= {n: {0: "batch"} for n in ("target", "role", "move")}
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.onnx"
        torch.onnx.export(
            model.eval(), given, plain, input_names=names, output_names=["start", "end", "role", "move"],
            dynamic_axes=axes, opset_version=17, dynamo=False,
        )  # fmt: skip
        quantise(plain, folder / "reader.onnx")
    meta = {"format": FORMAT, "made_with": __version__, "model": describe(folder / "reader.onnx"),
            "encoder": saved["config"], "figures": saved["figures"], "dev": saved["dev"]}  # fmt: skip
    (folder / "meta.json").write_text(json.dumps(meta, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    a = argparse.ArgumentParser()
    a.add_argument("--export", nargs=2, type=Path, metavar=("MODEL", "FOLDER"))
    a.add_argument("--facts", default="")
    a.add_argument("--dev", default="", help="files to measure on, never to learn from")
    for name in ("start", "encoder", "out"):
        a.add_argument("--" + name, type=Path)
    a.add_argument("--layers", type=int, default=6)
    a.add_argument("--epochs", type=int, default=6)
    a.add_argument("--lr", type=float, default=3e-4)
    a.add_argument("--batch", type=int, default=2048, help="pieces")
    a.add_argument("--none", type=float, default=0.4, help="share of figures outside facts that an epoch reads")
    a.add_argument("--threads", type=int, default=2)
    a = a.parse_args()
    if a.export:
        export(*a.export)
    else:
        train(a)


if __name__ == "__main__":
    main()
