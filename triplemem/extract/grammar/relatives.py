"""Clauses about a noun whose subject is the speaker: "Lukas, who I work with, is from Graz"."""

from __future__ import annotations

from collections.abc import Sequence

from triplemem.extract.grammar.clause import ME, Clause
from triplemem.extract.grammar.frames import FRAMES
from triplemem.extract.grammar.memory import Reading
from triplemem.extract.grammar.objects import person
from triplemem.extract.grammar.phrases import Noun, at
from triplemem.extract.grammar.tokens import Token
from triplemem.extract.grammar.verbs import read_verb


def of_mine(reading: Reading, words: Sequence[Token], noun: Noun, j: int, start: int) -> None:
    """Claim what "who I work with", from word ``j`` on, says of somebody and the speaker."""
    verb = read_verb(words, j + 2) if at(words, j + 1) in {"i", "we"} else None
    if verb is None or at(words, verb.stop + 1) not in {",", ""}:
        return
    for frame in FRAMES.get(verb.lemma, {}).get(at(words, verb.stop), ()):
        found = person(noun, reading) if frame.kind == "PERSON" else None
        if found is not None and "passive" not in frame.flags:
            clause = Clause(reading, words, [ME], start)
            clause.say(verb, frame.predicate, [found], verb.stop + 1, flags=frame.flags, about=[noun])
            return
