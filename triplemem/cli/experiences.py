"""`experiences`: what was tried and how it went, to write down, recall, score and distil."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from triplemem.cli.common import Group, Settings, confirm, known_at_option, with_settings, yes_option
from triplemem.cli.erase import carried_out
from triplemem.cli.output import Row, note, plain, print_json, print_table
from triplemem.cli.read import after_option, limit_option

if TYPE_CHECKING:
    from triplemem.types import Experience, Grounds

COLUMNS = ("id", "at", "outcome", "score", "session", "observation", "result")
outcome_option = click.option(
    "--outcome", type=click.Choice(["success", "failure"]), help="Only what ended so, or that it did."
)


@click.group(cls=Group)
def experiences() -> None:
    """What was tried, and how it went."""


def _print(settings: Settings, found: list[Experience] | Experience) -> None:
    if settings.as_json:
        print_json(found)
        return
    those = found if isinstance(found, list) else [found]
    print_table(COLUMNS, (_row(one) for one in those), nothing="no experiences")


def _row(one: Experience) -> Row:
    return (one.id, one.recorded_at, _outcome(one), one.score, one.session, one.observation, one.result)


def _outcome(one: Experience) -> str | None:
    return f"{one.outcome} ({one.error})" if one.error else one.outcome


@experiences.command("list", examples=["triplemem -n acme/agent experiences list --outcome failure"])
@click.option("--session", metavar="SESSION", help="Only those of this conversation.")
@outcome_option
@known_at_option
@limit_option
@after_option
@with_settings
def list_(settings: Settings, **query: Any) -> None:
    """List experiences in the order in which they began."""
    with settings.memory() as memory:
        _print(settings, memory.experiences.list(**query))


@experiences.command(examples=["triplemem -n acme/agent experiences show r_0c621e9f52f2d45b"])
@click.argument("experience")
@with_settings
def show(settings: Settings, experience: str) -> None:
    """Show an experience with its steps and what it rests on."""
    with settings.memory() as memory:
        print_grounds(settings, memory.experiences.explain(experience))


def print_grounds(settings: Settings, found: Grounds) -> None:
    """An experience, and what it rests on."""
    if settings.as_json:
        print_json(found)
    else:
        print_table(("what", "id", "text"), list(_told(found)))


def _told(found: Grounds) -> Iterator[Row]:
    one = found.experience
    yield ("experience", one.id, one.observation)
    ended = [_outcome(one) or "nobody knows how it ended", *([] if one.score is None else [f"score {one.score:g}"])]
    yield ("outcome", "", ", ".join(ended))
    for step in one.steps:
        yield ("step", "", " | ".join(filter(None, (step.thought, step.action))))
        for call in step.tools:
            took = "" if call.seconds is None else f" in {call.seconds:g} s"
            came = f" failed: {call.error}" if call.error else "" if call.result is None else f" -> {call.result}"
            yield ("tool", "", f"{call.name}{came}{took}")
    if not one.steps:
        yield from (("thought", "", one.thought), ("action", "", one.action))
    yield ("result", "", one.result)
    for episode in found.episodes:
        yield ("came from", episode.id, f"{episode.speaker or episode.role}: {episode.text}")
    for fact in found.facts:
        yield ("used", fact.id, f"{fact.text} ({fact.state})")


@experiences.command(
    examples=['triplemem -n acme/agent experiences record "the site was down" --action "restarted it" --score 1']
)
@click.argument("observation")
@click.option("--thought", default="", metavar="TEXT", help="What was thought.")
@click.option("--action", default="", metavar="TEXT", help="What was done.")
@click.option("--result", default="", metavar="TEXT", help="What came of it.")
@click.option("--score", type=float, metavar="SCORE", help="How well it went, from 0 to 1; from 0.5 on a success.")
@outcome_option
@click.option("--session", metavar="SESSION", help="The conversation that it is part of.")
@click.option("--episode", "episodes", multiple=True, metavar="ID", help="A message that it came from; repeatable.")
@click.option("--fact", "facts", multiple=True, metavar="ID", help="A fact that it used; repeatable.")
@with_settings
def record(settings: Settings, observation: str, thought: str, action: str, result: str, **more: Any) -> None:
    """Write down what was seen, thought and done, and what came of it."""
    with settings.memory() as memory:
        _print(settings, memory.experiences.record(observation, thought, action, result, **more))


@experiences.command(
    examples=[
        'triplemem -n acme/agent experiences recall "the site is down"',
        'triplemem -n acme/agent experiences recall "the site is down" --examples --max-tokens 300',
    ]
)
@click.argument("query")
@click.option("-k", "--limit", "k", type=int, default=3, show_default=True, metavar="N", help="At most so many.")
@outcome_option
@known_at_option
@click.option("--examples", is_flag=True, help="Print them as a fenced block for a prompt.")
@click.option("--max-tokens", type=int, metavar="N", help="At most so many tokens in the block.")
@with_settings
def recall(settings: Settings, query: str, k: int, examples: bool, max_tokens: int | None, **more: Any) -> None:
    """Find the experiences most like a question."""
    if max_tokens is not None and not examples:
        raise click.UsageError("--max-tokens is for --examples")
    with settings.memory() as memory:
        found = memory.experiences.recall(query, k, **more)
        block = memory.experiences.render(found, max_tokens=max_tokens) if examples else None
    if block is None:
        _print(settings, found)
    elif settings.as_json:
        print_json({"examples": block})
    elif block:
        click.echo(block)


@experiences.command(examples=["triplemem -n acme/agent experiences score r_0c621e9f52f2d45b 0.2"])
@click.argument("experience")
@click.argument("score", type=float, required=False)
@outcome_option
@with_settings
def score(settings: Settings, experience: str, score: float | None, outcome: Any) -> None:
    """Note what an experience turned out to be worth.

    The last word counts; what was noted before is kept.
    """
    with settings.memory() as memory:
        _print(settings, memory.experiences.score(experience, score, outcome=outcome))


@experiences.command(examples=["triplemem -n acme/agent experiences distil monday"])
@click.argument("session")
@with_settings
def distil(settings: Settings, session: str) -> None:
    """Let the model tell what a conversation taught.

    What it quotes has to have been said; an experience that misquotes is left out.
    """
    with settings.memory() as memory:
        _print(settings, memory.experiences.distil(session))


@experiences.command()
@known_at_option
@with_settings
def tools(settings: Settings, known_at: str | None) -> None:
    """List the tools: calls, failures, and how long they took."""
    with settings.memory() as memory:
        found = memory.experiences.tools(known_at=known_at)
    if settings.as_json:
        print_json(found)
        return
    rows = ((one.name, one.calls, one.failures, one.mean_seconds, one.max_seconds) for one in found)
    print_table(("tool", "calls", "failures", "mean seconds", "max seconds"), rows, nothing="no tools")


@experiences.command(examples=["triplemem -n acme/agent experiences erase r_0c621e9f52f2d45b --yes"])
@click.argument("experience")
@yes_option
@with_settings
def erase(settings: Settings, experience: str, yes: bool) -> None:
    """Forget an experience with all that was noted of it."""
    with settings.memory() as memory:
        if not yes:
            note(f"1 experience: {plain(memory.experiences.get(experience).observation)[:100]}")
            confirm("Erase this for good?")
        carried_out(settings, memory.experiences.erase(experience))
