"""Correcting: `end`, `reject`, `allow`, `retract`, `merge`, `split`, and what was rejected, `tombstones`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from triplemem.cli.add import refusal_text
from triplemem.cli.common import Command, Settings, reason_option, with_settings
from triplemem.cli.output import print_json, print_table
from triplemem.cli.pick import fact_argument, picked

if TYPE_CHECKING:
    from triplemem.types import Correction


def _print(settings: Settings, done: Correction) -> None:
    if settings.as_json:
        print_json(done)
    else:
        print_table(("what", "id", "text"), list(_rows(done)))


def _rows(done: Correction) -> Iterator[tuple[str, str, str]]:
    if done.fact is not None:
        yield ("fact", done.fact.id, f"{done.fact.text} ({done.fact.state})")
    for name in ("ended", "reopened"):
        yield from ((name, fact.id, fact.text) for fact in getattr(done, name))
    yield from (("refused", "", refusal_text(refusal)) for refusal in done.refused)
    yield ("event", done.event_id, "")


@click.command(cls=Command, examples=["triplemem -n acme/team end --subject Bob --predicate leads --at 2026-06-01"])
@fact_argument
@click.option("--at", metavar="TIME", help="Since when it is over: an ISO date, or a time with its offset.  [now]")
@reason_option
@with_settings
def end(settings: Settings, fact: str | None, at: str | None, reason: str | None, **about: str | None) -> None:
    """Say that a fact stopped being true.

    One that has not begun yet is cancelled. It may be said again later.
    """
    with settings.memory() as memory:
        one = picked(memory, fact, about, states=("current", "future"))
        _print(settings, memory.end(one, at=at, reason=reason))


@click.command(cls=Command)
@fact_argument
@reason_option
@with_settings
def reject(settings: Settings, fact: str | None, reason: str | None, **about: str | None) -> None:
    """Say that a fact was never true.

    What it displaced holds again, and it is refused from now on, whoever says it, until you `allow` it.
    """
    with settings.memory() as memory:
        one = picked(memory, fact, about, states=("current", "future", "ended", "displaced"))
        _print(settings, memory.reject(one, reason=reason))


@click.command(cls=Command)
@fact_argument
@reason_option
@with_settings
def allow(settings: Settings, fact: str | None, reason: str | None, **about: str | None) -> None:
    """Lift a rejection or an erasure.

    FACT may be the id of a tombstone too. What was said of a rejected fact before counts again.
    """
    with settings.memory() as memory:
        _print(settings, memory.allow(picked(memory, fact, about, states=("rejected",)), reason=reason))


@click.command(
    cls=Command,
    examples=[
        "triplemem -n acme/team explain --subject Bob --predicate leads",
        'triplemem -n acme/team retract c_0c6198d0332b9068.0 --reason "that was a joke"',
    ],
)
@click.argument("what")
@reason_option
@with_settings
def retract(settings: Settings, what: str, reason: str | None) -> None:
    """Take back a piece of evidence that was misread.

    WHAT is the id of a claim, an end or a retraction, as `explain` shows them. What it displaced or ended holds again.
    Unlike `reject` it bars nothing.
    """
    with settings.memory() as memory:
        _print(settings, memory.retract(what, reason=reason))


@click.command(cls=Command)
@click.argument("keep")
@click.argument("other")
@reason_option
@with_settings
def merge(settings: Settings, keep: str, other: str, reason: str | None) -> None:
    """Say that two entities are one.

    It is known as KEEP from now on; each of the two is a name, an alias or an id. `split` undoes it.
    """
    with settings.memory() as memory:
        _print(settings, memory.merge(keep, other, reason=reason))


@click.command(cls=Command)
@click.argument("entity")
@click.argument("alias")
@reason_option
@with_settings
def split(settings: Settings, entity: str, alias: str, reason: str | None) -> None:
    """Make an alias an entity of its own again.

    It takes with it what was said under that name.
    """
    with settings.memory() as memory:
        _print(settings, memory.split(entity, alias, reason=reason))


@click.command(cls=Command)
@with_settings
def tombstones(settings: Settings) -> None:
    """List what was rejected or erased, and is refused.

    It says when and why, never what.
    """
    with settings.memory() as memory:
        found = memory.tombstones()
    if settings.as_json:
        print_json(found)
        return
    rows = ((one.id, one.at, one.verb, one.bars, one.actor, one.reason) for one in found)
    print_table(("id", "at", "verb", "bars", "actor", "reason"), rows, nothing="no tombstones")
