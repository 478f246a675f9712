"""`predicates`: which relations there are, and how many values each may hold at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from triplemem.cli.common import Group, Settings, with_settings
from triplemem.cli.output import print_json, print_table

if TYPE_CHECKING:
    from triplemem.types import Predicate

CARDINALITIES = ("many", "one_object", "one_subject", "one_to_one")


def _print(found: Iterable[Predicate]) -> None:
    rows = (
        (one.name, one.cardinality, "symmetric" if one.symmetric else "", one.inverse, ", ".join(one.synonyms))
        for one in found
    )
    print_table(("name", "cardinality", "symmetric", "inverse", "synonyms"), rows, nothing="no predicates")


@click.group(cls=Group, invoke_without_command=True)
@click.pass_context
def predicates(context: click.Context) -> None:
    """The relations that facts are made of.

    Without a command they are listed.
    """
    if context.invoked_subcommand is None:
        context.invoke(list_)


@predicates.command("list")
@with_settings
def list_(settings: Settings) -> None:
    """List every predicate with its definition."""
    with settings.memory() as memory:
        found = memory.predicates.list()
    if settings.as_json:
        print_json(found)
    else:
        _print(found)


@predicates.command()
@click.argument("name")
@with_settings
def show(settings: Settings, name: str) -> None:
    """Show one predicate, by its name."""
    with settings.memory() as memory:
        found = memory.predicates.get(name)
    if settings.as_json:
        print_json(found)
    else:
        _print([found])


@predicates.command(
    examples=["triplemem -n acme/team predicates define mentors --cardinality one_subject --inverse mentored_by"]
)
@click.argument("name")
@click.option(
    "--cardinality",
    type=click.Choice(CARDINALITIES),
    default="many",
    show_default=True,
    help="How many may hold at once: one_object as of lives_in, one_subject as of leads, one_to_one as of married_to.",
)
@click.option("--synonym", "synonyms", multiple=True, metavar="NAME", help="Another name for it; may be repeated.")
@click.option("--inverse", metavar="NAME", help="Its name the other way round: led_by of leads.")
@click.option("--symmetric", is_flag=True, help="It holds both ways round, as married_to.")
@with_settings
def define(settings: Settings, name: str, synonyms: tuple[str, ...], **definition: Any) -> None:
    """Define a predicate, or define it again.

    What was said before is derived anew, and nothing is lost by either choice.
    """
    with settings.memory() as memory:
        found = memory.predicates.define(name, synonyms=synonyms, **definition)
    if settings.as_json:
        print_json(found)
    else:
        _print([found])
