"""No public method of a memory ever returns, or changes, anything of another namespace.

The methods are found by reflection: a new one without calls in `CALLS` fails here.
"""

import dataclasses
import re
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.optimize.saying import Answers, change, trajectory
from triplemem import (
    Admin,
    Extraction,
    InvalidNamespace,
    Memory,
    ModelRequest,
    NotFound,
    ProposedClaim,
    ScriptedExtractor,
    ScriptedModel,
    TriplememError,
    Triplet,
    connect,
)

T = datetime(2026, 5, 1, tzinfo=UTC)
SECRET = "zyxxyz"
LEARNED_FROM = trajectory()
BLAMED = '{"reasoning": "so", "chosen": [{"prompt": "support"}]}'


def read(request: Any) -> Extraction:
    words = [episode.text.rstrip(".").split(" ", 2) for episode in request.episodes]
    claims = [ProposedClaim(Triplet(*said), episode=n) for n, said in enumerate(words) if len(said) == 3]
    return Extraction(claims=tuple(claims))


def say(memory: Memory, mark: str) -> None:
    memory.add("Ann likes tea.", speaker="Ann", session="s", source_id="1", occurred_at=T)
    memory.add_triplets([Triplet("Ann", "lives_in", "Rome"), Triplet("Ann", "keeps", mark)], occurred_at=T)
    memory.add_triplets([Triplet("Bob", "married_to", "Ann", context=mark)], occurred_at=T, source_id="2")


def fill(memory: Memory, mark: str) -> None:
    """The same names and texts in every namespace, and one that tells them apart."""
    say(memory, mark)
    memory.predicates.define("digs", cardinality="one_object", synonyms=(f"fancies {mark}",))
    memory.prompts.create("support", f"Hi {mark}.")
    memory.prompts.rules.add("support", f"Mention {mark}.", when=f"when {mark} is told")
    memory.prompts.optimize("support", [LEARNED_FROM], kind="prompt_memory")
    memory.add(f"Ann keeps {mark}2.", speaker="Ann", session="s", occurred_at=T, wait=False)
    memory.experiences.record(f"tea {mark}", "t", "a", "r", session="s", facts=memory.facts(predicate="keeps"))
    with memory.experiences.trace(f"tea {mark}", episodes=memory.episodes(session="s")[:1]) as trace:
        trace.tool("kettle", {"of": mark}, result=mark)


def propose(request: ModelRequest) -> str:
    """A proposal for a prompt, which repeats what its text is."""
    shown = str(request.messages[0]["content"])
    if shown.startswith("<prompts>"):
        return BLAMED
    told = re.search(r'text "(.*?)"', shown)
    return str(Answers.of("prompt_memory", change(f"Learn {told and told[1]}"))[0])


@pytest.fixture
def store(store_url: str) -> Any:
    with connect(store_url, extractor=ScriptedExtractor(read), model=ScriptedModel(propose)) as store:
        yield store


def ids_of(memory: Memory) -> dict[str, Any]:
    """Something of each kind that a method takes."""
    facts = memory.history()
    explained = memory.explain(facts[0])
    return {
        "fact": facts[0],
        "claim": explained.claims[0],
        "episode": memory.episodes()[0],
        "entity": memory.entities(name="Ann")[0],
        "alias": "Annie",
        "experience": memory.experiences.list()[0],
        "stone": memory.tombstones(),
        "rule": memory.prompts.rules.list("support")[0],
        "proposal": memory.prompts.proposals("support")[0],
    }


