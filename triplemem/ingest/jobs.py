"""Extraction as durable work: leased, done once, retried with backoff up to a bound."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

from triplemem.core.hints import Expected
from triplemem.core.predicates import Vocabulary
from triplemem.core.rows import EpisodeRow, JobRow
from triplemem.ingest.known import names_hint, request_for
from triplemem.ingest.proposals import accept
from triplemem.ingest.shape import misshapen
from triplemem.ledger import present
from triplemem.ledger.derive import Effects
from triplemem.ledger.engine import Engine
from triplemem.ledger.sense import names_in
from triplemem.ledger.space import Space
from triplemem.ledger.vectors import Text, fill, made
from triplemem.ports import Reader, Writer
from triplemem.types import Extraction, ExtractionRequest, Job, ProcessResult, Refusal, Usage

LEASE = 60_000_000
"""Microseconds for which a worker keeps a job to itself; after that another may take it."""
RENEW_AFTER = 10_000_000
"""Microseconds after which a worker that is still at it extends its hold, before the next batch."""
CHUNK = 200
"""How many episodes of due jobs are looked at together."""
MAX_ATTEMPTS = 5
"""A job that failed so often stays failed."""
BACKOFF = (0, 10, 60, 600)
"""Seconds from each failure to the next attempt: the first retry may come at once."""
ALONE_AFTER = 2
"""An episode that failed so often is read by itself."""
MAX_ERROR = 500


@dataclass(slots=True)
class Results:
    """What some extractions did."""

    effects: Effects = field(default_factory=Effects)
    refused: list[Refusal] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    done: int = 0
    failed: int = 0
    unembedded: list[Text] = field(default_factory=list)

    def merge(self, effects: Effects) -> None:
        """Add what one transaction did; what ended and reopened again did neither."""
        mine = self.effects
        again = [fact for fact in effects.added if fact in mine.ended]  # retracted by a revision that says it again
        mine.ended = [fact for fact in mine.ended if fact not in again]
        mine.added = list(dict.fromkeys([*mine.added, *(f for f in effects.added if f not in again)]))
        new = set(mine.added)
        mine.confirmed = [f for f in dict.fromkeys([*mine.confirmed, *effects.confirmed, *again]) if f not in new]
        mine.follow(effects)


def fresh_lease() -> str:
    """A name for one worker's hold on jobs."""
    return secrets.token_hex(8)


def list_jobs(space: Space, state: str | None) -> list[Job]:
    """Every job, or those in one state."""
    rows = space.engine.read(space.path, lambda view: view.jobs() if state in (None, "done") else view.undone_jobs())
    return [present.job(row) for row in rows if state is None or row.state == state]


def process(space: Space, limit: int | None) -> ProcessResult:
    """Read what is due: pending jobs that nobody holds, and failed ones whose time has come."""
    engine, results = space.engine, Results()
    lease = fresh_lease()
    if engine.read(space.path, lambda view: view.namespace.n < 0):  # nobody wrote to it; to lease nothing would make it
        return ProcessResult(0, 0, 0, [], [], [], Usage())

    def take(tx: Writer, _: Vocabulary) -> tuple[list[JobRow], list[EpisodeRow]]:
        due, episodes = _due(tx, engine.roles, limit)
        tx.put_jobs(row._replace(state="pending", lease=lease, lease_until=tx.now + LEASE) for row in due)
        return due, episodes

    due, episodes = engine.write(space.path, space.actor, take)
    alone = {row.episode for row in due if row.attempts >= ALONE_AFTER}
    run(space, episodes, lease, results, alone)
    fill(space)

    def shown(view: Reader) -> ProcessResult:
        facts = present.Facts(view, space.namespace, engine.now_us())
        pending = sum(row.state == "pending" for row in view.undone_jobs())
        return ProcessResult(
            results.done,
            results.failed,
            pending,
            facts.numbered(results.effects.added),
            facts.numbered(results.effects.ended),
            results.refused,
            results.usage,
        )

    return engine.read(space.path, shown)


def _due(tx: Writer, roles: Collection[str], limit: int | None) -> tuple[list[JobRow], list[EpisodeRow]]:
    """At most ``limit`` of the jobs that may be taken now, with their episodes: of the roles that we read alone.

    Another role's jobs are left to whoever reads it, and are in nobody's way.
    """
    rows = [row for row in tx.undone_jobs() if is_due(row, tx.now)]
    due: list[JobRow] = []
    read: list[EpisodeRow] = []
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        episodes = tx.episodes(row.episode for row in chunk)
        ours = [row for row in chunk if episodes[row.episode].role in roles]
        ours = ours if limit is None else ours[: limit - len(due)]
        due += ours
        read += [episodes[row.episode] for row in ours]
        if len(due) == limit:
            break
    return due, read


def is_due(row: JobRow, now: int) -> bool:
    """May a worker take this job now?"""
    if row.lease is not None and row.lease_until is not None and row.lease_until > now:
        return False
    if row.state == "failed":
        return row.not_before is not None and row.not_before <= now
    return row.state == "pending"


