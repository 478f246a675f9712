"""The statements of the Neo4j store, one a file in ``cypher/``; several a file in its schema."""

from __future__ import annotations

import re
from functools import cache

from triplemem.resources import cypher_folder


@cache
def cypher(name: str) -> str:
    """The statement of this name, ``read/facts`` for ``cypher/read/facts.cypher``."""
    return (cypher_folder() / f"{name}.cypher").read_text(encoding="utf-8")


@cache
def packed(name: str) -> str:
    """The statement with its parameters as entries of one map, ``$p``.

    The server keeps a plan for each combination of the types and sizes of a statement's parameters, so that lists of
    other lengths would be planned anew (measured: 40 ms and more each time); of a map there is one.
    """
    lines = (line for line in cypher(name).splitlines() if not line.startswith("//"))
    return re.sub(r"\$(?=[a-z])", "$p.", "\n".join(lines))


@cache
def script(name: str) -> tuple[str, ...]:
    """The statements of a file that has several, each ended by a semicolon at the end of a line."""
    lines = [line for line in cypher(name).splitlines() if not line.startswith("//")]
    return tuple(one.strip() for one in re.split(r";\s*$", "\n".join(lines), flags=re.MULTILINE) if one.strip())
