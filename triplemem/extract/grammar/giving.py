"""Verbs with somebody who gets something: "sold Anna my bike", "teaches the kids piano", "left Google a review"."""

from __future__ import annotations

from collections.abc import Sequence

from triplemem.extract.grammar.gazetteer import is_plain_firm
from triplemem.extract.grammar.names import is_name
from triplemem.extract.grammar.nouns import LANGUAGES, PETS, PLURALS, ROLES, TIES
from triplemem.extract.grammar.phrases import at, is_word, read_noun
from triplemem.extract.grammar.tokens import Token
from triplemem.extract.grammar.words import ARTICLES, COUNTS, POSSESSIVES, STOPS, is_adverb

_GIVING = frozenset("sell buy purchase get write build design create make teach leave win play read".split())
FOR_OTHERS = frozenset("buy purchase get win".split())
"""Verbs after which the thing belongs to whoever gets it."""
_PEOPLE = frozenset(
    "kids children students people adults beginners teenagers toddlers pupils freshmen everyone seniors grads".split()
)
_WHOM = frozenset("him them us me you".split())
_SPANS = frozenset(
    "day week month year moment minute hour while same few bit lot little couple next following second".split()
)
_SEASONS = frozenset(
    """time season summer winter spring autumn fall fortnight quarter evening weekend morning afternoon night decade
    century semester term holiday""".split()
)
"""Times like those above, unless a noun follows: "a winter coat"."""
_SOMEBODY = frozenset("man woman person owner millionaire winner hero wreck veteran beginner senior".split())
_DETERMINERS = (ARTICLES | COUNTS | POSSESSIVES) - {"no", "every", "each", "all", "both"}
_NAME = 3
"""A name has at most so many words."""


def thing(words: Sequence[Token], i: int, lemma: str) -> int:
    """Where the thing begins in "sold Anna my bike"; ``i`` if nobody is named who gets one."""
    if lemma not in _GIVING or not is_word(words, i):
        return i
    low = words[i].low
    if low in _WHOM or low in _PEOPLE:
        return i + 1 if determined(words, i + 1) or bare(words, i + 1) else i
    if low == "her":
        return i + 1 if determined(words, i + 1) else i
    if low in POSSESSIVES | {"the"}:
        return _of_mine(words, i, lemma)
    return _named(words, i, lemma) if words[i].capital or is_plain_firm(low) else i


def _of_mine(words: Sequence[Token], i: int, lemma: str) -> int:
    """As in "bought my son a bike", "teaches the kids piano"."""
    somebody = at(words, i + 1) in (TIES.keys() | PLURALS.keys() | _PEOPLE) - PETS
    taught = lemma == "teach" and bare(words, i + 2)
    if somebody and (taught or determined(words, i + 2)):
        return i + 2
    noun = read_noun(words, i)  # "wrote the team a guide"
    return noun.stop if noun is not None and at(words, noun.stop) in {"a", "an"} and determined(words, noun.stop) else i


def _named(words: Sequence[Token], i: int, lemma: str) -> int:
    """As in "bought Anna a bike", "left Google a bad review", "bought Eva flowers", "teaches Anna French"."""
    stop = i + 1
    while stop < i + _NAME and is_word(words, stop) and words[stop].capital:
        stop += 1
    if determined(words, stop):
        return i if lemma == "leave" and _somebody(words, stop) else stop
    if not is_name(words[i].low):
        return i
    if lemma == "teach" and stop > i + 1 and words[stop - 1].low in LANGUAGES:
        return stop - 1
    return stop if bare(words, stop) else i


def _somebody(words: Sequence[Token], i: int) -> bool:
    """As in "left Acme a free man", "left Acme the owner of a bike": one is that, and nobody gets it."""
    noun = read_noun(words, i)
    return noun is not None and noun.head in ROLES | TIES.keys() | _SOMEBODY


def determined(words: Sequence[Token], i: int) -> bool:
    """Does a thing with its article stand there, not a time: "a bike", but not "a long time ago", "the week I left"?"""
    if not (is_word(words, i) and at(words, i) in _DETERMINERS and is_word(words, i + 1)):
        return False
    if at(words, i + 1).removesuffix("s") in _SPANS or (at(words, i) == "the" and at(words, i + 1) == "last"):
        return False
    return not (_is_season(words, i + 1) or _is_season(words, i + 2) or _ago(words, i + 1))


def _is_season(words: Sequence[Token], i: int) -> bool:
    span = at(words, i).removesuffix("s") in _SEASONS | _SPANS - {
        "little",
        "same",
        "few",
        "next",
        "following",
        "second",
    }
    return is_word(words, i) and span and not bare(words, i + 1)


def _ago(words: Sequence[Token], i: int) -> bool:
    """Does "ago" end the phrase whose noun begins there?"""
    for j in range(i, i + _NAME + 1):
        if not is_word(words, j) or at(words, j) in _DETERMINERS:
            return False
        if at(words, j) == "ago":
            return True
    return False


def bare(words: Sequence[Token], i: int) -> bool:
    """Does a common word stand there, which may be a noun without its article?"""
    low = at(words, i)
    return is_word(words, i) and not words[i].capital and low not in STOPS | ARTICLES and not is_adverb(low)
