"""What fails on the way to a server, or in it: nothing is half done, nothing twice, and every error is one of ours."""

import itertools
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import neo4j
import pytest
from neo4j.exceptions import ServiceUnavailable, SessionExpired, TransientError

from tests.conformance.holding import path_of
from tests.conformance.saying import Open
from tests.conftest import Clock
from tests.neo4j.proxy import Proxy
from tests.neo4j.server import Server
from triplemem import (
    Admin,
    ConfigError,
    InvalidNamespace,
    Memory,
    Message,
    StoreError,
    StoreMismatch,
    StoreUnavailable,
    Triplet,
    connect,
)
from triplemem.core.hints import Expected
from triplemem.stores.neo4j import schema, server
from triplemem.stores.neo4j.transaction import Transaction
from triplemem.stores.neo4j.view import View

Ask = Callable[..., list[dict[str, Any]]]
ALL = "MATCH (x:Memory {namespace: $namespace}) RETURN properties(x) AS x, labels(x) AS l ORDER BY x.id"
SEQ = "MATCH (n:Namespace {path: $namespace}) RETURN properties(n) AS n"


@pytest.fixture
def memory(open_memory: Open) -> Memory:
    memory = open_memory()
    memory.add_triplets([Triplet("Alice", "leads", "ML"), Triplet("Ann", "likes", "tea")])
    return memory


def told(memory: Memory) -> list[Any]:
    facts = memory.history()
    return [facts, [memory.explain(fact) for fact in facts], memory.episodes(), memory.changes("2000-01-01")]


def check(memory: Memory) -> list[str]:
    return Admin(memory._space.engine, None).check()


# nothing half done


def test_an_exception_in_the_work_leaves_nothing(memory: Memory, ask: Ask) -> None:
    before, nodes, space = told(memory), ask(ALL), ask(SEQ)

    class Stop(Exception):
        pass

    def work(tx: Any, _: Any) -> None:
        tx.count("links", 5)
        tx.add_event("added", "somebody")
        assert tx.events(0, 2**62)  # what waited was sent to the server
        raise Stop

    with pytest.raises(Stop):
        memory._space.engine.write(memory._space.path, "host", work)
    assert (told(memory), ask(ALL), ask(SEQ)) == (before, nodes, space)


VERBS: dict[str, Callable[[Memory], object]] = {
    "add_triplets": lambda m: m.add_triplets([Triplet("Bob", "leads", "ML"), Triplet("Cy", "likes", "tea")]),
    "add": lambda m: m.add("Bob leads ML.", source_id="said"),
    "end": lambda m: m.end(m.facts(predicate="leads")[0]),
    "reject": lambda m: m.reject(m.facts(predicate="leads")[0]),
    "retract": lambda m: m.retract(m.explain(m.facts(predicate="leads")[0]).claims[0]),
    "revise": lambda m: m.add_triplets([Triplet("Alice", "leads", "Ops")], source_id="s"),
    "merge": lambda m: m.merge("Alice", "Ann"),
    "define": lambda m: m.predicates.define("leads", cardinality="many"),
    "erase": lambda m: m.erase(entity="Alice"),
    "rebuild": lambda m: Admin(m._space.engine, None).rebuild(),
}


