"""What is to come first: "Once Kim leads Sales we'll be fine", "The minute I live in Berlin, …"."""

from __future__ import annotations

from collections.abc import Sequence

from triplemem.extract.grammar.phrases import at, read_nouns
from triplemem.extract.grammar.tokens import PUNCT, Token
from triplemem.extract.grammar.verbs import read_verb
from triplemem.extract.grammar.words import POSSESSIVES, PRONOUNS

_MOMENTS = frozenset("minute moment second instant day hour week month year time".split())
_JOINTS = frozenset("and but so or".split())


def is_awaited(words: Sequence[Token], i: int) -> bool:
    """Does a clause begin there that says when something will be, and not that it is or was?"""
    if i and words[i - 1].kind != PUNCT and words[i - 1].low not in _JOINTS:
        return False
    n = 1 if words[i].low == "once" else 2 if words[i].low == "the" and at(words, i + 1) in _MOMENTS else 0
    if not n or i + n >= len(words):
        return False
    first = words[i + n]
    if n > 1 and not (first.capital or first.low in PRONOUNS | POSSESSIVES | {"the"}):
        return False  # "the second project depends on Redis", "the time zone is CET"
    nouns, stop, _ = read_nouns(words, i + n, subject=True)
    verb = read_verb(words, stop) if nouns and stop > i + n else None
    return verb is not None and bool(verb.lemma) and not verb.past
