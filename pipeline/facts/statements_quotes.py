"""Which tokens stand in quotation marks: pairs of marks over sentence bounds, within a paragraph."""

from __future__ import annotations

from pipeline.layers import Tokens

_OPEN = {"\u00ab": "\u00bb", "\u201c": "\u201d", "\u201e": "\u201d"}
_CLOSE = set(_OPEN.values())
_EITHER = {'"', "\u201c", "\u201d", "\u201f"}
MARKS = frozenset({*_OPEN, *_CLOSE, *_EITHER})
_MAX_TOKENS = 600  # a longer stretch is a mark that was never closed


class Quotes:
    """`close[k]` for the token index `k` of an opening mark: the index of its closing mark.

    `open[k]` the other way round. Straight marks open after a space and before a letter, and close the other way; where both
    or neither hold, they alternate. Marks left open at the end of a paragraph are dropped.
    """

    def __init__(self, tokens: Tokens):
        self.close: dict[int, int] = {}
        self.open: dict[int, int] = {}
        text, stack = tokens.text, []
        last_end = 0
        for k, norm in enumerate(tokens.norms):
            start = tokens.starts[k]
            if stack and "\n" in text[last_end:start]:
                stack.clear()
            last_end = tokens.ends[k]
            if norm not in MARKS:
                continue
            if self._opens(text, start, tokens.ends[k], norm, bool(stack)):
                stack.append(k)
            elif stack:
                first = stack.pop()
                if k - first <= _MAX_TOKENS:
                    self.close[first] = k
                    self.open[k] = first

    @staticmethod
    def _opens(text: str, start: int, end: int, mark: str, inside: bool) -> bool:
        if mark == "\u00ab":
            return True
        if mark == "\u00bb":
            return False
        before = start == 0 or not text[start - 1].isalnum() and text[start - 1] not in ".!?\u061f\u060c"
        after = end < len(text) and (text[end].isalnum() or text[end] in MARKS)
        space = start == 0 or text[start - 1].isspace()
        if mark == "\u201c" and after:
            return True
        if after and before and not (inside and not space):
            return True
        if not after and not space:
            return False
        if after and not before:
            return not inside
        return not inside

    def spans(self) -> list[tuple[int, int]]:
        """(opening, closing) token indexes, in order."""
        return sorted(self.close.items())
