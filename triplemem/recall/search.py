"""`recall`: what the arms find in each namespace, weighed together, best first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple, TypeVar

from triplemem.core.hints import Expected
from triplemem.core.instants import FOREVER
from triplemem.core.ranking import fuse
from triplemem.core.rows import Sieve
from triplemem.ledger import present
from triplemem.ledger.space import Space, When
from triplemem.ports import Reader
from triplemem.recall.arms import FACT, WEIGHTS, Arms, Found, Key, wanted
from triplemem.recall.filters import Filters, check_score
from triplemem.recall.hits import Teller
from triplemem.recall.question import Question, read
from triplemem.types import Hit

T = TypeVar("T")

MINUTE = 60_000_000

Place = tuple[int, int, int, int]
"""What breaks a tie: facts first, then the namespace, when it was recorded, and its number."""


class Searched(NamedTuple):
    """One namespace in one snapshot, and what was found there."""

    view: Reader
    presenter: present.Facts
    sieve: Sieve
    found: Found


def recall(
    spaces: Sequence[Space], query: str, k: int, times: When, filters: Filters, min_score: float | None
) -> list[Hit]:
    """The best hits of all the namespaces that a memory reads, best first, at most ``k``."""
    check_score(min_score)
    question = read(query, filters.speaker, spaces[0].engine.embedder)
    return search(spaces, question, times, filters, k, lambda searched: best(searched, k, filters, min_score))


def search(
    spaces: Sequence[Space],
    question: Question,
    times: When,
    filters: Filters,
    k: int,
    work: Callable[[Sequence[Searched]], T],
    found: tuple[Searched, ...] = (),
) -> T:
    """What ``work`` makes of each namespace that was written to, searched; their snapshots are open meanwhile."""
    if not spaces:
        return work(found)
    space, *rest = spaces

    def further(view: Reader) -> T:
        here = (_search(view, space, question, times, filters, k),) if view.namespace.n >= 0 else ()
        return search(rest, question, times, filters, k, work, (*found, *here))

    return space.engine.read(space.path, further, partial(_hint, space, question, times, filters, k))


def _hint(
    space: Space, question: Question, times: When, filters: Filters, k: int, secret: bytes | None, now: int
) -> Expected:
    """What a search about the present looks at, so that a store may fetch it at once."""
    clock = space.engine.now_us()
    if times.known is not None or times.as_of < clock - MINUTE or filters.narrow:
        return Expected()
    return Expected(question.names, search=wanted(question, times.as_of, k))


def _search(view: Reader, space: Space, question: Question, times: When, filters: Filters, k: int) -> Searched:
    as_of, known = times
    presenter = present.Facts(view, space.namespace, as_of, known, space.engine.senses)
    vocabulary = space.engine.senses.now(view) if presenter.then is None else presenter.then.vocabulary
    sieve = Sieve(
        as_of,
        presenter.known,
        as_of if as_of < space.engine.now_us() - MINUTE else FOREVER,
        filters.since,
        filters.until,
        filters.session,
        filters.speaker,
        None if filters.predicate is None else vocabulary.read(filters.predicate).name,
        filters.entity_kind,
    )
    past = known is not None or as_of < view.namespace.recorded_at
    return Searched(view, presenter, sieve, Arms(view, question, presenter, sieve, past, k).find())


def best(searched: Sequence[Searched], k: int, filters: Filters, min_score: float | None) -> list[Hit]:
    """The best of what was found, as hits."""
    ranked = fuse(_given(searched), WEIGHTS)
    chosen = [
        one
        for one in ranked
        if ("episode" if one[0][0] else "fact") in filters.kinds and (min_score is None or one[1] >= min_score)
    ][:k]
    told: dict[tuple[int, Key], Hit] = {}
    for place, one in enumerate(searched):
        keys = [_key(at) for at, _, _ in chosen if at[1] == place]
        hits = Teller(one.view, one.presenter).hits(one.found, keys)
        told |= {(place, key): hit for key, hit in hits.items()}
    return [replace(told[at[1], _key(at)], score=score, arms=arms) for at, score, arms in chosen]


def _given(searched: Sequence[Searched]) -> dict[str, dict[Place, float]]:
    """What each arm gives, over all namespaces."""
    given: dict[str, dict[Place, float]] = {}
    for place, one in enumerate(searched):
        for arm, scores in one.found.arms.items():
            for (kind, number), score in scores.items():
                row = one.found.facts[number] if kind == FACT else one.found.episodes[number]
                given.setdefault(arm, {})[int(kind != FACT), place, row.recorded_at, number] = score
    return given


def _key(place: Place) -> Key:
    return ("episode" if place[0] else FACT, place[3])
