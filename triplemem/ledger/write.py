"""Checked assertions become claims: names resolved, values checked against tombstones, all in one transaction."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from triplemem.core.hints import Coming
from triplemem.core.identity import LITERAL, entity_key, someone, write_id
from triplemem.core.instants import NOW
from triplemem.core.predicates import Vocabulary
from triplemem.core.rows import ClaimRow, EntityRow, EpisodeRow, FactRow
from triplemem.core.stated import Times, more_json
from triplemem.core.text import ERASED, Span
from triplemem.core.time import FactKey
from triplemem.ledger.bars import NAMELESS, Bar, named_spans, value_barred
from triplemem.ledger.component import linked, load, slots_of, stands, stated_start
from triplemem.ledger.derive import Effects, belief, derive, derive_new
from triplemem.ledger.sense import Said, number_of, place, said_names, unheld
from triplemem.ledger.shortcuts import confirms, predecessor, succeed
from triplemem.ports import Reader, Writer
from triplemem.types import Reason, Triplet

LEFT_OUT: Span = (0, 0)
"""The span of a draft whose words were left out of its episode, because they name what was erased."""


class Draft(NamedTuple):
    """One checked assertion of an episode; ``more`` is its triplet as JSON, ``ends`` and ``corrects`` are facts."""

    episode: EpisodeRow
    position: int
    triplet: Triplet
    times: Times
    more: str | None
    span: Span | None = None
    ends: tuple[int, ...] = ()
    corrects: tuple[int, ...] = ()
    tag: str | None = None


class Refused(NamedTuple):
    """A draft that was not written."""

    draft: Draft
    reason: Reason
    detail: str
    bar: Bar | None = None


@dataclass(slots=True)
class Written:
    """What became of some drafts: the claims, the refused ones, and the facts that must be derived again.

    ``stale``: the facts of which the same transaction has just retracted claims; until all is derived at once, what the
    store believes is that of before. ``begun``: when the periods of facts begin without what was retracted.
    """

    claims: list[ClaimRow] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)
    unread: set[int] = field(default_factory=set)  # episodes that had stated nothing before
    stale: Collection[int] = ()
    begun: dict[int, list[int]] = field(default_factory=dict)
    effects: Effects = field(default_factory=Effects)


GIVEN = "triplets"
"""The extractor of claims that a caller gave as triplets."""


class Origin(NamedTuple):
    """Who wrote claims, and with what."""

    extractor: str
    prompt: str | None
    actor: str


def write_claims(
    tx: Writer,
    vocabulary: Vocabulary,
    drafts: Sequence[Draft],
    origin: Origin,
    unread: Iterable[int] = (),
    *,
    beside: bool = False,
    stale: Collection[int] = (),
) -> Written:
    """Store the drafts that nothing bars; the caller derives what they touched with `settle`.

    ``unread``: the episodes known to have stated nothing before; ``beside``: verdicts are written with them, and
    ``stale``: the facts of which the transaction has just retracted claims; so that none of them may take another
    fact's place before all of it is derived at once.
    """
    written = Written(unread=set(unread), touched=set(stale), stale=stale)
    said: list[tuple[Draft, Said]] = []
    keys: set[str] = set()
    for draft in drafts:
        draft = _literal(vocabulary, draft)
        draft = _unsaid(tx, draft) if tx.namespace.tombstones else draft
        names = _said(draft)
        said.append((draft, names))
        keys.add(names.subject)
        keys.add(names.object)
    known = tx.named(keys)
    accepted: list[tuple[Draft, Said]] = []
    for draft, names in said:
        refusal = _refusal(tx, vocabulary, draft, names, known)
        if refusal is None:
            accepted.append((draft, names))
        else:
            written.refused.append(refusal)
    born = _create(tx, accepted, known)
    placed: list[tuple[Draft, int]] = []
    keys_of: dict[int, FactKey] = {}
    asked: list[int] = []
    for draft, names in accepted:
        key = place(vocabulary, known[names.subject].id, draft.triplet.predicate, known[names.object].id)
        number = number_of(tx.namespace.secret, key)
        placed.append((draft, number))
        if number not in keys_of:
            keys_of[number] = key
            if names.subject not in born and names.object not in born:  # else nothing was ever said of it
                asked.append(number)
    tx.expect(lambda: _coming(vocabulary, placed, keys_of))
    there = tx.facts(asked) if asked else {}
    told = _told_before(tx, there.values()) if there else set()
    fresh = {n: unheld(n, key, tx.recorded_at) for n, key in keys_of.items() if n not in there}
    _store(tx, placed, origin, written)
    for row in known.values():
        written.effects.seen.entities[row.id] = row
    _settle(tx, vocabulary, written, there, fresh, told, beside=beside or bool(stale))
    return written


def _told_before(tx: Reader, rows: Iterable[FactRow]) -> set[int]:
    """Of these facts those that somebody claimed once, though every claim of them may be retracted by now."""
    silent = [row.id for row in rows if not row.support]
    told = {row.id for row in rows if row.support}
    return told | {claim.fact for claim in tx.claims_of_facts(silent)} if silent else told


def facts_of(tx: Reader, vocabulary: Vocabulary, drafts: Sequence[Draft]) -> list[int | None]:
    """The number of the fact that each draft speaks of; None where it names what nobody has named yet."""
    said = [_said(_literal(vocabulary, draft)) for draft in drafts]
    known = tx.named({key for names in said for key in (names.subject, names.object)}) if said else {}
    found: list[int | None] = []
    for draft, names in zip(drafts, said, strict=True):
        subject, object_ = known.get(names.subject), known.get(names.object)
        if subject is None or object_ is None:
            found.append(None)
        else:
            key = place(vocabulary, subject.id, draft.triplet.predicate, object_.id)
            found.append(number_of(tx.namespace.secret, key))
    return found


def _coming(vocabulary: Vocabulary, placed: list[tuple[Draft, int]], keys: dict[int, FactKey]) -> Coming:
    """What is read next: the facts spoken of, those they end or correct, and what may conflict with them."""
    facts: dict[int, FactKey | None] = {}
    for draft, _ in placed:
        facts.update(dict.fromkeys((*draft.ends, *draft.corrects)))
    facts.update(keys)
    return Coming(facts, [slot for key in keys.values() for slot in slots_of(key, vocabulary)])


def _literal(vocabulary: Vocabulary, draft: Draft) -> Draft:
    """What somebody is called is a text, not a further entity."""
    if draft.triplet.object_kind is not None or vocabulary.read(draft.triplet.predicate).name not in TEXTS:
        return draft
    triplet = replace(draft.triplet, object_kind=LITERAL)
    return draft._replace(triplet=triplet, more=more_json(triplet))


def _unsaid(tx: Reader, draft: Draft) -> Draft:
    """The draft without a quote or a context that names an erased entity."""
    said = draft.triplet
    quote = None if said.quote is None or named_spans(tx, said.quote) else said.quote
    context = None if said.context is None or named_spans(tx, said.context) else said.context
    if (quote, context) == (said.quote, said.context):
        return draft
    triplet = replace(said, quote=quote, context=context)
    return draft._replace(triplet=triplet, more=more_json(triplet))


TEXTS = frozenset({"name", "alias", "email", "phone", "address"})
"""Predicates whose object is a text."""


def _said(draft: Draft) -> Said:
    triplet = draft.triplet
    return said_names(triplet.subject, triplet.object, draft.episode.speaker, triplet.subject_kind, triplet.object_kind)


def _refusal(
    tx: Writer, vocabulary: Vocabulary, draft: Draft, names: Said, known: dict[str, EntityRow]
) -> Refused | None:
    subject, object_ = known.get(names.subject), known.get(names.object)
    if names.subject == names.object or (subject is not None and object_ is not None and subject.id == object_.id):
        return Refused(draft, "self_loop", f"{draft.triplet.subject!r} and {draft.triplet.object!r} are one entity")
    if not tx.namespace.tombstones:
        return None
    name, swapped = vocabulary.read(draft.triplet.predicate)
    speaker = draft.episode.speaker
    ends = [(subject, someone(draft.triplet.subject, speaker)), (object_, someone(draft.triplet.object, speaker))]
    if any(entity_key(said) == entity_key(ERASED) for _, said in ends):
        return Refused(draft, "tombstone", "it is about what was erased", NAMELESS)
    if swapped:
        ends.reverse()
    bar = value_barred(tx, vocabulary, ends[0], name, ends[1])
    if bar is None:
        return None
    why = "was rejected" if bar.verb == "reject" else "was erased"
    return Refused(draft, "tombstone", f"this {why}: allow({write_id('t', bar.tombstone)!r}) lifts it", bar)


def _create(tx: Writer, accepted: Iterable[tuple[Draft, Said]], known: dict[str, EntityRow]) -> Collection[str]:
    """Make the entities that are new, and learn the kinds of those that are not; the keys of the new ones."""
    fresh: dict[str, EntityRow] = {}
    for draft, names in accepted:
        triplet, speaker = draft.triplet, draft.episode.speaker
        for key, text, kind in (
            (names.subject, triplet.subject, names.subject_kind),
            (names.object, triplet.object, names.object_kind),
        ):
            row = fresh.get(key) or known.get(key)
            if row is None:
                name = " ".join(someone(text, speaker).split())
                fresh[key] = EntityRow(tx.number(), name, kind, None, None, tx.recorded_at)
            elif row.kind is None and kind is not None and kind != LITERAL:
                changed = row._replace(kind=kind)
                if key in fresh:
                    fresh[key] = changed
                else:
                    known[key] = changed
                    tx.update_entity(changed)
    if fresh:
        tx.add_entities(fresh.values())
        tx.add_names([(key, row.id, row.name) for key, row in fresh.items()])
        known.update(fresh)
    return fresh


def _store(tx: Writer, placed: list[tuple[Draft, int]], origin: Origin, written: Written) -> None:
    """Make claims of the drafts, each with the number of its fact, and store them."""
    places: dict[int, int] = {}
    links: list[tuple[int, int, int]] = []
    for draft, number in placed:
        episode = draft.episode.id
        n = places.get(episode)
        if n is None:
            n = 0 if episode in written.unread else tx.next_claim(episode)
            if not n:
                written.unread.add(episode)
        places[episode] = n + 1
        said = None
        if draft.ends or draft.corrects:
            named = {what: facts for what, facts in (("ends", draft.ends), ("corrects", draft.corrects)) if facts}
            links += [(fact, episode, n) for facts in named.values() for fact in facts]
            said = json.dumps(named)
        written.claims.append(_claim(tx, draft, n, number, said, origin))
    tx.add_claims(written.claims)
    if links:
        tx.add_links(dict.fromkeys(links))


def _claim(tx: Writer, draft: Draft, n: int, fact: int, links: str | None, origin: Origin) -> ClaimRow:
    triplet, times, episode = draft.triplet, draft.times, draft.episode
    if draft.span == LEFT_OUT:
        draft = draft._replace(span=None, more=more_json(replace(triplet, quote=None)))
    start, end = draft.span or (None, None)
    return ClaimRow(
        episode.id,
        n,
        fact,
        episode.recorded_at,
        draft.position,
        episode.occurred_at,
        times.valid_from,
        times.valid_to,
        times.during_from,
        times.during_to,
        times.observed_at,
        int(times.ended),
        draft.tag,
        links,
        triplet.subject,
        triplet.predicate,
        triplet.object,
        draft.more,
        start,
        end,
        origin.extractor,
        origin.prompt,
        origin.actor,
        tx.recorded_at,
        None,
        None,
    )


def _settle(
    tx: Writer,
    vocabulary: Vocabulary,
    written: Written,
    there: dict[int, FactRow],
    fresh: dict[int, FactRow],
    told: Collection[int],
    *,
    beside: bool,
) -> None:
    """Sort the claims' facts into new and confirmed ones, and those whose periods must be derived again."""
    by_fact: dict[int, list[ClaimRow]] = {}
    targets: set[int] = set()
    for made in written.claims:
        by_fact.setdefault(made.fact, []).append(made)
        if made.links:
            targets.update(linked(made))
    written.touched |= targets
    alone: dict[int, FactRow] = {}
    quick: list[FactRow] = []
    effects = written.effects
    for number, claims in by_fact.items():
        row = there.get(number)
        (effects.confirmed if number in told else effects.added).append(number)
        if row is None:
            if number not in targets and _stands_alone(vocabulary, fresh[number], claims):
                alone[number] = fresh.pop(number)
            elif (
                len(by_fact) == 1
                and not beside
                and (before := predecessor(tx, vocabulary, fresh[number], claims)) is not None
            ):
                succeed(tx, fresh.pop(number), claims, *before, effects)
            else:
                written.touched.add(number)
        elif row.support and _first_read(written, claims) and confirms(tx, vocabulary, row, claims):
            quick.append(row._replace(support=row.support + len({c.episode for c in claims})))
        else:
            written.touched.add(number)
            for claim in claims:
                if claim.ended:
                    by = _name_of(claim)
                    written.touched |= cancel(tx, vocabulary, number, claim.said_at, claim.valid_to, by, written)
                else:
                    _cancelled_before(tx, vocabulary, claim)
    if quick:
        tx.update_facts(quick)
        effects.seen.facts.update({row.id: row for row in quick})
    if fresh:
        tx.add_facts(fresh.values())
        tx.fresh.update(("fact", number) for number in fresh)
    if alone:
        lone_claims = [claim for claim in written.claims if claim.fact in alone]
        derive_new(tx, vocabulary, alone, lone_claims, effects.seen)


