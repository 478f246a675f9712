"""The graph that people look at: what holds now, as it holds now, and `check` and `rebuild` where it does not."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.conftest import Clock
from triplemem import Admin, Memory, Triplet
from triplemem.stores.neo4j.statements import cypher

Ask = Callable[..., list[dict[str, Any]]]

DRAWN = """
MATCH (s:Entity {namespace: $namespace})-[r]->(o:Entity) WHERE r.fact_id IS NOT NULL
RETURN s.name AS s, type(r) AS type, o.name AS o ORDER BY s, type, o
"""
CURRENT = "MATCH (f:Fact:Current {namespace: $namespace}) RETURN f.text AS text ORDER BY text"


@pytest.fixture
def drawn(ask: Ask) -> Callable[[], list[str]]:
    return lambda: [f"{one['s']} {one['type']} {one['o']}" for one in ask(DRAWN)]


@pytest.fixture
def admin(memory: Memory) -> Admin:
    return Admin(memory._space.engine, None)


@pytest.fixture
def current(ask: Ask) -> Callable[[], list[str]]:
    return lambda: [one["text"] for one in ask(CURRENT)]


def test_what_holds_is_a_plain_relationship_and_what_is_over_is_ended(
    memory: Memory, drawn: Callable[[], list[str]], current: Callable[[], list[str]]
) -> None:
    memory.add_triplets(
        [Triplet("Alice", "leads", "ML"), Triplet("Ann", "likes", "tea")], occurred_at="2026-01-01T00:00Z"
    )
    memory.add_triplets([Triplet("Bob", "leads", "ML")], occurred_at="2026-03-01T00:00Z")
    assert drawn() == ["Alice ENDED ML", "Ann LIKES tea", "Bob LEADS ML"]
    assert current() == ["Ann likes tea", "Bob leads ML"]


def test_what_is_planned_is_drawn_from_its_day_on_by_the_next_write_and_by_process(
    memory: Memory,
    admin: Admin,
    clock: Clock,
    drawn: Callable[[], list[str]],
    current: Callable[[], list[str]],
    ask: Ask,
) -> None:
    memory.add_triplets([Triplet("Alice", "leads", "ML", valid_from="2026-08-01", valid_to="2026-12-01")])
    memory.add_triplets([Triplet("Bob", "leads", "ML", valid_from="2026-12-01")])
    assert drawn() == ["Alice LEADS ML"]
    assert current() == ["Alice leads ML", "Bob leads ML"]  # what is yet to begin is not past
    clock.set(2026, 12, 2)
    assert [fact.subject.name for fact in memory.facts()] == ["Bob"]
    assert drawn() == ["Alice LEADS ML"]  # nobody has written since
    assert admin.check() == []  # it is due, not wrong
    memory.process()
    assert drawn() == ["Alice ENDED ML", "Bob LEADS ML"]
    assert current() == ["Bob leads ML"]
    assert ask("MATCH (f:Fact {namespace: $namespace}) WHERE f.due IS NOT NULL RETURN f.id AS id") == []
    memory.add_triplets([Triplet("Cy", "lives_in", "Rome", valid_from="2027-01-01", valid_to="2027-02-01")])
    clock.set(2027, 1, 2)
    memory.add_triplets([Triplet("Ann", "likes", "tea")])  # any write will do
    assert "Cy LIVES_IN Rome" in drawn()
    clock.set(2027, 2, 2)
    memory.add_triplets([Triplet("Ann", "likes", "rum")])
    assert "Cy ENDED Rome" in drawn()
    assert admin.check() == []


def test_a_clock_that_goes_back_changes_nothing_that_is_drawn(
    memory: Memory, admin: Admin, clock: Clock, drawn: Callable[[], list[str]]
) -> None:
    memory.add_triplets([Triplet("Ann", "lives_in", "Rome", valid_from="2026-01-01", valid_to="2026-10-01")])
    clock.set(2026, 11, 1)
    memory.process()
    clock.set(2026, 9, 1)
    memory.add_triplets([Triplet("Ann", "likes", "tea")])
    assert drawn() == ["Ann ENDED Rome", "Ann LIKES tea"]
    assert admin.check() == []


NS = "{namespace: $namespace}"
LEADS = f"MATCH (s:Entity {NS})-[r:LEADS]->(o)"
BOB_LEADS = "MATCH (f:Fact {namespace: $namespace, predicate: 'leads'})"
TAMPERED = {
    f"{LEADS} DELETE r": "is drawn as nothing, and should be LEADS(",
    f"{LEADS} CREATE (s)-[q:ENDED]->(o) SET q = properties(r)": "ENDED(",
    f"{LEADS} SET r.since = datetime('2020-01-01')": "since=2020-01-01",
    f"{LEADS} CREATE (o)-[q:LEADS]->(s) SET q = properties(r) DELETE r": "should be LEADS(",
    f"{LEADS} CREATE (s)-[:LIKES {{fact_id: 'f_0000000000000001'}}]->(o)": "is drawn, and is no fact",
    f"MATCH (f:Fact:Current {NS}) REMOVE f:Current SET f:Past": "is labelled Past, and should be Current",
    f"MATCH (f:Fact:Current {NS}) SET f:Past": "is labelled Current and Past, and should be Current",
    f"{BOB_LEADS} SET f.text = 'x'": "is 'x', and should be 'Bob leads ML'",
    f"{BOB_LEADS} SET f.due = 1": "is to be drawn anew at 1970",
    f"{BOB_LEADS} REMOVE f.drawn": "says that it is drawn as None",
    f"MATCH (:Claim {NS})-[r:ASSERTS]->() DELETE r": "by ASSERTS",
    f"MATCH (:Claim {NS})-[r:FROM]->() DELETE r": "by FROM",
    f"MATCH (:Fact {NS})-[r:SUBJECT]->() DELETE r": "by SUBJECT",
    f"MATCH (:Name {NS})-[r:NAMES]->() DELETE r": "by NAMES",
    f"MATCH (:Verdict {NS})-[r:CONCERNS]->() DELETE r": "by CONCERNS",
    f"MATCH (:Fact {NS})-[r:HELD]->() DELETE r": "is derived and not stored",
}


@pytest.mark.parametrize("tampering", TAMPERED, ids=range(len(TAMPERED)))
def test_check_tells_what_was_changed_by_hand_and_rebuild_mends_it(
    memory: Memory, admin: Admin, ask: Ask, tampering: str
) -> None:
    memory.add_triplets([Triplet("Bob", "leads", "ML"), Triplet("Ann", "likes", "tea")])
    memory.end(memory.facts(predicate="likes")[0])
    before, graph = everything(memory), ask(DRAWN)
    assert admin.check() == []
    ask(tampering)
    found = admin.check()
    assert any(TAMPERED[tampering] in line for line in found), found
    admin.rebuild()
    assert admin.check() == []
    assert everything(memory) == before
    assert ask(DRAWN) == graph


def everything(memory: Memory) -> list[Any]:
    facts = memory.history()
    return [facts, [memory.explain(fact) for fact in facts], memory.episodes(), memory.entities(name="Bob")]


def test_a_rebuild_far_in_the_future_draws_what_has_begun(
    memory: Memory, admin: Admin, clock: Clock, drawn: Callable[[], list[str]]
) -> None:
    memory.add_triplets([Triplet("Bob", "leads", "ML", valid_from="2026-12-01")])
    assert drawn() == []
    clock.now = datetime.fromisoformat("2027-01-01T00:00+00:00")
    admin.rebuild()
    assert drawn() == ["Bob LEADS ML"]


@pytest.mark.parametrize(
    "name", ["Straße GmbH", "strasse gmbh", " STRAßE GMBH ", "İstanbul", "MÜNCHEN", "Mu\u0308nchen", 'O\'Neil "x"']
)
def test_the_views_of_one_thing_find_it_by_the_name_that_they_show_and_as_the_memory_does(
    memory: Memory, ask: Ask, name: str
) -> None:
    """Cypher has no casefold, which makes ss of ß, and a second sign of the dot on İ."""
    others = ("İstanbul", "München", 'O\'Neil "x"', "Straße GmbH")
    memory.add_triplets([Triplet("Bob", "visits", other) for other in others])
    assert len(memory.facts(object=name)) == 1
    for view in ("timeline", "history", "around"):
        assert ask(cypher(f"browser/{view}"), name=name), view
    assert len(ask(cypher("browser/connection"), one=name, other="bob")) == 1
