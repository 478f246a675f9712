"""A store may run the work of a transaction again: nothing is told or written twice."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.conformance.saying import Open
from tests.optimize.saying import TEXT, Answers, change, trajectory
from triplemem import Extraction, InvalidInput, Memory, ProposedClaim, ScriptedExtractor, ScriptedModel, Triplet
from triplemem.core.hints import Bulk, Hint, nothing
from triplemem.ports import Reader, Storage, Writer

T = TypeVar("T")


class _Undone(BaseException):
    """The first run is to leave nothing behind."""


class Again:
    """A store that runs every work twice, and keeps what the second run did."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self.runs = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.storage, name)

    def read(self, path: str, work: Callable[[Reader], T], hint: Hint = nothing) -> T:
        self.storage.read(path, work, hint)
        return self.storage.read(path, work, hint)

    def write(
        self, path: str, now: int, work: Callable[[Writer], T], hint: Hint = nothing, bulk: Bulk | None = None
    ) -> T:
        def undone(tx: Writer) -> None:
            self.runs += 1
            work(tx)
            raise _Undone

        with suppress(_Undone):
            self.storage.write(path, now, undone)
        return self.storage.write(path, now, work)


def again(memory: Memory) -> Memory:
    """The same memory, on a store that runs every work twice."""
    engine: Any = memory._space.engine
    engine.storage = Again(engine.storage)
    return memory


@pytest.fixture
def memory(open_memory: Open) -> Memory:
    return again(open_memory())


def test_what_a_write_tells_is_what_it_wrote(memory: Memory) -> None:
    first = memory.add_triplets([Triplet("Ann", "lives_in", "Rome")])
    second = memory.add_triplets([Triplet("Ann", "lives_in", "Oslo"), Triplet("Ann", "likes", "tea")])
    assert memory._space.engine.storage.runs == 2  # type: ignore[attr-defined]
    assert [len(some) for some in (first.episodes, second.episodes, second.added, second.ended)] == [1, 1, 2, 1]
    told = sorted(fact.text for fact in memory.history())
    assert told == ["Ann likes tea", "Ann lives in Oslo", "Ann lives in Rome"]
    assert [change.kind for change in memory.changes("2000-01-01")].count("ended") == 1


def test_extracted_claims_are_counted_and_refused_once(memory: Memory) -> None:
    memory.add("Ann lives in Rome.", wait=False)
    memory.reject(memory.add_triplets([Triplet("Ann", "lives_in", "Rome")]).added[0])
    told = memory.process()
    assert (told.done, told.failed, told.pending) == (1, 0, 0)
    assert [refusal.reason for refusal in told.refused] == ["tombstone"]


def test_what_is_read_again_is_replaced_and_told_once(open_memory: Open) -> None:
    answers = [Extraction(claims=(ProposedClaim(Triplet("Ann", "likes", what)),)) for what in ("tea", "rum", "rum")]
    memory = again(open_memory(extractor=ScriptedExtractor(answers)))
    memory.add("Ann likes something")
    rehearsed = memory.process(again=True, dry_run=True)
    told = memory.process(again=True)
    for result in (rehearsed, told):
        assert [len(some) for some in (result.made, result.gone, result.refused)] == [1, 1, 0]
    assert [(fact.text, fact.support) for fact in memory.facts()] == [("Ann likes rum", 1)]


def test_a_job_that_fails_has_failed_once(open_memory: Open) -> None:
    def fail(_request: object) -> Extraction:
        raise RuntimeError("no")

    memory = again(open_memory(extractor=ScriptedExtractor(fail)))
    [job] = memory.add("Ann lives in Rome.").jobs
    assert (job.state, job.attempts) == ("failed", 1)
    assert memory.process().failed == 1
    assert memory.jobs()[0].attempts == 2


def test_corrections_and_erasures_happen_once(memory: Memory) -> None:
    fact = memory.add_triplets([Triplet("Ann", "likes", "tea")]).added[0]
    memory.reject(fact)
    assert (memory.facts(), len(memory.tombstones())) == ([], 1)
    memory.allow(fact)
    assert [one.text for one in memory.facts()] == ["Ann likes tea"]
    assert memory.erase(fact=fact).removed["facts"] == 1
    assert memory.history() == []


def test_an_export_holds_each_line_once_and_is_read_from_its_start(
    memory: Memory, open_memory: Open, tmp_path: Path
) -> None:
    memory.add_triplets([Triplet("Ann", "likes", "tea"), Triplet("Bob", "sells", "rum")])
    memory.export(tmp_path / "out.jsonl")
    lines = (tmp_path / "out.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == len(set(lines))
    copy = again(open_memory(namespace=("copy",)))
    copy.import_(tmp_path / "out.jsonl")
    assert [fact.text for fact in copy.history()] == [fact.text for fact in memory.history()]
    with pytest.raises(InvalidInput, match="cannot read"):
        copy.import_(tmp_path / "none.jsonl")


def test_recall_over_namespaces_reads_each_anew(open_memory: Open) -> None:
    open_memory(namespace=("other",)).add_triplets([Triplet("Bob", "sells", "tea")])
    memory = again(open_memory(reads=[("other",)]))
    memory.add_triplets([Triplet("Ann", "likes", "tea")])
    found = sorted(hit.fact.text for hit in memory.recall("tea", kinds=("fact",)) if hit.fact)
    assert found == ["Ann likes tea", "Bob sells tea"]
    assert memory.context("tea").count(" tea") == 2


def test_what_was_gone_through_is_written_once(open_memory: Open) -> None:
    model = ScriptedModel(lambda _: '{"summary": "All was packed."}')
    memory = again(open_memory(model=model, extractor="grammar"))
    with memory.experiences.trace("pack") as trace:
        trace.tool("box", {"n": 1}, result="closed")
        with trace.timed("tape"):
            pass
    memory.experiences.score(trace.id, 0.5)
    said = memory.add("Item 99 was packed.").episodes
    linked = memory.experiences.record("unpack", "", "", "", episodes=(one for one in said))
    assert linked.episodes == (said[0].id,)
    [told, _] = memory.experiences.list()
    assert [call.name for call in told.steps[0].tools] == ["box", "tape"]
    memory.add([f"Item {n} was packed into a box." for n in range(12)], session="s")
    assert "All was packed." in memory.session("s").summary(100)
    assert len(model.requests) == 1
    assert memory.experiences.erase(told).removed == {"records": 6}
    assert memory.usage().calls == 1


def test_a_prompt_changes_once_and_is_proposed_for_once(open_memory: Open) -> None:
    answers = Answers.of("prompt_memory", change())
    memory = again(open_memory(model=ScriptedModel(answers), extractor="grammar"))
    memory.prompts.create("support", TEXT)
    rule = memory.prompts.rules.add("support", "Be brief.")
    made = memory.prompts.optimize("support", [trajectory()], kind="prompt_memory", evaluate=lambda text: 1.0)
    assert [one.id for one in memory.prompts.proposals("support")] == [made.id]
    assert (memory.usage().calls, made.state) == (1, "accepted")
    memory.prompts.rules.remove(rule)
    assert [one.version for one in memory.prompts.history("support")] == [1, 2, 3, 4]
    assert len(memory.tombstones()) == 1
