"""Tombstones: what was rejected or erased is recognised when it comes back, by keyed digests alone (DESIGN §3)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import NamedTuple

from triplemem.core.identity import digest, exact_digest
from triplemem.core.predicates import Direction, Vocabulary
from triplemem.core.rows import EntityRow, EpisodeRow
from triplemem.core.text import Span, name_ngrams, skeleton
from triplemem.ports import Reader, Writer

VALUE, NAMED, TEXT, EPISODE, SOURCE, ANY_SOURCE, RULE, RECORD = (
    "value",
    "named",
    "text",
    "episode",
    "source",
    "any source",
    "rule",
    "record",
)


class Bar(NamedTuple):
    """A tombstone that is in the way."""

    tombstone: int
    verb: str
    bars: str


NAMELESS = Bar(0, "erase", "value")
"""Where the marker of what was erased stands in place of a name, nothing tells whose it was."""


def names_of(row: EntityRow | None, *said: str) -> list[str]:
    """Every name under which an entity is known, and as it was just said."""
    known = [] if row is None else [row.name, *json.loads(row.aliases or "[]")]
    return list(dict.fromkeys([*said, *known]))


def value_parts(
    vocabulary: Vocabulary, subjects: Iterable[str], predicate: str, objects: Iterable[str]
) -> Iterator[tuple[str, str, str]]:
    """Every way to say a value, in its direction; of a symmetric predicate the ends in one order."""
    subjects, objects = list(subjects), list(objects)
    symmetric = vocabulary.symmetric(predicate)
    for name, swapped in vocabulary.names_of(predicate) or [Direction(predicate, False)]:
        for subject in subjects:
            for object_ in objects:
                ends = (object_, subject) if swapped else (subject, object_)
                if symmetric:
                    first, second = sorted(skeleton(end) for end in ends)
                    ends = (first, second)
                yield ends[0], name, ends[1]


def bar_value(
    tx: Writer, tombstone: int, vocabulary: Vocabulary, subject: EntityRow, predicate: str, object: EntityRow
) -> None:
    """Bar a fact's value under every name that its entities have had."""
    secret = tx.namespace.secret
    said = value_parts(vocabulary, names_of(subject), predicate, names_of(object))
    tx.bar((digest(secret, VALUE, *parts), tombstone, VALUE, 0) for parts in said)


def bar_names(tx: Writer, tombstone: int, names: Iterable[str]) -> None:
    """Bar an entity under each of its names, in claims and in sentences."""
    secret = tx.namespace.secret
    tx.bar((digest(secret, NAMED, name), tombstone, NAMED, word_count(name)) for name in names)


def bar_episode(tx: Writer, tombstone: int, row: EpisodeRow, *, stated: bool, source: str | None) -> None:
    """Bar an episode's source and, if it had stated anything, its text by the same speaker in any session.

    ``source``: the source that is erased, with the episode as one part of it: it is barred in every session. A message
    without a source may be said again, but no import brings this one.
    """
    secret, rows = tx.namespace.secret, []
    barred = row.source_id if source is None else source
    if barred is not None:
        rows.append((exact_digest(secret, SOURCE, row.session, barred), tombstone, SOURCE, 0))
    if source is not None:
        rows.append((exact_digest(secret, ANY_SOURCE, source), tombstone, ANY_SOURCE, 0))
    if barred is None and not row.rendered:
        rows.append((exact_digest(secret, EPISODE, row.identity.hex()), tombstone, EPISODE, 0))
    if stated and not row.rendered:
        rows.append((digest(secret, TEXT, row.speaker or "", row.text), tombstone, TEXT, 0))
    tx.bar(rows)


def value_barred(
    tx: Reader,
    vocabulary: Vocabulary,
    subject: tuple[EntityRow | None, str],
    predicate: str,
    object: tuple[EntityRow | None, str],
) -> Bar | None:
    """The tombstone in the way of a canonical value, if any; each end is its entity, if known, and its name."""
    if not tx.namespace.tombstones:
        return None
    subjects, objects = names_of(*subject), names_of(*object)
    parts = list(value_parts(vocabulary, subjects, predicate, objects))
    for secret in tx.secrets():
        for said in parts:
            if found := _first(tx, digest(secret, VALUE, *said)):
                return found
        for name in (*subjects, *objects):
            if found := _first(tx, digest(secret, NAMED, name)):
                return found
    return None


