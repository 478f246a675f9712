"""What tombstones bar is taken out of a namespace that an import has brought together: those of both sides hold."""

from __future__ import annotations

from collections.abc import Collection

from triplemem.core.identity import whole_of
from triplemem.core.rows import EpisodeRow
from triplemem.ledger.bars import Bar, came_before, episode_barred, names_of, record_barred, value_barred
from triplemem.ledger.forget import Gone, carry_out, of_episodes, of_fact
from triplemem.ledger.redact import (
    kept,
    kept_record,
    redact,
    redact_reasons,
    redact_reasons_near,
    redact_records,
    redact_stated,
    remove_records,
    rewrite_record,
    unspeak,
    with_logs,
)
from triplemem.ledger.sense import Senses
from triplemem.ports import Reader, Writer


def barred_of(tx: Reader, row: EpisodeRow, under: Collection[int] | None = None) -> Bar | None:
    """The tombstone in the way of an episode, if any: of its source, what that is a part of, its text, or itself.

    ``under``: of these tombstones alone.
    """
    text, whole = "" if row.rendered else row.text, whole_of(tx.secrets(), row)
    found = episode_barred(tx, row.session, row.speaker, text, row.source_id, whole, under=under)
    return found or came_before(tx, row, under)


def take_out_facts(tx: Writer, senses: Senses) -> None:
    """Facts that an erasure bars, with the sentences that state them."""
    vocabulary = senses.now(tx)
    names = {row.id: row for row in tx.all_entities()}
    for row in tx.facts_about():
        subject, object_ = names[row.subject], names[row.object]
        bar = value_barred(tx, vocabulary, (subject, subject.name), row.predicate, (object_, object_.name))
        if bar is not None and bar.verb == "erase" and tx.facts([row.id]):
            carry_out(tx, vocabulary, senses, of_fact(tx, vocabulary, row, bar.tombstone))


def take_out_words(tx: Writer, fact: int, episodes: Collection[int]) -> None:
    """What is said of a barred fact, of which these episodes' evidence did not come.

    In records that rest on either, in those that state it, and in the reasons of what was corrected of its subject.
    """
    row = tx.facts([fact])[fact]
    near = with_logs(tx, [*tx.records_linked("episode", episodes), *tx.records_linked("fact", [fact])])
    ends = tx.entities([row.subject, row.object])
    names = names_of(ends[row.object])
    redact_records(tx, near, names)
    redact_stated(tx, names_of(ends[row.subject]), names)
    redact_reasons_near(tx, [fact], names)


def take_out_lone(tx: Writer, senses: Senses, facts: Collection[int]) -> None:
    """Of these facts those that nothing states, with their entities; not those that a tombstone is about."""
    named = {stone.fact for stone in tx.tombstones()}
    stated = {row.fact for row in tx.claims_of_facts(facts)} if facts else set[int]()
    rows = tx.facts(set(facts) - stated - named)
    lone = {number for number, row in rows.items() if row.moved_to is None}
    if lone:
        carry_out(tx, senses.now(tx), senses, Gone(facts=lone))


def take_out_episodes(tx: Writer, senses: Senses, stones: Collection[int], let_stand: Collection[int]) -> None:
    """Episodes that one of these tombstones bars, with all that they stated; not those that were let stand under it."""
    gone: dict[int, list[EpisodeRow]] = {}
    for row in tx.episodes_between():
        bar = None if row.id in let_stand else barred_of(tx, row, stones)
        if bar is not None:
            gone.setdefault(bar.tombstone, []).append(row)
    for stone, rows in gone.items():
        carry_out(tx, senses.now(tx), senses, of_episodes(tx, rows, stone))


def take_out_names(tx: Writer, episodes: Collection[int] | None = None) -> None:
    """Take out what names something erased: of these episodes, or of all, then of records and reasons too."""
    rows = tx.episodes_between() if episodes is None else tx.episodes(episodes).values()
    for row in rows:
        left = kept(tx, row)
        redact(tx, row, left.text)
        if (left.speaker, left.metadata) != (row.speaker, row.metadata):
            unspeak(tx, row._replace(text=left.text), left.speaker, left.metadata)
    if episodes is None:
        redact_reasons(tx)
        remove_records(tx, [row for row in tx.all_records() if record_barred(tx, row.name)])
        for record in tx.all_records():
            rewrite_record(tx, record, kept_record(tx, record).body)
