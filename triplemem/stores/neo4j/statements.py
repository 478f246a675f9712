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
def script(name: str) -> tuple[str, ...]:
    """The statements of a file that has several, each ended by a semicolon at the end of a line."""
    lines = [line for line in cypher(name).splitlines() if not line.startswith("//")]
    return tuple(one.strip() for one in re.split(r";\s*$", "\n".join(lines), flags=re.MULTILINE) if one.strip())