def episode_barred(
    tx: Reader,
    session: str | None,
    speaker: str | None,
    text: str,
    *sources: str | None,
    under: Collection[int] | None = None,
) -> Bar | None:
    """The tombstone in the way of an episode, if any: of its text, of its source, or of what that is a part of.

    ``under``: of these tombstones alone.
    """
    if not tx.namespace.tombstones:
        return None
    for secret in tx.secrets():
        digests = [digest(secret, TEXT, speaker or "", text)]
        for source in dict.fromkeys(one for one in sources if one is not None):
            digests += [exact_digest(secret, SOURCE, session, source), exact_digest(secret, ANY_SOURCE, source)]
        for one in digests:
            if found := _first(tx, one, under):
                return found
    return None


def came_before(tx: Reader, row: EpisodeRow, under: Collection[int] | None = None) -> Bar | None:
    """The erasure of this very episode, if any, by one of these tombstones; what was said alike after it is another."""
    if not tx.namespace.tombstones:
        return None
    found = [bar for secret in tx.secrets() for bar in tx.barred(exact_digest(secret, EPISODE, row.identity.hex()))]
    found = [bar for bar in found if under is None or bar[1] in under]
    erased = {stone.id: stone.recorded_at for stone in tx.tombstones()} if found else {}
    return next((Bar(bar[1], bar[3], bar[4]) for bar in found if row.recorded_at <= erased[bar[1]]), None)


def bar_rules(tx: Writer, tombstone: int, prompt: str, rules: Iterable[str]) -> None:
    """Bar rules of a prompt."""
    tx.bar((digest(tx.namespace.secret, RULE, prompt, rule), tombstone, RULE, 0) for rule in rules)


def rule_bars(tx: Reader, prompt: str, rule: str) -> list[Bar]:
    """Every tombstone in the way of a rule of a prompt."""
    if not tx.namespace.tombstones:
        return []
    digests = [digest(secret, RULE, prompt, rule) for secret in tx.secrets()]
    return [Bar(row[1], row[3], row[4]) for one in digests for row in tx.barred(one)]


def rules_barred_at(tx: Reader, prompt: str, rules: Collection[str], known: int) -> set[str]:
    """Those of these rules of a prompt that a tombstone stood against at a recorded time."""
    if not rules or not tx.namespace.tombstones:
        return set()
    stones = {
        one.id
        for one in tx.tombstones()
        if one.recorded_at <= known and (one.lifted_at is None or one.lifted_at > known)
    }
    barred = {row[0] for row in tx.all_barred() if row[1] in stones}
    secrets = tx.secrets()
    return {rule for rule in rules if any(digest(secret, RULE, prompt, rule) in barred for secret in secrets)}


def bar_records(tx: Writer, tombstone: int, logs: Iterable[str]) -> None:
    """Bar erased logs, by their names, from coming back by an import."""
    secret = tx.namespace.secret
    tx.bar((exact_digest(secret, RECORD, name), tombstone, RECORD, 0) for name in logs)


def record_barred(tx: Reader, log: str) -> bool:
    """Was a log of this name erased?"""
    if not tx.namespace.tombstones:
        return False
    return any(_first(tx, exact_digest(secret, RECORD, log)) for secret in tx.secrets())


def named_spans(tx: Reader, text: str) -> list[Span]:
    """Where a text names an erased entity."""
    sizes = tx.barred_words() if tx.namespace.tombstones else []
    if not sizes:
        return []
    secrets = tx.secrets()

    @cache
    def erased(name: str) -> bool:
        return any(_first(tx, digest(secret, NAMED, name)) for secret in secrets)

    return [(start, end) for name, start, end in name_ngrams(text, max(sizes)) if erased(name)]


def is_erased(tx: Reader, name: str) -> bool:
    """Was an entity of this name erased?"""
    if not tx.namespace.tombstones or not tx.barred_words():
        return False
    return any(_first(tx, digest(secret, NAMED, name)) for secret in tx.secrets())


def word_count(name: str) -> int:
    """How many words of a text the name may take."""
    return max(1, sum(1 for _ in name_ngrams(name, 1)))


def _first(tx: Reader, one: bytes, under: Collection[int] | None = None) -> Bar | None:
    rows = [row for row in tx.barred(one) if under is None or row[1] in under]
    row = next((row for row in rows if row[3] == "erase"), rows[0] if rows else None)  # it also takes the words
    return None if row is None else Bar(row[1], row[3], row[4])
