"""Whether a fragment without a subject, as "Used to work with Pauline", is the speaker's."""

from __future__ import annotations

from collections.abc import Sequence

from triplemem.extract.grammar.memory import Reading
from triplemem.extract.grammar.nouns import DIETS
from triplemem.extract.grammar.objects import is_role
from triplemem.extract.grammar.phrases import at, read_noun
from triplemem.extract.grammar.tokens import Token
from triplemem.extract.grammar.verbs import Verb

_OVER = frozenset({"used", "stopped", "quit", "gave"})


def of_me(reading: Reading, words: Sequence[Token], verb: Verb) -> bool:
    """Is it said to be over, and of nobody who was spoken of just before?"""
    if at(words, verb.start) not in _OVER or verb.modal or verb.negated or verb.passive:
        return False
    if reading.text[: words[0].start].rstrip().endswith("?") or not unspoken(reading):
        return False
    if verb.lemma != "be":
        return True
    noun = read_noun(words, verb.stop)  # "Used to be a school" is no person
    return noun is not None and (noun.head in DIETS or (is_role(noun) and noun.det in {"a", "an"}))


def unspoken(reading: Reading) -> bool:
    """Was nobody spoken of in the sentence before?"""
    return not any(m.kind == "person" and reading.sentence - m.sentence <= 1 for m in reading.mentions)
