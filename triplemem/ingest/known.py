"""What an extractor is shown: the episodes, those before them, and the facts that they could affect."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from triplemem.core.hints import Around, Expected
from triplemem.core.identity import entity_key, someone, write_id
from triplemem.core.render import unremembered
from triplemem.core.rows import EpisodeRow, FactRow
from triplemem.core.text import name_ngrams
from triplemem.core.tokens import MAX_TOKEN, query_tokens, search_tokens
from triplemem.errors import ModelUnavailable
from triplemem.ledger import present
from triplemem.ledger.derive import prefix
from triplemem.ledger.space import Space
from triplemem.ledger.vectors import embedded
from triplemem.ports import Reader
from triplemem.types import Episode, ExtractionRequest, Fact

if TYPE_CHECKING:
    import numpy as np

MAX_KNOWN = 60
MAX_PER_ENTITY = 40
MAX_READ = 400
"""How many facts of one entity are looked at, so that a hub does not make every message slow."""
MAX_ENTITIES = 64
"""How many of those whom the episodes name are looked at, the speakers first."""
MAX_WORDS = 5
MAX_NAMES = 4_000
CONTEXT = 6
"""How many episodes before those to be read are shown."""
MAX_ALIKE = 20
"""How many facts are shown that nothing names, and only words or vectors point to."""
LEAST_NEAR = 0.5
"""The least cosine with a message that makes a fact one that may be meant; chosen, not measured."""
MAX_TELLING, MAX_PER_WORD, MAX_NEAR, MAX_LOOKED_AT = 16, 60, 5, 60
MAX_ASKED, MAX_EMBEDDED = 32, 2_000
"""How many episodes of a batch are embedded to find what is like them, and how many characters of each."""
_CURRENT = 1


def as_read(row: EpisodeRow, space: Space) -> Episode:
    """The episode as an extractor is shown it: without what memory itself had rendered, in places that stay."""
    return present.episode(row._replace(text=unremembered(row.text)), space.namespace)


def request_for(
    view: Reader,
    space: Space,
    batch: Sequence[EpisodeRow],
    now: int,
    vectors: np.ndarray[Any, Any] | None = None,
    known_rows: Shown | None = None,
) -> tuple[ExtractionRequest, dict[str, int]]:
    """The request, and the numbers of the known facts by the ids that the extractor sees."""
    engine = space.engine
    facts = present.Facts(view, space.namespace, now)
    if known_rows is None:
        rows = known_facts(view, batch, now, vectors, similar=engine.batch > 1)
        known = facts.of(rows)
    else:
        rows, known = known_rows(view, facts, batch, vectors)
    if engine.batch > 1:  # in one order, whatever ids they have
        known.sort(key=lambda fact: (fact.subject.name, fact.predicate, fact.object.name, fact.id))
    request = ExtractionRequest(
        tuple(as_read(row, space) for row in batch),
        tuple(as_read(row, space) for row in _before(view, batch[0])) if engine.batch > 1 else (),
        known,
        tuple(engine.senses.now(view).everything()),
        space.namespace,
    )
    numbers = {write_id("f", row.id): row.id for row in rows}
    return request, {fact.id: numbers[fact.id] for fact in known}


Shown = Callable[
    [Reader, present.Facts, Sequence[EpisodeRow], "np.ndarray[Any, Any] | None"], tuple[list[FactRow], list[Fact]]
]
"""Which facts are shown, and as what, where it is not what is known now."""


def asked_vectors(space: Space, batch: Sequence[EpisodeRow]) -> np.ndarray[Any, Any] | None:
    """The vectors of what is to be read, made outside any transaction; None where the store has no embedder."""
    engine = space.engine
    if engine.embedder is None or engine.batch == 1:
        return None
    try:
        return embedded(engine.embedder, [row.text[:MAX_EMBEDDED] for row in batch[:MAX_ASKED]])
    except ModelUnavailable:
        return None  # names and words still find facts, and `fill` tells of the embedder after the write


def known_facts(
    view: Reader,
    batch: Sequence[EpisodeRow],
    now: int,
    vectors: np.ndarray[Any, Any] | None = None,
    *,
    similar: bool = False,
) -> list[FactRow]:
    """Facts that hold, or are yet to begin, that the episodes could affect: at most `MAX_KNOWN`.

    They are those about the entities that the episodes name, by any name, and about their speakers; with ``similar``
    also those that share words with them, or whose vectors lie near. Where there are more, those come first that the
    episodes name at both ends, then those that share rare words with them, then the newest.
    """
    if view.namespace.n < 0:
        return []
    found: dict[int, FactRow] = {}
    named = _named(view, batch)
    for entity in named[:MAX_ENTITIES]:
        about = view.facts_about(subject=entity, holding=now, limit=MAX_READ)
        about += view.facts_about(object=entity, holding=now, limit=MAX_READ)
        for row in sorted(about, key=lambda row: row.recorded_at, reverse=True)[:MAX_PER_ENTITY]:
            found.setdefault(row.id, row)
        if len(found) >= MAX_KNOWN and not similar:
            break
    if not similar:
        return list(found.values())[:MAX_KNOWN]
    telling = _telling(batch)
    near = _near(view, vectors)
    worth = _sharing(view, telling)
    for number, score in near.items():
        worth[number] = worth.get(number, 0.0) + score
    beside = sorted((number for number in worth if number not in found), key=lambda number: -worth[number])
    rows = [row for row in view.facts(beside[:MAX_LOOKED_AT]).values() if row.holds_to > now]
    alike = [row for row in rows if row.id in near] + _naming(
        view, [row for row in rows if row.id not in near], telling
    )
    found |= {row.id: row for row in sorted(alike, key=lambda row: -worth[row.id])[:MAX_ALIKE]}
    return sorted(found.values(), key=lambda row: _place(row, set(named), worth))[:MAX_KNOWN]


def _place(row: FactRow, named: set[int], worth: dict[int, float]) -> tuple[int, float, int, int]:
    """What decides whether a fact is shown where there is no room for all."""
    ends = (row.subject in named) + (row.object in named)
    return (-(ends // 2), -worth.get(row.id, 0.0), -row.recorded_at, row.id)


def _sharing(view: Reader, telling: Sequence[str]) -> dict[int, float]:
    """Facts that share words with the episodes, rare ones weighing more."""
    worth: dict[int, float] = {}
    before = prefix(view, _CURRENT)
    for numbers in view.matching([[before + token[: MAX_TOKEN - len(before)]] for token in telling], MAX_PER_WORD):
        for number in numbers if len(numbers) < MAX_PER_WORD else ():  # a word of so many tells none from another
            worth[number] = worth.get(number, 0.0) + 1 / len(numbers)
    return worth


def _near(view: Reader, vectors: np.ndarray[Any, Any] | None) -> dict[int, float]:
    """Facts whose vectors lie near those of the episodes."""
    found: dict[int, float] = {}
    for vector in () if vectors is None else vectors:
        for number, score in next(iter(view.nearest("fact", vector, MAX_NEAR, past=False)), {}).items():
            if score >= LEAST_NEAR:
                found[number] = max(score, found.get(number, 0.0))
    return found


def _naming(view: Reader, rows: Sequence[FactRow], telling: Sequence[str]) -> list[FactRow]:
    """Of these facts those with a word of the episodes in a name: to share only the predicate is to share nothing."""
    if not rows:
        return []
    names = view.entities({end for row in rows for end in (row.subject, row.object)})
    words = set(telling)
    said = {number: bool(words.intersection(search_tokens(row.name))) for number, row in names.items()}
    return [row for row in rows if said.get(row.subject) or said.get(row.object)]


def _telling(batch: Sequence[EpisodeRow]) -> list[str]:
    """Words of the episodes that say something, the longest first: they are the rarest, on the whole."""
    words: dict[str, None] = {}
    for row in batch:
        words |= dict.fromkeys(query_tokens(row.text[:MAX_EMBEDDED]))
    return sorted(words, key=lambda word: (-len(word), word))[:MAX_TELLING]


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
