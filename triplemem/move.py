"""Export and import: a namespace as JSON Lines, lossless. What is derived is not carried over but derived again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from triplemem.core.instants import ALWAYS, FOREVER
from triplemem.core.rows import EpisodeRow
from triplemem.errors import InvalidInput
from triplemem.ledger.incoming import Incoming
from triplemem.ledger.space import Space
from triplemem.ports import Reader, Writer
from triplemem.resources import replacing

FORMAT = 1
Progress = Callable[[int], None]
"""Told the number of lines so far, from the start again where the store runs the work again."""


def export(space: Space, path: Path, progress: Progress | None = None) -> None:
    """Write the namespace's ledger to ``path``; a file that is there is replaced when all is written.

    A store is never replaced: `InvalidInput`.
    """
    with replacing(path) as file:
        space.engine.read(space.path, lambda view: _write_lines(view, space, file, progress))


def _write_lines(view: Reader, space: Space, file: IO[str], progress: Progress | None) -> None:
    """Write the whole export; what an earlier run wrote is replaced."""
    if file.seekable() and file.tell():
        file.seek(0)
        file.truncate()
    for number, line in enumerate(_lines(view, space), 1):
        file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
        if progress is not None and number % 1000 == 0:
            progress(number)


def _lines(view: Reader, space: Space) -> Iterator[dict[str, Any]]:
    """The header, every row of the ledger, and a last line that says how many there were."""
    head = {"kind": "triplemem", "format": FORMAT, "namespace": space.path, "recorded_at": view.namespace.recorded_at}
    count = 0
    yield {**head, "secrets": [secret.hex() for secret in view.secrets()] if view.namespace.n >= 0 else []}
    for kind, rows in _tables(view):
        for row in rows:
            yield {"kind": kind, "row": [value.hex() if isinstance(value, bytes) else value for value in row]}
            count += 1
    yield {"kind": "end", "rows": count}


def _tables(view: Reader) -> Iterator[tuple[str, Iterable[tuple[Any, ...]]]]:
    yield "entity", view.all_entities()
    yield "name", view.names()
    yield "identity", view.identities()
    yield "predicate", view.predicates()
    yield "fact", ((row.id, row.subject, row.predicate, row.object, row.recorded_at) for row in view.facts_about())
    episodes: list[EpisodeRow] = sorted(view.episodes_between(), key=lambda row: row.id)
    yield "episode", episodes
    yield "claim", view.claims()
    yield "verdict", view.verdicts()
    yield "tombstone", view.tombstones()
    yield "barred", view.all_barred()
    yield "event", view.events(ALWAYS, FOREVER)
    yield "proposal", view.proposals()
    yield "record", _records(view)
    yield "job", ((row.episode, row.state, row.attempts, row.error, row.not_before) for row in view.jobs())


def _records(view: Reader) -> Iterator[tuple[Any, ...]]:
    """Each record with what it is linked to."""
    records = view.all_records()
    links: dict[int, list[tuple[str, int]]] = {}
    for link in view.links_of(row.id for row in records):
        links.setdefault(link.record, []).append((link.what, link.target))
    for row in records:
        yield (*row, links.get(row.id, []))


def import_(space: Space, path: Path, progress: Progress | None = None) -> bool:
    """Read an export into the namespace, all or nothing; a broken line is refused with its number.

    Where words go that either side erased, so do their bytes; True while a reader keeps such bytes in the file.
    """
    bulk = space.deriving("an import", _count(path))
    space.engine.ready()
    erases = space.engine.write(
        space.path, space.actor, lambda tx, _: _take_lines(tx, space, path, progress), bulk=bulk
    )
    return erases and not space.engine.storage.scrub()


def _count(path: Path) -> int:
    """How many lines a file has; 0 if it cannot be read, which is told when it is."""
    try:
        with path.open("rb") as file:
            return sum(1 for _ in file)
    except OSError:
        return 0


def _take_lines(tx: Writer, space: Space, path: Path, progress: Progress | None) -> bool:
    """Read the whole export, from its start whenever it is run; may it have erased words?"""
    try:
        file = path.open(encoding="utf-8")
    except OSError as error:
        raise InvalidInput(f"cannot read {str(path)!r}: {error.strerror}") from error
    with file:
        incoming, number = Incoming(tx, space.engine.senses, space.actor), 0
        for number, line in enumerate(_decoded(file, path), 1):
            try:
                incoming.take(_parsed(line))
            except ValueError as error:
                raise InvalidInput(f"{str(path)!r}, line {number}: {error}; nothing was imported") from error
            if progress is not None and number % 1000 == 0:
                progress(number)
        if not incoming.complete:
            raise InvalidInput(f"{str(path)!r} ends after line {number}, before the export does; nothing was imported")
        try:
            incoming.finish()
        except ValueError as error:
            raise InvalidInput(f"{str(path)!r}: {error}; nothing was imported") from error
        return incoming.erases


def _decoded(file: Iterable[str], path: Path) -> Iterator[str]:
    try:
        yield from file
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{str(path)!r} is not UTF-8 ({error.reason}); nothing was imported") from error


def _parsed(line: str) -> dict[str, Any]:
    try:
        read = json.loads(line)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(read, dict):
        raise ValueError("not an object")  # noqa: TRY004 - told with its line, like every broken line
    return read
