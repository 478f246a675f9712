"""One real Neo4j for a whole run, shared by its xdist workers; a process of its own where a test needs one.

It is the server that `$TRIPLEMEM_TEST_NEO4J_URI` names (with `_USER`, `_PASSWORD` and `_HTTP`), else one started by
the first worker that needs it. The run's controller ends it. Where none can be had, tests skip and the summary says so
loudly; under `TRIPLEMEM_REQUIRE_NEO4J=1` they fail.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.neo4j import server
from tests.neo4j.java import Unavailable, locked

MISSING = "NEO4J WAS NOT TESTED"
WAYS = "install Java >= 21 and Maven, or start Docker, or set TRIPLEMEM_TEST_NEO4J_URI and _PASSWORD"


@dataclass(frozen=True)
class Run:
    """What the processes of one test run share; the folder is also the server's, so its guard removes both."""

    owner: int
    folder: Path
    given: server.Server | None


RUN = pytest.StashKey[Run]()


def _given() -> server.Server | None:
    name = "TRIPLEMEM_TEST_NEO4J_"
    uri = os.environ.get(f"{name}URI", "").strip()
    if not uri:
        return None
    auth = os.environ.get(f"{name}USER", "neo4j"), os.environ.get(f"{name}PASSWORD", "")
    return server.Server(uri, auth, os.environ.get(f"{name}HTTP"))


def pytest_configure(config: pytest.Config) -> None:
    shared = getattr(config, "workerinput", {}).get("neo4j_run")
    owner, folder = shared or (os.getpid(), tempfile.mkdtemp(prefix="triplemem-run-"))
    config.stash[RUN] = Run(owner, Path(folder), _given())


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    run = node.config.stash[RUN]
    node.workerinput["neo4j_run"] = (run.owner, str(run.folder))


def pytest_unconfigure(config: pytest.Config) -> None:
    run = config.stash.get(RUN, None)
    if run is None or run.owner != os.getpid():
        return
    if (started := run.folder / "server.json").exists():
        server.from_json(started.read_text("utf-8")).stop()
    shutil.rmtree(run.folder, ignore_errors=True)


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    skipped = [one for one in terminalreporter.stats.get("skipped", []) if MISSING in str(one.longrepr)]
    if skipped:
        terminalreporter.section(f"{MISSING}: {len(skipped)} tests skipped", sep="!", red=True, bold=True)
        terminalreporter.write_line(str(skipped[0].longrepr[2]))


LASTING = {"server.memory.heap.max_size": "1g", "dbms.cypher.min_replan_interval": "10m"}
"""What a server that all tests share has more of; plans are not made anew every few seconds as its data changes."""


def _missing(why: str) -> None:
    if os.environ.get("TRIPLEMEM_REQUIRE_NEO4J") == "1":
        pytest.fail(f"TRIPLEMEM_REQUIRE_NEO4J=1, but there is no server: {why}", pytrace=False)
    pytest.skip(f"{MISSING}: {why}. To test it, {WAYS}")


def _shared(run: Run) -> server.Server:
    """The server of this run: started if this process is the first to ask, with the answer left for the others."""
    with locked(run.folder / "lock"):
        started, failed = run.folder / "server.json", run.folder / "failed"
        if failed.exists():
            raise Unavailable(failed.read_text("utf-8"))
        if not started.exists():
            try:
                text = server.as_json(server.start(run.owner, run.folder, settings=LASTING, jvm=server.LASTING))
            except (Unavailable, server.StartFailed) as error:
                run.folder.mkdir(exist_ok=True)  # a server that failed took it along
                failed.write_text(str(error), "utf-8")
                raise
            started.write_text(text, "utf-8")
        return server.from_json(started.read_text("utf-8"))


@pytest.fixture(scope="session")
def neo4j_server(request: pytest.FixtureRequest) -> server.Server:
    """The server of this run: `uri`, `auth`, and `http` where known. Shared: a test takes a namespace of its own."""
    run = request.config.stash[RUN]
    try:
        return run.given or _shared(run)
    except Unavailable as error:
        _missing(str(error))
        raise


@pytest.fixture
def private_neo4j_server() -> Iterator[Callable[..., server.Server]]:
    """Starts servers that are this test's alone, to kill or to fill; keywords as of `server.start`."""
    started: list[server.Server] = []

    def start(**options: Any) -> server.Server:
        try:
            started.append(server.start(**options))
        except Unavailable as error:
            _missing(str(error))
        return started[-1]

    yield start
    for one in started:
        one.stop()
