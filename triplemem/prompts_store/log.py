"""The log of a prompt within a transaction: read whole, and written at its end. What bars a rule from coming back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from triplemem.core.identity import read_id, write_id
from triplemem.core.instants import FOREVER
from triplemem.core.prompts import PROMPT, PROPOSAL, RULE, PromptLog, replayed, rule_key
from triplemem.core.records import EMBED, body
from triplemem.core.rows import TombstoneRow
from triplemem.errors import NotFound
from triplemem.ledger.bars import bar_rule, rule_barred, rule_bars
from triplemem.ledger.records import put_record
from triplemem.ledger.space import Space
from triplemem.ports import Reader, Writer
from triplemem.types import Proposal, Rule


def load(view: Reader, name: str, known: int | None = None) -> PromptLog:
    """The log of a prompt as it was at ``known``; `NotFound` if there was none."""
    until = FOREVER if known is None else known
    log = replayed(name, *(view.records(kind, name, known=until) for kind in (PROMPT, RULE, PROPOSAL)))
    if not log.versions:
        raise NotFound(f"no prompt {name!r} in this namespace" + ("" if known is None else " at that time"))
    return log


def add_record(
    tx: Writer,
    space: Space,
    kind: str,
    name: str,
    links: Iterable[tuple[str, int]] = (),
    number: int | None = None,
    **parts: Any,
) -> int:
    """Append to a log; the record's number, which may have been taken before."""
    return put_record(tx, kind, name, body(**parts), space.actor, links, number).id


def add_version(tx: Writer, space: Space, log: PromptLog, did: str, rules: Iterable[int], **parts: Any) -> int:
    """A version after the latest one, of which what is not given stays; its record."""
    latest = log.head
    told = {name: getattr(latest.prompt, name) for name in ("text", "when_to_update", "update_instructions")}
    links = [("record", latest.record)]
    return add_record(tx, space, PROMPT, log.name, links, did=did, rules=list(rules), **{**told, **parts})


def add_wording(tx: Writer, space: Space, name: str, concerns: int, rule: Rule, number: int | None = None) -> int:
    """A rule, or with an id of its own another wording of it; it is found by its condition. Its record."""
    evidence = [{"trajectory": one.trajectory, "quote": one.quote} for one in rule.evidence] or None
    found = {} if rule.when is None else {EMBED: rule.when}
    root = read_id("r", rule.id)
    return add_record(
        tx,
        space,
        RULE,
        name,
        [("record", concerns)],
        number,
        text=rule.text,
        when=rule.when,
        evidence=evidence,
        rule=None if root is None else root[0],
        **found,
    )


def name_of(view: Reader, kind: str, what: object) -> tuple[str, int]:
    """The prompt whose log has this rule or proposal, and its number; `NotFound` if there is none."""
    public = what if isinstance(what, str) else getattr(what, "id", None)
    number = read_id("r", public)
    row = view.records_by_ids([number[0]]).get(number[0]) if number is not None else None
    if row is None or row.kind != kind:
        raise NotFound(f"no {kind} {public!r} in this namespace")
    return row.name, row.id


def proposal_of(view: Reader, what: Proposal | str) -> tuple[PromptLog, int]:
    """The log that a proposal is in, and its number there."""
    name, number = name_of(view, PROPOSAL, what)
    log = load(view, name)
    if number not in log.proposals:
        raise NotFound(f"no proposal {write_id('r', number)!r} in this namespace")
    return log, number


# ── what is rejected ─────────────────────────────────────────────────────────────────────────────


def bar(tx: Writer, space: Space, name: str, texts: Iterable[str], reason: str | None) -> None:
    """Leave a tombstone for each of these rules, so that no proposal for this prompt brings it back."""
    for key in filter(None, dict.fromkeys(map(rule_key, texts))):
        stone = tx.number()
        tx.add_tombstone(TombstoneRow(stone, "reject", "text", None, space.actor, reason, tx.recorded_at, None))
        bar_rule(tx, stone, name, key)


def barred(view: Reader, name: str, text: str) -> int | None:
    """The tombstone in the way of a rule; None if nothing is."""
    found = rule_barred(view, name, rule_key(text))
    return None if found is None else found.tombstone


def lift(tx: Writer, name: str, texts: Iterable[str]) -> None:
    """Somebody wants these rules again: nothing is in their way any longer."""
    stones = {found.tombstone for text in texts for found in rule_bars(tx, name, rule_key(text))}
    for stone in sorted(stones):
        tx.lift_tombstone(stone, tx.recorded_at)
