"""What an optimizer would change of a prompt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from triplemem.types import Rule, RuleChange, Usage


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


def applied(rules: Iterable[Rule], changes: Iterable[RuleChange]) -> list[Rule]:
    """The rules after the changes: those that stay in their places, then new ones."""
    changes = list(changes)
    after = {one.rule.id: one for one in changes if one.kind != "add"}
    kept = [after[rule.id].rule if rule.id in after else rule for rule in rules]
    gone = {one.rule.id for one in changes if one.kind == "remove"}
    return [*(rule for rule in kept if rule.id not in gone), *(one.rule for one in changes if one.kind == "add")]
