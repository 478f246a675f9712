"""Files as messages: .txt a message a line, .md a message a section, .jsonl a message a line with its fields.

A .txt that is a document is read by its paragraphs.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from triplemem.core.instants import aware
from triplemem.core.lines import json_object
from triplemem.core.messages import Answered, check_message, check_name, messages_of
from triplemem.errors import InvalidInput, InvalidTime
from triplemem.types import Message

ENDINGS = (".jsonl", ".md", ".txt")


class Read(NamedTuple):
    """A message as its file has it; None is what the file leaves open."""

    text: str
    speaker: str | None = None
    role: str | None = None
    session: str | None = None
    occurred_at: datetime | None = None
    source_id: str | None = None
    metadata: Mapping[str, Any] | None = None
    answered: bool = False
    """What tools answered in the message of a source."""

    def message(self, *, speaker: str | None = None, role: str | None = None) -> Message:
        """The message; ``speaker`` and ``role`` fill in what is open."""
        return (Answered if self.answered else Message)(
            self.text,
            speaker=self.speaker or (None if self.role == "tool" else speaker),
            role=self.role or role or "user",
            occurred_at=self.occurred_at,
            source_id=self.source_id,
            metadata=self.metadata,
        )


def read_file(path: Path, *, document: bool = False) -> list[Read]:
    """The messages of a file, each with a source id of its content and its n-th occurrence, so that none is read twice.

    ``document``: a .txt is no chat, but prose.
    The whole file is checked first: `InvalidInput` or `InvalidTime` names the file and the line.
    """
    what = repr(str(path))
    text = _paragraphs if document else _lines
    reader = {".jsonl": _json_lines, ".md": _sections, ".txt": text}[path.suffix.lower()]
    try:
        return list(_with_source_ids(reader(decoded(path.read_bytes(), what), what)))
    except (InvalidInput, InvalidTime) as error:
        raise type(error)(f"{error}; nothing of the file is stored") from error


def decoded(data: bytes, what: str) -> str:
    """UTF-8 as text, without its mark; `InvalidInput` says where it is none."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InvalidInput(f"{what} is not UTF-8: byte {error.start + 1}, in line {line}; save it as UTF-8") from error


def _with_source_ids(found: Iterable[tuple[str, Read]]) -> Iterator[Read]:
    seen: Counter[str] = Counter()
    for content, read in found:
        seen[content] += 1
        digest = hashlib.sha256(content.encode()).hexdigest()[:32]
        yield read if read.source_id else read._replace(source_id=f"{digest}-{seen[content]}")


def _checked(read: Read, where: str) -> Read:
    """The message, if it can be stored: none of a file is stored if one cannot."""
    check_message(read.message(), where)
    if read.session is not None:
        check_name(read.session, f"{where} session")
    return read


# --- .txt ---------------------------------------------------------------------------------------------------------

_PREFIX = re.compile(r"(?P<name>[^\W\d_][^:;,!?\"“”()\[\]<>/\n]{0,39}):\s+(?P<text>\S.*)")
_ROLES = {
    "user": "user",
    "human": "user",
    "assistant": "assistant",
    "ai": "assistant",
    "system": "system",
    "tool": "tool",
}
_LABELS = frozenset(
    "note notes ps todo re fw fwd fyi subject date from to cc warning caution tip example summary update edit "
    "question answer q a source sources result results reminder important attention agenda topic time place".split()
)
_PARTICLES = frozenset("al bin da de del della den der di do dos du el la le of ten ter the van von y".split())
_MAX_NAME_WORDS = 4


def _lines(text: str, what: str) -> Iterator[tuple[str, Read]]:
    """A message a line. "Ann: hello" is Ann's, where the prefix looks like a name or every line has one."""
    lines = [(number, line.strip()) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    matches = [_PREFIX.fullmatch(line) for _, line in lines]
    everywhere = all(matches)
    for (number, line), match in zip(lines, matches, strict=True):
        read = Read(line)
        if match is not None and (everywhere or _is_name(match["name"])):
            role = _ROLES.get(match["name"].casefold())
            read = Read(match["text"], speaker=None if role else match["name"].strip(), role=role)
        yield line, _checked(read, f"{what} line {number}")


def _paragraphs(text: str, what: str) -> Iterator[tuple[str, Read]]:
    """A message for each paragraph, which ends at a blank line."""
    for n, paragraph in enumerate(re.split(r"\n[^\S\n]*(?:\n[^\S\n]*)+", text.replace("\r\n", "\n").strip()), 1):
        if paragraph.strip():
            yield paragraph, _checked(Read(paragraph.strip("\n"), role="document"), f"{what} paragraph {n}")


def _is_name(prefix: str) -> bool:
    words = prefix.split()
    if prefix.casefold() in _ROLES:
        return True
    if len(words) > _MAX_NAME_WORDS or prefix.casefold() in _LABELS:
        return False
    return words[0] not in _PARTICLES and all(not word[0].islower() or word in _PARTICLES for word in words)


# --- .md ----------------------------------------------------------------------------------------------------------

_FENCE = re.compile(r" {0,3}(```+|~~~+)")
_HEADING = re.compile(r" {0,3}#{1,6}(\s|$)")
_UNDERLINE = re.compile(r" {0,3}(=+|-{2,})\s*")


def _sections(text: str, what: str) -> Iterator[tuple[str, Read]]:
    """A message for each heading with what stands under it; a heading within a code block is none."""
    for section in _parts(text):
        yield section, _checked(Read(section, role="document"), f"{what} section {section.splitlines()[0][:60]!r}")


def _parts(text: str) -> list[str]:
    sections: list[list[str]] = [[]]
    fence = ""
    for line in text.replace("\r\n", "\n").split("\n"):
        opened = _FENCE.match(line)
        if opened and not fence:
            fence = opened[1]
        elif opened and opened[1].startswith(fence):
            fence = ""
        elif not fence and _HEADING.match(line):
            sections.append([])
        elif not fence and _UNDERLINE.fullmatch(line) and sections[-1] and sections[-1][-1].strip():
            sections.append([sections[-1].pop()])
        sections[-1].append(line)
    told = ("\n".join(lines).strip() for lines in sections)
    return [section for section in told if section]


# --- .jsonl -------------------------------------------------------------------------------------------------------


def _json_lines(text: str, what: str) -> Iterator[tuple[str, Read]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            where = f"{what} line {number}"
            yield from _json_messages(json_object(line, where, '{"text": "..."}'), where)


def _json_messages(value: dict[str, Any], where: str) -> Iterator[tuple[str, Read]]:
    if not {"text", "content", "data"} & set(value):
        raise InvalidInput(f'{where} has no "text" or "content"')
    try:
        found = messages_of(value, speaker=None, role="")
        moments = [None if one.occurred_at is None else aware(one.occurred_at, "occurred_at") for one in found]
    except (InvalidInput, InvalidTime) as error:
        raise type(error)(f"{where}: {error}") from error
    if not found:
        raise InvalidInput(f"{where} has an empty text")
    session = value.get("session")
    for message, moment in zip(found, moments, strict=True):
        parts = (message.speaker, message.role or None, session, moment, message.source_id, message.metadata)
        read = _checked(Read(message.text, *parts, isinstance(message, Answered)), where)
        yield json.dumps([read.text, *parts], sort_keys=True, default=str), read
