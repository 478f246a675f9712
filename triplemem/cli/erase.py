"""`erase`: forget for good; it shows what will go, and asks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from triplemem.cli.common import HELD, Command, Settings, confirm, with_settings, yes_option
from triplemem.cli.output import count, note, plain, print_json, print_table
from triplemem.errors import NotFound

if TYPE_CHECKING:
    from triplemem.memory import Memory
    from triplemem.types import Episode, Erasure

WAYS = ("episode", "entity", "fact", "session", "source_id", "before")
PAGE = 1000
MAX_SHOWN = 5
WIDTH = 100


@click.command(
    cls=Command,
    examples=[
        "triplemem -n acme/users/ann erase --session 2026-03-01",
        'triplemem -n acme/users/ann erase --entity "Ann\'s aunt" --yes',
    ],
)
@click.option("--episode", metavar="ID", help="One message.")
@click.option("--entity", metavar="ENTITY", help="A person or thing, by name or id, and every fact about it.")
@click.option("--fact", metavar="ID", help="One fact, and every sentence that states it.")
@click.option("--session", metavar="SESSION", help="Every message of a conversation.")
@click.option("--source-id", metavar="ID", help="Every message of a source.")
@click.option("--before", metavar="TIME", help="Every message said before this time.")
@yes_option
@with_settings
def erase(settings: Settings, yes: bool, **ways: str | None) -> None:
    """Forget something and all that was derived from it.

    Give exactly one of the options. It is shown first, and refused from now on. The audit trail keeps that something
    was erased, never what. Exports and backups made before still hold it.
    """
    given = {name: value for name, value in ways.items() if value is not None}
    if len(given) != 1:
        raise click.UsageError("give exactly one of " + ", ".join("--" + way.replace("_", "-") for way in WAYS))
    ((way, what),) = given.items()
    with settings.memory() as memory:
        if not yes:
            previewed(memory, way, what)
        carried_out(settings, memory.erase(**given))


def previewed(memory: Memory, way: str, what: str) -> None:
    """Show what would go, and ask."""
    head, *rest = _preview(memory, way, what)
    note(head)
    for line in rest[:MAX_SHOWN]:
        click.echo(f"  {plain(line)[:WIDTH]}", err=True)
    if len(rest) > MAX_SHOWN:
        click.echo(f"  ... and {len(rest) - MAX_SHOWN} more", err=True)
    confirm("Erase this for good?")


def carried_out(settings: Settings, done: Erasure) -> None:
    """Print what went."""
    if settings.as_json:
        print_json(done)
        return
    rows = [("removed", kind, str(count)) for kind, count in done.removed.items()]
    rows += [(name, fact.id, fact.text) for name in ("ended", "reopened") for fact in getattr(done, name)]
    print_table(("what", "id", "text"), rows)
    if done.pending:
        note(HELD)


def _preview(memory: Memory, way: str, what: str) -> Iterator[str]:
    if way == "fact":
        from triplemem.explain import explain

        found = explain(memory._spaces, what)
        yield f"1 fact, {found.fact.text!r}, and {count(len(found.claims), 'claim')}"
        return
    if way == "entity":
        facts = {fact.id: fact.text for fact in (*memory.history(subject=what), *memory.history(object=what))}
        yield f"the entity {what!r} and {count(len(facts), 'fact')}"
        yield from facts.values()
        return
    texts = [f"{one.occurred_at.date()} {one.speaker or one.role}: {one.text}" for one in _episodes(memory, way, what)]
    lived = memory.experiences.list(session=what) if way == "session" else []
    if not texts and not lived and way != "before":
        raise NotFound(f"no message has the {way.replace('_', ' ')} {what!r}")
    beside = f", {count(len(lived), 'experience')}" if lived else ""
    yield f"{count(len(texts), 'message')}{beside} and every fact that nothing else states"
    yield from (*texts, *(one.observation for one in lived))


def _episodes(memory: Memory, way: str, what: str) -> Iterator[Episode]:
    if way == "source_id":
        from triplemem.erase import sourced

        yield from sourced(memory._space, what)
        return
    limits = {"session": {"session": what}, "before": {"until": what}}.get(way, {})
    after = None
    while page := memory.episodes(**limits, limit=PAGE, after=after):
        yield from (one for one in page if way != "episode" or one.id == what)
        after = page[-1].id
