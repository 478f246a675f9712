"""A stub of the Messages API, and nothing else that a model could be asked at."""

import os
from collections.abc import Iterator

import pytest

from tests.models.stub import Stub, serving

KEY = "sk-ant-test-0123456789"


@pytest.fixture(autouse=True)
def no_other_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep this machine's keys, servers and proxies out of the tests."""
    for name in list(os.environ):
        if name.startswith("ANTHROPIC_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    with serving() as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
        yield server
