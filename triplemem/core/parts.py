"""A long text in parts: at headings where they do, else at paragraphs, else at sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from triplemem.core.text import sentences

CHARS_PER_TOKEN = 3.5
_HEADING = re.compile(r"(?m)^(?= {0,3}#{1,6}\s)")
_PARAGRAPH = re.compile(r"(?<=\n)(?:[^\S\n]*\n)+")
_LAST_HEADING = re.compile(r"(?m)^ {0,3}#{1,6}\s.*$")


def tokens(text: str) -> int:
    """About how many tokens a text has for a model: one for every 3.5 characters, rounded up."""
    return -int(-len(text) // CHARS_PER_TOKEN)


def parts(text: str, limit: int) -> list[str]:
    """The text in parts of at most ``limit`` characters that together are the whole of it, blank ones left out."""
    if len(text) <= limit:
        return [text]
    return [part for part in _packed(_pieces(text, limit, 0), limit) if part.strip()]


def heading_of(text: str) -> str:
    """The last heading of a text; empty if there is none."""
    found = _LAST_HEADING.findall(text)
    return found[-1].strip() if found else ""


def _pieces(text: str, limit: int, level: int) -> Iterator[str]:
    """Pieces of at most ``limit`` characters, cut as high up in the structure of the text as that allows."""
    if len(text) <= limit:
        yield text
    elif level == len(_CUTTERS):
        yield from (text[start : start + limit] for start in range(0, len(text), limit))
    else:
        for piece in _CUTTERS[level](text):
            yield from _pieces(piece, limit, level + 1)


def _packed(pieces: Iterable[str], limit: int) -> Iterator[str]:
    """As few parts as hold the pieces in their order."""
    held = ""
    for piece in pieces:
        if held and len(held) + len(piece) > limit:
            yield held
            held = ""
        held += piece
    if held:
        yield held


def _at_headings(text: str) -> list[str]:
    return [piece for piece in _HEADING.split(text) if piece]


def _at_paragraphs(text: str) -> list[str]:
    ends = [match.end() for match in _PARAGRAPH.finditer(text)]
    starts = [0, *ends]
    return [text[a:b] for a, b in zip(starts, [*ends, len(text)], strict=True) if a < b]


def _at_sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


_CUTTERS = (_at_headings, _at_paragraphs, _at_sentences)
