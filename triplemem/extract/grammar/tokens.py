"""Words of a sentence: contractions taken apart, quotations and expressions of time each one token.

Every token knows where it stands in the message, so that a quote is a slice of it.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from triplemem.core import dates
from triplemem.extract.grammar.words import CHATTER

WORD, PUNCT, QUOTED, TIME = "w", "p", "q", "t"
MAX_TOKENS = 160
"""A sentence longer than this is not read beyond it."""


@dataclass(slots=True)
class Token:
    """One word or mark: as written, in lower case, where it stands, what it is."""

    text: str
    low: str
    start: int
    end: int
    kind: str
    when: dates.When | None = None

    @property
    def capital(self) -> bool:
        """Does it begin as a name does?"""
        return self.kind == WORD and (self.text[:1].isupper() or (self.text[:1].isdigit() and not self.text.isdigit()))


_TOKEN = re.compile(
    r"(?P<link>https?://[^\s<>\"]{1,500}+|www\.[^\s<>\"]{1,500}+|[\w.+%-]{1,64}+@[\w-]{1,63}+(?:\.[\w-]{1,63}+)++)"
    r"|(?P<decade>['’]\d0s|['’]\d\d(?![\w'’]))"
    r"|(?P<word>[^\W_][^\W_\u0300-\u036f]*+[\u0300-\u036f]*+(?:(?:['’ʼ&./+_-]|[\u0300-\u036f]++)(?=[^\W_])[^\W_]++)*+[+#]{0,2}+)"
    r"|(?P<clitic>['’](?=\s[a-z])|(?<=s)['’](?=\s[A-Z]))"
    r"|(?P<punct>\S)"
)
_CLITIC = re.compile(r"(.+?)(n't|'s|'re|'m|'ve|'ll|'d)\Z")
_EXPANDED = {"n't": "not", "'re": "are", "'m": "am", "'ve": "have", "'ll": "will"}
_STEMS = {"ca": "can", "wo": "will", "sha": "shall", "ai": "ain't"}
_INFORMAL = {
    "im": ("i", "am", 1), "ive": ("i", "have", 1), "dont": ("do", "not", 2), "doesnt": ("does", "not", 4),
    "didnt": ("did", "not", 3), "isnt": ("is", "not", 2), "wasnt": ("was", "not", 3), "arent": ("are", "not", 3),
    "cant": ("can", "not", 3), "wont": ("will", "not", 2), "cannot": ("can", "not", 3), "havent": ("have", "not", 4),
    "hasnt": ("has", "not", 3), "hes": ("he", "is", 2), "shes": ("she", "is", 3), "thats": ("that", "'s", 4),
    "theyre": ("they", "are", 4), "youre": ("you", "are", 3), "weve": ("we", "have", 2), "theyve": ("they", "have", 4),
    "youve": ("you", "have", 3), "couldnt": ("could", "not", 5), "wouldnt": ("would", "not", 5),
    "shouldnt": ("should", "not", 6), "werent": ("were", "not", 4), "whats": ("what", "'s", 4),
    "gonna": ("going", "to", 3), "wanna": ("want", "to", 3), "gotta": ("have", "to", 3),
}  # fmt: skip
_BECAUSE = {"bc", "b/c", "cuz", "coz", "cos"}
_DOTTED = {
    "dr", "mr", "mrs", "ms", "st", "prof", "jr", "sr", "inc", "corp", "ltd", "co", "u.s", "u.k", "e.g", "i.e", "ph.d",
    "mt", "ft", "sen", "gov", "capt", "sgt", "rev",
}  # fmt: skip
_MARKS = re.compile(r"[\"“”„«»]|```|(?<!\w)[‘'](?=\w)(?!\d\ds?\b)|(?<=[\w.,!?])[’'](?!\w)")
_OPENS = {"“": "”", "„": "“”", "«": "»", '"': '"”', "```": "```", "‘": "’'", "'": "'’"}
_LONGEST_QUOTE = 4000


def quotations(text: str) -> list[tuple[int, int]]:
    """The spans of what is quoted or code, marks included, in order."""
    found: list[tuple[int, int]] = []
    opened: tuple[int, str] | None = None
    for mark in _MARKS.finditer(text):
        said = mark[0]
        if opened is not None and mark.start() - opened[0] > _LONGEST_QUOTE:
            opened = None
        if opened is not None and said in opened[1]:
            if mark.start() > opened[0]:
                found.append((opened[0], mark.end()))
            opened = None
        elif said in _OPENS and (opened is None or (opened[1] in {"’'", "'’"} and said not in "‘'")):
            opened = (mark.start(), _OPENS[said])
    return found


def tokens_of(text: str, start: int, end: int, quoted: list[tuple[int, int]], now: datetime) -> list[Token]:
    """The tokens of one sentence; empty if it lies within a quotation."""
    i = max(bisect_right(quoted, (start, len(text))) - 1, 0)
    inside = [span for span in quoted[i : i + 20] if span[0] < end and span[1] > start]
    if any(low < start for low, _ in inside):
        return []
    words: list[Token] = []
    at = start
    for low, high in [*inside, (end, end)]:
        words.extend(_words(text, at, min(low, end)))
        if low < high:
            words.append(Token(text[low + 1 : high - 1], "\0quoted", low, min(high, end), QUOTED))
        at = high
        if len(words) > MAX_TOKENS:
            break
    return _with_times(_without_chatter(_without_asides(words[:MAX_TOKENS])), now)


def _words(text: str, start: int, end: int) -> Iterator[Token]:
    last: Token | None = None
    for token in _raw_words(text, start, end):
        if token.kind == PUNCT and token.low == "." and last is not None and last.end == token.start and _dotted(last):
            last.text, last.end = last.text + ".", token.end
            continue
        last = token
        yield token


def _dotted(token: Token) -> bool:
    """Does a stop after this word belong to it: an abbreviation, an initial?"""
    return token.low in _DOTTED or (len(token.text) == 1 and token.text.isupper() and token.text != "I")


def _raw_words(text: str, start: int, end: int) -> Iterator[Token]:
    for n, match in enumerate(_TOKEN.finditer(text, start, end)):
        if n > MAX_TOKENS:
            return
        kind = match.lastgroup
        if kind == "word":
            yield from _apart(match[0], match.start(), text)
        elif kind == "clitic":
            yield Token(match[0], "'s", match.start(), match.end(), WORD)
        elif kind == "punct":
            yield Token(match[0], match[0], match.start(), match.end(), PUNCT)
        else:
            yield Token(match[0], match[0].lower().replace("’", "'"), match.start(), match.end(), WORD)


def _apart(word: str, at: int, text: str) -> Iterator[Token]:
    """A word, or the words of a contraction."""
    low = word.lower().replace("’", "'").replace("ʼ", "'")
    if word in _BECAUSE:
        low = "because"
    if low in _INFORMAL:
        first, second, cut = _INFORMAL[low]
        yield Token(word[:cut], first, at, at + cut, WORD)
        yield Token(word[cut:], second, at + cut, at + len(word), WORD)
        return
    tail = _CLITIC.match(low[-24:]) if "'" in low else None
    if tail is None:
        yield Token(word, low, at, at + len(word), WORD)
        return
    cut = len(word) - len(tail[2])
    stem = low[:cut]
    yield Token(word[:cut], _STEMS.get(stem, stem) if tail[2] == "n't" else stem, at, at + cut, WORD)
    yield Token(word[cut:], _EXPANDED.get(tail[2], tail[2]), at + cut, at + len(word), WORD)


def _without_asides(words: list[Token]) -> list[Token]:
    """The sentence without what stands in brackets."""
    kept: list[Token] = []
    depth = 0
    for token in words:
        if token.low in "([{" and token.kind == PUNCT:
            depth += 1
        elif token.low in ")]}" and token.kind == PUNCT:
            depth = max(depth - 1, 0)
        elif depth == 0:
            kept.append(token)
    return kept


def _without_chatter(words: list[Token]) -> list[Token]:
    """The sentence without the "lol", the "btw" and the emoji at its end."""
    stop, last = len(words), None
    while stop > 1 and (words[stop - 1].low in CHATTER or _is_mark(words[stop - 1])):
        stop -= 1
        last = words[stop] if words[stop].low in ".!;" else last
    return [*words[:stop], *([last] if last is not None else [])]


def _is_mark(token: Token) -> bool:
    """Is it a stop or an emoji?"""
    return token.kind == PUNCT and (token.low in ".!;," or unicodedata.category(token.text[0]) in {"So", "Sk", "Mn"})


def _with_times(words: list[Token], now: datetime) -> list[Token]:
    """Expressions of time, each as one token. A name is none: "April leads ML"."""
    lows = [token.low for token in words]
    merged: list[Token] = []
    i = 0
    while i < len(words):
        when = dates.match(lows, i, now) if words[i].kind == WORD else None
        if when is None:
            merged.append(words[i])
            i += 1
            continue
        last = words[when.stop - 1]
        said = " ".join(token.text for token in words[i : when.stop])
        merged.append(Token(said, "\0time", words[i].start, last.end, TIME, when))
        i = when.stop
    return merged
