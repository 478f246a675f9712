"""`AsyncMemory` has the methods of `Memory`, awaited; a cancelled call completes, `close` waits."""

import asyncio
import inspect
import threading
from typing import Any

import pytest

from triplemem import AsyncMemory, Extraction, Memory, ProposedClaim, ScriptedExtractor, StoreUnavailable, Triplet
from triplemem.aio import AsyncExperiences, AsyncPrompts, AsyncRules, AsyncSession
from triplemem.experiences import Experiences
from triplemem.prompts_store import Prompts, Rules
from triplemem.sessions import Session


def public(kind: type) -> set[str]:
    return {name for name in dir(kind) if not name.startswith("_")}


def test_every_public_method_is_there_with_its_parameters() -> None:
    pairs = [
        (Memory, AsyncMemory),
        (Prompts, AsyncPrompts),
        (Rules, AsyncRules),
        (Experiences, AsyncExperiences),
        (Session, AsyncSession),
    ]
    apart = {"predicates", "prompts", "rules", "experiences", "session", "trace", "open", "close"}
    for sync, awaited in pairs:
        assert public(awaited) - {"namespace"} == public(sync)
        for name in public(sync) - apart:
            there, here = getattr(sync, name), getattr(awaited, name)
            assert inspect.iscoroutinefunction(here), name
            assert inspect.signature(here) == inspect.signature(there), name


def test_a_session_and_a_trace_are_awaited_too(store_url: str) -> None:
    async def main() -> Any:
        async with AsyncMemory.open(store_url, namespace="a") as memory:
            await memory.add("Ann likes tea.", session="s")
            with pytest.raises(KeyError):
                async with memory.experiences.trace("find the tea", session="s") as trace:
                    await trace.step("it is in the kitchen", "look there")
                    async with trace.timed("look", {"where": "kitchen"}) as call:
                        call.result("no tea")
                    async with trace.timed("ask"):
                        raise KeyError("private")
            told = await memory.experiences.get(trace.id)
            return told, await memory.session("s").messages(), await memory.session("s").summary(100)

    told, [message], summary = asyncio.run(main())
    assert (told.outcome, told.error) == ("failure", "KeyError")
    assert [(call.name, call.result, call.error) for call in told.steps[0].tools] == [
        ("look", "no tea", None),
        ("ask", None, "KeyError"),
    ]
    assert message.text in summary


def test_what_is_awaited_is_what_the_sync_method_gives(store_url: str) -> None:
    async def main() -> Any:
        async with AsyncMemory.open(store_url, namespace="a") as memory:
            await memory.add_triplets([Triplet("Ann", "likes", "tea")])
            await memory.predicates.define("likes", cardinality="one_object")
            await asyncio.gather(*(memory.add_triplets([Triplet("Ann", "owns", f"cup {n}")]) for n in range(20)))
            await memory.prompts.create("p", "Hi {name}.")
            await memory.prompts.rules.add("p", "Be brief.")
            assert "Be brief." in await memory.prompts.render("p", {"name": "Ann"})
            return await memory.facts(), (await memory.predicates.get("likes")).cardinality

    facts, cardinality = asyncio.run(main())
    assert len(facts) == 21
    assert cardinality == "one_object"


def test_a_cancelled_call_completes_and_close_waits_for_it(store_url: str) -> None:
    started, go = threading.Event(), threading.Event()

    def read(_request: Any) -> Extraction:
        started.set()
        assert go.wait(10)
        return Extraction(claims=(ProposedClaim(Triplet("Ann", "likes", "tea")),))

    async def main() -> None:
        memory = AsyncMemory.open(store_url, namespace="a", extractor=ScriptedExtractor(read))
        call = asyncio.create_task(memory.add("Ann likes tea."))
        await asyncio.to_thread(started.wait, 10)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        go.set()
        await memory.close()
        with pytest.raises(StoreUnavailable):
            await memory.facts()

    asyncio.run(main())
    with Memory.open(store_url, namespace="a") as memory:
        assert [fact.text for fact in memory.facts()] == ["Ann likes tea"]