@pytest.mark.parametrize("verb", VERBS)
def test_a_statement_that_fails_leaves_nothing_of_its_transaction(
    memory: Memory, open_memory: Open, ask: Ask, clock: Clock, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    """Each statement fails in turn; once an earlier transaction of the same call was committed, it stays."""
    twin = open_memory(namespace="twin")
    for one in (memory, twin):
        one.add_triplets([Triplet("Alice", "leads", "ML"), Triplet("Ann", "likes", "tea")])
        one.add_triplets([Triplet("Zed", "likes", "rum")], source_id="s")
    VERBS[verb](twin)
    packed, before = server.packed, ask(ALL)
    for failing in itertools.count(1):
        step = itertools.count(1)
        monkeypatch.setattr(server, "packed", lambda name, n=step, at=failing: packed(name) if next(n) != at else "BAD")
        try:
            VERBS[verb](memory)
        except StoreError as error:
            assert "\n" not in str(error)
            monkeypatch.setattr(server, "packed", packed)
            if ask(ALL) != before:
                assert verb == "add", error  # its message is stored before anything reads it
                break
        else:
            break
    monkeypatch.setattr(server, "packed", packed)
    assert failing > 1
    clock.tick(minutes=2)
    memory.process()  # the job of a message, once nobody holds it any more
    assert counted(memory) == counted(twin)
    assert check(memory) == []


def test_a_flush_that_the_server_refuses_halfway_leaves_nothing(
    memory: Memory, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One property that no store takes, in the last row of the statement."""
    before, flush = ask(ALL), Transaction._flush

    def bad(transaction: Transaction) -> None:
        transaction._pending.change("name alice", {"text": {"a": {"map": 1}}})
        flush(transaction)

    monkeypatch.setattr(Transaction, "_flush", bad)
    with pytest.raises(StoreError):
        memory.add_triplets([Triplet("Bob", "leads", "ML")])
    assert ask(ALL) == before
    monkeypatch.undo()


# the connection


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries for two seconds, not for thirty."""
    monkeypatch.setattr(server, "RETRY_SECONDS", 2.0)
    monkeypatch.setattr(server, "CONNECT_SECONDS", 2.0)


@pytest.fixture
def proxy(neo4j_server: Server) -> Iterator[Proxy]:
    with Proxy(neo4j_server.uri) as proxy:
        yield proxy


def test_a_connection_that_breaks_is_made_anew_within_the_call(
    open_memory: Open, proxy: Proxy, impatient: None
) -> None:
    memory = open_memory(url=proxy.uri)
    memory.add_triplets([Triplet("Alice", "leads", "ML")])
    for n in range(3):
        proxy.cut()
        assert [fact.subject.name for fact in memory.facts()] == ["Alice"]
        proxy.cut()
        memory.add_triplets([Triplet("Alice", "leads", "ML")], source_id=f"again {n}")
    assert len(memory.episodes()) == 4
    assert check(memory) == []


def test_a_server_that_is_gone_is_unavailable_in_bounded_time(open_memory: Open, proxy: Proxy, impatient: None) -> None:
    memory = open_memory(url=proxy.uri)
    memory.add_triplets([Triplet("Alice", "leads", "ML")], source_id="1")
    proxy.close()
    calls: list[Callable[[], object]] = [
        lambda: memory.add_triplets([Triplet("Bob", "leads", "ML")], source_id="2"),
        memory.facts,
        lambda: memory.recall("who leads ML?"),
        Admin(memory._space.engine, None).check,
    ]
    for call in calls:
        began = time.monotonic()
        with pytest.raises(StoreUnavailable, match="cannot be reached"):
            call()
        assert time.monotonic() - began < 30


def test_a_server_that_comes_back_during_the_call_is_used(
    open_memory: Open, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = open_memory(url=proxy.uri)
    memory.add_triplets([Triplet("Alice", "leads", "ML")], source_id="1")
    proxy.down_for(3.0)
    memory.add_triplets([Triplet("Bob", "leads", "ML")], source_id="2")
    assert [fact.subject.name for fact in memory.facts()] == ["Bob"]
    assert [one.source_id for one in memory.episodes()] == ["1", "2"]


# answers that are lost


@pytest.fixture
def wired(open_memory: Open, proxy: Proxy) -> Memory:
    """A memory behind the proxy, which holds the same as `memory` of another namespace."""
    memory = open_memory(url=proxy.uri, namespace="wired")
    memory.add_triplets([Triplet("Alice", "leads", "ML"), Triplet("Ann", "likes", "tea")])
    return memory


def counted(memory: Memory) -> list[Any]:
    """What is there, without ids and times."""
    changes = sorted(one.kind for one in memory.changes("2000-01-01"))
    texts = sorted((fact.text, fact.state, fact.support) for fact in memory.history())
    return [texts, changes, len(memory.episodes()), len(memory.tombstones())]


@pytest.mark.parametrize("verb", VERBS)
def test_a_lost_answer_to_a_commit_writes_once(memory: Memory, wired: Memory, proxy: Proxy, verb: str) -> None:
    VERBS[verb](memory)
    proxy.lose_the_next_answer_to_a_commit()
    VERBS[verb](wired)
    assert proxy.lost == 1
    assert counted(wired) == counted(memory)
    assert check(wired) == []


def test_another_write_between_a_lost_answer_and_the_retry_changes_nothing(
    memory: Memory, open_memory: Open, wired: Memory, proxy: Proxy
) -> None:
    VERBS["end"](memory)
    memory.add_triplets([Triplet("Cy", "keeps", "bees")])
    beside = open_memory(namespace="wired")
    proxy.lose_the_next_answer_to_a_commit(lambda: beside.add_triplets([Triplet("Cy", "keeps", "bees")]))
    VERBS["end"](wired)
    assert proxy.lost == 1
    assert counted(wired) == counted(memory)
    assert check(wired) == []


def test_what_a_call_says_is_what_was_written_though_the_answer_was_lost(wired: Memory, proxy: Proxy) -> None:
    proxy.lose_the_next_answer_to_a_commit()
    result = wired.add_triplets([Triplet("Bob", "leads", "ML")])
    assert proxy.lost == 1
    assert [fact.text for fact in result.added] == ["Bob leads ML"]
    assert [fact.text for fact in result.ended] == ["Alice leads ML"]
    assert wired.facts(predicate="leads") == result.added
    assert wired.explain(result.added[0]).episodes == result.episodes


@pytest.mark.parametrize("error", [ServiceUnavailable, SessionExpired, TransientError])
def test_an_error_that_may_pass_is_tried_again_and_writes_once(
    memory: Memory, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    real, raised = neo4j.ManagedTransaction._commit, []

    def commit(transaction: neo4j.ManagedTransaction) -> None:
        real(transaction)
        if not raised:
            raised.append(error("after all was written"))
            raise raised[0]

    monkeypatch.setattr(neo4j.ManagedTransaction, "_commit", commit)
    memory.end(memory.facts(predicate="leads")[0])
    assert len(raised) == 1
    assert [one.kind for one in memory.changes("2000-01-01")].count("ended") == 1
    assert check(memory) == []


# who is let in, and where


def test_a_database_that_is_not_there_is_named(store_url: str) -> None:
    with pytest.raises(StoreUnavailable, match="no database 'nowhere'"):
        connect(store_url, database="nowhere")


def test_nobody_listening_is_unavailable_at_once(impatient: None) -> None:
    began = time.monotonic()
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        connect("bolt://127.0.0.1:1", auth=("neo4j", "x"))
    assert time.monotonic() - began < 20


def test_an_address_that_leads_nowhere_is_told_in_our_words(store_url: str) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        connect("bolt://no host", auth=("neo4j", "x"))
    with pytest.raises(ConfigError, match="no URL of a Neo4j server"):
        connect("bolt+s://127.0.0.1:1?option=1", auth=("neo4j", "x"))


@pytest.mark.parametrize("version", ["5.26.0", "2025.12.1", "4.4.1", "what"])
def test_a_server_that_is_too_old_is_refused(store_url: str, monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    alone = server.Server.alone

    def old(self: server.Server, statement: str, **values: Any) -> Any:
        if "dbms.components" in statement:
            return [{"version": version, "edition": "community"}]
        return alone(self, statement, **values)

    monkeypatch.setattr(server.Server, "alone", old)
    with pytest.raises(StoreMismatch, match=f"is Neo4j {version}; triplemem needs 2026.1 or newer"):
        connect(store_url)


# what is in the database


@contextmanager
def driver(there: Server) -> Iterator[neo4j.Driver]:
    with neo4j.GraphDatabase.driver(there.uri, auth=there.auth) as open_:
        yield open_


STATE = "MATCH (x) OPTIONAL MATCH (x)-[r]->() RETURN labels(x) AS l, properties(x) AS x, count(r) AS r ORDER BY l"


def test_databases_that_are_not_ours_newer_or_not_ready(
    private_neo4j_server: Callable[..., Server], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """One server for all of it, since each takes seconds to start."""
    private_server = private_neo4j_server()
    with driver(private_server) as open_:
        _a_wrong_password_is_refused_and_not_told(private_server)
        _a_strange_graph_is_refused_untouched(private_server, open_)
        _a_graph_that_has_labels_of_ours_is_refused(private_server, open_)
        _an_empty_database_is_made_ours(private_server, open_)
        _a_schema_that_is_no_number_is_refused(private_server, open_)
        _an_index_that_is_lost_is_named_and_made_again(private_server, open_)
        _a_newer_schema_is_refused(private_server, open_)
        _an_older_schema_needs_init(private_server, open_)
        _an_index_that_fills_is_waited_for(private_server, open_, monkeypatch, caplog)


def _rows(open_: neo4j.Driver, query: str) -> list[Any]:
    return [record.data() for record in open_.execute_query(query).records]


def _a_wrong_password_is_refused_and_not_told(there: Server) -> None:
    with pytest.raises(StoreUnavailable, match="refused the user or the password") as told:
        connect(there.uri, auth=(there.auth[0], "not-the-password"))
    assert "not-the-password" not in str(told.value)


def _a_strange_graph_is_refused_untouched(there: Server, open_: neo4j.Driver) -> None:
    open_.execute_query("CREATE (:Person {name: 'Ann'})-[:KNOWS]->(:Person {name: 'Bob'})")
    before = _rows(open_, STATE), _rows(open_, "SHOW INDEXES YIELD name"), _rows(open_, "SHOW CONSTRAINTS YIELD name")
    with pytest.raises(StoreMismatch, match=r"not triplemem's \(nodes labelled 'Person'\)"):
        connect(there.uri, auth=there.auth)
    with pytest.raises(StoreMismatch):
        Admin.open(there.uri, auth=there.auth)
    after = _rows(open_, STATE), _rows(open_, "SHOW INDEXES YIELD name"), _rows(open_, "SHOW CONSTRAINTS YIELD name")
    assert after == before
    open_.execute_query("MATCH (x:Person) DETACH DELETE x")


def _a_graph_that_has_labels_of_ours_is_refused(there: Server, open_: neo4j.Driver) -> None:
    for strange in ("(:Namespace {name: 'kube-system'})", "(:Meta {version: 1})", "(:Chunk {namespace: 'docs'})"):
        open_.execute_query(f"CREATE {strange}")
        with pytest.raises(StoreMismatch, match="not triplemem's"):
            connect(there.uri, auth=there.auth)
        assert _rows(open_, "MATCH (x) RETURN count(x) AS n") == [{"n": 1}]
        open_.execute_query("MATCH (x) DETACH DELETE x")


def _a_schema_that_is_no_number_is_refused(there: Server, open_: neo4j.Driver) -> None:
    for value in ("abc", "", "0", "-1", "2.5", None):
        open_.execute_query("MATCH (m:Meta {key: 'schema'}) SET m.value = $v", v=value)
        for opening in (connect, Admin.open):
            with pytest.raises(StoreMismatch, match="not triplemem's"):
                opening(there.uri, auth=there.auth)
    open_.execute_query("MATCH (m:Meta {key: 'schema'}) SET m.value = $v", v=str(schema.VERSION))


def _an_index_that_is_lost_is_named_and_made_again(there: Server, open_: neo4j.Driver) -> None:
    indexes = {name: name for name in ("triplemem_words", "triplemem_current_facts")}
    indexes["triplemem_fact_subject"] = r"on \(.*subject.*"  # where hints are obeyed or refused, as they are there
    for index, told in indexes.items():
        with connect(there.uri, auth=there.auth) as store:
            open_.execute_query(f"DROP INDEX {index}")
            with pytest.raises(StoreError, match=f"lost the index {told}: triplemem admin init"):
                store.memory("a").recall("who likes tea?")
        with Admin.open(there.uri, auth=there.auth) as admin:
            admin.init()
        with connect(there.uri, auth=there.auth) as store:
            assert store.memory("a").recall("who likes tea?")


def _an_empty_database_is_made_ours(there: Server, open_: neo4j.Driver) -> None:
    with connect(there.uri, auth=there.auth) as store:
        store.memory("a").add_triplets([Triplet("Ann", "likes", "tea"), Triplet("Ann", "used", "milk")])
        assert store.admin().check() == []
    with connect(there.uri, auth=there.auth) as store:
        assert sorted(fact.text for fact in store.memory("a").facts()) == ["Ann likes tea", "Ann used milk"]
        store.admin().init()  # again is no harm
        assert store.admin().check() == []
    assert {one["state"] for one in _rows(open_, "SHOW INDEXES YIELD state")} == {"ONLINE"}


def _a_newer_schema_is_refused(there: Server, open_: neo4j.Driver) -> None:
    newer = schema.VERSION + 1
    open_.execute_query("MATCH (m:Meta {key: 'schema'}) SET m.value = $v", v=str(newer))
    with pytest.raises(StoreMismatch, match=f"has schema {newer}; this triplemem knows up to {schema.VERSION}"):
        connect(there.uri, auth=there.auth)
    open_.execute_query("MATCH (m:Meta {key: 'schema'}) SET m.value = $v", v=str(schema.VERSION))


def _an_older_schema_needs_init(there: Server, open_: neo4j.Driver) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "VERSION", schema.VERSION + 1)
        with pytest.raises(StoreMismatch, match="run triplemem admin init"):
            connect(there.uri, auth=there.auth)
        open_.execute_query("CREATE (:Memory:Entity:Rule {namespace: 'a', id: 'n_0', name: 'x', kind: 'rule'})")
        open_.execute_query(
            "MATCH (f:Fact {predicate: 'used'})-[:SUBJECT]->(s) MATCH (s)-[r:RELATES_TO {fact_id: f.id}]->(o) "
            "CREATE (s)-[n:USED]->(o) SET n = properties(r), n.predicate = null, f.drawn = 'USED' DELETE r"
        )
        with Admin.open(there.uri, auth=there.auth) as admin:
            admin.init()
        assert _rows(open_, "MATCH (x {id: 'n_0'}) RETURN labels(x) AS labels") == [{"labels": ["Memory", "Entity"]}]
        open_.execute_query("MATCH (x {id: 'n_0'}) DELETE x")
        with connect(there.uri, auth=there.auth) as store:
            assert store.admin().check() == []
    open_.execute_query("MATCH (m:Meta {key: 'schema'}) SET m.value = $v", v=str(schema.VERSION))


def _an_index_that_fills_is_waited_for(
    there: Server, open_: neo4j.Driver, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Opening waits until the indexes are online and tells how far they are, and which when that takes too long."""
    alone, asked = server.Server.alone, []

    def filling(self: server.Server, statement: str, **values: Any) -> Any:
        if "SHOW INDEXES" in statement:
            asked.append(statement)
            if len(asked) < 4:
                return [{"name": "triplemem_words", "state": "POPULATING", "percent": 12.0}]
        return alone(self, statement, **values)

    monkeypatch.setattr(server.Server, "alone", filling)
    monkeypatch.setattr(schema, "TELL_SECONDS", 0.0)
    with connect(there.uri, auth=there.auth) as store:
        store.admin().init()
        assert len(asked) == 5  # while they fill, when they are full, and once more by `init`
        assert "fills its indexes (triplemem_words 12 %)" in caplog.text
        asked.clear()
        with pytest.raises(StoreUnavailable, match=r"still fills its indexes \(triplemem_words 12 %\)"):
            schema.wait_for_indexes(store._engine.storage.server, 0.0)  # type: ignore[attr-defined]
    monkeypatch.undo()


def test_the_corner_of_a_test_is_where_its_rows_are(memory: Memory, ask: Ask) -> None:
    [space] = ask(SEQ)
    assert space["n"]["path"] == path_of(memory)
    assert len(ask(ALL)) > 8


def test_a_namespace_that_no_index_can_hold_is_refused_in_our_words(store_url: str) -> None:
    """A segment has a limit on every store; that of all of them together is the server's."""
    store = connect(store_url)
    for namespace in (("é" * 512,) * 4, ("x" * 512,) * 9):
        memory = store.memory(namespace)
        with pytest.raises(InvalidNamespace, match=r"4,096 at most fit into the indexes of Neo4j"):
            memory.add_triplets([Triplet("Bob", "leads", "ML")])
        with pytest.raises(InvalidNamespace):
            memory.facts()
    longest = store.memory((*("é" * 512,) * 3, "y" * 512, "z" * 400))
    longest.add(Message("Bob leads ML.", speaker="𝔅" * 512, source_id="𝔅" * 512), session="𝔅" * 512)
    longest.prompts.create("𝔅" * 64, "text")
    assert [fact.text for fact in longest.facts()] == ["Bob leads ML"]
    assert len(longest.episodes(session="𝔅" * 512)) == 1
    store.close()


class OutOfMemory(TransientError):
    """What a server says whose transactions may take less than a search does."""

    code = "Neo.TransientError.General.MemoryPoolOutOfMemoryError"  # type: ignore[assignment]


def test_a_search_that_takes_too_much_memory_at_once_is_made_bit_by_bit(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory.add("Ann leads ML. Bob likes rum.", speaker="Ann")
    found = memory.recall("who leads ML?")
    real, refused = View.open, []

    def open_(view: View, expected: Expected) -> View:
        if expected.search is not None:
            refused.append(expected)
            raise OutOfMemory("more than the limit")
        return real(view, expected)

    monkeypatch.setattr(View, "open", open_)
    assert memory.recall("who leads ML?") == found
    assert len(refused) == 1
