"""Numbers written as words, as ages are: "Maeve is seven"."""

from __future__ import annotations

from collections.abc import Sequence

from triplemem.core.points import CARDINALS
from triplemem.extract.grammar.phrases import at
from triplemem.extract.grammar.tokens import Token

_DIGITS = {word: str(n) for n, word in enumerate(CARDINALS, 1) if n > 1}
"""But for "one", which is a pronoun as well."""


def number(words: Sequence[Token], i: int) -> str:
    """The number at word ``i`` in digits, unless a half is said to be added; else the word as it stands."""
    half = at(words, i + 1) == "and" and at(words, i + 2) in {"a", "one", "half"}
    low = at(words, i)
    return low if half else _DIGITS.get(low, low)
