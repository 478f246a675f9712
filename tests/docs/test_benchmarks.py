"""The benchmarks run: each in its quick form, so that it does not rot; those of a server are imported at least."""

import json
from importlib import import_module
from pathlib import Path

import pytest

from benchmarks._lib import Absent, Row, table
from benchmarks.run import RESULTS, SCRIPTS

HERE = Path(__file__).parent.parent.parent / "benchmarks"


def test_every_script_is_run_by_make_bench() -> None:
    there = {path.stem for path in HERE.glob("*.py") if not path.stem.startswith("_")} - {"run"}
    assert there == set(SCRIPTS)


def test_every_script_has_figures_for_the_readme() -> None:
    assert list(json.loads(RESULTS.read_text("utf-8"))["tables"]) == list(SCRIPTS)


@pytest.mark.parametrize("name", [name for name in SCRIPTS if name.startswith("graph_")])
def test_a_benchmark_of_a_server_can_be_run(name: str) -> None:
    """Each needs servers of its own, which takes minutes: `make bench` runs it."""
    module = import_module(f"benchmarks.{name}")
    assert module.TITLE
    assert callable(module.run)


@pytest.mark.parametrize("name", [name for name in SCRIPTS if not name.startswith("graph_")])
def test_a_benchmark_gives_figures_on_a_small_store(name: str) -> None:
    try:
        rows = import_module(f"benchmarks.{name}").run(True)
    except Absent as missing:
        pytest.skip(str(missing))
    assert rows
    assert all(isinstance(row, Row) for row in rows)


def test_a_missed_bound_is_marked_as_missed() -> None:
    text = table("title", [Row("slow", 3, 2), Row("fast", 3, 2, at="least")])
    assert [line.split()[0] for line in text.splitlines()[1:]] == ["MISS", "ok"]