def run(
    space: Space, episodes: Iterable[EpisodeRow], lease: str | None, results: Results, alone: Collection[int] = ()
) -> None:
    """Let the extractor read the leased episodes, batch by batch; what it raises fails the batch's jobs.

    No lock is held and no transaction is open while it reads. ``alone``: episodes to be read by themselves, lest one
    that always fails takes others with it.
    """
    readable = [row for row in episodes if row.role in space.engine.roles]
    quiet: list[EpisodeRow] = []
    held_at = space.engine.now_us()
    try:
        for batch in _batches(readable, space.engine.batch, alone):
            held_at = _renew(space, readable, lease, held_at)
            now = space.engine.now_us()
            request, numbers = space.engine.read(
                space.path, partial(request_for, space=space, batch=batch, now=now), partial(names_hint, batch, now)
            )
            extraction, error = _extract(space.engine, request)
            if extraction is not None and not _says_anything(extraction):
                quiet += batch
                results.usage += extraction.usage
                continue
            _conclude(space, quiet, None, None, {}, lease, results)
            quiet = []
            if extraction is None:
                _fail(space, batch, error or "", lease, results)
            else:
                _conclude(space, batch, request, extraction, numbers, lease, results)
        _conclude(space, quiet, None, None, {}, lease, results)
    except BaseException:
        _conclude(space, quiet, None, None, {}, lease, results)
        _let_go(space, readable, lease)
        raise


def _renew(space: Space, rows: list[EpisodeRow], lease: str | None, held_at: int) -> int:
    """Extend the hold on what is still leased, if some of it has passed; since when the hold now counts."""
    now = space.engine.now_us()
    if now - held_at < RENEW_AFTER:
        return held_at

    def work(tx: Writer, _: Vocabulary) -> None:
        held = _held(tx, rows, lease)
        tx.put_jobs(row._replace(lease_until=tx.now + LEASE) for row in held.values())

    space.engine.write(space.path, space.actor, work)
    return now


def _says_anything(extraction: Extraction) -> bool:
    said = extraction
    return bool(said.claims or said.ends or said.retractions or said.same_as or said.predicates)


def _extract(engine: Engine, request: ExtractionRequest) -> tuple[Extraction | None, str | None]:
    try:
        extraction: object = engine.extractor.extract(request)
    except Exception as error:  # noqa: BLE001 - somebody else's code may raise anything: the job fails, with the reason
        said = " ".join(f"{type(error).__name__}: {error}".split())
        return None, said.encode("utf-8", "replace").decode("utf-8")[:MAX_ERROR]
    fault = misshapen(extraction)
    if fault is not None:
        return None, fault
    assert isinstance(extraction, Extraction)
    return extraction, None


def _conclude(
    space: Space,
    batch: list[EpisodeRow],
    request: ExtractionRequest | None,
    extraction: Extraction | None,
    numbers: dict[str, int],
    lease: str | None,
    results: Results,
) -> None:
    """Write what was read, in one transaction, of the episodes whose lease is still held and which still stand."""
    if not batch:
        return

    def work(tx: Writer, vocabulary: Vocabulary) -> tuple[Effects, list[Refusal], int, list[Text]]:
        held = _held(tx, batch, lease)
        effects, refused = Effects(), list[Refusal]()
        if extraction is not None and request is not None:
            standing = tx.episodes(held)
            effects = accept(
                tx, vocabulary, space, [standing.get(row.id) for row in batch], numbers, extraction, refused
            )
        tx.put_jobs(JobRow(n, "done", row.attempts + 1, None, None, None, None) for n, row in held.items())
        return effects, refused, len(held), made(tx, space, effects.added)

    def hint(secret: bytes | None, now: int) -> Expected:
        said = () if extraction is None else extraction.claims
        speakers = {row.speaker for row in batch}
        names = names_in((claim.triplet for claim in said), speakers)
        return Expected(names, episodes=[row.id for row in batch], facts=list(numbers.values()))

    effects, refused, done, unembedded = space.engine.write(space.path, space.actor, work, hint)
    results.merge(effects)
    results.unembedded += unembedded
    results.refused += refused
    results.done += done
    if extraction is not None:
        results.usage += extraction.usage


def _held(tx: Reader, batch: Iterable[EpisodeRow], lease: str | None) -> dict[int, JobRow]:
    rows = {row.episode: row for row in tx.undone_jobs(row.id for row in batch)}
    return {number: row for number, row in rows.items() if row.lease == lease}


def _fail(space: Space, batch: list[EpisodeRow], error: str, lease: str | None, results: Results) -> None:

    def work(tx: Writer, _: Vocabulary) -> int:
        held = _held(tx, batch, lease)
        tx.put_jobs(_failed(tx, row, error) for row in held.values())
        return len(held)

    results.failed += space.engine.write(space.path, space.actor, work)


def _failed(tx: Writer, row: JobRow, error: str) -> JobRow:
    attempts = row.attempts + 1
    again = attempts < MAX_ATTEMPTS
    wait = BACKOFF[min(attempts, len(BACKOFF)) - 1] * 1_000_000
    return JobRow(row.episode, "failed", attempts, error, tx.now + wait if again else None, None, None)


def _let_go(space: Space, batch: list[EpisodeRow], lease: str | None) -> None:
    """Give back what an interruption left leased."""
    if not batch:
        return
    if not space.engine.read(space.path, lambda view: _held(view, batch, lease)):
        return
    space.engine.write(
        space.path,
        space.actor,
        lambda tx, _: tx.put_jobs(
            row._replace(lease=None, lease_until=None) for row in _held(tx, batch, lease).values()
        ),
    )


def _batches(rows: list[EpisodeRow], size: int, alone: Collection[int]) -> Iterator[list[EpisodeRow]]:
    """Runs of episodes of one session, at most ``size`` each."""
    batch: list[EpisodeRow] = []
    for row in rows:
        apart = row.id in alone or bool(batch and batch[0].id in alone)
        if batch and (apart or len(batch) >= size or row.session != batch[0].session):
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch
