"""The command line: the group of all commands, and the function that the `triplemem` script calls."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import click

from triplemem.cli import (
    add,
    admin,
    browser,
    correct,
    cypher,
    demo,
    erase,
    experiences,
    explain,
    graph,
    move,
    predicates,
    process,
    prompts,
    read,
    rules,
    sessions,
)
from triplemem.cli.common import Group, HungUp

INTERRUPTED = 130


@click.group(
    cls=Group,
    root=True,
    context_settings={"max_content_width": 100},
    examples=[
        "triplemem demo",
        'triplemem -n me add "I live in Lyon." --speaker Ann',
        "triplemem -n me facts",
    ],
)
@click.version_option(package_name="triplemem", message="%(prog)s %(version)s")
def cli() -> None:
    """A memory that knows what is true now, what was true then, and what it believed then.

    The options below may also stand after the command. Results go to standard output, in a pipe as tab-separated lines;
    progress and warnings go to standard error. The exit code is 0 if all is done, 1 after an error, 2 for wrong usage,
    and 3 if all is stored but reading it is still to be done.
    """


def _commands() -> Iterator[click.Command]:
    yield from (add.add, process.process, process.jobs)
    yield from (read.facts, read.history, read.recall, read.context, read.changes, read.entities, read.episodes)
    yield from (explain.explain, erase.erase, graph.graph, predicates.predicates, demo.demo, admin.admin)
    yield from (correct.end, correct.reject, correct.allow, correct.retract, correct.merge, correct.split)
    yield from (prompts.prompts, rules.rules)
    yield from (correct.tombstones, move.export, move.import_, cypher.cypher, browser.browser)
    yield from (sessions.sessions, experiences.experiences)


for _command in _commands():
    cli.add_command(_command)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; nothing that is raised on purpose shows a traceback."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # whoever called has closed it: what is said goes nowhere
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - as long as the process
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):  # not a text stream, or one that is closed
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        code = cli.main(list(sys.argv[1:] if argv is None else argv), "triplemem", standalone_mode=False)
        sys.stdout.flush()
    except click.Abort:
        click.echo(err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (BrokenPipeError, HungUp):
        return _hang_up()
    return code if isinstance(code, int) else 0


def _hang_up() -> int:
    """Let what is left in standard output go nowhere."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
