"""What a recorded conversation is: turns to be read, and what ought to come of them."""

from dataclasses import dataclass, field

Triple = tuple[str, str, str]


@dataclass(frozen=True)
class Turn:
    """One message; the time is ISO 8601 with its offset."""

    text: str
    speaker: str | None = "Ann"
    role: str = "user"
    at: str = "2026-05-20T10:00:00+02:00"


@dataclass(frozen=True)
class Case:
    """Sessions that are read one after the other, and what the memory has learned when they are over.

    ``known``: what it knew before, since January 2026. ``claims``: the facts that the sessions add, ``ended``: those
    that they end or take back. ``times``: of some facts the fields that matter, by the first ten characters.
    ``also``: what may be said, and need not be.
    """

    name: str
    sessions: tuple[tuple[Turn, ...], ...]
    known: tuple[Triple, ...] = ()
    claims: tuple[Triple, ...] = ()
    ended: tuple[Triple, ...] = ()
    also: tuple[Triple, ...] = ()
    times: dict[Triple, dict[str, str]] = field(default_factory=dict, hash=False)


def one(name: str, text: str, *claims: Triple, speaker: str | None = "Ann", role: str = "user", **more: object) -> Case:
    """A case of a single message."""
    return Case(name, ((Turn(text, speaker, role),),), claims=claims, **more)  # type: ignore[arg-type]
