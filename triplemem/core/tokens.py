"""The words of a text as a full-text index keeps them, for an FTS5 table that splits at spaces alone.

A token holds only ASCII letters and digits and characters beyond ASCII, so joining tokens by spaces is safe with
``tokenize='porter ascii'``. ASCII symbols that matter are mapped into the private use area and glued to their word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from triplemem.core.text import CLASSES, INVISIBLE, fold

MAX_TOKEN = 64
PRIVATE_USE = 0xE000

STOP_WORDS = frozenset(
    "a about am an and any are as at be been being but by can could d did do does doing for from had has have he her "
    "hers him his how i if in into is it its ll m me my of on or our ours re s she should so some t than that the "
    "their theirs them then there these they this those to us ve was we were what when where which who whom whose why "
    "will with would you your yours".split()
)
"""Words that say nothing about what a question is after."""

_GLUE = {code: PRIVATE_USE + code for code in range(0x21, 0x7F) if not chr(code).isalnum()}
_LETTERS = {ord(pair[0]): pair[1:] for pair in "øo łl đd ħh ŧt ıi æae œoe".split()}
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670]+")
_WORDS = re.compile(
    r"(?P<lead>(?<![wc.@#$/~\\])[.@#$/~\\]{1,3}+)?+(?P<word>w++)(?P<trail>[+#*$%]{1,8}+)?+"
    r"|(?P<unspaced>c++)"
    r"|(?P<emoji>e++)"
    r"|(?P<symbols>(?<![^ ])[^ wce]++(?![^ ]))"
)
_JOINED = re.compile(r"(?<!w)w++(?:[.@&_/:-]w++)++")


def search_tokens(text: str, *, prefix: str = "") -> list[str]:
    """The tokens of a text, in order, each after ``prefix``.

    Words are folded and without accents. A word with symbols on it ("C++", ".net", "@bob") gives the plain word and
    one more token with them; so does an identifier ("SR-2023-052", "ann@example.org"). Scripts written without spaces
    give overlapping pairs; a run of emoji, or of symbols that stands alone, gives one token.
    """
    room, plain = max(MAX_TOKEN - len(prefix), 1), _plain(text)
    if _is_words(plain):
        return [prefix + token[:room] for token in plain.split()]
    return [prefix + token[:room] for token in (*_words(plain), *_identifiers(plain))]


def query_tokens(text: str, *, prefix: str = "", limit: int = 64) -> list[str]:
    """The distinct tokens of a question, at most ``limit``; stop words only where there is nothing else.

    Of a longer one the first half of them and the last half, for what is asked stands before or after what is pasted.
    """
    plain = _plain(text)
    words, joined = list(_words(plain)), list(_identifiers(plain))
    if not STOP_WORDS.issuperset([*words, *joined]):
        words = [word for word in words if word not in STOP_WORDS]
    room = max(MAX_TOKEN - len(prefix), 1)
    telling = list(dict.fromkeys([*_first_and_last(words, limit), *joined]))[:limit]
    return list(dict.fromkeys(prefix + token[:room] for token in telling))


def _first_and_last(words: list[str], limit: int) -> list[str]:
    """The distinct words; of too many those that come first, and of the others those that come last."""
    distinct = list(dict.fromkeys(words))
    if len(distinct) <= limit:
        return distinct
    first = dict.fromkeys(distinct[: limit - limit // 2])
    last = [word for word in dict.fromkeys(reversed(words)) if word not in first][: limit // 2]
    return [*first, *reversed(last)]


def match_expression(tokens: Iterable[str]) -> str:
    """The FTS5 MATCH expression for any of the tokens; for none, one that matches nothing."""
    return " OR ".join('"' + token.replace('"', '""') + '"' for token in tokens) or '""'


def _words(plain: str) -> Iterator[str]:
    """Words, and what stands for one."""
    if _is_words(plain):
        yield from plain.split()
        return
    for match in _WORDS.finditer(plain.translate(CLASSES)):
        start, end = match.span()
        if match["word"] is not None:
            yield plain[match.start("word") : match.end("word")]
            if match["lead"] or match["trail"]:
                yield plain[start : min(end, start + MAX_TOKEN)].translate(_GLUE)
        elif match["unspaced"] is not None:
            yield from _pairs(plain[start:end])
        else:
            yield plain[start : min(end, start + MAX_TOKEN)].translate(_GLUE)


def _is_words(plain: str) -> bool:
    """Are there words alone, in which the patterns find nothing else?"""
    return plain.isascii() and plain.replace(" ", "").isalnum()


def _pairs(run: str) -> Iterator[str]:
    return (run[i : i + 2] for i in range(max(len(run) - 1, 1)))


def _identifiers(plain: str) -> Iterator[str]:
    """Words joined by symbols that name one thing: with a digit, ``@``, ``&`` or ``_`` in them."""
    for match in () if _is_words(plain) else _JOINED.finditer(plain.translate(CLASSES)):
        found = plain[match.start() : min(match.end(), match.start() + MAX_TOKEN)]
        if any(char in "@&_" or char.isdigit() for char in found):
            yield found.translate(_GLUE)


def _plain(text: str) -> str:
    """Folded, without accents, invisibles, and the characters that symbols are mapped to."""
    folded = fold(text)
    if folded.isascii():
        return folded if folded.isprintable() else folded.translate(INVISIBLE)
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", folded.translate(INVISIBLE)))
    return unicodedata.normalize("NFC", bare).translate(_LETTERS)
