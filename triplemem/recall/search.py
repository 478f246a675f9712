"""`recall`: what the arms find in each namespace, weighed together, best first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple, TypeVar

from triplemem.core.hints import Expected
from triplemem.core.instants import ALWAYS, FOREVER, NOW
from triplemem.core.predicates import Vocabulary
from triplemem.core.rows import Sieve
from triplemem.ledger import present
from triplemem.ledger.space import Space, When
from triplemem.ports import Reader
from triplemem.recall.arms import Arms, wanted
from triplemem.recall.filters import Filters, check_min_score
from triplemem.recall.found import FACT, Found, Key
from triplemem.recall.hits import Teller
from triplemem.recall.question import Question, read
from triplemem.recall.scoring import Scores
from triplemem.types import Hit

T = TypeVar("T")

MINUTE = 60_000_000
AT_ONCE = 300
"""For more hits than that, what they rest on is too much for one answer of a server: it is asked for in pages."""
HOLDING = 3
"""So many facts that hold keep their places beside what is over, where that is let in unasked."""

Place = tuple[int, int, int, int]
"""What breaks a tie: facts first, then the namespace, when it was recorded, and its number."""
Ranked = tuple[Place, int, float, Scores]


class Searched(NamedTuple):
    """One namespace in one snapshot, and what was found there."""

    view: Reader
    presenter: present.Facts
    sieve: Sieve
    question: Question
    found: Found


def recall(
    spaces: Sequence[Space], query: str, k: int, times: When, filters: Filters, min_score: float | None
) -> list[Hit]:
    """The best hits of all the namespaces that a memory reads, best first, at most ``k``."""
    check_min_score(min_score)
    question = read(query, filters.speaker, spaces[0].engine, times.as_of)
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
    space: Space, question: Question, times: When, filters: Filters, k: int, secret: bytes | None, _: int
) -> Expected:
    """What a search looks at, so that a store may fetch it at once.

    By the shipped predicates: where others were in force, a filter by predicate may be another one, and asked for anew.
    """
    if k > AT_ONCE:
        return Expected()
    now, known = space.engine.now_us(), NOW if times.known is None else times.known
    sieve = _sieve(question, times, filters, known, now, space.engine.senses.shipped)
    past = times.known is not None or sieve.at < now - MINUTE
    return Expected(question.names, search=wanted(question, sieve, k, narrow=filters.narrow, past=past))


def _search(view: Reader, space: Space, question: Question, times: When, filters: Filters, k: int) -> Searched:
    as_of, known = times
    presenter = present.Facts(view, space.namespace, as_of, known, space.engine.senses)
    vocabulary = space.engine.senses.now(view) if presenter.then is None else presenter.then.vocabulary
    sieve = _sieve(question, times, filters, presenter.known, space.engine.now_us(), vocabulary)
    past = known is not None or sieve.at < view.namespace.recorded_at
    return Searched(view, presenter, sieve, question, Arms(view, question, presenter, sieve, past, k).find())


def _sieve(question: Question, times: When, filters: Filters, known: int, now: int, vocabulary: Vocabulary) -> Sieve:
    first, last = _asked_of(question, times.as_of, now)
    return Sieve(
        first,
        known,
        times.as_of if times.as_of < now - MINUTE else FOREVER,
        filters.since,
        filters.until,
        filters.session,
        filters.speaker,
        None if filters.predicate is None else vocabulary.read(filters.predicate).name,
        filters.entity_kind,
        last,
    )


def _asked_of(question: Question, as_of: int, now: int) -> tuple[int, int]:
    """The first and the last instant that facts are asked for at: the times named, unless the caller named one.

    From ever until now for a question about what is over that names no time.
    """
    if abs(as_of - now) > MINUTE or not (question.times or question.over):
        return as_of, as_of
    if question.over:
        return ALWAYS, as_of
    return min(one.start for one in question.times), max(one.end for one in question.times) - 1


def best(
    searched: Sequence[Searched], k: int, filters: Filters, min_score: float | None, limit: int | None = None
) -> list[Hit]:
    """The best of what was found, as hits; of a turn longer than ``limit`` the text has the sentences that answer."""
    chosen = [
        one
        for one in _ranked(searched, facts="fact" in filters.kinds)
        if ("episode" if one[0][0] else "fact") in filters.kinds and (min_score is None or one[2] >= min_score)
    ][:k]
    told: dict[tuple[int, Key], Hit] = {}
    for place, one in enumerate(searched):
        keys = [_key(at) for at, *_ in chosen if at[1] == place]
        hits = Teller(one.view, one.presenter, one.question.tokens, limit).hits(one.found, keys)
        told |= {(place, key): hit for key, hit in hits.items()}
    return [
        replace(told[at[1], _key(at)], score=score, arms=scores.parts(index)) for at, index, score, scores in chosen
    ]


def _ranked(searched: Sequence[Searched], *, facts: bool) -> list[Ranked]:
    """Every candidate: what breaks a tie, its place among the scores, and its score; best first."""
    if not any(one.found.keys for one in searched):
        return []
    scores = Scores(searched[0].question, [one.found for one in searched], [one.view for one in searched], facts=facts)
    ranked: list[Ranked] = []
    for index, ((place, (kind, number)), score) in enumerate(zip(scores.places, scores.sums, strict=True)):
        found = searched[place].found
        row = found.facts[number] if kind == FACT else found.episodes[number]
        ranked.append(((int(kind != FACT), place, row.recorded_at, number), index, score, scores))
    ranked.sort(key=lambda one: (-one[2], _is_over(one[0], searched), one[0]))
    return _beside_what_is_over(ranked, searched) if searched[0].question.over else ranked


def _beside_what_is_over(ranked: list[Ranked], searched: Sequence[Searched]) -> list[Ranked]:
    """The same, the best facts that hold brought forward: before each stands at most one more that is over.

    None at all before the first of them where the tense of the question alone lets in what is over.
    """
    holding = [one for one in ranked if not one[0][0] and not _is_over(one[0], searched)][:HOLDING]
    told: dict[Place, Ranked] = {}
    over = int(searched[0].question.tense)
    for one in ranked:
        if _is_over(one[0], searched):
            told |= {first[0]: first for first in holding[:over]}
            over += 1
        told[one[0]] = one
    return list(told.values())


def _is_over(place: Place, searched: Sequence[Searched]) -> bool:
    """Is it a fact that is over, let in beside those that hold?"""
    one = searched[place[1]]
    return one.question.over and not place[0] and one.found.facts[place[3]].holds_to <= one.sieve.to


def _key(place: Place) -> Key:
    return ("episode" if place[0] else FACT, place[3])
