"""A verb said once for two: "Tom works at Acme and Eva at Bolt", "Tom plays tennis and Eva chess"."""

from __future__ import annotations

from collections.abc import Sequence

from triplemem.extract.grammar.names import is_name
from triplemem.extract.grammar.nouns import TIES
from triplemem.extract.grammar.objects import may_be_first_name
from triplemem.extract.grammar.phrases import Noun, at
from triplemem.extract.grammar.tokens import Token
from triplemem.extract.grammar.words import PREPOSITIONS


def is_somebody(noun: Noun) -> bool:
    """May it be the subject of a verb that is left out: a first name, "my sister"?"""
    return may_be_first_name(noun) or (noun.head in TIES and noun.owner is not None)


def without_gapped(words: Sequence[Token], i: int, nouns: list[Noun]) -> list[Noun]:
    """The objects at ``i`` without a last one that is the subject of the same verb, left out."""
    if len(nouns) < 2:
        return nouns
    last, preposition = nouns[-1], at(words, i - 1)
    again = preposition in PREPOSITIONS and at(words, last.stop) == preposition
    named = last.stop + 1 < len(words) and words[last.stop + 1].capital
    bare = preposition not in PREPOSITIONS and bool(last.words) and last.words[0].capital and is_name(last.words[0].low)
    plain = bare and not last.words[-1].capital and not any(word.capital for word in nouns[0].words)
    return nouns[:-1] if (again and named) or plain else nouns
