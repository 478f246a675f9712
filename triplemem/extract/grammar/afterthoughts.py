"""What a sentence adds behind a clause: that takes it back ("…, they say"), or only goes on ("…, and nobody told me").

Hearsay, wishes and doubts silence their own clause and those after it. The clause before they silence only when they
come back to it: in a tail of their own, or with a "that", "it" or "so".
"""

from __future__ import annotations

from collections.abc import Sequence

from triplemem.extract.grammar.inflection import FORMS
from triplemem.extract.grammar.phrases import at
from triplemem.extract.grammar.tokens import PUNCT, TIME, Token
from triplemem.extract.grammar.words import AUXILIARIES, PREPOSITIONS

_JOINED = frozenset("and but because although though".split())
_BREAKS = _JOINED | {"so"}
_BACK = frozenset("it that this so what".split())
"""What stands for the clause before: "but that is what I heard", "because he says so"."""
_WISHES = frozenset(
    """hope hopes hoped expect expects expected want wants wanted wonder wonders wondered ask asks asked joke jokes
    joked joking worry worries fear feared seem seems seemed look looks sound sounds""".split()
)
"""Verbs that pass on nothing."""
_APPEARING = frozenset("seem seems seemed look looks sound sounds hope".split())
_TELLING = frozenset("say says said tell told mention mentioned announce announced ask asked".split())
_BELIEVING = frozenset("think believe".split())
_HEARERS = frozenset("me us him her them you".split())
_NOBODY = frozenset("nobody no-one noone".split())
_WISHING = frozenset("wish wishes wishing".split())
_MAYBE = frozenset("maybe perhaps probably possibly hopefully presumably".split())
_ASKING = frozenset("why when where how what who which whether if".split())
_OPEN = frozenset(
    """false untrue possible impossible likely unlikely doubtful unclear uncertain lie myth rumour rumor nonsense
    alleged conceivable debatable questionable said claimed rumored rumoured assumed""".split()
)
_SURE = frozenset("true certain clear sure case fact given like".split())
"""What is "not true", "not the case", "not like" is not said to be so."""
_PHRASE = 7
_HEDGES = (
    "not sure", "not certain", "not positive", "could be wrong", "may be wrong", "might be wrong", "do not quote me",
    "who knows", "can not be sure", "can not confirm", "can not say for sure",
    "nobody is sure", "no one is sure", "nobody knows for sure", "word is", "word has it", "word on the street",
)  # fmt: skip
_TAKING_BACK = (
    "or so ", "or at least ", "at least that ",
    *(f"that {be} what {who} " for be in ("'s", "is") for who in ("i", "he", "she", "they", "people")),
)  # fmt: skip
_HEDGE = 9
"""A hedge behind a clause, and the words about it, are at most so many."""


def clause_start(words: Sequence[Token], i: int) -> int:
    """Where the clause of word ``i`` begins."""
    while i > 0 and not (words[i - 1].kind == PUNCT or words[i - 1].low in _BREAKS):
        i -= 1
    return i


def saying_apart(words: Sequence[Token], start: int, i: int) -> bool:
    """Does the clause from ``start`` on, whose word ``i`` says or wishes, leave what stands before it as it is?"""
    joint = at(words, start - 1)
    if start == 0 or (joint not in _JOINED and joint != ","):
        return False
    if joint == "," and at(words, start) == "which":
        return words[i].low in _APPEARING
    denied = _denied(words[start:i])
    if denied and words[i].low in _BELIEVING:
        return False
    if joint == ",":
        return denied and words[i].low in _TELLING and not _comes_back(words, start, i)
    return words[i].low in _WISHES or not _comes_back(words, start, i)


def is_tail(words: Sequence[Token], start: int, i: int) -> bool:
    """Is the clause a tail without a clause of its own: "…, I heard from Tom yesterday", "but that is what he said"?"""
    if at(words, start - 1) in _JOINED:
        return _comes_back(words, start, i)
    j = i + 1 + (at(words, i + 1) in _HEARERS)
    alone = j >= len(words) or words[j].kind in {PUNCT, TIME} or at(words, j) in PREPOSITIONS - {"to"}
    return at(words, start - 1) == "," and alone


def _comes_back(words: Sequence[Token], start: int, i: int) -> bool:
    """Is it said of the clause before?"""
    if at(words, start) == "that" and at(words, start + 1) == "'s" and at(words, start + 2) in _ASKING - {"what"}:
        return False  # "and that's why I told him"
    j = i + 1 + (at(words, i + 1) in _HEARERS)
    after = words[j + 1] if j + 1 < len(words) else None
    alone = after is None or after.kind in {PUNCT, TIME} or after.low in PREPOSITIONS
    return any(word.low in _BACK for word in words[start:i]) or (at(words, j) in _BACK and alone)


def _denied(words: Sequence[Token]) -> bool:
    """As in "nobody told me", "he never said"."""
    nobody = at(words, 0) in _NOBODY or (at(words, 0), at(words, 1)) == ("no", "one")
    return nobody or any(word.low in {"not", "never"} for word in words)


def doubt_apart(words: Sequence[Token], i: int) -> bool:
    """Is it only what stands behind that the word at ``i`` doubts: "and maybe I'll travel", ", hopefully for good"?"""
    start = clause_start(words, i)
    if start == 0:
        return False
    if at(words, start - 1) == ",":
        return start == i and words[i].low in _MAYBE and at(words, i + 1) in PREPOSITIONS
    if at(words, start - 1) not in _BREAKS or at(words, start - 2) == "or":
        return False
    stop = next((j for j in range(i + 1, len(words)) if words[j].kind == PUNCT or words[j].low in _BREAKS), len(words))
    rest = words[start:stop]
    wished = words[i].low in _WISHING
    back = any(word.low in _BACK or (word.low in {"not", "never"} and not wished) for word in rest)
    return not back and any(_finite(word.low) for word in words[i + 1 : stop])


def _finite(low: str) -> bool:
    known = any(form in {"s", "past", "base"} for _, form in FORMS.get(low, ()))
    return known or low in AUXILIARIES or low.endswith("ed")


def is_denied(words: Sequence[Token], i: int) -> bool:
    """Does a phrase begin there that leaves open or denies what follows: "it's not true that", "there's no way"?"""
    said = [word.low for word in words[i : i + _PHRASE]]
    if said[:1] == ["not"]:
        return said[1:2] == ["that"] and (i == 0 or words[i - 1].kind == PUNCT)  # "not that I live there"
    if said[:1] not in (["it"], ["that"], ["there"]) or said[1:2] not in (["'s"], ["is"], ["was"]):
        return False
    if said[0] == "there":
        return said[2:4] in (["no", "way"], ["no", "chance"], ["no", "proof"], ["no", "evidence"])
    stop = next((n for n, low in enumerate(said) if n > 1 and low in _OPEN | _SURE), 0)
    return bool(stop) and (said[stop] in _OPEN or not {"not", "never", "hardly"}.isdisjoint(said[2:stop]))


def hedged(words: Sequence[Token]) -> bool:
    """Does a tail say that the speaker is not sure: "…, but I could be wrong", "…, not sure though"?"""
    breaks = [i for i, word in enumerate(words) if i and (word.kind == PUNCT or word.low == "but")]
    for i in breaks:
        tail = [word.low for word in words[i + 1 :] if word.kind != PUNCT]
        said = " ".join(tail)
        if f"{said} ".startswith(_TAKING_BACK):
            return True
        if len(tail) <= _HEDGE and any(hedge in said for hedge in _HEDGES) and _ASKING.isdisjoint(set(tail) - {"who"}):
            return True
    return False
