"""Questions in the store's own language: what is bound, and how far they may go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from triplemem.core import namespaces
from triplemem.core.answers import Answer, Question
from triplemem.core.numeric import finite
from triplemem.core.shown import shown
from triplemem.errors import InvalidInput
from triplemem.ledger.engine import Engine

BOUND = ("namespace", "now")
"""Parameters that every query has: the namespace's path, and the time in microseconds since 1970."""
MAX_ROWS = 1_000_000
MAX_SECONDS = 3600.0


def ask(
    engine: Engine,
    query: str,
    parameters: object,
    namespace: tuple[str, ...] | None,
    *,
    limit: int,
    timeout: float,
    everywhere: bool,
) -> Answer:
    """The rows of a query that only reads, at most ``limit``; without a namespace it has to be ``everywhere``."""
    _check(query, limit, timeout)
    if namespace is None and not everywhere:
        raise InvalidInput("name a namespace, or ask across all of them")
    path = None if namespace is None else namespaces.path(namespace)
    bound = _bound(parameters, path, engine.now_us())
    return engine.storage.ask(Question(query, bound, path, limit, float(timeout), everywhere))


def _check(query: object, limit: object, timeout: object) -> None:
    if not isinstance(query, str):
        raise InvalidInput(f"a query is a text, not {shown(query)}")
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= MAX_ROWS:
        raise InvalidInput(f"limit must be a whole number from 1 to {MAX_ROWS:,}, not {shown(limit)}")
    if not finite(timeout) or not 0 < timeout <= MAX_SECONDS:
        raise InvalidInput(f"timeout must be more than 0 and at most {MAX_SECONDS:g} seconds, not {shown(timeout)}")


def _bound(parameters: object, path: str | None, now: int) -> dict[str, Any]:
    if not isinstance(parameters, Mapping) or not all(isinstance(name, str) for name in parameters):
        raise InvalidInput(f"parameters are a map of names to values, not {shown(parameters)}")
    for name in BOUND:
        if name in parameters:
            raise InvalidInput(f"${name} is bound already: -n names the namespace, and $now is the time")
    bound = {**parameters, "now": now}
    return bound if path is None else {**bound, "namespace": path}
