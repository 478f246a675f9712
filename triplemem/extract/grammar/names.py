"""First names: who is a person by their name alone, and whether "he" or "she" may stand for them."""

from __future__ import annotations

from triplemem.extract.grammar.nouns import FEMALE, MALE
from triplemem.resources import first_names

_ALSO = frozenset(
    """virginia georgia alabama montana alberta carolina dakota santiago memphis loki siri alexa claude mercedes
    uni asia india kenya chad israel cuba malta valencia vienna verona siena havana lima odessa troy salem cali
    thor odin zeus apollo athena juno luna nova orion atlas phoenix titan argo gaia hera hermes ares kali indigo
    sierra brooklyn chelsea lourdes kingston lincoln madison trinity cairo berlin london america britannia""".split()
)
"""First names that are more often a place, a god or a product."""


def is_name(low: str) -> bool:
    """Is the word, in lower case, a first name, and no plain word of English?"""
    return low not in _ALSO and (low in FEMALE or low in MALE or low in first_names())


def gender(low: str) -> str:
    """The gender that a name, in lower case, tells: "f", "m", or nothing."""
    return "f" if low in FEMALE else "m" if low in MALE else first_names().get(low, "")
