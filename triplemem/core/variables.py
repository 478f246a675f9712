"""The variables of a prompt: which braces are one, and what stands in their place when it is rendered.

A variable is an identifier between single braces: ``{name}``. ``{{name}}`` is the text ``{name}``. All other braces are
text as they stand, so that a prompt may show JSON (``{"a": 1}``), code or a set without escaping anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from triplemem.errors import InvalidInput

_VARIABLE = re.compile(r"(?<!\{)\{(?P<literal>\{[^\W\d]\w*\})\}(?!\})|\{(?P<name>[^\W\d]\w*)\}")


def variables(text: str) -> tuple[str, ...]:
    """The names of the variables of a text, each once, in the order in which they come."""
    return tuple(dict.fromkeys(match["name"] for match in _VARIABLE.finditer(text) if match["name"]))


def fill(text: str, values: Mapping[str, object] | None = None) -> str:
    """The text with its variables replaced, in one pass: braces in a value are text.

    A value is a text, or is written as `str` writes it; one that nobody asks for is left alone. `InvalidInput` names
    every variable that has no value, or None for one.
    """
    given = values or {}
    missing = [name for name in variables(text) if given.get(name) is None]
    if missing:
        said = ", ".join(map(repr, missing))
        raise InvalidInput(f"no value for {said}: give one for each variable of the prompt")
    return _VARIABLE.sub(lambda match: match["literal"] or str(given[match["name"]]), text)
