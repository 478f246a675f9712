"""Taking words out of a kept episode: its text, its full-text row, where it is quoted, what it was summed up in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable
from functools import cache, partial
from typing import TypeVar

from triplemem.core.experience import OF_EXPERIENCES
from triplemem.core.identity import entity_key, text_mark
from triplemem.core.instants import ALWAYS, FOREVER
from triplemem.core.records import SUMMARY, reworded
from triplemem.core.rows import (
    CUT,
    ClaimRow,
    EpisodeRow,
    IdentityRow,
    Reasoned,
    RecordRow,
    VerdictRow,
    span_of,
    was_cut,
)
from triplemem.core.stated import metadata_words
from triplemem.core.text import ERASED, Span, erase_sentences, find_quote, sentences, skeleton, spoken_in
from triplemem.core.tokens import search_tokens
from triplemem.ledger.bars import is_erased, named_spans, names_of
from triplemem.ledger.derive import prefix
from triplemem.ports import Reader, Writer

Quoting = TypeVar("Quoting", ClaimRow, VerdictRow)


def episode_words(view: Reader, row: EpisodeRow) -> str:
    """The tokens of an episode, its speaker's name among them, as the index takes them; none of a rendered one."""
    if row.rendered:
        return ""
    said = row.text if row.speaker is None else f"{row.speaker}: {row.text}"
    return " ".join(dict.fromkeys(search_tokens(said, prefix=prefix(view, 0))))


def kept(tx: Reader, row: EpisodeRow) -> EpisodeRow:
    """A new episode as it may be stored: without sentences, speaker or metadata that name an erased entity."""
    if not tx.namespace.tombstones:
        return row
    text = without(row, named_spans(tx, row.text))
    mark = row.redacted if text == row.text else row.redacted or text_mark(tx.namespace.secret, row.text)
    erased = row.speaker is not None and is_erased(tx, row.speaker)
    noted = row.metadata is not None and bool(named_spans(tx, metadata_words(row.metadata)))
    return row._replace(
        text=text,
        redacted=mark,
        speaker=ERASED if erased else row.speaker,
        metadata=None if erased or noted else row.metadata,
    )


def kept_record(tx: Reader, row: RecordRow) -> RecordRow:
    """A new record as it may be stored: without the sentences that name an erased entity."""
    if not tx.namespace.tombstones:
        return row
    return row._replace(body=reworded(row.body, lambda text: kept_text(tx, text)))


def kept_text(tx: Reader, text: str) -> str:
    """A text as it may be stored: without the sentences that name an erased entity."""
    return erase_sentences(text, named_spans(tx, text))


def kept_reason(tx: Reader, reason: str | None) -> str | None:
    """The reason of a correction, should there be one, as `kept_text` leaves it."""
    return reason if reason is None else kept_text(tx, reason)


def redact_reasons(tx: Writer, names: Collection[str] | None = None) -> None:
    """Take the sentences that name one of these, or anything erased, out of the reasons that were given."""
    left: Callable[[str], str | None] = partial(kept_reason, tx) if names is None else without_names(names)
    _reword(tx, _reasoned(tx), left)


def redact_reasons_near(tx: Writer, facts: Collection[int], names: Collection[str]) -> None:
    """Take the sentences that name one of these, as objects of erased facts, out of reasons that concern the subjects.

    Those of corrections of what else is known of a subject, and those that name one.
    """
    left = without_names(names)
    naming = [row for row in _reasoned(tx) if row.reason is not None and left(row.reason) != row.reason]
    if not naming:
        return
    subjects = tx.entities({row.subject for row in tx.facts(facts).values()})
    about = {row.id for one in subjects for row in (*tx.facts_about(subject=one), *tx.facts_about(object=one))}
    called = [name for row in subjects.values() for name in names_of(row)]

    def near(row: Reasoned) -> bool:
        if isinstance(row, IdentityRow):
            return row.keep in subjects or row.other in subjects
        return row.fact in about

    told = {row.reason for row in naming if near(row) or any(spoken_in(row.reason or "", name) for name in called)}
    _reword(tx, (row for row in naming if row.reason in told), left)


def _reasoned(view: Reader) -> list[Reasoned]:
    return [*view.tombstones(), *view.identities(), *view.verdicts(), *view.events(ALWAYS, FOREVER)]


