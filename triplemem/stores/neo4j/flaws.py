"""What is amiss in what only a graph has: how facts are drawn, their labels and texts, and the joins of the ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from triplemem.core.instants import from_us
from triplemem.core.rows import FactRow, PeriodRow
from triplemem.ledger.wording import worded
from triplemem.stores.neo4j import rows
from triplemem.stores.neo4j.drawing import drawn, due, label_of

Lines = Iterator[str]


def flaws(
    pictured: Iterable[Mapping[str, Any]],
    drawings: Iterable[Mapping[str, Any]],
    unjoined: Iterable[Mapping[str, Any]],
    now: int,
) -> list[str]:
    """One line for each flaw, from what ``read/pictured``, ``read/drawn`` and ``read/unjoined`` gave."""
    there = defaultdict(list)
    for one in drawings:
        there[one["fact"]].append(one)
    lines = [f"{one['id']} is not joined to {one['to']} by {one['type']}" for one in unjoined]
    for record in pictured:
        lines += _of_fact(record, there.pop(record["fact"]["id"], []), now)
    return lines + [f"{fact} is drawn, and is no fact" for fact in sorted(there)]


def _of_fact(record: Mapping[str, Any], drawings: list[Mapping[str, Any]], now: int) -> Lines:
    row: FactRow = rows.FACTS.read(record["fact"])
    fact = record["fact"]["id"]
    periods = [rows.period_of(row.id, one) for one in record["periods"]]
    if record["subject"] is None or record["object"] is None:
        yield f"{fact} is about an entity that is not there"
        return
    planned = record["due"]
    at = now if planned is None else min(now, planned - 1)  # what is due waits for the next write
    text = worded(record["subject"], row.predicate, record["object"])
    if record["text"] != text:
        yield f"text of {fact} is {record['text']!r}, and should be {text!r}"
    labels = {"Current", "Past"}.intersection(record["labels"])
    if labels != {label_of(row, at)}:
        yield f"{fact} is labelled {' and '.join(sorted(labels)) or 'nothing'}, and should be {label_of(row, at)}"
    yield from _drawing(record, row, periods, drawings, at)


def _drawing(
    record: Mapping[str, Any], row: FactRow, periods: list[PeriodRow], drawings: list[Mapping[str, Any]], at: int
) -> Lines:
    """How it is drawn, as of a time."""
    fact, planned = record["fact"]["id"], record["due"]
    if planned != due(row, periods, at):
        yield f"{fact} is to be drawn anew at {_told(planned)}, and should be at {_told(due(row, periods, at))}"
        return
    wanted = drawn(row, periods, at)
    ends = record["fact"]["subject"], record["fact"]["object"]
    right = [] if wanted is None else [(ends, wanted.type, wanted.props)]
    found = [((one["subject"], one["object"]), one["type"], _plain(one["props"])) for one in drawings]
    if found != right:
        yield f"{fact} is drawn as {_shown(found)}, and should be {_shown(right)}"
    if record["drawn"] != (wanted and wanted.type):
        yield f"{fact} says that it is drawn as {record['drawn']}, and should say {wanted and wanted.type}"


def _plain(props: Mapping[str, Any]) -> rows.Props:
    """Properties with the driver's moments as Python's."""
    return {name: value.to_native() if hasattr(value, "to_native") else value for name, value in props.items()}


def _shown(drawings: list[tuple[Any, str, rows.Props]]) -> str:
    return (
        ", ".join(
            f"{kind}({', '.join(f'{name}={value}' for name, value in sorted(props.items()) if name != 'fact_id')})"
            f" from {ends[0]} to {ends[1]}"
            for ends, kind, props in drawings
        )
        or "nothing"
    )


def _told(us: int | None) -> str:
    return "no time" if us is None else from_us(us).isoformat()
