"""JSON schemas as servers that hold a model to them take them: every object closed, nothing but structure."""

from __future__ import annotations

from typing import Any

_KEPT = ("$ref", "type", "enum", "const", "description")


def strict(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema without titles, defaults and limits, which servers refuse, its properties in their order."""
    closed: dict[str, Any] = {key: schema[key] for key in _KEPT if key in schema}
    if "items" in schema:
        closed["items"] = strict(schema["items"])
    if "anyOf" in schema:
        closed["anyOf"] = [strict(one) for one in schema["anyOf"]]
    if schema.get("type") == "object":
        closed["properties"] = {name: strict(one) for name, one in schema.get("properties", {}).items()}
        closed["required"] = list(schema.get("required", ()))
        closed["additionalProperties"] = False
    if "$defs" in schema:
        closed["$defs"] = {name: strict(one) for name, one in schema["$defs"].items()}
    return closed
