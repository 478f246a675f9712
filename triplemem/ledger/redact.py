"""Taking words out of a kept episode: its text, its full-text row, and where its claims' quotes stand."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable

from triplemem.core.identity import text_mark
from triplemem.core.records import reworded
from triplemem.core.rows import ClaimRow, EpisodeRow, RecordRow
from triplemem.core.text import ERASED, Span, erase_sentences, find_quote, fold, names_in
from triplemem.core.tokens import search_tokens
from triplemem.ledger.bars import is_erased, named_spans
from triplemem.ledger.derive import prefix
from triplemem.ports import Reader, Writer


def episode_words(view: Reader, row: EpisodeRow) -> str:
    """The tokens of an episode, its speaker's name among them, as the index takes them; none of a rendered one."""
    if row.rendered:
        return ""
    said = row.text if row.speaker is None else f"{row.speaker}: {row.text}"
    return " ".join(dict.fromkeys(search_tokens(said, prefix=prefix(view, 0))))


def kept(tx: Reader, row: EpisodeRow) -> EpisodeRow:
    """A new episode as it may be stored: without sentences, speaker or metadata that name an erased entity."""
    text = without(row, named_spans(tx, row.text))
    mark = row.redacted if text == row.text else row.redacted or text_mark(tx.namespace.secret, row.text)
    erased = row.speaker is not None and is_erased(tx, row.speaker)
    noted = row.metadata is not None and bool(named_spans(tx, row.metadata))
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
    """A text as a record may hold it: without the sentences that name an erased entity."""
    return erase_sentences(text, named_spans(tx, text))


def redact_records(tx: Writer, rows: Iterable[RecordRow], names: Collection[str]) -> int:
    """Take the sentences that name one of these out of these records; how many that changed."""
    told = [(name, fold(name)) for name in dict.fromkeys(names)]

    def left(text: str) -> str:
        whole = fold(text)
        return erase_sentences(text, [span for name, key in told if key in whole for span in names_in(text, name)])

    return sum(rewrite_record(tx, row, reworded(row.body, left)) for row in rows)


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


def unspeak(tx: Writer, row: EpisodeRow, speaker: str | None, metadata: str | None) -> EpisodeRow:
    """Put these in the place of an episode's speaker and metadata, in what is made of them too."""
    after = row._replace(speaker=speaker, metadata=metadata)
    tx.unindex_words(row.id, episode_words(tx, row))
    tx.rename_speaker(row.id, speaker, metadata)
    tx.index_words(row.id, episode_words(tx, after))
    tx.remove_vector("episode", row.id)
    tx.fresh.add(("episode", row.id))
    return after


def redact(tx: Writer, row: EpisodeRow, text: str) -> bool:
    """Put ``text`` in the place of the episode's; False if nothing changes."""
    if text == row.text:
        return False
    mark = row.redacted or text_mark(tx.namespace.secret, row.text)
    tx.unindex_words(row.id, episode_words(tx, row))
    tx.redact_episode(row.id, text, mark)
    after = row._replace(text=text, redacted=mark)
    tx.index_words(row.id, episode_words(tx, after))
    tx.remove_vector("episode", row.id)
    tx.fresh.add(("episode", row.id))
    for claim in tx.claims_of_episodes([row.id]):
        moved = moved_quote(claim, row.text, text)
        if moved is not claim:
            span = None if moved.quote_from is None or moved.quote_to is None else (moved.quote_from, moved.quote_to)
            tx.respan_claim(claim, span, moved.said)
    return True


def moved_quote(claim: ClaimRow, before: str, after: str) -> ClaimRow:
    """The claim as it is quoted from what was kept of a text; what is no longer there is not quoted."""
    if claim.quote_from is None or claim.quote_to is None:
        return claim
    quote = before[claim.quote_from : claim.quote_to]
    span = find_quote(quote, after) if quote.strip() else None
    if span is None:
        return claim._replace(quote_from=None, quote_to=None, said=_said_without(claim, "quote"))
    return claim._replace(quote_from=span[0], quote_to=span[1])


_TOLD = re.compile('"(?:context|quote)":')


def unsay(tx: Writer, claims: Iterable[ClaimRow], names: Collection[str]) -> None:
    """Of these claims, those still there, drop the context that names one of these, and a quote that no text holds."""
    for row in claims:
        claim = tx.claim(row.episode, row.n) if row.said is not None and _TOLD.search(row.said) else None
        if claim is None:
            continue
        loose = ("context",) if claim.quote_from is not None else ("context", "quote")
        said = json.loads(claim.said or "{}")
        naming = [what for what in loose if any(names_in(said.get(what) or "", name) for name in names)]
        if naming:
            span = None if claim.quote_from is None or claim.quote_to is None else (claim.quote_from, claim.quote_to)
            tx.respan_claim(claim, span, _said_without(claim, *naming))


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

    Of a value without a place, and whose object nothing names, the whole text goes. The episode as it then stands.
    """
    row = tx.episodes([number])[number]
    spans: list[Span] = []
    for span, object_ in refused:
        found = [] if row.rendered and span is not None else names_in(row.text, object_)
        spans += [*found, span] if span is not None else found or [(0, len(row.text))]
    redact(tx, row, without(row, spans))
    return tx.episodes([number])[number]
