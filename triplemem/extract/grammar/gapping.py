"""A verb said once for two: "Tom works at Acme and Eva at Bolt", "Tom plays tennis and Eva chess"."""

from __future__ import annotations

from collections.abc import Sequence

from triplemem.extract.grammar.giving import bare, determined
from triplemem.extract.grammar.names import is_name
from triplemem.extract.grammar.nouns import LANGUAGES, TIES
from triplemem.extract.grammar.objects import may_be_first_name
from triplemem.extract.grammar.phrases import Noun, at
from triplemem.extract.grammar.tokens import Token
from triplemem.extract.grammar.words import PREPOSITIONS

_MUCH = frozenset("most least best worst other lot bit few".split())


def is_somebody(noun: Noun) -> bool:
    """May it be the subject of a verb that is left out: a first name, "my sister"?"""
    return may_be_first_name(noun) or (noun.head in TIES and noun.owner is not None)


def without_gapped(words: Sequence[Token], verb: int, i: int, nouns: list[Noun]) -> list[Noun]:
    """The objects at ``i`` without a last one that is the subject of the same verb, which ends at ``verb``."""
    if len(nouns) < 2:
        return nouns
    return nouns[:-1] if _placed_again(words, verb, i, nouns[-1]) or _beside(words, i, nouns) else nouns


def _placed_again(words: Sequence[Token], verb: int, i: int, last: Noun) -> bool:
    """As in "works at Acme and Eva at Bolt": does a preposition of the clause come again, with a name?"""
    again = at(words, last.stop) in PREPOSITIONS & {word.low for word in words[verb:i]}
    return again and last.stop + 1 < len(words) and words[last.stop + 1].capital


def _beside(words: Sequence[Token], i: int, nouns: list[Noun]) -> bool:
    """As in "plays tennis and Eva chess", "speaks French and Eva German", "owns a bike and Tom a car"."""
    last = nouns[-1]
    if at(words, i - 1) in PREPOSITIONS - {"like"} or not (last.words and last.words[0].capital):
        return False
    if last.det or not is_name(last.words[0].low):
        return False
    if len(last.words) == 1:
        much = at(words, last.stop + 1) in _MUCH and not bare(words, last.stop + 2)
        owned = at(words, last.stop) in {"a", "an", "the", "my", "some"} and not much
        return owned and determined(words, last.stop)  # "met Tom and Eva the other day", "like both of them a lot"
    plain = not last.words[-1].capital and not any(word.capital for word in nouns[0].words)
    return plain or last.words[-1].low in LANGUAGES
