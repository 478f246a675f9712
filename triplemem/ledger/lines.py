"""The lines of an export: what each kind of row looks like, and what a row is refused for."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from triplemem.core.instants import to_us
from triplemem.core.rows import ClaimRow, EntityRow, EpisodeRow, EventRow, IdentityRow, TombstoneRow, VerdictRow

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Name = tuple[str, int, str]
Definition = tuple[int, str, str, str, int]
Barred = tuple[str, int, str, int]
Proposal = tuple[int, str, str, int | None, str, int]
FactLine = tuple[int, int, str, int, int]
RecordLine = tuple[int, str, str, str, str, int, list[tuple[Literal["episode", "fact", "record"], int]]]
JobLine = tuple[int, str, int, str | None, int | None]
_TIMES = frozenset(
    "occurred_at recorded_at placed_at said_at valid_from valid_to during_from during_to observed_at retracted_at at "
    "lifted_at".split()
)
_PLAIN_TIMES = {"predicate": 4, "fact": 4, "proposal": 5, "record": 5, "job": 4}
_FIRST, _LAST = (to_us(edge.replace(tzinfo=UTC)) for edge in (datetime.min, datetime.max))


@cache
def _adapters() -> dict[str, TypeAdapter[Any]]:
    """What each kind of line has to look like."""
    from pydantic import TypeAdapter

    shapes: dict[str, Any] = {
        "entity": EntityRow,
        "name": Name,
        "identity": IdentityRow,
        "predicate": Definition,
        "fact": FactLine,
        "episode": EpisodeRow,
        "claim": ClaimRow,
        "verdict": VerdictRow,
        "tombstone": TombstoneRow,
        "barred": Barred,
        "event": EventRow,
        "proposal": Proposal,
        "record": RecordLine,
        "job": JobLine,
    }
    return {kind: TypeAdapter(shape) for kind, shape in shapes.items()}


def checked(kind: str, row: object) -> Any:
    """The row as its type; `ValueError` in one line if it is none."""
    from pydantic import ValidationError

    try:
        read = _adapters()[kind].validate_python(_with_bytes(kind, row))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"a bad {kind}: {first['msg']}" + (f" at {where}" if where else "")) from None
    for value in read:
        if isinstance(value, int) and not -(2**63) <= value < 2**63:
            raise ValueError(f"a bad {kind}: a number is out of range")
        if isinstance(value, str):
            try:
                value.encode("utf-8")
            except UnicodeEncodeError:
                raise ValueError(f"a bad {kind}: half a character (a lone surrogate) in it") from None
    names: tuple[str, ...] = getattr(read, "_fields", ())
    times = [value for name, value in zip(names, read, strict=False) if name in _TIMES]
    if kind in _PLAIN_TIMES:
        times.append(read[_PLAIN_TIMES[kind]])
    if any(value is not None and not _FIRST <= value <= _LAST for value in times):
        raise ValueError(f"a bad {kind}: a time outside the calendar")
    return read


def _with_bytes(kind: str, row: object) -> object:
    """An episode's identity is bytes, written as hexadecimal digits."""
    place = EpisodeRow._fields.index("identity")
    if kind != "episode" or not isinstance(row, list) or len(row) <= place:
        return row
    try:
        return [*row[:place], bytes.fromhex(row[place]), *row[place + 1 :]]
    except (TypeError, ValueError):
        raise ValueError("a bad episode: its identity is not hexadecimal") from None
