"""Is a text Arabic? Languages in Arabic script are told apart by frequent words and by their own letters.

A text is turned down on clear evidence only: few letters, names in Latin script or a quotation in Persian do not count.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from functools import cache

from pipeline.errors import DocumentError
from pipeline.language.fold import fold
from pipeline.language.pattern import ARABIC_WORD
from pipeline.resources import lexicon

_SAMPLE = 1500  # characters looked at, from the start and from the middle
_MIN_LETTERS = 40  # fewer letters are no evidence of a script
_MIN_ALONE = 12  # unless there is none of the Arabic script
_MIN_WORDS = 8  # nor are fewer words of a language
_FOREIGN = re.compile(r"[^\W\d_\u0600-\u06FF\u0750-\u077F\u08A0-\u08FF\uFB50-\uFDFF\uFE70-\uFEFF]+")
_TEH_MARBUTA = "\u0629"
_ARTICLE = "\u0627\u0644"
_ENDONYM = {"GREEK": "el", "HEBREW": "he", "HANGUL": "ko", "HIRAGANA": "ja", "KATAKANA": "ja", "THAI": "th"}


@cache
def _marks() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Folded word to the languages in which it is frequent, letter to the languages that use it."""
    words: dict[str, list[str]] = defaultdict(list)
    letters: dict[str, list[str]] = defaultdict(list)
    for row in lexicon("language/languages.tsv"):
        if row["kind"] == "words":
            for word in {fold(item) for item in row["items"].split()}:
                words[word].append(row["lang"])
        else:
            for letter in row["items"]:
                letters[letter].append(row["lang"])
    return dict(words), dict(letters)


def detect(text: str) -> tuple[str, float]:
    """The language of a text and how sure that is.

    Returns
    -------
    lang : ISO 639 code; `und` where the script is known but not the language; `ar` where there is too little to tell.
    confidence : 0 to 1; below 0.5 there was too little to tell.
    """
    lang, confidence, _ = _detect(text)
    return lang, confidence


def check(text: str) -> str:
    """The language of a text that can be annotated; raises DocumentError K301 for any other."""
    lang, confidence, detail = _detect(text)
    if lang != "ar" and confidence >= 0.5:
        raise DocumentError("K301", detail)
    return "ar"


def _detect(text: str) -> tuple[str, float, str]:
    middle = max(len(text) // 2, _SAMPLE)
    sample = text[:_SAMPLE] + " " + text[middle : middle + _SAMPLE]
    words = ARABIC_WORD.findall(sample)
    arabic = sum(map(len, words))
    foreign = _FOREIGN.findall(sample)
    others = sum(map(len, foreign))
    if others >= (_MIN_LETTERS if arabic else _MIN_ALONE) and arabic < 0.1 * (arabic + others):
        script, share = _script(foreign)
        return _ENDONYM.get(script, "und"), share, f"its letters are {script.capitalize()}"
    if len(words) < _MIN_WORDS:
        return "ar", 0.4 if words else 0.0, ""
    hits = _hits(words)
    lang, most = max(hits.items(), key=lambda item: item[1])
    against = hits["ar"] if lang != "ar" else max(n for code, n in hits.items() if code != "ar")
    confidence = most / (most + against) if most else 0.0
    if lang == "ar":
        return lang, confidence, ""
    if most < 0.2 * len(words) or most < 2 * against:
        return "ar", 0.4, ""
    return lang, confidence, f"it looks like the language {lang}, {most} of {len(words)} words against {against}"


def _hits(words: list[str]) -> Counter[str]:
    """For each language, how many words are typical of it."""
    common, letters = _marks()
    own = letters.keys()
    hits: Counter[str] = Counter({"ar": 0, "": 0})
    for word in words:
        norm = fold(word)
        langs = set(common.get(norm, ()))
        if _TEH_MARBUTA in word or (norm.startswith(_ARTICLE) and len(norm) > 4):
            langs.add("ar")
        for letter in own & set(word):
            langs.update(letters[letter])
        hits.update(langs)
    return hits


def _script(words: list[str]) -> tuple[str, float]:
    """The commonest script of the letters, by Unicode name, and its share."""
    scripts = Counter(unicodedata.name(char, "UNKNOWN").split()[0] for word in words for char in word)
    script, count = scripts.most_common(1)[0]
    return script, count / scripts.total()
