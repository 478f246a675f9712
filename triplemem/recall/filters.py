"""What may be among the hits, checked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from triplemem.core.instants import FOREVER, instant
from triplemem.core.messages import check_name
from triplemem.core.numeric import finite
from triplemem.core.shown import shown
from triplemem.errors import InvalidInput
from triplemem.ports import ANY_END

KINDS = ("fact", "episode")


@dataclass(frozen=True, slots=True)
class Filters:
    """What may be among the hits; every filter holds for both kinds, and each is applied inside the arms.

    ``session`` and ``speaker`` are an episode's own; a fact passes if an episode behind it does. ``predicate`` (by its
    name, a synonym or its inverse) and ``entity_kind`` (of either end) are a fact's own; an episode passes if a fact
    that it states does. ``since`` and ``until``: an episode that occurred from ``since`` to before ``until``; a fact
    whose period at ``as_of`` has begun before ``until`` and goes on after ``since``.
    """

    kinds: frozenset[str] = frozenset(KINDS)
    session: str | None = None
    speaker: str | None = None
    predicate: str | None = None
    entity_kind: str | None = None
    since: int = ANY_END
    until: int = FOREVER

    @property
    def narrow(self) -> bool:
        """Does any of them leave something out?"""
        given = (self.session, self.speaker, self.predicate, self.entity_kind)
        return any(one is not None for one in given) or self.since != ANY_END or self.until != FOREVER

    @classmethod
    def of(
        cls,
        *,
        kinds: Iterable[str],
        session: str | None,
        speaker: str | None,
        predicate: str | None,
        entity_kind: str | None,
        since: datetime | date | str | None,
        until: datetime | date | str | None,
    ) -> Filters:
        """Checked; `InvalidInput` or `InvalidTime` otherwise."""
        named = {"session": session, "speaker": speaker, "predicate": predicate, "entity_kind": entity_kind}
        for what, value in named.items():
            if value is not None:
                check_name(value, what)
        return cls(
            _kinds(kinds),
            **named,
            since=ANY_END if since is None else instant(since, "since"),
            until=FOREVER if until is None else instant(until, "until"),
        )


def _kinds(kinds: object) -> frozenset[str]:
    chosen = list(kinds) if isinstance(kinds, Iterable) and not isinstance(kinds, str | bytes) else []
    if not chosen or any(kind not in KINDS for kind in chosen):
        raise InvalidInput(f"kinds must be some of {KINDS}, not {shown(kinds)}")
    return frozenset(chosen)


def check_min_score(value: object) -> None:
    """`InvalidInput` unless it is None or a finite number."""
    if value is not None and not finite(value):
        raise InvalidInput(f"min_score must be a finite number, not {shown(value)}")