Call = Callable[[Memory, dict[str, Any], Path], object]
CALLS: dict[str, list[Call]] = {
    "add": [lambda m, _i, _p: m.add("Ann likes tea.", speaker="Ann", session="s", source_id="1", occurred_at=T)],
    "add_triplets": [lambda m, _i, _p: m.add_triplets([Triplet("Ann", "lives_in", "Rome")], occurred_at=T)],
    "process": [lambda m, _i, _p: m.process()],
    "jobs": [lambda m, _i, _p: m.jobs()],
    "usage": [lambda m, _i, _p: m.usage()],
    "facts": [
        lambda m, _i, _p: m.facts(),
        lambda m, i, _p: m.facts(subject=i["entity"], include_ended=True),
        lambda m, _i, _p: m.facts(subject="Ann", known_at=T),
        lambda m, i, _p: m.facts(limit=5, after=i["fact"].id),
    ],
    "history": [lambda m, _i, _p: m.history(), lambda m, i, _p: m.history(i["entity"].id)],
    "explain": [lambda m, i, _p: m.explain(i["fact"]), lambda m, i, _p: m.explain(i["fact"].id)],
    "changes": [lambda m, _i, _p: m.changes("2000-01-01")],
    "entities": [lambda m, _i, _p: m.entities(), lambda m, _i, _p: m.entities(name="Ann")],
    "episodes": [lambda m, _i, _p: m.episodes(), lambda m, i, _p: m.episodes(after=i["episode"].id)],
    "tombstones": [lambda m, _i, _p: m.tombstones()],
    "sessions": [lambda m, _i, _p: m.sessions(), lambda m, _i, _p: m.sessions(known_at="2030-01-01")],
    "session": [
        lambda m, _i, _p: m.session("s").messages(),
        lambda m, _i, _p: m.session("s").search(f"Ann keeps {SECRET}"),
        lambda m, _i, _p: m.session("s").summary(1000),
        lambda m, _i, _p: m.session("s").summary(50),
        lambda m, _i, _p: m.session("s").erase(),
    ],
    "experiences": [
        lambda m, _i, _p: m.experiences.list(session="s"),
        lambda m, i, _p: m.experiences.list(after=i["experience"].id),
        lambda m, i, _p: m.experiences.get(i["experience"].id),
        lambda m, i, _p: m.experiences.explain(i["experience"]),
        lambda m, _i, _p: m.experiences.recall(f"tea {SECRET}"),
        lambda m, _i, _p: m.experiences.render(m.experiences.list()),
        lambda m, _i, _p: m.experiences.tools(),
        lambda m, i, _p: m.experiences.score(i["experience"], 1.0),
        lambda m, i, _p: m.experiences.record("tea", "t", "a", "r", episodes=[i["episode"]]),
        lambda m, i, _p: m.experiences.record("tea", "t", "a", "r", facts=[i["fact"].id]),
        lambda m, i, _p: m.experiences.trace("tea", facts=[i["fact"]]).__enter__(),
        lambda m, _i, _p: m.experiences.distil("s"),
        lambda m, i, _p: m.experiences.erase(i["experience"]),
    ],
    "page": [lambda m, _i, _p: m.page(), lambda m, i, _p: m.page(center=i["entity"], include_ended=True)],
    "graph": [lambda m, _i, _p: m.graph(), lambda m, i, _p: m.graph(center=i["entity"], depth=2)],
    "recall": [lambda m, _i, _p: m.recall(f"Ann keeps {SECRET}", 50), lambda m, _i, _p: m.recall("tea Rome", as_of=T)],
    "context": [lambda m, _i, _p: m.context(f"what does Ann keep? {SECRET}")],
    "end": [lambda m, i, _p: m.end(i["fact"]), lambda m, i, _p: m.end(i["fact"].id)],
    "reject": [lambda m, i, _p: m.reject(i["fact"]), lambda m, i, _p: m.reject(i["fact"].id)],
    "allow": [lambda m, i, _p: m.allow(i["fact"]), lambda m, i, _p: m.allow(i["fact"].id)],
    "retract": [lambda m, i, _p: m.retract(i["claim"]), lambda m, i, _p: m.retract(i["claim"].id)],
    "erase": [
        lambda m, i, _p: m.erase(fact=i["fact"]),
        lambda m, i, _p: m.erase(episode=i["episode"].id),
        lambda m, i, _p: m.erase(entity=i["entity"].id),
        lambda m, _i, _p: m.erase(session="s"),
        lambda m, _i, _p: m.erase(source_id="2"),
        lambda m, _i, _p: m.erase(before="2030-01-01"),
    ],
    "merge": [lambda m, i, _p: m.merge(i["entity"], "Bob"), lambda m, _i, _p: m.merge("Ann", "Bob")],
    "split": [lambda m, i, _p: m.split(i["entity"], "Bob"), lambda m, _i, _p: m.split("Ann", "Bob")],
    "predicates": [
        lambda m, _i, _p: m.predicates.list(),
        lambda m, _i, _p: m.predicates.get("digs"),
        lambda m, _i, _p: m.predicates.define("lives_in", cardinality="many"),
    ],
    "prompts": [
        lambda m, _i, _p: m.prompts.list(),
        lambda m, _i, _p: m.prompts.get("support"),
        lambda m, _i, _p: m.prompts.get("support", version=1),
        lambda m, _i, _p: m.prompts.history("support"),
        lambda m, _i, _p: m.prompts.proposals("support"),
        lambda m, _i, _p: m.prompts.diff("support", 1, 2),
        lambda m, _i, _p: m.prompts.rules.list("support"),
        lambda m, _i, _p: m.prompts.render("support", query=f"what of {SECRET}?"),
        lambda m, _i, _p: m.prompts.optimize("support", [LEARNED_FROM], kind="prompt_memory", dry_run=True),
        lambda m, i, _p: m.prompts.rules.remove(i["rule"]),
        lambda m, i, _p: m.prompts.accept(i["proposal"]),
        lambda m, i, _p: m.prompts.reject(i["proposal"]),
        lambda m, _i, _p: m.prompts.rules.add("support", "Be brief."),
        lambda m, _i, _p: m.prompts.write("support", "Hi."),
        lambda m, _i, _p: m.prompts.rollback("support", to=1),
        lambda m, _i, _p: m.prompts.create("support", "Ho."),
        lambda m, _i, _p: m.prompts.optimize_many([LEARNED_FROM], kind="prompt_memory"),
    ],
    "export": [lambda m, _i, p: (m.export(p / "x.jsonl"), (p / "x.jsonl").read_text("utf-8"))],
    "import_": [lambda m, _i, p: (m.export(p / "y.jsonl"), m.import_(p / "y.jsonl"))],
}
NOT_CALLED = {"open", "close", "namespace"}
NAMESPACES = [
    (("ann",), ("anna",)),
    (("a", "b"), ("a", "b", "c")),
    (("a", "b"), ("a/b",)),
    (("users", "ann@example.org"), ("users", "ann@example.com")),
    (("Ann",), ("ann",)),
    (("é",), ("e\u0301",)),
    (("ann",), (" ann",)),
    (("%",), ("%25",)),
    (("用户", "1"), ("用户", "１")),
    (("1",), ("11",)),
    (("a%_",), ("ab_",)),
]


