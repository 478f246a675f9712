"""`AsyncMemory`: the methods of `Memory`, awaited, over worker threads."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, Concatenate, Generic, ParamSpec, Self, TypeVar

from triplemem.errors import StoreUnavailable
from triplemem.experiences import Experiences
from triplemem.experiences.trace import Call, Trace
from triplemem.memory import Memory, Namespace, Predicates
from triplemem.prompts_store import Prompts, Rules
from triplemem.sessions import Session

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S")
C = TypeVar("C", Trace, Call)
WORKERS = 8
"""Calls of one memory that run at once; SQLite takes one writer at a time in any case."""


class _Workers:
    """Runs calls in threads. A call whose awaiting is cancelled runs to its end."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="triplemem")
        self._closed = False

    async def run(self, call: Callable[[], R]) -> R:
        if self._closed:
            raise StoreUnavailable("the memory is closed: open it again")
        running: asyncio.Future[R] = asyncio.get_running_loop().run_in_executor(self._pool, call)
        return await asyncio.shield(running)

    async def close(self, last: Callable[[], None]) -> None:
        if not self._closed:
            self._closed = True
            await asyncio.shield(asyncio.to_thread(self._finish, last))

    def _finish(self, last: Callable[[], None]) -> None:
        self._pool.shutdown(wait=True)
        last()


def _awaited(method: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[Any, P], Coroutine[Any, Any, R]]:
    """The method with the same parameters, awaited."""

    async def call(self: Any, /, *args: P.args, **options: P.kwargs) -> R:
        workers: _Workers = self._workers
        return await workers.run(functools.partial(method, self._sync, *args, **options))

    functools.update_wrapper(call, method)
    return call


def _block(
    method: Callable[Concatenate[S, P], C], facade: Callable[[C, _Workers], R]
) -> Callable[Concatenate[Any, P], R]:
    """The method with the same parameters, what it opens awaited; it asks nothing of the store itself."""

    def call(self: Any, /, *args: P.args, **options: P.kwargs) -> R:
        return facade(method(self._sync, *args, **options), self._workers)

    functools.update_wrapper(call, method)
    return call


class _Facade(Generic[S]):
    """What is awaited of something that is not."""

    def __init__(self, sync: S, workers: _Workers) -> None:
        self._sync, self._workers = sync, workers


class _Block(_Facade[C]):
    """A context manager whose ends are awaited."""

    async def __aenter__(self) -> Self:
        await self._workers.run(self._sync.__enter__)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._workers.run(functools.partial(self._sync.__exit__, kind, error, trace))


class AsyncMemory(_Facade[Memory]):
    """One namespace of a store, its methods awaited. Opening is not awaited; `close` waits for what still runs."""

    def __init__(self, memory: Memory) -> None:
        super().__init__(memory, _Workers())

    @classmethod
    def open(
        cls,
        url: str | None = None,
        *,
        namespace: Namespace,
        reads: Iterable[Namespace] = (),
        actor: str = "host",
        **as_for_connect: Any,
    ) -> AsyncMemory:
        """Open a store and one namespace of it, as `Memory.open` does."""
        return cls(Memory.open(url, namespace=namespace, reads=reads, actor=actor, **as_for_connect))

    @property
    def namespace(self) -> tuple[str, ...]:
        """The namespace that writes go to."""
        return self._sync.namespace

    @property
    def predicates(self) -> AsyncPredicates:
        """The predicates of this namespace."""
        return AsyncPredicates(self._sync.predicates, self._workers)

    @property
    def experiences(self) -> AsyncExperiences:
        """What was tried and how it went."""
        return AsyncExperiences(self._sync.experiences, self._workers)

    def session(self, id: str) -> AsyncSession:
        """One conversation; naming it is not awaited, for it asks nothing of the store."""
        return AsyncSession(self._sync.session(id), self._workers)

    @property
    def prompts(self) -> AsyncPrompts:
        """The prompts of this namespace, and their rules."""
        return AsyncPrompts(self._sync.prompts, self._workers)

    async def close(self) -> None:
        """Wait for the calls that still run, then let go of the store, if this memory opened it."""
        await self._workers.close(self._sync.close)

    async def __aenter__(self) -> AsyncMemory:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    add = _awaited(Memory.add)
    add_triplets = _awaited(Memory.add_triplets)
    process = _awaited(Memory.process)
    jobs = _awaited(Memory.jobs)
    usage = _awaited(Memory.usage)
    facts = _awaited(Memory.facts)
    history = _awaited(Memory.history)
    explain = _awaited(Memory.explain)
    changes = _awaited(Memory.changes)
    entities = _awaited(Memory.entities)
    episodes = _awaited(Memory.episodes)
    sessions = _awaited(Memory.sessions)
    tombstones = _awaited(Memory.tombstones)
    graph = _awaited(Memory.graph)
    page = _awaited(Memory.page)
    recall = _awaited(Memory.recall)
    context = _awaited(Memory.context)
    end = _awaited(Memory.end)
    reject = _awaited(Memory.reject)
    allow = _awaited(Memory.allow)
    retract = _awaited(Memory.retract)
    erase = _awaited(Memory.erase)
    merge = _awaited(Memory.merge)
    split = _awaited(Memory.split)
    export = _awaited(Memory.export)
    import_ = _awaited(Memory.import_)


