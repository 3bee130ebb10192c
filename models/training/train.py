"""Train a tagger: one shared encoder, one head a scheme, windows of consecutive sentences.

    python models/training/train.py --ner FOLDER --encoder FOLDER --out runs/NAME [--epochs 5] [--layers 0,1,…,11]

Checkpoints after every epoch; run again with the same --out to go on. Appends one line to runs/log.jsonl.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path

import numpy as np
import torch
from corpora import READERS, SCHEMES, held_out, silver, tags
from model import Tagger, load_encoder, rounding, sized
from torch.nn import functional as F
from windows import Augment, windows

from pipeline.entities.decode import spans, viterbi
from pipeline.entities.pieces import PAD, SIZE, Pieces, batches


def pad(group):
    longest = max(len(w.pieces) for w in group)
    return torch.tensor([w.pieces + [PAD] * (longest - len(w.pieces)) for w in group])


def shuffled(items, size, rng):
    """Batches of like length in random order."""
    out = batches(items, size, lambda: rng.random() * 24)
    rng.shuffle(out)
    return out


def loss_of(model, group, drop, smooth=0.0):
    x = pad(group)
    with torch.autocast("cpu", torch.bfloat16):
        hidden = model.encode(x, drop)
    total = 0.0
    for scheme, head in model.heads.items():
        rows = [
            (b, p, y)
            for b, w in enumerate(group)
            if scheme in w.labels
            for p, y in zip(w.first, w.labels[scheme], strict=True)
        ]
        if rows:
            b, p, y = map(torch.tensor, zip(*rows, strict=True))
            share = 1.0 if scheme == "khabar" else 0.6
            total = total + share * F.cross_entropy(
                head(hidden[b, p].float()), y, reduction="sum", label_smoothing=smooth
            )
    return total / sum(len(w.first) for w in group)


@torch.no_grad()
def predict(model, documents, pieces, scheme, offsets=(0, SIZE // 2), change=None):
    """Log-probabilities of every word, averaged over the offsets: {document: {(sentence, word): row}}."""
    model.eval()
    out = {}
    todo = []
    for k, d in enumerate(documents):
        for o in offsets:
            for w in windows(d, pieces, o, change):
                w.document = k
                todo.append(w)
    for group in batches(todo, 8192):
        with torch.autocast("cpu", torch.bfloat16):
            hidden = model.encode(pad(group))
        scores = F.log_softmax(model.heads[scheme](hidden.float()), -1).numpy()
        for b, w in enumerate(group):
            rows = out.setdefault(documents[w.document].id, {})
            for at, key in zip(w.first, w.words, strict=True):
                rows[key] = rows[key] + scores[b, at] if key in rows else scores[b, at].copy()
    return out


def evaluate(model, documents, pieces, scheme, **kw):
    """Strict entity F1, whole and by label."""
    names, count = tuple(tags(scheme)), {}
    scores = predict(model, documents, pieces, scheme, **kw)
    for doc in documents:
        for s, words in enumerate(doc.sentences):
            if not words:
                continue
            path = viterbi(np.array([scores[doc.id][s, w] for w in range(len(words))]), names)
            gold, found = set(spans(doc.labels[scheme][s])), set(spans([names[k] for k in path]))
            for label in SCHEMES[scheme]:
                g, p = {x for x in gold if x[2] == label}, {x for x in found if x[2] == label}
                for key in (label, "all"):
                    c = count.setdefault(key, [0, 0, 0])
                    c[0] += len(g & p)
                    c[1] += len(g)
                    c[2] += len(p)
    return {k: round(200 * a / max(1, b + c), 1) for k, (a, b, c) in count.items() if b}


def groups_of(model, lr, decay):
    """Layer-wise learning rates: heads fastest, each layer below slower by `decay`."""
    depth = len(model.layers)
    for name, p in model.named_parameters():
        k = int(name.split(".")[1]) if name.startswith("layers.") else -1
        scale = 1.0 if name.startswith("heads.") else decay ** (depth - k)
        rate = 1e-3 if name.startswith("heads.") else lr * scale
        yield {"params": [p], "lr": rate, "weight_decay": 0.0 if p.ndim < 2 else 0.01}


def pace(optimizer, peaks, step, total):
    """Set the learning rates of a step: up for 8 % of all steps, then down to a fiftieth of their peaks."""
    scale = min(step / (0.08 * total), max(0.02, (total - step) / (0.92 * total)))
    for g, peak in zip(optimizer.param_groups, peaks, strict=True):
        g["lr"] = peak * scale


def main():
    a = argparse.ArgumentParser()
    a.add_argument("--ner", type=Path, required=True)
    a.add_argument("--encoder", type=Path, required=True)
    a.add_argument("--out", type=Path, required=True)
    a.add_argument("--epochs", type=int, default=5)
    a.add_argument("--lr", type=float, default=3e-4)
    a.add_argument("--decay", type=float, default=0.9)
    a.add_argument("--batch", type=int, default=2048, help="pieces")
    a.add_argument("--layers", default="0,1,2,3,4,5,6,7,8,9,10,11")
    a.add_argument("--start", type=Path, help="a trained tagger to go on with, instead of the encoder")
    a.add_argument("--corpora", default="news,entities,anercorp,aqmar,wojood")
    a.add_argument("--silver", type=Path, help="text that taggers agreed on, as silver.py writes it")
    a.add_argument("--others", type=float, default=1.0, help="share of the documents of other schemes in an epoch")
    a.add_argument("--rounded", action="store_true", help="weights and activations rounded to int8 while it learns")
    a.add_argument("--documents", type=int, help="learn from so many annotated documents (tests, learning curves)")
    a.add_argument("--threads", type=int, default=2)
    a.add_argument("--seed", type=int, default=1)
    a = a.parse_args()
    torch.set_num_threads(a.threads)
    torch.set_flush_denormal(True)  # moments of pieces long unseen decay to denormals, ten times slower to add
    torch.manual_seed(a.seed)
    rng = random.Random(a.seed)
    a.out.mkdir(parents=True, exist_ok=True)
    pieces = Pieces(a.encoder / "tokenizer.json")
    every = [d for name in a.corpora.split(",") for d in READERS[name](a.ner)]
    train, dev = [d for d in every if not held_out(d)], [d for d in every if held_out(d)]
    rng.shuffle(train)
    train = train[: a.documents]
    augment = Augment(train, rng)
    train += silver(a.silver) if a.silver else []
    heads = {s: len(tags(s)) for s in SCHEMES if any(s in d.labels for d in train)}
    keep = [int(k) for k in a.layers.split(",")]
    encoder = torch.load(a.encoder / "encoder_fp16.pt", map_location="cpu")
    model = sized(encoder, heads, len(keep))
    load_encoder(model, encoder, keep)
    if a.start:
        saved = torch.load(a.start)
        model = Tagger(**saved["config"])
        model.load_state_dict(saved["state"])
    rounding(model, a.rounded)
    average = {k: v.clone() for k, v in model.state_dict().items()}
    optimizer = torch.optim.AdamW(groups_of(model, a.lr, a.decay), betas=(0.9, 0.98), eps=1e-6)
    peaks = [g["lr"] for g in optimizer.param_groups]
    sizes = [(sum(len(w.pieces) for w in windows(d, pieces)), "khabar" in d.labels) for d in train]
    size = sum(n * (1 if ours else a.others) for n, ours in sizes)
    total, step, first = max(1, int(a.epochs * size / a.batch * 1.06)), 0, 0
    if (a.out / "last.pt").exists():
        last = torch.load(a.out / "last.pt")
        model.load_state_dict(last["model"])
        optimizer.load_state_dict(last["optimizer"])
        average, step, first = last["average"], last["step"], last["epoch"]
    print(f"{len(train)} documents, {size:.0f} pieces, {total} steps, {len(dev)} held out", flush=True)
    start = time.time()
    for epoch in range(first, a.epochs):
        model.train()
        items = [
            w
            for d in train
            if "khabar" in d.labels or rng.random() < a.others
            for w in windows(augment.swap(d), pieces, rng.randrange(SIZE // 2), change=augment.spelling())
        ]
        running = []
        for group in shuffled(items, a.batch, rng):
            step += 1
            pace(optimizer, peaks, step, total)
            loss = loss_of(model, group, 0.1)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            running.append(loss.item())
            with torch.no_grad():
                for k, v in model.state_dict().items():
                    average[k].lerp_(v, max(0.01, 1 / step))
            if step % 50 == 0:
                print(
                    f"epoch {epoch} step {step}/{total} loss {sum(running[-50:]) / 50:.4f} {time.time() - start:.0f} s",
                    flush=True,
                )
        torch.save(
            {
                "model": model.state_dict(),
                "average": average,
                "optimizer": optimizer.state_dict(),
                "step": step,
                "epoch": epoch + 1,
            },
            a.out / "last.pt",
        )
        best = Tagger(**model.config)
        best.load_state_dict(average)
        rounding(best, a.rounded)
        scores = {
            s: evaluate(best, [d for d in dev if s in d.labels], pieces, s)
            for s in heads
            if any(s in d.labels for d in dev)
        }
        print(json.dumps({"epoch": epoch + 1, "seconds": round(time.time() - start), "dev": scores}), flush=True)
        torch.save({"config": best.config, "state": best.state_dict(), "dev": scores}, a.out / "model.pt")
    with open(a.out.parent / "log.jsonl", "a", encoding="utf-8") as log:
        options = {
            k: str(v) if isinstance(v, Path) else v for k, v in vars(a).items() if k not in ("ner", "encoder", "out")
        }
        log.write(
            json.dumps(
                {
                    "run": a.out.name,
                    **options,
                    "steps": step,
                    "seconds": round(time.time() - start),
                    "dev": scores,
                }
            )
            + "\n"
        )


if __name__ == "__main__":
    main()
