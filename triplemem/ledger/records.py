"""Records as they are written: in order, without what an erasure bars, each with what it is linked to."""

from __future__ import annotations

from collections.abc import Iterable

from triplemem.core.records import embedded_text
from triplemem.core.rows import RecordLink, RecordRow
from triplemem.ledger.redact import kept_record
from triplemem.ports import Writer


def put_record(
    tx: Writer,
    kind: str,
    name: str,
    body: str,
    actor: str,
    links: Iterable[tuple[str, int]] = (),
    number: int | None = None,
) -> RecordRow:
    """Store a record, under a number that may have been taken before; as it stands then."""
    number = tx.number() if number is None else number
    return store_record(tx, RecordRow(number, kind, name, body, actor, tx.recorded_at), links)


def store_record(tx: Writer, row: RecordRow, links: Iterable[tuple[str, int]]) -> RecordRow:
    """Store a record as it may be; as it stands then."""
    row = kept_record(tx, row)
    tx.add_records([row])
    tx.add_record_links(RecordLink(row.id, what, target) for what, target in links)
    if embedded_text(row) is not None:
        tx.fresh.add(("record", row.id))
    return row
