"""`prompts`: named prompts, their versions, and what is proposed for them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from triplemem.cli.common import (
    Group,
    Settings,
    as_of_options,
    given_text,
    known_at_option,
    reason_option,
    with_settings,
)
from triplemem.cli.output import note, on_terminal, print_json, print_lines, print_table, without_controls

if TYPE_CHECKING:
    from triplemem.types import Prompt, Proposal

STATES = ("open", "accepted", "rejected", "worse", "unchanged")
KINDS = ("gradient", "metaprompt", "prompt_memory")
COLUMNS = ("name", "version", "at", "rules", "origin")
PROPOSALS = ("id", "state", "base", "changes", "before", "after", "reasons")


@click.group(cls=Group)
def prompts() -> None:
    """Named prompts with learned rules: every version is kept."""


def _row(prompt: Prompt) -> tuple[Any, ...]:
    return (prompt.name, prompt.version, prompt.created_at, len(prompt.rules), prompt.origin)


def _print(settings: Settings, prompt: Prompt) -> None:
    if settings.as_json:
        print_json(prompt)
    else:
        print_table(COLUMNS, [_row(prompt)])


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """The lines of a diff, each with its colour."""
    styles = {"+": "green", "-": "red", "@": "cyan"}
    for n, line in enumerate(text.split("\n") if text else ()):
        yield without_controls(line), "bold" if n < 2 else styles.get(line[:1], "")


@prompts.command(examples=['triplemem -n acme prompts create support "You help customers of {company}."'])
@click.argument("name")
@click.argument("text")
@click.option("--when-to-update", metavar="TEXT", help="When it is to be optimized, of many.")
@click.option("--update-instructions", metavar="TEXT", help="What an optimizer has to mind.")
@with_settings
def create(settings: Settings, name: str, text: str, **more: str | None) -> None:
    """Create a prompt.

    TEXT "-" is standard input. {company} is a variable; other braces are text. The same again changes nothing.
    """
    with settings.memory() as memory:
        _print(settings, memory.prompts.create(name, given_text(text), **more))


@prompts.command()
@click.argument("name")
@click.argument("text")
@click.option("--when-to-update", metavar="TEXT", help="When it is to be optimized, of many.")
@click.option("--update-instructions", metavar="TEXT", help="What an optimizer has to mind.")
@reason_option
@with_settings
def write(settings: Settings, name: str, text: str, **more: str | None) -> None:
    """Give a prompt another text, as a new version.

    TEXT "-" is standard input. Its rules stay.
    """
    with settings.memory() as memory:
        _print(settings, memory.prompts.write(name, given_text(text), **more))


@prompts.command("list")
@as_of_options
@with_settings
def list_(settings: Settings, **times: str | None) -> None:
    """List the prompts."""
    with settings.memory() as memory:
        found = memory.prompts.list(**times)
    if settings.as_json:
        print_json(found)
    else:
        print_table(COLUMNS, map(_row, found), nothing="no prompts")


@prompts.command(examples=["triplemem -n acme prompts show support --as-of 2026-03-31"])
@click.argument("name")
@click.option("--version", type=int, metavar="N", help="This version.  [the latest]")
@as_of_options
@with_settings
def show(settings: Settings, name: str, version: int | None, **times: str | None) -> None:
    """Show a prompt: its text and its rules."""
    from triplemem.core.prompts import whole_text

    with settings.memory() as memory:
        found = memory.prompts.get(name, version=version, **times)
    if settings.as_json:
        print_json(found)
    else:
        _print_text(whole_text(found.text, found.rules))


@prompts.command()
@click.argument("name")
@known_at_option
@with_settings
def history(settings: Settings, name: str, known_at: str | None) -> None:
    """List the versions of a prompt, and where each came from."""
    with settings.memory() as memory:
        found = memory.prompts.history(name, known_at=known_at)
    if settings.as_json:
        print_json(found)
    else:
        print_table((*COLUMNS, "actor"), ((*_row(one), one.actor) for one in found))


@prompts.command(examples=["triplemem -n acme prompts diff support 1 3"])
@click.argument("name")
@click.argument("a", type=int)
@click.argument("b", type=int)
@with_settings
def diff(settings: Settings, name: str, a: int, b: int) -> None:
    """Show what version B has differently from version A."""
    with settings.memory() as memory:
        found = memory.prompts.diff(name, a, b)
    if settings.as_json:
        print_json({"diff": found})
    else:
        print_lines(_lines(found))


@prompts.command(
    examples=[
        "triplemem -n acme prompts optimize support feedback.jsonl --dry-run",
        "triplemem -n acme prompts optimize support feedback.jsonl --evaluate 'python score.py' --samples 5",
    ]
)
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--kind", type=click.Choice(KINDS), default="gradient", show_default=True, help="Which optimizer.")
@click.option("--evaluate", metavar="COMMAND", help="Scores a prompt: text in, a number as its last line out.")
@click.option("--samples", type=int, default=1, show_default=True, help="How often each of both is scored.")
@click.option("--dry-run", is_flag=True, help="Show the proposal, and keep nothing; the model is asked.")
@with_settings
def optimize(
    settings: Settings, name: str, file: Path, kind: Any, evaluate: str | None, samples: int, dry_run: bool
) -> None:
    """Let the model propose how to change a prompt.

    FILE has a trajectory a line: {"messages": [...], "feedback": "...", "score": 0.5, "edited": "..."}, all but the
    messages optional; "-" is standard input. Nothing changes before you `accept` the proposal; with --evaluate it is
    accepted unless it scores worse: with one sample lower, with more lower by more than chance (a one-sided Welch
    t-test at 0.1). COMMAND is run without a shell.
    """
    from triplemem.cli.files import decoded
    from triplemem.cli.scoring import by_command
    from triplemem.core.trajectories import read_trajectories
    from triplemem.errors import InvalidInput

    what = "standard input" if str(file) == "-" else repr(str(file))
    text = decoded(sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes(), what)
    try:
        given = read_trajectories(text.split("\n"))
    except InvalidInput as error:
        raise InvalidInput(f"{what}: {error}") from error
    gate = None if evaluate is None else by_command(evaluate)
    with settings.memory() as memory:
        proposal = memory.prompts.optimize(name, given, kind=kind, evaluate=gate, samples=samples, dry_run=dry_run)
    if settings.as_json:
        print_json(proposal)
        return
    print_lines(_lines(proposal.diff))
    for reason in proposal.reasons:
        note(f"reason: {reason}")
    if proposal.score_before is not None and proposal.score_after is not None:
        note(f"scores: {proposal.score_before:g} before, {proposal.score_after:g} after")
    if proposal.state == "unchanged":
        note("there is nothing to learn")
    elif proposal.state == "accepted":
        note(f"proposal {proposal.id} was accepted")
    elif proposal.state == "worse":
        note(f"proposal {proposal.id} scores worse: nothing changed")
    else:
        kept = "nothing was kept" if dry_run else f"proposal {proposal.id}: `triplemem prompts accept {proposal.id}`"
        note(kept)


@prompts.command()
@click.argument("name")
@click.option("--state", type=click.Choice(STATES), help="Only those of this state.")
@with_settings
def proposals(settings: Settings, name: str, state: Any) -> None:
    """List what was proposed for a prompt."""
    with settings.memory() as memory:
        found = memory.prompts.proposals(name, state=state)
    _print_proposals(settings, found)


def _print_proposals(settings: Settings, found: list[Proposal] | Proposal) -> None:
    if settings.as_json:
        print_json(found)
        return
    rows = [
        (
            one.id,
            one.state,
            one.base_version,
            len(one.changes),
            one.score_before,
            one.score_after,
            "; ".join(one.reasons),
        )
        for one in (found if isinstance(found, list) else [found])
    ]
    print_table(PROPOSALS, rows, nothing="no proposals")


@prompts.command()
@click.argument("proposal")
@with_settings
def accept(settings: Settings, proposal: str) -> None:
    """Make a proposal the next version of its prompt.

    It has to be of the version that the prompt still has.
    """
    with settings.memory() as memory:
        _print(settings, memory.prompts.accept(proposal))


@prompts.command()
@click.argument("proposal")
@reason_option
@with_settings
def reject(settings: Settings, proposal: str, reason: str | None) -> None:
    """Reject a proposal.

    What it would add is not proposed for this prompt again, until you `allow` its tombstone.
    """
    with settings.memory() as memory:
        _print_proposals(settings, memory.prompts.reject(proposal, reason=reason))


@prompts.command(examples=['triplemem -n acme prompts rollback support --to 2 --reason "too wordy"'])
@click.argument("name")
@click.option("--to", type=int, required=True, metavar="N", help="The version to return to.")
@reason_option
@with_settings
def rollback(settings: Settings, name: str, to: int, reason: str | None) -> None:
    """Return to an earlier version, by a new one that says so."""
    with settings.memory() as memory:
        _print(settings, memory.prompts.rollback(name, to=to, reason=reason))


@prompts.command(examples=['triplemem -n acme prompts render support company=Acme --query "I want a refund"'])
@click.argument("name")
@click.argument("variables", nargs=-1, metavar="[VARIABLE=VALUE]...")
@click.option("--query", metavar="TEXT", help="What is asked: rules with a condition that it resembles apply too.")
@click.option("--max-tokens", type=int, metavar="N", help="Leave out rules that there is no room for.")
@click.option("--version", type=int, metavar="N", help="This version.  [the latest]")
@as_of_options
@with_settings
def render(settings: Settings, name: str, variables: tuple[str, ...], **asked: Any) -> None:
    """Print a prompt as a model is given it."""
    pairs = [one.partition("=") for one in variables]
    if wrong := next((one[0] for one in pairs if not one[1]), None):
        raise click.UsageError(f"write a variable as {wrong}=VALUE")
    with settings.memory() as memory:
        found = memory.prompts.render(name, {key: value for key, _, value in pairs}, **asked)
    if settings.as_json:
        print_json({"text": found})
    else:
        _print_text(found)


def _print_text(text: str) -> None:
    """A text as it is, and on a terminal without what that could obey."""
    if on_terminal():
        print_lines((without_controls(line), "") for line in text.split("\n"))
    else:
        click.echo(text)
