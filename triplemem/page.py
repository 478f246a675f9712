"""The graph as one page for a browser: every fact with its periods, its evidence and its place in history."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from triplemem.core.identity import read_id, write_id
from triplemem.core.instants import FOREVER, START_UNKNOWN, to_us
from triplemem.core.page import filled
from triplemem.core.rows import ClaimRow, EpisodeRow, PeriodRow, VerdictRow
from triplemem.ledger import present
from triplemem.ledger.evidence import Evidence, evidence
from triplemem.ledger.space import Space, When
from triplemem.ports import Reader
from triplemem.resources import page_parts
from triplemem.types import Claim, Entity, Fact

Json = dict[str, Any]
PARTS = ("entities", "facts", "claims", "episodes")


def page(spaces: Sequence[Space], times: When, now: int, facts: Collection[str], *, include_ended: bool) -> str:
    """A page of HTML that shows these facts, by their ids, and reaches for nothing outside itself.

    It opens at ``times.as_of``, and moves through all time by itself; ``include_ended`` is how it begins.
    """
    template, style, library, script = page_parts()
    data = page_data(spaces, times, now, facts, include_ended=include_ended)
    title = f"{data['namespace']} · triplemem"
    return filled(template, title=title, style=style, scripts=[library, script], data=data)


def page_data(spaces: Sequence[Space], times: When, now: int, facts: Collection[str], *, include_ended: bool) -> Json:
    """What the page is told. Times are milliseconds since 1970, UTC; null is an unknown start or an open end."""
    found: Json = {
        "namespace": spaces[0].path,
        "now": now / 1000,
        "asOf": times.as_of / 1000,
        "knownAt": None if times.known is None else times.known / 1000,
        "includeEnded": include_ended,
        **{part: {} for part in PARTS},
    }
    numbers = {number[0] for number in (read_id("f", fact) for fact in facts) if number is not None}
    for space in spaces:
        read = space.engine.read(space.path, partial(_read, space=space, times=times, numbers=numbers))
        for part in PARTS:
            found[part].update(read.get(part, {}))
    return found


def _read(view: Reader, *, space: Space, times: When, numbers: Collection[int]) -> Json:
    """What one namespace knows of these facts, in a number of queries that does not grow with them."""
    rows = {row.id: row for row in view.facts_about()} if view.namespace.n >= 0 else {}
    if rows.keys().isdisjoint(numbers):
        return {}
    presenter = present.Facts(view, space.namespace, times.as_of, times.known, space.engine.senses)
    believed = view.believed(rows, presenter.known)
    shown = {number: believed[number] for number in rows if number in numbers and believed.get(number)}
    beside = [number for number in _neighbours(shown, believed) if number in rows]
    behind = evidence(view, shown, presenter.known, presenter.then)
    facts = presenter.of([rows[number] for number in (*shown, *beside)], believed)
    episodes = view.episodes(_episodes(behind.values()))
    claims = {(row.episode, row.n): row for one in behind.values() for row in (*one.claims, *one.ending)}
    return {
        "entities": {end.id: _entity(end) for fact in facts for end in (fact.subject, fact.object)},
        "facts": {fact.id: _fact(fact, believed.get(n, ()), behind.get(n), space.path) for n, fact in _numbered(facts)},
        "claims": {write_id("c", *number): _claim(row, episodes) for number, row in claims.items()},
        "episodes": {write_id("e", row.id): _episode(row) for row in episodes.values()},
    }


def _numbered(facts: Iterable[Fact]) -> Iterable[tuple[int, Fact]]:
    """Facts with the numbers behind their ids."""
    for fact in facts:
        number = read_id("f", fact.id)
        assert number is not None
        yield number[0], fact


def _neighbours(shown: Mapping[int, Sequence[PeriodRow]], believed: Mapping[int, Sequence[PeriodRow]]) -> list[int]:
    """The facts that came after one of those shown, or before one, and are not shown themselves: told, not drawn."""
    after = {p.successor for periods in shown.values() for p in periods if p.successor is not None}
    before = {fact for fact, periods in believed.items() if any(p.successor in shown for p in periods)}
    return sorted((after | before) - shown.keys())


def _episodes(behind: Iterable[Evidence]) -> set[int]:
    found: set[int] = set()
    for one in behind:
        found |= {row.episode for row in (*one.claims, *one.ending)}
        found |= {row.episode for row in one.verdicts if row.episode is not None}
    return found


def _fact(fact: Fact, periods: Sequence[PeriodRow], behind: Evidence | None, namespace: str) -> Json:
    told: Json = {
        "subject": fact.subject.id,
        "predicate": fact.predicate,
        "object": fact.object.id,
        "text": fact.text,
        "namespace": namespace,
        "support": fact.support,
        "periods": [_period(row) for row in periods],
    }
    if behind is None:
        return told | {"beside": True}
    return told | {
        "claims": [write_id("c", row.episode, row.n) for row in behind.claims],
        "endedBy": [write_id("c", row.episode, row.n) for row in behind.ending],
        "ends": [_verdict(row) for row in behind.verdicts],
    }


def _period(row: PeriodRow) -> Json:
    return {
        "from": None if row.valid_from == START_UNKNOWN else row.valid_from / 1000,
        "to": None if row.valid_to == FOREVER else row.valid_to / 1000,
        "next": None if row.successor is None else write_id("f", row.successor),
    }


def _entity(entity: Entity) -> Json:
    return {"name": entity.name, "kind": entity.kind, "aliases": list(entity.aliases)}


def _claim(row: ClaimRow, episodes: Mapping[int, EpisodeRow]) -> Json:
    claim: Claim = present.claim(row, episodes[row.episode].text)
    return {
        "episode": claim.episode_id,
        "quote": claim.quote,
        "span": claim.span,
        "said": [claim.said.subject, claim.said.predicate, claim.said.object],
        "saidAt": _ms(claim.said_at),
        "ended": claim.ended,
        "by": claim.extractor,
        "retractedAt": _ms(claim.retracted_at),
    }


def _verdict(row: VerdictRow) -> Json:
    return {
        "kind": row.kind,
        "at": None if row.at is None else row.at / 1000,
        "saidAt": row.said_at / 1000,
        "reason": row.reason,
        "actor": row.actor,
        "episode": None if row.episode is None else write_id("e", row.episode),
        "retractedAt": None if row.retracted_at is None else row.retracted_at / 1000,
    }


def _episode(row: EpisodeRow) -> Json:
    return {
        "text": row.text,
        "speaker": row.speaker,
        "role": row.role,
        "session": row.session,
        "source": row.source_id,
        "at": row.occurred_at / 1000,
    }


def _ms(moment: datetime | None) -> float | None:
    return None if moment is None else to_us(moment) / 1000
