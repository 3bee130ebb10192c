"""Score the analysis of proclitics on a CoNLL-U treebank that cuts them off, such as UD Arabic PUD.

python -m pipeline.evaluation.clitics ar_pud-ud-test.conllu [--half 0|1] [--errors]

A word is what stands between blanks and punctuation; its gold proclitics are its leading one-letter function words. The
constants in `pipeline.language.clitics` were fitted on the sentences of even number (half 0); half 1 is held out.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from pipeline.language.clitics import split
from pipeline.language.fold import fold

_LETTERS = "\u0648\u0641\u0628\u0644\u0643\u0633"
_FUNCTION = {"ADP", "CCONJ", "SCONJ", "PART", "AUX", "ADV", "DET"}
_NO_WORD = {"PUNCT", "SYM", "NUM"}


def words(path: str, half: int | None = None) -> Iterator[tuple[str, str]]:
    """(folded word, its gold proclitics) for each word of two letters or more."""
    blocks = Path(path).read_text(encoding="utf-8").strip().split("\n\n")
    for number, block in enumerate(blocks):
        if half is not None and number % 2 != half:
            continue
        pieces: list[tuple[str, str]] = []
        for line in [*block.splitlines(), ""]:
            if line.startswith("#"):
                continue
            cells = line.split("\t")
            ends = not line or cells[3] in _NO_WORD
            if not ends and cells[0].isdigit():
                pieces.append((fold(cells[1]), cells[3]))
                ends = "SpaceAfter=No" not in cells[9]
            if ends and pieces:
                word = "".join(form for form, _ in pieces)
                if len(word) > 1:
                    yield word, _proclitics(pieces)
                pieces = []


def _proclitics(pieces: list[tuple[str, str]]) -> str:
    found = ""
    for form, tag in pieces[:-1]:
        if form not in _LETTERS or tag not in _FUNCTION:
            break
        found += form
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("path")
    parser.add_argument("--half", type=int, choices=(0, 1))
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    rows = [(word, gold, split(word)[0]) for word, gold in words(options.path, options.half)]
    right = sum(gold == ours for _, gold, ours in rows)
    print(f"all words: {right / len(rows):.4f} of {len(rows)}")
    for letter in _LETTERS:
        begin = [gold == ours for word, gold, ours in rows if word[0] == letter]
        both = sum(letter in gold and letter in ours for _, gold, ours in rows)
        cut = sum(letter in ours for _, _, ours in rows)
        true = sum(letter in gold for _, gold, _ in rows)
        accuracy, precision, recall = sum(begin) / (len(begin) or 1), both / (cut or 1), both / (true or 1)
        print(f"{letter}: accuracy {accuracy:.4f} of {len(begin)}, cut P {precision:.3f} R {recall:.3f} of {true}")
    if options.errors:
        for (word, gold, ours), n in Counter(row for row in rows if row[1] != row[2]).most_common():
            print(n, word, "gold", gold or "-", "ours", ours or "-", sep="\t")


if __name__ == "__main__":
    main()