def _stands_alone(vocabulary: Vocabulary, row: FactRow, claims: list[ClaimRow]) -> bool:
    """Can a new fact neither affect another one nor be affected?"""
    if vocabulary.cardinality(row.predicate) != "many":
        return False
    return all(claim.links is None for claim in claims)


def _first_read(written: Written, claims: list[ClaimRow]) -> bool:
    """Had the claims' episodes stated nothing before?"""
    return all(claim.episode in written.unread for claim in claims)


def _name_of(claim: ClaimRow) -> str:
    return write_id("c", claim.episode, claim.n)


def cancel(
    tx: Writer,
    vocabulary: Vocabulary,
    fact: int,
    said_at: int,
    at: int | None,
    by: str,
    beside: Written | None = None,
    *,
    all_said: bool = False,
) -> set[int]:
    """An end of a fact that has not begun when it is said: the claims that plan it are retracted (DESIGN §2).

    ``beside``: what the end was written with. ``all_said``: whoever ends it has every claim before them, those of
    messages too that are dated later than now.
    """
    if any(start <= said_at for start in _starts(tx, vocabulary, fact, beside)):
        return set()
    planned = []
    for row in tx.claims_of_facts([fact]):
        start = stated_start(row)
        start = row.said_at if start is None and not row.ended else start
        if start is None or start <= said_at or _name_of(row) == by or not stands(row, NOW):
            continue
        if row.said_at > said_at and not all_said:
            continue
        if at is None or at <= start:
            planned.append(row)
    for row in planned:
        tx.retract_claim(row, by)
    return {fact} if planned else set()


