"""The command line as a function of its arguments, on a store of the test's own."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.helpers import FIRST, NAMESPACE, ROOT, SECOND, Ran, Run


@pytest.fixture
def run(store_url: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """`run("facts", "--json")` runs the command in this process, on this test's store and in `NAMESPACE`."""
    from triplemem.cli.main import main

    monkeypatch.setenv("TRIPLEMEM_URL", store_url)
    monkeypatch.setenv("TRIPLEMEM_NAMESPACE", NAMESPACE)

    def call(*arguments: object, stdin: str | bytes = b"") -> Ran:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
        capfd.readouterr()
        code = main([str(argument) for argument in arguments])
        captured = capfd.readouterr()
        return Ran(code, captured.out, captured.err)

    return call


@pytest.fixture
def ok(run: Run) -> Run:
    """`run`, of what has to exit with 0."""

    def call(*arguments: object, stdin: str | bytes = b"") -> Ran:
        done = run(*arguments, stdin=stdin)
        assert done.code == 0, done.err
        return done

    return call


@pytest.fixture
def surroundings(store_url: str) -> dict[str, str]:
    """The environment of a real process on this test's store."""
    mine = {"TRIPLEMEM_URL": store_url, "TRIPLEMEM_NAMESPACE": NAMESPACE, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    return {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")} | mine


@pytest.fixture
def process(surroundings: dict[str, str], tmp_path: Path) -> Run:
    """`run`, as a process of its own."""

    def call(*arguments: object, stdin: str = "", **more: str) -> Ran:
        command = [sys.executable, "-m", "triplemem", *map(str, arguments)]
        done = subprocess.run(command, cwd=tmp_path, env=surroundings | more, input=stdin.encode(), capture_output=True)
        return Ran(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))

    return call


@pytest.fixture
def team(ok: Run) -> Run:
    """`ok`, after Alice led ML from March 2026 on, and Bob from May on."""
    ok("add", "Alice leads ML.", "--speaker", "Ann", "--session", "march", "--occurred-at", FIRST)
    ok("add", "Bob now leads ML.", "--speaker", "Ann", "--session", "may", "--occurred-at", SECOND)
    return ok
