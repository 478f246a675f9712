"""What an optimizer would change of a prompt."""

from __future__ import annotations

from dataclasses import dataclass, field

from triplemem.core.prompts import applied as applied
from triplemem.types import RuleChange, Usage


@dataclass(frozen=True, slots=True)
class Edit:
    """A prompt's text as it would be, the changes of its rules, and why.

    The same text and no changes: there is nothing to learn. ``reasons`` also say what was left out of an answer, and
    why; ``refused`` are rules that were proposed again after somebody had rejected them. A rule that is new has the id
    ``""``: whoever keeps it gives it one.
    """

    text: str
    changes: tuple[RuleChange, ...] = ()
    reasons: list[str] = field(default_factory=list)
    refused: tuple[str, ...] = ()
    usage: Usage = field(default_factory=Usage)
