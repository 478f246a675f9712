"""Work that is too large for one transaction of the server, in batches: all of it or nothing for whoever looks.

The namespace gets a marker; its rows are read into a store in memory, where the work runs; what differs afterwards is
written down as a journal, in as many transactions as it takes. One more lets the journal stand: from then on nobody
reads either, and batch by batch is carried out and struck off, each in one transaction. The last one opens the
namespace again. A crash before the journal stands is undone by whoever comes next, a later one is finished by them.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Any, TypeVar

from triplemem.core.hints import Bulk, Expected
from triplemem.ports import Reader, Storage, Writer
from triplemem.stores.neo4j import journal
from triplemem.stores.neo4j.copying import fill, note_changes
from triplemem.stores.neo4j.image import Image
from triplemem.stores.neo4j.marker import APPLYING, ERASING, PREPARING, Lease, Lost, hold, mark, take_over
from triplemem.stores.neo4j.pending import shaped
from triplemem.stores.neo4j.rows import Props
from triplemem.stores.neo4j.server import Run, Server
from triplemem.stores.neo4j.transaction import Transaction

T = TypeVar("T")
LARGE = 10_000
"""From so many rows on, work is done in batches."""
WIPE = 1000
"""How many rows one transaction takes away."""
KINDS = {
    "e": "episode", "c": "claim", "v": "verdict", "n": "entity", "name": "name", "i": "identity", "d": "predicate",
    "q": "proposal", "t": "tombstone", "bar": "barred", "x": "event", "f": "fact", "j": "job", "r": "record",
}  # fmt: skip
"""What a node is, by the beginning of its id."""
SETTLE_SECONDS = 0.5
"""How long a statement may take that read before a journal stood, or before the namespace was open again."""


class Batches:
    """Large work on the namespaces of one server."""

    def __init__(self, server: Server, scratch: Callable[[], Storage]) -> None:
        self._server, self._scratch = server, scratch

    def write(self, path: str, now: int, work: Callable[[Writer], T], bulk: Bulk) -> T:
        """What ``work`` returns, which runs once, on a copy; `Closed` if the namespace is closed already."""
        token = secrets.token_hex(8)
        before = self._server.write(lambda run: _close(run, path, token, bulk.what))
        with Lease(self._server, path, token):
            try:
                result = self._prepare(path, now, work, token, before)
            except Lost:
                raise
            except BaseException:
                self._undo(path, token)
                raise
            try:
                self._carry_out(path, token)
            except Lost:
                if not self._landed(path, token):
                    raise
        return result

    def remove(self, path: str) -> dict[str, int]:
        """Take a namespace away with all its rows; how many of each kind. `Closed` if it is closed already."""
        token = secrets.token_hex(8)
        removed: dict[str, int] = {}
        if not self._server.write(lambda run: _begin_to_erase(run, path, token, removed)):
            with Lease(self._server, path, token):
                time.sleep(SETTLE_SECONDS)
                self._wipe(path, token, removed)
        return {kind: count for kind, count in removed.items() if count}

    def recover(self, path: str) -> None:
        """Finish or undo what a crash left, if the lease of its marker has run out."""
        token = secrets.token_hex(8)
        phase = self._server.write(lambda run: take_over(run, path, token))
        if phase is None:
            return
        with Lease(self._server, path, token):
            if phase == PREPARING:
                self._undo(path, token)
            elif phase == APPLYING:
                self._carry_out(path, token)
            else:
                self._wipe(path, token, {})

    def _prepare(self, path: str, now: int, work: Callable[[Writer], T], token: str, before: Transaction) -> T:
        """Do the work on a copy, and let the journal of what it changed stand."""
        scratch, image, space = self._scratch(), Image(), before.namespace
        try:
            if space.recorded_at:
                scratch.write(path, 0, lambda tx: fill(tx, self._server, path, space, before.secrets(), image))
            result = scratch.write(path, now, work)
            noted = journal.Journal(lambda id_, body: self._step(path, token, _noting(path, id_, body)))
            scratch.read(path, lambda view: note_changes(view, space, now, image, noted))
            noted.end(scratch.read(path, lambda view: _row(view, space.n, token)))
        finally:
            scratch.close()
        self._step(path, token, lambda run: run("bulk/turn", {"namespace": path, "phase": APPLYING}))
        return result

    def _step(self, path: str, token: str, work: Callable[[Run], T]) -> T:
        """One transaction of the holder of the marker."""

        def held(run: Run) -> T:
            hold(run, path, token)
            return work(run)

        return self._server.write(held)

    def _carry_out(self, path: str, token: str) -> None:
        """Carry out the journal, and open the namespace again."""
        time.sleep(SETTLE_SECONDS)
        while self._step(path, token, lambda run: _apply(run, path, journal.END)):
            pass
        time.sleep(SETTLE_SECONDS)
        self._step(path, token, lambda run: _reopen(run, path))

    def _landed(self, path: str, token: str) -> bool:
        """Was the journal carried out, by us or by whoever took over?"""
        found = self._server.read(lambda run: run("bulk/token", {"namespace": path}))
        return bool(found) and found[0]["token"] == token

    def _undo(self, path: str, token: str) -> None:
        """Throw away what was prepared, and open the namespace as it was.

        The journal may stand without our knowing, where the answer to that was lost: it is void before any of it goes.
        """
        self._step(path, token, lambda run: run("bulk/turn", {"namespace": path, "phase": PREPARING}))
        while self._step(path, token, lambda run: run("bulk/discard", {"namespace": path, "limit": 10}))[0]["gone"]:
            pass

        def reopen(run: Run) -> None:
            run("bulk/reopen", {"namespace": path, "space": {}})
            run("bulk/unmake", {"namespace": path})

        self._step(path, token, reopen)

    def _wipe(self, path: str, token: str, removed: dict[str, int]) -> None:
        while found := self._step(path, token, lambda run: _wiped(run, path)):
            _add(removed, found)
        self._step(path, token, lambda run: run("write/wipe_namespace", {"namespace": path}))


def _close(run: Run, path: str, token: str, what: str) -> Transaction:
    """Close a namespace, which is made if need be; it as it stands."""
    before = Transaction(run, path, 0).begin(Expected())
    mark(run, path, token, what, PREPARING)
    return before


def _row(view: Reader, n: int, token: str) -> Props:
    """The namespace's own row as its node has it, with the number that it keeps."""
    own, *others = view.secrets()
    return view.namespace._asdict() | {
        "n": n,
        "secret": own.hex(),
        "secrets": [s.hex() for s in others],
        "token": token,
    }


