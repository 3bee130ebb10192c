"""Train the reader of facts: an encoder's lower layers; heads for roles, moves, indicators, times, groups.

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
from collections import Counter
from itertools import combinations
from pathlib import Path

import torch
from facts_data import Example, examples, paragraphs
from model import Tagger, rounding
from torch import nn
from torch.nn import functional as F
from train import groups_of, pace, shuffled

from pipeline.entities.pieces import PAD, UNK, Pieces
from pipeline.evaluation.facts import agrees
from pipeline.facts.clause import clause
from pipeline.facts.reader import (
    HINTS,
    LONGEST,
    MOVES,
    NAME,
    PHRASE,
    ROLES,
    Answer,
    Window,
    breaks,
    offsets,
    span,
    verbs,
)
from pipeline.layers import Mention, Time
from pipeline.runtime import log_softmax

ANSWERS = ["start", "end", "role", "move", "same", "dates", "undated", "owners", "ownerless"]
FAR = 64  # words apart from which distances are one


class Beside(nn.Module):
    """Scores of pairs from what each side is and how far they stand apart."""

    def __init__(self, left: int, right: int, far: int, inner: int, out: int):
        super().__init__()
        self.far, self.out = far, out
        self.left, self.right = nn.Linear(left, inner * out), nn.Linear(right, inner * out)
        self.apart = nn.Embedding(2 * far + 1, inner * out)
        self.score = nn.Parameter(torch.randn(out, inner) * inner**-0.5)
        nn.init.normal_(self.apart.weight, std=0.1)

    def forward(self, a, b, apart):
        """(n, left), (m, right) and the distances (n, m) to (n, m, out)."""
        apart = self.apart(apart.clamp(-self.far, self.far) + self.far)
        x = F.gelu(self.left(a)[:, None] + self.right(b)[None] + apart)
        return (x.view(x.shape[0], x.shape[1], self.out, -1) * self.score).sum(-1)


class Reader(nn.Module):
    """The encoder with marks and hints added to its embeddings, and the heads."""

    def __init__(self, config: dict):
        super().__init__()
        self.encoder = Tagger(**config)
        width = config["width"]
        self.marks, self.hints = nn.Embedding(NAME + 1, width), nn.Embedding(HINTS, width)
        for table in (self.marks, self.hints):
            nn.init.normal_(table.weight, std=0.02)
        self.span = Beside(2 * width, width, FAR, 96, 2)
        self.same = Beside(2 * width, 2 * width, FAR, 96, 1)
        self.dates, self.undated = Beside(2 * width, width, FAR, 64, 2), nn.Linear(width, 2)
        self.owners, self.ownerless = Beside(2 * width, width, FAR, 64, 1), nn.Linear(width, 1)
        self.inner = nn.Linear(2 * width, width)
        self.role, self.move = nn.Linear(width, len(ROLES)), nn.Linear(width, len(MOVES))

    def forward(self, pieces, marks, hints, first, heads, tails):
        """Of one window: (figures, words) scores to begin and end the indicator, (figures, n) of roles and of moves,
        (figures, figures) of being in one fact, (figures, words, 2) of times that begin there to date the figure and
        what it is compared with, (figures, 2) of none to do so, (figures, words) of names that begin there to own the
        value, and (figures,) of none to do so.
        """
        x = self.encoder.encode(pieces, 0.0, self.marks(marks) + self.hints(hints))
        return self.answer(x[0], first, heads, tails)

    def answer(self, x, first, heads, tails):
        words = x[first]
        about = torch.cat([words[heads], words[tails]], 1)
        places = torch.arange(first.shape[0], device=x.device)
        spans = self.span(about, words, places[None] - heads[:, None])
        same = self.same(about, about, heads[None] - heads[:, None])[:, :, 0]
        inner = F.gelu(self.inner(about))
        dates = self.dates(about, words, places[None] - heads[:, None]), self.undated(inner)
        owners = self.owners(about, words, places[None] - heads[:, None])[:, :, 0], self.ownerless(inner)[:, 0]
        return spans[:, :, 0], spans[:, :, 1], self.role(inner), self.move(inner), (same + same.T) / 2, *dates, *owners


def tensors(group: list[Example], rng: random.Random | None = None, blind: float = 0.0, hide: float = 0.0):
    """Pieces, marks and hints of a batch; with `rng` some hints (`blind`) and some pieces (`hide`) are left out."""
    n = max(len(e.pieces) for e in group)
    hints = [e.window.hints if rng is None else _hidden(e.window, rng, blind) for e in group]
    pieces = [e.pieces if rng is None else [UNK if rng.random() < hide else p for p in e.pieces] for e in group]
    rows = [(pieces, PAD), ([e.window.marks for e in group], 0), (hints, 0)]
    return [torch.tensor([row + [fill] * (n - len(row)) for row in part]) for part, fill in rows]


def _hidden(w: Window, rng: random.Random, blind: float) -> list[int]:
    """The hints of a window without all of them, its phrases, or those of some figures."""
    if rng.random() < blind:
        return [0] * len(w.hints)
    phrases, ends, hidden = rng.random() > blind, [*w.first, len(w.pieces) - 1], set()
    for head, tail in zip(w.heads, w.tails, strict=True):
        if rng.random() < blind / 2:
            hidden.update(range(ends[head], ends[tail + 1]))
    return [0 if k in hidden or hint == PHRASE and not phrases else hint for k, hint in enumerate(w.hints)]


def scores_of(model: Reader, group: list[Example], drop: float = 0.0, *hidden):
    pieces, marks, hints = tensors(group, *hidden)
    with torch.autocast("cpu", torch.bfloat16):
        x = model.encoder.encode(pieces, drop, model.marks(marks) + model.hints(hints))
    x = F.dropout(x.float(), drop, model.training)
    for k, e in enumerate(group):
        w = e.window
        yield e, model.answer(x[k], *(torch.tensor(v) for v in (w.first, w.heads, w.tails)))


def choices(w: Window, things: list[Time] | list[Mention], at: torch.Tensor, none: torch.Tensor) -> torch.Tensor:
    """(figures, 1 + things, ...) scores of none and of each time or name of a window."""
    return torch.cat([none[:, None], at[:, [x.i - w.low for x in things]]], 1)


def loss_of(model: Reader, group: list[Example], drop: float, *hidden):
    parts = {name: [] for name in ("role", "move", "span", "phrase", "same", "time", "owner")}
    for e, (start, end, role, move, same, dates, undated, *owners) in scores_of(model, group, drop, *hidden):
        column = lambda name: torch.tensor([getattr(a, name) for a in e.answers])  # noqa: E731, B023
        roles = column("role")
        parts["role"].append(F.cross_entropy(role, roles, reduction="none"))
        inside = roles > 0
        if not inside.any():
            continue
        parts["move"].append(F.cross_entropy(move[inside], column("move")[inside], reduction="none"))
        for scores, name in ((start, "start"), (end, "end")):
            want = column(name)
            if (want >= 0).any():
                parts["span"].append(F.cross_entropy(scores, want, ignore_index=-1, reduction="none")[want >= 0])
        known = column("start") >= 0
        if known.any():
            right = column("start")[known], column("end")[known]
            parts["phrase"].append(agreeing(start[known], end[known], *right))
        for k, name in enumerate(("when", "than")):
            want = column(name)
            if (want >= 0).any():
                scores = choices(e.window, e.window.times, dates, undated)[:, :, k]
                parts["time"].append(F.cross_entropy(scores, want, ignore_index=-1, reduction="none")[want >= 0])
        if any(a.whose for a in e.answers):
            scores = choices(e.window, e.window.names, *owners).log_softmax(1)
            parts["owner"] += [-scores[k, a.whose].logsumexp(0)[None] for k, a in enumerate(e.answers) if a.whose]
        pairs = [(a, b) for a, b in combinations(range(len(e.answers)), 2) if b - a <= 6 and inside[a] and inside[b]]
        if pairs:
            a, b = torch.tensor(pairs).T
            fact = column("fact")
            want = (fact[a] == fact[b]).float()
            parts["same"].append(F.binary_cross_entropy_with_logits(same[a, b], want, reduction="none"))
    weights = {"role": 0.7, "move": 0.5, "span": 0.7, "phrase": 0.5, "same": 0.7, "time": 0.5, "owner": 0.5}
    return sum(weights[name] * torch.cat(part).mean() for name, part in parts.items() if part)


def agreeing(start: torch.Tensor, end: torch.Tensor, first: torch.Tensor, last: torch.Tensor) -> torch.Tensor:
    """Of each figure, minus the log-probability of all phrases that share half of their words with the right one.

    That is what the reader's phrases are chosen by (`pipeline.facts.reader.span`) and scored by.
    """
    n = start.shape[1]
    i, size = torch.arange(n)[:, None], torch.arange(1, LONGEST + 1)[None]
    j = i + size - 1
    scores = start.log_softmax(1)[:, :, None] + end.log_softmax(1)[:, j.clamp(max=n - 1)]
    first, last = first[:, None, None], last[:, None, None]
    common = (torch.minimum(j[None], last) - torch.maximum(i[None], first) + 1).clamp(min=0)
    right = (4 * common >= size[None] + last - first + 1) & (j < n)[None]
    return -scores.masked_fill(~right, -torch.inf).flatten(1).logsumexp(1)


@torch.no_grad()
def evaluate(model: Reader, items: list[Example]) -> dict:
    """Of the figures of annotated facts: share with the right indicator (by the reader, the grammar), and move.

    Of all figures: share with the right role, and rightly in a fact or not. Of pairs: F1 of those that are in one fact.
    Of figures whose times are annotated: share with the right time or rightly none, and F1 of times. Of those whose
    subject is annotated: share with a right name or rightly none.
    """
    model.eval()
    n: Counter[str] = Counter()
    for group in shuffled(items, 4096, random.Random(0)):
        for e, scores in scores_of(model, group):
            start, end, role, move, same = (x.numpy() for x in scores[:5])
            times = choices(e.window, e.window.times, *scores[5:7]).argmax(1).tolist()
            owners = choices(e.window, e.window.names, *scores[7:]).argmax(1).tolist()
            numbers, stops = [q.i for q in e.layer.quantities], breaks(e.layer)
            views = {s.i: clause(e.layer, s) for s in e.layer.sentences}
            apart = verbs(views.values())
            n["figures"] += len(e.answers)
            for k, a in enumerate(e.answers):
                n["role"] += int(role[k].argmax()) == a.role
                n["inside"] += bool(role[k].argmax()) == bool(a.role)
                if not a.role:
                    continue
                said = Answer(e.window.low, *map(log_softmax, (start[k], end[k])), role[k], move[k], {})
                i, j = offsets(e.layer, span([said], numbers, stops, apart), views)
                right = agrees(a.gold, e.layer.tokens.text[i:j])
                n.update(asked=1, indicator=right, grammar=a.hinted, either=right or a.hinted)
                n["move"] += int(move[k].argmax()) == a.move
                for found, want in ((times[k][0], a.when), (times[k][1], a.than)):
                    if want >= 0:
                        n.update(timed=1, time=found == want)
                        n.update(dates=(found > 0) + (want > 0), date=2 * (found == want > 0))
                if a.whose:
                    n.update(owned=1, owner=owners[k] in a.whose)
                for m in (m for m in range(k) if e.answers[m].role):
                    found, gold = bool(same[k, m] > 0), e.answers[m].fact == a.fact
                    n.update(pairs=found + gold, same=2 * (found and gold))
    of = dict.fromkeys(("indicator", "grammar", "either", "move"), "asked")
    of |= {"role": "figures", "inside": "figures", "same": "pairs", "time": "timed", "date": "dates", "owner": "owned"}
    shares = {name: round(100 * n[name] / max(1, n[all]), 1) for name, all in of.items()}
    return {"figures": n["figures"], "asked": n["asked"], **shares}


def started(path: Path, layers: int) -> Reader:
    """A reader from a checkpoint: a reader's, where its tables have our sizes, or the lower layers of a tagger's."""
    saved = torch.load(path)
    model = Reader({**saved["config"], "heads": {}, "layers": layers})
    own = model.state_dict()
    state = {k if k in own else "encoder." + k: v for k, v in saved["state"].items()}
    own |= {k: v for k, v in state.items() if k in own and v.shape == own[k].shape}
    model.load_state_dict(own)
    return model


def train(a: argparse.Namespace) -> None:
    torch.set_num_threads(a.threads)
    torch.set_flush_denormal(True)
    torch.manual_seed(1)
    rng = random.Random(1)
    a.out.mkdir(parents=True, exist_ok=True)
    pieces = Pieces(a.encoder / "tokenizer.json")
    paths = [Path(path) for path in a.facts.split(",")]
    read = lambda path, part="": list(examples(paragraphs(path, part), pieces))  # noqa: E731
    items = [e for path in paths for e in read(path, "train")]
    dev = {path.stem: read(path, "dev") for path in paths}
    dev |= {path.stem: read(path) for path in map(Path, filter(None, a.dev.split(",")))}
    fit(a, items, {name: part for name, part in dev.items() if part}, rng)


def fit(a: argparse.Namespace, items: list[Example], dev: dict[str, list[Example]], rng: random.Random) -> None:
    model = started(a.start, a.layers)
    rounding(model, a.rounded)
    heads = [p for n, p in model.named_parameters() if not n.startswith("encoder.")]
    optimizer = torch.optim.AdamW(
        [*groups_of(model.encoder, a.lr, 0.9), {"params": heads, "lr": 1e-3, "weight_decay": 0.01}],
        betas=(0.9, 0.98),
        eps=1e-6,
    )
    peaks = [g["lr"] for g in optimizer.param_groups]
    average = {k: v.clone() for k, v in model.state_dict().items()}
    total, step, begin = a.epochs * len(shuffled(items, a.batch, rng)), 0, time.time()
    print(f"{len(items)} windows to learn from, {total} steps", flush=True)
    for epoch in range(a.epochs):
        model.train()
        running = []
        for group in shuffled(items, a.batch, rng):
            step += 1
            pace(optimizer, peaks, step, total)
            loss = loss_of(model, group, a.drop, rng, a.blind, a.hide)
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
        rounding(best, a.rounded)
        scores = {name: evaluate(best, part) for name, part in dev.items()}
        print(json.dumps({"epoch": epoch + 1, "seconds": round(time.time() - begin), "dev": scores}), flush=True)
        torch.save(
            {"config": best.encoder.config, "state": average, "dev": scores, "windows": len(items)}, a.out / "model.pt"
        )
    with open(a.out.parent / "log.jsonl", "a", encoding="utf-8") as log:
        line = {"run": a.out.name, "windows": len(items), "layers": a.layers, "epochs": a.epochs, "steps": step}
        line |= {"lr": a.lr, "drop": a.drop, "blind": a.blind, "hide": a.hide, "rounded": a.rounded}
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
    names = ["pieces", "marks", "hints", "first", "heads", "tails"]
    zeros = torch.zeros(1, 16, dtype=torch.long)
    words, figures = torch.arange(1, 12), torch.tensor([3, 4])
    given = (torch.randint(5, 1000, (1, 16)), zeros, zeros, words, figures, figures + 1)
    axes = {n: {1: "length"} for n in names[:3]} | {"first": {0: "words"}}
    axes |= {n: {0: "figures"} for n in (*names[4:], "role", "move", "undated", "ownerless")}
    axes |= {n: {0: "figures", 1: "words"} for n in ("start", "end", "dates", "owners")} | {
        "same": {0: "figures", 1: "others"}
    }
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.onnx"
        torch.onnx.export(
            model.eval(), given, plain, input_names=names, output_names=ANSWERS,
            dynamic_axes=axes, opset_version=17, dynamo=False,
        )  # fmt: skip
        quantise(plain, folder / "reader.onnx.gz")
    meta = {"format": FORMAT, "made_with": __version__, "model": describe(folder / "reader.onnx.gz"),
            "encoder": saved["config"], "windows": saved["windows"], "dev": saved["dev"]}  # fmt: skip
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
    a.add_argument("--drop", type=float, default=0.1)
    a.add_argument("--batch", type=int, default=2048, help="pieces")
    a.add_argument("--blind", type=float, default=0.3, help="share of windows without the grammar's hints")
    a.add_argument("--hide", type=float, default=0.1, help="share of pieces that are not shown")
    a.add_argument("--rounded", action="store_true", help="weights and activations rounded to int8 while it learns")
    a.add_argument("--threads", type=int, default=2)
    a = a.parse_args()
    if a.export:
        export(*a.export)
    else:
        train(a)


if __name__ == "__main__":
    main()