def test_every_public_method_has_its_calls() -> None:
    public = {name for name in dir(Memory) if not name.startswith("_")}
    assert public - NOT_CALLED == set(CALLS)
    with Memory.open("sqlite://", namespace="a") as memory:
        here = {name for name in dir(memory.prompts) if not name.startswith("_")}
        assert here == set("accept create diff get history list optimize optimize_many".split()) | set(
            "proposals reject render rollback rules write".split()
        )
        assert {name for name in dir(memory.predicates) if not name.startswith("_")} == {"define", "get", "list"}
        parts: list[tuple[str, object]] = [("experiences", memory.experiences), ("session", memory.session("s"))]
        parts += [("prompts", memory.prompts), ("rules", memory.prompts.rules), ("predicates", memory.predicates)]
        for kind, part in parts:
            names = [call.__code__.co_names for calls in CALLS.values() for call in calls]
            called = {after for some in names for before, after in pairwise(some) if before == kind}
            assert {name for name in dir(part) if not name.startswith("_")} - {"id"} == called, kind


def shown(value: object) -> str:
    if dataclasses.is_dataclass(value):
        return str([shown(getattr(value, field.name)) for field in dataclasses.fields(value)])
    if hasattr(value, "edges"):
        return str(list(value.nodes(data=True))) + str(list(value.edges(data=True, keys=True)))
    return str([shown(one) for one in value]) if isinstance(value, list | tuple) else str(value)


def state(memory: Memory) -> str:
    """All that can be seen of a namespace, times of asking apart."""
    prompts = [(memory.prompts.history(one.name), memory.prompts.proposals(one.name)) for one in memory.prompts.list()]
    parts: list[Any] = [
        memory.history(),
        memory.episodes(),
        memory.entities(),
        memory.changes("2000-01-01"),
        memory.tombstones(),
    ]
    parts += [prompts, memory.jobs(), memory.predicates.list(), memory.sessions(), memory.experiences.list()]
    return shown(parts)


TAKING = ("allow", "end", "erase", "experiences", "import_", "merge", "predicates")
TAKING += ("prompts", "reject", "retract", "session", "split")
"""Methods that take from what there is: they come last, so that the others find it whole."""


@pytest.mark.parametrize(("mine", "other"), NAMESPACES, ids=str)
def test_nothing_is_seen_or_changed_of_another_namespace(
    store: Any, tmp_path: Path, mine: tuple[str, ...], other: tuple[str, ...]
) -> None:
    theirs, own = store.memory(other), store.memory(mine)
    fill(theirs, SECRET)
    theirs.reject(theirs.facts(predicate="keeps")[0])
    fill(own, "plain")
    before, foreign = state(theirs), ids_of(theirs)
    names = [foreign[kind].id for kind in ("fact", "claim", "episode", "entity", "experience", "rule", "proposal")]
    for name in sorted(CALLS, key=lambda name: (name in TAKING, name)):
        for call in CALLS[name]:
            if not own.episodes():  # what came before took it away
                say(own, "plain")
            try:
                given = call(own, foreign, tmp_path)
            except TriplememError as error:
                assert SECRET not in str(error), name
            else:
                text = shown(given)
                assert SECRET not in text.replace(f"keep? {SECRET}", ""), name
                assert not [one for one in names if one in text], name
        assert state(theirs) == before, name


