"""Extraction as durable work: leased, done once, retried with backoff up to a bound."""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType

from triplemem.core.hints import Expected
from triplemem.core.pacing import Unread
from triplemem.core.predicates import Vocabulary
from triplemem.core.rows import EpisodeRow, JobRow
from triplemem.errors import ModelError, ModelUnavailable
from triplemem.ingest.again import Evidence, had_stated, shown_evidence, shown_then
from triplemem.ingest.batches import Limits, batches, hold
from triplemem.ingest.failing import ALONE_AFTER, Failure, failed
from triplemem.ingest.known import asked_vectors, names_hint, request_for
from triplemem.ingest.proposals import Changed, accept
from triplemem.ingest.shape import misshapen
from triplemem.ledger import present, usage
from triplemem.ledger.derive import Effects
from triplemem.ledger.engine import Engine
from triplemem.ledger.sense import names_in
from triplemem.ledger.space import Space
from triplemem.ledger.vectors import Text, fill, made
from triplemem.ledger.write import Origin
from triplemem.ports import Reader, Writer
from triplemem.types import (
    Claim,
    End,
    Extraction,
    ExtractionRequest,
    Job,
    ProcessResult,
    Refusal,
    Retraction,
    Usage,
)

RENEW_AFTER = 10_000_000
"""Microseconds after which a worker that is still at it extends its hold, before the next batch."""
_NONE: Mapping[int, bool] = MappingProxyType({})
CHUNK = 200
"""How many episodes of due jobs are looked at together."""


@dataclass(slots=True)
class Results:
    """What some extractions did."""

    effects: Effects = field(default_factory=Effects)
    refused: list[Refusal] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    unanswered: int = 0
    done: int = 0
    failed: int = 0
    unembedded: list[Text] = field(default_factory=list)
    submitted: int = 0
    stopped: str | None = None
    made: list[Claim | End | Retraction] = field(default_factory=list)
    gone: list[Claim | End | Retraction] = field(default_factory=list)

    @property
    def begun(self) -> Usage:
        """What counts against limits: also calls that brought no answer, though they took nothing."""
        return self.usage + Usage(calls=self.unanswered)

    def gather(self, later: Results) -> None:
        """Add what a later transaction did."""
        self.merge(later.effects)
        self.refused += later.refused
        self.unembedded += later.unembedded
        self.made += later.made
        self.gone += later.gone

    def merge(self, effects: Effects) -> None:
        """Add what one transaction did; what did both, ended and reopened, did neither; nor did what is new."""
        mine = self.effects
        mine.added = list(dict.fromkeys([*mine.added, *effects.added]))
        new = set(mine.added)
        mine.confirmed = [f for f in dict.fromkeys([*mine.confirmed, *effects.confirmed]) if f not in new]
        mine.follow(effects)
        mine.ended = [fact for fact in mine.ended if fact not in new]
        mine.reopened = [fact for fact in mine.reopened if fact not in new]


def fresh_lease() -> str:
    """A name for one worker's hold on jobs."""
    return secrets.token_hex(8)


def list_jobs(space: Space, state: str | None) -> list[Job]:
    """Every job, or those in one state."""

    def work(view: Reader) -> list[Job]:
        rows = view.jobs() if state in (None, "done") else view.undone_jobs()
        rows = [row for row in rows if state is None or row.state == state]
        episodes = view.episodes(row.episode for row in rows).values()
        first = min((row.recorded_at for row in episodes), default=None)  # nothing was spent on them before that
        spent = {} if first is None else usage.by_episode(view, first)
        return [present.job(row, spent.get(row.episode)) for row in rows]

    return space.engine.read(space.path, work)


def total_usage(space: Space) -> Usage:
    """What calls of models took in this namespace."""
    return space.engine.read(space.path, usage.total)


