"""What an erasure takes away, and how it is carried out in one transaction.

Three targets, one way: episodes go whole; a fact or an entity goes with every sentence of a kept episode that states
it. Then what the erased evidence had displaced, interrupted or ended is derived again, with its history.
"""

from __future__ import annotations

import json
import re
from bisect import bisect
from collections.abc import Iterable
from dataclasses import dataclass, field

from triplemem.core.experience import KIND as EXPERIENCE
from triplemem.core.identity import LITERAL, USER, entity_key, owner, write_id
from triplemem.core.instants import NOW
from triplemem.core.messages import SPEAK
from triplemem.core.predicates import Vocabulary
from triplemem.core.rows import ClaimRow, EntityRow, EpisodeRow, FactRow, RecordRow, VerdictRow, span_of, was_cut
from triplemem.core.stated import metadata_words
from triplemem.core.text import ERASED, Span, skeleton, spoken_in
from triplemem.ledger.aliases import forget_aliases, given_by
from triplemem.ledger.bars import bar_episode, bar_names, bar_records, bar_value, names_of
from triplemem.ledger.component import linked, load, with_predecessors
from triplemem.ledger.derive import Effects, entities_of, holds, prefixed, words_of
from triplemem.ledger.present import speakers_of
from triplemem.ledger.redact import (
    episode_words,
    redact,
    redact_reasons,
    redact_reasons_near,
    redact_records,
    redact_stated,
    remove_records,
    unsay,
    unspeak,
    with_logs,
    without,
)
from triplemem.ledger.replay import part_of_ledger, replay, whole_ledger, write_derived
from triplemem.ledger.revive import revive
from triplemem.ledger.sense import Senses, names_of_claim
from triplemem.ports import Writer

_OWN = re.compile(r"\b(?:I|me|my|mine|myself)\b", re.IGNORECASE)
"""Whoever speaks, named in a sentence of theirs."""


@dataclass(slots=True)
class Gone:
    """What an erasure takes away, and what it touches; ``names`` go from what the claims ``near`` it were said with.

    ``subjects``: what the subject of a fact is called.
    """

    episodes: list[EpisodeRow] = field(default_factory=list)
    claims: list[ClaimRow] = field(default_factory=list)
    verdicts: list[VerdictRow] = field(default_factory=list)
    facts: set[int] = field(default_factory=set)
    entities: list[EntityRow] = field(default_factory=list)
    redacted: dict[int, tuple[EpisodeRow, str]] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)
    near: list[ClaimRow] = field(default_factory=list)
    unspoken: set[int] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)
    records: list[RecordRow] = field(default_factory=list)
    stone: int | None = None
    """The tombstone under which what is gone is barred; None where nothing goes that could come back by itself."""


# ── what is to go ────────────────────────────────────────────────────────────────────────────────


def of_episodes(tx: Writer, rows: list[EpisodeRow], stone: int, *, source: str | None = None) -> Gone:
    """Episodes with all that they stated; ``source``: the one that they are all of, barred in every session."""
    numbers = [row.id for row in rows]
    gone = Gone(rows, tx.claims_of_episodes(numbers), tx.verdicts_of_episodes(numbers), stone=stone)
    stated = {row.episode for row in gone.claims} | {row.episode for row in gone.verdicts}
    for row in rows:
        bar_episode(tx, stone, row, stated=row.id in stated, source=source)
    return gone


def of_fact(tx: Writer, vocabulary: Vocabulary, row: FactRow, stone: int) -> Gone:
    """A fact with its evidence, and the sentences that state it."""
    family = {row.id: row, **{one.id: one for one in tx.moved_into([row.id])}}
    gone = Gone(claims=tx.claims_of_facts(family), verdicts=tx.verdicts_of_facts(family), facts=set(family))
    names = tx.entities([row.subject, row.object])
    bar_value(tx, stone, vocabulary, names[row.subject], row.predicate, names[row.object])
    gone.names = [*names_of(names[row.object]), *(claim.object for claim in gone.claims)]
    gone.subjects = names_of(names[row.subject])
    evidence = _evidence(tx, gone)
    for number, episode in evidence.items():
        quotes = _spans_of(gone, number)
        named = not (episode.rendered and quotes)  # the lines of its siblings stay
        _mark(tx, gone, episode, quotes, named=named, must=_states(gone, number))
    _mark_refused(tx, gone, row, names)
    gone.near = tx.claims_of_episodes({*evidence, *gone.redacted})
    return gone


