"""A stub of the Messages API, and nothing else that a model could be asked at."""

from collections.abc import Iterator

import pytest

from tests.models.stub import Stub, point_at, serving


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    with serving() as server:
        point_at(server, monkeypatch)
        yield server
