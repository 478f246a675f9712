"""Do two instructions say the same, but for their wording? Only where it is plain: when in doubt they do not."""

from __future__ import annotations

from triplemem.core.text import skeleton
from triplemem.core.tokens import STOP_WORDS, search_tokens

_SHARE = 0.7
_TURNING = frozenset(
    "not no never don without except unless only always cannot avoid instead less more least most before after first "
    "last must may should under over above below minimum maximum one two three all none any every each neither both "
    "yes false true stop start skip omit exclude include allow forbid".split()
)
"""Words that may turn an instruction into another one."""


def alike(one: str, other: str) -> bool:
    """Most of the telling words are the same, and what differs is no number and turns nothing around."""
    if skeleton(one) == skeleton(other):
        return True
    first, second = telling(one), telling(other)
    different = first ^ second
    if not first or not second or different & _TURNING or any(char.isdigit() for word in different for char in word):
        return False
    return len(first & second) >= _SHARE * len(first | second)


def telling(text: str) -> frozenset[str]:
    """The words of a text that say something."""
    return frozenset(search_tokens(text)) - STOP_WORDS
