"""Kin that a sentence names on its way: "my brother Theo", "my sons Leo and Max"."""

from __future__ import annotations

from collections.abc import Sequence

from triplemem.extract.grammar.clause import Clause
from triplemem.extract.grammar.memory import Reading
from triplemem.extract.grammar.nouns import PETS, PLURALS, TIES
from triplemem.extract.grammar.objects import Object
from triplemem.extract.grammar.phrases import Noun, at, read_noun
from triplemem.extract.grammar.tokens import WORD, Token


def named_ties(reading: Reading, words: Sequence[Token], owners: tuple[str, ...]) -> None:
    """As in "my brother Theo", wherever in the sentence it stands."""
    i = 0
    while i < len(words):
        if (words[i].kind == WORD and words[i].low in owners and words[i].low != "'s") or (
            "'s" in owners and words[i].capital and at(words, i + 1) == "'s"
        ):
            noun = read_noun(words, i)
            gone = noun is not None and _is_gone(words, noun.stop)
            gone = gone or (at(words, i - 1) in {"call", "name"} and at(words, i - 2) == "to")
            if noun is not None and noun.owner is not None and noun.names and noun.stop > i and not gone:
                clause = Clause(reading, words, [noun], i)
                if noun.head in TIES:
                    clause.introduce(noun, clause.quote(noun.stop))
                else:
                    _plural_ties(clause, noun)
                i = noun.stop
                continue
        i += 1


def _is_gone(words: Sequence[Token], i: int) -> bool:
    """As in "my dog Rex has died", "my flatmate Gus is no longer with us"."""
    i += at(words, i) in {"is", "'s", "has", "was", "just", "recently", "sadly"}
    i += at(words, i) in {"just", "recently", "sadly"}
    with_us = [at(words, i + n) for n in range(4)] == ["no", "longer", "with", "us"]
    return at(words, i) in {"died", "passed"} or with_us or (at(words, i), at(words, i + 1)) == ("no", "more")


def _plural_ties(clause: Clause, noun: Noun) -> None:
    head = PLURALS.get(noun.head)
    if head is None or noun.owner is None or (head in PETS and not noun.names):
        return
    tie = TIES[head]
    inner = Clause(clause.reading, clause.words, [noun.owner], clause.start)
    inner.claim(tie.predicate, [Object(name.text, tie.kind) for name in noun.names], clause.quote(noun.stop))
    clause.reading.keep_group(noun.names)
