"""The story that the demo tells, as data: the shipped chat read through the public API, then asked and corrected."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from triplemem.core.render import fact_line
from triplemem.resources import demo_chat
from triplemem.types import Change, Correction, Explanation, Fact, Message, Refusal

if TYPE_CHECKING:
    from triplemem.memory import Memory

NAMESPACE = "demo/tidewater"
MARCH = datetime(2026, 3, 15, tzinfo=UTC)
TOLD = ("leads", "lives_in", "works_at", "due_on")
"""The predicates that the demo shows; there is more in the store."""
QUESTION = "Who leads ML, and where does Emil live?"
JOKE = "Bob lives in Atlantis now."
CONTEXT_TOKENS = 55


class Clock:
    """The chat's own time, so that what was believed then is what was known then."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """The time of the message that was read last."""
        return self.now


@dataclass(frozen=True, slots=True)
class Told:
    """A fact, and the line that says since when or until when it holds."""

    fact: Fact
    line: str


@dataclass(frozen=True, slots=True)
class Belief:
    """A fact of which we learned only later that it held in March, and what we believed in its place then."""

    true: Told
    believed: list[Told]
    learned: datetime


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that the demo prints."""

    messages: int
    sessions: int
    since: datetime
    until: datetime
    facts: int
    changes: list[Change]
    now: list[Told]
    march: list[Told]
    late: list[Belief]
    why: Explanation
    before: list[Told]
    joke: Explanation
    retracted: Correction
    rejected: Correction
    refused: list[Refusal]
    again: list[Told]
    context: str


def chat() -> list[dict[str, Any]]:
    """The messages of the shipped chat, in order."""
    return [json.loads(line) for line in demo_chat().splitlines() if line]


def read_chat(memory: Memory, clock: Clock) -> None:
    """Read the chat, session by session, each when it took place."""
    for session, lines in groupby(chat(), key=itemgetter("session")):
        messages = [
            Message(line["text"], speaker=line["speaker"], occurred_at=datetime.fromisoformat(line["occurred_at"]))
            for line in lines
        ]
        clock.now = messages[-1].occurred_at or clock.now
        memory.add(messages, session=session)


def tell(memory: Memory, clock: Clock) -> Story:
    """Read the chat into an empty memory, ask it, and correct it."""
    read_chat(memory, clock)
    messages = chat()
    since, until = (datetime.fromisoformat(messages[place]["occurred_at"]) for place in (0, -1))
    changes = [change for change in memory.changes(since) if change.kind == "ended"]
    facts = memory.history()
    now = told(memory.facts(), facts, until)
    march = told(memory.facts(as_of=MARCH), facts, MARCH)
    late = list(_late(memory))
    why = memory.explain(_one(memory, subject="Bob", predicate="leads"))
    before = told((fact for fact in facts if fact.id in why.supersedes), facts, until)

    clock.now += timedelta(minutes=5)
    joke = memory.explain(_one(memory, subject="Bob", object="Atlantis"))
    retracted = memory.retract(joke.claims[0], reason="a joke")
    clock.now += timedelta(minutes=5)
    memory.add(JOKE, speaker="Emil")
    rejected = memory.reject(joke.fact, reason="still a joke")
    clock.now += timedelta(minutes=5)
    refused = memory.add(JOKE, speaker="Noor").refused
    return Story(
        messages=len(messages),
        sessions=len(Counter(line["session"] for line in messages)),
        since=since,
        until=until,
        facts=len(facts),
        changes=changes,
        now=now,
        march=march,
        late=late,
        why=why,
        before=before,
        joke=joke,
        retracted=retracted,
        rejected=rejected,
        refused=refused,
        again=told(retracted.reopened, facts, until),
        context=memory.context(QUESTION, max_tokens=CONTEXT_TOKENS),
    )


def told(facts: Iterable[Fact], known: Iterable[Fact], at: datetime) -> list[Told]:
    """The facts that the demo shows, by predicate and name, each with its line as seen from ``at``."""
    by_id = {fact.id: fact for fact in known}
    shown = sorted(
        (fact for fact in facts if fact.predicate in TOLD),
        key=lambda fact: (TOLD.index(fact.predicate), fact.subject.name, fact.object.name),
    )
    return [Told(fact, fact_line(fact, now=at, successor=_successor(fact, by_id))) for fact in shown]


def _successor(fact: Fact, by_id: dict[str, Fact]) -> str | None:
    after = by_id.get(fact.superseded_by or "")
    if after is None:
        return None
    return (after.subject if after.object.id == fact.object.id else after.object).name


def _late(memory: Memory) -> Iterable[Belief]:
    """What held in March and was not known then."""
    true, believed = memory.facts(as_of=MARCH), memory.facts(as_of=MARCH, known_at=MARCH)
    ids, known = {fact.id for fact in true}, {fact.id for fact in believed}
    for fact in told(true, true, MARCH):
        if fact.fact.id not in known:
            key = (fact.fact.subject.id, fact.fact.predicate)
            wrong = [one for one in believed if (one.subject.id, one.predicate) == key and one.id not in ids]
            claims = memory.explain(fact.fact).claims
            yield Belief(fact, told(wrong, wrong, MARCH), min(claim.recorded_at for claim in claims))


def _one(memory: Memory, **about: Any) -> Fact:
    (fact,) = memory.facts(**about)
    return fact
