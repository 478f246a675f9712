"""Rows as properties of nodes and relationships, and back.

Ids are written as callers see them, so that what `explain` prints is found in Browser; times are microseconds since
1970; what is open (until further notice, start unknown, still believed) has no property at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from triplemem.core.identity import write_id
from triplemem.core.instants import FOREVER, START_UNKNOWN
from triplemem.core.rows import (
    ClaimRow,
    EntityRow,
    EpisodeRow,
    EventRow,
    FactRow,
    IdentityRow,
    JobRow,
    NamespaceRow,
    PeriodRow,
    RecordRow,
    TombstoneRow,
    VerdictRow,
)

Props = dict[str, Any]
Row = TypeVar("Row", bound=tuple[Any, ...])
K = TypeVar("K")


def number(public: str) -> int:
    """The number of an id of ours: of ``f_0123456789abcdef`` the hexadecimal part."""
    return int(public[2:18], 16)


def id_of(kind: str, numbers: Iterable[int]) -> list[str]:
    """These numbers as ids, each once."""
    return [write_id(kind, one) for one in dict.fromkeys(numbers)]


def claim_id(episode: int, n: int) -> str:
    """The id of a claim."""
    return write_id("c", episode, n)


class Table:
    """How a kind of row becomes properties: which columns are ids of what, and which are bytes or lists."""

    def __init__(
        self, row: type[Any], ids: Mapping[str, str], hexed: Iterable[str] = (), listed: Iterable[str] = ()
    ) -> None:
        self.row, self.ids, self.hexed, self.listed = row, ids, frozenset(hexed), frozenset(listed)
        told = {**dict.fromkeys(ids, number), **dict.fromkeys(hexed, bytes.fromhex), **dict.fromkeys(listed, _json)}
        self._told = [(place, told[name]) for place, name in enumerate(row._fields) if name in told]

    def props(self, row: tuple[Any, ...], namespace: str) -> Props:
        """The properties of a row, None left out."""
        found: Props = {"namespace": namespace}
        for name, value in zip(self.row._fields, row, strict=True):
            if value is not None:
                found[name] = self.value(name, value)
        return found

    def value(self, name: str, value: Any) -> Any:
        """One column as a property."""
        if name in self.ids:
            return write_id(self.ids[name], value)
        if name in self.hexed:
            return value.hex()
        return json.loads(value) if name in self.listed else value

    def read(self, props: Mapping[str, Any]) -> Any:
        """The row of these properties."""
        get = props.get
        return self.listed_as([get(name) for name in self.row._fields])

    def listed_as(self, values: Sequence[Any]) -> Any:
        """The row of these properties, listed in the order of its columns."""
        row = list(values)
        for place, told in self._told:
            if row[place] is not None:
                row[place] = told(row[place])
        return self.row._make(row)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


EPISODES = Table(EpisodeRow, {"id": "e", "replaced_by": "e"}, {"identity"})
CLAIMS = Table(ClaimRow, {"episode": "e", "fact": "f"})
VERDICTS = Table(VerdictRow, {"id": "v", "fact": "f", "episode": "e"})
ENTITIES = Table(EntityRow, {"id": "n", "merged": "n"}, listed={"aliases"})
IDENTITIES = Table(IdentityRow, {"id": "i", "keep": "n", "other": "n", "episode": "e"})
TOMBSTONES = Table(TombstoneRow, {"id": "t", "fact": "f"})
FACTS = Table(FactRow, {"id": "f", "subject": "n", "object": "n", "moved_to": "f", "rejected": "t"})
EVENTS = Table(EventRow, {"id": "x", "fact": "f"})
JOBS = Table(JobRow, {"episode": "e"})
RECORDS = Table(RecordRow, {"id": "r"})

RECORD_LABELS = {
    "prompt": "Prompt", "rule": "Rule", "proposal": "PromptProposal", "experience": "Experience", "step": "Step",
    "outcome": "Outcome", "summary": "Summary",
}  # fmt: skip
"""What a record is labelled beside ``Record``, by its kind; others have no label of their own."""
LINKS = {"episode": ("FROM", "e"), "fact": ("USED", "f"), "record": ("CONCERNS", "r")}
"""How a record is joined to what it is linked to: the relationship's type, and how the ids there begin."""
LINKED_BY = {kind: what for what, (kind, _) in LINKS.items()}


class DefinitionRow(NamedTuple):
    """A definition of a predicate."""

    id: int
    name: str
    definition: str
    actor: str
    recorded_at: int


class ProposalRow(NamedTuple):
    """What a model proposed."""

    id: int
    kind: str
    body: str
    episode: int | None
    actor: str
    recorded_at: int


DEFINITIONS = Table(DefinitionRow, {"id": "d"})
PROPOSALS = Table(ProposalRow, {"id": "q", "episode": "e"})


def space_of(props: Mapping[str, Any], path: str) -> NamespaceRow:
    """The row of a namespace's node."""
    values = {name: props.get(name, 0) for name in NamespaceRow._fields}
    return NamespaceRow(**{**values, "path": path, "secret": bytes.fromhex(props["secret"])})


def period_props(row: PeriodRow, system_to: int | None = None) -> Props:
    """A period as the properties of its relationship."""
    return held(row.valid_from, row.valid_to, row.system_from, system_to, row.successor)


def held(valid_from: int, valid_to: int, system_from: int, system_to: int | None, successor: int | None) -> Props:
    """The properties of a period; what is open has none."""
    props: Props = {"system_from": system_from}
    if valid_from != START_UNKNOWN:
        props["valid_from"] = valid_from
    if valid_to != FOREVER:
        props["valid_to"] = valid_to
    if system_to is not None and system_to != FOREVER:
        props["system_to"] = system_to
    if successor is not None:
        props["successor"] = write_id("f", successor)
    return props


def period_of(fact: int, props: Mapping[str, Any]) -> PeriodRow:
    """The period of a relationship's properties."""
    return period_listed(fact, [props.get(name) for name in ("valid_from", "valid_to", "successor", "system_from")])


def period_listed(fact: int, values: Sequence[Any]) -> PeriodRow:
    """The period of a relationship's ``valid_from``, ``valid_to``, ``successor`` and ``system_from``."""
    start, end, successor, since = values
    return PeriodRow(
        fact,
        START_UNKNOWN if start is None else start,
        FOREVER if end is None else end,
        None if successor is None else number(successor),
        since,
    )


def grouped(rows: Iterable[tuple[K, Row]], keys: Iterable[K]) -> dict[K, list[Row]]:
    """The rows under each key; keys without any have an empty list."""
    found: dict[K, list[Row]] = {key: [] for key in keys}
    for key, row in rows:
        found.setdefault(key, []).append(row)
    return found
