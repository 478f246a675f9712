"""What a rejection stands against: the rejected fact, or what it has become; a rule of a prompt."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator

from triplemem.core.identity import digest
from triplemem.core.instants import NOW
from triplemem.core.prompts import PROPOSAL, as_rejected, pieces, with_condition
from triplemem.core.prompts import RULE as RULES
from triplemem.core.rows import TombstoneRow
from triplemem.core.wording import rule_key
from triplemem.ledger.bars import RULE
from triplemem.ports import Reader
from triplemem.types import Rule


def standing_rejections(
    stones: Iterable[TombstoneRow], became: Callable[[int], int], known: int = NOW
) -> dict[int, int]:
    """The rejected facts as they stand at ``known``, each with the latest tombstone against it."""
    return {
        became(stone.fact): stone.id
        for stone in sorted(stones, key=lambda stone: stone.id)
        if stone.fact is not None
        and stone.verb == "reject"
        and stone.recorded_at <= known
        and (stone.lifted_at is None or stone.lifted_at > known)
    }


def became(view: Reader, fact: int) -> int:
    """What a fact has become, to the end of the chain."""
    seen = {fact}
    while (row := view.facts([fact]).get(fact)) is not None and row.moved_to is not None and row.moved_to not in seen:
        fact = row.moved_to
        seen.add(fact)
    return fact


def reject_again(tx: Reader, facts: Iterable[int]) -> dict[int, int | None]:
    """Of these facts, the tombstone that now stands against each; None where there is none."""
    standing = standing_rejections(tx.tombstones(), lambda fact: became(tx, fact)) if tx.namespace.tombstones else {}
    return {fact: standing.get(fact) for fact in facts}


def rejected_words(view: Reader, stones: Collection[int]) -> dict[int, str]:
    """What was rejected for a prompt by each of these tombstones: the prompt's name, and the words if still there.

    A tombstone holds digests alone: the words are those of rules and proposals, so an erasure takes them from here.
    """
    barred: dict[bytes, set[int]] = {}
    for row in view.all_barred() if stones else ():
        if row[2] == RULE and row[1] in stones:
            barred.setdefault(row[0], set()).add(row[1])
    found: dict[int, str] = {}
    secrets = view.secrets() if barred else []
    for name, words, shown in _words(view) if barred else ():
        for secret in secrets:
            for stone in barred.get(digest(secret, RULE, name, rule_key(words)), ()):
                found.setdefault(stone, f"{name}: {shown}")
    return found


def _words(view: Reader) -> Iterator[tuple[str, str, str]]:
    """What may have been rejected: the prompt, the words as they are barred, and as they are told."""
    for row in view.records(RULES):
        said = json.loads(row.body)
        rule = Rule("", said["text"], said.get("when"))
        yield from ((row.name, words, with_condition(rule) if rule.when else rule.text) for words in as_rejected(rule))
    for row in view.records(PROPOSAL):
        yield from ((row.name, piece, piece) for piece in pieces(json.loads(row.body).get("text", "")))