def process(
    space: Space,
    limit: int | None,
    limits: Limits = Limits(),  # noqa: B008 - immutable
    *,
    only: Collection[int] | None = None,
    lease: str | None = None,
    results: Results | None = None,
) -> ProcessResult:
    """Read what is due: pending jobs that nobody holds, and failed ones whose time has come.

    ``only`` these episodes; ``lease``: the name under which they are held while they are read. ``results`` is what it
    adds to, for who wants to know what was done even if it raises.
    """
    engine, results = space.engine, Results() if results is None else results
    lease = fresh_lease() if lease is None else lease
    if engine.read(space.path, lambda view: view.namespace.n < 0):  # nobody wrote to it; to lease nothing would make it
        return ProcessResult(0, 0, 0, [], [], [], Usage())

    def take(tx: Writer, _: Vocabulary) -> tuple[list[JobRow], list[EpisodeRow]]:
        due, episodes = take_due(tx, engine.roles, limit, only)
        tx.put_jobs(row._replace(state="pending", lease=lease, lease_until=tx.now + engine.lease) for row in due)
        return due, episodes

    due, episodes = engine.write(space.path, space.actor, take)
    again = {row.episode: row.error is None for row in due if row.attempts}
    alone = {row.episode for row in due if row.attempts >= ALONE_AFTER and row.error is not None}
    tried = {row.episode for row in due if row.state == "failed"}
    late = {row.session for row in episodes if row.id in tried}  # what fails again is to keep nobody waiting
    episodes = sorted(episodes, key=lambda row: row.session in late)
    run(space, episodes, lease, results, alone, limits, again)
    fill(space)
    return engine.read(space.path, partial(told, space=space, results=results))


def told(view: Reader, *, space: Space, results: Results) -> ProcessResult:
    """The public result, facts as they stand now."""
    facts = present.Facts(view, space.namespace, space.engine.now_us())
    pending = sum(row.state == "pending" for row in view.undone_jobs())
    return ProcessResult(
        results.done,
        results.failed,
        pending,
        facts.numbered(results.effects.added),
        facts.numbered(results.effects.ended),
        results.refused,
        results.usage,
        results.stopped,
        results.made,
        results.gone,
        results.submitted,
    )


def unread(space: Space) -> tuple[list[Unread], int | None]:
    """What may be read now, and in how many microseconds the next failed job may be tried, or a hold is over."""
    engine = space.engine

    def work(view: Reader) -> tuple[list[Unread], int | None]:
        now = engine.now_us()
        undone = view.undone_jobs() if view.namespace.n >= 0 else []
        due = [row for row in undone if is_due(row, now)]
        read = view.episodes(row.episode for row in due) if due else {}
        found = [
            Unread(row.episode, turn.session, turn.recorded_at, len(turn.text), row.state == "failed")
            for row in due
            if (turn := read[row.episode]).role in engine.roles
        ]
        later = [row.not_before if row.state == "failed" else row.lease_until for row in undone]
        return found, min((at - now for at in later if at is not None and at > now), default=None)

    return engine.read(space.path, work)


def let_go(space: Space, lease: str) -> None:
    """Give back all that is held under a lease whose holder is not waited for any longer."""

    def work(tx: Writer, _: Vocabulary) -> None:
        tx.put_jobs(given_back(row) for row in tx.undone_jobs() if row.lease == lease)

    if _holds(space, lease):
        space.engine.write(space.path, space.actor, work)


def _holds(space: Space, lease: str) -> bool:
    """Is any job held under this lease?"""
    return space.engine.read(space.path, lambda view: any(row.lease == lease for row in view.undone_jobs()))


def given_back(row: JobRow) -> JobRow:
    """The job as nobody holds it; what had failed before has failed still."""
    return row._replace(state="failed" if row.error else "pending", lease=None, lease_until=None)


def take_due(
    tx: Writer, roles: Collection[str], limit: int | None, only: Collection[int] | None = None
) -> tuple[list[JobRow], list[EpisodeRow]]:
    """At most ``limit`` of the jobs that may be taken now, with their episodes: of the roles that we read alone.

    Another role's jobs are left to whoever reads it, and are in nobody's way.
    """
    rows = [row for row in tx.undone_jobs() if is_due(row, tx.now) and (only is None or row.episode in only)]
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
    space: Space,
    episodes: Iterable[EpisodeRow],
    lease: str | None,
    results: Results,
    alone: Collection[int] = (),
    limits: Limits = Limits(),  # noqa: B008 - immutable
    again: Mapping[int, bool] = _NONE,
) -> None:
    """Let the extractor read the leased episodes, batch by batch; what it raises fails the batch's jobs.

    No lock is held and no transaction is open while it reads. ``alone``: episodes to be read by themselves, lest one
    that always fails takes others with it. ``again``: those that were tried before, and whether they had been read.
    Where a limit is reached, or the model is not to be had, reading stops: what is left stays pending, and ``results``
    says why.
    """
    readable = [row for row in episodes if row.role in space.engine.roles]
    quiet = _Quiet(space, lease, results)
    held_at = space.engine.now_us()
    try:
        for batch in batches(readable, space.engine, alone):
            results.stopped = results.stopped or stopping(space.engine, limits, results)
            if results.stopped is not None:
                break
            held_at = _renew(space, readable, batch, lease, held_at)
            earlier = {row.id: again[row.id] for row in batch if row.id in again}
            request, numbers = asked(space, batch, earlier)
            request = limits.bounding(request, results.begun)
            extraction, failure = extracted(space.engine, request)
            if extraction is not None and not earlier and not _says_anything(extraction) and not extraction.usage.calls:
                quiet.add(batch, extraction.usage)
                continue
            quiet.conclude()
            if extraction is not None:
                conclude(space, batch, request, extraction, numbers, lease, results, again=earlier)
            elif failure is not None:
                fail(space, batch, failure, lease, results)
                results.stopped = failure.reason if failure.stops else None
        quiet.conclude()
        if results.stopped is not None:
            _let_go(space, readable, lease)
    except BaseException:
        quiet.conclude()
        _let_go(space, readable, lease)
        raise


