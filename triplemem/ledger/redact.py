"""Taking words out of a kept episode: its text, its full-text row, and where its claims' quotes stand."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable

from triplemem.core.identity import text_mark
from triplemem.core.rows import ClaimRow, EpisodeRow
from triplemem.core.text import ERASED, Span, erase_sentences, find_quote, names_in
from triplemem.core.tokens import search_tokens
from triplemem.ledger.derive import prefix
from triplemem.ports import Reader, Writer


def episode_words(view: Reader, row: EpisodeRow) -> str:
    """The tokens of an episode, its speaker's name among them, as the index takes them; none of a rendered one."""
    if row.rendered:
        return ""
    said = row.text if row.speaker is None else f"{row.speaker}: {row.text}"
    return " ".join(dict.fromkeys(search_tokens(said, prefix=prefix(view, 0))))


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
    for claim in tx.claims_of_episodes([row.id]):
        if claim.quote_from is not None and claim.quote_to is not None:
            quote = row.text[claim.quote_from : claim.quote_to]
            span = find_quote(quote, text) if quote.strip() else None
            tx.respan_claim(claim, span, claim.said if span is not None else _said_without(claim, "quote"))
    return True


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
