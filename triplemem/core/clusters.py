"""Where what a reader sees as one character ends: a letter with its marks, a flag, an emoji with what shapes it.

The rules of Unicode's UAX 29 that matter for a cut; a syllable of conjunct letters may be cut between its letters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

_JOINER = "\u200d"
_FLAGS = ("\U0001f1e6", "\U0001f1ff")
_EXTENDING = (  # what category M does not tell: joiners, Thai and Lao AM, Hangul vowels and ends, skin tones, tags
    ("\u200c", "\u200d"), ("\u0e33", "\u0e33"), ("\u0eb3", "\u0eb3"), ("\u1160", "\u11ff"), ("\ud7b0", "\ud7fb"),
    ("\uff9e", "\uff9f"), ("\U0001f3fb", "\U0001f3ff"), ("\U000e0020", "\U000e007f"),
)  # fmt: skip


def ends(text: str) -> Iterator[int]:
    """The ends of the characters that are seen, in order; the last is the end of the text."""
    flags = 0
    for at, char in enumerate(text):
        flags = flags + 1 if _within(char, _FLAGS) else 0
        if at and not _extends(char) and text[at - 1] != _JOINER and (not flags or flags % 2):
            yield at
    if text:
        yield len(text)


def _extends(char: str) -> bool:
    return unicodedata.category(char)[0] == "M" or any(_within(char, span) for span in _EXTENDING)


def _within(char: str, span: tuple[str, str]) -> bool:
    return span[0] <= char <= span[1]
