"""`graph`: facts as edges, for a person, for a browser, for Graphviz or for GraphML's tools."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from triplemem.cli.common import Command, Settings, as_of_options, with_settings
from triplemem.cli.output import jsonable, note, plain, print_json, print_table

if TYPE_CHECKING:
    import networkx

FILE = click.Path(path_type=Path, dir_okay=False, allow_dash=True)
EDGES = ("subject", "predicate", "object", "state", "from", "until")


@click.command(
    cls=Command,
    examples=[
        "triplemem -n acme/team graph --center Bob --depth 1",
        "triplemem -n acme/team graph --html team.html",
        "triplemem -n acme/team graph --dot team.dot && dot -Tsvg -O team.dot",
    ],
)
@click.option("--html", type=FILE, metavar="FILE", help='Write a page for a browser; "-" is standard output.')
@click.option("--dot", type=FILE, metavar="FILE", help='Write a file for Graphviz; "-" is standard output.')
@click.option("--graphml", type=FILE, metavar="FILE", help='Write a GraphML file; "-" is standard output.')
@click.option("--include-ended", is_flag=True, help="Also what is over, or yet to begin.")
@click.option("--center", metavar="ENTITY", help="Only what is near this entity (a name, an alias or an id).")
@click.option("--depth", type=int, metavar="N", help="At most so many steps from it.")
@as_of_options
@with_settings
def graph(settings: Settings, html: Path | None, dot: Path | None, graphml: Path | None, **query: Any) -> None:
    """Show who is related to what.

    It prints a line an edge, or writes a file. The page of --html needs no network and no server: a graph with a time
    slider and a search, and behind each fact its evidence. All times are in it, --as-of is where it opens.
    """
    if sum(file is not None for file in (html, dot, graphml)) > 1:
        raise click.UsageError("give one of --html, --dot and --graphml")
    with settings.memory() as memory:
        if html:
            _write(html, memory.page(**query), settings)
            return
        found = memory.graph(**query)
    if dot:
        _write(dot, "\n".join(_dot(found)) + "\n", settings)
    elif graphml:
        _write(graphml, _graphml(found), settings)
    elif settings.as_json:
        nodes = [{"id": node, **data} for node, data in found.nodes(data=True)]
        edges = [{"id": k, "subject": s, "object": o, **data} for s, o, k, data in found.edges(keys=True, data=True)]
        print_json({"nodes": nodes, "edges": edges})
    else:
        print_table(EDGES, _edges(found), nothing="no facts")


def _write(file: Path, text: str, settings: Settings) -> None:
    if str(file) == "-":
        click.echo(text, nl=False)
        return
    from triplemem.resources import replacing

    with replacing(file) as out:
        out.write(text)
    note(f"wrote {file}")
    if settings.as_json:
        print_json({"path": str(file)})


def _edges(found: networkx.MultiDiGraph) -> Iterator[tuple[Any, ...]]:
    names = found.nodes(data="name")
    for subject, object_, data in found.edges(data=True):
        period = (data["valid_from"], data["valid_to"])
        yield (names[subject], data["predicate"], names[object_], data["state"], *period)


def _dot(found: networkx.MultiDiGraph) -> Iterator[str]:
    yield "digraph triplemem {"
    yield "  node [shape=box, style=rounded];"
    for node, data in found.nodes(data=True):
        yield f"  {_quoted(node)} [label={_quoted(data['name'])}];"
    for subject, object_, data in found.edges(data=True):
        style = "" if data["state"] == "current" else ", style=dashed"
        yield f"  {_quoted(subject)} -> {_quoted(object_)} [label={_quoted(data['predicate'])}{style}];"
    yield "}"


def _quoted(text: str) -> str:
    escaped = plain(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _graphml(found: networkx.MultiDiGraph) -> str:
    import networkx

    told = networkx.MultiDiGraph()
    for node, data in found.nodes(data=True):
        told.add_node(node, **_flat(data))
    for subject, object_, key, data in found.edges(keys=True, data=True):
        told.add_edge(subject, object_, key=key, **_flat(data))
    lines: Iterator[str] = networkx.generate_graphml(told)
    return "\n".join(lines) + "\n"


_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _flat(data: dict[str, Any]) -> dict[str, str]:
    """The attributes as GraphML has them: texts, without what is unknown."""
    return {name: _NOT_XML.sub("", _text(value)) for name, value in data.items() if value not in (None, (), [])}


def _text(value: Any) -> str:
    """A value as a text: times as ISO 8601, lists (of aliases, of periods) as JSON."""
    if isinstance(value, datetime):
        return value.isoformat()
    return json.dumps(jsonable(value), ensure_ascii=False) if isinstance(value, list | tuple) else str(value)