def stopping(engine: Engine, limits: Limits, results: Results) -> str | None:
    """Why no more is to be read now, if so."""
    halted = None if limits.halted is None else limits.halted()
    if halted is not None:
        return halted
    if engine.pause.on(engine.now_us()):
        return "the model was not to be had just now, and is left alone for a while"
    return limits.reached(results.begun)


class _Quiet:
    """What was read for nothing and states nothing: concluded together, for there is nothing to check."""

    def __init__(self, space: Space, lease: str | None, results: Results) -> None:
        self.space, self.lease, self.results = space, lease, results
        self.rows: list[EpisodeRow] = []
        self.spent: list[tuple[int, Usage]] = []

    def add(self, batch: list[EpisodeRow], took: Usage) -> None:
        self.rows += batch
        self.spent.append((batch[0].id, took))
        self.results.usage += took

    def conclude(self) -> None:
        rows, spent = self.rows, self.spent
        self.rows, self.spent = [], []
        conclude(self.space, rows, None, None, {}, self.lease, self.results, spent)


def asked(
    space: Space, batch: list[EpisodeRow], again: Mapping[int, bool] = _NONE
) -> tuple[ExtractionRequest, dict[str, int]]:
    """What the extractor is asked about a batch, and the numbers of the known facts by the ids that it sees.

    Of episodes that had been read before, it is shown what was known when they were said.
    """
    vectors, now = asked_vectors(space, batch), space.engine.now_us()
    then = partial(shown_then, similar=space.engine.batch > 1)

    def work(view: Reader) -> tuple[ExtractionRequest, dict[str, int]]:
        read = any(again.values()) or (bool(again) and had_stated(view, again))
        return request_for(view, space, batch, now, vectors, then if read else None)

    return space.engine.read(space.path, work, partial(names_hint, batch, now))


def _renew(space: Space, rows: list[EpisodeRow], batch: list[EpisodeRow], lease: str | None, held_at: int) -> int:
    """Extend the hold on what is still leased, if some of it has passed, or if the batch takes longer than it."""
    now = space.engine.now_us()
    needed = hold(batch, space.engine)
    if now - held_at < RENEW_AFTER and needed <= space.engine.lease:
        return held_at

    def work(tx: Writer, _: Vocabulary) -> None:
        held = held_by(tx, rows, lease)
        tx.put_jobs(row._replace(lease_until=tx.now + needed) for row in held.values())

    space.engine.write(space.path, space.actor, work)
    return now


def _says_anything(extraction: Extraction) -> bool:
    said = extraction
    return bool(said.claims or said.ends or said.retractions or said.same_as or said.predicates)


def extracted(engine: Engine, request: ExtractionRequest) -> tuple[Extraction | None, Failure | None]:
    """What the extractor proposes, or why it failed."""
    try:
        extraction: object = engine.extractor.extract(request)
    except Exception as error:  # noqa: BLE001 - somebody else's code may raise anything: the job fails, with the reason
        failure = Failure.of(error)
        if not isinstance(error, ModelError):  # where it was raised, without what was said: the job has the reason
            where = "".join(traceback.format_tb(error.__traceback__)).rstrip()
            logging.getLogger("triplemem").info("an extractor raised %s:\n%s", type(error).__name__, where)
            failure = failure._replace(unanswered=int(engine.quotes_required))  # it was a model that did
        if isinstance(error, ModelUnavailable):
            engine.pause.failed(engine.now_us(), failure.retry_after)
        return None, failure
    engine.pause.answered()
    fault = misshapen(extraction)
    if fault is not None:
        return None, Failure(fault)
    assert isinstance(extraction, Extraction)
    return extraction, None


