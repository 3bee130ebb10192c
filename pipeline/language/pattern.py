"""The expression that tiles a text into tokens; its rules are told in `tokenizer.py`. Imports nothing heavy."""

from __future__ import annotations

import re

_D = r"0-9\u0660-\u0669\u06F0-\u06F9\uFF10-\uFF19"
# Marks and invisible characters that may stand inside a word or a number without ending it.
_IN = (
    r"\u0300-\u036F\u0610-\u061A\u061C\u064B-\u065F\u0670\u06D6-\u06DC\u06DF-\u06E8\u06EA-\u06ED\u08D3-\u08FF\u0640"
    r"\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFE00-\uFE0F\uFE20-\uFE2F\uFEFF"
)
_LETTER = (
    r"\u0620-\u063F\u0641-\u064A\u066E\u066F\u0671-\u06D3\u06D5\u06E5\u06E6\u06EE\u06EF\u06FA-\u06FC\u06FF"
    r"\u0750-\u077F\u08A0-\u08C9\uFB50-\uFBB1\uFBD3-\uFD3D\uFD50-\uFDFD\uFE70-\uFEFC"
)
_LATIN = r"A-Za-z\u00AA\u00BA\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u024F\u1E00-\u1EFF"
_SEPARATOR = r".,/:'\-\u066B\u066C\u060C\u2019"
_URL = r"[^\s<>\"«»“”،؛\u0000-\u001F]"

TOKEN = re.compile(
    rf"""
      [{_LETTER}][{_LETTER}{_IN}]*+
    | \s++
    | [{_D}]++(?:[{_IN}]*+(?:[{_SEPARATOR}][{_IN}]*+)?+[{_D}])*+
    | (?:https?://|ftp://|www\.){_URL}{{1,4096}}(?<![.,!?)\]:;'؟…])
    | [A-Za-z0-9_.+%-]{{1,64}}+@[A-Za-z0-9-]{{1,64}}+(?:\.[A-Za-z0-9-]{{1,64}}+){{1,8}}+
    | (?:[A-Za-z]\.){{2,16}}+(?![{_LATIN}{_D}])
    | [{_LATIN}][{_LATIN}0-9{_IN}]*+(?:[&.'’\-][{_LATIN}0-9]++)*+(?:\+\+?(?!\w))?
    | [@\#](?:[^\W_]|[_{_IN}])++
    | \.\.++
    | [{_IN}]++
    | [^\W_](?:[^\W_{_D}{_LETTER}{_LATIN}]|[{_IN}])*+
    | .
    """,
    re.X | re.S,
)
ARABIC_WORD = re.compile(rf"[{_LETTER}][{_LETTER}{_IN}]*")
