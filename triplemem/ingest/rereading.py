"""`process(again=True)`: kept episodes read with today's extractor, for good or as a rehearsal that writes nothing."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from triplemem.core.instants import ALWAYS
from triplemem.core.predicates import Vocabulary
from triplemem.core.rows import EpisodeRow
from triplemem.ingest.again import begin, begun, readable_again, to_come
from triplemem.ingest.batches import Limits, batches
from triplemem.ingest.jobs import Results, asked, extracted, stopping, told, written
from triplemem.ledger.space import Space
from triplemem.ports import Reader, Writer
from triplemem.types import Extraction, ProcessResult


def begin_again(space: Space, since: int) -> None:
    """Make every kept episode due again, unless an earlier run is unfinished."""
    roles = space.engine.roles
    if space.engine.read(space.path, lambda view: view.namespace.n >= 0):
        space.engine.write(space.path, space.actor, lambda tx, _: begin(tx, roles, since))


def rehearse(space: Space, since: int, limit: int | None, limits: Limits) -> ProcessResult:
    """What reading again would change. The extractor is asked; of each call what it would write is written and undone.

    What one call would change is not seen by the next, as it would be. What calls took is in the result alone.
    """
    engine, results = space.engine, Results()
    rows = engine.read(space.path, partial(_to_read, space=space, since=since))[:limit]
    for batch in batches(rows, engine, ()):
        results.stopped = results.stopped or stopping(engine, limits, results)
        if results.stopped is not None:
            break
        again = dict.fromkeys((row.id for row in batch), True)
        request, numbers = asked(space, batch, again)
        extraction, failure = extracted(engine, limits.bounding(request, results.begun))
        if extraction is not None:
            results.usage += extraction.usage
            results.done += len(batch)
            _undone(space, batch, numbers, extraction, again, results)
        elif failure is not None:
            results.usage += failure.usage
            results.unanswered += failure.unanswered
            results.failed += len(batch)
            results.stopped = failure.reason if failure.stops else None
    found = engine.read(space.path, partial(told, space=space, results=Results(usage=results.usage)))
    return replace(
        found,
        done=results.done,
        failed=results.failed,
        refused=results.refused,
        stopped=results.stopped,
        made=results.made,
        gone=results.gone,
    )


def _to_read(view: Reader, *, space: Space, since: int) -> list[EpisodeRow]:
    """All that can be read again; where that has been begun, what is left of it."""
    undone = view.undone_jobs()
    waiting = to_come(undone)
    if not begun(undone):
        return [row for row in readable_again(view, space.engine.roles, since) if row.id not in waiting]
    left = {row.episode for row in undone if row.attempts} & waiting
    return [row for row in readable_again(view, space.engine.roles, ALWAYS) if row.id in left]


class _Undo(Exception):
    """Ends a transaction so that nothing of it stays."""

    def __init__(self, found: Results) -> None:
        super().__init__()
        self.found = found


def _undone(
    space: Space,
    batch: list[EpisodeRow],
    numbers: dict[str, int],
    extraction: Extraction,
    again: dict[int, bool],
    results: Results,
) -> None:
    def work(tx: Writer, vocabulary: Vocabulary) -> None:
        held = [row.id for row in batch]
        raise _Undo(written(tx, vocabulary, space, batch, held, numbers, extraction, again))

    try:
        space.engine.write(space.path, space.actor, work)
    except _Undo as undo:
        results.refused += undo.found.refused
        results.made += undo.found.made
        results.gone += undo.found.gone
