"""The checkpoint of an exported model, from its int8 weights: what distillation and other heads start from.

    python models/training/restore.py models/tagger accurate runs/teacher12/model.pt
    python models/training/restore.py models/reader reader runs/reader6/model.pt

Needs onnx besides torch. The weights are those that run: rounded to int8, so a little behind the ones they came from.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

import torch


def weights(file: Path) -> dict[str, torch.Tensor]:
    """The state dict of the module that was exported to `file`."""
    import onnx
    from onnx import numpy_helper

    graph = onnx.load_from_string(gzip.decompress(file.read_bytes())).graph
    values = {i.name: torch.tensor(numpy_helper.to_array(i)) for i in graph.initializer}

    def plain(name: str) -> torch.Tensor:
        """Columns of a matrix, or a whole table, have a scale each."""
        zero = values[name + "_zero_point"].float()
        return (values[name + "_quantized"].float() - zero) * values[name + "_scale"]

    state = {k: v for k, v in values.items() if v.is_floating_point() and k.endswith((".weight", ".bias", ".score"))}
    for name in values:
        if name.endswith(".weight_quantized"):
            table = name.removesuffix("_quantized")
            state[table] = plain(table)
    for node in graph.node:
        if node.op_type == "MatMulInteger":  # called after the path of its module, less containers and the root
            part = ".".join(node.name.split("/")[1:-1]).removeprefix("tagger.")
            bias = next(k for k in state if f".{k}".endswith(f".{part}.bias"))
            state[bias.removesuffix("bias") + "weight"] = plain(node.input[1].removesuffix("_quantized")).T.contiguous()
    return state


def restore(folder: Path, name: str) -> dict:
    """The checkpoint that `export.py` and `write_meta.py`, or `reader.py --export`, read."""
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    if name == "reader":
        state = weights(folder / meta["model"]["file"])
        return {"config": meta["encoder"], "state": state, "dev": meta["dev"], "windows": meta["windows"]}
    described = meta["profiles"][name]
    state = {k.removeprefix("tagger."): v for k, v in weights(folder / described["file"]).items()}
    heads = {scheme: len(tags) for scheme, tags in meta["schemes"].items()}
    return {"config": {"heads": heads, **described["encoder"]}, "state": state, "dev": described["dev_f1"]}


if __name__ == "__main__":
    target = Path(sys.argv[3])
    target.parent.mkdir(parents=True, exist_ok=True)
    torch.save(restore(Path(sys.argv[1]), sys.argv[2]), target)
