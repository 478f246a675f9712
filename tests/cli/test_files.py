"""Files as messages: which speaker, which section, which source id, and what is refused."""

import json
from pathlib import Path

import pytest

from triplemem.cli.files import Read, read_file
from triplemem.errors import InvalidInput, InvalidTime


def read(tmp_path: Path, name: str, data: str | bytes) -> list[Read]:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read_file(path)


def said(found: list[Read]) -> list[tuple[str | None, str]]:
    return [(one.speaker, one.text) for one in found]


def test_a_line_of_a_text_is_a_message_and_blank_lines_are_none(tmp_path: Path) -> None:
    assert said(read(tmp_path, "a.txt", "hello\n\n  \nI live in Lyon.\n")) == [
        (None, "hello"),
        (None, "I live in Lyon."),
    ]


@pytest.mark.parametrize("name", ["Ann", "Ann Lee", "Ludwig van Beethoven", "Ångström", "李"])
def test_a_name_before_a_colon_is_the_speaker(tmp_path: Path, name: str) -> None:
    assert said(read(tmp_path, "a.txt", f"{name}: I live in Lyon.\nhello\n"))[0] == (name, "I live in Lyon.")


@pytest.mark.parametrize(
    "line", ["Note: buy milk", "TODO: call Ann", "https://example.org: down", "at 10:30 we meet", "so: no", "Ann:hello"]
)
def test_what_is_no_name_stays_in_the_text(tmp_path: Path, line: str) -> None:
    assert said(read(tmp_path, "a.txt", f"{line}\nhello\n"))[0] == (None, line)


def test_where_every_line_has_a_prefix_each_is_a_speaker(tmp_path: Path) -> None:
    assert said(read(tmp_path, "a.txt", "ann: hello\nbob the builder: hi\n")) == [
        ("ann", "hello"),
        ("bob the builder", "hi"),
    ]


def test_a_role_before_a_colon_is_the_role(tmp_path: Path) -> None:
    found = read(tmp_path, "a.txt", "User: hi\nAssistant: hello\nhuman: hi\nAI: hello\n")
    assert [(one.speaker, one.role) for one in found] == [(None, "user"), (None, "assistant")] * 2


def test_windows_line_ends_and_a_byte_order_mark_are_no_text(tmp_path: Path) -> None:
    assert said(read(tmp_path, "a.txt", b"\xef\xbb\xbfAnn: hi\r\nBob: yo\r\n")) == [("Ann", "hi"), ("Bob", "yo")]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_text_that_is_a_document_is_a_message_a_paragraph(tmp_path: Path, ends: str) -> None:
    path = tmp_path / "notes.txt"
    lines = ["", "Note: Ann leads", "the ML team.", "", " \t", "", "She lives in Oslo.", ""]
    path.write_bytes(ends.join(lines).encode())
    found = read_file(path, document=True)
    assert [(one.text, one.role, one.speaker) for one in found] == [
        ("Note: Ann leads\nthe ML team.", "document", None),
        ("She lives in Oslo.", "document", None),
    ]
    path.write_bytes(ends.join([*lines, "", "More."]).encode())
    assert [one.source_id for one in read_file(path, document=True)][:2] == [one.source_id for one in found]
    path.write_bytes(b" \n\n ")
    assert read_file(path, document=True) == []


def test_a_document_is_a_message_a_section(tmp_path: Path) -> None:
    text = "intro\n\n# One\ntext\n```\n# a comment\n```\n\nTwo\n---\nmore\n### Three"
    found = read(tmp_path, "a.md", text)
    assert [one.text.splitlines()[0] for one in found] == ["intro", "# One", "Two", "### Three"]
    assert {one.role for one in found} == {"document"}
    assert "# a comment" in found[1].text


