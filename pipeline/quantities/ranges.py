"""Two amounts that belong together: ranges, from-to pairs that share a unit, subunits, halves behind the unit."""

from __future__ import annotations

from dataclasses import replace

from pipeline.quantities import units
from pipeline.quantities.amounts import Amount, Sentence, cue
from pipeline.quantities.amounts import _product as product
from pipeline.quantities.numeral import Numeral

WAW = "\u0648"
_FILE = "range_words"
_LOOK_BACK = 15
YEARS = 1800  # from here on two numbers may be years
SMALL = 130  # two bare numbers under this joined by a dash are a score


def join(sentence: Sentence, a: Amount, m: Numeral, done: int) -> tuple[list[Amount], Amount | None]:
    """Try to join amount `a` with the next numeral `m`.

    Returns the amounts to emit, and the one to go on with (None: `m` is not taken). Nothing before `done` is used.
    """
    norms = sentence.norms
    if a.min is not None or a.value is None or m.value is None and m.kind != "pair":
        return [a], None
    gap = norms[a.j : m.i] if m.i - a.j <= 5 else None
    if gap is None or m.kind == "pair":
        return [a], None
    by_waw = (not gap and m.conj) or gap == [WAW]
    before = norms[a.lead - 1] if a.lead > max(sentence.i, done) else ""
    if by_waw:
        tail = _half(sentence, a, m)
        if tail:
            return [], tail
    b = None
    if len(gap) == 1 and not m.conj:
        word = gap[0]
        if word in cue("dash", _FILE):
            b = sentence.amount(_unsigned(sentence, a, m), m.i)
            if _fits(a, b):
                if b.unit is None and a.unit is None and b.value < SMALL and a.bound == "exact" and sentence.score:
                    return [], _spent(b)
                return [], _range(a, b)
            return ([], _spent(b)) if a.unit is None and b.unit is None else ([a], None)
        if word in cue("to", _FILE):
            b = sentence.amount(m, m.i)
            moved = before in cue("from", _FILE) and _moves(sentence, a.lead)
            alike = (
                a.unit is None or before in cue("between", _FILE) or (a.unit == b.unit and word in cue("until", _FILE))
            )
            if before in cue("between", _FILE) and _fits(b, a):
                return [], _range(b, a, a, b)
            if _fits(a, b) and not moved and alike:
                return [], _range(a, b)
            if before in cue("from", _FILE):
                _borrow(a, b)
            return [a], b
        if word in cue("or", _FILE) and a.unit is None and _either(a, m):
            b = sentence.amount(m, m.i)
            return [], _range(a, b)
    if by_waw:
        if before in cue("between", _FILE) or _spread(sentence, a, before):
            b = sentence.amount(m, m.i)
            if _fits(a, b):
                return [], _range(a, b)
            return [a], None
        if a.dimension == "money":
            b = sentence.amount(m, m.i)
            joined = _subunit(a, b)
            if joined:
                return [], joined
        if a.unit is None and a.dimension == "number" and a.i == a.j - 1 and norms[a.i][0].isdecimal():
            b = sentence.amount(m, m.i)
            alike = b.value is not None and a.value < b.value or isinstance(a.value, float) and b.dimension == "percent"
            if b.dimension in ("duration", "measure", "money", "percent") and alike:
                _borrow(a, b)  # `عمرهما 20 و26 سنة`: the unit is said once
                return [a], b
        return [a], None
    if a.bound in ("min", "max") and gap and gap[0][0] == WAW:
        b = sentence.amount(m, a.j)
        if (
            b.lead == a.j + (gap[0] == WAW)
            and {a.bound, b.bound} == {"min", "max"}
            and (a.unit is None or b.unit in (a.unit, None))
        ):
            low, high = (a, b) if a.bound == "min" else (b, a)
            if None not in (low.value, high.value) and low.value <= high.value:
                out = _range(a, b)
                out.min, out.max, out.bound = low.value, high.value, "exact"
                return [], out
    return [a], None


def _unsigned(sentence: Sentence, a: Amount, m: Numeral) -> Numeral:
    """`45%-50%`: a dash right behind the unit of the first number is no sign of the second."""
    starts, ends = sentence.tokens.starts, sentence.tokens.ends
    glued = a.unit is not None and m.value is not None and m.value < 0 and ends[a.j - 1] == starts[a.j]
    return replace(m, value=-m.value, start=starts[m.i]) if glued else m


