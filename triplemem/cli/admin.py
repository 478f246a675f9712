"""`admin`: the store as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from triplemem.cli.common import Group, Settings, confirm, leave, with_settings, yes_option
from triplemem.cli.output import jsonable, note, print_json, print_table


@click.group(cls=Group)
def admin() -> None:
    """Look after the store as a whole."""


@admin.command()
@with_settings
def init(settings: Settings) -> None:
    """Make the store ready, or bring an older one up to date."""
    with settings.admin() as store:
        store.init()
        figures = store.stats()
    if settings.as_json:
        print_json(figures)
    else:
        note("the store is ready")


@admin.command()
@click.argument("prefix", required=False)
@with_settings
def namespaces(settings: Settings, prefix: str | None) -> None:
    """List the namespaces, or those below PREFIX, such as acme/users."""
    from triplemem.core.namespaces import parse, path

    with settings.admin() as store:
        found = store.namespaces(() if prefix is None else parse(prefix))
    paths = [path(one) for one in found]
    if settings.as_json:
        print_json(paths)
    else:
        print_table(("namespace",), [(one,) for one in paths], nothing="no namespaces")


@admin.command()
@with_settings
def stats(settings: Settings) -> None:
    """Show how much the store holds."""
    with settings.admin() as store:
        figures = jsonable(store.stats())
    if settings.as_json:
        print_json(figures)
    else:
        print_table(("what", "value"), _flat(figures))


def _flat(figures: Any, path: str = "") -> list[tuple[str, Any]]:
    if isinstance(figures, dict):
        inner = [_flat(value, f"{path}.{name}" if path else name) for name, value in figures.items()]
        return [row for rows in inner for row in rows]
    return [(path, ", ".join(map(str, figures)) if isinstance(figures, list) else figures)]


@admin.command()
@with_settings
def check(settings: Settings) -> None:
    """List what differs from what the claims say.

    Everything is derived anew and compared; nothing is written. Finding something exits with 1.
    """
    with settings.admin() as store:
        found = store.check()
    if settings.as_json:
        print_json(found)
    else:
        print_table(("difference",), [(one,) for one in found], nothing="the store is sound")
    if found:
        note(f"{len(found)} differences: `triplemem admin rebuild` derives everything anew")
        leave(1)


@admin.command()
@click.argument("namespace", required=False)
@click.option("--embeddings", is_flag=True, help="The vectors of the whole store instead; close other programs first.")
@click.option(
    "--embedder", metavar="NAME", help="With --embeddings: static, or sentence-transformers:NAME.  [the store's]"
)
@with_settings
def rebuild(settings: Settings, namespace: str | None, embeddings: bool, embedder: str | None) -> None:
    """Derive everything anew from the claims.

    It does so for one NAMESPACE, or for all. With --embeddings it makes vectors: all of them anew if they are of
    another embedder, else those that are missing. Broken off, it goes on where it was when it is run again.
    """
    if embedder is not None and not embeddings:
        raise click.UsageError("--embedder is for --embeddings")
    with settings.admin(embedder) as store:
        done: Any = store.rebuild(namespace, embeddings=embeddings, progress=_progress if embeddings else None)
    if settings.as_json:
        print_json({"rebuilt": namespace or "everything"} if done is None else done)
    else:
        note("the vectors are complete" if embeddings else f"rebuilt {namespace or 'everything'}")


def _progress(done: int, of: int) -> None:
    note(f"{done:,} of {of:,} vectors")


@admin.command(examples=["triplemem admin erase acme/users --subtree"])
@click.argument("namespace")
@click.option("--subtree", is_flag=True, help="Also every namespace below it.")
@yes_option
@with_settings
def erase(settings: Settings, namespace: str, subtree: bool, yes: bool) -> None:
    """Erase a whole namespace, evidence and all."""
    from triplemem.core.namespaces import parse, path

    with settings.admin() as store:
        if not yes:
            below = store.namespaces(parse(namespace))
            for one in [one for one in below if subtree or one == parse(namespace)]:
                note(f"namespace {path(one)}")
            confirm("Erase this for good?")
        done: Any = store.erase_namespace(namespace, subtree=subtree)
    if settings.as_json:
        print_json({"erased": namespace} if done is None else done)
    else:
        note(f"erased {namespace}" + (" and all below it" if subtree else ""))


@admin.command()
@click.argument("file", type=click.Path(path_type=Path))
@with_settings
def backup(settings: Settings, file: Path) -> None:
    """Copy the store to a new file.

    Others may write to it meanwhile.
    """
    with settings.admin() as store:
        store.backup(file)
    if settings.as_json:
        print_json({"path": str(file)})
    else:
        note(f"copied to {file}")