def _cancelled_before(tx: Writer, vocabulary: Vocabulary, plan: ClaimRow) -> None:
    """A plan that comes after the end that cancelled it: `cancel` of what arrives in another order."""
    start = stated_start(plan)
    if start is None or start <= plan.said_at:
        return
    rows, verdicts = tx.claims_of_facts([plan.fact]), tx.verdicts_of_facts([plan.fact])
    ends = [
        (row.recorded_at, _name_of(row), row.said_at, row.valid_to) for row in rows if row.ended and stands(row, NOW)
    ]
    ends += [
        (row.recorded_at, write_id("v", row.id), row.said_at, row.at)
        for row in verdicts
        if row.kind == "end" and row.retracted_at is None
    ]
    for _, by, said_at, at in sorted(ends, key=lambda one: one[:2]):
        if plan.said_at <= said_at < start and (at is None or at <= start):
            component = load(tx, vocabulary, [plan.fact])
            component.claims = [row for row in component.claims if _name_of(row) not in (by, _name_of(plan))]
            component.verdicts = [row for row in component.verdicts if write_id("v", row.id) != by]
            rejected = [row.id for row in component.facts.values() if row.rejected is not None]
            held = belief(component, vocabulary, NOW, rejected).get(plan.fact, ())
            if not any(begun[0] <= said_at for begun in held):
                tx.retract_claim(plan, by)
                return


