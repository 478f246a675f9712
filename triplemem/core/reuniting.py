"""A prompt that learned different things in two places, brought together: what either has learned is kept."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from triplemem.core.prompts import PromptLog, Version, with_condition
from triplemem.core.wording import rule_key

SETTINGS = ("text", "when_to_update", "update_instructions")


class Reunited(NamedTuple):
    """What the version says that brings two together: the records of its rules, and what both had reworded."""

    said: dict[str, Any]
    rules: list[int]
    reason: str | None


def reunited(log: PromptLog, here: Collection[int], came: Collection[int]) -> Reunited | None:
    """What brings the versions ``here`` and those that ``came`` together; None if the latest says it all.

    Compared with the latest version that both have: a rule stays unless either took it out, and what one of them has
    reworded is as that one has it. Where both have, the later one stands.
    """
    ours, theirs = ([one for one in log.versions if one.record in records] for records in (here, came))
    shared = [one for one in ours if one.record in came]
    if len(shared) in (len(ours), len(theirs)):
        return None
    base = shared[-1] if shared else None
    last, other = log.head, (theirs if ours[-1] is log.head else ours)[-1]
    said, disputed = {}, []
    for what in SETTINGS:
        was, later, earlier = (one and getattr(one.prompt, what) for one in (base, last, other))
        said[what] = _standing(was, later, earlier)
        disputed += [what] if earlier not in (None, was, said[what]) else []
    rules, reworded = _rules(log, base, last, other)
    same = rules == list(last.rules) and all(said[what] == getattr(last.prompt, what) for what in SETTINGS)
    disputed += [f"rule {one}" for one in reworded]
    if same and not disputed:
        return None
    versions = f"versions {other.prompt.version} and {last.prompt.version}"
    told = f"{versions} differ in {', '.join(disputed)}: the later one stands"
    return Reunited(said, rules, told if disputed else None)


def _rules(log: PromptLog, base: Version | None, last: Version, other: Version) -> tuple[list[int], list[str]]:
    """The records of the rules that stay, and the ids of those that both have reworded."""
    had, mine, others = ({log.rules[n].id: n for n in one.rules} if one else {} for one in (base, last, other))
    found: dict[str, int] = {}
    reworded = []
    for key in {**mine, **others}:
        if key in had and not (key in mine and key in others):
            continue
        record = _standing(had.get(key), mine.get(key), others.get(key))
        found.setdefault(rule_key(with_condition(log.rules[record])), record)
        reworded += [key] if others.get(key) not in (None, had.get(key), record) else []
    return list(found.values()), reworded


def _standing(base: Any, last: Any, other: Any) -> Any:
    """What one of two has reworded, or else the later one."""
    return other if last is None or last == base else last
