"""What a caller hands to `add` as messages: texts, `Message`s, and the dicts of chat clients."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from triplemem.core.shown import shown
from triplemem.core.stated import metadata_json
from triplemem.core.text import INVISIBLE
from triplemem.errors import InvalidInput
from triplemem.types import Message

MAX_TEXT = 1024 * 1024
"""Bytes of UTF-8 in a message, and in its metadata as JSON."""
MAX_NAME = 512
"""Characters in a name."""
MAX_COUNT = 2**31 - 1
"""More than a namespace has of anything; a statement counts as far."""
ROLES = ("user", "assistant", "system", "tool", "document")
SPEAK = ("user", "document")
"""The roles whose own words state facts: "I" is their speaker, and a call's ``speaker`` is theirs."""
_ROLES = {"human": "user", "ai": "assistant", "function": "tool", "developer": "system", "model": "assistant"}
USE, RESULT = "tool_use", "tool_result"
"""Where a message's metadata names the calls of tools that it makes, and those that it answers."""
_TEXT_BLOCKS = {"text", "input_text", "output_text"}


PART = "#0"
"""What the source of what tools answered ends with."""
_NUMBERED = re.compile(r"#\d{1,9}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Answered(Message):
    """What tools answered within a message that has a source: a message of its own, called like a part of that."""

    @property
    def whole(self) -> str:
        """The source of the message that it was handed on in."""
        return (self.source_id or "").removesuffix(PART)


def messages_of(content: object, *, speaker: str | None, role: str, source_id: str | None = None) -> list[Message]:
    """The messages in ``content``; ``speaker``, ``role`` and ``source_id`` fill in what is left open.

    What tools answered is no word of the one who hands it on: within a dict it is a message of its own, of a tool.
    Raises `InvalidInput` for what holds no messages, and for a ``source_id`` with several.
    """
    if isinstance(content, str):
        return [Message(content, speaker=speaker, role=role, source_id=source_id)]
    if isinstance(content, Message):
        if content.source_id is None and source_id is not None:
            content = replace(content, source_id=source_id)
        if content.speaker is None and speaker is not None and content.role in SPEAK:
            content = replace(content, speaker=speaker)
        return [content]
    if isinstance(content, Mapping):
        return _of_dict(content, speaker, role, "content", source_id)
    if not isinstance(content, Iterable) or isinstance(content, bytes | bytearray):
        raise InvalidInput(f"content must be a text, a Message, or a list of messages, not {type(content).__name__}")
    found: list[list[Message]] = []
    for n, one in enumerate(content):
        if not isinstance(one, str | Message | Mapping):
            raise InvalidInput(f"content[{n}] must be a text, a Message or a dict, not {type(one).__name__}")
        if isinstance(one, Mapping):
            found.append(_of_dict(one, speaker, role, f"content[{n}]", source_id))
        else:
            found.append(messages_of(one, speaker=speaker, role=role, source_id=source_id))
    if source_id is not None and sum(map(bool, found)) > 1:
        raise InvalidInput("source_id names one message: give each Message its own source_id")
    return [message for messages in found for message in messages]


def _of_dict(
    one: Mapping[str, Any], speaker: str | None, role: str, where: str, source_id: str | None
) -> list[Message]:
    """The message of a dict, after what tools answered in it; none where it holds no text (a bare tool call)."""
    if isinstance(one.get("data"), Mapping) and "content" in one["data"]:  # LangChain's messages_to_dict
        one = {**one["data"], "role": one.get("type", one["data"].get("type"))}
    if "content" not in one and "text" not in one:
        raise InvalidInput(f"{where} has neither 'content' nor 'text': {shown(list(one))}")
    said = one.get("role", one.get("type", role))
    role = _ROLES.get(said.lower(), said.lower()) if isinstance(said, str) else said  # what is no text is refused later
    content = one.get("content", one.get("text"))
    source_id = source_id if one.get("source_id") is None else one["source_id"]
    results = [block for block in _mappings(content) if block.get("type") == RESULT] if role in ("user", "") else []
    try:
        answers = _text(results, where)
        results = results if answers.strip() else []
        text = _text([block for block in content if block not in results] if results else content, where)
    except RecursionError:
        raise InvalidInput(f"{where}: its blocks are nested too deeply") from None
    named = one.get("speaker", one.get("name"))
    made = Message(
        text,
        speaker=(speaker if role in SPEAK else None) if named is None else named,
        role=role,
        occurred_at=one.get("occurred_at"),
        source_id=source_id,
        metadata=_with_calls(one.get("metadata"), one, results=not results),
    )
    if not results:
        return [made] if text.strip() else []
    ids = _with_calls(one.get("metadata"), {"content": results})
    answered = replace(made, text=answers, speaker=None, role="tool", metadata=ids)
    if not text.strip():
        return [answered]
    if isinstance(source_id, str):
        at = made.occurred_at
        answered = Answered(answers, role="tool", occurred_at=at, source_id=f"{source_id}{PART}", metadata=ids)
    return [answered, made]


def _with_calls(metadata: Any, one: Mapping[str, Any], *, results: bool = True) -> Any:
    """The metadata with the ids of the tools' calls that a message makes or answers, where it has such blocks."""
    blocks = _mappings(one.get("content"))
    made = [*_mappings(one.get("tool_calls")), *(block for block in blocks if block.get("type") == USE)]
    answered = [block.get("tool_use_id") for block in blocks if results and block.get("type") == RESULT]
    ids = {USE: [call.get("id") for call in made], RESULT: [*answered, one.get("tool_call_id")]}
    named = {what: kept for what, some in ids.items() if (kept := [id for id in some if isinstance(id, str)])}
    return {**named, **(metadata or {})} if named and isinstance(metadata, Mapping | None) else metadata


def _mappings(given: object) -> list[Mapping[str, Any]]:
    return [one for one in given if isinstance(one, Mapping)] if isinstance(given, list | tuple) else []


def _text(content: object, where: str) -> str:
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    if not isinstance(content, list | tuple):
        raise InvalidInput(f"{where}: 'content' must be a text or a list of blocks, not {type(content).__name__}")
    return "\n".join(text for block in content if (text := _block(block, where)))


def _block(block: object, where: str) -> str:
    if isinstance(block, str):
        return block
    if not isinstance(block, Mapping):
        raise InvalidInput(f"{where}: a block must be a text or a dict, not {type(block).__name__}")
    kind = block.get("type", "text")
    if not isinstance(kind, str | None):
        raise InvalidInput(f"{where}: the type of a block must be a text, not {type(kind).__name__}")
    if kind in _TEXT_BLOCKS:
        text = block.get("text")
        if text is not None and not isinstance(text, str):
            raise InvalidInput(f"{where}: the text of a block must be a text, not {type(text).__name__}")
        return text or ""
    return _text(block.get("content"), where) if kind == RESULT else ""


def check_message(message: Message, where: str) -> None:
    """`InvalidInput` unless the message can be stored as it is."""
    check_text(message.text, f"{where} text")
    if message.role not in ROLES:
        raise InvalidInput(f"{where} has the role {shown(message.role)}: one of {', '.join(ROLES)}")
    source = message.whole if isinstance(message, Answered) else message.source_id
    for what, value in (("speaker", message.speaker), ("source_id", source)):
        if value is not None:
            check_name(value, f"{where} {what}")
    if not isinstance(message.metadata, Mapping | None):
        raise InvalidInput(f"{where} metadata must be a mapping of names, not {type(message.metadata).__name__}")
    try:
        size = len((metadata_json(message.metadata) or "").encode("utf-8"))
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidInput(f"{where} metadata is not JSON: {error}") from None
    if size > MAX_TEXT:
        raise InvalidInput(f"{where} metadata has {size:,} bytes as JSON; {MAX_TEXT:,} at most")


def check_text(text: object, what: str, *, blank: bool = False) -> None:
    """`InvalidInput` unless it is a text of at most 1 MiB that is not blank, or may be."""
    if not isinstance(text, str):
        raise InvalidInput(f"{what} must be a text, not {type(text).__name__}")
    if not blank and not text.strip():
        raise InvalidInput(f"{what} is empty")
    if len(_utf8(text, what)) > MAX_TEXT:
        raise InvalidInput(f"{what} has more than {MAX_TEXT:,} bytes: split it into several messages")


def check_reason(reason: object) -> None:
    """`InvalidInput` unless it is None or a text of at most 1 MiB."""
    if reason is None:
        return
    if not isinstance(reason, str):
        raise InvalidInput(f"the reason must be a text, not {type(reason).__name__}")
    if len(_utf8(reason, "the reason")) > MAX_TEXT:
        raise InvalidInput(f"the reason has more than {MAX_TEXT:,} bytes")


def check_name(name: object, what: str) -> None:
    """`InvalidInput` unless it is a visible text of at most 512 characters without control characters."""
    if not isinstance(name, str):
        raise InvalidInput(f"{what} must be a text, not {type(name).__name__}")
    if name.isascii() and name.isprintable() and len(name) <= MAX_NAME and not name.isspace() and name:
        return
    _utf8(name, what)
    if not name.translate(INVISIBLE).strip():
        raise InvalidInput(f"{what} is empty" + (f": {shown(name)} has nothing visible in it" if name else ""))
    if len(name) > MAX_NAME:
        raise InvalidInput(f"{what} has {len(name)} characters; {MAX_NAME} at most")
    if any(unicodedata.category(char) == "Cc" and not char.isspace() for char in name):
        raise InvalidInput(f"{what} has a control character: {shown(name)}")


def check_source(source: object, what: str) -> None:
    """`check_name` of a source, or of a part of one: the number that we gave it is none of its characters."""
    check_name(_NUMBERED.sub("", source) if isinstance(source, str) and len(source) > MAX_NAME else source, what)


def check_limit(limit: object, name: str = "limit") -> int | None:
    """None, or `check_count`."""
    return None if limit is None else check_count(limit, name)


def check_count(count: object, name: str) -> int:
    """The count, of one beyond what any store holds as much as that; `InvalidInput` unless it is at least 1."""
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise InvalidInput(f"{name} must be a whole number of at least 1, not {shown(count)}")
    return min(count, MAX_COUNT)


def _utf8(text: str, what: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InvalidInput(f"{what} has half a character (a lone surrogate) at {error.start}") from None