def test_a_line_of_jsonl_has_its_fields(tmp_path: Path) -> None:
    lines = [
        {"text": "hi", "speaker": "Ann", "role": "user", "occurred_at": "2026-03-01T09:00:00+01:00", "session": "s"},
        {"content": "hello", "role": "assistant", "source_id": "mine", "metadata": {"a": [1]}, "unknown": 1},
        {"content": [{"type": "text", "text": "one"}, {"type": "text", "text": "two"}]},
    ]
    one, two, three = read(tmp_path, "a.jsonl", "\n\n".join(map(json.dumps, lines)))
    assert (one.text, one.speaker, one.role, one.session) == ("hi", "Ann", "user", "s")
    assert one.occurred_at is not None
    assert one.occurred_at.isoformat() == "2026-03-01T09:00:00+01:00"
    assert (two.text, two.role, two.source_id, two.metadata) == ("hello", "assistant", "mine", {"a": [1]})
    assert three.text == "one\ntwo"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"text": "a"', "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[1]", "must be a JSON object, not list"),
        ('{"name": "a"}', 'no "text" or "content"'),
        ('{"text": " "}', "empty"),
        ('{"text": 3}', "must be a text"),
        ('{"text": "\\ud800"}', "surrogate"),
        ('{"text": "a", "speaker": 7}', "speaker"),
        ('{"text": "a", "session": 7}', "session"),
        ('{"text": "a", "role": "boss"}', "boss"),
        ('{"text": "a", "metadata": 7}', "metadata"),
        ('{"text": "a", "occurred_at": "2026-03-01T09:00:00"}', "naive"),
        ('{"text": "a", "occurred_at": "tomorrow"}', "tomorrow"),
        ('{"text": "a", "occurred_at": 7}', "occurred_at"),
        (json.dumps({"text": "a" * (2**20 + 1)}), "bytes"),
    ],
)
def test_a_broken_line_is_refused_with_its_number(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises((InvalidInput, InvalidTime)) as refused:
        read(tmp_path, "a.jsonl", '{"text": "fine"}\n\n' + line)
    assert "a.jsonl' line 3" in str(refused.value)
    assert said in str(refused.value)
    assert "nothing of the file is stored" in str(refused.value)


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.jsonl"])
def test_broken_utf8_is_an_error_that_names_the_file_the_byte_and_the_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match=rf"{name}' is not UTF-8: byte 6, in line 2"):
        read(tmp_path, name, b"fine\n\xff\xfe\n")


@pytest.mark.parametrize("role", [{"role": "user"}, {}])
def test_what_a_tool_answered_is_a_message_of_its_own(tmp_path: Path, role: dict[str, str]) -> None:
    blocks = [{"type": "tool_result", "content": "42"}, {"type": "text", "text": "Thanks"}]
    line = json.dumps({**role, "content": blocks, "occurred_at": "2026-05-01"})
    found = read(tmp_path, "chat.jsonl", line)
    assert [(one.text, one.message(speaker="Ann").role) for one in found] == [("42", "tool"), ("Thanks", "user")]
    assert [one.message(speaker="Ann").speaker for one in found] == [None, "Ann"]
    assert len({one.source_id for one in found}) == 2
    assert found[0].occurred_at == found[1].occurred_at is not None


def test_the_source_id_is_of_the_content_and_its_nth_occurrence_not_of_the_file(tmp_path: Path) -> None:
    first = [one.source_id for one in read(tmp_path, "a.txt", "Ann: ok\nAnn: hello\nAnn: ok\n")]
    again = [one.source_id for one in read(tmp_path, "b.txt", "Ann: ok\nAnn: hello\nAnn: ok\nBob: ok\nAnn: ok\n")]
    assert len(set(first)) == 3
    assert again[:3] == first
    assert len(set(again)) == 5


def test_messages_that_differ_in_anything_have_different_source_ids(tmp_path: Path) -> None:
    lines = [
        {"text": "a"},
        {"text": "a", "speaker": "Ann"},
        {"text": "a", "session": "Ann"},
        {"text": "a", "role": "assistant"},
        {"text": "a", "occurred_at": "2026-03-01"},
        {"text": "a", "metadata": {"x": 1}},
    ]
    found = read(tmp_path, "a.jsonl", "\n".join(map(json.dumps, lines)))
    assert len({one.source_id for one in found}) == len(lines)
    assert all((one.source_id or "").endswith("-1") for one in found)
