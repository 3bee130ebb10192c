"""Score the sentence splitter: sentences joined by blanks, ten at a time, must come apart at the same places.

python -m pipeline.evaluation.sentences FILE [--errors]

FILE has one sentence a line, or is CoNLL-U with `# text = ` lines.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from pipeline.language.sentences import split
from pipeline.layers import layers

_TEXT = "# text = "
_JOINED = 10


def sentences(path: str) -> list[str]:
    """The sentences of a file, one a line."""
    lines = [line.strip() for line in Path(path).read_text(encoding="utf-8").splitlines()]
    marked = [line.removeprefix(_TEXT) for line in lines if line.startswith(_TEXT)]
    return marked or [line for line in lines if line]


def boundaries(found: list[str], tokenizer) -> Iterator[tuple[str, set[int], set[int]]]:
    """(joined text, where its sentences end, where the splitter ends them), the text's own end left out."""
    for first in range(0, len(found), _JOINED):
        group = found[first : first + _JOINED]
        text, gold = " ".join(group), set()
        for number in range(1, len(group)):
            gold.add(len(" ".join(group[:number])))
        ours = {sentence.end for sentence in split(layers(tokenizer(text)).tokens)}
        yield text, gold, {end for end in ours if end < len(text)}


def main() -> None:
    import spacy

    from pipeline.language.tokenizer import Tokenizer

    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("path")
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    right = wrong = missed = 0
    for text, gold, ours in boundaries(sentences(options.path), Tokenizer(spacy.blank("ar").vocab)):
        right, wrong, missed = right + len(gold & ours), wrong + len(ours - gold), missed + len(gold - ours)
        if options.errors:
            for end in sorted(gold ^ ours):
                print(
                    "missed" if end in gold else "wrong", text[max(0, end - 40) : end], text[end : end + 25], sep="\t"
                )
    precision, recall = right / ((right + wrong) or 1), right / ((right + missed) or 1)
    print(f"boundaries: precision {precision:.4f}, recall {recall:.4f} of {right + missed}")


if __name__ == "__main__":
    main()
