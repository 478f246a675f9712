"""The answer a model is asked for. ``reasoning`` is declared first, to be written before what follows from it.

Not every server holds a model to this form: what is meant all the same is understood, and not asked for once more. The
docstrings of the parts are shown to the model.
"""

from __future__ import annotations

from typing import Annotated, Any, get_args

from pydantic import BeforeValidator, Field, model_validator

from triplemem.core.part import Part
from triplemem.types import Cardinality


def _turn(said: Any) -> Any:
    """The number of a turn, also where it was written like its id: ``t3``."""
    if isinstance(said, str) and said.strip().lstrip("tT").isascii() and said.strip().lstrip("tT").isdigit():
        return int(said.strip().lstrip("tT")[:9])
    return said


def _words(said: Any) -> Any:
    """A number that was written as one, such as a year, is what its digits say."""
    return str(said) if isinstance(said, int | float) and not isinstance(said, bool) else said


def _several(said: Any) -> Any:
    """A single id is a list of one."""
    return [said] if isinstance(said, str) and said else said or []


def _cardinality(said: Any) -> Any:
    """A word that is none defines nothing beyond what holds of a predicate that nobody defined."""
    return said if said in get_args(Cardinality) else "many"


Turn = Annotated[int, BeforeValidator(_turn, json_schema_input_type=int)]
Words = Annotated[str, BeforeValidator(_words, json_schema_input_type=str)]
Ids = Annotated[list[str], BeforeValidator(_several, json_schema_input_type=list[str])]


class _Quoted(Part):
    """What quotes a turn. One that names none is of the turn that has its quote."""

    @model_validator(mode="before")
    @classmethod
    def _of_some_turn(cls, said: Any) -> Any:
        return {**said, "turn": said.get("turn") or 0} if isinstance(said, dict) else said


class Claim(_Quoted):
    """What a turn states."""

    subject: Words
    predicate: str
    object: Words
    turn: Turn
    quote: str
    subject_kind: str = ""
    object_kind: str = ""
    valid_from: Words = ""
    valid_to: Words = ""
    during: Words = ""
    ended: bool = False
    together: str = ""
    ends: Ids = Field(default_factory=list)
    corrects: Ids = Field(default_factory=list)


class End(_Quoted):
    """A known fact that a turn says is over."""

    fact: str
    turn: Turn
    quote: str
    at: Words = ""


class Retraction(_Quoted):
    """A known fact that a turn says was never so."""

    fact: str
    turn: Turn
    quote: str


class SameAs(Part):
    """Two names that the words say are one."""

    name: str
    other: str


class Definition(Part):
    """A predicate that is not in the list."""

    name: str
    cardinality: Annotated[Cardinality, BeforeValidator(_cardinality, json_schema_input_type=Cardinality)]


class Answer(Part):
    """What the turns to read state."""

    reasoning: str
    claims: list[Claim]
    ends: list[End] = Field(default_factory=list)
    retractions: list[Retraction] = Field(default_factory=list)
    same_as: list[SameAs] = Field(default_factory=list)
    predicates: list[Definition] = Field(default_factory=list)

    @model_validator(mode="before")
    @classmethod
    def _without_reasons(cls, said: Any) -> Any:
        """Reasons help whoever gives them: an answer without any is one all the same."""
        plain = isinstance(said, dict) and "claims" in said
        return {**said, "reasoning": said.get("reasoning") or ""} if plain else said
