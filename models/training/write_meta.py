"""Write models/tagger/meta.json: what the profiles are and what the code needs to know of them.

python models/training/write_meta.py models/tagger fast=runs/student4/model.pt accurate=runs/teacher12/model.pt
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

import torch
from corpora import SCHEMES, tags

from pipeline import __version__
from pipeline.entities.tagger import FORMAT

OFFSETS = {"fast": [0.0], "accurate": [0.0, 0.5]}  # where windows start, as a share of their size; scores are averaged


def describe(file: Path) -> dict:
    """What the code checks of a file: its size when it loads it, its hash in `khabar doctor`."""
    content = file.read_bytes()
    return {"file": file.name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def main(folder: Path, runs: dict[str, Path]) -> None:
    profiles, heads = {}, {}
    for name, path in runs.items():
        saved = torch.load(path, map_location="cpu")
        heads = saved["config"]["heads"]
        file = folder / f"{name}.onnx.gz"
        profiles[name] = {
            **describe(file),
            "offsets": OFFSETS[name],
            "encoder": {k: v for k, v in saved["config"].items() if k != "heads"},
            "dev_f1": saved["dev"],
        }
    meta = {
        "format": FORMAT,
        "made_with": __version__,
        "schemes": {scheme: tags(scheme) for scheme in SCHEMES if scheme in heads},
        "tokenizer": describe(folder / "tokenizer.json"),
        "profiles": profiles,
    }
    (folder / "meta.json").write_text(json.dumps(meta, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), {name: Path(path) for name, _, path in (arg.partition("=") for arg in sys.argv[2:])})
