"""Importing triplemem changes nothing: no heavy module, no file, no socket, no environment."""

import json
import subprocess
import sys
from pathlib import Path

HEAVY = ["networkx", "pydantic", "numpy", "rich", "click", "neo4j", "anthropic", "sentence_transformers"]
ROOT = Path(__file__).parent.parent

WATCH = """
import json, sys
seen = []
def watch(event, args):
    if event.startswith(("socket.", "subprocess.", "os.mkdir", "os.rename", "os.remove", "os.putenv", "sqlite3.")):
        seen.append(event)
    if event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"):
        seen.append(f"open {args[0]}")
sys.addaudithook(watch)
before = set(sys.modules)
STATEMENT
after = {name.partition(".")[0] for name in set(sys.modules) - before}
print(json.dumps({"seen": seen, "modules": sorted(after)}))
"""


def run(statement: str, cwd: Path) -> dict[str, list[str]]:
    """Runs the statement in a bare Python and returns what it touched."""
    command = [
        sys.executable,
        "-B",
        "-c",
        f"import sys; sys.path.insert(0, {str(ROOT)!r})" + WATCH.replace("STATEMENT", statement),
    ]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_import_loads_nothing_heavy(tmp_path: Path) -> None:
    assert not set(run("import triplemem", tmp_path)["modules"]) & set(HEAVY)


def test_import_writes_no_file_and_opens_no_socket(tmp_path: Path) -> None:
    assert run("import triplemem", tmp_path)["seen"] == []
    assert list(tmp_path.iterdir()) == []


def test_taking_every_exported_name_still_loads_no_optional_package(tmp_path: Path) -> None:
    touched = run("from triplemem import *", tmp_path)
    assert not set(touched["modules"]) & {"networkx", "numpy", "neo4j", "anthropic", "sentence_transformers", "rich"}
    assert touched["seen"] == []


def test_opening_and_writing_reaches_no_network(tmp_path: Path) -> None:
    statement = (
        "import triplemem\n"
        "memory = triplemem.Memory.open('sqlite://', namespace='a')\n"
        "memory.add('I live in Lyon.', speaker='Ann')\n"
        "memory.context('Where does Ann live?')\n"
        "memory.close()"
    )
    assert not [event for event in run(statement, tmp_path)["seen"] if event.startswith(("socket", "subprocess"))]
    assert list(tmp_path.iterdir()) == []


def test_the_commands_are_listed_without_what_they_run() -> None:
    """`triplemem --help` builds no types and reads no resources: a command takes what it needs when it runs."""
    command = [sys.executable, "-c", "import sys, triplemem.cli.main; print([*sys.modules])"]
    loaded = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "triplemem.cli.graph" in loaded
    assert not [name for name in ("triplemem.types", "triplemem.resources", "rich", "numpy") if repr(name) in loaded]
