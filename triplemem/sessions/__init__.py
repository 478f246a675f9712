"""Sessions: the conversations of a namespace at a glance, and one of them to read, search, summarise or erase."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Protocol, TypeVar

from triplemem.core.instants import FOREVER, from_us, instant
from triplemem.core.messages import check_count, check_name
from triplemem.errors import NotFound
from triplemem.ledger.space import Space
from triplemem.sessions.summary import summary
from triplemem.types import Episode, Erasure, Hit, SessionInfo

T = TypeVar("T")
Moment = datetime | date | str
BUDGET = 1000


class Remembering(Protocol):
    """What a session asks of the memory that it is of."""

    def episodes(
        self,
        *,
        session: str | None = None,
        since: Moment | None = None,
        until: Moment | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> list[Episode]:
        """As of `Memory`."""

    def recall(self, query: str, k: int = 10, *, kinds: Sequence[str] = (), session: str | None = None) -> list[Hit]:
        """As of `Memory`."""

    def erase(self, *, session: str | None = None) -> Erasure:
        """As of `Memory`."""

    def sessions(self, *, known_at: Moment | None = None) -> list[SessionInfo]:
        """As of `Memory`."""


class Session:
    """One session of a memory. Naming it asks nothing of the store; what it is asked raises `NotFound` without it.

    ``standing`` reads its episodes, of revised ones the latest.
    """

    def __init__(
        self, memory: Remembering, spaces: Sequence[Space], id: str, standing: Callable[..., list[Episode]]
    ) -> None:
        check_name(id, "session")
        self.id = id
        self._memory, self._spaces, self._standing = memory, spaces, standing

    def __repr__(self) -> str:
        return f"Session({self.id!r})"

    def messages(
        self,
        *,
        since: Moment | None = None,
        until: Moment | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> list[Episode]:
        """Its episodes by when they occurred, of a revised one what it became: `Memory.episodes` has both."""
        found = self._standing(session=self.id, since=since, until=until, limit=limit, after=after)
        return found or self._there([])

    def _there(self, nothing: list[T]) -> list[T]:
        """Nothing was found; `NotFound` if there is no such session."""
        if not self._memory.episodes(session=self.id, limit=1):
            raise NotFound(f"no session {self.id!r} in this namespace")
        return nothing

    def search(self, query: str, k: int = 10) -> list[Hit]:
        """The messages of this session that best answer ``query``, and the facts that they state; at most ``k``."""
        found = self._memory.recall(query, k, kinds=("fact", "episode"), session=self.id)
        return found or self._there([])

    def summary(self, max_tokens: int = BUDGET) -> str:
        """The session in at most ``max_tokens``, as fenced data: older turns summarised, the latest word by word.

        While all of it fits, no model is asked. When it no longer does, one call folds the oldest turns into the
        summary so far. Without a model the sentences that say most are taken as they are. A summary is derived: it
        goes with the turns it rests on, no fact is read from it, and it is no message. A token is counted as four
        bytes of UTF-8. Of a session that further namespaces have, which are only read, no model is asked: what is kept
        of it where it is, else sentences as they are. Raises `ModelUnavailable` or `ModelRefused`.
        """
        check_count(max_tokens, "max_tokens")
        return summary(self._spaces, self.id, max_tokens)

    def erase(self) -> Erasure:
        """Forget it: its messages, its summary, and the experiences of it; as `Memory.erase`."""
        return self._memory.erase(session=self.id)


def sessions(spaces: Sequence[Space], known_at: Moment | None) -> list[SessionInfo]:
    """The sessions, that of the latest message first; one that several namespaces have is one."""
    known = FOREVER if known_at is None else instant(known_at, "known_at")
    found: dict[str, tuple[int, int, int]] = {}
    for space in spaces:
        for name, count, first, last in space.engine.read(space.path, lambda view: view.sessions(known)):
            before = found.get(name, (0, first, last))
            found[name] = (before[0] + count, min(before[1], first), max(before[2], last))
    ordered = sorted(found.items(), key=lambda item: (-item[1][2], item[0]))
    return [SessionInfo(name, count, from_us(first), from_us(last)) for name, (count, first, last) in ordered]
