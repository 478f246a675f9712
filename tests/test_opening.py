"""What a store is opened with: an option or a file that means nothing is said to, before anything is opened."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from triplemem import Admin, AsyncMemory, ConfigError, Memory, connect


@pytest.mark.parametrize(
    "opened",
    [
        connect,
        lambda url, **options: Memory.open(url, namespace="a", **options),
        lambda url, **options: AsyncMemory.open(url, namespace="a", **options),
        Admin.open,
    ],
    ids=["connect", "Memory", "AsyncMemory", "Admin"],
)
def test_an_option_that_there_is_not_is_named_and_so_are_those_that_there_are(
    opened: Callable[..., Any], tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match=r"unknown option 'exctractor'.*embedder") as refused:
        opened(f"sqlite:///{tmp_path}/memory.db", exctractor="grammar")
    assert "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("opening", [connect, Admin.open])
def test_the_signatures_tell_an_editor_what_there_is(opening: Callable[..., Any]) -> None:
    kinds = {name: one.kind for name, one in inspect.signature(opening).parameters.items()}
    assert {"url", "auth", "database", "embedder"} <= kinds.keys()
    assert inspect.Parameter.VAR_KEYWORD not in kinds.values()
