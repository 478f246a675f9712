"""The marker on a namespace that is written in several transactions: who it is closed by, why, and until when.

While it says `PREPARING`, nothing has changed yet: others read and do not write. From then on they do neither.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, NamedTuple

from triplemem.errors import StoreError, StoreUnavailable
from triplemem.stores.neo4j.server import Run, Server

PREPARING, APPLYING, ERASING = "preparing", "applying", "erasing"
LEASE_MS = 30_000
"""For how long a marker stands that nobody renews; it is renewed four times as often, and with every batch."""


class Closed(Exception):
    """The namespace has a marker."""


class Lost(StoreUnavailable):
    """Somebody else has taken the marker over, because its lease had run out."""


def refuse(space: dict[str, Any], *, writing: bool) -> None:
    """Raise `Closed` if the namespace's node says that it is closed to a reader, or to a writer."""
    phase = space.get("closed_phase")
    if phase is not None and (writing or phase != PREPARING):
        raise Closed


class Marker(NamedTuple):
    """A marker as it stands; ``left`` are the milliseconds of its lease, below zero once it has run out."""

    token: str
    what: str
    phase: str
    since: int
    left: int

    @classmethod
    def of(cls, server: Server, path: str) -> Marker | None:
        """The marker of a namespace; None if it is open."""
        found = server.read(lambda run: run("bulk/marker", {"namespace": path}))
        return cls(**found[0].data()) if found else None

    def told(self, path: str) -> StoreUnavailable:
        """What somebody is told who wants to read or write meanwhile."""
        since = datetime.fromtimestamp(self.since / 1000, UTC).isoformat(" ", "seconds")
        return StoreUnavailable(
            f"namespace {path!r} is closed for {self.what}, since {since}: try again later; should it have been "
            f"broken off, the same command, or any other, finishes it {max(self.left, 0) / 1000:.0f} s from now"
        )


def mark(run: Run, path: str, token: str, what: str, phase: str) -> None:
    """Close a namespace whose lock one has."""
    marker = {"closed_by": token, "closed_for": what, "closed_phase": phase}
    run("bulk/mark", {"namespace": path, "marker": marker, "lease": LEASE_MS})


def take_over(run: Run, path: str, token: str) -> str | None:
    """Take over a marker whose lease has run out; its phase, None if there is none such."""
    found = run("bulk/take_over", {"namespace": path, "token": token, "lease": LEASE_MS})
    return found[0]["phase"] if found else None


def hold(run: Run, path: str, token: str) -> None:
    """Take the namespace's lock and renew the lease; `Lost` if the marker is no longer ours."""
    if not run("bulk/hold", {"namespace": path, "token": token, "lease": LEASE_MS}):
        raise Lost(f"namespace {path!r} was taken over by another process, which finishes what was begun: look again")


class Lease:
    """Renews the lease of a marker while its holder is at work."""

    def __init__(self, server: Server, path: str, token: str) -> None:
        self._server, self._path, self._token = server, path, token
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._renew, name="triplemem lease", daemon=True)

    def __enter__(self) -> Lease:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def _renew(self) -> None:
        """Renew until done; where that fails the holder's own next batch says why."""
        while not self._done.wait(LEASE_MS / 4000):
            try:
                self._server.write(lambda run: hold(run, self._path, self._token))
            except StoreError:
                return
