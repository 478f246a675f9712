"""First names: who is a person by their name alone, and whether "he" or "she" may stand for them."""

from __future__ import annotations

from triplemem.extract.grammar.nouns import FEMALE, MALE
from triplemem.resources import first_names

Gender = str
"""``"f"``, ``"m"``, or nothing where a name tells neither."""


def is_name(low: str) -> bool:
    """Is the word, in lower case, a first name, and no plain word of English?"""
    return low in FEMALE or low in MALE or low in first_names()


def gender(low: str) -> Gender:
    """The gender that a name, in lower case, tells."""
    return "f" if low in FEMALE else "m" if low in MALE else first_names().get(low, "")
