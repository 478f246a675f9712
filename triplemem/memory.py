"""`Memory`: what an agent knows in one namespace. Every method is a use case; this file only names them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, overload

from triplemem import correct, explain, ingest, read
from triplemem.core import namespaces
from triplemem.core.instants import ALWAYS, instant
from triplemem.core.messages import check_name
from triplemem.core.predicates import checked_definition
from triplemem.core.shown import shown
from triplemem.errors import InvalidInput
from triplemem.experiences import Experiences
from triplemem.ledger.engine import Engine
from triplemem.ledger.space import Space
from triplemem.prompts_store import Prompts
from triplemem.resources import file_path
from triplemem.sessions import Session, sessions
from triplemem.types import (
    AddResult,
    Change,
    Claim,
    Correction,
    End,
    Entity,
    Episode,
    Erasure,
    Experience,
    Explanation,
    Fact,
    Grounds,
    Hit,
    Job,
    Predicate,
    ProcessResult,
    Retraction,
    SessionInfo,
    Stated,
    Tombstone,
    Triplet,
    Usage,
)

if TYPE_CHECKING:
    import networkx

Namespace = str | Sequence[str]
Moment = datetime | date | str


class Memory:
    """One namespace of a store. A context manager; safe to share between threads.

    Nothing it accepts can widen the namespace: reads also see the namespaces named in ``reads`` when it was opened,
    writes only ever go to its own. Ids and names of other namespaces raise `NotFound`.
    """

    def __init__(
        self, engine: Engine, namespace: Namespace, reads: Iterable[Namespace], actor: str, close: Any
    ) -> None:
        self.namespace = namespaces.parse(namespace)
        given: object = reads
        if isinstance(given, str) or not isinstance(given, Iterable):
            raise InvalidInput("reads is a sequence of namespaces: write reads=[...], even for a single one")
        check_name(actor, "actor")
        others = [namespaces.parse(one) for one in reads]
        self._space = Space(engine, self.namespace, namespaces.path(self.namespace), actor)
        self._spaces = [self._space]
        for other in dict.fromkeys(others):
            if other != self.namespace:
                self._spaces.append(Space(engine, other, namespaces.path(other), actor))
        self._close: Callable[[], None] | None = close

    @classmethod
    def open(
        cls,
        url: str | None = None,
        *,
        namespace: Namespace,
        reads: Iterable[Namespace] = (),
        actor: str = "host",
        **as_for_connect: Any,
    ) -> Memory:
        """Open a store and one namespace of it; closing the memory closes the store. Options as for `connect`."""
        from triplemem.compose import open_memory  # the one import that points upwards: a shorthand for it

        return open_memory(url, namespace=namespace, reads=reads, actor=actor, **as_for_connect)

    def __repr__(self) -> str:
        return f"Memory(namespace={namespaces.path(self.namespace)!r})"

    def __enter__(self) -> Memory:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store, if this memory opened it; twice is no error."""
        if self._close is not None:
            self._close()

    # write

    def add(
        self,
        content: object,
        *,
        occurred_at: Moment | None = None,
        speaker: str | None = None,
        role: str = "user",
        session: str | None = None,
        source_id: str | None = None,
        wait: bool = True,
    ) -> AddResult:
        """Store messages verbatim, then read what they state; with ``wait=False`` leave the reading to `process`.

        ``content`` is a text, a `Message`, or a list of those or of chat dicts. The same episode again is a no-op; the
        same session and source with another text is a revision. An extractor that fails leaves a job and loses nothing.
        A text has at most 1 MiB of UTF-8, and so has its metadata as JSON.
        Raises `InvalidInput`, `InvalidTime`; nothing is stored then.
        """
        return ingest.add(
            self._space,
            content,
            occurred_at=occurred_at,
            speaker=speaker,
            role=role,
            session=session,
            source_id=source_id,
            wait=wait,
        )

    def add_triplets(
        self,
        triplets: Iterable[Triplet],
        *,
        occurred_at: Moment | None = None,
        source_id: str | None = None,
        text: str | None = None,
    ) -> AddResult:
        """Store what you already have as triplets, without an extractor, in one transaction.

        One episode for each 1,000 (of the source S then S#1, S#2, ...): ``text``, or the triplets in words. A bad
        triplet raises, names its index, and nothing of the call is stored. A value that was rejected or erased is in
        ``refused``.
        """
        return ingest.add_triplets(self._space, triplets, occurred_at=occurred_at, source_id=source_id, text=text)

    def process(
        self,
        *,
        limit: int | None = None,
        max_calls: int | None = None,
        max_tokens: int | None = None,
        again: bool = False,
        since: Moment | None = None,
        dry_run: bool = False,
        batch: bool = False,
    ) -> ProcessResult:
        """Read what is due: pending jobs, and failed ones whose time for another attempt has come.

        No call of a model is begun once ``max_calls`` were made or ``max_tokens`` used, of whatever kind; nor while the
        model is not to be had. ``stopped`` then says why, and what is left stays pending.

        ``again``: first make everything due that was read before and occurred from ``since`` on, unless an earlier such
        run is unfinished, which then goes on. What a message states by today's reading takes the place of what it
        stated: ``made`` and ``gone``. What is said as before stands untouched, and so does what people corrected. With
        ``dry_run`` the extractor is asked, and nothing is written.

        ``batch``: hand what is due in as a batch, which costs half and may take a day, after collecting what earlier
        ones brought, of whichever process. Its jobs are held for 26 hours at most, and then due again.
        """
        limit = read.check_limit(limit)
        for name, most in (("max_calls", max_calls), ("max_tokens", max_tokens)):
            if most is not None:
                read.check_count(most, name)
        limits = ingest.Limits(max_calls, max_tokens)
        if not again and (since is not None or dry_run):
            raise InvalidInput("since and dry_run are for again=True")
        if batch and (dry_run or max_tokens is not None):
            raise InvalidInput("a batch is no rehearsal, and what it takes is known afterwards: give max_calls alone")
        start = ALWAYS if since is None else instant(since, "since")
        self._space.engine.pause.relent()
        if dry_run:
            return ingest.rehearse(self._space, start, limit, limits)
        if again:
            ingest.begin_again(self._space, start)
        return (ingest.backfill if batch else ingest.process)(self._space, limit, limits)

    def usage(self) -> Usage:
        """What all calls of models for this namespace took."""
        return ingest.total_usage(self._space)

    def jobs(self, *, state: Literal["pending", "done", "failed"] | None = None) -> list[Job]:
        """The extraction jobs of this namespace, oldest first."""
        if state not in (None, "pending", "done", "failed"):
            raise InvalidInput(f"state must be 'pending', 'done' or 'failed', not {shown(state)}")
        return ingest.list_jobs(self._space, state)

    # read

    def facts(
        self,
        *,
        subject: Entity | str | None = None,
        predicate: str | None = None,
        object: Entity | str | None = None,
        as_of: Moment | None = None,
        known_at: Moment | None = None,
        include_ended: bool = False,
        limit: int | None = None,
        after: Fact | str | None = None,
    ) -> list[Fact]:
        """What holds at ``as_of`` (now), as believed at ``known_at`` (everything recorded), by first start.

        ``include_ended`` adds what is over or yet to begin. ``after`` is the id of the last fact of the page before, or
        that fact: two namespaces of ``reads`` may have one id, after an import, and then `InvalidInput` asks for it.
        """
        asked, times = read.Asked(subject, predicate, object), read.when(self._space, as_of, known_at)
        return read.facts(self._spaces, asked, times, include_ended=include_ended, limit=limit, after=after)

    def history(
        self,
        subject: Entity | str | None = None,
        predicate: str | None = None,
        object: Entity | str | None = None,
        *,
        known_at: Moment | None = None,
    ) -> list[Fact]:
        """All of it: ended, future, displaced and rejected facts too, by first start, unknown starts first."""
        asked = read.Asked(subject, predicate, object)
        return read.history(self._spaces, asked, read.when(self._space, None, known_at))

    @overload
    def explain(self, fact: Fact | str) -> Explanation: ...
    @overload
    def explain(self, fact: Experience) -> Grounds: ...
    def explain(self, fact: Fact | Experience | str) -> Explanation | Grounds:
        """Why a fact is believed: its claims and their episodes, what ended it, what it came after.

        Of an experience, or its id, what it came from and used: as `experiences.explain`.
        """
        if isinstance(fact, Experience) or explain.is_record(fact):
            return self.experiences.explain(fact)
        return explain.explain(self._spaces, fact)

    def changes(self, since: Moment, until: Moment | None = None) -> list[Change]:
        """What changed, ``since <= at < until``, by the time it was recorded."""
        return read.changes(self._spaces, since, until)

    def entities(self, *, name: str | None = None, kind: str | None = None) -> list[Entity]:
        """Entities, of one name or alias, or of one kind."""
        return read.entities(self._spaces, name=name, kind=kind)

    def episodes(
        self,
        *,
        session: str | None = None,
        since: Moment | None = None,
        until: Moment | None = None,
        limit: int | None = None,
        after: Episode | str | None = None,
    ) -> list[Episode]:
        """Episodes by when they occurred, what several namespaces have under one id once.

        ``after`` is the last one of the page before, or its id.
        """
        return read.episodes(self._spaces, session=session, since=since, until=until, limit=limit, after=after)

    def sessions(self, *, known_at: Moment | None = None) -> list[SessionInfo]:
        """The conversations, that of the latest message first; ``known_at``: of what was recorded by then."""
        return sessions(self._spaces, known_at)

    def session(self, id: str) -> Session:
        """One conversation, by the name that its messages were added under: to read, search, summarise or erase."""
        return Session(self, self._spaces, id, partial(read.episodes, self._spaces, standing=True))

    @property
    def experiences(self) -> Experiences:
        """What was tried and how it went: to write down as it happens, to recall as examples."""
        return Experiences(self._spaces)

    def tombstones(self) -> list[Tombstone]:
        """What is not to be believed, or stored, again: rejections and erasures in force."""
        return read.tombstones(self._space)

    def graph(
        self,
        *,
        as_of: Moment | None = None,
        known_at: Moment | None = None,
        include_ended: bool = False,
        center: Entity | str | None = None,
        depth: int | None = None,
    ) -> networkx.MultiDiGraph:
        """The facts as a graph, whole or within ``depth`` steps of ``center``."""
        times = read.when(self._space, as_of, known_at)
        return read.graph(self._spaces, times, include_ended=include_ended, center=center, depth=depth)

    def page(
        self,
        *,
        as_of: Moment | None = None,
        known_at: Moment | None = None,
        include_ended: bool = False,
        center: Entity | str | None = None,
        depth: int | None = None,
    ) -> str:
        """The graph as one page of HTML that needs no network: a time slider, a search, each fact with its evidence.

        It opens at ``as_of``. Whatever held at any time is in it; ``include_ended`` says whether it shows at first.
        """
        from triplemem.page import page

        times = read.when(self._space, as_of, known_at)
        now = times.as_of if as_of is None else read.when(self._space, None, None).as_of
        found = read.graph(self._spaces, times, include_ended=True, center=center, depth=depth)
        drawn = [key for *_, key in found.edges(keys=True)]
        return page(self._spaces, times, now, drawn, include_ended=include_ended)

    def recall(
        self,
        query: str,
        k: int = 10,
        *,
        as_of: Moment | None = None,
        known_at: Moment | None = None,
        kinds: Sequence[str] = ("fact", "episode"),
        session: str | None = None,
        speaker: str | None = None,
        predicate: str | None = None,
        entity_kind: str | None = None,
        since: Moment | None = None,
        until: Moment | None = None,
        min_score: float | None = None,
    ) -> list[Hit]:
        """The facts and episodes that best answer ``query``, best first, at most ``k``.

        Each hit names its evidence and which arm gave what. Filters apply inside the arms. Where words of the past, or
        a past tense, let in what is over, the best facts that hold come before most of it, whatever their scores.
        """
        from triplemem.recall import Filters, recall

        k = read.check_count(k, "k")
        filters = Filters.of(
            kinds=kinds,
            session=session,
            speaker=speaker,
            predicate=predicate,
            entity_kind=entity_kind,
            since=since,
            until=until,
        )
        return recall(self._spaces, query, k, read.when(self._space, as_of, known_at), filters, min_score)

    def context(
        self, query: str, *, max_tokens: int = 1000, as_of: Moment | None = None, known_at: Moment | None = None
    ) -> str:
        """What is remembered about ``query`` as fenced data for a prompt, never more than ``max_tokens``.

        A token is counted as four bytes of UTF-8, rounded up. Each line says since when, or until when, it holds.
        """
        from triplemem.recall import context

        read.check_count(max_tokens, "max_tokens")
        return context(self._spaces, query, max_tokens, read.when(self._space, as_of, known_at))

    # correct

    def end(self, fact: Fact | str, *, at: Stated | None = None, reason: str | None = None) -> Correction:
        """It stopped being true, at ``at`` or now; a fact that has not begun is cancelled.

        Before what holds now began: `InvalidTime`, which says since when it holds.
        """
        return correct.end(self._space, fact, at=at, reason=reason)

    def reject(self, fact: Fact | str, *, reason: str | None = None) -> Correction:
        """It was never true: refused from now on, until it is allowed."""
        return correct.reject(self._space, fact, reason=reason)

    def allow(self, what: Fact | Tombstone | str, *, reason: str | None = None) -> Correction:
        """Lift what stands against a fact, or a tombstone: old claims count again."""
        return correct.allow(self._space, what, reason=reason)

    def retract(self, what: Claim | End | Retraction | str, *, reason: str | None = None) -> Correction:
        """This piece of evidence was misread: what it displaced or ended holds again. No tombstone."""
        return correct.retract(self._space, what, reason=reason)

    def erase(
        self,
        *,
        episode: Episode | str | None = None,
        entity: Entity | str | None = None,
        fact: Fact | str | None = None,
        session: str | None = None,
        source_id: str | None = None,
        before: Moment | None = None,
    ) -> Erasure:
        """Forget it: its words, what rests on it alone, and the bytes. Exactly one of the parameters.

        ``before``: every episode that occurred earlier. Summaries and experiences go with the episodes they rest on,
        and those of a ``session`` with it; from others, and from the reasons of corrections, go the sentences that name
        the entity, or a fact's object where they concern the fact or its subject. What was erased is barred from coming
        back, by keyed digests alone; ``pending`` while a reader keeps bytes in the file. A name that was not erased is
        not barred: a reason that you give later may name an erased fact's object. With a source go the parts that
        `add_triplets` made of it. The ids that you gave to sessions and sources stay, also where they name the entity
        or the fact: they are yours, and what is kept is found by them. Erase by ``session`` or ``source_id`` where that
        is too much.
        """
        from triplemem.erase import erase

        return erase(
            self._space,
            episode=episode,
            entity=entity,
            fact=fact,
            session=session,
            source_id=source_id,
            before=before,
        )

    def merge(self, keep: Entity | str, other: Entity | str, *, reason: str | None = None) -> Correction:
        """Two entities are one; both ids go on resolving. `split` undoes it."""
        return correct.merge(self._space, keep, other, reason=reason)

    def split(self, entity: Entity | str, alias: str, *, reason: str | None = None) -> Correction:
        """The alias becomes its own entity again, with the claims made under it.

        What `end` ended while the two were one stays ended of both.
        """
        return correct.split(self._space, entity, alias, reason=reason)

    @property
    def predicates(self) -> Predicates:
        """The predicates of this namespace."""
        return Predicates(self._space)

    @property
    def prompts(self) -> Prompts:
        """The prompts of this namespace, and their rules; of those of ``reads``, whose name has none here."""
        return Prompts(self._space, self._spaces[1:])

    # move

    def export(self, path: str | Path) -> None:
        """Write the namespace to a JSON Lines file, lossless; an existing file is replaced when all is written."""
        from triplemem.move import export

        export(self._space, file_path(path))

    def import_(self, path: str | Path) -> bool:
        """Read an export into this namespace, all or nothing; the same file again is a no-op.

        True where it had words go that either side erased, and a reader keeps their bytes in the file: see
        `Erasure.pending`.
        """
        from triplemem.move import import_

        return import_(self._space, file_path(path))


class Predicates:
    """The relation names of a namespace: the shipped ones, the host's, and those defined here."""

    def __init__(self, space: Space) -> None:
        self._space = space

    def define(
        self,
        name: str,
        *,
        cardinality: str = "many",
        synonyms: Iterable[str] = (),
        inverse: str | None = None,
        symmetric: bool = False,
    ) -> Predicate:
        """Define a predicate, or define it again: what was said before is derived again, nothing is lost."""
        return correct.define(self._space, checked_definition(name, cardinality, synonyms, inverse, symmetric))

    def get(self, name: str) -> Predicate:
        """The definition in force, asked for by name, synonym or inverse; `NotFound` if nobody defined it."""
        return correct.definition(self._space, name)

    def list(self) -> list[Predicate]:
        """Every definition in force, by name."""
        engine = self._space.engine
        return engine.read(self._space.path, lambda view: engine.senses.now(view).everything())
