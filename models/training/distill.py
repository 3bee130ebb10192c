"""Distil a trained tagger into a smaller one on raw text: every head's probabilities and the last hidden layer.

    python models/training/distill.py --teacher runs/teacher12/model.pt --text articles.txt --ner FOLDER \
        --encoder FOLDER --out runs/student4 --layers 1,4,8,11

`--text` holds one article a line. The student starts as some layers of its teacher; gold windows are mixed in. The
development documents of the corpora are never seen.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path

import torch
from corpora import READERS, Document, held_out
from model import Tagger, rounding
from torch import nn
from torch.nn import functional as F
from train import evaluate, groups_of, pad, shuffled
from windows import Augment, windows

from pipeline.entities.pieces import SIZE, Pieces


def articles(path: Path, rng: random.Random, keep: float, letters: int = 6000):
    """The beginnings of articles as words, by the product's own tokenizer and sentences; `keep` of them, by chance."""
    from spacy.vocab import Vocab

    from pipeline.article import Article
    from pipeline.language.sentences import split
    from pipeline.language.tokenizer import Tokenizer
    from pipeline.layers import layers

    tokenizer = Tokenizer(Vocab())
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if rng.random() > keep or len(line) < 200:
                continue
            t = layers(tokenizer.make(Article(f"text.{number}", line.strip()[:letters]))).tokens
            yield Document(f"text.{number}", [[t.raw(k) for k in range(s.i, s.j)] for s in split(t)], {})


def main():
    a = argparse.ArgumentParser()
    for name in ("teacher", "text", "ner", "encoder", "out"):
        a.add_argument("--" + name, type=Path, required=True)
    a.add_argument("--layers", default="1,4,8,11", help="which layers of the teacher the student starts with")
    a.add_argument("--start", type=Path, help="a student to go on with instead")
    a.add_argument("--rounded", action="store_true", help="weights and activations rounded to int8 while it learns")
    a.add_argument("--pieces", type=int, default=2_500_000, help="pieces of training in all")
    a.add_argument("--gold", type=float, default=0.15, help="share of gold windows")
    a.add_argument("--keep", type=float, default=0.2, help="share of the text's articles to read")
    a.add_argument("--lr", type=float, default=4e-4)
    a.add_argument("--batch", type=int, default=2048)
    a.add_argument("--threads", type=int, default=2)
    a = a.parse_args()
    torch.set_num_threads(a.threads)
    torch.set_flush_denormal(True)  # moments of pieces long unseen decay to denormals, ten times slower to add
    torch.manual_seed(1)
    rng = random.Random(1)
    a.out.mkdir(parents=True, exist_ok=True)
    saved = torch.load(a.teacher)
    teacher = Tagger(**saved["config"])
    teacher.load_state_dict(saved["state"])
    teacher.eval()
    pieces = Pieces(a.encoder / "tokenizer.json")
    gold = [d for name in READERS for d in READERS[name](a.ner)]
    dev = [d for d in gold if held_out(d) and "khabar" in d.labels]
    gold = [d for d in gold if not held_out(d)]
    augment = Augment(gold, rng)
    keep = [int(k) for k in a.layers.split(",")]
    student = Tagger(**{**saved["config"], "layers": len(keep)})
    for part, source in student.named_children():
        if part != "layers":
            source.load_state_dict(getattr(teacher, part).state_dict())
    for layer, k in zip(student.layers, keep, strict=True):
        layer.load_state_dict(teacher.layers[k].state_dict())
    if a.start:
        student.load_state_dict(torch.load(a.start)["state"])
    rounding(student, a.rounded)
    optimizer = torch.optim.AdamW(groups_of(student, a.lr, 0.9), betas=(0.9, 0.98), eps=1e-6)
    peaks = [g["lr"] for g in optimizer.param_groups]
    total, seen, start = a.pieces // a.batch, 0, time.time()
    average = {k: v.clone() for k, v in student.state_dict().items()}

    def stream():
        while True:
            pool = []
            for doc in articles(a.text, rng, a.keep):
                pool += windows(doc, pieces, rng.randrange(SIZE // 2), change=augment.spelling())
                while rng.random() < a.gold:
                    g = augment.swap(rng.choice(gold))
                    pool += windows(g, pieces, rng.randrange(SIZE // 2), change=augment.spelling())
                if len(pool) > 800:
                    yield from shuffled(pool, a.batch, rng)
                    pool = []
            yield from shuffled(pool, a.batch, rng)

    running = []
    for step, group in enumerate(stream(), 1):
        scale = min(step / 100, max(0.02, (total - step) / total))
        for g, peak in zip(optimizer.param_groups, peaks, strict=True):
            g["lr"] = peak * scale
        x = pad(group)
        at = torch.tensor([(b, p) for b, w in enumerate(group) for p in w.first]).T
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            target = teacher.encode(x)[at[0], at[1]].float()
        student.train()
        with torch.autocast("cpu", torch.bfloat16):
            hidden = student.encode(x, 0.05)[at[0], at[1]].float()
        loss = 1 - F.cosine_similarity(hidden, target, dim=-1).mean()
        for name, head in student.heads.items():
            want = F.softmax(teacher.heads[name](target), -1).detach()
            share = 2.0 if name == "khabar" else 0.3
            loss = loss + share * F.kl_div(F.log_softmax(head(hidden), -1), want, reduction="batchmean")
        words = 0
        for w in group:  # gold labels on top, where there are any
            labels = w.labels.get("khabar")
            if labels:
                rows = hidden[words : words + len(w.first)]
                loss = loss + 0.5 * F.cross_entropy(student.heads["khabar"](rows), torch.tensor(labels)) / len(group)
            words += len(w.first)
        loss.backward()
        nn.utils.clip_grad_norm_(student.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        seen += x.numel()
        running.append(loss.item())
        with torch.no_grad():
            for k, v in student.state_dict().items():
                average[k].lerp_(v, 0.01)
        if step % 100 == 0:
            print(
                f"step {step}/{total} loss {sum(running[-100:]) / 100:.4f} {seen / (time.time() - start):.0f} pieces/s",
                flush=True,
            )
        if step % 400 == 0 or step >= total:
            best = Tagger(**student.config)
            best.load_state_dict(average)
            rounding(best, a.rounded)
            scores = {"khabar": evaluate(best, dev, pieces, "khabar", offsets=(0,))}
            print(json.dumps({"step": step, "dev": scores}), flush=True)
            torch.save({"config": best.config, "state": best.state_dict(), "dev": scores}, a.out / "model.pt")
        if step >= total:
            break
    with open(a.out.parent / "log.jsonl", "a", encoding="utf-8") as log:
        log.write(
            json.dumps(
                {
                    "run": a.out.name,
                    "student": student.config,
                    "pieces": seen,
                    "seconds": round(time.time() - start),
                    "dev": scores,
                }
            )
            + "\n"
        )


if __name__ == "__main__":
    main()