def _mark_refused(tx: Writer, gone: Gone, row: FactRow, names: dict[int, EntityRow]) -> None:
    """Sentences that stated the fact while it was rejected wrote no claim: they are found by what they name."""
    family = with_predecessors(tx, [row.id])
    stones = [stone for stone in tx.tombstones() if stone.verb == "reject" and stone.fact in family]
    if not stones:
        return
    since = min(stone.recorded_at for stone in stones)
    stated = {claim.episode for claim in gone.claims}
    subjects, objects = names_of(names[row.subject]), names_of(names[row.object])
    for episode in tx.episodes_between():
        if episode.recorded_at > since and episode.id not in stated:
            spans = _naming_both(episode, subjects, objects)
            _mark(tx, gone, episode, spans, named=False, must=False)


def _naming_both(row: EpisodeRow, subjects: list[str], objects: list[str]) -> list[Span]:
    """Where an object is named: in the line that names a subject too, or in a message that does, or is by one."""
    found = [span for name in objects for span in spoken_in(row.text, name)]
    about = [span for name in subjects for span in spoken_in(row.text, name)] if found else []
    if row.rendered:
        breaks = [at for at, char in enumerate(row.text) if char == "\n"]
        lines = {bisect(breaks, low) for low, _ in about}
        return [span for span in found if bisect(breaks, span[0]) in lines]
    speaks = entity_key(row.speaker or USER) in {entity_key(name) for name in subjects}
    return found if speaks or about else []


def of_entity(tx: Writer, row: EntityRow, stone: int) -> Gone:
    """An entity with every fact about it, and every sentence that names it."""
    everyone = tx.all_entities()
    merged = {one.id: one.merged for one in everyone if one.merged is not None}
    family = [one for one in everyone if owner(one.id, merged) == row.id]
    numbers = {one.id for one in family}
    rows = [f for n in numbers for f in (*tx.facts_about(subject=n), *tx.facts_about(object=n))]
    facts = {f.id for f in rows}
    gone = Gone(claims=tx.claims_of_facts(facts), verdicts=tx.verdicts_of_facts(facts), facts=facts, entities=family)
    names = list(dict.fromkeys([text for _, number, text in tx.names() if number in numbers] + names_of(row)))
    bar_names(tx, stone, names)
    gone.names = names
    evidence = _evidence(tx, gone)
    keys = {entity_key(name) for name in names}
    called = _skeletons(names)
    for episode in tx.episodes_between():
        own = [match.span() for match in _OWN.finditer(episode.text)] if _speaks(episode, keys) else []
        if episode.speaker is not None and entity_key(episode.speaker) in keys:
            _add_records(gone, unspeak(tx, episode, ERASED, None))
            episode = episode._replace(speaker=ERASED, metadata=None)
            gone.unspoken.add(episode.id)
        stated, whole = episode.id in evidence, skeleton(episode.text)
        noted = skeleton(metadata_words(episode.metadata))
        if stated or own or any(name in whole or name in noted for name in called):
            _mark(tx, gone, episode, [*_spans_of(gone, episode.id), *own], must=_states(gone, episode.id))
    gone.near = tx.claims()
    return gone


def _speaks(row: EpisodeRow, keys: set[str]) -> bool:
    """Is it one of these who speaks there, so that "I" names them? Nobody reads rendered triplets so."""
    return not row.rendered and row.role in SPEAK and entity_key(row.speaker or USER) in keys


def _evidence(tx: Writer, gone: Gone) -> dict[int, EpisodeRow]:
    return tx.episodes(_stating(gone))


def _stating(gone: Gone) -> set[int]:
    return {row.episode for row in gone.claims} | {row.episode for row in gone.verdicts if row.episode is not None}


def _said_in(gone: Gone, episode: int) -> list[ClaimRow | VerdictRow]:
    said: list[ClaimRow | VerdictRow] = [*gone.claims, *gone.verdicts]
    return [row for row in said if row.episode == episode]


