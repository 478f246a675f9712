"""`demo`: a small team over a year, from a shipped chat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from triplemem.cli.common import Command, Settings, with_settings
from triplemem.cli.output import print_json, print_lines
from triplemem.errors import InvalidInput

if TYPE_CHECKING:
    from triplemem.cli.story import Belief, Story, Told
    from triplemem.types import Fact

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
    with closing(connect(f"sqlite:///{file.absolute().as_posix()}", extractor="grammar", clock=clock)) as store:
        return tell(store.memory(NAMESPACE), clock)


def lines(story: Story, keep: Path | None) -> Iterator[Line]:
    """What the demo prints, each line with its style on a terminal."""
    from triplemem.cli.story import MARCH, NAMESPACE, QUESTION

    yield (
        f"A team chats for a year: {story.messages} messages in {story.sessions} sessions, "
        f"{story.since.date()} to {story.until.date()}.",
        "bold",
    )
    yield (
        f"The built-in grammar read {story.facts} facts in them, and {len(story.changes)} changes: no model, no key.",
        "",
    )
    yield from _section(f"What is true now, on {story.until.date()}", story.now)
    yield from _section(f"What was true then, on {MARCH.date()}", story.march)
    yield from _late(story.late)
    yield from _why(story)
    yield from _corrections(story)
    yield ("", "")
    yield (f"What a prompt is given for {QUESTION!r}", HEADING)
    yield from ((f"  {line}", "") for line in story.context.splitlines())
    if keep is not None:
        yield ("", "")
        yield (f"Kept: triplemem --url sqlite:///{keep.as_posix()} -n {NAMESPACE} history", QUIET)


def _section(title: str, facts: Iterable[Told]) -> Iterator[Line]:
    yield ("", "")
    yield (title, HEADING)
    yield from ((f"  {one.line}", GOOD if one.fact.state == "current" else GONE) for one in facts)


def _late(beliefs: list[Belief]) -> Iterator[Line]:
    from triplemem.cli.story import MARCH

    yield ("", "")
    yield (f"What we believed then, on {MARCH.date()}, before somebody told us better", HEADING)
    for one in beliefs:
        for wrong in one.believed:
            yield (f"  {wrong.line}", GONE)
        yield (f"  {one.true.line}, as we learned on {one.learned.date()}", GOOD)


def _why(story: Story) -> Iterator[Line]:
    from triplemem.core.render import episode_line

    yield ("", "")
    yield (f"Why we believe that {story.why.fact.text}", HEADING)
    for one in story.why.episodes:
        yield (f"  {episode_line(one.speaker, one.role, one.occurred_at, one.text)}", SAID)


def _corrections(story: Story) -> Iterator[Line]:
    yield ("", "")
    yield ("A joke got in, so we correct it: what it displaced holds again", HEADING)
    yield (f"  retract: {_what(story.retracted.fact)}; again {_all(story.retracted.reopened)}", GOOD)
    yield (f"  said again, and reject: {_what(story.rejected.fact)}; again {_all(story.rejected.reopened)}", GOOD)
    for refusal in story.refused:
        yield (f"  said once more: refused ({refusal.reason})", GONE)


def _what(fact: Fact | None) -> str:
    return f"{fact.text} is {fact.state}" if fact else "nothing"


def _all(facts: Iterable[Fact]) -> str:
    return ", ".join(fact.text for fact in facts) or "nothing"