def _reword(tx: Writer, rows: Iterable[Reasoned], left: Callable[[str], str | None]) -> None:
    kept = cache(left)
    for row in rows:
        if row.reason is not None and kept(row.reason) != row.reason:
            tx.reword_reason(row, kept(row.reason))


def without_names(names: Collection[str]) -> Callable[[str], str]:
    """What is left of a text without the sentences that name one of these."""
    told = [(name, skeleton(name)) for name in dict.fromkeys(names)]

    def left(text: str) -> str:
        whole = skeleton(text)
        return erase_sentences(text, [span for name, key in told if key in whole for span in spoken_in(text, name)])

    return left


def redact_records(tx: Writer, rows: Iterable[RecordRow], names: Collection[str]) -> int:
    """Take the sentences that name one of these out of these records; how many that changed."""
    left = without_names(names)
    return sum(rewrite_record(tx, row, reworded(row.body, left)) for row in rows)


def redact_stated(tx: Writer, subjects: Collection[str], objects: Collection[str]) -> int:
    """Take out of all records the sentences that state something of one of these subjects; how many that changed.

    Those that name one and an object, and where an experience names one, all that name an object.
    """
    everything, states = tx.all_records(), without_statements(subjects, objects)
    rows = [row for row in everything if _names(row.body, objects)]
    logs = {row.name for row in rows if row.kind in OF_EXPERIENCES}
    about = {row.name for row in everything if row.name in logs and _names(row.body, subjects)}
    told = [row for row in rows if row.name in about and row.kind in OF_EXPERIENCES]
    there = {row.id for row in told}
    others = (row for row in rows if row.id not in there)
    return redact_records(tx, told, objects) + sum(
        rewrite_record(tx, row, reworded(row.body, states)) for row in others
    )


def _names(body: str, names: Collection[str]) -> bool:
    """Does any text of a record's body name one of these?"""
    return bool(json.loads(reworded(body, without_names(names))) != json.loads(body))


def without_statements(subjects: Collection[str], objects: Collection[str]) -> Callable[[str], str]:
    """What is left of a text without the sentences that name one of these subjects and one of these objects."""
    left_of_objects = without_names(objects)

    def left(text: str) -> str:
        if left_of_objects(text) == text:
            return text
        parts = [(text[start:end], (start, end)) for start, end in sentences(text)]
        both = [
            span
            for said, span in parts
            if all(any(spoken_in(said, name) for name in names) for names in (subjects, objects))
        ]
        return erase_sentences(text, both)

    return left


def rewrite_record(tx: Writer, row: RecordRow, body: str) -> bool:
    """Put what erasure left of a record in its place; False if nothing changes."""
    if json.loads(body) == json.loads(row.body):
        return False
    tx.replace_record_body(row.id, body)
    tx.remove_vector("record", row.id)
    tx.fresh.add(("record", row.id))
    return True


def remove_records(tx: Writer, rows: Iterable[RecordRow]) -> int:
    """Take these records away, and those that concern them; how many that were."""
    gone = with_logs(tx, rows)
    for row in gone:
        tx.remove_record(row.id)
    return len(gone)


def with_logs(view: Reader, rows: Iterable[RecordRow]) -> list[RecordRow]:
    """These records, each once, and those that concern them."""
    found: dict[int, RecordRow] = {}
    more = {row.id: row for row in rows}
    while more:
        found |= more
        more = {row.id: row for row in view.records_linked("record", more) if row.id not in found}
    return list(found.values())


def _forget_summaries(tx: Writer, episode: int) -> int:
    """What was summed up of a turn that changes goes, to be made anew of what is left; how many records that were."""
    return remove_records(tx, [row for row in tx.records_linked("episode", [episode]) if row.kind == SUMMARY])


def unspeak(tx: Writer, row: EpisodeRow, speaker: str | None, metadata: str | None) -> int:
    """Put these in the place of an episode's speaker and metadata, in what is made of them too.

    How many summaries went with it.
    """
    after = row._replace(speaker=speaker, metadata=metadata)
    tx.unindex_words(row.id, episode_words(tx, row))
    tx.rename_speaker(row.id, speaker, metadata)
    tx.index_words(row.id, episode_words(tx, after))
    tx.remove_vector("episode", row.id)
    tx.fresh.add(("episode", row.id))
    return _forget_summaries(tx, row.id)


