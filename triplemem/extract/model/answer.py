"""The answer a model is asked for. ``reasoning`` is declared first, to be written before what follows from it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator


def _turn(said: Any) -> Any:
    """The number of a turn, also where it was written like its id: ``t3``."""
    if isinstance(said, str) and said.strip().lstrip("tT").isascii() and said.strip().lstrip("tT").isdigit():
        return int(said.strip().lstrip("tT")[:9])
    return said


Turn = Annotated[int, BeforeValidator(_turn, json_schema_input_type=int)]


class _Part(BaseModel):
    """Fields that nobody asked for are ignored, and so is a null: what has nothing to say may be left out."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, said: Any) -> Any:
        return {key: value for key, value in said.items() if value is not None} if isinstance(said, dict) else said


class Claim(_Part):
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


class End(_Part):
    """A known fact that a turn says is over."""

    fact: str
    turn: Turn
    quote: str
    at: str = ""


class Retraction(_Part):
    """A known fact that a turn says was never so."""

    fact: str
    turn: Turn
    quote: str


class SameAs(_Part):
    """Two names that the words say are one."""

    name: str
    other: str


class Definition(_Part):
    """A predicate that is not in the list."""

    name: str
    cardinality: Literal["many", "one_object", "one_subject", "one_to_one"]


class Answer(_Part):
    """What the turns to read state."""

    reasoning: str
    claims: list[Claim]
    ends: list[End] = Field(default_factory=list)
    retractions: list[Retraction] = Field(default_factory=list)
    same_as: list[SameAs] = Field(default_factory=list)
    predicates: list[Definition] = Field(default_factory=list)
