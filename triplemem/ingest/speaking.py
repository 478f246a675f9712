"""What the words of a message have to say before a model's proposal counts: names, and enough for so many claims."""

from __future__ import annotations

import json
from collections.abc import Sequence

from triplemem.core.identity import entity_key, someone
from triplemem.core.naming import mentions, names, scripts
from triplemem.core.predicates import Vocabulary
from triplemem.core.rows import EntityRow, EpisodeRow, FactRow
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


def foreign(tx: Reader, triplet: Triplet, episodes: Sequence[EpisodeRow | None]) -> str | None:
    """What is wrong with a name in a script that nobody used here, and that nothing is called; None if nothing is."""
    for name in (triplet.subject, triplet.object):
        foreign = scripts(name)
        if not foreign:
            continue
        read = (one for one in episodes if one is not None)
        used = set[str]().union(*(scripts(one.text) | scripts(one.speaker or "") for one in read))
        if not foreign <= used and not tx.named([entity_key(name), entity_key(name, True)]):
            return f"no message has a word in the script of {name[:80]!r}"
    return None


def ends_unnamed(tx: Reader, vocabulary: Vocabulary, triplet: Triplet, row: EpisodeRow) -> str | None:
    """What is wrong with a claim that a fact is over, if that fact holds and the quote does not name its object."""
    name, swapped = vocabulary.read(triplet.predicate)
    said = [someone(triplet.subject, row.speaker), someone(triplet.object, row.speaker)]
    if swapped:
        said.reverse()
    keys = [[entity_key(text), entity_key(text, True)] for text in said]
    named = tx.named([key for pair in keys for key in pair])
    subjects, objects = ([named[key].id for key in pair if key in named] for pair in keys)
    for subject in subjects:
        for object_ in objects:
            for fact in tx.facts_about(subject=subject, predicate=name, object=object_, holding=row.occurred_at):
                if not names_object(tx, vocabulary, triplet.quote or "", fact, row):
                    return "the quote does not name what is said to be over"
    return None


def names_end(triplet: Triplet, row: EpisodeRow) -> bool:
    """Does the claim's quote name one of its ends, other than who speaks?"""
    ends = (triplet.subject, triplet.object)
    others = [end for end in ends if entity_key(someone(end, row.speaker)) != entity_key(someone("I", row.speaker))]
    return any(mentions(triplet.quote or "", end) for end in others)


def bears_on(tx: Reader, vocabulary: Vocabulary, triplet: Triplet, row: EpisodeRow, fact: FactRow) -> bool:
    """Does the claim's quote name what the claim is of, or what it would end?"""
    return names_end(triplet, row) or names_object(tx, vocabulary, triplet.quote or "", fact, row)


def displaces_unnamed(tx: Reader, vocabulary: Vocabulary, triplet: Triplet, row: EpisodeRow) -> str | None:
    """What is wrong with a claim that takes the place of what holds, if its quote names nothing of it."""
    name, swapped = vocabulary.read(triplet.predicate)
    cardinality = vocabulary.cardinality(name)
    if cardinality == "many" or names_end(triplet, row):
        return None
    said = [someone(triplet.subject, row.speaker), someone(triplet.object, row.speaker)]
    if swapped:
        said.reverse()
    named = tx.named([entity_key(text) for text in said])
    subject, object_ = (None if (found := named.get(entity_key(text))) is None else found.id for text in said)
    holding: list[FactRow] = []
    if subject is not None and cardinality != "one_subject":
        holding += tx.facts_about(subject=subject, predicate=name, holding=row.occurred_at)
    if object_ is not None and cardinality != "one_object":
        holding += tx.facts_about(predicate=name, object=object_, holding=row.occurred_at)
    if all((fact.subject, fact.object) == (subject, object_) for fact in holding):
        return None
    return "the quote names nothing of what would take the place of another value"


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
