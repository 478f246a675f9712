"""The README is true: its Python runs, and what is generated in it is what the code gives today."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tools import docs

ROOT = Path(__file__).parent.parent.parent
DOCS = sorted((ROOT / "docs").glob("*.md"))
README = ROOT / "README.md"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.M | re.S)


def blocks() -> list[str]:
    return BLOCK.findall(README.read_text("utf-8"))


def test_every_python_block_of_the_readme_runs_in_its_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    there: dict[str, object] = {"__name__": "readme"}
    assert len(blocks()) >= 2
    for number, block in enumerate(blocks(), 1):
        exec(compile(block, f"README.md block {number}", "exec"), there)
        printed = capsys.readouterr().out.splitlines()
        promised = re.findall(r"#> (.*)$", block, re.M)
        assert printed == promised, f"block {number} prints {printed}"


def test_what_is_generated_in_the_readme_is_what_the_code_gives() -> None:
    command = [
        sys.executable,
        "-m",
        "cogapp",
        "--check",
        "--check-fail-msg=run make docs",
        "-I",
        str(ROOT),
        str(README),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_command_is_in_the_reference() -> None:
    from triplemem.cli.main import cli

    text = README.read_text("utf-8")
    assert [path for path, _ in docs.commands(cli)]
    assert not [path for path, _ in docs.commands(cli) if f"<code>triplemem {' '.join(path)}</code>" not in text]


def test_the_readme_begins_with_the_two_commands_and_the_demo() -> None:
    first = README.read_text("utf-8")[:2500]
    assert "git clone" in first
    assert "make demo" in first


PAGES = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", *(f"docs/{one.name}" for one in DOCS)]


@pytest.mark.parametrize("name", PAGES)
def test_every_link_to_a_file_leads_somewhere(name: str) -> None:
    page = ROOT / name
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text("utf-8"))
    assert not [link for link in links if not (page.parent / link).exists()]


def test_every_directory_named_in_the_architecture_exists() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    paths = re.findall(r"`((?:triplemem|tests|benchmarks|tools)/[\w/.]*)`", text)
    assert paths
    assert not [path for path in paths if not (ROOT / path).exists()]


def test_every_module_named_in_the_architecture_exists() -> None:
    """By its path from the root or from the package, or by its name alone; `connect.py` is named as one that is not."""
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    named = set(re.findall(r"`([\w./]+(?:\.py|\.sql|\.cypher|\.md|/))`", text)) - {"connect.py"}
    there = {path.name for kind in ("*.py", "*.sql", "*.cypher", "*.md") for path in ROOT.glob(f"[!.]*/**/{kind}")}
    places = (ROOT, ROOT / "triplemem")
    missing = [one for one in named if one not in there and not any((place / one).exists() for place in places)]
    assert named
    assert missing == []


def test_nothing_names_the_machine_it_was_written_on() -> None:
    for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "pyproject.toml", "Makefile"):
        assert not re.search(r"/(work|root|home/\w+|Users/\w+)/", (ROOT / name).read_text("utf-8")), name
