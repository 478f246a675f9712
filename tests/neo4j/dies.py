"""One command on a namespace, by a process that kills itself once a statement was committed so many times.

Arguments: URL, user, password, namespace, command, its argument, statement, count.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from tests.neo4j.small import make_small
from triplemem import Memory
from triplemem.compose import Store, connect
from triplemem.stores.neo4j.server import Run, Server

COMMANDS: dict[str, Callable[[Store, Memory, str], object]] = {
    "import": lambda store, memory, path: memory.import_(path),
    "rebuild": lambda store, memory, _: store.admin().rebuild(memory.namespace),
    "define": lambda store, memory, name: memory.predicates.define(name, cardinality="one_object"),
    "erase": lambda store, memory, _: store.admin().erase_namespace(memory.namespace),
}


def die_after(statement: str, count: int) -> None:
    """Let this process die when transactions with the statement have been committed so many times."""
    plain, seen = Server.write, 0

    def write(self: Server, work: Callable[[Run], Any]) -> Any:
        nonlocal seen
        asked: list[str] = []

        def watched(run: Run) -> Any:
            return work(lambda name, values: asked.append(name) or run(name, values))  # type: ignore[func-returns-value]

        result = plain(self, watched)
        seen += statement in asked
        if seen >= count:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    Server.write = write  # type: ignore[method-assign]


if __name__ == "__main__":
    url, user, password, namespace, command, argument, statement, count = sys.argv[1:]
    make_small()
    store = connect(url, auth=(user, password))
    die_after(statement, int(count))
    COMMANDS[command](store, store.memory(namespace), argument)
