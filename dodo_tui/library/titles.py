"""Titles in a form in which they can be compared, whoever wrote them."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

from dodo_tui.domain.text import MAX_TITLE_CHARACTERS

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
"""Letters that are one sign, not a letter with an accent, yet are typed without it."""

_ARTICLES = "the|a|an|der|die|das|le|la|les|el|los|las|il|lo"
_TRAILING_ARTICLE = re.compile(rf"^(.+),\s+({_ARTICLES})$")
_LEADING_ARTICLE = re.compile(r"^(?:the|a|an) (?=\S)")
_APOSTROPHES = re.compile(r"['\u2019\u02bc`\u00b4]")
_INITIALS = re.compile(r"\b[^\W\d_](?: [^\W\d_]\b)+")
_ROMAN = {
    tens + ones: str(10 * ten + one)
    for ten, tens in enumerate(("", "x"))
    for one, ones in enumerate(("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"))
    if tens + ones not in ("", "i")
}
_COUNTED = frozenset({"part", "vol", "volume", "chapter", "episode", "book"})
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBER_AFTER_COUNTED = {
    "i": "1",
    **_ROMAN,
    **{word: str(number) for number, word in enumerate(_WORDS, start=1)},
}


def normalise(title: str) -> str:
    """The title without what people leave out or spell differently.

    Case, accents, punctuation, apostrophes, `&` for `and`, initials (`S.W.A.T.`), a trailing
    article (`Matrix, The`), roman numerals from II on and counted words (`Part Two`) are made
    alike. A single `V` or `X` stays a letter unless it is counted (`Malcolm X`, `Part V`), and
    articles stay: "The Boys" is not "Boys". Normalising twice changes nothing.
    """
    text = _bare(title)
    moved = _TRAILING_ARTICLE.match(text.strip())
    if moved:
        text = f"{moved[2]} {moved[1]}"
    text = text.replace("&", " and ").replace("+", " and ")
    text = _APOSTROPHES.sub("", text)
    words = "".join(c if c.isalnum() else " " for c in text).split()
    if not words:
        return " ".join(_bare(title).split())
    joined = _INITIALS.sub(lambda m: m[0].replace(" ", ""), " ".join(words))
    return " ".join(_numbers_as_digits(joined.split()))


def _bare(text: str) -> str:
    """Lower case, without accents."""
    for _ in range(2):  # case folding can bring new accents forth (İ), which then go as well
        split = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in split if not unicodedata.combining(c)).casefold()
    return text.translate(_LETTERS)


def _numbers_as_digits(words: list[str]) -> list[str]:
    """The words with their numerals as digits, where they are surely numerals."""
    spelled = []
    for position, word in enumerate(words):
        if position and words[position - 1] in _COUNTED:
            spelled.append(_NUMBER_AFTER_COUNTED.get(word, word))
        elif position and len(word) > 1:
            spelled.append(_ROMAN.get(word, word))
        else:
            spelled.append(word)
    return spelled


def same_title(one: str, other: str) -> bool:
    """Whether two titles are the same, spelling apart (`Spider-Man`, `Spiderman`)."""
    a, b = normalise(one), normalise(other)
    return bool(a) and a.replace(" ", "") == b.replace(" ", "")


def same_but_article(one: str, other: str) -> bool:
    """Whether two titles differ at most in a leading article, and say more than one word."""
    a, b = (_LEADING_ARTICLE.sub("", normalise(title)) for title in (one, other))
    return a == b and " " in a


def similarity(one: str, other: str) -> float:
    """How alike two titles are, from 0 to 1, the same in both directions."""
    if same_title(one, other):
        return 1.0
    a, b = sorted(normalise(title)[:MAX_TITLE_CHARACTERS] for title in (one, other))
    if not a or not b:
        return 0.0
    shorter, longer = sorted((set(a.split()), set(b.split())), key=len)
    contained = 0.8 if shorter <= longer else 0.0
    return min(0.99, max(contained, SequenceMatcher(None, a, b, autojunk=False).ratio()))
