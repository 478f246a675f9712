"""Reading: `facts`, `history`, `recall`, `context`, `changes`, `entities`, `episodes`."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from triplemem.cli.common import (
    Command,
    Settings,
    about_options,
    as_of_options,
    given_text,
    known_at_option,
    with_settings,
)
from triplemem.cli.output import FACT_COLUMNS, fact_row, print_json, print_table
from triplemem.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from triplemem.types import Episode, Fact, Hit

limit_option = click.option("--limit", type=int, metavar="N", help="At most so many.")
after_option = click.option("--after", metavar="ID", help="Go on after this one, the last of the page before.")


def _print_facts(settings: Settings, facts: list[Fact]) -> None:
    if settings.as_json:
        print_json(facts)
    else:
        print_table(FACT_COLUMNS, (fact_row(fact) for fact in facts), nothing="no facts")


@click.command(
    cls=Command,
    examples=[
        "triplemem -n acme/team facts --subject Bob",
        "triplemem -n acme/team facts --predicate leads --object ML --as-of 2026-03-01",
        "triplemem -n acme/team facts --as-of 2026-03-01 --known-at 2026-03-01",
    ],
)
@about_options
@as_of_options
@click.option("--include-ended", is_flag=True, help="Also what is over, or yet to begin.")
@limit_option
@after_option
@with_settings
def facts(settings: Settings, **query: Any) -> None:
    """List what is true, now or at another time."""
    with settings.memory() as memory:
        _print_facts(settings, memory.facts(**query))


@click.command(cls=Command, examples=["triplemem -n acme/team history --predicate leads --object ML"])
@about_options
@known_at_option
@limit_option
@after_option
@with_settings
def history(settings: Settings, limit: int | None, after: str | None, **query: Any) -> None:
    """List everything that was ever said to be true.

    What is over, displaced or rejected is listed too; the order is by when each first began.
    """
    with settings.memory() as memory:
        found = memory.history(**query)
    _print_facts(settings, _page(found, limit, after))


def _page(found: list[Fact], limit: int | None, after: str | None) -> list[Fact]:
    if limit is not None and limit < 1:
        raise InvalidInput(f"limit is {limit}: at least 1")
    ids = [fact.id for fact in found]
    if after is not None and after not in ids:
        raise NotFound(f"no fact {after!r} to go on after")
    start = 0 if after is None else ids.index(after) + 1
    return list(islice(found, start, None if limit is None else start + limit))


@click.command(cls=Command, examples=['triplemem -n acme/team recall "who leads ML?" -k 5'])
@click.argument("query")
@click.option("-k", "--limit", "k", type=int, default=10, show_default=True, metavar="N", help="At most so many.")
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(["fact", "episode"]), help="Only facts, or only messages."
)
@click.option("--session", metavar="SESSION", help="Only what was said in this conversation.")
@click.option("--speaker", metavar="NAME", help="Only what this person said.")
@click.option("--predicate", metavar="PREDICATE", help="Only what is said with this predicate.")
@click.option("--entity-kind", metavar="KIND", help="Only what is about an entity of this kind.")
@click.option("--since", metavar="TIME", help="Only messages of this time or later, and facts that go on after it.")
@click.option("--until", metavar="TIME", help="Only messages of before this time, and facts that began before it.")
@click.option("--min-score", type=float, metavar="SCORE", help="Nothing below this score.")
@as_of_options
@with_settings
def recall(settings: Settings, query: str, k: int, kinds: tuple[str, ...], **more: Any) -> None:
    """Find the facts and messages that bear on a question.

    QUERY "-" is standard input. A filter holds for both: a message passes by the facts that it states, a fact by the
    messages that it rests on.
    """
    with settings.memory() as memory:
        print_hits(settings, memory.recall(given_text(query), k, kinds=kinds or ("fact", "episode"), **more))


def print_hits(settings: Settings, hits: list[Hit]) -> None:
    """What a search found, best first."""
    if settings.as_json:
        print_json(hits)
        return
    rows = []
    for hit in hits:
        source = hit.fact or hit.episode
        rows.append((source.id if source else None, hit.kind, hit.score, hit.text))
    print_table(("id", "kind", "score", "text"), rows)


@click.command(cls=Command)
@click.argument("query")
@click.option("--max-tokens", type=int, default=1000, show_default=True, metavar="N", help="At most so many tokens.")
@as_of_options
@with_settings
def context(settings: Settings, query: str, **more: Any) -> None:
    """Print what bears on a question, for a prompt.

    QUERY "-" is standard input. It is a fenced block, each line with its validity; the best get the room first.
    """
    with settings.memory() as memory:
        block = memory.context(given_text(query), **more)
    if settings.as_json:
        print_json({"context": block})
    elif block:
        click.echo(block)


@click.command(cls=Command)
@click.option("--since", required=True, metavar="TIME", help="What we recorded at this time or later.")
@click.option("--until", metavar="TIME", help="... and before this time.  [now]")
@with_settings
def changes(settings: Settings, since: str, until: str | None) -> None:
    """List what changed, by when we recorded it."""
    with settings.memory() as memory:
        found = memory.changes(since, until)
    if settings.as_json:
        print_json(found)
        return
    columns = ("at", "kind", "fact", "text", "reason", "actor")
    rows = [(one.at, one.kind, one.fact_id, one.text, one.reason, one.actor) for one in found]
    print_table(columns, rows, nothing="no changes")


@click.command(cls=Command)
@click.option("--name", metavar="NAME", help="Only the entity of this name or alias.")
@click.option("--kind", metavar="KIND", help="Only entities of this kind.")
@with_settings
def entities(settings: Settings, name: str | None, kind: str | None) -> None:
    """List the people and things that facts are about."""
    with settings.memory() as memory:
        found = memory.entities(name=name, kind=kind)
    if settings.as_json:
        print_json(found)
        return
    rows = ((one.id, one.name, one.kind, ", ".join(one.aliases)) for one in found)
    print_table(("id", "name", "kind", "aliases"), rows, nothing="no entities")


@click.command(cls=Command)
@click.option("--session", metavar="SESSION", help="Only messages of this conversation.")
@click.option("--since", metavar="TIME", help="Only what was said at this time or later.")
@click.option("--until", metavar="TIME", help="Only what was said before this time.")
@limit_option
@after_option
@with_settings
def episodes(settings: Settings, **query: Any) -> None:
    """List the messages as they were said, by time."""
    with settings.memory() as memory:
        print_episodes(settings, memory.episodes(**query))


def print_episodes(settings: Settings, found: list[Episode]) -> None:
    """Messages as they were said."""
    if settings.as_json:
        print_json(found)
        return
    rows = ((one.id, one.occurred_at, one.session, one.speaker or one.role, one.text) for one in found)
    print_table(("id", "at", "session", "speaker", "text"), rows, nothing="no messages")
