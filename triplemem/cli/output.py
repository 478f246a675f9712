"""Results on standard output: tables on a terminal, tab-separated lines in a pipe, or one JSON document."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from triplemem.types import Fact

Cell = str | datetime | int | float | None
Row = Sequence[Cell]

FACT_COLUMNS = ("id", "subject", "predicate", "object", "state", "from", "until")
_HIDDEN = re.compile(
    "[\x7f-\x9f\xad\u0600-\u0605\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)
"""What a terminal could obey instead of show; JSON's own escapes say the same."""


_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f]")


def on_terminal() -> bool:
    """Is somebody looking, rather than a program or a file?"""
    return sys.stdout.isatty()


# --- JSON ---------------------------------------------------------------------------------------------------------


def print_json(value: Any, *, line: bool = False) -> None:
    """The value as one JSON document, or one on a line: dataclasses field by field, times as ISO 8601."""
    latin = (sys.stdout.encoding or "utf-8").lower().replace("-", "") not in ("utf8", "utf16", "utf32")
    said = json.dumps(jsonable(value), ensure_ascii=latin, indent=None if line else 2)
    click.echo(_HIDDEN.sub(lambda match: json.dumps(match[0])[1:-1], said))


def jsonable(value: Any) -> Any:
    """The value in the terms of JSON."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: jsonable(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): jsonable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [jsonable(inner) for inner in value]
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


# --- tables -------------------------------------------------------------------------------------------------------


def print_table(columns: Sequence[str], rows: Iterable[Row], *, nothing: str = "nothing found") -> None:
    """A table on a terminal; in a pipe a line a row, its cells apart by tabs, without a heading."""
    if on_terminal():
        _print_rich(columns, list(rows), nothing)
        return
    for row in rows:
        click.echo("\t".join(plain(cell) for cell in row))


def plain(cell: Cell) -> str:
    """A cell on one line, whatever it holds."""
    from triplemem.core.render import one_line

    if isinstance(cell, datetime):
        return cell.astimezone(UTC).isoformat()
    return "" if cell is None else one_line(str(cell))


def without_controls(line: str) -> str:
    """A line without what a terminal could obey, its spaces as they stand."""
    return _CONTROLS.sub("", _HIDDEN.sub("", line))


def short(cell: Cell, *, day: bool = False) -> str:
    """A cell for the eye: of a time the day, and the minute unless it is midnight."""
    if isinstance(cell, datetime):
        moment = cell.astimezone(UTC).isoformat(" ", "minutes")[:16]
        return moment[:10] if day else moment.removesuffix(" 00:00")
    return f"{cell:.3g}" if isinstance(cell, float) else plain(cell)


def _print_rich(columns: Sequence[str], rows: list[Row], nothing: str) -> None:
    if not rows:
        click.echo(nothing, err=True)
        return
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, header_style="bold", padding=(0, 1, 0, 0), pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column in _WHOLE, style=_STYLES.get(column, ""))
    for row in rows:
        shown = (short(cell, day=column in _DAYS) for column, cell in zip(columns, row, strict=True))
        table.add_row(*(Text(text, style=_STATES.get(text, "")) for text in shown))
    Console(highlight=False).print(table)


_DAYS = {"from", "until"}
_WHOLE = {"id", "fact", "episode", "predicate", "state", "kind", "at", *_DAYS}
"""Columns that are never broken into lines."""
_STYLES = {"id": "dim", "from": "cyan", "until": "cyan", "at": "cyan"}
_STATES = {
    "current": "green",
    "ended": "yellow",
    "rejected": "red",
    "refused": "red",
    "failed": "red",
    "future": "blue",
}


def print_lines(lines: Iterable[tuple[str, str]]) -> None:
    """Lines, each with the style that it has on a terminal."""
    if not on_terminal():
        for line, _ in lines:
            click.echo(line)
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    for line, style in lines:
        console.print(Text(line, style=style))


# --- facts --------------------------------------------------------------------------------------------------------


def fact_row(fact: Fact) -> Row:
    """A fact under `FACT_COLUMNS`."""
    names = (fact.subject.name, fact.predicate, fact.object.name)
    return (fact.id, *names, fact.state, fact.valid_from, fact.valid_to)


# --- to the person ------------------------------------------------------------------------------------------------


def note(message: str) -> None:
    """Progress or a warning, on standard error."""
    click.echo(plain(message), err=True)


def count(number: int, what: str) -> str:
    """So many of something, in words."""
    return f"{number} {what}{'' if number == 1 else 's'}"
