"""The checkpoint of an exported tagger, from its int8 weights: what distillation and other heads start from.

    python models/training/restore.py models/tagger accurate runs/teacher12/model.pt

Needs onnx besides torch. The weights are those that run: rounded to int8, so a little behind the ones they came from.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import torch


def restore(folder: Path, profile: str) -> dict:
    """The checkpoint (`config`, `state`, `dev`) that `export.py` and `write_meta.py` read."""
    import onnx
    from onnx import numpy_helper

    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    described = meta["profiles"][profile]
    graph = onnx.load(folder / described["file"]).graph
    values = {i.name: torch.tensor(numpy_helper.to_array(i)) for i in graph.initializer}

    def plain(name: str) -> torch.Tensor:
        """Columns of a matrix, or a whole table, have a scale each."""
        zero = values[name + "_zero_point"].float()
        return (values[name + "_quantized"].float() - zero) * values[name + "_scale"]

    state = {k.removeprefix("tagger."): v for k, v in values.items() if k.startswith("tagger.") and v.ndim == 1}
    state = {k: v for k, v in state.items() if k.endswith((".weight", ".bias"))}
    for table in ("words", "places"):
        state[f"{table}.weight"] = plain(f"tagger.{table}.weight")
    for node in graph.node:
        if node.op_type == "MatMulInteger":
            part = node.output[0].removeprefix("/tagger/").split("/MatMul")[0].replace("/", ".")
            part = part if f"{part}.bias" in state else f"heads.{part}"
            state[f"{part}.weight"] = plain(node.input[1].removesuffix("_quantized")).T.contiguous()
    heads = {scheme: len(tags) for scheme, tags in meta["schemes"].items()}
    return {"config": {"heads": heads, **described["encoder"]}, "state": state, "dev": described["dev_f1"]}


if __name__ == "__main__":
    target = Path(sys.argv[3])
    target.parent.mkdir(parents=True, exist_ok=True)
    torch.save(restore(Path(sys.argv[1]), sys.argv[2]), target)
