"""Reading a kept episode again: what the new reading says as the old one did stands untouched, the rest is replaced.

What people did stands: a claim that somebody retracted, a fact that somebody ended, rejected or erased.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from triplemem.core.identity import read_id, write_id
from triplemem.core.instants import from_us
from triplemem.core.predicates import Vocabulary
from triplemem.core.rows import ClaimRow, EpisodeRow, FactRow, JobRow, VerdictRow, was_cut
from triplemem.ingest.known import known_facts
from triplemem.ledger import present
from triplemem.ledger.aliases import take_back
from triplemem.ledger.component import linked, links_of, onward
from triplemem.ledger.derive import Effects
from triplemem.ledger.revive import revive
from triplemem.ledger.write import GIVEN, Draft, facts_of
from triplemem.ports import Reader, Writer
from triplemem.types import Claim, End, Fact, Period, Retraction

if TYPE_CHECKING:
    import numpy as np

    from triplemem.ingest.proposals import Verdict

REASON = "read again"


class Evidence(NamedTuple):
    """Claims and verdicts of the ledger."""

    claims: list[ClaimRow]
    verdicts: list[VerdictRow]


@dataclass(slots=True)
class Swap:
    """What of a new reading is to be written, and what of the old one no longer counts."""

    claims: list[Draft] = field(default_factory=list)
    verdicts: list[tuple[Verdict, int]] = field(default_factory=list)
    gone: Evidence = field(default_factory=lambda: Evidence([], []))


# --- which episodes -------------------------------------------------------------------------------------------------


def readable_again(view: Reader, roles: Collection[str], since: int) -> list[EpisodeRow]:
    """The kept episodes that an extractor reads, in their order; not those that a caller gave as triplets."""
    rows = [
        row
        for row in view.episodes_between(since=since)
        if row.replaced_by is None and not row.rendered and row.role in roles
    ]
    told = {claim.episode for claim in view.claims_of_episodes(row.id for row in rows) if claim.extractor == GIVEN}
    return [row for row in rows if row.id not in told]


def begun(jobs: Iterable[JobRow]) -> bool:
    """Is there an episode that was read once, and is to be read again?"""
    return any(row.attempts and row.error is None and row.state == "pending" for row in jobs)


def begin(tx: Writer, roles: Collection[str], since: int) -> None:
    """Make all that can be read again due, at once: whoever is interrupted, or has spent enough, goes on from there."""
    undone = tx.undone_jobs()
    if begun(undone):
        return
    waiting = to_come(undone)
    tried = {row.episode for row in tx.jobs()}
    rows = [row for row in readable_again(tx, roles, since) if row.id not in waiting]
    tx.put_jobs(JobRow(row.id, "pending", int(row.id in tried), None, None, None, None) for row in rows)


def to_come(undone: Iterable[JobRow]) -> set[int]:
    """The episodes that are going to be read in any case: not those that were given up."""
    return {row.episode for row in undone if row.state == "pending" or row.not_before is not None}


def had_stated(view: Reader, episodes: Collection[int]) -> bool:
    """Has any of these stated something before?"""
    return bool(view.claims_of_episodes(episodes) or view.verdicts_of_episodes(episodes))


# --- what it is shown -----------------------------------------------------------------------------------------------


def known_then(
    view: Reader, batch: Sequence[EpisodeRow], vectors: np.ndarray[Any, Any] | None, *, similar: bool
) -> tuple[list[FactRow], dict[int, int]]:
    """What was known without these episodes when they were said; of what they themselves ended, since when it held.

    That a fact is over by now, perhaps by their own word, does not keep it from being shown.
    """
    numbers = [row.id for row in batch]
    own = _ended_by(view, numbers)
    start = min(row.occurred_at for row in batch)
    rows = view.facts(own) if own else {}
    rows |= {row.id: row for row in known_facts(view, batch, start - 1, vectors, similar=similar)}
    last = max((row.occurred_at, row.recorded_at) for row in batch)
    read = set(numbers)
    since: dict[int, int] = {}
    for claim in view.claims_of_facts(rows) if rows else ():
        ending = own.get(claim.fact)
        if ending is None:
            before = claim.episode not in read and (claim.said_at, claim.placed_at) < last
        else:
            before = claim.episode not in ending  # one of these may say what another of them ends
        if claim.retracted_at is None and before:
            start_of = claim.said_at if claim.observed_at is None else claim.observed_at
            start_of = start_of if claim.valid_from is None else claim.valid_from
            since[claim.fact] = min(start_of, since.get(claim.fact, start_of))
    shown = [row for number, row in rows.items() if number in since and row.rejected is None]
    return shown, {number: at for number, at in since.items() if number in own}


def _ended_by(view: Reader, episodes: Collection[int]) -> dict[int, set[int]]:
    """The facts that these episodes end, correct or take back by now, each with the episodes that do."""
    found: dict[int, set[int]] = {}
    for claim in view.claims_of_episodes(episodes):
        if claim.retracted_at is None:
            over = claim.ended or claim.valid_to is not None
            for fact in (*linked(claim), *([claim.fact] if over else [])):
                found.setdefault(fact, set()).add(claim.episode)
    for verdict in view.verdicts_of_episodes(episodes):
        if verdict.retracted_at is None and verdict.episode is not None:
            found.setdefault(verdict.fact, set()).add(verdict.episode)
    for number, row in (view.facts(found) if found else {}).items():
        for further in onward(view, {number: row}):
            found.setdefault(further, set()).update(found[number])
    return found


def shown_then(
    view: Reader,
    facts: present.Facts,
    batch: Sequence[EpisodeRow],
    vectors: np.ndarray[Any, Any] | None,
    *,
    similar: bool,
) -> tuple[list[FactRow], list[Fact]]:
    """The facts that a further reading is shown, as they stood when the episodes were said."""
    rows, own = known_then(view, batch, vectors, similar=similar)
    start = min(row.occurred_at for row in batch)
    shown = [as_then(fact, start, own.get(row.id)) for row, fact in zip(rows, facts.of(rows), strict=True)]
    return rows, shown


def as_then(fact: Fact, start: int, since: int | None) -> Fact:
    """The fact without an end that came later, or that the episodes themselves tell of; it then held ``since``."""
    ended_here = since is not None and (fact.valid_to is not None or not fact.periods)
    if not ended_here and (fact.valid_to is None or fact.valid_to < from_us(start)):
        return fact
    begun = fact.valid_from if fact.periods or since is None else from_us(since)
    periods = (*fact.periods[:-1], Period(begun, None))
    return replace(fact, valid_from=begun, valid_to=None, state="current", periods=periods, superseded_by=None)


# --- what becomes of it ---------------------------------------------------------------------------------------------


def compared(
    tx: Writer,
    vocabulary: Vocabulary,
    episodes: Collection[int],
    claims: Sequence[Draft],
    verdicts: Sequence[tuple[Verdict, int]],
    quoting: str | None = None,
) -> Swap:
    """What the new reading adds to what these episodes stated, and what it no longer says.

    ``quoting``: the extractor that reads them now, if it quotes whatever it claims.
    """
    swap = Swap()
    old = tx.claims_of_episodes(episodes)
    standing: dict[tuple[object, ...], list[ClaimRow]] = {}
    groups = _groups((row.episode, row.together, row.fact) for row in old if row.retracted_at is None)
    for row in old:
        if row.retracted_at is None:
            standing.setdefault(_key_of_row(row, groups), []).append(row)
    decided = {_key_of_row(row, {})[:-1] for row in old if _decided(row)}
    numbers = facts_of(tx, vocabulary, claims)
    groups = _groups((one.episode.id, one.tag, number) for one, number in zip(claims, numbers, strict=True))
    for draft, number in zip(claims, numbers, strict=True):
        key = _key_of_draft(draft, number, groups)
        if standing.get(key):
            standing[key].pop()
        elif key[:-1] not in decided:
            swap.claims.append(draft)
    left = [row for rows in standing.values() for row in rows if not was_cut(row)]
    lost = _lost_quotes(tx, left, quoting)
    swap.gone.claims.extend(row for row in left if (row.episode, row.n) not in lost)
    _compare_verdicts(tx, episodes, verdicts, swap)
    return swap


def _lost_quotes(tx: Writer, claims: Iterable[ClaimRow], quoting: str | None) -> set[tuple[int, int]]:
    """Those that this extractor had quoted from a text that was cut since: so stores from before `CUT` tell it."""
    bare = [row for row in claims if row.extractor == quoting and row.quote_from is None]
    rows = tx.episodes({row.episode for row in bare}) if bare else {}
    return {(row.episode, row.n) for row in bare if rows[row.episode].redacted}


def _compare_verdicts(
    tx: Writer, episodes: Collection[int], verdicts: Sequence[tuple[Verdict, int]], swap: Swap
) -> None:
    old = tx.verdicts_of_episodes(episodes)
    there = {(row.episode, row.kind, row.fact, row.at): row for row in old if row.retracted_at is None}
    decided = {(row.episode, row.kind, row.fact, row.at) for row in old if _taken_back(tx, row)}
    for verdict, position in verdicts:
        key = (verdict.episode.id, verdict.kind, verdict.fact.id, verdict.at)
        if there.pop(key, None) is None and key not in decided:
            swap.verdicts.append((verdict, position))
    swap.gone.verdicts.extend(row for row in there.values() if not was_cut(row))


def withdraw(tx: Writer, gone: Evidence, actor: str) -> set[int]:
    """What is no longer said counts no longer; the facts that this concerns."""
    touched, ends = set[int](), set[str]()
    for row in gone.claims:
        by = write_id("j", row.episode)
        tx.retract_claim(row, by)
        touched |= {row.fact, *linked(row)}
        tx.add_event("retracted", actor, fact=row.fact, cause=by, reason=REASON)
        if row.ended:
            ends.add(write_id("c", row.episode, row.n))
    for verdict in gone.verdicts:
        assert verdict.episode is not None
        tx.retract_verdict(verdict.id)
        touched.add(verdict.fact)
        cause = write_id("j", verdict.episode)
        tx.add_event("retracted", actor, fact=verdict.fact, cause=cause, reason=REASON)
        if verdict.kind == "end":
            ends.add(write_id("v", verdict.id))
    touched |= revive(tx, touched, ends)
    return {*touched, *onward(tx, tx.facts(touched))} if touched else touched


def forget_names(tx: Writer, vocabulary: Vocabulary, gone: Evidence, actor: str, effects: Effects) -> None:
    """Names that only what is gone had given are names apart again."""
    if gone.claims:
        effects.follow(take_back(tx, vocabulary, gone.claims, actor))


def _groups(said: Iterable[tuple[int, str | None, int | None]]) -> dict[tuple[int, str], frozenset[int | None]]:
    """What was said together, whatever it was called: by episode and tag the facts."""
    found: dict[tuple[int, str], set[int | None]] = {}
    for episode, tag, fact in said:
        if tag is not None:
            found.setdefault((episode, tag), set()).add(fact)
    return {key: frozenset(facts) for key, facts in found.items()}


def _key_of_row(row: ClaimRow, groups: dict[tuple[int, str], frozenset[int | None]]) -> tuple[object, ...]:
    links = links_of(row)
    together = groups.get((row.episode, row.together)) if row.together is not None else None
    times = (row.valid_from, row.valid_to, row.during_from, row.during_to, row.observed_at, bool(row.ended))
    named = (frozenset(links.get("ends", ())), frozenset(links.get("corrects", ())))
    return (row.episode, row.fact, *times, *named, together)


def _key_of_draft(
    draft: Draft, fact: int | None, groups: dict[tuple[int, str], frozenset[int | None]]
) -> tuple[object, ...]:
    said = draft.times
    together = groups.get((draft.episode.id, draft.tag)) if draft.tag is not None else None
    times = (said.valid_from, said.valid_to, said.during_from, said.during_to, said.observed_at, bool(said.ended))
    return (draft.episode.id, fact, *times, frozenset(draft.ends), frozenset(draft.corrects), together)


def _decided(row: ClaimRow) -> bool:
    """Did a person retract it, or does an end cancel it? A reading that was replaced decides nothing."""
    by = row.retracted_by
    return row.retracted_at is not None and (by is None or not (read_id("j", by) or read_id("e", by)))


def _taken_back(tx: Writer, row: VerdictRow) -> bool:
    """Did a person retract it?"""
    if row.retracted_at is None:
        return False
    public = write_id("v", row.id)
    events = tx.events(row.retracted_at, row.retracted_at + 1)
    return any(event.kind == "retracted" and event.cause == public for event in events)


def shown_evidence(episodes: Mapping[int, EpisodeRow], found: Evidence) -> list[Claim | End | Retraction]:
    """Claims, ends and retractions as a caller sees them."""
    shown: list[Claim | End | Retraction] = [present.claim(row, episodes[row.episode].text) for row in found.claims]
    for row in found.verdicts:
        shown.append(present.end(row) if row.kind == "end" else present.retraction(row))
    return shown
