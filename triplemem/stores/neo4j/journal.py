"""What is to be changed, batch by batch, as nodes of the namespace: a redo log, struck off as it is carried out."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from triplemem.stores.neo4j.rows import Props

ORDER = ("undrawn", "unlinked", "gone", "created", "changed", "linked")
"""The parts of a unit of work in an order in which one can be done after another."""
END, AFTER = "journal 8", "journal 9"
ROWS, CHARACTERS = 1000, 1_000_000
"""How many rows a batch has at most, and at about how much text it is full."""


class Journal:
    """Sorts changes into batches and notes each one when it is full."""

    def __init__(self, note: Callable[[str, str], object]) -> None:
        self._note = note
        self._open: dict[str, list[str]] = {name: [] for name in ORDER}
        self._sizes = dict.fromkeys(ORDER, 0)
        self._count = 0

    def add(self, name: str, row: Any) -> None:
        """One row of a part of the unit of work."""
        text = encoded(row)
        self._open[name].append(text)
        self._sizes[name] += len(text)
        if len(self._open[name]) >= ROWS or self._sizes[name] >= CHARACTERS:
            self._write(name)

    def end(self, space: Props) -> None:
        """Note what is left, and as the end the namespace's own row."""
        for name in ORDER:
            if self._open[name]:
                self._write(name)
        self._note(END, _body("space", [encoded(space)]))

    def _write(self, name: str) -> None:
        self._count += 1
        self._note(f"journal {ORDER.index(name)} {self._count:08}", _body(name, self._open[name]))
        self._open[name], self._sizes[name] = [], 0


def encoded(row: Any) -> str:
    """A row as JSON, the same for the same row."""
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_moment)


def read(body: str) -> tuple[str, list[Any]]:
    """Which part of the unit of work a batch is, and its rows."""
    batch = json.loads(body, object_hook=_with_moments)
    return batch["name"], batch["rows"]


def _body(name: str, rows: list[str]) -> str:
    return f'{{"name":"{name}","rows":[{",".join(rows)}]}}'


def _moment(value: Any) -> dict[str, str]:
    assert isinstance(value, datetime), value
    return {"$at": value.isoformat()}


def _with_moments(found: dict[str, Any]) -> Any:
    return datetime.fromisoformat(found["$at"]) if found.keys() == {"$at"} else found
