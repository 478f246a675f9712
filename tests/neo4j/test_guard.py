"""What keeps servers from outliving a run, tried on a stand-in: a process that only sleeps."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.neo4j.guard import lives
from tests.neo4j.server import Server

GUARD = Path(__file__).with_name("guard.py")
SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


def heed_ctrl_c() -> None:
    """A process that a shell started in the background ignores it, and so do its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def eventually(true: Callable[[], bool]) -> bool:
    end = time.monotonic() + 20
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    return true()


@pytest.fixture
def owner() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(SLEEP, preexec_fn=heed_ctrl_c) as process:
        yield process
        process.kill()


@pytest.fixture
def server(tmp_path: Path, owner: subprocess.Popen[bytes]) -> Iterator[Server]:
    home = tmp_path / "home"
    home.mkdir()
    (home / "run.json").write_text(json.dumps({"owner": owner.pid, "command": SLEEP, "kill": []}), "utf-8")
    subprocess.run([sys.executable, GUARD, home], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    assert eventually((home / "server.pid").exists)
    server = Server("bolt://nowhere", ("neo4j", ""), folder=str(home))
    yield server
    server.stop()


def pid_of(server: Server) -> int:
    return int((server.home / "server.pid").read_text())


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_server_and_its_folder_go_when_the_owner_does(
    server: Server, owner: subprocess.Popen[bytes], sign: signal.Signals
) -> None:
    pid, home = pid_of(server), server.home
    assert lives(pid)
    owner.send_signal(sign)
    assert eventually(lambda: not home.exists())
    assert not lives(pid)


def test_stop_ends_the_server_and_the_guard_while_the_owner_lives(
    server: Server, owner: subprocess.Popen[bytes]
) -> None:
    pid, guard = pid_of(server), int((server.home / "guard.pid").read_text())
    server.stop()
    server.stop()
    assert owner.poll() is None
    assert not server.home.exists()
    assert not lives(pid)
    assert eventually(lambda: not lives(guard))


def test_a_killed_server_keeps_its_folder_and_is_started_again_when_asked(server: Server) -> None:
    first = pid_of(server)
    server.kill9()
    assert not lives(first)
    assert server.home.exists()
    os.kill(int((server.home / "guard.pid").read_text()), signal.SIGUSR1)
    assert eventually((server.home / "server.pid").exists)
    assert pid_of(server) != first