def _states(gone: Gone, episode: int) -> bool:
    """Does its text state what goes? Not where the sentence went before, with something else."""
    return any(not was_cut(row) for row in _said_in(gone, episode))


def _spans_of(gone: Gone, episode: int) -> list[Span]:
    spans = [span_of(row) for row in _said_in(gone, episode)]
    return [span for span in spans if span is not None]


def _mark(
    tx: Writer, gone: Gone, row: EpisodeRow, quotes: list[Span], *, named: bool = True, must: bool = True
) -> None:
    """Note what is left of an episode's text; without a match nothing is, if it ``must`` state what is erased.

    ``named``: also what names it goes.
    """
    spans = list(quotes)
    if named:
        spans += [span for name in dict.fromkeys(gone.names) for span in spoken_in(row.text, name)]
    if not spans and must:
        spans = [(0, len(row.text))]
    text = without(row, spans)
    if text != row.text:
        gone.redacted[row.id] = (row, text)
    if row.metadata is not None and gone.names:
        noted = skeleton(metadata_words(row.metadata))
        if any(name in noted for name in _skeletons(gone.names)):
            tx.rename_speaker(row.id, row.speaker, None)


def _skeletons(names: Iterable[str]) -> list[str]:
    """What to look for of each name; of one that is nothing but a mark, the mark itself."""
    return [skeleton(name) or name for name in dict.fromkeys(names)]


# ── carrying it out ──────────────────────────────────────────────────────────────────────────────


def carry_out(tx: Writer, vocabulary: Vocabulary, senses: Senses, gone: Gone) -> Effects:
    """Remove it all, then derive what is left with its history; the facts that ended or hold again."""
    touched = {row.fact for row in gone.claims} | {row.fact for row in gone.verdicts} | gone.facts
    touched |= {number for row in gone.claims for number in linked(row)}
    component = load(tx, vocabulary, touched) if touched else None
    near = set(component.facts) if component is not None else set()
    held_before = _holding(tx, near)
    ghosts = {write_id("v", row.id) for row in gone.verdicts} | {
        write_id("c", row.episode, row.n) for row in gone.claims
    }
    stated = _kinds(tx, gone.claims)
    _clear_errors(tx, gone)
    apart = _remove_evidence(tx, vocabulary, gone)
    for row, text in gone.redacted.values():
        _add_records(gone, redact(tx, row, text))
    unsay(tx, gone.near, gone.names)
    if gone.entities:
        redact_reasons(tx, gone.names)
    elif gone.facts and gone.names:
        redact_reasons_near(tx, gone.facts, gone.names)
    gone.counts["redacted_records"] = redact_records(tx, _records_near(tx, gone), gone.names)
    if gone.subjects:
        gone.counts["redacted_records"] += redact_stated(tx, gone.subjects, gone.names)
    near |= revive(tx, near - gone.facts, ghosts) if near else set()
    lone = with_predecessors(tx, _resting_on_nothing(tx, near) | gone.facts)
    ends = {end for row in tx.facts(lone).values() for end in (row.subject, row.object)} | apart
    _remove_facts(tx, lone)
    family = {row.id for row in gone.entities}
    _remove_entities(tx, gone, family | _lone_entities(tx, ends - family))
    left = near - lone
    if tx.namespace.merges or tx.namespace.definitions:
        while _remove_entities(tx, gone, _lone_entities(tx, set(tx.entities(_derive_all(tx, senses))))):
            pass  # a merge or a split went with them, so that who was meant before it is read anew
    elif left:
        ledger = part_of_ledger(tx, load(tx, vocabulary, left))
        write_derived(tx, replay(tx, senses, ledger), ledger)
    _forget_kinds(tx, stated)
    held = _holding(tx, left)
    _count(gone, lone)
    return Effects(ended=sorted((held_before & left) - held), reopened=sorted(held - held_before))


def _add_records(gone: Gone, records: int) -> None:
    gone.counts["records"] = gone.counts.get("records", 0) + records


def forget_records(tx: Writer, rows: Iterable[RecordRow], stone: int | None) -> int:
    """Take these records away with those that concern them; no import brings an experience among them back."""
    there = with_logs(tx, rows)
    if stone is not None:
        bar_records(tx, stone, [row.name for row in there if row.kind == EXPERIENCE])
    return remove_records(tx, there)


