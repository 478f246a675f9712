"""What is left to be read: `process`, once or for as long as one watches, and `jobs`."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from triplemem.cli.add import COLUMNS, refusal_text, usage_rows
from triplemem.cli.common import PENDING, Command, HungUp, Settings, leave, with_settings
from triplemem.cli.output import note, print_json, print_table

if TYPE_CHECKING:
    from triplemem.types import Claim, End, ProcessResult, Retraction

GRACE = 10.0
"""Seconds for which a call of a model that is under way is waited for when one is asked to stop."""
LEFT = "warning: jobs are pending or failed; `triplemem jobs` lists them"


@click.command(
    cls=Command,
    examples=[
        "triplemem -n acme/users/ann process --max-calls 100",
        "triplemem -n acme/users/ann process --watch --pause 60",
        "triplemem -n acme/users/ann process --again --since 2026-01-01 --dry-run",
    ],
)
@click.option("--limit", type=int, metavar="N", help="At most so many jobs.  [all that are due]")
@click.option("--max-calls", type=int, metavar="N", help="Begin no call of a model after so many.")
@click.option("--max-tokens", type=int, metavar="N", help="Begin no call of a model once so many tokens are used.")
@click.option("--watch", is_flag=True, help="Go on: read what is added, by whomever, until Ctrl-C or a limit.")
@click.option(
    "--pause", type=float, metavar="SECONDS", help="With --watch: read a conversation once it is silent so long.  [20]"
)
@click.option(
    "--longest", type=float, metavar="SECONDS", help="With --watch: let no message wait for longer than this.  [300]"
)
@click.option("--again", is_flag=True, help="Read the kept messages again, with today's prompt, model or grammar.")
@click.option("--since", metavar="TIME", help="With --again: only messages said from this time on.")
@click.option("--dry-run", is_flag=True, help="With --again: show what would change; the model is asked.")
@click.option("--batch", is_flag=True, help="At half the price, within a day: collect answers, hand in the rest.")
@with_settings
def process(
    settings: Settings,
    limit: int | None,
    max_calls: int | None,
    max_tokens: int | None,
    watch: bool,
    pause: float | None,
    longest: float | None,
    again: bool,
    since: str | None,
    dry_run: bool,
    batch: bool,
) -> None:
    """Do the jobs that are due.

    They are the messages that were not read yet, and those whose reading failed. What a spending limit leaves stays
    pending. With --watch, each round of reading is printed as it is done, with --json on a line of its own; Ctrl-C and
    SIGTERM end it after the call that is under way. Several processes may watch one store.

    With --again, what a message states by today's reading takes the place of what it stated before: the rows "added"
    and "gone" say what. What is said as before stands untouched, and so does what people corrected. A run that was
    interrupted goes on with the next --again, or with a plain `process`.

    With --batch, what is due is handed in to the model's server as one batch; a later --batch, of any process, collects
    the answers once they are there. Until then, for 26 hours at most, its jobs are pending and nobody else reads them.
    """
    if watch:
        if limit is not None or again or batch:
            raise click.UsageError("--limit, --again and --batch are not for --watch, which reads whatever comes")
        _watch(settings, pause, longest, max_calls, max_tokens)
        return
    if pause is not None or longest is not None:
        raise click.UsageError("--pause and --longest are for --watch")
    if not again and (since is not None or dry_run):
        raise click.UsageError("--since and --dry-run are for --again")
    if batch and (dry_run or max_tokens is not None):
        raise click.UsageError("--batch takes --max-calls alone, and no --dry-run")
    with settings.memory() as memory:
        result = memory.process(
            limit=limit,
            max_calls=max_calls,
            max_tokens=max_tokens,
            again=again,
            since=since,
            dry_run=dry_run,
            batch=batch,
        )
        undone = result.pending > 0 or bool(memory.jobs(state="failed"))
    _show(settings, result, again=again)
    if result.stopped is not None:
        note(f"stopped: {result.stopped}")
    if result.failed or undone:
        note(LEFT)
        leave(PENDING)


def _show(settings: Settings, result: ProcessResult, *, one_of_many: bool = False, again: bool = False) -> None:
    if settings.as_json:
        print_json(result, line=one_of_many)
        return
    counts = [(name, "", str(getattr(result, name))) for name in ("done", "failed", "pending")]
    if result.submitted:
        counts.append(("handed in", "", str(result.submitted)))
    told = ("ended",) if again else ("added", "ended")
    facts = [(name, fact.id, fact.text) for name in told for fact in getattr(result, name)]
    if again:
        made = [("added", one.fact_id, evidence_text(one)) for one in result.made]
        facts = [*made, *(("gone", one.fact_id, evidence_text(one)) for one in result.gone), *facts]
    refused = [("refused", "", refusal_text(refusal)) for refusal in result.refused]
    print_table(COLUMNS, [*counts, *facts, *refused, *usage_rows(result.usage)])


def evidence_text(one: Claim | End | Retraction) -> str:
    """What a message states, or no longer does, and where it says so."""
    said = getattr(one, "said", None)
    if said is None:
        return f"{type(one).__name__.lower()} of {one.fact_id}, {one.episode_id}"
    stated = ("valid_from", "valid_to", "during", "observed_at")
    times = [f"{name.replace('_', ' ')} {value}" for name in stated if (value := getattr(said, name)) is not None]
    more = [*times, *(["ended"] if said.ended else []), str(one.episode_id)]
    return f"{said.subject} {said.predicate} {said.object} ({', '.join(more)})"


def _watch(
    settings: Settings, pause: float | None, longest: float | None, max_calls: int | None, max_tokens: int | None
) -> None:
    """Read until somebody says stop, or a limit is reached."""
    from triplemem.types import Background

    stop, unheard = threading.Event(), threading.Event()

    def shown(result: ProcessResult) -> None:
        try:
            _show(settings, result, one_of_many=True)
            sys.stdout.flush()
        except BrokenPipeError:  # nobody reads our output any more; the thread of the command says so
            unheard.set()
            stop.set()

    usual = Background()
    background = Background(
        pause=usual.pause if pause is None else pause,
        longest=usual.longest if longest is None else longest,
        max_calls=max_calls,
        max_tokens=max_tokens,
        on_result=shown,
        on_trouble=lambda trouble: note(f"warning: {trouble}"),
    )
    with _until_signalled(stop), settings.store(background) as (store, memory):
        worker = store.worker
        assert worker is not None
        note("watching; Ctrl-C ends it")
        while not stop.is_set() and not worker.ended.wait(0.2):
            pass
        worker.stop(GRACE, drain=False)
        if unheard.is_set():
            raise HungUp
        left = memory.jobs(state="pending") or memory.jobs(state="failed")
    if left:
        note(LEFT)
        leave(PENDING)


@contextmanager
def _until_signalled(stop: threading.Event) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM ask for the end; a second one does not wait for it."""

    def asked(number: int, frame: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    before = {number: signal.signal(number, asked) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@click.command(cls=Command)
@click.option("--state", type=click.Choice(["pending", "done", "failed"]), help="Only jobs in this state.")
@with_settings
def jobs(settings: Settings, state: Any) -> None:
    """List the jobs, done or still to do.

    A job is the reading of one message.
    """
    with settings.memory() as memory:
        found = memory.jobs(state=state)
    if settings.as_json:
        print_json(found)
        return
    columns = ("id", "state", "attempts", "episode", "not before", "error")
    rows = ((job.id, job.state, job.attempts, job.episode_id, job.not_before, job.error) for job in found)
    print_table(columns, rows, nothing="no jobs")
