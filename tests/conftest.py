"""Fixtures for every test: a store of its own, a namespace of its own, a clock that stands still, no network."""

import ipaddress
import os
import socket
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.neo4j.fixtures"]

settings.register_profile(
    "ci", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.register_profile(
    "thorough", deadline=None, max_examples=2000, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


class Clock:
    """A clock for tests: `clock()` is the time, `tick` moves it on, `set` puts it anywhere, backwards too."""

    def __init__(self, now: datetime = datetime(2026, 9, 1, 12, tzinfo=UTC)) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def tick(self, **amount: float) -> datetime:
        """Move on by a `timedelta` (one second by default) and return the new time."""
        self.now += timedelta(**(amount or {"seconds": 1}))
        return self.now

    def set(self, *when: int) -> datetime:
        """Stand at the UTC time with these parts: `clock.set(2026, 3, 1)`."""
        year, month, day, *rest = when
        self.now = datetime(year, month, day, *rest, tzinfo=UTC)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'memory.db'}"


@pytest.fixture
def namespace(request: pytest.FixtureRequest) -> tuple[str, ...]:
    return ("tests", request.node.name[:100], uuid.uuid4().hex[:8])


@pytest.fixture
def open_memory(store_url: str, namespace: tuple[str, ...], clock: Clock) -> Iterator[Callable[..., Any]]:
    """Opens memories on this test's store, in this test's namespace unless told otherwise, and closes them."""
    from triplemem import Memory

    opened: list[Any] = []

    def open_(**options: Any) -> Any:
        url = options.pop("url", store_url)
        opened.append(Memory.open(url, **{"namespace": namespace, "clock": clock, **options}))
        return opened[-1]

    yield open_
    for memory in opened:
        memory.close()


@pytest.fixture
def memory(open_memory: Callable[..., Any]) -> Any:
    return open_memory()


class NetworkReached(AssertionError):
    """A test tried to reach something that is not this machine."""


def _is_local(address: object) -> bool:
    if not isinstance(address, tuple):
        return True  # a unix socket
    host = address[0]
    if host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail any test that opens a socket to anything but this machine."""

    def guarded(name: str) -> Callable[..., Any]:
        real = getattr(socket.socket, name)

        def call(self: socket.socket, *args: Any) -> Any:
            if not _is_local(args[-1]):
                raise NetworkReached(f"this test reached for {args[-1]!r}; use a scripted model or extractor")
            return real(self, *args)

        return call

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, guarded(name))


@pytest.fixture(autouse=True)
def no_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep this machine's settings out of the tests, and the tests out of the user's data directory."""
    for name in list(os.environ):
        if (name.startswith("TRIPLEMEM_") and "REQUIRE" not in name) or name.startswith("ANTHROPIC_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.getbasetemp() / "data-home"))