def _records_near(tx: Writer, gone: Gone) -> list[RecordRow]:
    """The records that may name what goes: of an entity any, of a fact what used it or rests on its evidence."""
    if gone.entities:
        return tx.all_records()
    if not gone.facts:
        return []
    episodes = _stating(gone) | gone.redacted.keys()
    return with_logs(tx, [*tx.records_linked("fact", gone.facts), *tx.records_linked("episode", episodes)])


def _clear_errors(tx: Writer, gone: Gone) -> None:
    """An extractor's error may quote what it read: it goes from the jobs of every batch that erased words were in."""
    failed = [row for row in tx.undone_jobs() if row.error is not None]
    touched = {row.id for row in gone.episodes} | gone.redacted.keys() | gone.unspoken
    told = {row.error for row in failed if row.episode in touched}
    told |= {row.error for row in failed if any(spoken_in(row.error or "", name) for name in gone.names)}
    tx.put_jobs([row._replace(error=None) for row in failed if row.error in told])


def _kinds(tx: Writer, claims: list[ClaimRow]) -> dict[int, list[str]]:
    """What kinds of thing these claims call the entities that they name, in their order."""
    speakers = speakers_of(tx, claims) if claims else {}
    said = [names_of_claim(row, speakers.get(row.episode)) for row in claims]
    told = [(key, kind) for s in said for key, kind in ((s.subject, s.subject_kind), (s.object, s.object_kind)) if kind]
    named = tx.named({key for key, _ in told}) if told else {}
    found: dict[int, list[str]] = {}
    for key, kind in told:
        if key in named and kind != LITERAL:
            found.setdefault(named[key].id, []).append(kind)
    return found


def _forget_kinds(tx: Writer, stated: dict[int, list[str]]) -> None:
    """Where erased claims had said what kind of thing an entity is, it is what the others say."""
    rows = tx.entities(stated) if stated else {}
    for row in rows.values():
        if row.kind not in stated[row.id]:
            continue
        facts = [f.id for f in (*tx.facts_about(subject=row.id), *tx.facts_about(object=row.id))]
        claims = sorted(
            tx.claims_of_facts(facts) if facts else [], key=lambda row: (row.recorded_at, row.episode, row.n)
        )
        kind = next(iter(_kinds(tx, claims).get(row.id, ())), None)
        if kind != row.kind:
            tx.update_entity(row._replace(kind=kind))


def _derive_all(tx: Writer, senses: Senses) -> set[int]:
    """Where the reading has changed, any fact may once have been what the erased claims meant: derive all again.

    The entities of the facts that nothing stated any longer; not those of facts whose claims mean others now.
    """
    ledger = whole_ledger(tx)
    stated = {claim.fact for claim in ledger.claims}
    derived = replay(tx, senses, ledger)
    write_derived(tx, derived, ledger)
    needed = {*derived.fact_of.values(), *(row[0] for row in derived.periods), *(v.fact for v in ledger.verdicts)}
    needed |= {stone.fact for stone in ledger.stones if stone.fact is not None}
    needed |= {target for target in derived.moved_to.values() if target is not None}
    unneeded = set(ledger.facts) - needed
    _remove_facts(tx, unneeded)
    rows = [ledger.facts[number] for number in unneeded - stated]
    return {end for row in rows for end in (row.subject, row.object)}


def _holding(tx: Writer, facts: set[int]) -> set[int]:
    believed = tx.believed(facts, NOW) if facts else {}
    return {n for n, rows in believed.items() if holds([(p.valid_from, p.valid_to, None) for p in rows], tx.now)}


