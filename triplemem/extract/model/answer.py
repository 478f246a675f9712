"""The answer a model is asked for. ``reasoning`` is declared first, to be written before what follows from it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from triplemem.core.part import Part


def _turn(said: Any) -> Any:
    """The number of a turn, also where it was written like its id: ``t3``."""
    if isinstance(said, str) and said.strip().lstrip("tT").isascii() and said.strip().lstrip("tT").isdigit():
        return int(said.strip().lstrip("tT")[:9])
    return said


Turn = Annotated[int, BeforeValidator(_turn, json_schema_input_type=int)]


class Claim(Part):
    """What a turn states."""

    subject: str
    predicate: str
    object: str
    turn: Turn
    quote: str
    subject_kind: str = ""
    object_kind: str = ""
    valid_from: str = ""
    valid_to: str = ""
    during: str = ""
    ended: bool = False
    together: str = ""
    ends: list[str] = Field(default_factory=list)
    corrects: list[str] = Field(default_factory=list)


class End(Part):
    """A known fact that a turn says is over."""

    fact: str
    turn: Turn
    quote: str
    at: str = ""


class Retraction(Part):
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
    cardinality: Literal["many", "one_object", "one_subject", "one_to_one"]


class Answer(Part):
    """What the turns to read state."""

    reasoning: str
    claims: list[Claim]
    ends: list[End] = Field(default_factory=list)
    retractions: list[Retraction] = Field(default_factory=list)
    same_as: list[SameAs] = Field(default_factory=list)
    predicates: list[Definition] = Field(default_factory=list)
