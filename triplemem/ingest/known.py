"""What an extractor is shown: the episodes, those before them, and the facts that they could affect."""

from __future__ import annotations

from collections.abc import Sequence

from triplemem.core.hints import Around, Expected
from triplemem.core.identity import entity_key, someone
from triplemem.core.rows import EpisodeRow, FactRow
from triplemem.core.text import name_ngrams
from triplemem.ledger import present
from triplemem.ledger.space import Space
from triplemem.ports import Reader
from triplemem.types import ExtractionRequest

MAX_KNOWN = 60
MAX_PER_ENTITY = 40
MAX_READ = 400
"""How many facts of one entity are looked at, so that a hub does not make every message slow."""
MAX_WORDS = 5
MAX_NAMES = 4_000
CONTEXT = 6
"""How many episodes before those to be read are shown."""


def request_for(
    view: Reader, space: Space, batch: Sequence[EpisodeRow], now: int
) -> tuple[ExtractionRequest, dict[str, int]]:
    """The request, and the numbers of the known facts by the ids that the extractor sees."""
    engine = space.engine
    facts = present.Facts(view, space.namespace, now)
    rows = known_facts(view, batch, now)
    known = facts.of(rows)
    request = ExtractionRequest(
        tuple(present.episode(row, space.namespace) for row in batch),
        tuple(present.episode(row, space.namespace) for row in _before(view, batch[0])) if engine.batch > 1 else (),
        tuple(known),
        tuple(engine.senses.now(view).everything()),
        space.namespace,
    )
    return request, {fact.id: row.id for fact, row in zip(known, rows, strict=True)}


def known_facts(view: Reader, batch: Sequence[EpisodeRow], now: int) -> list[FactRow]:
    """Facts that hold, or are yet to begin, about the entities that the episodes name and their speakers."""
    if view.namespace.n < 0:
        return []
    found: dict[int, FactRow] = {}
    for entity in _named(view, batch):
        about = view.facts_about(subject=entity, holding=now, limit=MAX_READ)
        about += view.facts_about(object=entity, holding=now, limit=MAX_READ)
        for row in sorted(about, key=lambda row: row.recorded_at, reverse=True)[:MAX_PER_ENTITY]:
            found.setdefault(row.id, row)
        if len(found) >= MAX_KNOWN:
            break
    return list(found.values())[:MAX_KNOWN]


def names_hint(batch: Sequence[EpisodeRow], at: int, secret: bytes | None, now: int) -> Expected:
    """The names that are looked up to find the facts known at a time, with the facts around whom they name."""
    return Expected(_names(batch), around=Around(at, MAX_READ))


def _named(view: Reader, batch: Sequence[EpisodeRow]) -> list[int]:
    keys = _names(batch)
    rows = view.named(keys)
    return list(dict.fromkeys(rows[key].id for key in keys if key in rows))


def _names(batch: Sequence[EpisodeRow]) -> list[str]:
    """The keys of whom the episodes may name, their speakers first."""
    keys: dict[str, None] = {}
    for row in batch:
        keys[entity_key(someone("I", row.speaker))] = None
    for row in batch:
        for name, _, _ in name_ngrams(row.text[:20_000], MAX_WORDS):
            keys[entity_key(name)] = None
            if len(keys) >= MAX_NAMES:
                break
    return list(keys)


def _before(view: Reader, first: EpisodeRow) -> list[EpisodeRow]:
    """The turns of the session just before."""
    if first.session is None:
        return []
    turns = view.episodes_before(first.session, (first.occurred_at, first.id), CONTEXT)
    return [row for row in turns if row.replaced_by is None]
