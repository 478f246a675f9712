"""Sessions summarised and distilled with recorded answers."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.models.recorded.groups import Groups, Recorded
from tests.sessions.cases import INCIDENT, LATER, SMALL_TALK
from triplemem import Experience, Memory

BUDGET = 300
BEGIN = datetime(2026, 3, 9, 8, tzinfo=UTC)


def told(memory: Memory, session: str, turns: Sequence[dict[str, Any]], begin: datetime = BEGIN) -> None:
    """Store the turns, one every two minutes."""
    for n, turn in enumerate(turns):
        memory.add([turn], session=session, occurred_at=begin + timedelta(minutes=2 * n), wait=False)


def opened(model: Recorded) -> Memory:
    """A memory of these turns alone."""
    return Memory.open("sqlite://", namespace="ops", model=model, extractor="grammar")


def summaries(model: Recorded) -> list[str]:
    """A session's summary, and that of the same session two days later, extended by one call."""
    with opened(model) as memory:
        told(memory, "incident", INCIDENT)
        first = memory.session("incident").summary(BUDGET)
        told(memory, "incident", LATER, BEGIN + timedelta(days=2))
        return [first, memory.session("incident").summary(BUDGET)]


def lessons(turns: Sequence[dict[str, Any]], model: Recorded) -> list[Experience]:
    """What a session taught."""
    with opened(model) as memory:
        told(memory, "incident", turns)
        return memory.experiences.distil("incident")


GROUPS = Groups(
    Path(__file__).parent / "answers",
    {
        "summaries": summaries,
        "incident": lambda model: lessons(INCIDENT, model),
        "small_talk": lambda model: lessons(SMALL_TALK, model),
    },
)
