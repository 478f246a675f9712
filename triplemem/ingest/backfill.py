"""Reading as a batch: what is due is handed in together, remembered in the store, and collected when it is answered.

The lease of each job says of which batch it is, and that of a reading's first job what has to be known to understand
the answer; so any process may collect it, and no batch can hold a job for longer than its lease.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, cast

from triplemem.core.identity import write_id
from triplemem.core.predicates import Vocabulary
from triplemem.core.rows import EpisodeRow, JobRow
from triplemem.errors import ConfigError, ModelError
from triplemem.ingest.batches import Limits, batches
from triplemem.ingest.failing import ALONE_AFTER, Failure
from triplemem.ingest.jobs import (
    Results,
    asked,
    conclude,
    fail,
    fresh_lease,
    given_back,
    holder,
    let_go,
    take_due,
    told,
)
from triplemem.ingest.known import as_read
from triplemem.ledger import present, usage
from triplemem.ledger.space import Space
from triplemem.ledger.vectors import fill
from triplemem.ledger.write import Origin
from triplemem.ports import BatchExtractor, ModelReply, ModelRequest, Reader, Writer
from triplemem.types import Entity, ExtractionRequest, Fact, ProcessResult, Usage

HELD = 26 * 3_600 * 1_000_000
"""Microseconds for which a batch holds its jobs: a day, after which it has ended in any case, and some."""
MARK = "batch-"
MAX_REQUESTS, MAX_CHARS = 2_000, 100_000_000
"""How many requests, and how many characters of them, are handed in as one batch; more than that are several."""
Answers = Mapping[str, ModelReply | ModelError]


def backfill(space: Space, limit: int | None, limits: Limits) -> ProcessResult:
    """Collect the batches that are answered, then hand in what is due."""
    results = Results()
    extractor = _batching(space)
    if space.engine.read(space.path, lambda view: view.namespace.n >= 0):
        _collect(space, extractor, results)
        if results.stopped is None:
            _submit(space, extractor, limit, limits, results)
        fill(space)
    return space.engine.read(space.path, lambda view: told(view, space=space, results=results))


def _batching(space: Space) -> BatchExtractor:
    extractor = space.engine.extractor
    if not all(callable(getattr(extractor, name, None)) for name in ("requests", "submit", "collect", "read")):
        raise ConfigError("a batch is for a model: give model='claude-haiku-5-5', or set $TRIPLEMEM_MODEL")
    return cast(BatchExtractor, extractor)


# --- handing in -----------------------------------------------------------------------------------------------------


class _Reading(NamedTuple):
    """Episodes that are read together; ``name`` holds their jobs, and is what their requests are called after."""

    name: str
    batch: list[EpisodeRow]
    known: list[int]
    requests: list[ModelRequest]

    @property
    def chars(self) -> int:
        return sum(len(one.system) + sum(len(str(m.get("content", ""))) for m in one.messages) for one in self.requests)


def _submit(space: Space, extractor: BatchExtractor, limit: int | None, limits: Limits, results: Results) -> None:
    engine, lease = space.engine, fresh_lease()

    def take(tx: Writer, _: Vocabulary) -> tuple[list[JobRow], list[EpisodeRow]]:
        due, episodes = take_due(tx, engine.roles, limit)
        tx.put_jobs(row._replace(state="pending", lease=lease, lease_until=tx.now + engine.lease) for row in due)
        return due, episodes

    due, episodes = engine.write(space.path, space.actor, take)
    again = {row.episode: row.error is None for row in due if row.attempts}
    alone = {row.episode for row in due if row.attempts >= ALONE_AFTER and row.error is not None}
    waiting: list[_Reading] = []
    calls = 0
    try:
        for batch in batches(episodes, engine, alone):
            request, numbers = asked(space, batch, {row.id: again[row.id] for row in batch if row.id in again})
            asks = extractor.requests(request)
            if limits.max_calls is not None and calls + len(asks) > limits.max_calls:
                results.stopped = f"max_calls: {calls} of {limits.max_calls} calls handed in"
                break
            calls += len(asks)
            known = [numbers[fact.id] for fact in request.known]
            waiting.append(_Reading(f"{MARK}{lease}-{batch[0].id:x}", batch, known, asks))
            if sum(len(one.requests) for one in waiting) >= MAX_REQUESTS or sum(w.chars for w in waiting) >= MAX_CHARS:
                _hand_in(space, extractor, waiting, lease, results)
                waiting = []
        if waiting:
            _hand_in(space, extractor, waiting, lease, results)
    except ModelError as error:
        results.stopped = Failure.of(error).reason
    finally:
        let_go(space, lease)


def _hand_in(
    space: Space, extractor: BatchExtractor, readings: Sequence[_Reading], lease: str, results: Results
) -> None:
    named = {f"{one.name}-{n}": ask for one in readings for n, ask in enumerate(one.requests)}
    batch = extractor.submit(named)
    engine = space.engine

    def remember(tx: Writer, _: Vocabulary) -> int:
        held = {row.episode: row for row in tx.undone_jobs() if row.lease == lease}
        rows: list[JobRow] = []
        for reading in readings:
            mine = [held[row.id] for row in reading.batch if row.id in held]
            for place, row in enumerate(mine):
                note: dict[str, Any] = {"batch": batch}
                if place == 0:
                    note |= {
                        "of": [row.id for row in reading.batch],
                        "known": reading.known,
                        "calls": len(reading.requests),
                        "by": [engine.extractor_name, engine.prompt],
                    }
                said = f"{reading.name} {json.dumps(note, separators=(',', ':'))}"
                rows.append(row._replace(lease=said, lease_until=tx.now + HELD))
        tx.put_jobs(rows)
        return len(rows)

    results.submitted += engine.write(space.path, space.actor, remember)


# --- collecting -----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Held:
    """The jobs that one reading of a batch holds, and what it has to remember."""

    jobs: list[JobRow] = field(default_factory=list)
    note: dict[str, Any] = field(default_factory=dict)


def _note(row: JobRow) -> dict[str, Any]:
    """What the lease of a job remembers of a batch; nothing, where no batch holds it."""
    lease = row.lease or ""
    found: dict[str, Any] = json.loads(lease.partition(" ")[2] or "{}") if lease.startswith(MARK) else {}
    return found


def _held(view: Reader) -> dict[str, dict[str, _Held]]:
    """By the id of the batch, and the name of the reading, what is held."""
    found: dict[str, dict[str, _Held]] = {}
    for row in view.undone_jobs():
        note = _note(row)
        if note:
            reading = found.setdefault(note["batch"], {}).setdefault(holder(row.lease) or "", _Held())
            reading.jobs.append(row)
            reading.note = note if "of" in note else reading.note
    return found


def _collect(space: Space, extractor: BatchExtractor, results: Results) -> None:
    for batch, readings in space.engine.read(space.path, _held).items():
        try:
            answers = extractor.collect(batch)
        except ModelError as error:
            results.stopped = Failure.of(error).reason
            return
        if answers is None:
            continue
        _note_usage(space, batch, answers, results)
        for name, reading in readings.items():
            _read(space, extractor, name, reading, answers, results)


def _note_usage(space: Space, batch: str, answers: Answers, results: Results) -> None:
    """Write down what a batch took, once: also of what was erased or revised since."""
    spent = [(int(name.split("-")[2], 16), _took(answer)) for name, answer in answers.items() if _ours(name)]

    def work(tx: Writer, _: Vocabulary) -> bool:
        rows = [row for row in tx.undone_jobs() if _note(row).get("batch") == batch]
        if not rows or any(_note(row).get("noted") for row in rows):
            return False
        usage.note(tx, space.actor, spent)
        tx.put_jobs(
            row._replace(lease=f"{holder(row.lease)} {json.dumps({**_note(row), 'noted': True})}") for row in rows
        )
        return True

    if space.engine.write(space.path, space.actor, work):
        results.usage += sum((took for _, took in spent), Usage())


def _ours(name: str) -> bool:
    """Is it a name that we gave to a request?"""
    parts = name.split("-")
    return name.startswith(MARK) and len(parts) == 4 and all(c in "0123456789abcdef" for c in parts[2])


def _took(answer: ModelReply | ModelError) -> Usage:
    return answer.usage or Usage()


def _read(space: Space, extractor: BatchExtractor, name: str, held: _Held, answers: Answers, results: Results) -> None:
    """Conclude one reading; what was not answered, or can no longer be understood, is due again at once."""
    found = [answers.get(f"{name}-{n}") for n in range(held.note.get("calls", 0))]
    errors = [one for one in found if isinstance(one, ModelError)]
    rows = space.engine.read(space.path, lambda view: view.episodes(row.episode for row in held.jobs))
    batch = list(rows.values())
    if errors and not any(error.stops for error in errors):
        fail(space, batch, Failure.of(errors[0])._replace(usage=Usage()), name, results)
        return
    replies = [one for one in found if isinstance(one, ModelReply)]
    if not batch or not found or len(replies) < len(found):
        _give_back(space, name)
        return
    whole = [rows.get(number) or _gone(batch[0], number) for number in held.note["of"]]
    request, numbers = space.engine.read(space.path, lambda view: _request(view, space, whole, held.note["known"]))
    if len(extractor.requests(request)) != len(found):  # a sentence was erased, and it falls into other parts
        _give_back(space, name)
        return
    again = {row.episode: row.error is None for row in held.jobs if row.attempts}
    by = held.note["by"]
    try:
        extraction = extractor.read(request, replies)
    except ModelError as error:
        fail(space, batch, Failure.of(error)._replace(usage=Usage()), name, results)
        return
    origin = Origin(by[0], by[1], space.actor)
    conclude(space, whole, request, extraction, numbers, name, results, again=again, origin=origin)


def _gone(like: EpisodeRow, number: int) -> EpisodeRow:
    """In the place of an episode that was erased or revised since, so that the others keep theirs."""
    return like._replace(id=number, text="", speaker=None)


def _request(
    view: Reader, space: Space, batch: Sequence[EpisodeRow], known: Sequence[int]
) -> tuple[ExtractionRequest, dict[str, int]]:
    """The request as far as an answer refers to it: the turns, and the facts by the places in which they were shown."""
    facts = {fact.id: fact for fact in present.Facts(view, space.namespace, space.engine.now_us()).numbered(known)}
    nobody = Entity("", "", None, ())
    nothing = Fact("", space.namespace, nobody, "", nobody, "", (), None, None, "ended", 0, None)
    shown = [facts.get(write_id("f", n), nothing) for n in known]
    episodes = tuple(as_read(row, space) for row in batch)
    numbers = {write_id("f", n): n for n in known if write_id("f", n) in facts}
    return ExtractionRequest(episodes, known=shown, namespace=space.namespace), numbers


def _give_back(space: Space, name: str) -> None:
    space.engine.write(
        space.path,
        space.actor,
        lambda tx, _: tx.put_jobs(given_back(row) for row in tx.undone_jobs() if holder(row.lease) == name),
    )
