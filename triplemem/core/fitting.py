"""A model's answer as an instance of the schema that was asked for. What does not fit is told without its words."""

from __future__ import annotations

import json
import re
from typing import Any

_FENCED = re.compile(r"```(?:json)?\s*+(.*?)```", re.S)
_OPENED = re.compile(r"\{\s*[\"}]")
"""A brace that may open a JSON object: others stand in prose."""
MAX_FAULTS = 3


class Unfit(ValueError):
    """The answer does not fit the schema; the message says where, and holds nothing of the answer."""


def fitted(schema: Any, text: str) -> Any:
    """The answer as an instance of ``schema``, a pydantic model class, or `Unfit`.

    Models that are not held to a schema put their JSON between fences or sentences: what is around it is ignored.
    """
    said = json_object(text)
    if not said:
        raise Unfit("there was no JSON object in it")
    try:
        return schema.model_validate_json(said)
    except ValueError as error:
        raise Unfit(_told(error)) from None  # the error's own text repeats what was answered


def json_object(text: str) -> str:
    """The JSON object in a text, the longest where there are several; empty if there is none.

    What a model thought aloud before it answered is passed over.
    """
    said = text.strip()
    if not said.startswith(("{", "`")):
        said = said.rpartition("</think>")[2] or said
    fenced = _FENCED.search(said)
    said = fenced[1] if fenced and "{" in fenced[1] else said
    start, end = said.find("{"), said.rfind("}")
    whole = said[start : end + 1] if 0 <= start < end else ""
    return max(_objects(whole), key=len, default=whole)


def _objects(said: str) -> list[str]:
    """The JSON objects in a text that stand side by side; none if one of them is broken."""
    found: list[str] = []
    match = _OPENED.search(said)
    while match:
        try:
            end = json.JSONDecoder().raw_decode(said, match.start())[1]
        except (ValueError, RecursionError):
            return []
        found.append(said[match.start() : end])
        match = _OPENED.search(said, end)
    return found


def _told(error: ValueError) -> str:
    """Where a pydantic error lies, and of what kind it is."""
    errors = getattr(error, "errors", None)
    if errors is None:
        return "it was not JSON"
    found = errors(include_url=False, include_context=False, include_input=False)
    told = [f"{'.'.join(map(str, one['loc'])) or 'the answer'}: {one['type']}" for one in found[:MAX_FAULTS]]
    return "; ".join(told) + (f"; and {len(found) - MAX_FAULTS} more" if len(found) > MAX_FAULTS else "")
