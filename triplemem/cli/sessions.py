"""`sessions`: the conversations, one of them to read, search, summarise or erase."""

from __future__ import annotations

import click

from triplemem.cli.common import Group, Settings, known_at_option, with_settings, yes_option
from triplemem.cli.erase import carried_out, previewed
from triplemem.cli.output import print_json, print_table
from triplemem.cli.read import after_option, limit_option, print_episodes, print_hits


@click.group(cls=Group, invoke_without_command=True)
@click.pass_context
def sessions(context: click.Context) -> None:
    """The conversations, the latest first.

    Without a command they are listed.
    """
    if context.invoked_subcommand is None:
        context.invoke(list_)


@sessions.command("list", examples=["triplemem -n acme/users/ann sessions", "triplemem sessions list --json"])
@known_at_option
@with_settings
def list_(settings: Settings, known_at: str | None = None) -> None:
    """List the conversations, that of the latest message first."""
    with settings.memory() as memory:
        found = memory.sessions(known_at=known_at)
    if settings.as_json:
        print_json(found)
        return
    rows = ((one.id, one.messages, one.started_at, one.last_at) for one in found)
    print_table(("session", "messages", "started", "last"), rows, nothing="no sessions")


@sessions.command(examples=["triplemem -n acme/users/ann sessions show monday"])
@click.argument("session")
@click.option("--since", metavar="TIME", help="Only what was said at this time or later.")
@click.option("--until", metavar="TIME", help="Only what was said before this time.")
@limit_option
@after_option
@with_settings
def show(settings: Settings, session: str, **query: str | int | None) -> None:
    """Show what was said in a conversation, by time."""
    with settings.memory() as memory:
        print_episodes(settings, memory.session(session).messages(**query))  # type: ignore[arg-type]


@sessions.command(examples=['triplemem -n acme/users/ann sessions search monday "the invoice"'])
@click.argument("session")
@click.argument("query")
@click.option("-k", "--limit", "k", type=int, default=10, show_default=True, metavar="N", help="At most so many.")
@with_settings
def search(settings: Settings, session: str, query: str, k: int) -> None:
    """Find what bears on a question in a conversation."""
    with settings.memory() as memory:
        print_hits(settings, memory.session(session).search(query, k))


@sessions.command(examples=["triplemem -n acme/users/ann sessions summary monday --max-tokens 300"])
@click.argument("session")
@click.option("--max-tokens", type=int, default=1000, show_default=True, metavar="N", help="At most so many tokens.")
@with_settings
def summary(settings: Settings, session: str, max_tokens: int) -> None:
    """Print a conversation within a budget, for a prompt.

    What fits is printed word by word. What no longer fits is told shortly: by the model, if one is named, with one call
    that extends what it told before; else in sentences taken from the messages.
    """
    with settings.memory() as memory:
        block = memory.session(session).summary(max_tokens)
    if settings.as_json:
        print_json({"summary": block})
    elif block:
        click.echo(block)


@sessions.command(examples=["triplemem -n acme/users/ann sessions erase monday --yes"])
@click.argument("session")
@yes_option
@with_settings
def erase(settings: Settings, session: str, yes: bool) -> None:
    """Forget a conversation and all that was derived from it.

    It is shown first, as `triplemem erase --session` does.
    """
    with settings.memory() as memory:
        if not yes:
            previewed(memory, "session", session)
        carried_out(settings, memory.session(session).erase())
