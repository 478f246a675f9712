"""What trails a complement: times, adverbs, phrases of no interest."""

from __future__ import annotations

from triplemem.extract.grammar.clause import Clause, is_time, skip_adverbs, skip_phrase
from triplemem.extract.grammar.phrases import at, read_noun
from triplemem.extract.grammar.words import PREPOSITIONS


def trailing(clause: Clause, i: int) -> int:
    """Gather the times behind a complement; skip adverbs and phrases of no interest."""
    words = clause.words
    for _ in range(6):
        if is_time(words, i):
            clause.times.append(words[i])
            i += 1
        elif at(words, i) == "," and is_time(words, i + 1):
            i += 1
        elif (after := skip_adverbs(words, i)) > i:
            i = after
        elif at(words, i) == "not" or (at(words, i) == "," and at(words, i + 1) == "not"):
            noun = read_noun(words, i + 1 + (at(words, i) == ","))
            if noun is None:
                return i
            i = noun.stop
        elif at(words, i) in PREPOSITIONS and at(words, i) not in {"as", "like", "since", "until", "before", "after"}:
            i = skip_phrase(words, i)
        else:
            break
    return i
