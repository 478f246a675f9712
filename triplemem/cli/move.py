"""Moving: `export` and `import`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from triplemem.cli.common import HELD, Command, Failure, Settings, with_settings
from triplemem.cli.output import note, print_json
from triplemem.errors import TriplememError


@click.command(cls=Command, examples=["triplemem -n acme/team export team.jsonl"])
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@with_settings
def export(settings: Settings, file: Path) -> None:
    """Write everything of a namespace to a file.

    The file is JSON Lines; nothing is lost, corrections and recorded times included. "-" is standard output.
    """
    with settings.memory() as memory:
        if str(file) != "-":
            memory.export(file)
        else:
            with _scratch("standard output") as path:
                memory.export(path)
                with path.open(encoding="utf-8") as lines:
                    sys.stdout.writelines(lines)
            return
    if settings.as_json:
        print_json({"path": str(file)})
    else:
        note(f"exported to {file}")


@click.command("import", cls=Command, examples=["triplemem -n acme/archive import team.jsonl"])
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@with_settings
def import_(settings: Settings, file: Path) -> None:
    """Read an exported file into a namespace.

    All of it is read or nothing, and a second time changes nothing. "-" is standard input. What either side rejected or
    erased stays so.
    """
    with settings.memory() as memory:
        if str(file) != "-":
            pending = memory.import_(file)
        else:
            with _scratch("standard input") as path:
                path.write_bytes(sys.stdin.buffer.read())
                pending = memory.import_(path)
    if settings.as_json:
        print_json({"path": str(file), "pending": pending})
        return
    note(f"imported {file}")
    if pending:
        note(HELD)


@contextmanager
def _scratch(called: str) -> Iterator[Path]:
    """A file that is gone afterwards; errors name what it stands for."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="triplemem-") as folder:
        path = Path(folder) / "moved.jsonl"
        try:
            yield path
        except TriplememError as error:
            raise Failure(str(error).replace(repr(str(path)), called)) from error
