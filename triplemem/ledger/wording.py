"""A fact in words, as the shipped predicates say it."""

from __future__ import annotations

from triplemem.core.render import fact_text
from triplemem.resources import shipped_phrases


def worded(subject: str, predicate: str, object: str) -> str:
    """The names, and between them how the predicate is said: "Ann works at Acme"."""
    return fact_text(subject, predicate, object, shipped_phrases().get(predicate))
