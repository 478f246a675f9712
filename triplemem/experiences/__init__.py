"""Episodic memory distilled: what was tried, how it went, and what is like it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from triplemem.core.experience import check_outcome, tool_stats
from triplemem.core.fewshot import examples
from triplemem.core.instants import FOREVER, instant
from triplemem.core.messages import check_count, check_limit, check_name
from triplemem.errors import InvalidInput
from triplemem.experiences import record
from triplemem.experiences.grounds import grounds
from triplemem.experiences.log import found, missing, name_of, rows_of, told
from triplemem.experiences.trace import Trace
from triplemem.ledger.space import Space
from triplemem.types import Episode, Erasure, Experience, Fact, Grounds, Outcome, ToolStats

Moment = datetime | date | str
Several = list[Experience]
"""Within the class, `list` is a method."""
Tools = list[ToolStats]


class Experiences:
    """The experiences of a namespace; reads also see those of the namespaces that the memory was opened to read."""

    def __init__(self, spaces: Sequence[Space]) -> None:
        self._space, self._spaces = spaces[0], spaces

    def record(
        self,
        observation: str,
        thought: str,
        action: str,
        result: str,
        *,
        score: float | None = None,
        outcome: Outcome | None = None,
        session: str | None = None,
        episodes: Iterable[Episode | str] = (),
        facts: Iterable[Fact | str] = (),
    ) -> Experience:
        """Write down something that was gone through: what was seen, thought and done, and what came of it.

        ``score`` goes from 0 to 1; where no ``outcome`` is given, 0.5 and more is a success. ``episodes`` and
        ``facts`` are what it came from and used: it goes when one of these episodes, or the session, is erased.
        """
        return record.record(
            self._space,
            observation,
            thought,
            action,
            result,
            score=score,
            outcome=outcome,
            session=session,
            episodes=episodes,
            facts=facts,
        )

    def trace(
        self,
        task: str,
        *,
        session: str | None = None,
        episodes: Iterable[Episode | str] = (),
        facts: Iterable[Fact | str] = (),
    ) -> Trace:
        """A context manager that stores what is done about a task as it happens; see `Trace`."""
        return Trace(self._space, task, session, episodes, facts)

    def recall(
        self, query: str, k: int = 3, *, outcome: Outcome | None = None, known_at: Moment | None = None
    ) -> Several:
        """The experiences most like ``query``, best first, at most ``k``; with ``outcome`` only those that ended so.

        What was observed is compared by its vector, and all that is told by its words. What several of the namespaces
        have under one id is told once, as in `list`.
        """
        from triplemem.experiences.similar import recall

        k = check_count(k, "k")
        check_outcome(outcome)
        return recall(self._spaces, query, k, outcome, None if known_at is None else instant(known_at, "known_at"))

    def render(self, experiences: Iterable[Experience], *, max_tokens: int | None = None) -> str:
        """The experiences as examples for a prompt: fenced data, never more than ``max_tokens``.

        What went well comes first, then what failed, each said so. Where all does not fit each is told more shortly.
        """
        check_limit(max_tokens, "max_tokens")
        if isinstance(experiences, Experience | str) or not isinstance(experiences, Iterable):
            raise InvalidInput("render takes a sequence of experiences")
        given = list(experiences)
        for one in given:
            if not isinstance(one, Experience):
                raise InvalidInput(f"render takes experiences, not {type(one).__name__}: get them by their ids first")
        return examples(given, max_tokens=max_tokens)

    def score(
        self,
        id: Experience | str,
        score: float | None = None,
        *,
        outcome: Outcome | None = None,
    ) -> Experience:
        """Note what it turned out to be worth. The last word counts; ``known_at`` tells what was noted before."""
        return record.score(self._space, id, score, outcome)

    def distil(self, session: str) -> Several:
        """What a session taught, by the model that the store was opened with; what it misquotes is dropped.

        Each is linked to the messages that it quotes, and goes when any message is erased that its call read, as a
        summary does: distil again then, and it is made of what is left.

        Raises `NotFound`, `ConfigError` without a model, `ModelUnavailable` or `ModelRefused`.
        """
        from triplemem.experiences.distil import distil

        return distil(self._space, session)

    def list(
        self,
        *,
        session: str | None = None,
        outcome: Outcome | None = None,
        known_at: Moment | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> Several:
        """Experiences in the order in which they began; ``after`` is the id of the last one of the page before.

        What several of the namespaces have under one id, as an import leaves it, is told once, as `get` tells it.
        """
        if session is not None:
            check_name(session, "session")
        check_outcome(outcome)
        check_limit(limit, "limit")
        there = self._all(known_at)
        if after is not None:
            ids = [one.id for one in there]
            if name_of(after) not in ids:
                raise missing(after)
            there = there[ids.index(after) + 1 :]
        kept = [one for one in there if session in (None, one.session) and outcome in (None, one.outcome)]
        return kept[:limit]

    def get(self, id: str, *, known_at: Moment | None = None) -> Experience:
        """One experience, as it was known at ``known_at``; else `NotFound`."""
        last = FOREVER if known_at is None else instant(known_at, "known_at")
        for space in self._spaces:
            there = space.engine.read(space.path, lambda view: found(view, id, last))
            if there is not None:
                return there
        raise missing(name_of(id))

    def explain(self, experience: Experience | str) -> Grounds:
        """What it came from and used: the episodes and the facts that it is linked to, as they stand now."""
        return grounds(self._spaces, experience)

    def tools(self, *, known_at: Moment | None = None) -> Tools:
        """How often each tool was called, how often it failed, and how long it took."""
        return tool_stats(self._all(known_at))

    def erase(self, experience: Experience | str) -> Erasure:
        """Forget an experience with all that was noted of it."""
        return record.erase(self._space, experience)

    def _all(self, known_at: Moment | None) -> Several:
        last = FOREVER if known_at is None else instant(known_at, "known_at")
        there = (one.engine.read(one.path, lambda view: told(view, rows_of(view, known=last))) for one in self._spaces)
        found: dict[str, Experience] = {}
        for one in (one for some in there for one in some):
            found.setdefault(one.id, one)
        return sorted(found.values(), key=lambda one: (one.recorded_at, one.id))
