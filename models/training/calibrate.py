"""Learn what a profile's scores are worth, and write it into its meta: score -> share of entities that are right.

    python models/training/calibrate.py models/tagger news.khabar.conll

The file is a development split (`corpora.py`). The table is fitted on every other document (isotonic regression) and
the expected calibration error is measured on the rest, before and after.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from pipeline.entities.tagger import Tagger
from pipeline.evaluation.tagger import calibration, count, read

SMALLEST = 20  # entities a step of the table


def isotonic(pairs: list[tuple[float, bool]]) -> list[tuple[float, float]]:
    """Points (score, share right), rising in both; pool adjacent violators."""
    blocks: list[list[float]] = []  # count, sum of scores, number right
    for score, right in sorted(pairs):
        blocks.append([1, score, right])
        while len(blocks) > 1 and (
            blocks[-2][0] < SMALLEST or blocks[-2][2] / blocks[-2][0] >= blocks[-1][2] / blocks[-1][0]
        ):
            last = blocks.pop()
            blocks[-1] = [a + b for a, b in zip(blocks[-1], last, strict=True)]
    return [(round(s / n, 4), round(r / n, 4)) for n, s, r in blocks]


def main(folder: Path, gold: Path) -> None:
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    documents = list(read(gold.read_text(encoding="utf-8").splitlines()))
    for name, profile in meta["profiles"].items():
        fit, rest = (count(part, Tagger(name), "khabar", {}).scores for part in (documents[::2], documents[1::2]))
        points = isotonic(fit)
        profile["calibration"] = points
        profile["calibration_error"] = {"raw": calibration(rest)[0]}
        tagger = Tagger.__new__(Tagger)
        tagger.profile = profile
        profile["calibration_error"]["calibrated"] = calibration([(tagger.worth(s), r) for s, r in rest])[0]
        profile["calibration_error"] = {k: round(v, 4) for k, v in profile["calibration_error"].items()}
        print(name, profile["calibration_error"], points)
    (folder / "meta.json").write_text(json.dumps(meta, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
