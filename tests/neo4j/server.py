"""A real Neo4j for tests, and by hand: `python -m tests.neo4j.server` keeps one until Ctrl-C.

It comes from `pom.xml` beside this file (Java >= 21 and Maven), else from Docker. Everything it writes is in a folder
of its own under the temporary directory, and a guard takes both away when the owner ends, however it ends.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.neo4j.java import Unavailable, classpath, find_java, pinned

HERE = Path(__file__).parent
IMAGE = f"neo4j:{pinned()}-community"
PATIENCE = 300.0  # seconds that a start may take on a busy machine
TRIES = 3  # another process can take a free port before the server does
OPENS = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")
QUICK = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")  # starts sooner; measure without it
LASTING = ("-XX:+UseSerialGC",)  # for a server that serves a whole run: its code is compiled as well as can be

Settings = dict[str, str]
Launch = tuple[list[str], list[str]]  # the command, and what kills it where a signal does not


class StartFailed(Exception):
    """The server ended, or did not answer in time; the message ends with what it printed."""


@dataclass
class Server:
    """A running server: where it is, and how to get in. One that was not started here has no folder."""

    uri: str
    auth: tuple[str, str]
    http: str | None = None
    folder: str | None = None
    kill: list[str] = field(default_factory=list)

    @property
    def home(self) -> Path:
        """Its folder; an error for a server that somebody else started."""
        assert self.folder, f"{self.uri} was not started here"
        return Path(self.folder)

    def kill9(self) -> None:
        """Kill it as a crash would; the data stays for `restart`."""
        if self.kill:
            subprocess.run(self.kill, check=True, capture_output=True)
        else:
            os.kill(self._pid("server.pid"), signal.SIGKILL)
        _wait_for(lambda: not self._runs(), 30, lambda: f"{self.uri} survived its kill")

    def restart(self) -> None:
        """Start it again on its data and addresses, killing it first if it runs; returns when it answers."""
        if self._runs():
            self.kill9()
        os.kill(self._pid("guard.pid"), signal.SIGUSR1)
        _wait_for(self._runs, 30, lambda: f"{self.uri} was not started again")
        self.wait(_knock)

    def stop(self) -> None:
        """End it and remove its folder. Nothing happens if it is gone already, or not ours."""
        if not self.folder or not self.home.exists():
            return
        try:
            os.kill(self._pid("guard.pid"), signal.SIGTERM)
        except (ProcessLookupError, FileNotFoundError):
            shutil.rmtree(self.home, ignore_errors=True)
        _wait_for(lambda: not self.home.exists(), 30, lambda: f"{self.folder} was not removed")

    def wait(self, ready: Callable[[Server], None]) -> None:
        """Return when HTTP answers and `ready`, which knocks by Bolt, raises nothing."""
        from neo4j.exceptions import DriverError, Neo4jError

        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if not self._runs():
                raise StartFailed(self._printed())
            try:
                if self._http_answers():
                    return ready(self)
            except (DriverError, Neo4jError) as error:
                if isinstance(error, Neo4jError) and not error.is_retryable():
                    raise
            time.sleep(0.1)
        raise StartFailed(f"no answer in {PATIENCE:.0f} s\n{self._printed()}")

    def _runs(self) -> bool:
        return (self.home / "server.pid").exists()

    def _pid(self, name: str) -> int:
        return int((self.home / name).read_text())

    def _http_answers(self) -> bool:
        assert self.http
        connection = http.client.HTTPConnection(self.http.removeprefix("http://"), timeout=5)
        try:
            connection.request("GET", "/")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def _printed(self) -> str:
        log = self.home / "console.log"
        return log.read_text("utf-8", "replace")[-3000:] if log.exists() else "it printed nothing"


def start(
    owner: int | None = None,
    folder: Path | None = None,
    ports: tuple[int, int] | None = None,
    settings: Mapping[str, str] | None = None,
    jvm: tuple[str, ...] = QUICK,
) -> Server:
    """Start a server that lives no longer than the process `owner` (this one by default), and wait until it answers.

    `ports` are those of Bolt and HTTP, free ones by default; `settings` go over those of `neo4j.conf`. Raises
    `Unavailable` if nothing here can run one, `StartFailed` if it does not come up.
    """
    launch = source()
    for attempt in range(1, TRIES + 1):
        home = folder or Path(tempfile.mkdtemp(prefix="triplemem-neo4j-"))
        home.mkdir(exist_ok=True)
        server = _launch(launch, home, owner or os.getpid(), ports or free_ports(), settings or {}, jvm)
        try:
            server.wait(_set_password)
        except BaseException as error:
            server.stop()
            if ports or attempt == TRIES or "Address already in use" not in str(error):
                raise
        else:
            return server
    raise AssertionError("not reached")


def free_ports() -> tuple[int, int]:
    """Two ports that nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as two:
        return one.getsockname()[1], two.getsockname()[1]


def source() -> Callable[[Path, Settings, tuple[str, ...]], Launch]:
    """What can run a server here: Java with Maven's jars, else Docker; else `Unavailable` with the reasons."""
    try:
        java, jars = find_java(), classpath()
    except Unavailable as error:
        if _docker_answers():
            return _by_docker
        raise Unavailable(f"{error}; and no Docker engine answers") from error
    return lambda home, settings, jvm: _by_java(java, jars, home, settings, jvm)


