"""JSON Lines. A line ends at a line feed and nowhere else: a text within one may hold U+2028 and its like as it is."""

from __future__ import annotations

import json
from typing import Any

from triplemem.errors import InvalidInput


def json_object(line: str, where: str, like: str) -> dict[str, Any]:
    """The object of a line; `InvalidInput` says where there is none, and what one is like."""
    try:
        value: object = json.loads(line)
    except json.JSONDecodeError as error:
        raise InvalidInput(f"{where} is not JSON: {error.msg} at column {error.colno}") from error
    except (ValueError, RecursionError) as error:  # a number of too many digits, or nested too deeply
        raise InvalidInput(f"{where} is not JSON that can be read: {error}") from error
    if not isinstance(value, dict):
        raise InvalidInput(f"{where} must be a JSON object, not {type(value).__name__}: such as {like}")
    return value