@pytest.mark.parametrize("kind", ["fact", "claim", "episode", "entity", "experience"])
def test_an_id_of_another_namespace_is_not_found(store: Any, kind: str) -> None:
    mine, theirs = store.memory("ann"), store.memory("anna")
    fill(mine, "plain")
    fill(theirs, SECRET)
    foreign = ids_of(theirs)[kind]
    calls: dict[str, list[Callable[[], object]]] = {
        "fact": [
            lambda: mine.explain(foreign.id),
            lambda: mine.end(foreign),
            lambda: mine.reject(foreign.id),
            lambda: mine.allow(foreign),
            lambda: mine.erase(fact=foreign),
            lambda: mine.facts(after=foreign.id),
            lambda: mine.experiences.record("x", "", "", "", facts=[foreign]),
        ],
        "claim": [lambda: mine.retract(foreign), lambda: mine.retract(foreign.id)],
        "episode": [lambda: mine.erase(episode=foreign), lambda: mine.episodes(after=foreign.id)],
        "experience": [
            lambda: mine.experiences.get(foreign.id),
            lambda: mine.experiences.explain(foreign),
            lambda: mine.experiences.score(foreign, 1.0),
            lambda: mine.experiences.erase(foreign),
            lambda: mine.experiences.list(after=foreign.id),
        ],
        "entity": [lambda: mine.merge(foreign, "Bob"), lambda: mine.erase(entity=foreign.id)],
    }
    for call in calls[kind]:
        with pytest.raises(NotFound):
            call()


def test_a_copy_and_its_original_go_apart(store: Any, tmp_path: Path) -> None:
    """An import shares the key of what was exported; what is defined later in the one is not known in the other."""
    original, copy = store.memory("original"), store.memory("copy")
    original.predicates.define("digs", cardinality="many")
    original.export(tmp_path / "out.jsonl")
    copy.import_(tmp_path / "out.jsonl")
    original.predicates.define(f"guards {SECRET}", cardinality="one_object")
    original.add_triplets([Triplet("Ann", "guards", "x")])
    copy.predicates.define("owns", cardinality="one_object", synonyms=("hoards",))
    assert SECRET not in shown(copy.predicates.list())
    copy.add_triplets([Triplet("Ann", "hoards", "a car")], occurred_at="2026-01-01")
    copy.add_triplets([Triplet("Ann", "owns", "a boat")], occurred_at="2026-02-01")
    assert [f.text for f in copy.facts(predicate="owns")] == ["Ann owns a boat"]
    with pytest.raises(NotFound):
        original.predicates.get("hoards")


def test_what_is_read_of_another_namespace_cannot_be_changed(store: Any) -> None:
    team = store.memory("team")
    fill(team, "plain")
    mine = store.memory("ann", reads=["team"])
    before = state(team)
    [fact] = mine.facts(predicate="lives_in")
    assert fact.namespace == ("team",)
    assert mine.explain(fact).fact.id == fact.id
    for verb in (mine.end, mine.reject, mine.allow):
        with pytest.raises(NotFound):
            verb(fact)
    with pytest.raises(NotFound):
        mine.retract(mine.explain(fact).claims[0])
    mine.add_triplets([Triplet("Ann", "lives_in", "Oslo")])
    assert {(f.namespace, f.object.name) for f in mine.facts(predicate="lives_in")} == {
        (("ann",), "Oslo"),
        (("team",), "Rome"),
    }
    assert state(team) == before


@pytest.mark.parametrize(
    "bad", ["", "   ", "a//b", "a/", "/a", "*", "a/*", "a\x00b", "a\nb", "%zz", (), ("",), ("a", ""), None, 7]
)
def test_an_empty_blank_or_wild_namespace_is_refused(bad: Any) -> None:
    with pytest.raises(InvalidNamespace):
        Memory.open("sqlite://", namespace=bad)
    with connect("sqlite://") as store, pytest.raises(InvalidNamespace):
        store.memory("a", reads=[bad])


@pytest.mark.parametrize("bad", ["\u3164", "a/\u115f", "\u1160\u1160", ("\uffa0",), "a/\u2800 "])
def test_a_namespace_that_nobody_can_see_is_refused(bad: Any) -> None:
    with pytest.raises(InvalidNamespace, match="blank"):
        Memory.open("sqlite://", namespace=bad)


segments = st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=8).filter(
    lambda text: bool(text.strip()) and text != "*" and text.isprintable()
)
paths = st.lists(segments, min_size=1, max_size=3).map(tuple)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(one=paths, other=paths)
def test_any_two_namespaces_are_apart(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    if one == other:
        return
    with connect("sqlite://") as store:
        first, second = store.memory(one), store.memory(other)
        first.add_triplets([Triplet("Ann", "likes", "tea")])
        assert second.history() == []
        assert second.recall("Ann tea") == []
        second.add_triplets([Triplet("Ann", "likes", "rain")])
        assert [hit.fact.object.name for hit in first.recall("Ann likes")] == ["tea"]  # type: ignore[union-attr]
        with Admin(first._space.engine, None) as admin:
            assert set(admin.namespaces()) == {one, other}
