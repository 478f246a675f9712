"""Texts as the pieces of words that a table of static embeddings has rows for: WordPiece, as BERT splits.

Lower case, without accents, split at white space and at every punctuation character, then the longest pieces that the
vocabulary has, from left to right; a piece within a word begins with ``##``. J. Devlin and others, "BERT" (2019).
A word that the vocabulary cannot spell, in a script it has never seen or an emoji, gets one of some further rows by its
digest: it is near itself and near nothing else.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Collection, Iterable, Mapping

BUCKETS = 1024
"""How many further rows there are, for words that cannot be spelt."""
MAX_WORD = 100
MAX_TEXT = 100_000
"""How many characters of a text are read."""
REMEMBERED = 50_000
"""How many words are kept with their pieces."""

_ASCII = re.compile(r"[a-z0-9]+|[^a-z0-9\s\x00-\x1f\x7f]")
_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
_ANY = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+|[^\w\s]|_")


class Pieces:
    """Splits texts for one vocabulary; ``silent`` are the pieces whose rows are all zero. Safe between threads."""

    def __init__(self, vocabulary: Mapping[str, int], silent: Collection[int]) -> None:
        self._vocabulary, self._silent, self._first = vocabulary, silent, len(vocabulary)
        self._known: dict[str, tuple[int, ...]] = {}

    def of(self, text: str) -> list[int]:
        """The rows of a text's pieces, in order."""
        found: list[int] = []
        known = self._known
        for word in words(text):
            rows = known.get(word)
            found += self._learn(word) if rows is None else rows
        return found

    def _learn(self, word: str) -> tuple[int, ...]:
        rows = tuple(self._spelt(word)) if len(word) <= MAX_WORD else ()
        if not rows or all(row in self._silent for row in rows):
            rows = (self._first + zlib.crc32(word.encode("utf-8", "replace")) % BUCKETS,)
        if len(self._known) >= REMEMBERED:
            self._known = {}
        self._known[word] = rows
        return rows

    def _spelt(self, word: str) -> list[int]:
        """The longest pieces from left to right; none if one is missing."""
        pieces: list[int] = []
        start = 0
        while start < len(word):
            lead = "##" if start else ""
            for end in range(len(word), start, -1):
                row = self._vocabulary.get(lead + word[start:end])
                if row is not None:
                    pieces.append(row)
                    start = end
                    break
            else:
                return []
        return pieces


def words(text: str) -> list[str]:
    """The words and punctuation characters of a text, lower case and without accents."""
    plain = text[:MAX_TEXT].lower()
    if plain.isascii():
        return _ASCII.findall(plain)
    bare = "".join(char for char in unicodedata.normalize("NFD", plain) if unicodedata.category(char) != "Mn")
    return _ANY.findall(bare)


def punctuation(vocabulary: Iterable[str]) -> set[str]:
    """The pieces that are nothing but one character which is no letter and no digit."""
    return {piece for piece in vocabulary if len(piece) == 1 and not piece.isalnum()}