class AsyncPredicates(_Facade[Predicates]):
    """The relation names of a namespace, awaited."""

    define = _awaited(Predicates.define)
    get = _awaited(Predicates.get)
    list = _awaited(Predicates.list)


class AsyncSession(_Facade[Session]):
    """One conversation, awaited."""

    def __init__(self, session: Session, workers: _Workers) -> None:
        super().__init__(session, workers)
        self.id = session.id

    messages = _awaited(Session.messages)
    search = _awaited(Session.search)
    summary = _awaited(Session.summary)
    erase = _awaited(Session.erase)


class AsyncCall(_Block[Call]):
    """A call of a tool, awaited as it begins and as it ends."""

    def result(self, result: object) -> None:
        """What the tool answered; it is stored when the call ends."""
        self._sync.result(result)


class AsyncTrace(_Block[Trace]):
    """A trace, awaited: ``async with memory.experiences.trace(...) as trace: await trace.step(...)``."""

    @property
    def id(self) -> str:
        """The id of the experience."""
        return self._sync.id

    timed = _block(Trace.timed, AsyncCall)
    step = _awaited(Trace.step)
    tool = _awaited(Trace.tool)
    result = _awaited(Trace.result)


class AsyncExperiences(_Facade[Experiences]):
    """The experiences of a namespace, awaited."""

    trace = _block(Experiences.trace, AsyncTrace)
    record = _awaited(Experiences.record)
    recall = _awaited(Experiences.recall)
    render = _awaited(Experiences.render)
    score = _awaited(Experiences.score)
    distil = _awaited(Experiences.distil)
    get = _awaited(Experiences.get)
    explain = _awaited(Experiences.explain)
    tools = _awaited(Experiences.tools)
    erase = _awaited(Experiences.erase)
    list = _awaited(Experiences.list)


class AsyncPrompts(_Facade[Prompts]):
    """The named prompts of a namespace, awaited. What scores a prompt for a gate is called in a worker thread."""

    @property
    def rules(self) -> AsyncRules:
        """The rules of the prompts."""
        return AsyncRules(self._sync.rules, self._workers)

    create = _awaited(Prompts.create)
    write = _awaited(Prompts.write)
    get = _awaited(Prompts.get)
    list = _awaited(Prompts.list)
    history = _awaited(Prompts.history)
    diff = _awaited(Prompts.diff)
    render = _awaited(Prompts.render)
    optimize = _awaited(Prompts.optimize)
    optimize_many = _awaited(Prompts.optimize_many)
    proposals = _awaited(Prompts.proposals)
    accept = _awaited(Prompts.accept)
    reject = _awaited(Prompts.reject)
    rollback = _awaited(Prompts.rollback)


class AsyncRules(_Facade[Rules]):
    """The rules of prompts, awaited."""

    add = _awaited(Rules.add)
    list = _awaited(Rules.list)
    remove = _awaited(Rules.remove)
