"""The names of relations: what a source said becomes a canonical predicate, a direction and a cardinality.

A `Vocabulary` is built from definitions in the order recorded, the shipped ones first. Of a name, a synonym
or an inverse the definition that mentioned it last decides; a predicate nobody defined is ``many``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from triplemem.core.messages import check_name
from triplemem.core.shown import shown
from triplemem.core.text import fold
from triplemem.errors import InvalidInput
from triplemem.types import Cardinality, Predicate

CARDINALITIES: tuple[Cardinality, ...] = ("many", "one_object", "one_subject", "one_to_one")
_APART = re.compile(r"[\W_]+")
BE, WERE = ("is", "are"), ("was", "were")
_AFTER_BE = re.compile(r"[^_]+ing|[^_]+(?:ing|ed)_.*|.*_(?:by|of)")
"""Names that mean the same behind "is" or "are": "led by", "head of", "leading", "living in", "employed at"."""


class Direction(NamedTuple):
    """The canonical predicate, and whether its ends are the other way round than said."""

    name: str
    swapped: bool


@lru_cache(maxsize=4096)
def snake(said: str) -> str:
    """The name in ``snake_case``: "Works at" is ``works_at``; empty if nothing in it is a word."""
    return _APART.sub("_", fold(said)).strip("_")


def with_be(name: str) -> list[str]:
    """The names that may be read as this one with a form of "be" in front; which of them are, a `Vocabulary` tells."""
    return [f"{be}_{name}" for be in (*BE, *WERE)]


def checked_definition(
    name: object, cardinality: object, synonyms: object, inverse: object, symmetric: object
) -> Predicate:
    """A definition that can be recorded, or `InvalidInput`."""
    check_name(name, "the predicate")
    assert isinstance(name, str)
    canonical = snake(name)
    if not canonical:
        raise InvalidInput(f"the predicate {shown(name)} has no word in it")
    if cardinality not in CARDINALITIES:
        raise InvalidInput(f"cardinality must be one of {', '.join(CARDINALITIES)}, not {shown(cardinality)}")
    if isinstance(synonyms, str) or not isinstance(synonyms, Iterable):
        raise InvalidInput("synonyms is a sequence of names: write (..., ), even for a single one")
    words = []
    for word in synonyms:
        check_name(word, "a synonym")
        if not snake(str(word)):
            raise InvalidInput(f"the synonym {shown(word)} has no word in it")
        words.append(str(word))
    if inverse is not None:
        check_name(inverse, "the inverse")
        if snake(str(inverse)) in ("", canonical):
            raise InvalidInput(
                f"the inverse of {shown(canonical)} must be another name; a relation that is its own is symmetric"
            )
    if symmetric not in (True, False):
        raise InvalidInput(f"symmetric is true or false, not {shown(symmetric)}")
    if symmetric and cardinality in ("one_object", "one_subject"):
        raise InvalidInput(f"a symmetric predicate is 'many' or 'one_to_one', not {shown(cardinality)}")
    return Predicate(
        canonical, cardinality, tuple(words), None if inverse is None else snake(str(inverse)), bool(symmetric)
    )


class Vocabulary:
    """The predicates in force. Immutable; a family such as ``favorite_*`` stands for every name it matches."""

    def __init__(self, definitions: Iterable[Predicate] = ()) -> None:
        self._defined: dict[str, Predicate] = {}
        self._families: list[Predicate] = []
        self._means: dict[str, Direction] = {}
        self._read: dict[str, Direction] = {}
        self._cardinality: dict[str, Cardinality] = {}
        for definition in definitions:
            self._add(definition)
        mirrored = [name for name, known in self._defined.items() if known.symmetric and self.read(name).name == name]
        self._symmetric = dict.fromkeys(mirrored)

    def _add(self, new: Predicate) -> None:
        if new.name.endswith("*"):
            self._families.append(new)
            return
        for synonym in new.synonyms:
            self._means[snake(synonym)] = Direction(new.name, False)
        if new.inverse:
            self._means[snake(new.inverse)] = Direction(new.name, True)
        self._means[new.name] = Direction(new.name, False)
        known = self._defined.get(new.name)
        if known is not None:  # what it was called before it is still called, unless another one took the name
            synonyms = tuple(dict.fromkeys((*known.synonyms, *new.synonyms)))
            new = Predicate(new.name, new.cardinality, synonyms, new.inverse or known.inverse, new.symmetric)
        self._defined[new.name] = new

    def read(self, said: str) -> Direction:
        """The canonical predicate of what was said, and whether subject and object change places."""
        found = self._read.get(said)
        if found is None:
            if len(self._read) > 10_000:
                self._read.clear()
            found = self._read[said] = self._follow(snake(said))
        return found

    def _follow(self, name: str) -> Direction:
        name = self._without_be(name)
        swapped, seen = False, {name}
        while (means := self._means.get(name)) is not None:
            swapped ^= means.swapped
            if means.name == name or means.name in seen:
                return Direction(means.name, swapped)
            name = means.name
            seen.add(name)
        return Direction(name, swapped)

    def _without_be(self, name: str) -> str:
        """The name behind "is" or "are", where the two say the same; a name that was defined itself as it is.

        "was led by" says nothing about now and stays a name of its own; "was founded by" is all there is to say.
        """
        be, _, rest = name.partition("_")
        if name in self._means or rest not in self._means:
            return name
        same = (be in BE and _AFTER_BE.fullmatch(rest)) or (be in WERE and self._tells_what_happened(rest))
        return rest if same else name

    def _tells_what_happened(self, inverse: str) -> bool:
        """Is it the inverse of what is named by what happened, so that "was" in front adds nothing: "founded by"?"""
        known = self._defined.get(self._means[inverse].name)
        if known is None or known.inverse is None or snake(known.inverse) != inverse:
            return False
        participle, by, _ = inverse.rpartition("_by")
        said = {known.name, *map(snake, known.synonyms)}
        return bool(by) and not said.isdisjoint({participle, f"has_{participle}"})

    def get(self, name: str) -> Predicate | None:
        """The definition in force of a predicate, asked for by any of its names; None if nobody defined it."""
        canonical = self.read(name).name
        found = self._defined.get(canonical)
        if found is not None:
            return found
        for family in reversed(self._families):
            if canonical.startswith(family.name[:-1]):
                return Predicate(canonical, family.cardinality, (), None, family.symmetric)
        return None

    def everything(self) -> list[Predicate]:
        """Every definition in force, by name; families last."""
        return [*sorted(self._defined.values(), key=lambda p: p.name), *self._families]

    def cardinality(self, name: str) -> Cardinality:
        """The cardinality of a canonical predicate."""
        found = self._cardinality.get(name)
        if found is None:
            if len(self._cardinality) > 10_000:
                self._cardinality.clear()
            known = self.get(name)
            found = self._cardinality[name] = "many" if known is None else known.cardinality
        return found

    def symmetric(self, name: str) -> bool:
        """Whether a canonical predicate is one fact from both ends."""
        return name in self._symmetric

    def names_of(self, canonical: str) -> list[Direction]:
        """Every name under which the predicate may have been said, with its direction."""
        found: dict[str, bool] = {}
        for name in self._means:
            if self.read(name).name == canonical:
                ways = ((said, self.read(said)) for said in (name, *with_be(name)))
                found |= {said: means.swapped for said, means in ways if means.name == canonical}
        return [Direction(name, swapped) for name, swapped in found.items()]

    def symmetric_names(self) -> tuple[str, ...]:
        """The canonical names of symmetric predicates."""
        return tuple(self._symmetric)
