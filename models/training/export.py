"""Export a trained tagger for ONNX Runtime: int8 weights, all heads as outputs.

    python models/training/export.py runs/student4/model.pt models/tagger/fast.onnx.gz

Needs onnx and onnxruntime besides torch. Quantisation is dynamic: weights int8 a channel, activations scaled a batch.
"""

from __future__ import annotations

import gzip
import sys
import tempfile
from pathlib import Path

import torch
from model import Tagger


class Outputs(torch.nn.Module):
    """Pieces in, the scores of each head out, in the order of `names`."""

    def __init__(self, tagger: Tagger):
        super().__init__()
        self.tagger, self.names = tagger, list(tagger.heads)
        tagger.padded = False

    def forward(self, pieces):
        scores = self.tagger(pieces)
        return tuple(scores[name] for name in self.names)


def quantise(plain: Path, target: Path) -> None:
    """int8 weights a channel, compressed; activations are scaled a batch when the model runs.

    Weights use seven of the eight bits: processors without VNNI add products in 16 bits, which would overflow, and a
    model would say other things there.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    ready, rounded = plain.with_name("ready.onnx"), plain.with_name("rounded.onnx")
    quant_pre_process(str(plain), str(ready))
    options = {"MatMulConstBOnly": True}
    quantize_dynamic(
        str(ready), str(rounded), weight_type=QuantType.QInt8, per_channel=True, reduce_range=True,
        extra_options=options,
    )  # fmt: skip
    target.write_bytes(gzip.compress(rounded.read_bytes(), mtime=0))


def export(source: Path, target: Path) -> None:
    saved = torch.load(source, map_location="cpu")
    tagger = Tagger(**saved["config"])
    tagger.load_state_dict(saved["state"])
    model = Outputs(tagger.eval()).eval()
    axes = {"pieces": {0: "batch", 1: "length"}, **{n: {0: "batch", 1: "length"} for n in model.names}}
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        torch.onnx.export(
            model, (torch.randint(5, 1000, (2, 16)),), plain, input_names=["pieces"], output_names=model.names,
            dynamic_axes=axes, opset_version=17, dynamo=False,
        )  # fmt: skip
        quantise(plain, target)


if __name__ == "__main__":
    export(Path(sys.argv[1]), Path(sys.argv[2]))
