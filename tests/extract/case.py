"""One message and what the built-in grammar is expected to read in it."""

from dataclasses import dataclass, field

Triple = tuple[str, str, str]


@dataclass(frozen=True)
class Case:
    """A message, the facts it states and the facts it ends; a message without either must yield nothing.

    The speaker's first person is the text "I". `times` names, for some facts, the fields of time that matter.
    """

    text: str
    claims: tuple[Triple, ...] = ()
    ended: tuple[Triple, ...] = ()
    speaker: str = "Ann"
    at: str = "2026-05-20T10:00:00+02:00"
    times: dict[Triple, dict[str, str]] = field(default_factory=dict, hash=False)

    @property
    def empty(self) -> bool:
        """Whether the message must yield nothing."""
        return not self.claims and not self.ended
