"""How a namespace reads what was said: the predicates in force, and the entity behind each name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from triplemem.core.identity import LITERAL, entity_key, fact_number, is_literal, names_at, owner, someone
from triplemem.core.predicates import Vocabulary
from triplemem.core.rows import NEVER, NOWHERE, ClaimRow, FactRow
from triplemem.core.text import encodes
from triplemem.core.time import FactKey
from triplemem.ports import Reader
from triplemem.resources import shipped_predicates
from triplemem.types import Predicate, Triplet

MOST_VOCABULARIES = 256
"""How many vocabularies are kept for the next call."""


class Said(NamedTuple):
    """The two names of a claim as keys of entities, and their kinds."""

    subject: str
    object: str
    subject_kind: str | None
    object_kind: str | None


def said_names(
    subject: str, object: str, speaker: str | None, subject_kind: str | None, object_kind: str | None
) -> Said:
    """The keys that a claim's two texts name; "I" is the speaker; a date or number is a literal."""
    subject_literal = subject_kind == LITERAL
    object_literal = is_literal(object, object_kind)
    return Said(
        entity_key(someone(subject, speaker), subject_literal),
        entity_key(someone(object, speaker), object_literal),
        subject_kind,
        LITERAL if object_literal else object_kind,
    )


def names_in(triplets: Iterable[Triplet], speakers: Iterable[str | None] = (None,)) -> set[str]:
    """Every key that these triplets may name, whatever the predicates turn out to be."""
    speakers = list(speakers)
    texts: Iterable[object] = (name for triplet in triplets for name in (triplet.subject, triplet.object))
    names = {name for name in texts if isinstance(name, str) and encodes(name)}
    said = {someone(name, speaker) for name in names for speaker in speakers}
    return {entity_key(name, literal) for name in said for literal in (False, True)}


def names_of_claim(row: ClaimRow, speaker: str | None) -> Said:
    """`said_names` of a stored claim."""
    more = json.loads(row.said) if row.said else {}
    return said_names(row.subject, row.object, speaker, more.get("subject_kind"), more.get("object_kind"))


def place(vocabulary: Vocabulary, subject: int, predicate: str, object: int) -> FactKey:
    """The fact that two entities and a predicate as said make: canonical, in its direction, symmetric ones in order."""
    name, swapped = vocabulary.read(predicate)
    if swapped:
        subject, object = object, subject
    if vocabulary.symmetric(name) and subject > object:
        subject, object = object, subject
    return FactKey(subject, name, object)


def ends_of(key: FactKey) -> tuple[int, int]:
    """The numbers of the entities that a fact of the ledger is about."""
    subject, object_ = key.subject, key.object
    assert isinstance(subject, int)
    assert isinstance(object_, int)
    return subject, object_


def number_of(secret: bytes, key: FactKey) -> int:
    """The number of a fact."""
    subject, object_ = ends_of(key)
    return fact_number(secret, subject, key.predicate, object_)


def unheld(number: int, key: FactKey, recorded_at: int) -> FactRow:
    """The row of a fact of which nothing has been derived yet."""
    subject, object_ = ends_of(key)
    return FactRow(number, subject, key.predicate, object_, NEVER, 0, NOWHERE, None, None, recorded_at)


def definition_json(definition: Predicate) -> str:
    """A definition as the ledger keeps it."""
    body = {
        "cardinality": definition.cardinality,
        "synonyms": list(definition.synonyms),
        "inverse": definition.inverse,
        "symmetric": definition.symmetric,
    }
    return json.dumps(body, ensure_ascii=False)


def definition_of(name: str, body: str) -> Predicate:
    """A definition from the ledger."""
    read = json.loads(body)
    return Predicate(name, read["cardinality"], tuple(read["synonyms"]), read["inverse"], read["symmetric"])


def _with_shipped(rows: Iterable[tuple[str, str]]) -> Vocabulary:
    return Vocabulary([*shipped_predicates(), *(definition_of(name, body) for name, body in rows)])


class Senses:
    """The vocabularies of the namespaces of one store, each made once for the definitions that it consists of."""

    def __init__(self, further: Iterable[Predicate] = ()) -> None:
        self.further = tuple(further)
        self.shipped = Vocabulary([*shipped_predicates(), *self.further])
        """What a namespace with no definitions of its own is read by."""
        self._cache: dict[tuple[tuple[str, str], ...], Vocabulary] = {}

    def now(self, view: Reader) -> Vocabulary:
        """The predicates in force.

        The cache goes by the definitions themselves: namespaces may share their key, and a count comes again when a
        transaction was rolled back.
        """
        if not view.namespace.definitions:
            return self.shipped
        rows = tuple((name, body) for _, name, body, _, _ in view.predicates())
        found = self._cache.get(rows)
        if found is None:
            if len(self._cache) >= MOST_VOCABULARIES:
                self._cache.clear()
            found = self._cache[rows] = _with_shipped(rows)
        return found

    def at(self, view: Reader, known: int) -> Vocabulary:
        """The predicates as they were defined at ``known``."""
        if not view.namespace.definitions:
            return self.shipped
        return _with_shipped([(name, body) for _, name, body, _, at in view.predicates() if at <= known])

    def missing(self, view: Reader) -> list[Predicate]:
        """The caller's further predicates that this namespace has not recorded as they are."""
        if not self.further:
            return []
        recorded = {name: body for _, name, body, _, _ in view.predicates()}
        return [p for p in self.further if recorded.get(p.name) != definition_json(p)]


class Then:
    """A namespace's reading as it stood at a time: which fact each claim and each older fact stood for."""

    def __init__(self, view: Reader, senses: Senses, known: int) -> None:
        self.vocabulary = senses.at(view, known)
        self.secret = view.namespace.secret
        self.names, self.merged = names_at(view.all_entities(), view.identities(), known)

    def of_claim(self, row: ClaimRow, speakers: Mapping[int, str | None]) -> FactKey | None:
        """The fact that the claim spoke of; None if it names something nobody knew then."""
        said = names_of_claim(row, speakers.get(row.episode))
        subject, object_ = self.names.get(said.subject), self.names.get(said.object)
        if subject is None or object_ is None:
            return None
        return place(self.vocabulary, subject, row.predicate, object_)

    def of_fact(self, row: FactRow) -> FactKey:
        """What a fact had become."""
        subject, object_ = owner(row.subject, self.merged), owner(row.object, self.merged)
        return place(self.vocabulary, subject, row.predicate, object_)
