"""What the shipped models have in common: a described folder, files of known size, one thread of ONNX Runtime."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory

import numpy as np

from pipeline.errors import KhabarError
from pipeline.resources import model


def mend(option: str) -> str:
    """What to do about a model that cannot be used; `option` is the setting that leaves it out."""
    return f"reinstall khabar and its models together, or set {option} in the configuration"


def described(folder: str, version: int, option: str) -> dict:
    """What a model's `meta.json` says of it.

    Parameters
    ----------
    folder : the model's folder in `models/`.
    version : the format that the code reads.

    Raises
    ------
    KhabarError : there is no such model, or it was made for other code.
    """
    try:
        found = json.loads(model(f"{folder}/meta.json").read_text(encoding="utf-8"))
        made = found["format"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        kind = type(error).__name__
        raise KhabarError(f"there is no {folder} that can be read ({kind}: {error}); {mend(option)}") from None
    if made != version:
        raise KhabarError(f"models/{folder} has format {made}, this code reads {version}; {mend(option)}")
    return found


def checked(folder: str, part: dict, option: str) -> None:
    """Raise KhabarError where a described file is missing or cut off; `khabar doctor` compares hashes too."""
    path = model(f"{folder}/{part['file']}")
    if not path.is_file():
        raise KhabarError(f"{path} is missing; {mend(option)}")
    size = path.stat().st_size
    if size != part.get("bytes", size):
        raise KhabarError(f"{path} has {size:,} bytes of {part['bytes']:,}; {mend(option)}")


def session(path, option: str):
    """An ONNX Runtime session of one thread, of a file that is compressed with gzip: int8 weights shrink by a quarter.

    Raises
    ------
    KhabarError : the file is damaged.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        # joined with the addition before it, a normalisation takes seven times as long (ONNX Runtime 1.22 to 1.32)
        off = ["SkipLayerNormFusion"]
        with TemporaryDirectory() as folder, gzip.open(path) as content:
            plain = Path(folder) / "model.onnx"  # of bytes in memory it would keep 30 MB more
            with open(plain, "wb") as file:
                copyfileobj(content, file, 1 << 20)
            return onnxruntime.InferenceSession(str(plain), options, ["CPUExecutionProvider"], disabled_optimizers=off)
    except Exception as error:  # the library has no exception of its own that tells damage
        raise KhabarError(f"the model {path} cannot be loaded ({error}); {mend(option)}") from error


def log_softmax(rows: np.ndarray) -> np.ndarray:
    """Log-probabilities along the last axis."""
    rows = rows - rows.max(-1, keepdims=True)
    return rows - np.log(np.exp(rows).sum(-1, keepdims=True))