def _launch(
    launch: Callable[[Path, Settings, tuple[str, ...]], Launch],
    home: Path,
    owner: int,
    ports: tuple[int, int],
    extra: Mapping[str, str],
    jvm: tuple[str, ...],
) -> Server:
    bolt, web = (f"127.0.0.1:{port}" for port in ports)
    addresses = {"server.bolt.listen_address": bolt, "server.http.listen_address": web}
    command, kill = launch(home, _settings() | addresses | dict(extra), jvm)
    run = {"owner": owner, "command": command, "kill": kill}
    (home / "run.json").write_text(json.dumps(run), "utf-8")
    with (home / "guard.log").open("wb") as log:
        subprocess.run([sys.executable, HERE / "guard.py", home], check=True, stdin=log, stdout=log, stderr=log)
    server = Server(f"bolt://{bolt}", ("neo4j", secrets.token_urlsafe(16)), f"http://{web}", str(home), kill)
    _wait_for(server._runs, 30, lambda: (home / "guard.log").read_text())
    return server


def _settings() -> Settings:
    lines = (HERE / "neo4j.conf").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def _write_settings(home: Path, settings: Settings) -> None:
    (home / "conf").mkdir(exist_ok=True)
    (home / "conf" / "neo4j.conf").write_text("".join(f"{k}={v}\n" for k, v in settings.items()), "utf-8")


def _by_java(java: str, jars: str, home: Path, settings: Settings, jvm: tuple[str, ...]) -> Launch:
    _write_settings(home, settings)
    (home / "classpath").write_text(f'-cp "{jars}"', "utf-8")
    sizes = {"-Xms": "server.memory.heap.initial_size", "-Xmx": "server.memory.heap.max_size"}
    heap = [flag + settings[name] for flag, name in sizes.items()]
    opens = [f"--add-opens=java.base/{package}=ALL-UNNAMED" for package in OPENS]
    modules = ["--enable-native-access=ALL-UNNAMED", "--add-modules=jdk.incubator.vector"]
    main = ["org.neo4j.server.Neo4jCommunity", f"--home-dir={home}", f"--config-dir={home / 'conf'}", "--console-mode"]
    return [java, *heap, *jvm, *opens, *modules, f"@{home / 'classpath'}", *main], []


def _docker_answers() -> bool:
    docker = shutil.which("docker")
    try:
        return bool(docker) and not subprocess.run([docker, "info"], capture_output=True, timeout=30).returncode
    except subprocess.TimeoutExpired:
        return False


def _by_docker(home: Path, settings: Settings, jvm: tuple[str, ...]) -> Launch:
    """The same server from the official image, with the folders mounted and the ports as they are outside."""
    publish: list[str] = []
    for side in ("bolt", "http"):
        outside = settings[f"server.{side}.listen_address"]
        port = outside.rpartition(":")[2]
        settings |= {f"server.{side}.listen_address": f":{port}", f"server.{side}.advertised_address": outside}
        publish += ["-p", f"{outside}:{port}"]
    _write_settings(home, settings | {"server.default_listen_address": "0.0.0.0"})
    (home / "data").mkdir(exist_ok=True)
    mounts = ["-v", f"{home / 'conf'}:/conf", "-v", f"{home / 'data'}:/data"]
    who = ["--user", f"{os.getuid()}:{os.getgid()}"]
    return ["docker", "run", "--rm", "--name", home.name, *who, *publish, *mounts, IMAGE], ["docker", "kill", home.name]


def _set_password(server: Server) -> None:
    """A new server lets neo4j/neo4j in only to choose a password; no more so if an earlier try did choose one."""
    from neo4j import GraphDatabase
    from neo4j.exceptions import AuthError

    change = "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $new"
    with (
        suppress(AuthError),
        GraphDatabase.driver(server.uri, auth=("neo4j", "neo4j")) as driver,
        driver.session(database="system") as session,
    ):
        session.run(change, new=server.auth[1]).consume()
    _knock(server)


def _knock(server: Server) -> None:
    from neo4j import GraphDatabase

    with GraphDatabase.driver(server.uri, auth=server.auth) as driver:
        driver.execute_query("RETURN 1")


def _wait_for(true: Callable[[], bool], seconds: float, otherwise: Callable[[], str]) -> None:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise StartFailed(otherwise())
        time.sleep(0.05)


def as_json(server: Server) -> str:
    """What another process needs to use this server, or to stop it."""
    return json.dumps(asdict(server))


def from_json(text: str) -> Server:
    """The inverse of `as_json`."""
    there = json.loads(text)
    return Server(**there | {"auth": tuple(there["auth"])})


def main() -> None:
    """Keep one server for development until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m tests.neo4j.server", description=main.__doc__)
    parser.add_argument("--bolt", type=int, default=7687, help="the port of Bolt; default 7687")
    parser.add_argument("--http", type=int, default=7474, help="the port of HTTP and Browser; default 7474")
    chosen = parser.parse_args()
    began = time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    server = start(ports=(chosen.bolt, chosen.http), jvm=("-XX:+UseSerialGC",))
    print(f"up after {time.monotonic() - began:.0f} s; Ctrl-C ends it and removes its data\n")
    print(f"export TRIPLEMEM_TEST_NEO4J_URI={server.uri} TRIPLEMEM_TEST_NEO4J_PASSWORD={server.auth[1]}")
    print(f"export TRIPLEMEM_USER={server.auth[0]} TRIPLEMEM_PASSWORD={server.auth[1]}")
    print(f"{server.http}/browser/", flush=True)
    try:
        signal.pause()
    except KeyboardInterrupt:
        print()
    finally:
        server.stop()


if __name__ == "__main__":
    try:
        main()
    except Unavailable as error:
        sys.exit(f"no server: {error}")
