"""Where a server comes from, and what a machine that has none is told."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.neo4j.fixtures import MISSING
from tests.neo4j.java import Unavailable, find_java
from tests.neo4j.server import Server

ROOT = Path(__file__).parent.parent.parent
ONE_TEST = "tests/neo4j/test_server.py::test_the_server_is_the_pinned_version_and_edition"


def install_java(folder: Path, release: str) -> Path:
    """A program that says it is that Java; returns its path."""
    java = folder / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(f"#!/bin/sh\necho 'openjdk version \"{release}\" 2026-01-01' >&2\n")
    java.chmod(0o755)
    return java


def run_one_test(workers: int = 0, **environment: str) -> subprocess.CompletedProcess[str]:
    """pytest on a machine with neither Java nor Docker."""
    hidden = ("TRIPLEMEM_", "JAVA_HOME", "PYTEST_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"-n{workers}", ONE_TEST]
    return subprocess.run(
        command, cwd=ROOT, env=kept | {"PATH": "/nowhere", **environment}, capture_output=True, text=True
    )


def test_java_home_comes_first_then_the_path_then_what_is_installed_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = install_java(tmp_path / "jvm" / "java-17", "17.0.15"), install_java(tmp_path / "jvm" / "x-25", "25.0.3")
    home = install_java(tmp_path / "home", "21")
    on_path = tmp_path / "bin"
    on_path.mkdir()
    (on_path / "java").symlink_to(old)
    monkeypatch.setenv("PATH", f"{on_path}:{os.environ['PATH']}")
    monkeypatch.setenv("JAVA_HOME", str(home.parent.parent))
    assert find_java() == str(home)
    monkeypatch.delenv("JAVA_HOME")
    assert find_java() == str(new)
    (on_path / "java").unlink()
    (on_path / "java").symlink_to(new)
    assert find_java() == str(on_path / "java")


def test_a_java_that_is_too_old_is_named_with_its_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = install_java(tmp_path / "jvm" / "java-17", "17.0.15")
    monkeypatch.setenv("PATH", f"{old.parent}:{os.environ['PATH']}")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(Unavailable, match=r"Java >= 21 is needed .*java is 17"):
        find_java()


def test_without_any_source_tests_skip_and_the_summary_says_so_loudly() -> None:
    done = run_one_test(workers=1)
    assert done.returncode == 0, done.stdout
    assert f"{MISSING}: 1 tests skipped !!!" in done.stdout
    assert "TRIPLEMEM_TEST_NEO4J_URI" in done.stdout


def test_without_any_source_tests_fail_where_neo4j_is_required() -> None:
    done = run_one_test(TRIPLEMEM_REQUIRE_NEO4J="1")
    assert done.returncode == 1, done.stdout
    assert "TRIPLEMEM_REQUIRE_NEO4J=1, but there is no server: Java >= 21 is needed" in done.stdout


def test_a_server_named_in_the_environment_is_used_and_left_running(neo4j_server: Server) -> None:
    user, password = neo4j_server.auth
    named = {"URI": neo4j_server.uri, "USER": user, "PASSWORD": password}
    for _ in range(2):
        done = run_one_test(**{f"TRIPLEMEM_TEST_NEO4J_{name}": value for name, value in named.items()})
        assert "1 passed" in done.stdout, done.stdout
