"""The wheel is enough: in an empty environment it installs, tells the story, and remembers."""

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "triplemem"
pytestmark = pytest.mark.xdist_group("wheel")

JOB = """
from datetime import UTC, datetime
import triplemem
with triplemem.Memory.open("sqlite:///job.db", namespace="acme/users/ann") as memory:
    memory.add("Alice leads ML.", speaker="Ann", occurred_at=datetime(2026, 3, 1, tzinfo=UTC))
    memory.add("Bob now leads ML.", speaker="Ann", occurred_at=datetime(2026, 5, 1, tzinfo=UTC))
    now = [fact.subject.name for fact in memory.facts(predicate="leads", object="ML")]
    then = [fact.subject.name for fact in memory.facts(predicate="leads", object="ML", as_of="2026-04-01")]
print(now, then, triplemem.__file__)
"""


def environment() -> dict[str, str]:
    hidden = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "TRIPLEMEM_")
    return {name: value for name, value in os.environ.items() if not name.startswith(hidden)} | {"NO_COLOR": "1"}


def call(*command: object, cwd: Path) -> str:
    done = subprocess.run([str(word) for word in command], cwd=cwd, env=environment(), capture_output=True, text=True)
    assert done.returncode == 0, f"{command[0]} gave {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    call(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT, cwd=out)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def bin_(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("empty") / "venv"
    venv.create(home, with_pip=True)
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    call(scripts / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel, cwd=home)
    return scripts


def test_the_wheel_carries_everything_that_is_not_python(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    data = {
        f"triplemem/{path.relative_to(PACKAGE).as_posix()}"
        for path in PACKAGE.rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    }
    assert "triplemem/py.typed" in data
    assert data <= inside


def test_the_wheel_carries_the_statements_and_views_of_the_neo4j_store(wheel: Path) -> None:
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("triplemem/_cypher/")}
    files = [path for path in (ROOT / "cypher").rglob("*") if path.is_file()]
    assert {"style.grass", "guide.html", "schema.cypher"} <= {path.name for path in files}
    assert inside == {f"triplemem/_cypher/{path.relative_to(ROOT / 'cypher').as_posix()}" for path in files}


def test_the_wheel_carries_its_licence_and_no_tests(wheel: Path) -> None:
    inside = zipfile.ZipFile(wheel).namelist()
    assert any(name.endswith("licenses/LICENSE") for name in inside)
    assert not [name for name in inside if name.startswith(("tests", "benchmarks", "tools"))]


def test_the_demo_runs_from_the_wheel_in_an_empty_environment(bin_: Path, tmp_path: Path) -> None:
    assert "Bob" in call(bin_ / "triplemem", "demo", cwd=tmp_path)


def test_a_small_program_remembers_what_was_true_then(bin_: Path, tmp_path: Path) -> None:
    said = call(bin_ / "python", "-c", JOB, cwd=tmp_path)
    assert said.startswith("['Bob'] ['Alice']")
    assert str(ROOT / "triplemem") not in said


def test_the_views_are_found_where_the_wheel_has_them(bin_: Path, tmp_path: Path) -> None:
    said = call(bin_ / "triplemem", "--url", "bolt://db", "-n", "a", "browser", "--json", cwd=tmp_path)
    folder = Path(json.loads(said)["views"])
    assert (folder / "glance.cypher").is_file()
    assert ROOT not in folder.parents


def test_the_wheel_needs_no_optional_package(bin_: Path, tmp_path: Path) -> None:
    listed = call(bin_ / "python", "-m", "pip", "list", "--format", "freeze", cwd=tmp_path).lower()
    assert not {"neo4j", "anthropic", "torch"} & {line.partition("==")[0] for line in listed.splitlines()}


def test_a_missing_extra_is_named_in_one_line(bin_: Path, tmp_path: Path) -> None:
    script = "import triplemem; triplemem.connect('neo4j://127.0.0.1:1')"
    done = subprocess.run(
        [bin_ / "python", "-c", script], cwd=tmp_path, env=environment(), capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "ConfigError" in done.stderr
