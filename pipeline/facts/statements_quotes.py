"""Which tokens stand in quotation marks: pairs of marks over sentence bounds and, if they are near, over lines."""

from __future__ import annotations

from pipeline.facts.statements_lexicon import verbs, words
from pipeline.layers import Tokens

_OPEN = {"\u00ab": "\u00bb", "\u201c": "\u201d", "\u201e": "\u201d"}
_CLOSE = set(_OPEN.values())
_EITHER = {'"', "\u201c", "\u201d", "\u201f", "\u2033"}
MARKS = frozenset({*_OPEN, *_CLOSE, *_EITHER})
_MAX_LINES = 120  # tokens of a quotation over line breaks
_MAX_TOKENS = 600  # a longer stretch is a mark that was never closed


class Quotes:
    """Pairs of quotation marks, by token index.

    Straight marks open after a space and before a letter, and close the other way; where both or neither hold, they
    alternate. A mark left open at the end of a line is closed by the next one, unless that opens.

    Attributes
    ----------
    close, open : opening mark to its closing mark, and back.
    outer : for each token strictly inside a quotation the opening mark of the outermost one, else -1.
    """

    def __init__(self, tokens: Tokens):
        self.close: dict[int, int] = {}
        self.open: dict[int, int] = {}
        self.outer = [-1] * len(tokens)
        text, stack = tokens.text, []
        lines, last_end = 0, 0  # line breaks since a mark was left open
        loose: int | None = None  # a closing mark with none open that stands where a quotation begins
        for k, norm in enumerate(tokens.norms):
            start = tokens.starts[k]
            if "\n" in text[last_end:start]:
                lines, loose = lines + 1, None
                del stack[1:]
            last_end = tokens.ends[k]
            if norm not in MARKS:
                continue
            if _opens(text, start, tokens.ends[k], norm, bool(stack)):
                if stack and lines:
                    stack.clear()  # the mark on a line before was never closed
                if not stack:
                    lines = 0
                stack.append(k)
            elif stack:
                first = stack.pop()
                if k - first <= (_MAX_LINES if lines else _MAX_TOKENS):
                    self.close[first] = k
                    self.open[k] = first
            elif loose is not None:
                self.close[loose] = k
                self.open[k], loose = loose, None
            elif k and (tokens.norms[k - 1] in words("manner") or tokens.norms[k - 1] in verbs()):
                loose = k
        last = -1
        for first, stop in sorted(self.close.items()):
            if first > last:
                self.outer[first + 1 : stop] = [first] * (stop - first - 1)
                last = stop


def _opens(text: str, start: int, end: int, mark: str, inside: bool) -> bool:
    if mark in "\u00ab\u00bb":
        return mark == "\u00ab"
    if mark == "\u2033" and inside:
        return False
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    leads = after.isalnum() or after in MARKS  # something follows without a space
    if before.isspace() or before in "(:":
        return leads or after.isspace() and (not inside or before == ":")
    if not leads:
        return mark == "\u201c" and not inside and not (before.isalnum() or before in ".!?\u061f\u060c")
    # a letter or a mark on both sides
    return not inside
