"""The noun phrase of a speaker: where it ends, and whom it names."""

from __future__ import annotations

from pipeline.facts.anaphora import Anaphora, common_nouns
from pipeline.facts.statements_lexicon import (
    AL,
    CONJUNCTIONS,
    content_nouns,
    head_kind,
    is_plural,
    phrases,
    sources,
    starts,
    strip,
    verbs,
    words,
)
from pipeline.facts.statements_quotes import MARKS, Quotes
from pipeline.language.clitics import frequencies, split
from pipeline.layers import Layers

COMMAS = frozenset(",\u060c")
ENDS = frozenset(".!?\u061f\u2026\u061b")
_LAM, _BEH = "\u0644", "\u0628"
_MEEM, _TEH, _ALEF = "\u0645", "\u062a", "\u0627"
_BY_NAME = "\u0628\u0627\u0633\u0645"  # "in the name of": part of a spokesman's title
_TANWIN, _THEY = "\u064b", "\u0648\u0627"  # the ending of an indefinite object; "they" of a perfect verb
_YEH, _NOON = "\u064a", "\u0646"
_FROM, _IN, _FOR = "\u0645\u0646", "\u0641\u064a", "\u0639\u0646"
_SEEN, _PREFIXES = "\u0633", ("\u064a", "\u062a")  # of the future; of the imperfect
_MANY, _SUBJECTS = _YEH + _NOON, "\u0648\u0646"  # endings of sound plurals, accusative and nominative
RARE = 20  # times that a verb's form is more frequent than the same letters with the article
_LONGEST = 40
_OFFICE = 14  # tokens of an office between commas
_NISBA = ("\u064a", "\u064a\u0647")  # endings of adjectives of relation


