"""The demo: every statement it prints is what the store says."""

import io
import json
from contextlib import redirect_stdout
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cli.helpers import Ran, Run, one_line_error

MARCH = datetime(2026, 3, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ran, str]:
    """What the demo prints, and the URL of the store that it keeps."""
    from triplemem.cli.main import main

    file, out = tmp_path_factory.mktemp("demo") / "demo.db", io.StringIO()
    with redirect_stdout(out):
        code = main(["demo", "--keep", str(file)])
    assert code == 0
    return Ran(code, out.getvalue(), ""), f"sqlite:///{file}"


def section(done: Ran, heading: str) -> list[str]:
    lines = done.out.splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith(heading))
    end = next((n for n in range(at + 1, len(lines)) if not lines[n].startswith("  ")), len(lines))
    return [line.strip() for line in lines[at + 2 : end]]


def test_it_says_the_same_twice_and_in_a_hundred_columns(ok: Run) -> None:
    first, second = ok("demo").out, ok("demo").out
    assert first == second
    assert max(map(len, first.splitlines())) <= 100
    assert "\x1b" not in first


def test_it_counts_what_is_there(ok: Run, kept: tuple[Ran, str]) -> None:
    done, url = kept
    messages = ok(
        "--url", url, "-n", "demo/tidewater", "episodes", "--until", "2026-11-16T09:43:00+01:00", "--json"
    ).json
    assert f"{len(messages)} messages" in done.out
    assert len(messages) == 271


def test_what_it_says_was_true_in_march_is_what_the_store_says(ok: Run, kept: tuple[Ran, str]) -> None:
    done, url = kept
    found = ok("--url", url, "-n", "demo/tidewater", "facts", "--as-of", MARCH.isoformat(), "--json").json
    shown = section(done, "What was true then")
    assert shown
    assert not [line for line in shown if not any(line.startswith(fact["text"]) for fact in found)]


def test_what_it_says_we_believed_is_what_the_store_says(ok: Run, kept: tuple[Ran, str]) -> None:
    done, url = kept
    march = ["--as-of", MARCH.isoformat(), "--subject", "Emil", "--predicate", "lives_in", "--json"]
    ask = ["--url", url, "-n", "demo/tidewater", "facts", *march]
    (believed,) = ok(*ask, "--known-at", MARCH.isoformat()).json
    (true,) = ok(*ask).json
    shown = section(done, "What we believed then")
    assert (believed["object"]["name"], true["object"]["name"]) == ("Oslo", "Bergen")
    assert shown[0].startswith(believed["text"])
    assert shown[1].startswith(f"(but {true['text']} (since 2026-02-01)")
    assert "2026-06-08" in shown[1]


def test_its_correction_holds(ok: Run, kept: tuple[Ran, str]) -> None:
    done, url = kept
    ask = ["--url", url, "-n", "demo/tidewater"]
    (atlantis,) = ok(*ask, "history", "--object", "Atlantis", "--json").json
    assert atlantis["state"] == "rejected"
    (home,) = ok(*ask, "facts", "--subject", "Bob", "--predicate", "lives_in", "--json").json
    assert home["object"]["name"] == "Oslo"
    assert "refused (tombstone)" in done.out


def test_why_is_told_in_the_words_that_were_said(ok: Run, kept: tuple[Ran, str]) -> None:
    done, url = kept
    ask = ["--url", url, "-n", "demo/tidewater", "explain", "--subject", "Bob", "--predicate", "leads", "--json"]
    why = ok(*ask).json
    shown = section(done, "Why we believe that Bob leads ML")
    assert shown[0] == f'2026-05-04 Ann said: "{why["claims"][0]["quote"]}"'
    assert shown[1].startswith("which ended: Alice leads ML (2025-11-03 until 2026-05-04")


def test_the_context_is_what_the_store_gives(ok: Run, kept: tuple[Ran, str]) -> None:
    done, url = kept
    command = next(line for line in done.out.splitlines() if "triplemem context" in line).split("context ")[1]
    block = ok("--url", url, "-n", "demo/tidewater", "context", command.strip('"'), "--max-tokens", "55").out
    assert "\n".join(section(done, "What a prompt is given")) == block.strip()


def test_it_has_at_least_ten_changes(ok: Run) -> None:
    story = ok("demo", "--json").json
    assert story["messages"] == 271
    assert len(story["changes"]) >= 10
    assert len(story["late"]) >= 1
    assert story["refused"][0]["reason"] == "tombstone"
    assert story["context"].startswith("<memory>")


def test_a_file_that_is_there_already_is_not_touched(run: Run, tmp_path: Path) -> None:
    (tmp_path / "demo.db").write_text("mine", "utf-8")
    assert "exists already" in one_line_error(run("demo", "--keep", tmp_path / "demo.db"))
    assert (tmp_path / "demo.db").read_text("utf-8") == "mine"


def test_nothing_is_left_behind(ok: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    import tempfile

    monkeypatch.setattr(tempfile, "tempdir", None)
    ok("demo")
    assert list(tmp_path.iterdir()) == []


def test_the_chat_is_of_whole_messages_in_order(ok: Run) -> None:
    from triplemem.resources import demo_chat

    lines = [json.loads(line) for line in demo_chat().splitlines()]
    assert len(lines) == 271
    assert all(set(line) == {"text", "speaker", "occurred_at", "session"} for line in lines)
    times = [datetime.fromisoformat(line["occurred_at"]) for line in lines]
    assert times == sorted(times)
    assert all(time.tzinfo for time in times)
