"""Random lives through the public API, held against a list-based shadow and the reference of the time engine."""

import os
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.shadow import About, Claim, Shadow, Verdict
from triplemem import (
    Admin,
    Correction,
    End,
    Extraction,
    ExtractionRequest,
    Fact,
    InvalidTime,
    Memory,
    Predicate,
    ProposedClaim,
    ProposedEnd,
    ProposedRetraction,
    Retraction,
    ScriptedExtractor,
    Store,
    Triplet,
    connect,
)
from triplemem import Claim as ToldClaim
from triplemem.core.time import FactKey

NAMES = ["a", "b", "c", "d"]
PREDICATES = ["lives_in", "leads", "led_by", "heads", "married_to", "likes", "works_at", "keeps", "guards"]
CARDINALITIES = ["many", "one_object", "one_subject", "one_to_one"]
STEPS = 16
ORIGIN = datetime(2026, 1, 1, tzinfo=UTC)
Said = tuple[str, str, str, dict[str, Any]]


def day(number: int) -> datetime:
    return ORIGIN + timedelta(days=number)


def number(moment: datetime | None) -> int | None:
    return None if moment is None else (moment - ORIGIN) // timedelta(days=1)


def triplet(said: Said) -> Triplet:
    subject, predicate, object_, times = said
    read: dict[str, Any] = {
        name: tuple(map(day, value)) if name == "during" else value if name in ("ended", "together") else day(value)
        for name, value in times.items()
    }
    return Triplet(subject, predicate, object_, **read)


def open_store(url: str, read: Callable[[ExtractionRequest], Extraction], clock: Callable[[], datetime]) -> Store:
    return connect(url, extractor=ScriptedExtractor(read), clock=clock)


