"""Writing: `add`, and the jobs that are left to do, `process` and `jobs`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from triplemem.cli.common import PENDING, Command, Settings, leave, with_settings
from triplemem.cli.output import count, note, print_json, print_table
from triplemem.errors import InvalidInput

if TYPE_CHECKING:
    from triplemem.cli.files import Read
    from triplemem.memory import Memory
    from triplemem.types import AddResult, Fact, Refusal, Usage

BATCH = 500
COLUMNS = ("what", "id", "text")


@click.command(
    cls=Command,
    examples=[
        'triplemem -n acme/users/ann add "I moved to Lyon." --speaker Ann',
        "triplemem -n acme/team add chat.jsonl notes.md",
        'echo "Bob now leads ML." | triplemem -n acme/team add -',
    ],
)
@click.argument("sources", metavar="[TEXT|FILE]...", nargs=-1, required=True)
@click.option("--speaker", metavar="NAME", help='Who said it; "I" is this person.')
@click.option(
    "--role", metavar="ROLE", help="user, assistant, document, tool or system.  [user; of .md files document]"
)
@click.option("--session", metavar="SESSION", help="The conversation that it is part of.")
@click.option("--occurred-at", metavar="TIME", help="When it was said: an ISO date, or a time with its offset.  [now]")
@click.option("--source-id", metavar="ID", help="A name for one message: the same id with another text revises it.")
@click.option("--no-wait", is_flag=True, help="Store only; `triplemem process` reads it later.")
@with_settings
def add(
    settings: Settings,
    sources: tuple[str, ...],
    source_id: str | None,
    no_wait: bool,
    **defaults: str | None,
) -> None:
    """Store messages, and write what they state as facts.

    An argument that is a file is read: of .txt and .jsonl a message a line, of .md a message a section, of a .txt with
    --role document a message a paragraph. "-" is standard input, as one message. Anything else is a text. A line of
    .jsonl has "text" or "content", and may have "speaker", "role", "occurred_at", "session", "source_id" and
    "metadata"; a line of .txt may begin with its speaker, as in "Ann: hello". Adding a file again, or when it has
    grown, is a no-op for what was read.
    """
    messages = list(_messages(sources, source_id, defaults["role"]))
    with settings.memory() as memory:
        result = combined(_added(memory, messages, defaults, wait=not no_wait))
    if settings.as_json:
        print_json(result)
    else:
        print_table(COLUMNS, _rows(result, len(messages)))
    if result.jobs:
        note(f"warning: {count(len(result.jobs), 'job')} pending or failed; `triplemem process` does what is due")
        leave(PENDING)


# --- what to add --------------------------------------------------------------------------------------------------


def _messages(sources: tuple[str, ...], source_id: str | None, role: str | None) -> Iterator[Read]:
    from triplemem.cli.files import Read, decoded, read_file

    paths = {source: path for source in sources if (path := _path(source)) is not None}
    if source_id is not None and (paths or len(sources) > 1):
        raise click.UsageError("--source-id names one message: give one text, and no file")
    for source in sources:
        if source == "-":
            text = decoded(sys.stdin.buffer.read(), "standard input")
            yield Read(text.strip(), source_id=source_id)
        elif source in paths:
            yield from read_file(paths[source], document=role == "document")
        else:
            yield Read(source, source_id=source_id)


def _path(source: str) -> Path | None:
    """The file that an argument names; None for a text. What looks like a path but is none is an error."""
    from triplemem.cli.files import ENDINGS

    if source == "-" or not source.strip():
        return None  # of an empty text the memory says that it is empty
    path = Path(source)
    known = path.suffix.lower() in ENDINGS
    if not _exists(path):
        if known or _looks_like_a_path(source):
            raise InvalidInput(f"there is no file {source!r}; to add it as a text, pipe it: echo … | triplemem add -")
        return None
    if path.is_dir():
        raise InvalidInput(f"{source!r} is a directory: name the files in it, such as {source}/*.md")
    if not known:
        raise InvalidInput(
            f"{source!r} is a file that is not one of {', '.join(ENDINGS)}; pipe it: triplemem add - < FILE"
        )
    return path


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # too long a name, or a character that no name has: a text
        return False


def _looks_like_a_path(source: str) -> bool:
    """A separator makes a path of one word; of a sentence ("24/7 on call") only where it begins like a path."""
    separators = {"/", os.sep, os.altsep or os.sep}
    if not separators & set(source):
        return False
    begins = tuple(start + separator for separator in separators for start in ("", ".", "..", "~"))
    return not any(char.isspace() for char in source) or source.startswith(begins)


# --- adding it ----------------------------------------------------------------------------------------------------


def _added(memory: Memory, reads: list[Read], defaults: dict[str, str | None], *, wait: bool) -> Iterator[AddResult]:
    done = told = 0
    for session, batch in _batches(reads, defaults["session"]):
        messages = [read.message(speaker=defaults["speaker"], role=defaults["role"]) for read in batch]
        yield memory.add(messages, session=session, occurred_at=defaults["occurred_at"], wait=wait)
        done += len(batch)
        if len(reads) > BATCH and (done - told >= BATCH or done == len(reads)):
            note(f"{done} of {len(reads)} messages")
            told = done


def _batches(reads: Iterable[Read], session: str | None) -> Iterator[tuple[str | None, list[Read]]]:
    for name, group in groupby(reads, key=lambda read: read.session or session):
        while batch := list(islice(group, BATCH)):
            yield name, batch


def combined(results: Iterable[AddResult]) -> AddResult:
    """Several results as one: facts as they are after the last, each under what became of it in all."""
    from triplemem.types import AddResult

    whole = AddResult()
    latest: dict[str, Fact] = {}
    added: dict[str, None] = {}
    confirmed: dict[str, None] = {}
    turned: dict[str, str] = {}
    usage = whole.usage
    for result in results:
        whole.episodes.extend(result.episodes)
        whole.refused.extend(result.refused)
        whole.jobs.extend(result.jobs)
        usage = usage + result.usage
        for fact in (*result.added, *result.confirmed, *result.ended, *result.reopened):
            latest[fact.id] = fact
        added.update(dict.fromkeys(fact.id for fact in result.added))
        confirmed.update(dict.fromkeys(fact.id for fact in result.confirmed))
        for how, facts in (("ended", result.ended), ("reopened", result.reopened)):
            for fact in facts:
                if turned.pop(fact.id, how) == how and fact.id not in added:  # there and back again is no change
                    turned[fact.id] = how
    return AddResult(
        whole.episodes,
        [latest[key] for key in added],
        [latest[key] for key in confirmed if key not in added],
        [latest[key] for key, how in turned.items() if how == "ended"],
        [latest[key] for key, how in turned.items() if how == "reopened"],
        whole.refused,
        whole.jobs,
        usage,
    )


def _rows(result: AddResult, messages: int) -> Iterator[tuple[str, str, str]]:
    yield ("read", "", count(messages, "message"))
    for name in ("added", "confirmed", "ended", "reopened"):
        yield from ((name, fact.id, fact.text) for fact in getattr(result, name))
    yield from (("refused", "", refusal_text(refusal)) for refusal in result.refused)
    yield from ((job.state, job.id, job.error or "") for job in result.jobs)
    yield from usage_rows(result.usage)


def usage_rows(usage: Usage) -> Iterator[tuple[str, str, str]]:
    """What calls of a model took, if any were made."""
    if usage.calls:
        tokens = f"{usage.input_tokens} fresh, {usage.cache_write_tokens} written to the cache, "
        tokens += f"{usage.cache_read_tokens} read from it, {usage.output_tokens} answered"
        batch = f", {usage.batch_calls} of them at the batch price" if usage.batch_calls else ""
        yield ("used", "", f"{count(usage.calls, 'call')}{batch}; tokens: {tokens}")


def refusal_text(refusal: Refusal) -> str:
    """What was refused, and why."""
    said = refusal.triplet
    what = f"{said.subject} {said.predicate} {said.object}: " if said else ""
    return f"{what}{refusal.reason}" + (f", {refusal.detail}" if refusal.detail else "")