def _remove_evidence(tx: Writer, vocabulary: Vocabulary, gone: Gone) -> set[int]:
    """The evidence, and the aliases that it alone had given; the entities that these names are now by themselves."""
    numbers = {row.id for row in gone.episodes}
    aliases = [row for row in tx.identities() if row.kind == "alias" and row.episode in numbers] if numbers else []
    aliases += given_by(tx, vocabulary, gone.claims)
    for claim in gone.claims:
        for target in linked(claim):
            tx.remove_link(target, claim.episode, claim.n)
        tx.remove_claim(claim)
        tx.forget_cause(write_id("c", claim.episode, claim.n))
    for verdict in gone.verdicts:
        tx.remove_verdict(verdict.id)
        tx.forget_cause(write_id("v", verdict.id))
    resting = tx.records_linked("episode", numbers) if numbers else []
    _add_records(gone, forget_records(tx, [*gone.records, *resting], gone.stone))
    for row in gone.episodes:
        tx.unindex_words(row.id, episode_words(tx, row))
        tx.remove_vector("episode", row.id)
        tx.remove_job(row.id)
        tx.remove_episode(row.id)
    for number, _, body, episode, _, _ in tx.proposals():
        told = json.dumps(json.loads(body), ensure_ascii=False)
        named = bool(gone.entities) and any(spoken_in(told, name) for name in gone.names)
        if episode in numbers or episode in gone.redacted or episode in gone.unspoken or named:
            tx.remove_proposal(number)
    return forget_aliases(tx, vocabulary, {row.id: row for row in aliases}.values())


def _resting_on_nothing(tx: Writer, facts: set[int]) -> set[int]:
    """The facts that no episode states any longer; a fact that moved away stays with what it became."""
    rows = tx.facts(facts) if facts else {}
    claimed = {row.fact for row in tx.claims_of_facts(rows)} if rows else set()
    return {number for number, row in rows.items() if number not in claimed and row.moved_to is None}


def _remove_facts(tx: Writer, facts: set[int]) -> None:
    rows = tx.facts(facts) if facts else {}
    names = entities_of(tx, rows.values())
    for stone in tx.tombstones() if rows and tx.namespace.tombstones else []:
        if stone.fact in rows:
            tx.forget_cause(write_id("t", stone.id))
    for verdict in tx.verdicts_of_facts(rows) if rows else []:
        tx.remove_verdict(verdict.id)
        tx.forget_cause(write_id("v", verdict.id))
    for number, row in rows.items():
        if row.indexed:
            tx.unindex_words(number, prefixed(tx, row.indexed, words_of(row, names)))
        tx.remove_vector("fact", number)
        tx.forget_events(number)
        tx.forget_tombstone_fact(number)
        tx.forget_links(number)
        tx.remove_fact(number)


def _remove_entities(tx: Writer, gone: Gone, removed: set[int]) -> bool:
    """These entities, with their names and their merges; had they any?"""
    if not removed:
        return False
    for key, number, _ in tx.names():
        if number in removed:
            tx.remove_name(key)
    joined = [row for row in tx.identities() if row.keep in removed or row.other in removed]
    for row in joined:
        tx.remove_identity(row.id)
        tx.forget_cause(write_id("i", row.id))
    for number in removed:
        tx.remove_entity(number)
    gone.counts["entities"] = gone.counts.get("entities", 0) + len(removed)
    return bool(joined)


def _lone_entities(tx: Writer, ends: set[int]) -> set[int]:
    """Of these, each with all that is merged with it, those that nothing is said of any longer."""
    if not ends:
        return set()
    merged = {row.id: row.merged for row in tx.all_entities() if row.merged is not None}
    families: dict[int, set[int]] = {}
    for number in {*merged, *ends}:
        families.setdefault(owner(number, merged), {owner(number, merged)}).add(number)
    lone: set[int] = set()
    for number in ends:
        members = families[owner(number, merged)]
        if not any(tx.facts_about(subject=n) or tx.facts_about(object=n) for n in members):
            lone |= members
    return lone


def _count(gone: Gone, facts: set[int]) -> None:
    found = {
        "episodes": len(gone.episodes),
        "claims": len(gone.claims),
        "ends": sum(row.kind == "end" for row in gone.verdicts),
        "retractions": sum(row.kind == "retraction" for row in gone.verdicts),
        "facts": len(facts),
        "entities": gone.counts.get("entities", 0),
        "redacted": len(gone.redacted),
        "records": gone.counts.get("records", 0),
        "redacted_records": gone.counts.get("redacted_records", 0),
    }
    gone.counts = {kind: count for kind, count in found.items() if count}
