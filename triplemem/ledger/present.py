"""Rows as the frozen types that a caller holds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime

from triplemem.core.identity import write_id
from triplemem.core.instances import maker
from triplemem.core.instants import NOW, START_UNKNOWN, bound, from_us
from triplemem.core.rows import (
    ClaimRow,
    EntityRow,
    EpisodeRow,
    FactRow,
    JobRow,
    PeriodRow,
    TombstoneRow,
    VerdictRow,
    span_of,
)
from triplemem.core.stated import precision_of, triplet_of
from triplemem.ledger.derive import Seen, entities_of
from triplemem.ledger.rejections import became, standing_rejections
from triplemem.ledger.sense import Senses, Then, number_of
from triplemem.ledger.wording import worded
from triplemem.ports import Reader
from triplemem.types import Claim, End, Entity, Episode, Fact, Job, Period, Retraction, State, Tombstone, Usage

_new_entity, _new_episode, _new_fact, _new_period = maker(Entity), maker(Episode), maker(Fact), maker(Period)


def entity(row: EntityRow) -> Entity:
    """An entity as it stands now."""
    return _new_entity(write_id("n", row.id), row.name, row.kind, tuple(json.loads(row.aliases)) if row.aliases else ())


def episode(row: EpisodeRow, namespace: tuple[str, ...]) -> Episode:
    """An episode."""
    metadata = json.loads(row.metadata) if row.metadata else None
    return _new_episode(
        write_id("e", row.id),
        namespace,
        row.text,
        row.speaker,
        row.role,
        row.session,
        from_us(row.occurred_at, row.utc_offset),
        from_us(row.recorded_at),
        row.source_id,
        metadata,
    )


def claim(row: ClaimRow, text: str | None) -> Claim:
    """A claim; ``text`` is its episode's, from which the quote is taken."""
    said = triplet_of(row.subject, row.predicate, row.object, row.said)
    span = span_of(row)
    nothing_stated = row.valid_from is None and row.valid_to is None and row.during_from is None and not row.ended
    observed = row.said_at if row.observed_at is None and nothing_stated else row.observed_at
    return Claim(
        write_id("c", row.episode, row.n),
        write_id("f", row.fact),
        write_id("e", row.episode),
        said,
        text[span[0] : span[1]] if span and text is not None else None,
        span,
        row.extractor,
        row.prompt,
        row.actor,
        _moment(row.valid_from),
        _moment(row.valid_to),
        None
        if row.during_from is None or row.during_to is None
        else (from_us(row.during_from), from_us(row.during_to)),
        _moment(observed),
        bool(row.ended),
        from_us(row.said_at),
        precision_of(said),
        from_us(row.recorded_at),
        _moment(row.retracted_at),
    )


def _moment(us: int | None) -> datetime | None:
    return None if us is None else from_us(us)


def end(row: VerdictRow) -> End:
    """An end."""
    return End(
        write_id("v", row.id),
        write_id("f", row.fact),
        None if row.at is None else from_us(row.at),
        from_us(row.said_at),
        row.reason,
        row.actor,
        None if row.episode is None else write_id("e", row.episode),
        from_us(row.recorded_at),
        None if row.retracted_at is None else from_us(row.retracted_at),
    )


def retraction(row: VerdictRow) -> Retraction:
    """An extractor's retraction."""
    return Retraction(
        write_id("v", row.id),
        write_id("f", row.fact),
        from_us(row.said_at),
        row.actor,
        None if row.episode is None else write_id("e", row.episode),
        from_us(row.recorded_at),
        None if row.retracted_at is None else from_us(row.retracted_at),
    )


def tombstone(row: TombstoneRow) -> Tombstone:
    """A tombstone."""
    return Tombstone(write_id("t", row.id), row.verb, row.bars, from_us(row.recorded_at), row.actor, row.reason)  # type: ignore[arg-type]


def job(row: JobRow, usage: Usage | None = None) -> Job:
    """A job, and what its reading took."""
    return Job(
        write_id("j", row.episode),
        write_id("e", row.episode),
        row.state,  # type: ignore[arg-type]
        row.attempts,
        row.error,
        None if row.not_before is None else from_us(row.not_before),
        usage or Usage(),
    )