class Phrases:
    """Reads noun phrases of one document."""

    def __init__(self, layer: Layers, anaphora: Anaphora, quotes: Quotes):
        self.layer = layer
        self.norms = layer.tokens.norms
        self.anaphora = anaphora
        self.quotes = quotes
        self.times = {time.i: time.j for time in layer.times}

    def mention(self, k: int):
        pair = self.anaphora.at.get(k)
        return pair[0] if pair else None

    def time_end(self, k: int, end: int) -> int:
        """Behind the time expression that starts at token `k`; `k` where none does."""
        if k in self.times:
            return min(end, self.times[k])
        first = k
        while k < end and (self.norms[k] in words("day") or (k > first and self.norms[k].isdigit())):
            k += 1
        return k

    def wish_end(self, k: int, end: int) -> int:
        """Behind the wish that starts at token `k` ("peace be upon him"); `k` where none does."""
        if self.norms[k] not in words("wish") or k + 1 >= end or self.norms[k + 1] not in words("wished"):
            return k
        k += 1
        while k < end and self.norms[k] in words("wished"):
            k += 1
        return k

    def is_word(self, k: int) -> bool:
        return self.norms[k][0].isalpha() or self.norms[k][0] in "@#"

    def kind(self, k: int) -> str:
        """The kind of speaker that token `k` can head, the accusative ending taken off where need be."""
        word = self.norms[k]
        return head_kind(word) or (head_kind(word[:-1]) if word[-1] == _ALEF else "")

    def speech(self, k: int) -> bool:
        """Do words that only a speaker says start here with no conjunction: "we", "there is", a verb in "we"?"""
        word = self.norms[k]
        if word in words("speech"):
            return True
        if word[0] != _NOON or len(word) < 4 or k in self.anaphora.over or head_kind(word):
            return False
        return frequencies().get(_YEH + word[1:], 0) > 3 * frequencies().get(AL + word, 0)

    def finite(self, k: int) -> bool:
        """Do its letters make the word a verb of the future, the imperfect or the feminine perfect?"""
        word, counts = self.norms[k], frequencies()
        if (
            len(word) < 4
            or word.startswith(AL)
            or k in self.anaphora.over
            or k in self.times
            or head_kind(word)
            or masdar_like(word)
        ):
            return False
        if word[0] == _SEEN and word[1] in _PREFIXES:
            return counts.get(word[1:], 0) > RARE * (1 + counts.get(AL + word[1:], 0))
        feminine = word[-1] == _TEH and self.layer.tokens.raw(k)[-1] == _TEH
        if word[0] not in _PREFIXES and not feminine or any(word in words(c) for c in ("adjunct", "adverb", "pronoun")):
            return False
        return counts.get(word, 0) > RARE * (1 + counts.get(AL + word, 0))

    def is_subject(self, k: int) -> bool:
        """Can a speaker start at token `k`? A name, a head noun, or a definite noun."""
        word, mention = self.norms[k], self.mention(k)
        if mention:
            return mention.proclitic in ("", *CONJUNCTIONS)
        if word in content_nouns() or any(word in words(c) for c in ("adjunct", "relative", "that", "day", "aside")):
            return False
        if self.kind(k):
            return True
        return word.startswith(AL) and len(word) > 4 and not masdar_like(word)

    def speaks(self, p: int) -> bool:
        """Does a name, or a noun for somebody or something that speaks, begin at token p?"""
        mention = self.mention(p)
        if mention:
            return mention.label != "MISC"
        word = self.norms[p]
        rest = split(word)[1]
        definite = rest[:1] == word[:1]  # both letters lam: the article's alef is not written
        return bool(head_kind(word) or head_kind(rest) or definite and head_kind(AL + rest[1:]))

    def end(self, p: int, end: int, greedy: bool = False, governed: frozenset[str] = frozenset()) -> int:
        """Behind the noun phrase that starts at token `p`.

        greedy : nothing but a clause can follow it.
        governed : prepositions that the verb takes, so that the phrase does not.
        """
        norms = self.norms
        k, definite, person = p, False, False
        kind = self.kind(p)
        end = min(end, p + _LONGEST)
        while k < end:
            word, mention = norms[k], self.mention(k)
            if mention and k > p and word in content_nouns():
                break
            if mention and not (person and not mention.proclitic and mention.label == "PER"):
                if k > p and mention.proclitic and not self._joins(k, kind, mention.proclitic):
                    break
                person = mention.label == "PER"
                k, definite = mention.j, True
                continue
            if word in MARKS:
                close = self.quotes.close.get(k, 0)
                if k < close <= min(end, k + 7) and self._quoted_name(k, close, p):
                    k, definite = close + 1, True
                    continue
                break
            if word == "(":
                close = next((c for c in range(k, min(end, k + 8)) if norms[c] == ")"), 0)
                if not close:
                    break
                k = close + 1
                continue
            if k == p:
                definite = word.startswith(AL)
                k += 1
                continue
            if not self.is_word(k) or word in words("relative") or word in words("that"):
                break
            if self.wish_end(k, end) > k:
                break  # "the prophet, peace be upon him"
            if _TANWIN in self.layer.tokens.raw(k) or len(word) > 4 and word.endswith(_THEY):
                break  # "the player, smiling"; "protesters | who closed"
            if (
                word in sources()
                or self.time_end(k, end) > k
                or any(word in words(c) for c in ("manner", "negation", "pronoun", "adverb", "emphatic", "clause"))
            ):
                break
            if word == _BY_NAME:
                k, definite, person = k + 1, False, False
                continue
            if word in words("adjunct"):
                many = kind == "part" or kind == "person" and not norms[p].startswith(AL) and is_plural(norms[p])
                if word == _FROM and many and _FROM not in governed and k - p <= 2 and not person:
                    k, definite = k + 1, False
                    continue
                if word in (_IN, _FOR) and kind == "person" and not person and self._place(k + 1, end):
                    k, definite = k + 1, False
                    continue
                break
            form = verbs().get(word) or (verbs().get(word[1:]) if word[0] in CONJUNCTIONS else None)
            if form and ("weak" not in form.verb.flags or word[0] in CONJUNCTIONS) and not head_kind(word):
                break
            proclitic, rest = split(word)
            if proclitic:
                if proclitic in governed or not self._joins(
                    k, kind or ("body" if k - p > 1 else ""), proclitic, person
                ):
                    break
                k, definite, person = k + 1, rest.startswith(AL) or proclitic == _LAM and rest[:1] == _LAM, False
                continue
            if self.speech(k) or k > p + 1 and definite and self.finite(k):
                break
            if definite and not person and head_kind(word) == "part":
                break  # "those present | many of the solutions"
            if person and head_kind(word) == "person" and not word.startswith(AL):
                kind, person, definite, k = "person", False, False, k + 1  # "X, head of ...": a title behind the name
                continue
            if person and not greedy:
                break
            if word.startswith(AL):
                if definite and (word in content_nouns() or (masdar_like(word) and not greedy)):
                    break
                if (
                    definite
                    and k > p + 1
                    and head_kind(word) in ("person", "body")
                    and not word.endswith(_NISBA)
                    and not self._titled(k, end)
                ):
                    break  # "the minister of endowments | the institutions": another noun phrase
                if definite and not is_plural(norms[p]) and _many(word) and not norms[k - 1].endswith(_MANY):
                    break  # "the ministry (called on) | the citizens": no adjective of one thing
                if definite and k == p + 1 and norms[p].endswith(_SUBJECTS) and head_kind(word) == "body":
                    break  # "the unionists (asked) | the government"
                definite = True
            elif definite and not greedy:
                break
            k += 1
        return k

    def _titled(self, k: int, end: int) -> bool:
        """Do titles from token `k` on lead to a person's name ("the sheikh of al-Azhar | Dr. X")?"""
        for q in range(k, min(end, k + 3)):
            mention = self.mention(q + 1) if q + 1 < end else None
            if head_kind(self.norms[q]) != "person":
                return False
            if mention:
                return mention.label == "PER" and not mention.proclitic
        return False

    def _joins(self, k: int, kind: str, proclitic: str, person: bool = False) -> bool:
        """Does a word with a proclitic belong to the phrase ("secretary of the party", "Trade and Industry")?"""
        rest = split(self.norms[k])[1]
        if proclitic in CONJUNCTIONS:
            if verbs().get(rest):
                return False
            return rest.startswith(AL) or bool(head_kind(rest)) or bool(self.mention(k))
        if person or not kind:
            return False
        bare = strip(rest)
        if bare in words("medium") or rest in words("medium") or bare in words("event") or rest in words("event"):
            return False
        mention = self.mention(k)
        if proclitic == _LAM:
            if mention and (mention.label in ("PER", "MISC") or self.anaphora.at[k][1].subtype == "media"):
                return False
            around = self.anaphora.over.get(k - 1)  # "the minister of Victoria for health"
            return kind == "body" or self.norms[k - 1].startswith(AL) or bool(around and around[0].label == "LOC")
        return proclitic == _BEH and (rest.startswith(AL) or bool(mention) or bool(head_kind(rest)))

    def _place(self, k: int, end: int) -> bool:
        """Is the noun behind "in" the place of an office, not the occasion of speaking?"""
        if k >= end:
            return False
        word = self.norms[k]
        if word in words("event") or strip(word) in words("event") or self.time_end(k, end) > k:
            return False
        return bool(self.mention(k)) or head_kind(word) in ("body", "media") or word.startswith(AL)

    def apposition(self, k: int, end: int) -> int:
        """Behind a name set off by commas after a title (", Ziad al-Athari,"), `k` where there is none."""
        if k + 1 >= end or self.norms[k] not in COMMAS:
            return k
        p = k + 1
        stop = min(end, p + 6)
        while p < stop and not self.mention(p) and head_kind(self.norms[p]) == "person":
            p += 1
        mention = self.mention(p) if p < end else None
        if mention and mention.label == "PER" and not mention.proclitic:
            return mention.j
        return self._unknown_name(k, end)

    def office(self, k: int, end: int) -> int:
        """Behind what somebody is, set off by commas after the name (", director of the bureau,"), else `k`."""
        if k + 1 >= end or head_kind(self.norms[k + 1]) != "person" or self.norms[k + 1].startswith(AL):
            return k
        close = next((q for q in range(k + 2, min(end, k + _OFFICE)) if self.norms[q] in COMMAS), k)
        while close > k and close + 1 < end and self.norms[close + 1].startswith(AL):  # ", the one charged with ...,"
            more = next((q for q in range(close + 2, min(end, close + _OFFICE)) if self.norms[q] in COMMAS), 0)
            if not more:
                break
            close = more
        return close

    def _unknown_name(self, k: int, end: int) -> int:
        """Behind two to four plain words between commas: a name that no stage knows."""
        p = k + 1
        while p < min(end, k + 6) and self._plain(p):
            p += 1
        closed = p < end and (self.norms[p] in COMMAS or self.norms[p] in words("that") or self.norms[p] == ":")
        return p if closed and 2 <= p - k - 1 <= 4 and not self.norms[k + 1].startswith(AL) else k

    def _plain(self, p: int) -> bool:
        word = self.norms[p]
        if not word[0].isalpha() or word in verbs() or head_kind(word) or word in content_nouns():
            return False
        function = ("adjunct", "adverb", "that", "relative", "manner", "pronoun", "day", "clause", "opener", "emphatic")
        return not any(word in words(c) for c in function) and p not in self.times and not split(word)[0]

    def name(self, i: int, j: int):
        """(text, entity) of the speaker phrase: the person named in it, else the thing that it names."""
        for k in range(i, j):
            pair = self.anaphora.at.get(k)
            if not pair:
                continue
            mention, entity = pair
            if entity.label == "PER" and self._names(i, k, mention):
                return mention.text, entity
            if k == i and mention.j >= j:
                return mention.text, entity
            named = entity.label in ("ORG", "GROUP") and strip(self.norms[i]) in common_nouns()
            if named and (k == i + 1 or (k == i + 2 and self.norms[i + 1] in MARKS)):
                return self.raw(i, j), entity  # "the company X"
        comma = next((k for k in range(j - 2, i, -1) if self.norms[k] in COMMAS), None)
        if comma is not None and self._unknown_name(comma, min(j + 1, len(self.norms))) == j:
            i = comma + 1
        return self.raw(i, j), None

    def _names(self, i: int, k: int, mention) -> bool:
        """Is the person at token `k` the speaker, not the one whose spokesman or lawyer speaks?"""
        if k == i:
            return True
        if mention.proclitic and mention.proclitic not in CONJUNCTIONS:
            return False
        before = self.norms[i:k]
        if _BY_NAME in before:
            behind = i + before.index(_BY_NAME) + 1
            if behind == k or head_kind(self.norms[behind]) == "person":
                return False
        elif head_kind(before[0]) in ("body", "media", "document") and not any(w in COMMAS for w in before):
            return False  # a brigade or a foundation that bears the name
        last = before[-1]
        if last in COMMAS or last in MARKS or (k - 1) in self.anaphora.over or last.startswith(AL):
            return True
        return not head_kind(last)

    def _quoted_name(self, k: int, close: int, p: int) -> bool:
        """Is a short quotation inside a phrase a name (`the party "National Front"`), not what was said?"""
        if k == p or self.norms[k - 1] in COMMAS:
            return False
        if any(q in self.anaphora.over for q in range(k + 1, close)):
            return True
        return head_kind(self.norms[k - 1]) in ("body", "media") or not (
            self.norms[k - 1].startswith(AL) or (k - 1) in self.anaphora.over or head_kind(self.norms[k - 1])
        )

    def raw(self, i: int, j: int) -> str:
        """The raw words of a description, conjunction and closing punctuation off."""
        tokens = self.layer.tokens
        while j > i + 1 and not self.norms[j - 1][0].isalnum() and self.norms[j - 1] != ")":
            if self.quotes.open.get(j - 1, -1) >= i:
                break
            j -= 1
        start = tokens.starts[i]
        word = self.norms[i]
        if word[0] in CONJUNCTIONS and len(word) > 3 and not head_kind(strip(word)) and split(word)[0] == word[0]:
            start += 1
        return tokens.text[start : tokens.ends[j - 1]]

    def opener(self, k: int) -> int:
        """The first token of the openers ("also", "for his part") that stand right before token `k`."""
        norms, found = self.norms, True
        if k and norms[k - 1] in CONJUNCTIONS:
            k -= 1
        while found:
            step = 1 if k and norms[k - 1] in COMMAS else 0
            found = False
            for p in (k - step - 3, k - step - 2, k - step - 1):
                if p >= 0 and starts(norms, p, k - step, phrases("opener")) == k - step - p:
                    k, found = p, True
                    break
        return k


def _many(word: str) -> bool:
    """Does a definite word end like a sound plural of the accusative ("the citizens")?"""
    return word.startswith(AL) and len(word) > 7 and word.endswith(_MANY)


def masdar_like(word: str) -> bool:
    """Does a word look like a verbal noun of a derived stem (infi'al, ifti'al, istif'al, taf'il, tafa'ul, if'al)?"""
    stem = word[2:] if word.startswith(AL) else word
    n = len(stem)
    if n == 5 and stem[0] == _ALEF and stem[3] == _ALEF:
        return True
    if n == 6 and stem[0] == _ALEF and stem[4] == _ALEF and (stem[1] == "\u0646" or stem[2] == _TEH):
        return True
    if n == 7 and stem.startswith("\u0627\u0633\u062a") and stem[5] == _ALEF:
        return True
    return n == 5 and stem[0] == _TEH and (stem[3] == "\u064a" or stem[2] == _ALEF)