class Life:
    """One memory and its shadow; `doing` are the verbs that happen to it."""

    def __init__(self, open_: Callable[..., Any], dice: random.Random, doing: str) -> None:
        self.dice, self.now, self.count = dice, 100, 0
        self.script: Any = None
        self.store = open_(lambda request: self.script(request), lambda: day(self.now))
        self.memory: Memory = self.store.memory("x")
        self.admin: Admin = self.store.admin()
        self.shadow, self.log = Shadow(), list[Any]()
        self.sources: dict[str, tuple[str, int]] = {}
        self.verbs = [getattr(self, verb) for verb in f"add add add add end end retract retract {doing}".split()]

    # what is said

    def times(self) -> dict[str, Any]:
        dice = self.dice
        first, other, ahead = dice.randrange(60, 140), dice.randrange(60, 140), self.now + dice.randrange(1, 20)
        return dice.choice(
            [
                {},
                {},
                {},
                {"valid_from": first},
                {"valid_from": first, "observed_at": other},
                {"valid_from": first, "valid_to": first + 1 + dice.randrange(30)},
                {"during": (first, first + 1 + dice.randrange(20))},
                {"valid_to": first},
                {"observed_at": first},
                {"ended": True},
                {"ended": True, "valid_to": first},
                {"ended": True, "during": (first, first + 4)},
                {"ended": True, "valid_from": first},
                {"valid_from": ahead},
                {"during": (ahead, ahead + 5)},
            ]
        )

    def say_something(self, count: int, said_at: int) -> list[Said]:
        found: list[Said] = []
        apart = {self.shadow.named(name).top for name in NAMES}
        while len(found) < count and len(apart) > 1:
            subject, object_ = self.dice.sample(NAMES, 2)
            times = self.times()
            start = times.get("valid_from", times["during"][0] if "during" in times else None)
            if times.get("ended") and "valid_to" not in times and start is not None and said_at <= start:
                continue  # reversed
            if self.dice.random() < 0.15:
                times = {**times, "together": "t"}
            if self.shadow.named(subject).top is not self.shadow.named(object_).top:
                found.append((subject, self.dice.choice(PREDICATES), object_, times))
        return found

    def when(self) -> int:
        return self.dice.choice([self.now, self.now, self.dice.randrange(60, 140)])

    def claims(self, said: list[Said], said_at: int, episode: str, refused: Any) -> list[Claim]:
        barred, place = [refusal.triplet for refusal in refused if refusal.reason == "tombstone"], self.shadow.next()
        made = []
        for position, (subject, predicate, object_, times) in enumerate(said):
            read = {name: value for name, value in times.items() if name != "together"}
            if "ended" in read or "valid_to" in read:
                read.pop("observed_at", None)
            tag = (episode, "t") if "together" in times else None
            if triplet(said[position]) not in barred:
                made.append(Claim((subject, predicate, object_), said_at, (place, position), read, episode, tag))
        return made

    def add(self) -> None:
        said_at = self.when()
        said = self.say_something(self.dice.choice([1, 1, 2, 3]), said_at)
        if not said:
            return
        self.log.append(("add", said_at, said))
        result = self.memory.add_triplets([triplet(one) for one in said], occurred_at=day(said_at))
        self.shadow.write(self.claims(said, said_at, result.episodes[0].id, result.refused), [])

    def revise(self) -> None:
        """The same source with another text, or for the first time; an erased one is refused."""
        source, said_at, moment = f"source {self.dice.randrange(2)}", self.when(), {}
        old = self.sources.get(source)
        if old is not None and self.dice.random() < 0.5:
            said_at = old[1]
        else:
            moment = {"occurred_at": day(said_at)}
        said = self.say_something(self.dice.choice([1, 2]), min(said_at, self.now))
        if not said:
            return
        self.log.append(("revise", source, said_at, said))
        result = self.memory.add_triplets([triplet(one) for one in said], source_id=source, **moment)  # type: ignore[arg-type]
        if not result.episodes or (old is not None and result.episodes[0].id == old[0]):
            return
        if old is not None:
            self.shadow.replace(old[0])
        self.sources[source] = (result.episodes[0].id, said_at)
        self.shadow.write(self.claims(said, said_at, result.episodes[0].id, result.refused), [])

    def message(self) -> None:
        """An extractor reads a message: claims that end or correct known facts, ends and retractions."""
        said_at, dice = self.when(), self.dice
        said = self.say_something(dice.choice([0, 1, 1, 2]), said_at)
        linked: list[tuple[list[Fact], list[Fact]]] = []
        judged: list[tuple[str, Fact, int | None]] = []

        def read(request: ExtractionRequest) -> Extraction:
            claims, ends = [], []
            for one in said:
                some = [[f for f in request.known if dice.random() < share] for share in (0.3, 0.15)]
                linked.append((some[0], some[1]))
                ids = [tuple(fact.id for fact in facts) for facts in some]
                claims.append(ProposedClaim(triplet(one), ends=ids[0], corrects=ids[1]))
            for fact in request.known:
                if dice.random() < 0.15:
                    judged.append(("end", fact, dice.choice([None, dice.randrange(60, 140)])))
                    at = judged[-1][2]
                    ends.append(ProposedEnd(fact.id, at=None if at is None else day(at)))
            wrong = [fact for fact in request.known if dice.random() < 0.1]
            judged.extend(("retraction", fact, None) for fact in wrong)
            voided = tuple(ProposedRetraction(fact.id) for fact in wrong)
            return Extraction(claims=tuple(claims), ends=tuple(ends), retractions=voided)

        self.script, self.count = read, self.count + 1
        result = self.memory.add(
            f"message {self.count} about {' '.join(NAMES)}", speaker="zed", occurred_at=day(said_at)
        )
        self.log.append(("message", said_at, said, linked, judged))
        assert {refusal.reason for refusal in result.refused} <= {"tombstone", "other_endpoint"}
        episode = result.episodes[0].id
        made = self.claims(said, said_at, episode, result.refused)
        for claim in made:
            ends, corrects = linked[claim.order[1]]
            claim.ends, claim.corrects = self.bearing(claim, ends), self.bearing(claim, corrects)
        place = self.shadow.recorded
        verdicts = [
            Verdict(kind, self.about(fact), at, said_at, (place, len(said) + n), episode)
            for n, (kind, fact, at) in enumerate(judged)
        ]
        self.shadow.write(made, verdicts)

    def bearing(self, claim: Claim, facts: list[Fact]) -> tuple[About, ...]:
        """The facts that a claim can bear on (DESIGN §4)."""
        vocabulary, names = self.shadow.vocabulary, [self.shadow.named(claim.about[n]).top.name for n in (0, 2)]
        name, swapped = vocabulary.read(claim.about[1])
        last = names[1]
        if swapped:
            names.reverse()
        found = []
        for fact in facts:
            ends = [fact.subject.name, fact.object.name]
            shared = bool({*ends} & {*names}) if vocabulary.symmetric(name) else ends[0] == names[0]
            crossed = ends[::-1] == names
            other = name != fact.predicate and last in self.said_last(fact)
            if ends[1] == names[1] or crossed or other or (name == fact.predicate and shared):
                found.append(self.about(fact))
        return tuple(found)

    def said_last(self, fact: Fact) -> set[str]:
        """What the claims of a fact named last, some under an inverse: of "Alice manages ML" it is ML."""
        if self.shadow.vocabulary.symmetric(fact.predicate):
            return set()
        key = self.shadow.key(*self.about(fact))
        told = (claim for claim in self.shadow.standing() if self.shadow.key_of(claim) == key)
        return {self.shadow.named(claim.about[2]).top.name for claim in told}

    # what is corrected

    def about(self, fact: Fact) -> About:
        return (self.shadow.named(fact.subject.name), fact.predicate, self.shadow.named(fact.object.name))

    def some_fact(self) -> Fact | None:
        facts = self.memory.history()
        return self.dice.choice(facts) if facts else None

    def end(self) -> None:
        fact, at = self.some_fact(), self.dice.choice([None, None, self.dice.randrange(60, 140)])
        if fact is None:
            return
        self.log.append(("end", fact.text, at))
        try:
            told = self.memory.end(fact, at=None if at is None else day(at))
        except InvalidTime:
            assert at is not None
            assert at < self.now
            return
        order = (self.shadow.next(), 0)
        about = self.about(fact)
        end = Verdict("end", about, at, self.now, order, id=told.event_id, tops=self.shadow.tops())
        self.shadow.write([], [end])

    def retract(self) -> None:
        fact = self.some_fact()
        if fact is None:
            return
        told = self.memory.explain(fact)
        left = [one for one in [*told.claims, *told.ended_by, *told.retractions] if one.retracted_at is None]
        if not left:
            return
        one = self.dice.choice(left)
        evidence = self.claim_told(one) if isinstance(one, ToldClaim) else self.verdict_told(one)
        self.log.append(("retract", one))
        self.memory.retract(one)
        self.shadow.next()
        self.shadow.retract(evidence)

    def claim_told(self, told: ToldClaim) -> Claim:
        said = (told.said.subject, told.said.predicate, told.said.object)
        for claim in self.shadow.standing():
            if claim.episode == told.episode_id and claim.about == said:
                tag = {} if claim.tag is None else {"together": claim.tag[1]}
                observed = None if "observed_at" not in claim.times else told.said.observed_at
                if triplet((*said, claim.times | tag)) == replace(told.said, observed_at=observed):
                    return claim
        raise AssertionError(f"nobody said {told}")

    def verdict_told(self, told: End | Retraction) -> Verdict:
        meant = self.shadow.key(*self.about(self.memory.explain(told.fact_id).fact))
        for one in self.shadow.verdicts:
            if one.gone or one.episode != told.episode_id or one.kind != type(told).__name__.lower():
                continue
            if one.id and one.id != told.id:
                continue
            if self.shadow.key(*one.about) == meant and (not isinstance(told, End) or number(told.at) == one.at):
                return one
        raise AssertionError(f"nobody said {told}")

    def reject(self) -> None:
        if fact := self.some_fact():
            self.log.append(("reject", fact.text))
            before = {stone.id for stone in self.memory.tombstones()}
            self.memory.reject(fact)
            fresh = {stone.id for stone in self.memory.tombstones()} - before
            assert len(fresh) == 1 or (not fresh and self.shadow.key(*self.about(fact)) in self.shadow.barred())
            self.shadow.rejected.update(dict.fromkeys(fresh, self.about(fact)))
            self.shadow.next()

    def allow(self) -> None:
        if self.shadow.rejected:
            stone = self.dice.choice(list(self.shadow.rejected))
            self.log.append(("allow", stone))
            self.memory.allow(stone)
            del self.shadow.rejected[stone]
            self.shadow.next()

    def merge(self) -> None:
        known = [entity.name for entity in self.memory.entities() if entity.name in NAMES]
        if len(known) > 1:
            keep, other = self.dice.sample(known, 2)
            self.log.append(("merge", keep, other))
            before = self.shadow.rejected_claims()
            self.memory.merge(keep, other)
            self.shadow.named(other).into = self.shadow.named(keep)
            self.shadow.next()
            self.carry_rejections(before)

    def split(self) -> None:
        merged = [name for name, entity in self.shadow.names.items() if entity.into is not None]
        if merged:
            alias = self.dice.choice(merged)
            self.log.append(("split", alias))
            before = self.shadow.rejected_claims()
            ended = self.shadow.ended_by_people()
            told: Correction = self.memory.split(self.shadow.named(alias).top.name, alias)
            assert told.event_id
            self.shadow.named(alias).into = None
            self.carry_rejections(before)
            for end, key in self.shadow.carry_ends(ended):
                self.find_end(end, key)

    def find_end(self, end: Verdict, key: FactKey) -> None:
        """Note which end of this fact it is that has come along."""
        known = {one.id for one in self.shadow.verdicts}
        [fact] = [fact for fact in self.memory.history() if self.shadow.key(*self.about(fact)) == key]
        told = [one for one in self.memory.explain(fact).ended_by if isinstance(one, End) and one.id not in known]
        end.id = next(one.id for one in told if (number(one.at), number(one.said_at)) == (end.at, end.said_at))

    def define(self) -> None:
        dice = self.dice
        name, cardinality = (
            dice.choice(["lives_in", "leads", "likes", "works_at", "guards"]),
            dice.choice(CARDINALITIES),
        )
        symmetric = cardinality in ("many", "one_to_one") and dice.random() < 0.2
        synonyms = dice.choice([(), (), ("keeps",), ("guards",)])
        inverse = dice.choice([None, None, "guards"])
        synonyms = tuple(word for word in synonyms if word != name)
        inverse = None if inverse == name or inverse in synonyms else inverse
        self.log.append(("define", name, cardinality, synonyms, inverse, symmetric))
        before = self.shadow.rejected_claims()
        self.memory.predicates.define(
            name, cardinality=cardinality, synonyms=synonyms, inverse=inverse, symmetric=symmetric
        )
        self.shadow.define(Predicate(name, cardinality, synonyms, inverse, symmetric))
        self.carry_rejections(before)

    def carry_rejections(self, before: list[tuple[Claim, FactKey, bool]]) -> None:
        """What was rejected and has moved is still rejected: by a tombstone of its own if need be."""
        self.shadow.next()
        barred = self.shadow.barred()
        now = [(self.shadow.key_of(claim), key, symmetric) for claim, key, symmetric in before]
        left = {key for key, old, _ in now if key != old}
        turned = {key for key, _, symmetric in now if symmetric}  # which end came first is not to be seen
        causes = {change.cause: change.fact_id for change in self.memory.changes("2000-01-01")}
        for stone in self.memory.tombstones():
            if stone.verb == "reject" and stone.id not in self.shadow.rejected:
                fact = self.memory.explain(str(causes[stone.id])).fact
                self.shadow.rejected[stone.id] = self.about(fact)
        assert barred | left <= self.shadow.barred() <= barred | left | turned, self.log

    def erase(self) -> None:
        episodes = self.memory.episodes()
        if episodes:
            episode = self.dice.choice(episodes)
            self.log.append(("erase", episode.text))
            self.memory.erase(episode=episode)
            self.sources = {source: known for source, known in self.sources.items() if known[0] != episode.id}
            self.shadow.erase(episode.id)
            self.shadow.next()

    # what must be

    def check(self) -> None:
        facts = {self.shadow.key(*self.about(fact)): fact for fact in self.memory.history()}
        held = {
            key: tuple((number(p.valid_from), number(p.valid_to)) for p in fact.periods)
            for key, fact in facts.items()
            if fact.periods
        }
        assert held == self.shadow.believed(), self.log
        support = self.shadow.support()
        assert {key: fact.support for key, fact in facts.items() if fact.support} == support, self.log
        current = {key for key, fact in facts.items() if fact.state == "current"}
        assert {self.shadow.key(*self.about(fact)) for fact in self.memory.facts()} == current, self.log
        assert self.admin.check() == [], self.log

    def live(self, between: int = 1) -> None:
        """Live, and look at everything after so many steps each."""
        for step in range(STEPS):
            self.now += self.dice.choice([-3, 0, 0, 1, 1, 5, 20])
            self.dice.choice(self.verbs)()
            if step % between == between - 1:
                self.check()


THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"
DOING = pytest.mark.parametrize(
    "doing",
    [
        "reject allow message message",
        "message reject revise define define",
        "message reject merge merge split define",
        "message message revise erase",
    ],
)


@pytest.mark.parametrize("seed", range(25 if THOROUGH else 8))
@DOING
def test_the_engine_believes_what_the_prose_says(store_url: str, tmp_path: Path, seed: int, doing: str) -> None:
    lived(store_url, tmp_path, seed, doing)


@pytest.mark.sqlite
@pytest.mark.parametrize("seed", range(8, 25))
@DOING
def test_it_does_through_more_lives_than_a_server_has_the_time_for(
    store_url: str, tmp_path: Path, seed: int, doing: str
) -> None:
    lived(store_url, tmp_path, seed, doing)


def lived(store_url: str, path: Path, seed: int, doing: str) -> None:
    """A life, then its export imported twice: all of it answers as the reference does."""
    life = Life(partial(open_store, store_url), random.Random(seed), doing)
    try:
        life.live()
        life.memory.export(path / "life.jsonl")
        copy = life.store.memory("copy")
        for _ in range(2):  # the same file again is a no-op
            copy.import_(path / "life.jsonl")
            assert told(copy) == told(life.memory), life.log
        assert life.admin.check() == [], life.log
    finally:
        life.store.close()


def told(memory: Memory) -> list[Any]:
    facts = memory.history()
    why = [memory.explain(fact) for fact in facts]
    return [
        [(f.id, f.text, f.periods, f.state, f.support, f.superseded_by) for f in facts],
        [(one.claims, one.ended_by, one.retractions, one.supersedes) for one in why],
        [(e.name, e.aliases, e.kind) for e in memory.entities()],
        [(e.id, e.text, e.occurred_at) for e in memory.episodes()],
        [memory.tombstones(), memory.jobs(), memory.changes("2000-01-01")],
    ]