def redact(tx: Writer, row: EpisodeRow, text: str) -> int:
    """Put ``text`` in the place of the episode's, and move what quotes it; how many summaries went with that."""
    if text == row.text:
        return 0
    mark = row.redacted or text_mark(tx.namespace.secret, row.text)
    tx.unindex_words(row.id, episode_words(tx, row))
    tx.redact_episode(row.id, text, mark)
    after = row._replace(text=text, redacted=mark)
    tx.index_words(row.id, episode_words(tx, after))
    tx.remove_vector("episode", row.id)
    tx.fresh.add(("episode", row.id))
    for claim in tx.claims_of_episodes([row.id]):
        moved = moved_claim(claim, row.text, text)
        if moved != claim:
            tx.respan_claim(claim, CUT if was_cut(moved) else span_of(moved), moved.said)
    for verdict in tx.verdicts_of_episodes([row.id]):
        ended = moved_quote(verdict, row.text, text)
        if ended != verdict:
            tx.respan_verdict(verdict.id, span_of(ended) or CUT)
    return _forget_summaries(tx, row.id)


def moved_quote(row: Quoting, before: str, after: str) -> Quoting:
    """The row as it is quoted from what was kept of a text; `CUT` where what stated it is no longer there."""
    if before == after or was_cut(row):
        return row
    span = span_of(row)
    if span is None:
        left = CUT if _went(row, before, after) else None
    else:
        quote = before[span[0] : span[1]]
        left = (find_quote(quote, after) if quote.strip() else None) or CUT
    return row if left is None else row._replace(quote_from=left[0], quote_to=left[1])


def moved_claim(row: ClaimRow, before: str, after: str) -> ClaimRow:
    """As `moved_quote`, without the words of a quote that is no longer there."""
    moved = moved_quote(row, before, after)
    return moved._replace(said=_said_without(moved, "quote")) if was_cut(moved) else moved


def _went(row: ClaimRow | VerdictRow, before: str, after: str) -> bool:
    """Of a row that quotes nothing: is all the text gone, or all that named its object?"""
    if not after.replace(ERASED, "").strip():
        return True
    return isinstance(row, ClaimRow) and bool(spoken_in(before, row.object)) and not spoken_in(after, row.object)


_TOLD = re.compile('"(?:context|quote)":')


def unsay(tx: Writer, claims: Iterable[ClaimRow], names: Collection[str]) -> None:
    """Of these claims, those still there, drop the context that names one of these, and a quote that no text holds."""
    for row in claims:
        claim = tx.claim(row.episode, row.n) if row.said is not None and _TOLD.search(row.said) else None
        if claim is None:
            continue
        span = span_of(claim)
        loose = ("context",) if span is not None else ("context", "quote")
        said = json.loads(claim.said or "{}")
        naming = [what for what in loose if any(spoken_in(said.get(what) or "", name) for name in names)]
        if naming:
            tx.respan_claim(claim, CUT if was_cut(claim) else span, _said_without(claim, *naming))


def _said_without(claim: ClaimRow, *parts: str) -> str | None:
    """What the triplet said beyond its three texts, without these."""
    said = {what: value for what, value in json.loads(claim.said or "{}").items() if what not in parts}
    return json.dumps(said, ensure_ascii=False) if said else None


def without(row: EpisodeRow, spans: list[Span]) -> str:
    """The episode's text without the sentences of these spans; a rendered one holds one triplet a line."""
    if not row.rendered:
        return erase_sentences(row.text, spans)
    lines, at = [], 0
    for line in row.text.split("\n"):
        end = at + len(line)
        lines.append(ERASED if any(low < end and at < high for low, high in spans) else line)
        at = end + 1
    return "\n".join(lines)


def redact_refused(tx: Writer, number: int, refused: list[tuple[Span | None, str]]) -> EpisodeRow:
    """Take out of an episode the sentences that state erased values, by where they stand and the object each names.

    Of a value without a place, and whose object nothing names, the whole text goes. Sentences that name such an object
    also go from the records that rest on the episode. The episode as it then stands.
    """
    row = tx.episodes([number])[number]
    spans: list[Span] = []
    for span, object_ in refused:
        found = [] if row.rendered and span is not None else spoken_in(row.text, object_)
        spans += [*found, span] if span is not None else found or [(0, len(row.text))]
    redact(tx, row, without(row, spans))
    if near := with_logs(tx, tx.records_linked("episode", [number])):
        keys = {object_: entity_key(object_) for _, object_ in refused}
        known = tx.named(set(keys.values()))
        redact_records(tx, near, [name for said, key in keys.items() for name in names_of(known.get(key), said)])
    return tx.episodes([number])[number]
