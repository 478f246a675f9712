"""`cypher`: a question to a Neo4j store, which reads and does nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from triplemem import config
from triplemem.cli.common import NO_NAMESPACE, Command, Settings, given_text, with_settings
from triplemem.cli.output import note, print_json, print_table

if TYPE_CHECKING:
    from triplemem.core.answers import Answer


@click.command(
    cls=Command,
    examples=[
        "triplemem -n acme/team cypher 'MATCH (e:Entity {namespace: $namespace}) RETURN e.kind, count(*)'",
        "triplemem -n acme/team cypher - --param name='\"Bob\"' < history.cypher",
    ],
)
@click.argument("query")
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE", help="A parameter of the query, as JSON.")
@click.option("--limit", type=int, default=1000, show_default=True, metavar="N", help="At most so many rows.")
@click.option(
    "--timeout", type=float, default=30, show_default=True, metavar="SECONDS", help="Then the server ends it."
)
@click.option("--all-namespaces", is_flag=True, help="Run a query that does not use $namespace, too.")
@with_settings
def cypher(
    settings: Settings, query: str, params: tuple[str, ...], limit: int, timeout: float, all_namespaces: bool
) -> None:
    """Ask a Neo4j store a question in Cypher.

    "-" is standard input. Only what reads is run: the server's plan is judged first, and whatever would write, load a
    file, list or end what others do, or call a procedure that is not known to read, is refused. $namespace is the
    namespace, $now the time, in microseconds since 1970 as everywhere in the graph.

    A query sees the whole database unless it filters: Neo4j Community has no permissions by row. So one that does not
    use $namespace is refused, unless --all-namespaces is given; that it filters by it is up to you.
    """
    namespace = config.namespace() if settings.namespace is None else settings.namespace
    if namespace is None and not all_namespaces:
        raise click.UsageError(NO_NAMESPACE)
    text = given_text(query)
    with settings.admin() as admin:
        answer = admin.cypher(
            text,
            dict(_parameter(one) for one in params),
            namespace=namespace,
            limit=limit,
            timeout=timeout,
            all_namespaces=all_namespaces,
        )
    _print(settings, answer)
    if answer.more:
        note(f"these are the first {limit} rows; --limit gives more")


def _parameter(given: str) -> tuple[str, Any]:
    name, found, value = given.partition("=")
    if not found or not name.strip():
        raise click.UsageError(f"--param is NAME=VALUE, not {given!r}")
    try:
        return name.strip().removeprefix("$"), json.loads(value)
    except ValueError:
        text = json.dumps(value, ensure_ascii=False)
        raise click.UsageError(
            f"the value of {name.strip()!r} is no JSON: a text needs quotes, {name}='{text}'"
        ) from None


def _print(settings: Settings, answer: Answer) -> None:
    from triplemem.core.answers import in_json, shown

    if settings.as_json:
        print_json([dict(zip(answer.columns, in_json(row), strict=True)) for row in answer.rows])
    else:
        print_table(answer.columns, [[shown(value) for value in row] for row in answer.rows], nothing="no rows")