def conclude(
    space: Space,
    batch: list[EpisodeRow],
    request: ExtractionRequest | None,
    extraction: Extraction | None,
    numbers: dict[str, int],
    lease: str | None,
    results: Results,
    spent: Sequence[tuple[int, Usage]] = (),
    *,
    again: Mapping[int, bool] = _NONE,
    origin: Origin | None = None,
) -> None:
    """Write what was read, and what it took, in one transaction.

    Only of the episodes whose lease is still held and which still stand.
    """
    if not batch:
        return
    if extraction is not None:
        results.usage += extraction.usage
        spent = [(batch[0].id, extraction.usage)]

    def work(tx: Writer, vocabulary: Vocabulary) -> tuple[Results, int]:
        held = held_by(tx, batch, lease)
        found = Results()
        if extraction is not None and request is not None:
            found = written(tx, vocabulary, space, batch, held, numbers, extraction, again, origin)
        usage.note(tx, space.actor, spent)
        tx.put_jobs(JobRow(n, "done", row.attempts + 1, None, None, None, None) for n, row in held.items())
        found.unembedded = made(tx, space.engine.embedder, found.effects.added)
        return found, len(held)

    def hint(secret: bytes | None, now: int) -> Expected:
        said = () if extraction is None else extraction.claims
        speakers = {row.speaker for row in batch}
        names = names_in((claim.triplet for claim in said), speakers)
        return Expected(names, episodes=[row.id for row in batch], facts=list(numbers.values()))

    if extraction is not None:
        space.engine.ready()
    found, done = space.engine.write(space.path, space.actor, work, hint)
    results.gather(found)
    results.done += done


def written(
    tx: Writer,
    vocabulary: Vocabulary,
    space: Space,
    batch: Sequence[EpisodeRow],
    held: Collection[int],
    numbers: dict[str, int],
    extraction: Extraction,
    again: Mapping[int, bool],
    origin: Origin | None = None,
) -> Results:
    """Write what holds up of an extraction, of the episodes that are held; what came of it."""
    standing = tx.episodes(held) if held else {}
    found = Results()
    earlier = [number for number in again if number in standing]
    changed = Changed(Evidence([], []), Evidence([], []))
    rows = [standing.get(row.id) for row in batch]
    found.effects = accept(tx, vocabulary, space, rows, numbers, extraction, found.refused, earlier, changed, origin)
    if any(again.values()) or any(changed.gone):
        found.made, found.gone = shown_evidence(standing, changed.made), shown_evidence(standing, changed.gone)
    return found


def holder(lease: str | None) -> str | None:
    """Who holds a job: the first word of its lease. What follows is what the holder has to remember."""
    return None if lease is None else lease.partition(" ")[0]


def held_by(tx: Reader, batch: Iterable[EpisodeRow], lease: str | None) -> dict[int, JobRow]:
    """Of these episodes the jobs that are still held under a lease."""
    rows = {row.episode: row for row in tx.undone_jobs(row.id for row in batch)}
    return {number: row for number, row in rows.items() if holder(row.lease) == lease}


def fail(space: Space, batch: list[EpisodeRow], failure: Failure, lease: str | None, results: Results) -> None:
    """Note that a reading failed, and what it took."""
    results.usage += failure.usage
    results.unanswered += failure.unanswered

    def work(tx: Writer, _: Vocabulary) -> int:
        held = held_by(tx, batch, lease)
        usage.note(tx, space.actor, [(batch[0].id, failure.usage)])
        tx.put_jobs(failed(row, failure, tx.now) for row in held.values())
        return len(held)

    results.failed += space.engine.write(space.path, space.actor, work)


def _let_go(space: Space, batch: list[EpisodeRow], lease: str | None) -> None:
    """Give back what an interruption left leased; what had failed before has failed still."""
    if not batch:
        return
    if not space.engine.read(space.path, lambda view: held_by(view, batch, lease)):
        return
    space.engine.write(
        space.path,
        space.actor,
        lambda tx, _: tx.put_jobs(given_back(row) for row in held_by(tx, batch, lease).values()),
    )
