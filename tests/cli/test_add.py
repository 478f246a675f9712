"""`add`: texts, files and standard input become messages and facts."""

import json
from pathlib import Path

import pytest

from tests.cli.helpers import Run, names, one_line_error


def count(run: Run) -> int:
    return len(run("episodes", "--json").json)


def chat(path: Path, lines: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


def test_a_text_is_stored_and_read(ok: Run) -> None:
    done = ok("add", "I live in Lyon.", "--speaker", "Ann", "--session", "s", "--occurred-at", "2026-03-01")
    assert done.rows[0] == ["read", "", "1 message"]
    assert [(row[0], row[2]) for row in done.rows[1:]] == [("added", "Ann lives in Lyon")]
    (episode,) = ok("episodes", "--json").json
    assert (episode["text"], episode["speaker"], episode["session"]) == ("I live in Lyon.", "Ann", "s")
    assert episode["occurred_at"].startswith("2026-03-01T00:00:00")


def test_json_is_the_result_field_by_field(ok: Run) -> None:
    result = ok("add", "I live in Lyon.", "--speaker", "Ann", "--json").json
    assert set(result) == {"episodes", "added", "confirmed", "ended", "reopened", "refused", "jobs", "usage"}
    (fact,) = result["added"]
    assert (fact["subject"]["name"], fact["predicate"], fact["object"]["name"]) == ("Ann", "lives_in", "Lyon")
    assert fact["namespace"] == ["acme", "users", "ann@example.org"]
    assert fact["state"] == "current"


@pytest.mark.parametrize("nothing", ["", "  "])
def test_an_empty_text_is_said_to_be_empty(ok: Run, run: Run, nothing: str) -> None:
    assert "is empty" in one_line_error(run("add", nothing))
    assert "is empty" in one_line_error(run("add", "hello there", nothing))
    assert count(ok) == 0


def test_several_arguments_are_several_messages(ok: Run) -> None:
    ok("add", "hello there", "good morning")
    assert count(ok) == 2


def test_a_change_says_what_it_ended(team: Run) -> None:
    done = team("add", "Cleo now leads ML.")
    assert [(row[0], row[2]) for row in done.rows] == [
        ("read", "1 message"),
        ("added", "Cleo leads ML"),
        ("ended", "Bob leads ML"),
    ]


def test_what_was_rejected_is_refused_and_said_so(team: Run) -> None:
    team("reject", "--subject", "Bob", "--predicate", "leads")
    done = team("add", "Bob now leads ML.", "--occurred-at", "2026-06-01")
    assert [row[0] for row in done.rows] == ["read", "refused"]
    assert "tombstone" in done.rows[1][2]
    assert "Bob" in done.rows[1][2]


def test_standard_input_is_one_message(ok: Run) -> None:
    ok("add", "-", "--speaker", "Ann", stdin="I live in Lyon.\nI work at Acme.\n")
    (episode,) = ok("episodes", "--json").json
    assert episode["text"] == "I live in Lyon.\nI work at Acme."


def test_standard_input_without_anything_is_an_error(run: Run) -> None:
    assert "empty" in one_line_error(run("add", "-"))


def test_standard_input_that_is_not_utf8_is_an_error(run: Run) -> None:
    assert "standard input is not UTF-8: byte 3, in line 1" in one_line_error(run("add", "-", stdin=b"ab\xff"))


def test_a_file_is_read_a_message_a_line_with_its_speakers(ok: Run, tmp_path: Path) -> None:
    (tmp_path / "chat.txt").write_text("Ann: I live in Lyon.\nBob: I live in Oslo.\n", "utf-8")
    ok("add", tmp_path / "chat.txt", "--session", "s")
    assert sorted(names(ok("facts", "--json"))) == ["Ann", "Bob"]


def test_options_fill_in_what_a_file_leaves_open(ok: Run, tmp_path: Path) -> None:
    path = chat(tmp_path / "chat.jsonl", [{"text": "hello"}, {"text": "hi", "speaker": "Bob", "session": "own"}])
    ok("add", path, "--speaker", "Ann", "--session", "s", "--occurred-at", "2026-03-01")
    found = ok("episodes", "--json").json
    assert sorted((one["speaker"], one["session"]) for one in found) == [("Ann", "s"), ("Bob", "own")]
    assert {one["occurred_at"][:10] for one in found} == {"2026-03-01"}


def test_what_tools_answered_goes_with_its_source(ok: Run, tmp_path: Path) -> None:
    blocks = [{"type": "tool_result", "content": "42"}, {"type": "text", "text": "Thanks"}]
    path = tmp_path / "chat.jsonl"
    path.write_text(json.dumps({"role": "user", "content": blocks, "source_id": "m"}) + "\n", "utf-8")
    ok("add", str(path))
    assert [one["source_id"] for one in ok("episodes", "--json").json] == ["m#0", "m"]
    ok("erase", "--source-id", "m", "--yes")
    assert ok("episodes", "--json").json == []


def test_a_text_is_read_by_its_paragraphs_where_it_is_a_document(ok: Run, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("Ann leads\nthe ML team.\n\nAnn lives in Oslo.\n", "utf-8")
    ok("add", str(path), "--role", "document")
    assert [(one["text"], one["role"]) for one in ok("episodes", "--json").json] == [
        ("Ann leads\nthe ML team.", "document"),
        ("Ann lives in Oslo.", "document"),
    ]


def test_a_document_is_read_by_its_sections(ok: Run, tmp_path: Path) -> None:
    (tmp_path / "team.md").write_text("# ML\nAlice leads ML.\n\n# Design\nCleo leads Design.\n", "utf-8")
    ok("add", tmp_path / "team.md")
    assert [one["role"] for one in ok("episodes", "--json").json] == ["document", "document"]
    assert sorted(names(ok("facts", "--json"))) == ["Alice", "Cleo"]


@pytest.mark.parametrize("name", ["chat.txt", "chat.jsonl", "chat.md"])
def test_adding_a_file_twice_changes_nothing(ok: Run, tmp_path: Path, name: str) -> None:
    line = '{"text": "Alice leads ML."}' if name.endswith("jsonl") else "Alice leads ML."
    (tmp_path / name).write_text(f"{line}\n{line}\n", "utf-8")
    ok("add", tmp_path / name)
    before, facts = count(ok), ok("facts", "--json").json
    (tmp_path / name).rename(tmp_path / f"renamed-{name}")
    again = ok("add", tmp_path / f"renamed-{name}", "--json").json
    assert (again["added"], again["confirmed"]) == ([], [])
    assert count(ok) == before
    assert ok("facts", "--json").json == facts


def test_of_a_file_that_has_grown_only_the_new_is_read(ok: Run, tmp_path: Path) -> None:
    path = tmp_path / "chat.txt"
    path.write_text("Ann: ok\nAnn: Alice leads ML.\n", "utf-8")
    ok("add", path)
    path.write_text("Ann: ok\nAnn: Alice leads ML.\nAnn: ok\nAnn: Cleo leads Design.\n", "utf-8")
    done = ok("add", path)
    assert [(row[0], row[2]) for row in done.rows] == [("read", "4 messages"), ("added", "Cleo leads Design")]
    assert count(ok) == 4


def test_a_file_is_added_session_by_session(ok: Run, tmp_path: Path) -> None:
    lines = [{"text": f"hello {n}", "session": f"s{n // 3}"} for n in range(9)]
    ok("add", chat(tmp_path / "chat.jsonl", lines))
    assert len(ok("episodes", "--session", "s1", "--json").json) == 3


def test_one_broken_line_of_ten_thousand_stores_nothing(run: Run, tmp_path: Path) -> None:
    lines = [json.dumps({"text": f"hello {n}"}) for n in range(10_000)]
    lines[7_654] = '{"text": "hello'
    (tmp_path / "chat.jsonl").write_text("\n".join(lines), "utf-8")
    assert "chat.jsonl' line 7655 is not JSON" in one_line_error(run("add", tmp_path / "chat.jsonl"))
    assert count(run) == 0


def test_a_broken_file_keeps_the_others_of_the_command_out_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("hello\n", "utf-8")
    (tmp_path / "b.txt").write_bytes(b"\xff")
    one_line_error(run("add", tmp_path / "a.txt", tmp_path / "b.txt"))
    assert count(run) == 0


def test_a_long_file_says_how_far_it_is(ok: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("".join(f"hello {n}\n" for n in range(1200)), "utf-8")
    done = ok("add", tmp_path / "a.txt")
    assert done.err.splitlines() == ["500 of 1200 messages", "1000 of 1200 messages", "1200 of 1200 messages"]
    assert done.rows == [["read", "", "1200 messages"]]


@pytest.mark.parametrize("source", ["chat.txt", "no/such/chat.jsonl", "notes.MD", "./my notes", "no/such", "../gone"])
def test_a_path_that_does_not_exist_is_an_error_not_text(run: Run, source: str) -> None:
    assert f"there is no file {source!r}" in one_line_error(run("add", source))
    assert count(run) == 0


@pytest.mark.parametrize("text", ["I am on call 24/7 now.", "I love AC/DC and/or Abba.", "x" * 5000, "a\0b"])
def test_a_sentence_with_a_slash_is_a_text(ok: Run, text: str) -> None:
    ok("add", text)
    assert ok("episodes", "--json").json[0]["text"] == text


def test_a_directory_and_a_file_of_another_kind_are_errors(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    assert "is a directory" in one_line_error(run("add", tmp_path))
    assert ".jsonl" in one_line_error(run("add", tmp_path / "a.pdf"))


def test_nothing_to_add_is_wrong_usage(run: Run) -> None:
    assert run("add").code == 2


def test_an_empty_text_is_an_error(run: Run) -> None:
    assert "empty" in one_line_error(run("add", "  "))


def test_a_source_id_names_one_message_and_revises_it(ok: Run, run: Run, tmp_path: Path) -> None:
    ok("add", "Alice leads ML.", "--source-id", "minutes")
    done = ok("add", "Bob leads ML.", "--source-id", "minutes")
    assert ["added", "Bob leads ML"] in [[row[0], row[2]] for row in done.rows]
    assert names(ok("facts", "--json")) == ["Bob"]
    (tmp_path / "a.txt").write_text("hello", "utf-8")
    assert run("add", tmp_path / "a.txt", "--source-id", "x").code == 2
    assert run("add", "a", "b", "--source-id", "x").code == 2


def test_a_naive_time_is_a_clear_error(run: Run) -> None:
    assert "naive" in one_line_error(run("add", "hello", "--occurred-at", "2026-03-01T09:00:00"))


def test_a_block_of_no_type_is_told_in_one_line(run: Run, tmp_path: Path) -> None:
    path = chat(tmp_path / "odd.jsonl", [{"role": "user", "content": [{"type": ["x"], "text": "k"}]}])
    assert "the type of a block must be a text" in one_line_error(run("add", path))
