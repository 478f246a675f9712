"""Moving: `export`, `import`, and `cypher`, which an embedded store does not speak."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from triplemem import config
from triplemem.cli.common import Command, Settings, with_settings
from triplemem.cli.output import note, print_json
from triplemem.errors import ConfigError


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
            with _scratch() as path:
                memory.export(path)
                sys.stdout.write(path.read_text("utf-8"))
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
            done: Any = memory.import_(file)
        else:
            with _scratch() as path:
                path.write_bytes(sys.stdin.buffer.read())
                done = memory.import_(path)
    if settings.as_json:
        print_json({"path": str(file)} if done is None else done)
    else:
        note(f"imported {file}")


def _scratch() -> Any:
    """A file that is gone afterwards."""
    from contextlib import contextmanager
    from tempfile import TemporaryDirectory

    @contextmanager
    def inside() -> Any:
        with TemporaryDirectory(prefix="triplemem-") as folder:
            yield Path(folder) / "moved.jsonl"

    return inside()


@click.command(cls=Command)
@click.argument("query")
@with_settings
def cypher(settings: Settings, query: str) -> None:
    """Ask a Neo4j store a question in Cypher.

    An embedded store says which commands to use instead.
    """
    url = settings.url or config.url()
    what = "this store is an embedded one" if url.startswith("sqlite:") else "Cypher is not there yet"
    raise ConfigError(
        f"{what} and cannot run {query!r}: ask with `triplemem facts`, `history` or `recall`, or take the graph with "
        "`triplemem graph --graphml FILE`"
    )
