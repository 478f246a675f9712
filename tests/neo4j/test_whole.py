"""What is too large for one transaction of the server: in batches, never seen half done, and finished after a crash."""

import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.neo4j import server as servers
from tests.neo4j.small import make_small
from triplemem import InvalidInput, Memory, StoreUnavailable, Triplet
from triplemem.compose import Store, connect, named_embedder
from triplemem.core.rows import RecordLink, RecordRow
from triplemem.ledger.vectors import _missing
from triplemem.move import import_
from triplemem.stores.neo4j import bulk, journal, marker
from triplemem.stores.neo4j.server import Server
from triplemem.upkeep import check, rebuild

ROOT = Path(__file__).parent.parent.parent
NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
PEOPLE = 40


def wordless(url: str, **options: Any) -> Store:
    """A store without an embedder: vectors are made after work in batches, and a crash leaves them to `process`."""
    store = connect(url, clock=lambda: NOW, **options)
    store._engine.embedder = None
    return store


@pytest.fixture
def auth(neo4j_server: servers.Server) -> tuple[str, str]:
    return neo4j_server.auth or ("neo4j", "none")


@pytest.fixture
def store(neo4j_server: servers.Server, auth: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A server on which forty facts are many."""
    make_small(monkeypatch.setattr)
    with wordless(neo4j_server.uri, auth=auth) as store:
        yield store


@pytest.fixture
def other(neo4j_server: servers.Server, auth: tuple[str, str], store: Store) -> Iterator[Store]:
    """The same server as another process sees it."""
    with wordless(neo4j_server.uri, auth=auth) as other:
        yield other


@pytest.fixture
def name(store: Store) -> Iterator[str]:
    """A namespace of its own, which is gone afterwards."""
    name = f"whole/{uuid.uuid4().hex[:12]}"
    yield name
    server_of(store).alone("MATCH (x {namespace: $name}) DETACH DELETE x", name=name)
    server_of(store).alone("MATCH (n:Namespace) WHERE n.path STARTS WITH $name DETACH DELETE n", name=name)


@pytest.fixture
def memory(store: Store, name: str) -> Memory:
    return store.memory(name)


@pytest.fixture
def lived(tmp_path: Path) -> Iterator[Memory]:
    """A memory in an SQLite store with a bit of everything in it."""
    with wordless(f"sqlite:///{tmp_path / 'lived.db'}") as store:
        memory = store.memory("lived")
        memory.add("Alice leads ML. Hello!", speaker="Ann", session="s", occurred_at=NOW)
        memory.add_triplets([Triplet(f"Person {n}", "works_at", f"Company {n % 7}") for n in range(PEOPLE)])
        memory.add_triplets([Triplet(f"Person {n}", "works_at", "Acme", valid_from="2026-03") for n in range(8)])
        memory.add_triplets([Triplet("Bob", "leads", "ML", valid_from="2026-03"), Triplet("Rob", "digs", "tea")])
        memory.merge("Bob", "Rob")
        memory.predicates.define("likes", cardinality="one_object", synonyms=("digs",))
        memory.reject(memory.facts(object="Company 3")[0], reason="wrong")
        memory.end(memory.facts(object="Company 4")[0], reason="enough")
        memory.erase(entity="Person 5")
        memory.add("later", wait=False)
        memory.prompts.create("support", "Help {name}.")
        memory.prompts.rules.add("support", "Be brief.", when="somebody asks")
        _rest(memory, "Alice leads ML. Hello!")
        yield memory


def _rest(memory: Memory, text: str) -> None:
    """An experience that rests on this message and used a fact."""
    episode = next(int(one.id[2:], 16) for one in memory.episodes() if one.text == text)
    fact = int(memory.history(object="Acme")[0].id[2:], 16)

    def work(tx: Any, _: object) -> None:
        row = RecordRow(tx.number(), "experience", "one", '{"did": "began", "embed": "x"}', "host", tx.recorded_at)
        tx.add_records([row])
        tx.add_record_links([RecordLink(row.id, "episode", episode), RecordLink(row.id, "fact", fact)])

    memory._space.engine.write(memory._space.path, "host", work)


def logged(memory: Memory) -> list[Any]:
    """Its records and what they are linked to."""

    def work(view: Any) -> list[Any]:
        records = view.all_records()
        return [records, view.links_of(row.id for row in records)]

    return memory._space.engine.read(memory._space.path, work)


@pytest.fixture
def export(lived: Memory, tmp_path: Path) -> Path:
    lived.export(tmp_path / "lived.jsonl")
    return tmp_path / "lived.jsonl"


def server_of(store: Store) -> Server:
    server: Server = store._engine.storage.server  # type: ignore[attr-defined]
    return server


def answers(memory: Memory) -> set[Any]:
    """What the memory says of then and now, of what was found by words, and of what it was told."""
    found = [*memory.facts(include_ended=True), *memory.history()]
    said = {(f.id, f.text, f.periods, f.state, f.support, f.superseded_by) for f in found}
    return said | {hit.text for word in ("Acme", "tea", "Hello") for hit in memory.recall(word)}


def drawn(store: Store, name: str) -> list[Any]:
    """The graph that people look at."""
    query = "MATCH (s:Entity {namespace: $name})-[r]->(o) RETURN s.name, type(r), o.name, r.fact_id ORDER BY r.fact_id"
    return [tuple(row) for row in server_of(store).alone(query, name=name)]


def closed_at(memory: Memory) -> Any:
    return marker.Marker.of(server_of_memory(memory), memory._space.path)


def server_of_memory(memory: Memory) -> Server:
    server: Server = memory._space.engine.storage.server  # type: ignore[attr-defined]
    return server


def left(store: Store, name: str) -> int:
    query = "MATCH (x) WHERE x.namespace = $name OR x.path = $name RETURN count(x) AS n"
    return int(server_of(store).alone(query, name=name)[0]["n"])


def quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody renews a lease."""
    monkeypatch.setattr(marker.Lease, "_renew", lambda self: None)


def after_each_transaction(monkeypatch: pytest.MonkeyPatch, store: Store, look: Callable[[], object]) -> list[int]:
    """Look after each transaction that this store commits; returns how many statements each one had, as they come."""
    quietly(monkeypatch)
    sizes: list[int] = []
    plain, own = Server.write, server_of(store)

    def write(self: Server, work: Any) -> Any:
        before = self.statements
        result = plain(self, work)
        if self is own:
            sizes.append(self.statements - before)
            look()
        return result

    monkeypatch.setattr(Server, "write", write)
    return sizes


# ── what others see meanwhile ────────────────────────────────────────────────────────────────────


def test_an_import_in_batches_answers_like_one_of_an_embedded_store(
    store: Store, memory: Memory, lived: Memory, export: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = after_each_transaction(monkeypatch, store, lambda: None)
    memory.import_(export)
    assert len(sizes) > 20
    assert answers(memory) == answers(lived)
    assert logged(memory) == logged(lived)
    assert memory.prompts.history("support") == lived.prompts.history("support")
    rebuild(memory._space)
    assert logged(memory) == logged(lived)
    assert check(memory._space) == []
    assert closed_at(memory) is None
    query = "MATCH (j:Journal {namespace: $name}) RETURN count(j) AS n"
    assert server_of(store).alone(query, name=name)[0]["n"] == 0


def test_a_batched_import_stores_what_an_import_in_one_transaction_stores(
    store: Store, memory: Memory, name: str, export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory.import_(export)
    monkeypatch.setattr(bulk, "LARGE", 10**9)
    whole = store.memory(f"{name}/whole")
    whole.import_(export)
    query = """MATCH (x:Memory {namespace: $name})
        RETURN x.id AS id, labels(x) AS labels, x {.*, namespace: ''} AS props,
        COLLECT { MATCH (x)-[r]->(o) RETURN [type(r), o.id, properties(r)] } AS out ORDER BY id"""

    def stored(path: str) -> list[Any]:
        found = server_of(store).alone(query, name=path)
        number = server_of(store).alone("MATCH (n:Namespace {path: $name}) RETURN n.n AS n", name=path)[0]["n"]
        rows = []
        for r in found:
            props = dict(r["props"])
            if isinstance(props.get("words"), str):
                props["words"] = [word.removeprefix(str(number)) for word in props["words"].split()]
            rows.append((r["id"], sorted(r["labels"]), props, sorted(r["out"], key=str)))
        return rows

    try:
        for one, two in zip(stored(name), stored(f"{name}/whole"), strict=True):
            assert one == two
        assert len(stored(name)) > 200
    finally:
        store.admin().erase_namespace(f"{name}/whole")


def test_whoever_reads_meanwhile_sees_the_old_state_or_is_refused_and_never_a_half(
    store: Store, other: Store, memory: Memory, name: str, lived: Memory, export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory.add_triplets([Triplet("Zoe", "lives_in", "Rome")])
    reader, before = other.memory(name), answers(other.memory(name))
    seen: list[Any] = []

    def look() -> None:
        try:
            seen.append(answers(reader))
        except StoreUnavailable as error:
            seen.append(str(error))

    after_each_transaction(monkeypatch, store, look)
    memory.import_(export)
    states = [one for one in seen if not isinstance(one, str)]
    refused = [one for one in seen if isinstance(one, str)]
    assert before in states
    assert all(one in (before, answers(memory)) for one in states)
    assert len(refused) > 5
    assert f"{name!r} is closed for an import, since 20" in refused[0]
    assert "the same command, or any other, finishes it" in refused[0]


def test_nobody_writes_meanwhile_and_other_namespaces_go_on(
    store: Store, other: Store, memory: Memory, name: str, export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = refused = 0
    writer, beside = other.memory(name), other.memory(f"{name}/beside")

    def look() -> None:
        nonlocal looked, refused
        looked += 1
        beside.add_triplets([Triplet("Ann", "likes", f"tea {looked}")])
        try:
            writer.add_triplets([Triplet("Ann", "lives_in", "Rome")])
        except StoreUnavailable:
            refused += 1

    after_each_transaction(monkeypatch, store, look)
    memory.import_(export)
    monkeypatch.undo()
    assert refused == looked - 1 > 20
    assert len(beside.facts(limit=1000)) == looked
    other.admin().erase_namespace(beside.namespace)


def test_a_broken_file_leaves_nothing_behind(store: Store, memory: Memory, name: str, export: Path) -> None:
    lines = export.read_text("utf-8").splitlines()
    export.write_text("\n".join([*lines[:60], "{broken", *lines[60:]]), "utf-8")
    with pytest.raises(InvalidInput, match="line 61"):
        memory.import_(export)
    assert left(store, name) == 0
    memory.add_triplets([Triplet("Zoe", "lives_in", "Rome")])
    with pytest.raises(InvalidInput, match="nothing was imported"):
        memory.import_(export)
    assert [fact.text for fact in memory.facts()] == ["Zoe lives in Rome"]


def test_an_import_tells_its_progress(memory: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "ROWS", 1000)
    with connect("sqlite://", clock=lambda: NOW) as embedded:
        many = embedded.memory("many")
        many.add_triplets([Triplet(f"Person {n}", "works_at", "Acme") for n in range(250)])
        many.export(tmp_path / "many.jsonl")
    told: list[int] = []
    import_(memory._space, tmp_path / "many.jsonl", told.append)
    assert told == [1000]
    assert len(memory.facts(limit=300)) == 250


def test_an_erasure_that_derives_everything_again_goes_in_batches(
    store: Store, memory: Memory, lived: Memory, export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory.import_(export)
    sizes = after_each_transaction(monkeypatch, store, lambda: None)
    memory.erase(entity="Person 6")
    lived.erase(entity="Person 6")
    assert len(sizes) > 5
    assert answers(memory) == answers(lived)
    assert check(memory._space) == []


def test_a_journal_that_stood_without_our_knowing_is_void(
    store: Store, memory: Memory, name: str, export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, lost = Server.write, 0

    def write(self: Server, work: Any) -> Any:
        nonlocal lost
        result = plain(self, work)
        there = closed_at(memory)
        if not lost and there is not None and there.phase == marker.APPLYING:
            lost += 1
            raise StoreUnavailable("the answer was lost")
        return result

    monkeypatch.setattr(Server, "write", write)
    with pytest.raises(StoreUnavailable, match="the answer was lost"):
        memory.import_(export)
    assert lost == 1
    assert left(store, name) == 0


# ── what a crash leaves ──────────────────────────────────────────────────────────────────────────

Crash = Callable[[str, str, str, int], None]


@pytest.fixture
def crash(neo4j_server: servers.Server, auth: tuple[str, str], name: str) -> Crash:
    """Runs a command in a process that dies once a statement was committed so many times."""

    def run(command: str, argument: str, statement: str, count: int) -> None:
        words = [neo4j_server.uri, *auth, name, command, argument, statement, str(count)]
        process = [sys.executable, "-m", "tests.neo4j.dies", *words]
        done = subprocess.run(process, cwd=ROOT, capture_output=True, text=True, timeout=120)
        assert done.returncode == -9, done.stderr

    return run


def run_out(memory: Memory) -> None:
    """Let the lease of a marker run out; without one the crash came too late."""
    assert closed_at(memory) is not None
    query = "MATCH (n:Namespace {path: $name}) SET n.closed_until = 0"
    server_of_memory(memory).alone(query, name=memory._space.path)


POINTS = [
    ("bulk/mark", 1, False),
    ("bulk/note", 1, False),
    ("bulk/note", 5, False),
    ("bulk/turn", 1, True),
    ("bulk/next", 1, True),
    ("bulk/next", 7, True),
]
"""After which commit the process dies, and whether readers are refused then."""


@pytest.mark.parametrize(("statement", "count", "refused"), POINTS)
def test_an_import_that_was_killed_is_finished_by_the_same_command(
    memory: Memory, lived: Memory, export: Path, crash: Crash, statement: str, count: int, refused: bool
) -> None:
    crash("import", str(export), statement, count)
    if refused:
        with pytest.raises(StoreUnavailable, match="closed for an import"):
            memory.facts()
    else:
        assert memory.facts() == []
    with pytest.raises(StoreUnavailable, match="closed for an import"):
        memory.import_(export)
    run_out(memory)
    memory.import_(export)
    assert answers(memory) == answers(lived)
    assert check(memory._space) == []
    assert closed_at(memory) is None


@pytest.mark.parametrize(("statement", "count"), [("bulk/note", 2), ("bulk/next", 2)])
def test_what_an_import_in_batches_brought_has_its_vectors_also_where_it_was_killed(
    memory: Memory, export: Path, crash: Crash, statement: str, count: int
) -> None:
    memory._space.engine.embedder = named_embedder("static")
    crash("import", str(export), statement, count)
    run_out(memory)
    memory.import_(export)
    memory.process()
    assert memory._space.engine.read(memory._space.path, _missing) == []
    vectors = memory._space.engine.read(memory._space.path, lambda view: view.vectors("fact"))
    assert len(vectors) > PEOPLE
    assert check(memory._space) == []


def test_whoever_reads_next_finishes_it_first(memory: Memory, lived: Memory, export: Path, crash: Crash) -> None:
    crash("import", str(export), "bulk/next", 2)
    run_out(memory)
    assert answers(memory) == answers(lived)
    assert check(memory._space) == []


@pytest.mark.parametrize(("statement", "refused"), [("bulk/note", False), ("bulk/next", True)])
def test_whoever_writes_next_undoes_or_finishes_it_first(
    memory: Memory, lived: Memory, export: Path, crash: Crash, statement: str, refused: bool
) -> None:
    crash("import", str(export), statement, 2)
    run_out(memory)
    memory.add_triplets([Triplet("Zoe", "lives_in", "Rome")])
    assert len(memory.facts(subject="Zoe")) == 1
    assert len(memory.facts()) == 1 + (len(lived.facts()) if refused else 0)
    assert check(memory._space) == []


@pytest.mark.parametrize(("statement", "count"), [("bulk/note", 1), ("bulk/turn", 1), ("bulk/next", 2)])
def test_a_rebuild_that_was_killed_is_finished_by_the_same_command(
    store: Store, memory: Memory, lived: Memory, export: Path, name: str, crash: Crash, statement: str, count: int
) -> None:
    memory.import_(export)
    before = drawn(store, name)
    damage = "MATCH (f:Fact {namespace: $name})-[h:HELD]->(o) DELETE h SET f.words = 'x', f.holds_to = 0"
    server_of(store).alone(damage, name=name)
    server_of(store).alone("MATCH (s:Entity {namespace: $name})-[r]->() DELETE r", name=name)
    assert check(memory._space) != []
    crash("rebuild", "", statement, count)
    run_out(memory)
    store.admin().rebuild(name)
    assert check(memory._space) == []
    assert answers(memory) == answers(lived)
    assert drawn(store, name) == before


@pytest.mark.parametrize(("statement", "count"), [("bulk/mark", 1), ("bulk/note", 2), ("bulk/next", 1)])
def test_a_definition_that_was_killed_is_finished_by_the_same_command(
    memory: Memory, lived: Memory, export: Path, crash: Crash, statement: str, count: int
) -> None:
    memory.import_(export)
    crash("define", "works_at", statement, count)
    run_out(memory)
    for one in (memory, lived):
        one.predicates.define("works_at", cardinality="one_object")
    assert {(f.text, f.periods, f.state) for f in memory.facts(include_ended=True)} == {
        (f.text, f.periods, f.state) for f in lived.facts(include_ended=True)
    }
    assert check(memory._space) == []


@pytest.mark.parametrize("count", [1, 3])
def test_erasing_a_namespace_that_was_killed_is_finished_by_the_same_command(
    store: Store, memory: Memory, name: str, export: Path, crash: Crash, count: int
) -> None:
    memory.import_(export)
    beside = store.memory(f"{name}x")
    beside.add_triplets([Triplet("Zoe", "lives_in", "Rome")])
    crash("erase", "", "write/wipe", count)
    with pytest.raises(StoreUnavailable, match="closed for erasing it"):
        memory.facts()
    run_out(memory)
    store.admin().erase_namespace(name)
    assert left(store, name) == 0
    assert [fact.text for fact in beside.facts()] == ["Zoe lives in Rome"]
    store.admin().erase_namespace(f"{name}x")


def test_a_large_namespace_is_erased_in_batches_and_counted(
    store: Store, memory: Memory, lived: Memory, name: str, export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory.import_(export)
    sizes = after_each_transaction(monkeypatch, store, lambda: None)
    removed = store.admin().erase_namespace(name)
    assert len(sizes) > 5
    engine: Any = lived._space.engine
    assert removed == {k: n for k, n in Store(engine).admin().erase_namespace("lived").items() if k != "secret"}
    assert left(store, name) == 0


# ── a process that sleeps too long ───────────────────────────────────────────────────────────────


def test_whoever_slept_through_the_lease_while_preparing_has_written_nothing(
    store: Store, other: Store, memory: Memory, name: str, export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marker, "LEASE_MS", 0)
    writer = other.memory(name)

    def look() -> None:
        if len(sizes) == 3:
            time.sleep(0.05)
            writer.add_triplets([Triplet("Zoe", "lives_in", "Rome")])

    sizes = after_each_transaction(monkeypatch, store, look)
    with pytest.raises(StoreUnavailable, match="taken over by another process"):
        memory.import_(export)
    assert [fact.text for fact in memory.facts()] == ["Zoe lives in Rome"]
    assert check(memory._space) == []


def test_whoever_slept_through_the_lease_while_applying_finds_it_done(
    store: Store, other: Store, memory: Memory, lived: Memory, name: str, export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marker, "LEASE_MS", 0)
    taken = False

    def look() -> None:
        nonlocal taken
        there = closed_at(memory)
        if not taken and there is not None and there.phase == marker.APPLYING:
            time.sleep(0.05)
            taken = True
            other._engine.storage._batches.recover(name)  # type: ignore[attr-defined]

    after_each_transaction(monkeypatch, store, look)
    memory.import_(export)
    assert taken
    assert answers(memory) == answers(lived)
    assert check(memory._space) == []