class Facts:
    """Builds facts as they stand at ``as_of``, as believed at ``known`` (None: everything recorded)."""

    def __init__(
        self,
        view: Reader,
        namespace: tuple[str, ...],
        as_of: int,
        known: int | None = None,
        senses: Senses | None = None,
    ) -> None:
        self.view, self.namespace, self.as_of = view, namespace, as_of
        self.known = NOW if known is None else known
        self.then = None
        if known is not None and senses is not None and _reread_since(view, known):
            self.then = Then(view, senses, known)
        self._seen: dict[int, Entity] = {}
        self._names: list[tuple[str, int, str]] | None = None
        self._stood: dict[int, int] | None = None

    def of(self, rows: Iterable[FactRow], believed: dict[int, list[PeriodRow]] | None = None) -> list[Fact]:
        """The facts of these rows, in their order; ``believed`` where the caller has it already."""
        rows = list(rows)
        if believed is None:
            believed = self.view.believed([row.id for row in rows], self.known) if rows else {}
        self._load_entities(rows)
        if self.known == NOW:
            return [self._fact(row, believed.get(row.id, []), row.support, row.rejected is not None) for row in rows]
        support, rejected = self._support(rows), self._rejected()
        return [self._fact(row, believed.get(row.id, []), support.get(row.id, 0), row.id in rejected) for row in rows]

    def numbered(self, numbers: Iterable[int], seen: Seen | None = None) -> list[Fact]:
        """The facts of these numbers, in their order; unknown ones are left out. ``seen``: rows already in hand."""
        numbers = list(numbers)
        if not numbers:
            return []
        if seen is None:
            rows = self.view.facts(numbers)
            return self.of(rows[number] for number in numbers if number in rows)
        for number, found in seen.entities.items():
            if number not in self._seen:
                self._seen[number] = entity(found)
        rows, believed, asked = seen.facts, seen.believed, set(numbers)
        if missing := asked.difference(rows):
            rows = {**rows, **self.view.facts(sorted(missing))}
        if unread := asked.difference(believed):
            believed = {**believed, **self.view.believed(sorted(unread), self.known)}
        return self.of([rows[number] for number in numbers if number in rows], believed)

    def _load_entities(self, rows: list[FactRow]) -> None:
        missing = [row for row in rows if row.subject not in self._seen or row.object not in self._seen]
        if not missing:
            return
        for number, row in entities_of(self.view, missing).items():
            self._seen[number] = entity(row) if self.then is None else self._entity_then(row)

    def _entity_then(self, row: EntityRow) -> Entity:
        assert self.then is not None
        if self._names is None:
            self._names = self.view.names()
        texts = {key: text for key, _, text in self._names}
        keys = [key for key, number in self.then.names.items() if number == row.id]
        aliases = tuple(texts[key] for key in keys if key in texts and texts[key] != row.name)
        return _new_entity(write_id("n", row.id), row.name, row.kind, aliases)

    def _support(self, rows: list[FactRow]) -> dict[int, int]:
        if self.then is None:
            return self.view.support([row.id for row in rows], self.known)
        if self._stood is None:
            self._stood = support_then(self.view, self.then, self.known)
        return self._stood

    def _rejected(self) -> set[int]:
        if not self.view.namespace.tombstones:
            return set()
        return set(standing_rejections(self.view.tombstones(), self._became, self.known))

    def _became(self, fact: int) -> int:
        row = self.view.facts([fact]).get(fact)
        if self.then is None or row is None:
            return became(self.view, fact)
        return number_of(self.then.secret, self.then.of_fact(row))

    def _fact(self, row: FactRow, rows: list[PeriodRow], support: int, rejected: bool) -> Fact:
        subject, object_ = self._seen[row.subject], self._seen[row.object]
        as_of, shown = self.as_of, None
        periods: list[Period] = []
        for period in rows:
            periods.append(_new_period(bound(period.valid_from), bound(period.valid_to)))
            if shown is None and START_UNKNOWN != period.valid_from <= as_of < period.valid_to:
                shown = len(periods) - 1
        place = len(rows) - 1 if shown is None else shown
        last = rows[place] if rows else None
        over = last is not None and last.valid_to <= as_of
        return _new_fact(
            write_id("f", row.id),
            self.namespace,
            subject,
            row.predicate,
            object_,
            worded(subject.name, row.predicate, object_.name),
            tuple(periods),
            periods[place].valid_from if periods else None,
            periods[place].valid_to if periods else None,
            _state(rows, as_of, shown is not None, rejected),
            support,
            write_id("f", last.successor) if last is not None and over and last.successor is not None else None,
        )


def _state(rows: list[PeriodRow], as_of: int, covers: bool, rejected: bool) -> State:
    if rejected:
        return "rejected"
    if covers:
        return "current"
    if not rows:
        return "displaced"
    return "future" if all(p.valid_from > as_of for p in rows) else "ended"


def _reread_since(view: Reader, known: int) -> bool:
    """Has a merge, a split, an alias or a definition been recorded after ``known``?"""
    space = view.namespace
    if not (space.merges or space.definitions):
        return False
    return any(row.recorded_at > known for row in view.identities()) or any(row[4] > known for row in view.predicates())


def support_then(view: Reader, then: Then, known: int) -> dict[int, int]:
    """How many episodes stood behind each fact, by the reading of that time."""
    claims = [
        row
        for row in view.claims()
        if row.recorded_at <= known and (row.retracted_at is None or known < row.retracted_at)
    ]
    speakers = speakers_of(view, claims)
    behind: dict[int, set[int]] = {}
    for row in claims:
        key = then.of_claim(row, speakers)
        if key is not None:
            behind.setdefault(number_of(then.secret, key), set()).add(row.episode)
    return {fact: len(episodes) for fact, episodes in behind.items()}


def speakers_of(view: Reader, claims: Iterable[ClaimRow]) -> Mapping[int, str | None]:
    """Who spoke in the episodes of these claims."""
    return {number: row.speaker for number, row in view.episodes({row.episode for row in claims}).items()}
