"""Thresholds at which a few dozen facts are a large namespace."""

from collections.abc import Callable
from typing import Any

from triplemem.stores.neo4j import bulk, copying, journal

SIZES = (
    (bulk, "LARGE", 10),
    (bulk, "WIPE", 40),
    (bulk, "SETTLE_SECONDS", 0),
    (copying, "PAGE", 15),
    (journal, "ROWS", 20),
)


def make_small(put: Callable[[Any, str, Any], None] = setattr) -> None:
    """Set them."""
    for module, name, value in SIZES:
        put(module, name, value)
