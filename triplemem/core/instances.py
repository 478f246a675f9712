"""Instances of frozen dataclasses by the hundred, several times as fast as their own ``__init__`` makes them.

That calls ``object.__setattr__`` for each field. Here an ordinary dataclass of the same slots sets them, and its
instance then becomes one of the frozen class.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, make_dataclass
from typing import Any, ParamSpec, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")


def maker(cls: Callable[P, T]) -> Callable[P, T]:
    """What makes an instance of a frozen dataclass with slots of all its fields, by place.

    It passes by an ``__init__`` of the class's own. Where there is a ``__post_init__``, or an instance cannot change
    its class, it is the class itself.
    """
    frozen: Any = cls
    names = [field.name for field in fields(frozen)]
    twin: Any = make_dataclass(frozen.__name__, names, slots=True)

    def make(*values: object) -> Any:
        one = twin(*values)
        one.__class__ = frozen
        return one

    try:
        make(*names)
    except TypeError:
        return cls
    return cls if hasattr(frozen, "__post_init__") else cast(Callable[P, T], make)
