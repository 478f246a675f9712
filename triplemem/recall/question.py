"""A question as the arms need it: its words, the names that it may hold, its vector."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from triplemem.core.identity import FIRST_PERSON, USER, entity_key
from triplemem.core.instants import from_us
from triplemem.core.text import Span, ends, name_ngrams
from triplemem.core.tokens import STOP_WORDS, query_tokens
from triplemem.ledger.embedding import asked
from triplemem.ledger.engine import Engine
from triplemem.recall.times import Named, asks_what_is_over, is_in_a_past_tense, named_times

if TYPE_CHECKING:
    import numpy as np

MAX_NAMED = 2_000
"""How many of its characters are looked through for names, half of them at its end."""
SHIPPED = "static"
NAME_WORDS = 6
OWN = FIRST_PERSON | {"my", "My", "mine", "Mine"}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. ``names``: the keys of entities, each with its places; none for whoever speaks."""

    text: str
    tokens: list[str]
    names: dict[str, list[Span]] = field(default_factory=dict)
    vector: np.ndarray[Any, Any] | None = None
    reads: bool = False
    """Is the vector of another embedder than the one that ships, which may read more than single words?"""
    times: tuple[Named, ...] = ()
    over: bool = False
    """Is it about what is over, too, at no time that it names?"""
    tense: bool = False
    """Does its tense alone say so? Then what holds comes first."""


def read(query: object, speaker: str | None, engine: Engine, as_of: int) -> Question:
    """The question; `InvalidInput` if nothing is asked. "I" is ``speaker``, else the user; times count from ``as_of``.

    `StoreMismatch` where the vectors are of an embedder that is not at hand: a search without them would find less.
    """
    text, vector = asked(engine, query)
    reads = engine.embedder is not None and engine.embedder.name != SHIPPED
    offset = engine.now().utcoffset()
    now = from_us(as_of, 0 if offset is None else int(offset.total_seconds()))
    names = _names(ends(text, MAX_NAMED), speaker)
    times = named_times(text, now)
    over = not times and asks_what_is_over(text)
    tense = not times and not over and is_in_a_past_tense(text)
    return Question(text, query_tokens(text), names, vector, reads, times, over or tense, tense)


def _names(text: str, speaker: str | None) -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = {}
    for name, start, end in name_ngrams(text, NAME_WORDS):
        if name in OWN:
            found.setdefault(entity_key(speaker or USER), []).append((start, end))
        if _may_name(name):
            for key in (entity_key(name), entity_key(name, True)):
                found.setdefault(key, []).append((start, end))
    return found


def _may_name(name: str) -> bool:
    """Little words name nothing, unless they are written as "IT" and "US" are."""
    return name.lower() not in STOP_WORDS or (len(name) > 1 and name.isupper())


def weigh(spans: dict[int, list[Span]]) -> dict[int, float]:
    """What each entity named counts for: a name that stands only within longer ones, little."""
    everywhere = {span for places in spans.values() for span in places}

    def within(span: Span) -> bool:
        return any(a <= span[0] and span[1] <= b and (a, b) != span for a, b in everywhere)

    return {entity: 0.2 if all(within(span) for span in places) else 1.0 for entity, places in spans.items()}