def _noting(path: str, id_: str, body: str) -> Callable[[Run], Any]:
    return lambda run: run("bulk/note", {"namespace": path, "id": id_, "body": body})


def _apply(run: Run, path: str, before: str) -> bool:
    """Carry out the next batch of the journal before a place, and strike it off; False if there is none."""
    found = run("bulk/next", {"namespace": path, "before": before})
    for record in found:
        name, rows = journal.read(record["body"])
        run("write/flush", {"namespace": path, "space": {}, **shaped({name: rows})})
    return bool(found)


def _reopen(run: Run, path: str) -> None:
    """Strike off the end of the journal, the namespace's own row."""
    _, (space,) = journal.read(run("bulk/next", {"namespace": path, "before": journal.AFTER})[0]["body"])
    run("bulk/reopen", {"namespace": path, "space": space})


def _begin_to_erase(run: Run, path: str, token: str, removed: dict[str, int]) -> bool:
    """Erase a small namespace and return True; close a large one."""
    removed.clear()
    Transaction(run, path, 0).begin(Expected())
    if run("bulk/size", {"namespace": path, "limit": LARGE})[0]["rows"] >= LARGE:
        mark(run, path, token, "erasing it", ERASING)
        run("bulk/turn", {"namespace": path, "phase": ERASING})
        return False
    while found := _wiped(run, path):
        _add(removed, found)
    run("write/wipe_namespace", {"namespace": path})
    return True


def _wiped(run: Run, path: str) -> dict[str, int]:
    """Take some rows away; how many of each kind, nothing if none was left."""
    removed: dict[str, int] = {}
    for record in run("write/wipe", {"namespace": path, "limit": WIPE}):
        _add(removed, {KINDS[record["kind"]]: record["removed"]})
        _add(removed, {name: record[f"{name}s"] for name in ("period", "link", "vector")})
    return removed


def _add(sums: dict[str, int], more: dict[str, int]) -> None:
    for kind, count in more.items():
        sums[kind] = sums.get(kind, 0) + count