def _starts(tx: Writer, vocabulary: Vocabulary, fact: int, beside: Written | None) -> list[int]:
    """When the periods of a fact begin, without what is being written now."""
    if beside is None or not beside.stale:
        return [period.valid_from for period in tx.believed([fact], NOW).get(fact, ())]
    if fact not in beside.begun:
        component, fresh = load(tx, vocabulary, [fact]), {(claim.episode, claim.n) for claim in beside.claims}
        component.claims = [claim for claim in component.claims if (claim.episode, claim.n) not in fresh]
        component.verdicts = [verdict for verdict in component.verdicts if verdict.recorded_at < tx.recorded_at]
        rejected = [row.id for row in component.facts.values() if row.rejected is not None]
        held = belief(component, vocabulary, NOW, rejected)
        beside.begun |= {number: [row[0] for row in held.get(number, ())] for number in component.facts}
    return beside.begun.get(fact, [])


def settle(tx: Writer, vocabulary: Vocabulary, written: Written) -> Effects:
    """Derive what was touched; new facts are not called reopened."""
    effects = written.effects
    if not written.touched:
        return effects
    derived = derive(tx, vocabulary, written.touched)
    effects.seen.update(derived.seen)
    new = set(effects.added)
    effects.ended += [fact for fact in derived.ended if fact not in new]
    effects.reopened = [fact for fact in derived.reopened if fact not in new]
    return effects


def record(tx: Writer, effects: Effects, actor: str, cause: str | None, reason: str | None = None) -> None:
    """Write the audit trail of what changed."""
    for kind, facts in (("added", effects.added), ("ended", effects.ended), ("reopened", effects.reopened)):
        if facts:
            tx.add_events(kind, actor, facts, cause, reason)
