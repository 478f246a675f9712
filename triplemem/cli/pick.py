"""Which fact a command means: its id, or a subject, a predicate and an object that name exactly one."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, TypeVar

import click

from triplemem.cli.common import about_options
from triplemem.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from triplemem.memory import Memory
    from triplemem.types import Fact

F = TypeVar("F", bound=Callable[..., object])
MAX_LISTED = 10


def fact_argument(command: F) -> F:
    """Add FACT, and --subject, --predicate and --object in its place."""
    return click.argument("fact", required=False)(about_options(command))


def picked(
    memory: Memory,
    fact: str | None,
    about: dict[str, str | None],
    *,
    states: Collection[str] = (),
) -> str:
    """The id of the one fact that is meant, among those in one of ``states`` (none: in any).

    `InvalidInput` lists the candidates if there are several; `NotFound` if there is none.
    """
    given = {name: value for name, value in about.items() if value is not None}
    if (fact is not None) == bool(given):
        raise click.UsageError("give the id of a fact, or --subject, --predicate and --object that name one")
    if fact is not None:
        return fact
    found = memory.history(**about)
    fitting = [one for one in found if not states or one.state in states]
    said = ", ".join(f"{name} {value!r}" for name, value in given.items())
    if not found:
        raise NotFound(f"no fact has {said}; `triplemem history` lists what there is")
    if not fitting:
        raise NotFound(f"no fact with {said} is {' or '.join(states)}; `triplemem history` says what they are")
    if len(fitting) > 1:
        raise InvalidInput(f"{len(fitting)} facts have {said}: give more, or the id of one: {_listed(fitting)}")
    return fitting[0].id


def _listed(facts: list[Fact]) -> str:
    more = f" and {len(facts) - MAX_LISTED} more" if len(facts) > MAX_LISTED else ""
    return ", ".join(f"{fact.id} ({fact.text}, {fact.state})" for fact in facts[:MAX_LISTED]) + more
