"""The first of everything: several processes may find the same empty database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.neo4j.server import Server
from triplemem import Triplet, connect


def test_several_may_open_an_empty_database_at_once(private_neo4j_server: Callable[..., Server]) -> None:
    server = private_neo4j_server()

    def first(number: int) -> int:
        with connect(server.uri, auth=server.auth) as store:
            memory = store.memory(f"tests/first/{number % 2}")
            memory.add_triplets([Triplet("Bob", "likes", f"tea {number}")])
            return len(memory.facts(object=f"tea {number}"))

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(first, range(6))) == [1] * 6
