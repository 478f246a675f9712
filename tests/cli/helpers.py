"""What a command did, and what the tests ask of it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
NAMESPACE = "acme/users/ann@example.org"
FIRST, THEN, SECOND = "2026-03-01", "2026-04-01", "2026-05-01"


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        assert self.code in (0, 1, 3), self.err
        return json.loads(self.out)

    @property
    def rows(self) -> list[list[str]]:
        return [line.split("\t") for line in self.out.splitlines()]


Run = Callable[..., Ran]


def names(done: Ran) -> list[str]:
    """The subjects of listed facts."""
    return [fact["subject"]["name"] for fact in done.json]


def one_line_error(done: Ran) -> str:
    """The message of a command that failed as it should: exit code 1, one line, nothing on standard output."""
    assert done.code == 1
    assert done.out == ""
    assert done.err.count("\n") == 1
    assert "Traceback" not in done.err
    return done.err
