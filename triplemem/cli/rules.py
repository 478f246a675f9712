"""`rules`: what the prompts were taught."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from triplemem.cli.common import Group, Settings, as_of_options, reason_option, with_settings
from triplemem.cli.output import print_json, print_table

if TYPE_CHECKING:
    from triplemem.types import Rule


@click.group(cls=Group)
def rules() -> None:
    """The rules of prompts, by hand and learned."""


def _print(settings: Settings, found: list[Rule] | Rule) -> None:
    if settings.as_json:
        print_json(found)
        return
    those: Iterable[Rule] = found if isinstance(found, list) else [found]
    rows = ((one.id, one.state, one.text, one.when, len(one.evidence)) for one in those)
    print_table(("id", "state", "rule", "when", "evidence"), rows, nothing="no rules")


@rules.command(examples=['triplemem -n acme rules add support "Offer a refund." --when "somebody wants a refund"'])
@click.argument("prompt")
@click.argument("text")
@click.option("--when", metavar="TEXT", help="Only where a query resembles this.  [always]")
@with_settings
def add(settings: Settings, prompt: str, text: str, when: str | None) -> None:
    """Give a prompt a rule, as a new version."""
    with settings.memory() as memory:
        _print(settings, memory.prompts.rules.add(prompt, text, when=when))


@rules.command("list")
@click.argument("prompt")
@as_of_options
@with_settings
def list_(settings: Settings, prompt: str, **times: str | None) -> None:
    """List the rules of a prompt, those that are gone too."""
    with settings.memory() as memory:
        _print(settings, memory.prompts.rules.list(prompt, **times))


@rules.command()
@click.argument("rule")
@reason_option
@with_settings
def remove(settings: Settings, rule: str, reason: str | None) -> None:
    """Take a rule out of its prompt, as a new version.

    It is not proposed again, until you `allow` its tombstone.
    """
    with settings.memory() as memory:
        _print(settings, memory.prompts.rules.remove(rule, reason=reason))
