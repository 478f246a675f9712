"""Prompts, their rules and proposals, as their log tells them; and a prompt as text. Nothing is overwritten.

A version of a prompt is a record that names its text and its rules whole, so that what came before it does not matter.
A rule is a record too, and so is each rewording of it, which names the first one. What became of a proposal is a
record that follows it. Records name each other by their numbers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import unified_diff
from typing import Any, NamedTuple

from triplemem.core.alike import telling
from triplemem.core.identity import write_id
from triplemem.core.instants import from_us
from triplemem.core.render import one_line, tokens_of
from triplemem.core.rows import RecordRow
from triplemem.core.text import ERASED, sentences
from triplemem.core.variables import fill, variables
from triplemem.core.wording import rule_key, unmarked
from triplemem.errors import InvalidInput
from triplemem.types import Evidence, Prompt, Proposal, Rule, RuleChange, Usage

PROMPT, RULE, PROPOSAL = "prompt", "rule", "proposal"
"""The kinds of records that a prompt's log has; the name of each is the prompt's."""
RESEMBLES = 0.5
"""From this cosine on a query resembles the condition of a rule: with the static embedder, questions about one thing
have about 0.5 to 0.8, and others mostly less than 0.45."""
_BREAKS = {ord(one): repr(one)[1:-1] for one in "\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"}
_SMALL = re.compile(r"(?<=[.!?]\s)[a-z]")
_BULLET = re.compile(r"^\s*(?:[-*•+]|#{1,6}|\(?\d{1,3}[.)])\s+")


# ── the log ──────────────────────────────────────────────────────────────────────────────────────


class Version(NamedTuple):
    """A version as it was written: its record, the records of its rules, and the version as callers see it."""

    record: int
    rules: tuple[int, ...]
    prompt: Prompt


@dataclass(slots=True)
class PromptLog:
    """What the log of one prompt amounts to."""

    name: str
    versions: list[Version] = field(default_factory=list)
    rules: dict[int, Rule] = field(default_factory=dict)
    """Every wording of every rule, by its record; the id of a rule is that of its first one."""
    proposals: dict[int, Proposal] = field(default_factory=dict)
    decided: dict[int, int] = field(default_factory=dict)
    """The version that each accepted proposal became."""
    wordings: dict[int, list[int | None]] = field(default_factory=dict)
    """The record of the new wording that each change of a proposal brings; None where it removes a rule."""

    @property
    def head(self) -> Version:
        """The latest version."""
        return self.versions[-1]

    def base_of(self, proposal: Proposal) -> Version:
        """The version that a proposal was made for."""
        return self.versions[proposal.base_version - 1]

    def after(self, number: int) -> list[int]:
        """The records of the rules that there would be, were this proposal accepted."""
        proposal = self.proposals[number]
        left = {self.rules[record].id: record for record in self.base_of(proposal).rules}
        for change, record in zip(proposal.changes, self.wordings[number], strict=True):
            if record is None:
                left.pop(change.rule.id, None)
            else:
                left[change.rule.id] = record
        return list(left.values())

    def all_rules(self) -> list[Rule]:
        """Every rule with what became of it: those in force, then those that were, then those that were rejected."""
        in_force = {self.rules[record].id: record for record in (self.head.rules if self.versions else ())}
        latest = {self.rules[record].id: record for one in self.versions for record in one.rules}
        found = [self.rules[record] for record in in_force.values()]
        found += [replace(self.rules[n], state="removed") for key, n in latest.items() if key not in in_force]
        rejected = [one for one in self.proposals.values() if one.state == "rejected"]
        told = {rule.id for rule in found}
        for change in (change for one in rejected for change in one.changes if change.kind == "add"):
            if change.rule.id not in told:
                told.add(change.rule.id)
                found.append(replace(change.rule, state="rejected"))
        return found


def replayed(
    name: str, prompts: Iterable[RecordRow], rules: Iterable[RecordRow], proposals: Iterable[RecordRow]
) -> PromptLog:
    """The log of a prompt, from its records in the order recorded."""
    log = PromptLog(name)
    for row in rules:
        log.rules[row.id] = _rule(row, json.loads(row.body))
    places: dict[int, int] = {}
    for n, row in enumerate(prompts, 1):
        said = json.loads(row.body)
        records = tuple(record for record in said["rules"] if record in log.rules)
        places[row.id] = n
        prompt = Prompt(
            name,
            n,
            said["text"],
            [log.rules[record] for record in records],
            said.get("when_to_update"),
            said.get("update_instructions"),
            from_us(row.recorded_at),
            _origin(said, places, n),
            row.actor,
        )
        log.versions.append(Version(row.id, records, prompt))
    for row in proposals:
        said = json.loads(row.body)
        if said["did"] == "proposed":
            _propose(log, row, said, places.get(said["base"]))
        elif said["proposal"] in log.proposals:
            _decide(log, said, places)
    return log


def _rule(row: RecordRow, said: Mapping[str, Any]) -> Rule:
    evidence = tuple(Evidence(one["trajectory"], one.get("quote")) for one in said.get("evidence", ()))
    return Rule(write_id("r", said.get("rule", row.id)), said["text"], said.get("when"), evidence)


def _origin(said: Mapping[str, Any], places: Mapping[int, int], version: int) -> str:
    """Where a version came from, in words."""
    did, reason = said["did"], said.get("reason")
    told = {"created": "created", "written": "text written", "added": "rule added", "removed": "rule removed"}.get(did)
    if did == "accepted":
        told = f"proposal {write_id('r', said['proposal'])} accepted"
    elif did == "reunited":
        told = "brought together by an import"
    elif did == "rolled_back":
        to = places.get(said["to"], 0)
        undone = f"version {to + 1}" if to + 1 == version - 1 else f"versions {to + 1} to {version - 1}"
        told = f"rolled back to version {to}, undoing {undone}"
    return f"{told or did}: {one_line(reason)}" if reason else told or did


def _propose(log: PromptLog, row: RecordRow, said: Mapping[str, Any], base: int | None) -> None:
    """A proposal; one for a version that is not there, as after an import that left it out, is none."""
    if base is None:
        return
    before = log.versions[base - 1].prompt
    in_force = {rule.id: rule for rule in before.rules}
    changes, wordings = [], []
    for one in said["changes"]:
        record = one.get("record")
        old = in_force.get(write_id("r", one["rule"])) if "rule" in one else None
        rule = log.rules.get(record) if record is not None else old and replace(old, state="removed")
        if rule is not None:
            changes.append(RuleChange(one["kind"], rule, one.get("reason", ""), old))
            wordings.append(record)
    rules = applied(before.rules, changes)
    log.wordings[row.id] = wordings
    log.proposals[row.id] = Proposal(
        write_id("r", row.id),
        log.name,
        base,
        said["text"],
        rules,
        diff(log.name, before, replace(before, text=said["text"], rules=rules), "proposed"),
        list(said["reasons"]),
        None,
        None,
        said["state"],
        tuple(changes),
        Usage(**said.get("usage", {})),
    )


def _decide(log: PromptLog, said: Mapping[str, Any], places: Mapping[int, int]) -> None:
    """What became of a proposal; one that became a version was accepted, whatever an import brings of it."""
    number = said["proposal"]
    before = log.proposals[number]
    log.proposals[number] = replace(
        before,
        state=before.state if before.state == "accepted" else said.get("state", before.state),
        score_before=said.get("score_before", before.score_before),
        score_after=said.get("score_after", before.score_after),
        reasons=[*before.reasons, *([said["reason"]] if said.get("reason") else [])],
    )
    if said.get("to") in places:
        log.decided[number] = places[said["to"]]


def applied(rules: Iterable[Rule], changes: Iterable[RuleChange]) -> list[Rule]:
    """The rules after the changes: those that stay in their places, then new ones."""
    changes = list(changes)
    after = {one.rule.id: one for one in changes if one.kind != "add"}
    kept = [after[rule.id].rule if rule.id in after else rule for rule in rules]
    gone = {one.rule.id for one in changes if one.kind == "remove"}
    return [*(rule for rule in kept if rule.id not in gone), *(one.rule for one in changes if one.kind == "add")]


def only_mark(text: str | None) -> bool:
    """Does it say nothing but that something was erased? As a rule, or as its condition, it is of no use."""
    return text is not None and ERASED in text and not any(map(str.isalnum, text.replace(ERASED, "")))


def is_cut(proposal: Proposal, base: Prompt) -> bool:
    """Did an erasure take words, or a variable of the prompt, out of what a proposal brings?"""
    pairs: list[tuple[str | None, str | None]] = [(base.text, proposal.text)]
    for one in proposal.changes:
        if one.kind != "remove":
            was = one.before or Rule("", "")
            pairs += [(was.text, one.rule.text), (was.when, one.rule.when)]
    lost = set(variables(base.text)) - set(variables(proposal.text))
    return bool(lost) or any((new or "").count(ERASED) > (old or "").count(ERASED) for old, new in pairs)


# ── what is rejected ─────────────────────────────────────────────────────────────────────────────


def pieces(text: str) -> list[str]:
    """The lines of a text, and its sentences, without markup: as any of them a rule may come back.

    A stop before a small letter ends one, too.
    """
    text = unmarked(text)
    parted = _SMALL.sub(lambda found: found[0].upper(), text)
    parts = [*text.splitlines(), *(text[start:end] for start, end in sentences(parted))]
    return [_bare(part) for part in parts]


def new_pieces(before: str, after: str) -> list[str]:
    """The lines that a text has and the one before it had not, and such sentences, of a line or of several."""
    had = set(map(rule_key, pieces(before)))
    found: dict[str, str] = {}
    for piece in [*(piece for line in after.splitlines() for piece in pieces(line)), *pieces(after)]:
        found.setdefault(rule_key(piece), piece)
    return [piece for key, piece in found.items() if key and key not in had]


def with_condition(rule: Rule) -> str:
    """A rule and when it applies, as what is rejected where the words are those of a rule in force."""
    return f"{rule.text} (when: {rule.when})" if rule.when else f"{rule.text} (always)"


def as_rejected(rule: Rule) -> tuple[str, str]:
    """What bars a rule: its words, or those with its condition."""
    return rule.text, with_condition(rule)


def without(prompt: Prompt, rule: Rule) -> Prompt:
    """The prompt without this rule, should it have learned it otherwise."""
    key = rule_key(with_condition(rule))
    return replace(prompt, rules=[one for one in prompt.rules if rule_key(with_condition(one)) != key])


def brought(text: str, changes: Iterable[RuleChange], *there: Prompt) -> list[str]:
    """What a text and changes of rules would bring to these versions: as any of it a rejected rule may come back.

    Lines and sentences of the text, then those of each rule that is added or changed. Where the words of a rule are
    in force already, so that only its condition is new, the rule with that. The mark of what was erased is no words.
    """
    rules = "\n".join(rule.text for one in there for rule in one.rules)
    found = []
    if all(text != one.text for one in there):
        found = new_pieces("\n".join([*(one.text for one in there), rules]), text)
    for one in changes:
        if one.kind != "remove":
            found += new_pieces(rules, one.rule.text) or [with_condition(one.rule)]
    return [piece for piece in dict.fromkeys(found) if ERASED not in piece]


def _bare(line: str) -> str:
    return one_line(_BULLET.sub("", line))


# ── as text ──────────────────────────────────────────────────────────────────────────────────────


def whole_text(text: str, rules: Iterable[Rule]) -> str:
    """A prompt with all its rules, its variables as they stand: what is compared, and what a gate evaluates."""
    return _with(text, in_order(rules))


def _with(text: str, rules: Iterable[Rule]) -> str:
    lines = [rule_line(rule) for rule in rules if rule.text != ERASED]
    return "\n".join([text, "", "Rules:", *lines]) if lines else text


def in_order(rules: Iterable[Rule]) -> list[Rule]:
    """Rules without a condition first: what comes before those with one is the same bytes for every query."""
    return sorted(rules, key=lambda rule: rule.when is not None)


def rule_line(rule: Rule) -> str:
    """A rule on its line; braces in it are text."""
    return f"- {rule.text}" + (f" (when: {rule.when})" if rule.when else "")


def diff(name: str, before: Prompt, after: Prompt, label: str | None = None) -> str:
    """The two versions as a unified diff of texts and rules, and where they differ of when and how to update them.

    Empty where they say the same. What breaks a line but a line feed stands in it as an escape.
    """
    old, new = (_lines(*pair) for pair in ((before, after), (after, before)))
    heads = (f"{one_line(name)} version {before.version}", f"{one_line(name)} {label or f'version {after.version}'}")
    return "\n".join(line.translate(_BREAKS) for line in unified_diff(old, new, *heads, lineterm=""))


def _lines(one: Prompt, other: Prompt) -> list[str]:
    said = [whole_text(one.text, one.rules)]
    for what in ("when_to_update", "update_instructions"):
        value = getattr(one, what)
        if value is not None and value != getattr(other, what):
            said += ["", f"{what}:", value]
    return "\n".join(said).split("\n")


def applying(rules: Sequence[Rule], query: str | None, cosines: Mapping[str, float] | None) -> dict[str, float]:
    """How well the query resembles the condition of each rule that it does resemble, by the rule's id.

    ``cosines``: of the conditions with the query, by the rule's id; without them a telling word in common will do.
    """
    if query is None:
        return {}
    words = telling(query)
    found = {}
    for rule in rules:
        if rule.when in (None, ERASED):
            continue
        if cosines is not None and rule.id in cosines:
            if cosines[rule.id] >= RESEMBLES:
                found[rule.id] = cosines[rule.id]
        elif shared := words & telling(rule.when):
            found[rule.id] = float(len(shared))
    return found


def rendered(
    prompt: Prompt, values: Mapping[str, object] | None, fits: Mapping[str, float], max_tokens: int | None
) -> str:
    """The prompt with its variables filled in and the rules that apply, within a budget of tokens.

    Rules without a condition come first, then those that the query fits best; one that there is no room for is left
    out, a later one may fit. They stand in one order, so that what stays the same is the same bytes. `InvalidInput` if
    a variable has no value, or the text alone is too long.
    """
    text = fill(prompt.text, values)
    rules = in_order(rule for rule in prompt.rules if rule.when is None or rule.id in fits)
    if max_tokens is None:
        return _with(text, rules)
    if tokens_of(text) > max_tokens:
        raise InvalidInput(
            f"the text of prompt {prompt.name!r} takes {tokens_of(text):,} tokens, and max_tokens is {max_tokens:,}"
        )
    kept: set[str] = set()
    for rule in sorted(rules, key=lambda rule: (rule.when is not None, -fits.get(rule.id, 0.0))):
        if tokens_of(_with(text, (one for one in rules if one.id in {*kept, rule.id}))) <= max_tokens:
            kept.add(rule.id)
    return _with(text, (rule for rule in rules if rule.id in kept))
