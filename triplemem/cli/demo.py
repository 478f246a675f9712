"""`demo`: a small team over a year, from a shipped chat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import quote

import click

from triplemem.cli.common import Command, Settings, with_settings
from triplemem.cli.output import print_json, print_lines
from triplemem.errors import InvalidInput

if TYPE_CHECKING:
    from triplemem.cli.story import Belief, Story, Told
    from triplemem.types import Explanation, Fact

Line = tuple[str, str]
HEADING, GOOD, GONE, SAID, QUIET = "bold cyan", "green", "yellow", "italic", "dim"


@click.command(cls=Command)
@click.option("--keep", type=click.Path(path_type=Path), metavar="FILE", help="Keep the store in this new file.")
@with_settings
def demo(settings: Settings, keep: Path | None) -> None:
    """Tell the story of a small team over a year.

    A shipped chat is read into a temporary store, which then says what is true now, what was true then, what was
    believed then, and why; and is corrected.
    """
    if keep is not None and keep.exists():
        raise InvalidInput(f"{str(keep)!r} exists already: name a new file")
    with TemporaryDirectory(prefix="triplemem-") as folder:
        story = _told_in(keep or Path(folder) / "demo.db")
    if settings.as_json:
        print_json(story)
    else:
        print_lines(lines(story, keep))


def _told_in(file: Path) -> Story:
    from triplemem.cli.story import MARCH, NAMESPACE, Clock, tell
    from triplemem.compose import connect

    clock = Clock(MARCH)
    with closing(connect(_url(file.absolute()), extractor="grammar", clock=clock)) as store:
        return tell(store.memory(NAMESPACE), clock)


def _url(file: Path) -> str:
    return f"sqlite:///{quote(file.as_posix(), safe='/:')}"


def lines(story: Story, keep: Path | None) -> Iterator[Line]:
    """What the demo prints, each line with its style on a terminal."""
    from triplemem.cli.story import CONTEXT_TOKENS, MARCH, NAMESPACE, QUESTION

    yield (
        f"A team chats for a year: {story.messages} messages in {story.sessions} sessions, "
        f"{story.since.date()} to {story.until.date()}.",
        "bold",
    )
    yield (
        f"The built-in grammar read {story.facts} facts in them, and {len(story.changes)} changes: no model, no key.",
        "",
    )
    yield from _section(f"What is true now, on {story.until.date()}", "facts", story.now)
    yield from _section(f"What was true then, on {MARCH.date()}", f"facts --as-of {MARCH.date()}", story.march)
    yield from _late(story.late)
    yield from _why(story)
    yield from _corrections(story)
    yield from _heading(f"What a prompt is given, in {CONTEXT_TOKENS} tokens", f'context "{QUESTION}"')
    yield from ((f"  {line}", "") for line in story.context.splitlines())
    if keep is not None:
        yield ("", "")
        yield (f"Kept: triplemem --url {_url(keep)} -n {NAMESPACE} history", QUIET)


def _heading(title: str, command: str) -> Iterator[Line]:
    yield ("", "")
    yield (title, HEADING)
    yield (f"  as in: triplemem {command}", QUIET)


def _section(title: str, command: str, facts: Iterable[Told]) -> Iterator[Line]:
    yield from _heading(title, command)
    yield from ((f"  {one.line}", GOOD if one.fact.state == "current" else GONE) for one in facts)


def _late(beliefs: list[Belief]) -> Iterator[Line]:
    from triplemem.cli.story import MARCH

    yield from _heading(
        f"What we believed then, on {MARCH.date()}", f"facts --as-of {MARCH.date()} --known-at {MARCH.date()}"
    )
    for one in beliefs:
        yield from ((f"  {wrong.line}", GONE) for wrong in one.believed)
        yield (f"  (but {one.true.line}, as somebody told us on {one.learned.date()})", QUIET)


def _why(story: Story) -> Iterator[Line]:
    yield from _heading(f"Why we believe that {story.why.fact.text}", "explain --subject Bob --predicate leads")
    yield from _quotes(story.why)
    yield from ((f"  which ended: {one.line}", GONE) for one in story.before)


def _quotes(why: Explanation) -> Iterator[Line]:
    from triplemem.core.render import episode_line

    said = {episode.id: episode for episode in why.episodes}
    for claim in why.claims:
        one = said[claim.episode_id]
        yield (f"  {episode_line(one.speaker, one.role, one.occurred_at, claim.quote or one.text)}", SAID)


def _corrections(story: Story) -> Iterator[Line]:
    again = ", ".join(one.line for one in story.again)
    yield from _heading("What was wrong can be taken back, and kept out", "retract, triplemem reject")
    yield from _quotes(story.joke)
    yield (f"  it was a joke; retract it, and again {again}", GOOD)
    yield (f"  Emil repeats it; reject it, and again {_all(story.rejected.reopened)}", GOOD)
    for refusal in story.refused:
        yield (f"  Noor repeats it: refused ({refusal.reason})", GONE)


def _all(facts: Iterable[Fact]) -> str:
    return ", ".join(fact.text for fact in facts) or "nothing"
