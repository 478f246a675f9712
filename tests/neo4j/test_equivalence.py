"""SQLite, Neo4j and a list-based reference live the same random lives, and answer every question alike."""

import random
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conformance.test_reference import CARDINALITIES, NAMES, PREDICATES, Life, day, told
from tests.neo4j.corner import corner
from tests.neo4j.server import Server
from tests.neo4j.twins import Read, Twins, pin_randomness
from triplemem import (
    Extraction,
    ExtractionRequest,
    InvalidInput,
    InvalidTime,
    NotFound,
    ProposedClaim,
    ProposedEnd,
    ProposedRetraction,
    Triplet,
)
from triplemem.stores.neo4j import storage

SHARE = settings.get_profile(settings.get_current_profile_name()).max_examples
EXAMPLES = max(3, SHARE // 20)
STEPS = 12
QUESTIONS = 2
# A life is not shrunk: that would take minutes on a server. What failed is told with what came before it.
ALIKE = settings(
    max_examples=EXAMPLES,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
WHAT_IT_DOES = [
    "reject allow message message",
    "message reject revise define define",
    "message reject merge merge split define",
    "message message revise erase",
]
Open = Callable[[Read, Callable[[], datetime]], Twins]


@pytest.fixture
def open_twins(neo4j_server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Opens two new stores that hand out the same numbers."""
    user, password = neo4j_server.auth
    monkeypatch.setenv("TRIPLEMEM_USER", user)
    monkeypatch.setenv("TRIPLEMEM_PASSWORD", password or "none")
    pin_randomness(monkeypatch)
    opened: list[Twins] = []

    def open_(read: Read, clock: Callable[[], datetime], **options: Any) -> Twins:
        with patch.object(storage, "Neo4jStorage", corner()):
            opened.append(Twins(("sqlite://", neo4j_server.uri), read, clock, **options))
        return opened[-1]

    yield open_
    for twins in opened:
        twins.close()


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    return lambda: tmp_path_factory.mktemp("moved")


@ALIKE
@given(dice=st.randoms(use_true_random=False), doing=st.sampled_from(WHAT_IT_DOES))
def test_both_stores_believe_what_the_reference_believes(open_twins: Open, dice: random.Random, doing: str) -> None:
    life = Life(open_twins, dice, doing)
    try:
        life.live(between=4)
        told(life.memory)
    finally:
        life.store.close()


class Wide:
    """A life with every verb there is, and questions at any two times."""

    def __init__(self, open_: Open, dice: random.Random, home: Path) -> None:
        self.dice, self.home, self.now, self.count = dice, home, 100, 0
        self.store = open_(self.read, lambda: day(self.now))
        self.memory, self.other, self.admin = self.store.memory("x"), self.store.memory("y"), self.store.admin()
        self.both = self.store.memory("x", reads=["y"])
        self.log: list[str] = []
        for memory in (self.memory, self.other):
            memory.prompts.create("p", "Help {name}. Mind a.")

    # what is said

    def times(self) -> dict[str, Any]:
        first, ahead = day(self.dice.randrange(60, 140)), day(self.now + self.dice.randrange(1, 20))
        later = day(141 + self.dice.randrange(20))
        kinds: list[dict[str, Any]] = [
            {}, {}, {}, {"valid_from": first}, {"valid_from": first, "valid_to": later}, {"during": (first, later)},
            {"valid_to": first}, {"observed_at": first}, {"ended": True}, {"ended": True, "valid_to": first},
            {"valid_from": ahead}, {"valid_from": ahead, "valid_to": day(self.now + 30)}, {"together": "t"},
        ]  # fmt: skip
        return self.dice.choice(kinds)

    def triplet(self) -> Triplet:
        one, other = self.dice.sample(NAMES, 2)
        kinds = self.dice.choice([{}, {}, {"subject_kind": "person"}, {"object_kind": "team", "context": "at work"}])
        return Triplet(one, self.dice.choice(PREDICATES), other, **self.times(), **kinds)

    def said(self) -> list[Triplet]:
        return [self.triplet() for _ in range(self.dice.choice([1, 1, 2, 3]))]

    def read(self, request: ExtractionRequest) -> Extraction:
        if self.dice.random() < 0.1:
            raise RuntimeError("the model is away")
        claims, ends, gone = [], [], []
        known = [fact.id for fact in request.known]
        for n in range(len(request.episodes)):
            for triplet in self.said():
                ended, wrong = ([one for one in known if self.dice.random() < share] for share in (0.2, 0.1))
                claims.append(ProposedClaim(triplet, episode=n, ends=tuple(ended), corrects=tuple(wrong)))
            ends += [ProposedEnd(one, episode=n) for one in known if self.dice.random() < 0.1]
            gone += [ProposedRetraction(one, episode=n) for one in known if self.dice.random() < 0.1]
        same = [tuple(self.dice.sample(NAMES, 2))] if self.dice.random() < 0.1 else []
        return Extraction(claims=tuple(claims), ends=tuple(ends), retractions=tuple(gone), same_as=tuple(same))  # type: ignore[arg-type]

    def when(self) -> datetime | None:
        return self.dice.choice([None, None, day(self.dice.randrange(60, 140))])

    def add_triplets(self) -> None:
        source = self.dice.choice([None, None, "s1", "s2"])
        memory = self.dice.choice([self.memory, self.memory, self.other])
        memory.add_triplets(self.said(), occurred_at=self.when(), source_id=source)

    def add(self) -> None:
        dice, self.count = self.dice, self.count + 1
        messages = [
            f"message {self.count} of {' and '.join(dice.sample(NAMES, 2))}" for _ in range(dice.choice([1, 2]))
        ]
        self.memory.add(
            messages,
            speaker=dice.choice([None, "ann", "a"]),
            session=dice.choice([None, "monday", "tuesday"]),
            occurred_at=self.when(),
            wait=dice.random() < 0.7,
        )

    def revise(self) -> None:
        self.count += 1
        self.memory.add(f"note {self.count} about a and b", session="monday", source_id="note", occurred_at=self.when())

    def process(self) -> None:
        self.memory.process(limit=self.dice.choice([None, 1]))

    # what is gone through

    def experience(self) -> None:
        dice, memory = self.dice, self.memory
        self.count += 1
        links = {"episodes": memory.episodes()[-2:], "facts": memory.facts()[:1]} if dice.random() < 0.7 else {}
        words = f"task {self.count} of {dice.choice(NAMES)}"
        memory.experiences.record(
            words, "", f"ask {dice.choice(NAMES)}", "", **links, session=dice.choice([None, "monday"])
        )

    def trace(self) -> None:
        self.count += 1
        with self.memory.experiences.trace(f"errand {self.count}", session="tuesday") as trace:
            trace.step("think", f"go to {self.dice.choice(NAMES)}")
            trace.tool("walk", {"to": [self.dice.choice(NAMES)]}, result="there", seconds=0.5)
            trace.result("done", score=self.dice.choice([None, 0.2]))

    def score(self) -> None:
        self.memory.experiences.score(self.some(self.memory.experiences.list()), self.dice.choice([0.0, 0.9]))

    def forget(self) -> None:
        self.memory.experiences.erase(self.some(self.memory.experiences.list()))

    # what is corrected

    def some(self, among: list[Any]) -> Any:
        if not among:
            raise NotFound("nothing to choose from")
        return self.dice.choice(among)

    def end(self) -> None:
        self.memory.end(self.some(self.memory.history()), at=self.when(), reason="because")

    def reject(self) -> None:
        self.memory.reject(self.some(self.memory.history()), reason="never was")

    def allow(self) -> None:
        self.memory.allow(self.some(self.memory.tombstones()))

    def allow_fact(self) -> None:
        self.memory.allow(self.some(self.memory.history()))

    def retract(self) -> None:
        told = self.memory.explain(self.some(self.memory.history()))
        self.memory.retract(self.some([*told.claims, *told.ended_by, *told.retractions]))

    def merge(self) -> None:
        self.memory.merge(*self.dice.sample(NAMES, 2))

    def split(self) -> None:
        entity = self.some([one for one in self.memory.entities() if one.aliases])
        self.memory.split(entity, self.dice.choice(entity.aliases))

    def define(self) -> None:
        dice = self.dice
        self.memory.predicates.define(
            dice.choice(PREDICATES),
            cardinality=dice.choice(CARDINALITIES),
            synonyms=dice.choice([(), ("keeps",)]),
            symmetric=dice.random() < 0.2,
        )

    def erase(self) -> None:
        memory, what = self.memory, self.dice.randrange(6)
        if what == 0:
            memory.erase(fact=self.some(memory.history()))
        elif what == 1:
            memory.erase(episode=self.some(memory.episodes()))
        elif what == 2:
            memory.erase(entity=self.some(memory.entities()))
        elif what == 3:
            memory.erase(session=self.dice.choice(["monday", "tuesday"]))
        elif what == 4:
            memory.erase(source_id=self.dice.choice(["s1", "note"]))
        else:
            memory.erase(before=day(self.dice.randrange(60, 100)))

    def instruct(self) -> None:
        self.count += 1
        prompts, what = self.dice.choice([self.memory, self.other]).prompts, self.dice.randrange(4)
        if what == 0:
            condition = self.dice.choice([None, f"it is about {self.dice.choice(NAMES)}"])
            prompts.rules.add("p", f"Ask {self.dice.choice(NAMES)}. Then wait.", when=condition)
        elif what == 1:
            prompts.rules.remove(self.some(prompts.rules.list("p")), reason="enough")
        elif what == 2:
            prompts.write("p", f"Text {self.count} of {{name}}. {self.dice.choice(NAMES)} said so.")
        else:
            prompts.rollback("p", to=self.dice.choice([1, 2, 3]))

    def import_(self) -> None:
        self.other.export(self.home / "other.jsonl")
        self.memory.import_(self.home / "other.jsonl")

    def rebuild(self) -> None:
        self.admin.rebuild("x")

    def erase_namespace(self) -> None:
        self.admin.erase_namespace("y")

    # what is asked; that both answer alike is checked where they are called

    def ask(self, as_of: datetime | None, known_at: datetime | None) -> None:
        memory, times = self.both if self.dice.random() < 0.3 else self.memory, {"as_of": as_of, "known_at": known_at}
        memory.facts(**times)
        memory.facts(**times, include_ended=True)
        name, predicate = self.dice.choice(NAMES), self.dice.choice(PREDICATES)
        memory.history(known_at=known_at)
        memory.graph(**times, include_ended=True)
        memory.recall(f"{name} {predicate} {self.dice.choice(NAMES)}", 50, **times)
        self.ask_more(memory, name, predicate, times)

    def ask_more(self, memory: Any, name: str, predicate: str, times: dict[str, Any]) -> None:
        questions: list[Callable[[], Any]] = [
            lambda: memory.facts(subject=name, **times, include_ended=True),
            lambda: memory.facts(object=name, predicate=predicate, **times),
            lambda: memory.history(subject=name, object=self.dice.choice(NAMES)),
            lambda: memory.facts(predicate=predicate, **times, limit=2, include_ended=True),
            lambda: memory.graph(**times, center=name, depth=self.dice.choice([1, 2])),
            lambda: memory.recall(f"message {name}", 5, **times, session="monday"),
            lambda: memory.recall(f"{name} about", 5, **times, speaker="ann", predicate=predicate),
            lambda: memory.recall(name, 5, **times, entity_kind="team", kinds=("fact",)),
            lambda: memory.recall(name, 5, **times, since=day(80), until=day(120)),
            lambda: memory.context(f"what of {name}?", **times),
            lambda: memory.entities(name=name),
            lambda: memory.entities(kind="person"),
            lambda: memory.episodes(session="monday", since=day(70)),
            lambda: memory.episodes(limit=2, after=self.some(memory.episodes()).id),
            lambda: memory.sessions(known_at=times["known_at"]),
            lambda: memory.session("monday").summary(self.dice.choice([30, 60, 1000])),
            lambda: memory.experiences.recall(f"task of {name}", known_at=times["known_at"]),
            lambda: memory.experiences.explain(self.some(memory.experiences.list())),
            lambda: memory.facts(include_ended=True, limit=2, after=self.some(memory.facts(include_ended=True)).id),
        ]
        for question in self.dice.sample(questions, 6):
            self.tried(question)

    def tried(self, verb: Callable[[], Any]) -> None:
        try:
            verb()
        except (InvalidInput, InvalidTime, NotFound) as error:
            self.log.append(f"  {error}")

    def ask_everything(self) -> None:
        for memory in (self.memory, self.other):
            told(memory)
            memory.predicates.list()
            memory.experiences.list()
            if memory.prompts.list():
                memory.prompts.history("p")
                memory.prompts.rules.list("p")
                memory.prompts.render("p", {"name": "x"}, query=f"what of {self.dice.choice(NAMES)}?")
        for _ in range(QUESTIONS):
            as_of = self.dice.choice([None, day(self.dice.randrange(50, 180))])
            known_at = self.dice.choice([None, day(self.dice.randrange(95, self.now + 1 if self.now > 95 else 96))])
            self.ask(as_of, known_at)
        assert self.admin.check() == []

    def live(self, steps: int) -> None:
        verbs: list[Callable[[], None]] = [
            *[self.add_triplets] * 5, *[self.add] * 4, self.revise, self.process, self.end, self.end, self.reject,
            self.allow, self.allow_fact, self.retract, self.retract, self.merge, self.split, self.define, self.erase,
            self.import_, self.rebuild, self.erase_namespace, self.instruct, self.instruct, self.experience,
            self.experience, self.trace, self.score, self.forget,
        ]  # fmt: skip
        for _ in range(steps):
            self.now += self.dice.choice([-3, 0, 0, 1, 1, 5, 20])
            verb = self.dice.choice(verbs)
            self.log.append(verb.__name__)
            self.tried(verb)
            if self.dice.random() < 0.1:
                self.ask_everything()
        self.ask_everything()


@ALIKE
@given(dice=st.randoms(use_true_random=False))
def test_both_stores_answer_every_question_alike(
    open_twins: Open, dice: random.Random, folder: Callable[[], Path]
) -> None:
    life = Wide(open_twins, dice, folder())
    try:
        life.live(STEPS)
        move_across(life)
    finally:
        life.store.close()


def move_across(life: Wide) -> None:
    """What one store exports, the other imports, and answers as the first one did."""
    stores, files = life.store.stores, [life.home / "first.jsonl", life.home / "second.jsonl"]
    for store, file in zip(stores, files, strict=True):
        store.memory("x").export(file)
    assert sorted(files[0].read_text("utf-8").splitlines()) == sorted(files[1].read_text("utf-8").splitlines())
    for store, file in zip(stores, reversed(files), strict=True):
        store.memory("x copy").import_(file)
    copy = told(life.store.memory("x copy"))
    assert [one[1:] for one in copy[2]] == [one[1:] for one in told(life.memory)[2]]
    assert life.admin.check() == []
