"""A prompt that learned different things in two places, brought together: what either has learned is kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

from triplemem.core.prompts import PromptLog, Version, with_condition
from triplemem.core.wording import rule_key
from triplemem.types import Rule

SETTINGS = ("text", "when_to_update", "update_instructions")


class Reunited(NamedTuple):
    """What the version says that brings two together: the records of its rules, and what is not as either had it."""

    said: dict[str, Any]
    rules: list[int]
    reason: str | None


def reunited(
    log: PromptLog,
    here: Collection[int],
    came: Collection[int],
    rejected: Callable[[Rule], bool],
    struck: Callable[[Rule], bool],
) -> Reunited | None:
    """What brings the versions ``here`` and those that ``came`` together; None if the latest says it all.

    Compared with the latest version that both have: a rule stays unless either took it out, and what one of them has
    reworded is as that one has it. Where both have, the later one stands. What was rejected does not come in, and what
    is ``struck`` by a tombstone that came does not stay.
    """
    ours, theirs = ([one for one in log.versions if one.record in records] for records in (here, came))
    if not ours:
        return None
    shared = [one for one in ours if one.record in came]
    last = log.head
    united = Reunited({what: getattr(last.prompt, what) for what in SETTINGS}, list(last.rules), None)
    if len(shared) not in (len(ours), len(theirs)):
        other = (theirs if ours[-1] is last else ours)[-1]
        united = _united(log, shared[-1] if shared else None, last, other)
    said, rules, disputed = united
    rules, refused = _admitted(log, ours[-1], rules, rejected, struck)
    same = rules == list(last.rules) and all(said[what] == getattr(last.prompt, what) for what in SETTINGS)
    reason = "; ".join(told for told in (disputed, refused) if told) or None
    return None if same and reason is None else Reunited(said, rules, reason)


def _united(log: PromptLog, base: Version | None, last: Version, other: Version) -> Reunited:
    """What two versions say together, the later one ``last``."""
    said, disputed = {}, []
    for what in SETTINGS:
        was, later, earlier = (one and getattr(one.prompt, what) for one in (base, last, other))
        said[what] = _standing(was, later, earlier)
        disputed += [what] if earlier not in (None, was, said[what]) else []
    rules, reworded = _rules(log, base, last, other)
    disputed += [f"rule {one}" for one in reworded]
    versions = f"versions {other.prompt.version} and {last.prompt.version}"
    told = f"{versions} differ in {', '.join(disputed)}: the later one stands"
    return Reunited(said, rules, told if disputed else None)


def _admitted(
    log: PromptLog,
    ours: Version,
    rules: list[int],
    rejected: Callable[[Rule], bool],
    struck: Callable[[Rule], bool],
) -> tuple[list[int], str | None]:
    """Of these rules those in force here that are not struck, and others that are not rejected; what went, in words.

    In the place of a wording that was rejected stands the one here.
    """
    mine = {log.rules[record].id: record for record in ours.rules}
    known = {_key(log.rules[record]) for record in ours.rules}
    gone = [one for one in rules if _key(log.rules[one]) in known and struck(log.rules[one])]
    out = [one for one in rules if _key(log.rules[one]) not in known and rejected(log.rules[one])]
    kept = [mine.get(log.rules[one].id) if one in out else one for one in rules if one not in gone]
    left = [
        one for one in dict.fromkeys(kept) if one is not None and not (one in ours.rules and struck(log.rules[one]))
    ]
    told = [f"left out as rejected: {_named(log, out)}"] if out else []
    told += [f"taken out as rejected: {_named(log, gone)}"] if gone else []
    return left, "; ".join(told) or None


def _named(log: PromptLog, rules: Sequence[int]) -> str:
    return ", ".join(f"rule {log.rules[one].id}" for one in rules)


def _key(rule: Rule) -> str:
    return rule_key(with_condition(rule))


def _rules(log: PromptLog, base: Version | None, last: Version, other: Version) -> tuple[list[int], list[str]]:
    """The records of the rules that stay, and the ids of those that both have reworded."""
    had, mine, others = ({log.rules[n].id: n for n in one.rules} if one else {} for one in (base, last, other))
    found: dict[str, int] = {}
    reworded = []
    for key in {**mine, **others}:
        if key in had and not (key in mine and key in others):
            continue
        record = _standing(had.get(key), mine.get(key), others.get(key))
        found.setdefault(_key(log.rules[record]), record)
        reworded += [key] if others.get(key) not in (None, had.get(key), record) else []
    return list(found.values()), reworded


def _standing(base: Any, last: Any, other: Any) -> Any:
    """What one of two has reworded, or else the later one."""
    return other if last is None or last == base else last