def _either(a: Amount, m: Numeral) -> bool:
    """`6 or 7`, `3 or 4 millions`, `600 or 800 thousand`: neighbours, or round numbers of one size, are a range."""
    if a.scale not in (1, m.scale):
        return False
    low, high = a.value / a.scale, m.value / m.scale
    if high == low + 1:
        return True
    return low >= 10 and a.value < YEARS and a.value % 5 == m.value % 5 == 0 and low < high <= 2 * low


def _spread(sentence: Sentence, a: Amount, before: str) -> bool:
    """`بين ما X وY`, or the between-word one token further back."""
    k = a.lead - 2
    return bool(before) and k >= sentence.i and sentence.norms[k] in cue("between", _FILE) and before in cue("article")


def _fits(a: Amount, b: Amount) -> bool:
    """Whether a to b can be a range: rising, and of one unit."""
    if a.value is None or b.value is None or (a.unit is not None and b.unit is not None and a.unit != b.unit):
        return False
    if a.unit is not None and b.unit is None:
        return a.value < b.value
    if (a.dimension == "ordinal") != (b.dimension == "ordinal"):
        return False
    if a.scale == 1 and b.scale > 1 and a.unit is None and a.value >= b.value / b.scale:
        return False
    low = a.value * b.scale if a.scale == 1 and b.scale > 1 and a.value < b.value / b.scale else a.value
    return low < b.value


def _borrow(a: Amount, b: Amount) -> None:
    """Give the first number the scale word and the unit that are said once, behind the second."""
    if a.unit is not None:
        return
    if a.scale == 1 and b.scale > 1 and a.value < b.scale and a.dimension == "number":
        a.value, a.scale = product(a.value, b.scale), b.scale
        a.evidence = a.evidence or "scale word of the second number"
    if b.unit is not None:
        if b.source is not None and b.source.factor != 1:
            a.value = product(a.value, b.source.factor)
        a.unit, a.dimension, a.source = b.unit, b.dimension, b.source


def _range(a: Amount, b: Amount, first: Amount | None = None, last: Amount | None = None) -> Amount:
    """The range from `a` to `b`; `first` and `last` as they stand in the text, where that runs the other way."""
    _borrow(a, b)
    if first is not None and last is not None:
        out = _range(a, b)
        out.i, out.start, out.lead, out.lead_cut = first.i, first.start, first.lead, first.lead_cut
        out.j, out.end, out.tail = last.j, last.end, last.tail
        return out
    bound = a.bound if a.bound == "approx" else b.bound if b.bound == "approx" else "exact"
    return Amount(
        a.i, b.j, a.start, b.end, None, b.unit or a.unit, b.dimension if b.unit else a.dimension, bound,
        a.lead, a.lead_cut, b.tail, a.value, b.value, b.scale, a.evidence or b.evidence, b.source or a.source,
    )  # fmt: skip


def _spent(b: Amount) -> Amount:
    """An amount that is consumed but says nothing: the second half of a score."""
    b.value = None
    return b


def _moves(sentence: Sentence, k: int) -> bool:
    """Whether a word of rising or falling stands in the clause before token `k`."""
    change = cue("change", _FILE)
    return any(norm in change for norm in sentence.norms[max(sentence.i, k - _LOOK_BACK) : k])


def _half(sentence: Sentence, a: Amount, m: Numeral) -> Amount | None:
    """`مليار دولار ونصف المليار`, `3 كيلومترات ونصف`: a fraction said behind the unit."""
    if a.unit is None or a.unit in ("%", "pp", "bp") or m.value is None:
        return None
    if m.kind == "fraction" and m.value < 1 and m.form == "words":
        extra = m.value * a.scale
    elif m.scale == a.scale > 1 and m.value < m.scale:
        extra = m.value
    else:
        return None
    a.value = product(a.value + extra * (a.source.factor if a.source else 1), 1)
    a.j, a.end = m.j, sentence.tokens.ends[m.j - 1]
    return a


def _subunit(a: Amount, b: Amount) -> Amount | None:
    """`20 دولارا و43 سنتا`: the part in subunits is added in the main unit."""
    if b.dimension != "money" or b.source is None or b.source.factor >= 1 or a.source is None or a.source.factor != 1:
        return None
    value, iso = b.value, b.unit
    options = units._countries().get(b.source.key, {})
    for code, factor in options.values():
        if code == a.unit and factor:
            value, iso = product(b.value / b.source.factor, factor), code
    a.value, a.unit = product(a.value + value, 1), iso
    a.j, a.end = b.j, b.end
    return a
