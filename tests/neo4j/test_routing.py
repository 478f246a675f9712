"""`neo4j://` URLs: the driver asks the server for its routing table, and reads and writes by it."""

import uuid

import pytest

from tests.neo4j.server import Server
from triplemem import Triplet, connect


def test_a_memory_is_written_and_read_by_routing(neo4j_server: Server) -> None:
    if neo4j_server.folder is None:
        pytest.skip(f"{neo4j_server.uri} was not started here: the address that it advertises may be another one")
    url = neo4j_server.uri.replace("bolt://", "neo4j://")
    namespace = f"tests/routing/{uuid.uuid4().hex[:8]}"
    with connect(url, auth=neo4j_server.auth) as store:
        memory = store.memory(namespace)
        for number in range(5):
            added = memory.add_triplets([Triplet("Bob", "likes", f"tea {number}")]).added
            assert [fact.id for fact in memory.facts(object=f"tea {number}")] == [fact.id for fact in added]
        query = "MATCH (f:Fact {namespace: $namespace}) RETURN count(f)"
        assert store.admin().cypher(query, namespace=namespace).rows == [(5,)]
