"""The log of a prompt within a transaction: read whole, and written at its end. What bars a rule from coming back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from triplemem.core.identity import read_id, write_id
from triplemem.core.instants import FOREVER
from triplemem.core.messages import check_name
from triplemem.core.prompts import PROMPT, PROPOSAL, RULE, PromptLog, as_rejected, brought, replayed
from triplemem.core.records import EMBED, body
from triplemem.core.rows import TombstoneRow
from triplemem.core.shown import shown
from triplemem.core.text import ERASED
from triplemem.core.wording import rule_key
from triplemem.errors import NotFound
from triplemem.ledger.bars import bar_rules, rule_bars, rules_barred_at
from triplemem.ledger.records import put_record
from triplemem.ledger.redact import kept_reason, kept_text
from triplemem.ledger.space import Space
from triplemem.ports import Reader, Writer
from triplemem.types import Proposal, Rule, RuleChange


def load(view: Reader, name: str, known: int | None = None) -> PromptLog:
    """The log of a prompt as it was at ``known``; `NotFound` if there was none, `InvalidInput` if that is no name."""
    check_name(name, "the name of a prompt")
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
        raise NotFound(f"no {kind} {shown(public)} in this namespace")
    return row.name, row.id


def proposal_of(view: Reader, what: Proposal | str) -> tuple[PromptLog, int]:
    """The log that a proposal is in, and its number there."""
    name, number = name_of(view, PROPOSAL, what)
    log = load(view, name)
    if number not in log.proposals:
        raise NotFound(f"no proposal {write_id('r', number)!r} in this namespace")
    return log, number


# ── what is rejected ─────────────────────────────────────────────────────────────────────────────


def bar(tx: Writer, space: Space, name: str, rejected: Iterable[Iterable[str]], reason: str | None) -> None:
    """Leave a tombstone for each of these, so that no proposal for this prompt brings back any of its words.

    What a tombstone bars already gets no second one: whoever allows it lifts one.
    """
    for texts in rejected:
        keys = [key for key in dict.fromkeys(map(rule_key, texts)) if key and not rule_bars(tx, name, key)]
        if keys:
            stone = tx.number()
            why = kept_reason(tx, reason)
            tx.add_tombstone(TombstoneRow(stone, "reject", "text", None, space.actor, why, tx.recorded_at, None))
            tx.add_event("rejected", space.actor, cause=write_id("t", stone), reason=why)
            bar_rules(tx, stone, name, keys)


def barred_among(view: Reader, name: str, texts: Iterable[str]) -> dict[str, int]:
    """Those of these texts that were rejected for a prompt, each with the tombstone in its way."""
    found = {text: rule_bars(view, name, rule_key(text)) for text in dict.fromkeys(texts)}
    return {text: bars[0].tombstone for text, bars in found.items() if bars}


def names_erased(view: Reader, *texts: str | None) -> bool:
    """Does one of these name what was erased? It would be stored without the sentence, and any variable in that."""
    return any(kept_text(view, text) != text for text in texts if text)


def rules_of(view: Reader, name: str, known: int | None) -> list[Rule]:
    """Every rule of a prompt with its state; one that was rejected and is allowed again is none."""
    found = load(view, name, known).all_rules()
    keys = {rule_key(text) for one in found if one.state == "rejected" for text in as_rejected(one)}
    standing = rules_barred_at(view, name, keys, FOREVER if known is None else known)

    def stands(rule: Rule) -> bool:
        return ERASED in rule.text or any(rule_key(text) in standing for text in as_rejected(rule))

    return [one for one in found if one.state != "rejected" or stands(one)]


def lift(tx: Writer, space: Space, name: str, rules: Iterable[Rule], reason: str | None) -> None:
    """Somebody wants these rules again: nothing is in their way any longer."""
    texts = [text for rule in rules for text in (*as_rejected(rule), *brought("", [RuleChange("add", rule, "", None)]))]
    stones = {found.tombstone for text in texts for found in rule_bars(tx, name, rule_key(text))}
    for stone in sorted(stones):
        tx.lift_tombstone(stone, tx.recorded_at)
        tx.add_event("allowed", space.actor, cause=write_id("t", stone), reason=kept_reason(tx, reason))
