"""Does a store still hold a word anywhere? Its files are searched, or every property of its part of a graph."""

import os
from pathlib import Path

from triplemem import Memory
from triplemem.stores.neo4j import storage


def store_holds(url: str, word: str) -> bool:
    """Is the word in the store's files, in either encoding, or in its nodes and relationships?"""
    if not url.startswith("sqlite:///"):
        return _graph_holds(url, word)
    files = [file for file in Path(url.removeprefix("sqlite:///")).parent.iterdir() if file.is_file()]
    return any(word.encode(code) in file.read_bytes() for file in files for code in ("utf-8", "utf-16-le"))


def path_of(memory: Memory) -> str:
    """The namespace of a memory as its store has it: what another process opens it by."""
    prefix = getattr(memory._space.engine.storage, "prefix", "")
    return f"{prefix}/{memory._space.path}" if prefix else memory._space.path


def _graph_holds(url: str, word: str) -> bool:
    import neo4j

    auth = os.environ["TRIPLEMEM_USER"], os.environ["TRIPLEMEM_PASSWORD"]
    within = "any(key IN keys(x) WHERE toLower(toStringOrNull(x[key])) CONTAINS toLower($word))"
    asked = f"""
        MATCH (n) WHERE coalesce(n.namespace, n.path) STARTS WITH $corner
        OPTIONAL MATCH (n)-[r]-()
        WITH collect(DISTINCT n) + collect(DISTINCT r) AS everything
        RETURN size([x IN everything WHERE {within}]) AS found"""
    corner = storage.Neo4jStorage.prefix  # type: ignore[attr-defined]
    with neo4j.GraphDatabase.driver(url, auth=auth) as driver, driver.session() as session:
        record = session.run(asked, word=word, corner=f"{corner}/").single(strict=True)
    return bool(record["found"])
