"""Random histories through the public API: what was once answered stays the answer, and every derived row is sound."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from triplemem import InvalidInput, InvalidTime, Memory, NotFound, ScriptedExtractor, Triplet, connect

PREDICATES = ["lives_in", "leads", "married_to", "likes", "works_at", "keeps"]
NAMES = ["a", "b", "c", "d", "Ann"]
CARDINALITIES = ["many", "one_object", "one_subject", "one_to_one"]
STEPS = 14


def day(number: int) -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number * 10)


class History:
    """One random life of a memory; `asked` keeps what was answered, and when it was known."""

    def __init__(self, seed: int, home: Path) -> None:
        self.dice, self.home = random.Random(seed), home
        self.now = datetime(2026, 6, 1, tzinfo=UTC)
        self.store = connect("sqlite://", extractor=ScriptedExtractor([]), clock=lambda: self.now)
        self.memory, self.admin = self.store.memory("x"), self.store.admin()
        self.asked: list[tuple[datetime, datetime, list[Any]]] = []
        self.log: list[str] = []

    def times(self) -> dict[str, Any]:
        dice = self.dice
        first = dice.randrange(25)
        kinds: list[dict[str, Any]] = [
            {},
            {},
            {},
            {"valid_from": day(first)},
            {"valid_from": day(first), "valid_to": day(first + 1 + dice.randrange(8))},
            {"during": (day(first), day(first + 1 + dice.randrange(5)))},
            {"valid_to": day(dice.randrange(40))},
            {"ended": True},
            {"observed_at": day(first)},
            {"together": "t"},
        ]
        return dice.choice(kinds)

    def add(self) -> None:
        count = self.dice.choice([1, 1, 2, 3])
        said = []
        for _ in range(count):
            one, other = self.dice.sample(NAMES, 2)
            said.append(Triplet(one, self.dice.choice(PREDICATES), other, **self.times()))
        self.memory.add_triplets(said, occurred_at=self.dice.choice([None, None, day(self.dice.randrange(25))]))

    def some_fact(self) -> Any:
        facts = self.memory.history()
        return self.dice.choice(facts) if facts else None

    def end(self) -> None:
        if fact := self.some_fact():
            self.memory.end(fact, at=self.dice.choice([None, None, day(self.dice.randrange(30))]))

    def reject(self) -> None:
        if fact := self.some_fact():
            self.memory.reject(fact)

    def allow(self) -> None:
        if stones := self.memory.tombstones():
            self.memory.allow(self.dice.choice(stones))

    def retract(self) -> None:
        if fact := self.some_fact():
            told = self.memory.explain(fact)
            left = [one for one in [*told.claims, *told.ended_by, *told.retractions] if one.retracted_at is None]
            if left:
                self.memory.retract(self.dice.choice(left))

    def merge(self) -> None:
        self.memory.merge(*self.dice.sample(NAMES, 2))

    def split(self) -> None:
        known = [entity for entity in self.memory.entities() if entity.aliases]
        if known:
            entity = self.dice.choice(known)
            self.memory.split(entity, self.dice.choice(entity.aliases))

    def define(self) -> None:
        synonyms = self.dice.choice([(), (), ("likes",), ("works_at",)])
        self.memory.predicates.define(
            self.dice.choice(PREDICATES), cardinality=self.dice.choice(CARDINALITIES), synonyms=synonyms
        )

    def erase(self) -> None:
        self.asked.clear()  # erasing rewrites history, and nothing else does
        fact, episodes = self.some_fact(), self.memory.episodes()
        if fact and self.dice.random() < 0.5:
            self.memory.erase(fact=fact)
        elif episodes:
            self.memory.erase(episode=self.dice.choice(episodes))

    def step(self) -> None:
        self.now += timedelta(days=self.dice.choice([-3, 0, 0, 1, 5, 20]))
        verbs: list[Callable[[], None]] = [
            *[self.add] * 7, self.end, self.end, self.reject, self.allow, self.retract, self.retract,
            self.merge, self.split, self.define, self.erase,
        ]  # fmt: skip
        verb = self.dice.choice(verbs)
        self.log.append(verb.__name__)
        try:
            verb()
        except (InvalidInput, InvalidTime, NotFound) as error:
            self.log.append(f"  {error}")

    def answers(self, as_of: datetime, known_at: datetime) -> list[Any]:
        facts = self.memory.facts(as_of=as_of, known_at=known_at, include_ended=True)
        return sorted((fact.id, fact.periods, fact.state, fact.support, fact.superseded_by) for fact in facts)

    def check(self) -> None:
        assert self.admin.check() == [], self.log
        for as_of, known_at, answer in self.asked:
            assert self.answers(as_of, known_at) == answer, (self.log, as_of, known_at)

    def ask(self) -> None:
        last = self.memory._space.engine.read("x", lambda view: view.namespace.recorded_at)
        if last:
            known_at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=last)
            as_of = day(self.dice.randrange(35))
            self.asked.append((as_of, known_at, self.answers(as_of, known_at)))


def pages(memory: Memory, size: int, **asked: Any) -> list[Any]:
    found: list[Any] = []
    while page := memory.facts(limit=size, after=found[-1].id if found else None, **asked):
        assert len(page) <= size
        found += page
    return found


def told(memory: Memory) -> list[Any]:
    return [(f.id, f.text, f.periods, f.state, f.support, f.superseded_by) for f in memory.history()]


@pytest.mark.parametrize("seed", range(60))
def test_what_was_answered_stays_answered_and_every_row_is_sound(seed: int, tmp_path: Path) -> None:
    history = History(seed, tmp_path)
    for _ in range(STEPS):
        history.step()
        history.check()
        history.ask()
    for as_of, known_at, _ in [(None, None, None), (day(20), None, None), *history.asked[-3:]]:
        for ended in (False, True):
            asked = {"as_of": as_of, "known_at": known_at, "include_ended": ended}
            assert pages(history.memory, 2, **asked) == history.memory.facts(**asked), history.log
    history.memory.export(tmp_path / "out.jsonl")
    copy = history.store.memory("copy")
    copy.import_(tmp_path / "out.jsonl")
    assert told(copy) == told(history.memory), history.log
    before = told(history.memory)
    history.admin.rebuild("x")
    assert told(history.memory) == before, history.log
    history.check()
    history.store.close()
