"""The schema of a database of ours: made where the database is empty, refused where it is not ours or newer."""

from __future__ import annotations

import logging
import time

from triplemem.errors import StoreMismatch, StoreUnavailable
from triplemem.stores.neo4j.server import Server
from triplemem.stores.neo4j.statements import cypher, script

VERSION = 2
VECTORS = frozenset({"triplemem_current_facts", "triplemem_past_facts", "triplemem_episodes"})
"""The indexes of vectors, made when a store is first opened with an embedder."""
WAIT_SECONDS = 600.0
"""For how long an index that still fills is waited for."""
TELL_SECONDS = 3.0
"""How often it is told meanwhile how far the indexes are."""


def version_of(server: Server) -> int:
    """The version of the schema that stands; 0 for an empty database. `StoreMismatch` if it is not ours."""
    found = server.alone(cypher("admin/meta"), key="schema")
    if found:
        return _number(server, str(found[0]["value"]))
    strangers = server.alone(cypher("admin/strangers"))
    if strangers:
        raise _not_ours(server, f"nodes labelled {strangers[0]['label']!r}")
    return 0


def _number(server: Server, stamped: str) -> int:
    if not stamped.isdecimal() or int(stamped) == 0:
        raise _not_ours(server, f"its schema is {stamped!r}")
    return int(stamped)


def _not_ours(server: Server, why: str) -> StoreMismatch:
    return StoreMismatch(
        f"{server.url} holds a graph that is not triplemem's ({why}): name an empty database with database=…, "
        "or --database"
    )


def prepare(server: Server, *, older: bool = False) -> None:
    """Make the schema in an empty database; an older one needs `triplemem admin init`, a newer one is refused.

    ``older``: it is opened to be administered, so that an older one will do.
    """
    there = version_of(server)
    if there > VERSION:
        raise StoreMismatch(f"{server.url} has schema {there}; this triplemem knows up to {VERSION}: upgrade triplemem")
    if there == 0:
        init(server)
    elif there < VERSION and not older:
        raise StoreMismatch(f"{server.url} has schema {there}, older than {VERSION}: run triplemem admin init")


def init(server: Server) -> None:
    """Create or migrate the schema: idempotent, and finished where it was broken off."""
    there = version_of(server)
    if there > VERSION:
        raise StoreMismatch(f"{server.url} has schema {there}; this triplemem knows up to {VERSION}: upgrade triplemem")
    for statement in script("schema"):
        server.alone(statement)
    if 0 < there < VERSION:
        for name in ("admin/free_labels", "admin/free_types"):
            server.alone(cypher(name))
    wait_for_indexes(server)
    server.alone(cypher("admin/restamp"), key="schema", value=str(VERSION))


def make_vectors(server: Server, dimensions: int, *, anew: bool = False) -> None:
    """Make the vector indexes, for embeddings of so many dimensions; with ``anew`` in the place of those there are."""
    if not anew and wait_for_indexes(server) >= VECTORS:
        return
    for statement in script("no_vectors") if anew else ():
        server.alone(statement)
    for statement in script("vectors"):
        server.alone(statement, dimensions=dimensions)
    wait_for_indexes(server)


def wait_for_indexes(server: Server, seconds: float = WAIT_SECONDS) -> set[str]:
    """Wait until every index of ours is populated; their names. `StoreUnavailable` if one failed or takes too long."""
    until, tell = time.monotonic() + seconds, time.monotonic() + TELL_SECONDS
    while True:
        found = server.alone(cypher("admin/indexes"))
        failed = [row["name"] for row in found if row["state"] == "FAILED"]
        if failed:
            raise StoreUnavailable(f"index {failed[0]!r} of {server.url} failed: drop it and run triplemem admin init")
        behind = [row for row in found if row["state"] != "ONLINE"]
        if not behind:
            return {row["name"] for row in found}
        said = ", ".join(f"{row['name']} {row['percent']:.0f} %" for row in behind)
        if time.monotonic() > until:
            raise StoreUnavailable(f"{server.url} still fills its indexes ({said}): try again later")
        if time.monotonic() > tell:
            logging.getLogger("triplemem").warning("waiting: %s fills its indexes (%s)", server.url, said)
            tell = time.monotonic() + TELL_SECONDS
        time.sleep(0.05)
