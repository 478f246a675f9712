"""Exact search among the vectors of one namespace, which are kept in memory for the next search: a bounded amount.

What is kept is a matrix for each namespace and kind, with the last change that it knows of. A search asks the store,
in its own snapshot, which change is the last one, and reads what came since: so what any process wrote is found by the
next search. What was taken away is told by a count; then all is read anew. What is kept is shared by threads and never
changed: rows are added behind those that anybody looks at.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from triplemem.ledger.vectors import ranked
from triplemem.stores.sqlite.statements import sql

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

DEFAULT_BYTES = 64 * 2**20
"""How much is kept unless the caller says otherwise: about 260,000 vectors of 64 dimensions."""
GONE = -1
"""The number in the place of one whose vector was moved or written anew."""
MOST_GONE = 0.2
"""With a larger share of such rows, the matrix is read anew."""

Key = tuple[bytes, int, str]
"""Whose vectors: the namespace's secret, its number, and the kind.

A namespace that was erased and imported again may have both: its count of removals then began elsewhere, at random.
"""


class Kept(NamedTuple):
    """The vectors of one kind up to a change: the first ``len(numbers)`` rows of ``room``."""

    removals: int
    change: int
    numbers: Array
    room: Array
    gone: int

    @property
    def size(self) -> int:
        """Its bytes."""
        return int(self.room.nbytes + self.numbers.nbytes)


class Nearest:
    """The vectors of the namespaces searched last, at most ``most`` bytes in all; safe between threads."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """How many bytes are kept."""
        with self._lock:
            return sum(kept.size for kept in self._kept.values())

    def find(
        self,
        connection: sqlite3.Connection,
        ns: int,
        secret: bytes,
        kinds: Sequence[str],
        query: Array,
        page: int,
    ) -> Iterator[dict[int, float]]:
        """The cosines above zero of these kinds, best first, page by page."""
        import numpy as np

        state = connection.execute(sql("vector_state"), {"ns": ns}).fetchone()
        if state is None:
            return iter(())
        tables = [self._table(connection, (secret, ns, kind), state, len(query)) for kind in kinds]
        numbers = np.concatenate([table.numbers for table in tables])
        scores = np.concatenate([table.room[: len(table.numbers)] @ query for table in tables])
        scores[numbers == GONE] = 0.0
        return ranked(numbers, scores, page)

    def _table(self, connection: sqlite3.Connection, key: Key, state: tuple[int, int], dimensions: int) -> Kept:
        """The vectors of one kind as of the connection's snapshot."""
        wanted = removals, change = state[0], state[1]
        with self._lock:
            known = self._kept.get(key)
            if known is not None and (known.removals, known.change) == wanted:
                self._kept.move_to_end(key)
                return known
            if known is not None and known.removals == wanted[0] and known.change < wanted[1]:
                # behind what the latest one shows there is room that nobody looks at yet
                table = _extended(connection, key, known, wanted[1])
                self._keep(key, table)
                return table
        table = _read(connection, key, removals, change, dimensions)
        with self._lock:
            there = self._kept.get(key)
            if there is None or there.removals != removals or there.change < change:
                self._keep(key, table)
        return table

    def _keep(self, key: Key, table: Kept) -> None:
        """Keep it for the next search, and let go of what was searched longest ago, itself if it is too large."""
        self._kept[key] = table
        self._kept.move_to_end(key)
        size = sum(kept.size for kept in self._kept.values())
        while size > self.most and self._kept:
            size -= self._kept.popitem(last=False)[1].size


def _rows(connection: sqlite3.Connection, key: Key, after: int) -> list[tuple[int, bytes]]:
    return connection.execute(sql("vector_list"), {"ns": key[1], "kind": key[2], "after": after}).fetchall()


def _read(connection: sqlite3.Connection, key: Key, removals: int, change: int, dimensions: int) -> Kept:
    import numpy as np

    rows = _rows(connection, key, 0)
    numbers = np.fromiter((number for number, _ in rows), dtype=np.int64, count=len(rows))
    room = np.empty((len(rows), dimensions), dtype=np.float32)
    if rows:
        room[:] = np.frombuffer(b"".join(vector for _, vector in rows), dtype=np.float32).reshape(len(rows), dimensions)
    return Kept(removals, change, numbers, room, 0)


def _extended(connection: sqlite3.Connection, key: Key, known: Kept, change: int) -> Kept:
    """What is known with what was written since: rows behind it, and marks on what went elsewhere."""
    import numpy as np

    rows = _rows(connection, key, known.change)
    elsewhere = {"fact": "past", "past": "fact"}.get(key[2])
    values = {"ns": key[1], "kind": elsewhere, "after": known.change}
    left = [] if elsewhere is None else [row[0] for row in connection.execute(sql("vector_changed"), values)]
    if not rows and not left:
        return known._replace(change=change)
    elsewhere_now = np.sort(np.array([*left, *(number for number, _ in rows)], dtype=np.int64))
    at = np.minimum(np.searchsorted(elsewhere_now, known.numbers), len(elsewhere_now) - 1)
    moved = elsewhere_now[at] == known.numbers
    gone = known.gone + int(moved.sum())
    if gone > MOST_GONE * len(known.numbers):
        return _read(connection, key, known.removals, change, known.room.shape[1])
    numbers = np.where(moved, GONE, known.numbers)
    numbers = np.append(numbers, np.fromiter((number for number, _ in rows), dtype=np.int64, count=len(rows)))
    before, after = len(known.numbers), len(numbers)
    room = known.room
    if after > len(room):
        room = np.empty((after + after // 8 + 64, room.shape[1]), dtype=np.float32)
        room[:before] = known.room[:before]
    if rows:
        fresh = np.frombuffer(b"".join(vector for _, vector in rows), dtype=np.float32)
        room[before:after] = fresh.reshape(len(rows), -1)
    return Kept(known.removals, change, numbers, room, gone)
