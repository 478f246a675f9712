"""Upkeep of a namespace: verify its derived rows, make them again, count them, erase it whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from triplemem.core.identity import write_id
from triplemem.core.predicates import Vocabulary
from triplemem.ledger.derive import entities_of, prefixed, words_of
from triplemem.ledger.embedding import KEY, REPLACING, fits
from triplemem.ledger.engine import Engine
from triplemem.ledger.redact import episode_words
from triplemem.ledger.replay import Derived, Ledger, derived_row, differing_names, replay, whole_ledger, write_derived
from triplemem.ledger.space import Space
from triplemem.ledger.usage import total
from triplemem.ledger.vectors import Progress, fill, stamp_of
from triplemem.ports import Embedder, Reader, Writer

AT_ONCE = 1_000
"""How many vectors one transaction takes away."""


def check(space: Space) -> list[str]:
    """What of the derived rows differs from what the ledger says; empty means sound."""

    def work(view: Reader) -> list[str]:
        ledger = whole_ledger(view)
        derived = replay(view, space.engine.senses, ledger)
        lines = [*_differing_periods(view, derived), *_differing_facts(ledger, derived), *differing_names(view)]
        return [*lines, *view.flaws(space.engine.now_us())]

    return space.engine.read(space.path, work)


def _differing_periods(view: Reader, derived: Derived) -> list[str]:
    stored = set(view.all_periods())
    lines = [
        f"period of {_f(row[0])} is stored and not derived: {_told(row)}"
        for row in sorted(stored - derived.periods, key=str)
    ]
    lines += [
        f"period of {_f(row[0])} is derived and not stored: {_told(row)}"
        for row in sorted(derived.periods - stored, key=str)
    ]
    return lines


def _differing_facts(ledger: Ledger, derived: Derived) -> list[str]:
    lines = []
    for claim in ledger.claims:
        meant = derived.fact_of.get((claim.episode, claim.n))
        if meant != claim.fact:
            what = "no fact" if meant is None else _f(meant)
            lines.append(
                f"claim {write_id('c', claim.episode, claim.n)} is stored under {_f(claim.fact)}, and means {what}"
            )
    for number, row in ledger.facts.items():
        wanted = derived_row(row, derived)
        for name in ("support", "holds_to", "moved_to", "rejected"):
            stored, right = getattr(row, name), getattr(wanted, name)
            if stored != right:
                lines.append(f"{name} of {_f(number)} is {stored}, and should be {right}")
        if bool(row.indexed) != bool(wanted.indexed):
            lines.append(
                f"the words of {_f(number)} are {'' if row.indexed else 'not '}indexed, and should be otherwise"
            )
    missing = derived.keys.keys() - ledger.facts.keys()
    return lines + [f"{_f(fact)} has claims, or had, and no row" for fact in sorted(missing)]


def _f(number: int) -> str:
    return write_id("f", number)


def _told(row: tuple[int | None, ...]) -> str:
    return f"valid [{row[2]}, {row[3]}), believed [{row[1]}, {row[4]})"


def rebuild(space: Space) -> int:
    """Make the derived rows again from the ledger, all at once; the number of facts."""

    def work(tx: Writer, _: Vocabulary) -> int:
        ledger = whole_ledger(tx)
        tx.redraw()
        write_derived(tx, replay(tx, space.engine.senses, ledger), ledger)
        return len(tx.facts_about())

    bulk = space.deriving("making its derived rows again")
    return space.engine.write(space.path, space.actor, work, bulk=bulk)


def rebuild_embeddings(
    engine: Engine, spaces: Sequence[Space], embedder: Embedder, progress: Progress | None
) -> dict[str, int]:
    """Make the vectors of a store with this embedder; how many in each namespace.

    The stamp says what a crash left: while vectors of another embedder are taken away nobody opens the store with
    either one; from then on it is open, and what is missing is made.
    """
    storage = engine.storage
    fits(storage, embedder)
    wanted = stamp_of(embedder)
    if storage.stamp(KEY, wanted) != wanted:
        storage.restamp(KEY, REPLACING + wanted)
        for space in spaces:
            _take_vectors_away(space)
        storage.prepare_vectors(int(embedder.dimensions), anew=True)
        storage.restamp(KEY, wanted)
    engine.embedder, engine.foreign, engine.filled = embedder, None, set()
    return {space.path: fill(space, progress=progress) for space in spaces}


def _take_vectors_away(space: Space) -> None:
    """Batch by batch, so that no transaction is too large for a server."""

    def there(view: Reader) -> list[tuple[str, int]]:
        facts, episodes, records = view.facts_about(), view.episodes_between(), view.all_records()
        numbers = {
            "fact": [row.id for row in facts],
            "episode": [row.id for row in episodes],
            "record": [row.id for row in records],
        }
        return [(kind, number) for kind, ids in numbers.items() for number in view.vector_numbers(kind, ids)]

    def work(tx: Writer, batch: Sequence[tuple[str, int]]) -> None:
        for kind, number in batch:
            tx.remove_vector(kind, number)

    keys = space.engine.read(space.path, there)
    for start in range(0, len(keys), AT_ONCE):
        batch = keys[start : start + AT_ONCE]
        space.engine.storage.write(space.path, space.engine.now_us(), partial(work, batch=batch))


def counts(space: Space) -> dict[str, Any]:
    """How many rows of each kind a namespace has, and what calls of models took."""

    def work(view: Reader) -> dict[str, Any]:
        facts = view.facts_about()
        now = space.engine.now_us()
        undone = view.undone_jobs()
        return {
            "episodes": len(view.episodes_between()),
            "claims": len(view.claims()),
            "facts": len([row for row in facts if row.moved_to is None]),
            "current": len([row for row in facts if row.holds_to > now]),
            "entities": len([row for row in view.all_entities() if row.merged is None]),
            "tombstones": len([row for row in view.tombstones() if row.lifted_at is None]),
            "records": len(view.all_records()),
            "jobs_pending": len([row for row in undone if row.state == "pending"]),
            "jobs_failed": len([row for row in undone if row.state == "failed"]),
            "usage": asdict(total(view)),
        }

    return space.engine.read(space.path, work)


def erase_namespace(space: Space) -> dict[str, int]:
    """Take a namespace away, all at once; the number of rows by kind."""
    return space.engine.storage.remove(space.path, space.engine.now_us(), _unindex)


def _unindex(tx: Writer) -> None:
    """Take every word of the namespace out of the index."""
    facts = [row for row in tx.facts_about() if row.indexed]
    names = entities_of(tx, facts)
    for row in facts:
        tx.unindex_words(row.id, prefixed(tx, row.indexed, words_of(row, names)))
    for episode in tx.episodes_between():
        tx.unindex_words(episode.id, episode_words(tx, episode))
