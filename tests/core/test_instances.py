"""Instances that are made quickly are those that the class makes."""

import pickle
from dataclasses import FrozenInstanceError, dataclass, fields, replace

import pytest

from triplemem.core.instances import maker
from triplemem.types import Entity, Episode, Fact, Period


@dataclass(frozen=True, slots=True)
class Checked:
    """A class that does more than keep its fields."""

    size: int

    def __post_init__(self) -> None:
        if self.size < 0:
            raise ValueError("below zero")


@dataclass(frozen=True)
class Open:
    """A class without slots: no instance of another one can become one of it."""

    size: int


@pytest.mark.parametrize("cls", [Entity, Period, Fact, Episode])
def test_what_is_made_is_an_instance_like_any_other(cls: type) -> None:
    values = [f"value {n}" for n in range(len(fields(cls)))]
    made, own = maker(cls)(*values), cls(*values)
    assert made == own
    assert (type(made), repr(made), hash(made)) == (cls, repr(own), hash(own))
    assert pickle.loads(pickle.dumps(made)) == replace(made) == own
    with pytest.raises(FrozenInstanceError):
        setattr(made, fields(cls)[0].name, "another")
    with pytest.raises(TypeError):
        maker(cls)(*values, "one too many")


def test_a_class_that_cannot_be_made_so_makes_its_own() -> None:
    assert maker(Checked) is Checked
    assert maker(Open) is Open
