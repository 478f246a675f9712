"""What the words of a message have to say before a model's proposal counts: names, and enough for so many claims."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from triplemem.core.identity import entity_key, someone
from triplemem.core.instants import NOW
from triplemem.core.naming import mentions, names, scripts
from triplemem.core.predicates import Vocabulary
from triplemem.core.rows import EntityRow, EpisodeRow, FactRow
from triplemem.ledger.component import stands
from triplemem.ports import Reader
from triplemem.types import ProposedClaim, Triplet

FEWEST, CHARS_PER_CLAIM = 20, 10
"""How many claims one message may yield, and for how many characters one more."""


def within_reason(
    claims: Sequence[ProposedClaim], episodes: Sequence[EpisodeRow | None]
) -> tuple[list[ProposedClaim], list[ProposedClaim]]:
    """The claims that a message can state, the first ones, and those beyond."""
    kept, beyond = list[ProposedClaim](), list[ProposedClaim]()
    counts: dict[int, int] = {}
    for proposed in claims:
        place = proposed.episode
        counts[place] = counts.get(place, 0) + 1
        row = episodes[place] if 0 <= place < len(episodes) else None
        most = FEWEST + (0 if row is None else len(row.text) // CHARS_PER_CLAIM)
        (kept if counts[place] <= most else beyond).append(proposed)
    return kept, beyond


def foreign(
    tx: Reader,
    vocabulary: Vocabulary,
    triplet: Triplet,
    episodes: Sequence[EpisodeRow | None],
    shown: Mapping[int, FactRow],
) -> str | None:
    """What is wrong with a name in a script that nobody used here, and that nothing is called; None if nothing is.

    Of a predicate too, unless it is one that is defined, or of a fact that was shown.
    """

    def named(name: str) -> bool:
        return bool(tx.named([entity_key(name), entity_key(name, True)]))

    def defined(name: str) -> bool:
        read_as = vocabulary.read(name).name
        return vocabulary.get(name) is not None or any(fact.predicate == read_as for fact in shown.values())

    for name, known in ((triplet.subject, named), (triplet.predicate, defined), (triplet.object, named)):
        foreign = scripts(name)
        read = (one for one in episodes if one is not None) if foreign else ()
        used = set[str]().union(*(scripts(one.text) | scripts(one.speaker or "") for one in read))
        if not foreign <= used and not known(name):
            return f"no message has a word in the script of {name[:80]!r}"
    return None


def ends_unnamed(tx: Reader, vocabulary: Vocabulary, triplet: Triplet, row: EpisodeRow) -> str | None:
    """What is wrong with a claim that a fact is over, if that fact holds and the quote does not name its object."""
    name, subjects, objects = _ends(tx, vocabulary, triplet, row)
    for subject in subjects:
        for object_ in objects:
            for fact in tx.facts_about(subject=subject, predicate=name, object=object_, holding=row.occurred_at):
                if not names_object(tx, vocabulary, triplet.quote or "", fact, row):
                    return "the quote does not name what is said to be over"
    return None


def objects_of(tx: Reader, vocabulary: Vocabulary, fact: FactRow) -> set[int]:
    """The ends of a fact that its claims named last, some under an inverse predicate; none of a symmetric one."""
    if vocabulary.symmetric(fact.predicate):
        return set()
    said = (claim for claim in tx.claims_of_facts([fact.id]) if stands(claim, NOW))
    return {fact.subject if vocabulary.read(claim.predicate)[1] else fact.object for claim in said}


def bears_on(tx: Reader, vocabulary: Vocabulary, triplet: Triplet, row: EpisodeRow, fact: FactRow) -> bool:
    """Does the claim's quote name the object of the fact that it would end, or what the claim has in its place?"""
    quote = triplet.quote or ""
    if names_object(tx, vocabulary, quote, fact, row):
        return True
    named = _named(tx, triplet, row)
    shared = {fact.subject, fact.object}
    return any(_speaks_of(quote, end, row) for end, ids in named.items() if not ids & shared)


def displaces_unnamed(tx: Reader, vocabulary: Vocabulary, triplet: Triplet, row: EpisodeRow) -> str | None:
    """What is wrong with a claim that takes the place of what holds, if its quote speaks of neither of its ends."""
    cardinality = vocabulary.cardinality(vocabulary.read(triplet.predicate)[0])
    quote, said = triplet.quote or "", (triplet.subject, triplet.object)
    if cardinality == "many" or any(_speaks_of(quote, end, row) for end in said):
        return None
    name, subjects, objects = _ends(tx, vocabulary, triplet, row)
    if vocabulary.symmetric(name):
        subjects = objects = subjects | objects
    holding: list[FactRow] = []
    if cardinality != "one_subject":
        for one in subjects:
            holding += tx.facts_about(subject=one, predicate=name, holding=row.occurred_at)
    if cardinality != "one_object":
        for one in objects:
            holding += tx.facts_about(predicate=name, object=one, holding=row.occurred_at)
    if all(fact.subject in subjects and fact.object in objects for fact in holding):
        return None
    return "the quote speaks of nothing of what would take the place of another value"


def _ends(tx: Reader, vocabulary: Vocabulary, triplet: Triplet, row: EpisodeRow) -> tuple[str, set[int], set[int]]:
    """The canonical predicate of a claim, and the entities that its subject and its object may be under that."""
    name, swapped = vocabulary.read(triplet.predicate)
    named = _named(tx, triplet, row)
    subjects, objects = named[triplet.subject], named[triplet.object]
    return (name, objects, subjects) if swapped else (name, subjects, objects)


def _named(tx: Reader, triplet: Triplet, row: EpisodeRow) -> dict[str, set[int]]:
    """The entities that the ends of a claim may be, by their names."""
    said = {end: someone(end, row.speaker) for end in (triplet.subject, triplet.object)}
    keys = {end: [entity_key(text), entity_key(text, True)] for end, text in said.items()}
    named = tx.named([key for pair in keys.values() for key in pair])
    return {end: {named[key].id for key in pair if key in named} for end, pair in keys.items()}


def _speaks_of(quote: str, end: str, row: EpisodeRow) -> bool:
    """Does a quote speak of an end of a claim, by its name or, where it is who speaks, by a word for that?"""
    mine = entity_key(someone(end, row.speaker)) == entity_key(someone("I", row.speaker))
    return names(quote, [end], speaker=True) if mine else mentions(quote, end)


def names_object(tx: Reader, vocabulary: Vocabulary, quote: str, fact: FactRow, row: EpisodeRow) -> bool:
    """Does the quote name the fact's object, by any name of it?

    Of a mutual fact either end will do, or, where who speaks is one of them, the other.
    """
    speaker = tx.named([entity_key(someone("I", row.speaker))])
    mine = {one.id for one in speaker.values()}
    mutual = vocabulary.symmetric(fact.predicate)
    ends = [end for end in (fact.subject, fact.object) if end not in mine] if mutual else [fact.object]
    rows = tx.entities(ends)
    return any(names(quote, _called(rows[end]), speaker=end in mine) for end in ends if end in rows)


def _called(row: EntityRow) -> list[str]:
    """All that an entity is called."""
    return [row.name, *json.loads(row.aliases or "[]")]
