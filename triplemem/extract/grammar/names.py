"""First names: who is a person by their name alone, and whether "he" or "she" may stand for them."""

from __future__ import annotations

import re

from triplemem.extract.grammar.nouns import FEMALE, MALE
from triplemem.extract.grammar.words import COMMON
from triplemem.resources import first_names

_ALSO = frozenset(
    """virginia georgia alabama montana alberta carolina dakota santiago memphis loki siri alexa claude mercedes
    uni asia india kenya chad israel cuba malta valencia vienna verona siena havana lima odessa troy salem cali
    thor odin zeus apollo athena juno luna nova orion atlas phoenix titan argo gaia hera hermes ares kali indigo
    sierra brooklyn chelsea lourdes kingston lincoln madison trinity cairo berlin london america britannia""".split()
)
"""First names that are more often a place, a god or a product."""


_SMALL = frozenset("a an and as at but by for from in into of on or the to vs with".split())
"""Words that a title may hold without a capital."""


def is_title(quoted: str) -> bool:
    """Is what stands between quotation marks called so, rather than said: "The Long Road", not "I quit Google"?"""
    words = re.findall(r"[^\W_][\w'’-]*", quoted)
    if len(words) == 1:
        return words[0].lower() not in COMMON
    return bool(words) and all(not word[0].islower() or word in _SMALL for word in words)


def is_name(low: str) -> bool:
    """Is the word, in lower case, a first name, and no plain word of English?"""
    return low not in _ALSO and (low in FEMALE or low in MALE or low in first_names())


def gender(low: str) -> str:
    """The gender that a name, in lower case, tells: "f", "m", or nothing."""
    return "f" if low in FEMALE else "m" if low in MALE else first_names().get(low, "")
