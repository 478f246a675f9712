"""What the arms of recall found in one namespace, before it is weighed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from triplemem.core.rows import EpisodeRow, FactRow

FACT, EPISODE = "fact", "episode"

Key = tuple[str, int]


@dataclass(slots=True)
class Found:
    """The candidates of one namespace: their rows, and what each arm says of them."""

    facts: dict[int, FactRow] = field(default_factory=dict)
    episodes: dict[int, EpisodeRow] = field(default_factory=dict)
    keys: set[Key] = field(default_factory=set)
    held: dict[Key, set[str]] = field(default_factory=dict)
    """The words of the question that each holds."""
    df: dict[str, int] = field(default_factory=dict)
    among: int = 0
    """How many rows hold each word, and how many any of them, of those looked at."""
    near: dict[Key, float] = field(default_factory=dict)
    graph: dict[int, float] = field(default_factory=dict)
    stating: set[int] = field(default_factory=set)
    """The episodes that state something."""
    links: set[tuple[int, int]] = field(default_factory=set)
    """Which fact rests on which episode."""
    beside: dict[int, dict[int, int]] = field(default_factory=dict)
    """The episodes beside each, by how many turns later they are; those before it have a number below zero."""

    def says_more(self, turn: int, facts: Iterable[int]) -> bool:
        """Does a turn hold words of the question that none of these facts holds?"""
        held = self.held.get((EPISODE, turn), set())
        return bool(held.difference(*(self.held.get((FACT, fact), ()) for fact in facts)))
