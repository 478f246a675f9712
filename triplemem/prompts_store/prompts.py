"""`memory.prompts` and `memory.prompts.rules`: what callers ask for, each in one transaction."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeVar

from triplemem.core.identity import write_id
from triplemem.core.instants import FOREVER, instant
from triplemem.core.messages import check_name, check_reason, check_text
from triplemem.core.prompts import (
    PROMPT,
    PROPOSAL,
    RULE,
    PromptLog,
    Version,
    applying,
    brought,
    diff,
    is_cut,
    only_mark,
    rendered,
    replayed,
    with_condition,
    without,
)
from triplemem.core.render import one_line
from triplemem.core.shown import shown
from triplemem.errors import Conflict, InvalidInput, NotFound
from triplemem.ledger.redact import kept_text
from triplemem.ledger.space import Space
from triplemem.ledger.vectors import embedded
from triplemem.ports import Reader, Writer
from triplemem.prompts_store.log import (
    add_record,
    add_version,
    add_wording,
    bar,
    barred_among,
    lift,
    load,
    name_of,
    names_erased,
    proposal_of,
    rules_of,
)
from triplemem.types import Optimizer, Prompt, Proposal, ProposalState, Rule, RuleChange, Trajectory

if TYPE_CHECKING:
    from triplemem.prompts_store.learning import Evaluate

T = TypeVar("T")
Moment = datetime | date | str
MAX_RULE = 8_192
"""Characters of a rule, and of its condition."""


class Prompts:
    """The named prompts of a namespace, with their rules and what is proposed for them.

    Reading sees those of further namespaces too, where no namespace before them has one of that name.
    """

    def __init__(self, space: Space, also: Sequence[Space] = ()) -> None:
        self._space = space
        self._spaces = [space, *also]

    @property
    def rules(self) -> Rules:
        """The rules of the prompts."""
        return Rules(self._space, self._spaces[1:])

    # what there is

    def get(
        self,
        name: str,
        *,
        version: int | None = None,
        as_of: Moment | None = None,
        known_at: Moment | None = None,
    ) -> Prompt:
        """A prompt as it stands, a version of it, or the one that there was at ``known_at``; `NotFound` if none.

        A version is in force from when it is recorded on, so ``as_of`` asks the same here; of both the earlier counts.
        """
        log = self._log(name, as_of, known_at)
        return log.head.prompt if version is None else _version(log, version).prompt

    def list(self, *, as_of: Moment | None = None, known_at: Moment | None = None) -> list[Prompt]:
        """Every prompt as it stands, or stood at ``as_of`` or ``known_at``, by name."""
        known = _until(as_of, known_at)

        def work(view: Reader) -> builtins.list[Prompt]:
            prompts, rules = (view.records(kind, known=known) for kind in (PROMPT, RULE))
            named = {name: [*rows] for name, rows in groupby(sorted(prompts, key=_name), _name)}
            own = {name: [*rows] for name, rows in groupby(sorted(rules, key=_name), _name)}
            return [replayed(name, rows, own.get(name, ()), ()).head.prompt for name, rows in named.items()]

        found: dict[str, Prompt] = {}
        for space in self._spaces:
            for prompt in space.engine.read(space.path, work):
                found.setdefault(prompt.name, prompt)
        return sorted(found.values(), key=_name)

    def history(self, name: str, *, known_at: Moment | None = None) -> builtins.list[Prompt]:
        """Every version of a prompt, the first one first."""
        return [version.prompt for version in self._log(name, None, known_at).versions]

    def diff(self, name: str, a: int, b: int) -> str:
        """What version ``b`` has differently from version ``a``: a unified diff of text, rules and instructions."""
        log = self._log(name)
        return diff(log.name, _version(log, a).prompt, _version(log, b).prompt)

    def render(
        self,
        name: str,
        variables: Mapping[str, object] | None = None,
        *,
        query: str | None = None,
        max_tokens: int | None = None,
        version: int | None = None,
        as_of: Moment | None = None,
        known_at: Moment | None = None,
    ) -> str:
        """The prompt as a model is given it: its variables filled in, then the rules that apply.

        Rules without a condition apply always, those with one if ``query`` resembles it: by a cosine of at least 0.5,
        or, where the store has no embedder, by a telling word in common. A variable is an identifier in braces;
        other braces are text, and so are those in values and in rules. Never more than ``max_tokens``, a token counted
        as four bytes of UTF-8: rules that there is no room for are left out. The same question gives the same bytes.
        `InvalidInput` names a variable that has no value, and says if the text alone is too long.
        """
        _check_asked(variables, query, max_tokens)
        space, log = self._found(name, as_of, known_at)
        one = log.head if version is None else _version(log, version)
        cosines = _cosines(space, one, query) if query is not None else None
        return rendered(one.prompt, variables, applying(one.prompt.rules, query, cosines), max_tokens)

    # what people change

    def create(
        self, name: str, text: str, *, when_to_update: str | None = None, update_instructions: str | None = None
    ) -> Prompt:
        """A new prompt. The same again changes nothing, so a host may say it whenever it starts.

        `InvalidInput` if there is a prompt of this name that was created, or last written, with something else, or if
        a new one names what was erased.
        """
        check_name(name, "the name of a prompt")
        said = _settings(text, when_to_update, update_instructions)

        def work(tx: Writer, _: object) -> Prompt:
            log = replayed(name, tx.records(PROMPT, name), tx.records(RULE, name), ())
            if not log.versions:
                _check_named(tx, f"this prompt {name!r}", *said.values())
                add_record(tx, self._space, PROMPT, name, did="created", rules=[], **said)
                return load(tx, name).head.prompt
            stored = {what: value and kept_text(tx, value) for what, value in said.items()}
            if not any(stored == {what: getattr(one.prompt, what) for what in stored} for one in log.versions):
                raise InvalidInput(
                    f"there is a prompt {name!r} already, at version {log.head.prompt.version}, and no version of it "
                    "says this: write() changes its text"
                )
            return log.head.prompt

        return self._write(work)

    def write(
        self,
        name: str,
        text: str,
        *,
        when_to_update: str | None = None,
        update_instructions: str | None = None,
        reason: str | None = None,
    ) -> Prompt:
        """A new version with another text, written by hand; what is None stays, and so do the rules.

        `InvalidInput` if it names what was erased.
        """
        check_reason(reason)
        said = {what: value for what, value in _settings(text, when_to_update, update_instructions).items() if value}

        def work(tx: Writer, _: object) -> Prompt:
            log = load(tx, name)
            _check_named(tx, f"this version of prompt {name!r}", *said.values())
            add_version(tx, self._space, log, "written", log.head.rules, reason=reason, **said)
            return load(tx, name).head.prompt

        return self._write(work)

    def rollback(self, name: str, *, to: int, reason: str | None = None) -> Prompt:
        """A new version that says what version ``to`` said, and in its ``origin`` what that undoes, and why.

        Nothing stands in the way of its rules any longer, should one have been rejected since.
        """
        check_reason(reason)

        def work(tx: Writer, _: object) -> Prompt:
            log = load(tx, name)
            back = _version(log, to)
            if back is log.head:
                raise InvalidInput(f"prompt {name!r} is at version {to} already: there is nothing to undo")
            lift(tx, self._space, log.name, back.prompt.rules, reason)
            parts = {what: getattr(back.prompt, what) for what in ("text", "when_to_update", "update_instructions")}
            add_version(tx, self._space, log, "rolled_back", back.rules, to=back.record, reason=reason, **parts)
            return load(tx, name).head.prompt

        return self._write(work)

    # what is proposed

    def proposals(self, name: str, *, state: ProposalState | None = None) -> builtins.list[Proposal]:
        """What was proposed for a prompt, the latest last; of one state, or all."""
        if state not in (None, "open", "accepted", "rejected", "worse", "unchanged"):
            raise InvalidInput(
                f"state must be 'open', 'accepted', 'rejected', 'worse' or 'unchanged', not {shown(state)}"
            )
        return [one for one in self._log(name).proposals.values() if state in (None, one.state)]

    def accept(self, proposal: Proposal | str) -> Prompt:
        """Make a proposal the prompt's next version.

        `Conflict` if the prompt is another version by now than the one that it was made for, if one of its rules was
        rejected since, if an erasure took words out of what it brings, or if it was decided already.
        """
        return self._write(lambda tx, _: accepted(tx, self._space, proposal))

    def reject(self, proposal: Proposal | str, *, reason: str | None = None) -> Proposal:
        """Reject a proposal: what it would add is not to be proposed for this prompt again, until it is allowed.

        Each rejection leaves a tombstone; `Memory.allow` lifts it. `Conflict` if it was accepted.
        """
        check_reason(reason)

        def work(tx: Writer, _: object) -> Proposal:
            log, number = proposal_of(tx, proposal)
            found = log.proposals[number]
            if found.state == "accepted":
                raise Conflict(
                    f"proposal {found.id!r} was accepted, as version {log.decided.get(number)}: roll it back"
                )
            if found.state == "rejected":
                return found
            base, head = log.base_of(found).prompt, log.head.prompt
            rules = [brought(base.text, [one], base, without(head, one.rule)) for one in found.changes]
            bar(tx, self._space, log.name, [*rules, *([one] for one in brought(found.text, (), base, head))], reason)
            decide(tx, self._space, log.name, number, state="rejected", reason=reason)
            return load(tx, log.name).proposals[number]

        return self._write(work)

    def optimize(
        self,
        /,
        name: str,
        trajectories: Iterable[Trajectory],
        *,
        kind: Optimizer = "gradient",
        evaluate: Evaluate | None = None,
        samples: int = 1,
        dry_run: bool = False,
        **config: Any,
    ) -> Proposal:
        """What the model would change of a prompt after these trajectories: a proposal, never an overwrite.

        With ``evaluate``, which scores the text of a prompt (more is better), both are scored ``samples`` times, and
        the proposal becomes the next version unless it is worse: with one sample each, lower; with more by a one-sided
        Welch t-test at 0.1. A proposal that is worse stays, with both scores. What ``evaluate`` raises reaches the
        caller, and the proposal stays open. ``dry_run`` keeps nothing but what the calls took. `ConfigError` without a
        model; `Conflict`, or `NotFound`, if something of the prompt was erased while the model was asked.
        """
        from triplemem.prompts_store.learning import optimize

        return optimize(self._space, name, trajectories, kind, evaluate, samples, config, dry_run=dry_run)

    def optimize_many(
        self,
        /,
        trajectories: Iterable[Trajectory],
        *,
        names: Sequence[str] | None = None,
        kind: Optimizer = "gradient",
        evaluate: Evaluate | Mapping[str, Evaluate] | None = None,
        samples: int = 1,
        **config: Any,
    ) -> builtins.list[Proposal]:
        """Proposals for those prompts that these trajectories are about, side by side; the others are left alone.

        The model says which, by each prompt's ``when_to_update``; ``names``: only among these. ``evaluate`` may be one
        for each name. If optimizing one of them fails, a note of the error says which; what was proposed for the others
        stands.
        """
        from triplemem.prompts_store.learning import optimize_many

        return optimize_many(Prompts(self._space), self._space, trajectories, names, kind, evaluate, samples, config)

    # ─

    def _log(self, name: str, as_of: Moment | None = None, known_at: Moment | None = None) -> PromptLog:
        return self._found(name, as_of, known_at)[1]

    def _found(self, name: str, as_of: Moment | None, known_at: Moment | None) -> tuple[Space, PromptLog]:
        """A prompt's log, with the first namespace that has one."""
        until = None if as_of is None and known_at is None else _until(as_of, known_at)
        return first_of(self._spaces, lambda view: load(view, name, until))

    def _write(self, work: Callable[[Writer, Any], T]) -> T:
        return self._space.engine.write(self._space.path, self._space.actor, work)


class Rules:
    """The rules of prompts."""

    def __init__(self, space: Space, also: Sequence[Space] = ()) -> None:
        self._space = space
        self._spaces = [space, *also]

    def add(self, name: str, text: str, *, when: str | None = None) -> Rule:
        """A rule that a person gives a prompt, for always or for ``when``; the prompt gets a new version.

        `InvalidInput` if the prompt has it already, if it names what was erased, or if it was rejected: `Memory.allow`
        lifts that first.
        """
        rule = Rule("", _checked(text, "a rule"), None if when is None else _checked(when, "the condition of a rule"))

        def work(tx: Writer, _: object) -> Rule:
            log = load(tx, name)
            _check_named(tx, "this rule", rule.text, rule.when)
            if any((one.text, one.when) == (rule.text, rule.when) for one in log.head.prompt.rules):
                raise InvalidInput(f"prompt {name!r} has this rule already")
            said = brought(log.head.prompt.text, [RuleChange("add", rule, "", None)], log.head.prompt)
            for stone in barred_among(tx, name, [rule.text, with_condition(rule), *said]).values():
                stands = write_id("t", stone)
                raise InvalidInput(f"this rule of prompt {name!r} was rejected: lift it first, with allow({stands!r})")
            record = add_wording(tx, self._space, name, log.head.record, rule)
            add_version(tx, self._space, log, "added", [*log.head.rules, record])
            return load(tx, name).rules[record]

        return self._space.engine.write(self._space.path, self._space.actor, work)

    def remove(self, rule_id: Rule | str, *, reason: str | None = None) -> Rule:
        """Take a rule out of its prompt, which gets a new version; it is not to be proposed again, until allowed.

        Nor are its sentences, but for those that are in another rule in force.
        """
        check_reason(reason)

        def work(tx: Writer, _: object) -> Rule:
            name, number = name_of(tx, RULE, rule_id)
            log, public = load(tx, name), write_id("r", number)
            gone = next((rule for rule in log.head.prompt.rules if rule.id == public), None)
            if gone is None:
                raise NotFound(f"rule {shown(public)} is not in force in prompt {name!r}")
            left = [record for record in log.head.rules if log.rules[record].id != public]
            others = replace(log.head.prompt, rules=[rule for rule in log.head.prompt.rules if rule.id != public])
            bar(tx, self._space, name, [brought("", [RuleChange("add", gone, "", None)], others)], reason)
            add_version(tx, self._space, log, "removed", left, reason=reason)
            return next(rule for rule in load(tx, name).all_rules() if rule.id == public)

        return self._space.engine.write(self._space.path, self._space.actor, work)

    def list(self, name: str, *, as_of: Moment | None = None, known_at: Moment | None = None) -> list[Rule]:
        """Every rule of a prompt with its state: those in force, in their order, then those removed or rejected."""
        until = None if as_of is None and known_at is None else _until(as_of, known_at)
        return first_of(self._spaces, lambda view: rules_of(view, name, until))[1]


def first_of(spaces: Sequence[Space], work: Callable[[Reader], T]) -> tuple[Space, T]:
    """What is found in the first namespace that has it; `NotFound` as the first one tells it."""
    missing: NotFound | None = None
    for space in spaces:
        try:
            return space, space.engine.read(space.path, work)
        except NotFound as error:
            missing = missing or error
    assert missing is not None
    raise missing


def accepted(tx: Writer, space: Space, proposal: Proposal | str, **scores: float) -> Prompt:
    """The version that a proposal becomes; `Conflict` says why it cannot."""
    log, number = proposal_of(tx, proposal)
    found = log.proposals[number]
    if found.state not in ("open", "worse"):
        done = f", as version {log.decided[number]}" if number in log.decided else ""
        raise Conflict(f"proposal {found.id!r} is {found.state} already{done}: there is nothing to accept")
    if found.base_version != log.head.prompt.version:
        raise Conflict(
            f"proposal {found.id!r} was made for version {found.base_version} of prompt {log.name!r}, which is at "
            f"version {log.head.prompt.version} by now: optimize again"
        )
    if is_cut(found, log.head.prompt):
        raise Conflict(f"an erasure took words out of what proposal {found.id!r} brings: optimize again")
    for text in barred_among(tx, log.name, brought(found.text, found.changes, log.head.prompt)):
        raise Conflict(f"proposal {found.id!r} has a rule that was rejected since: {text!r}")
    version = add_version(tx, space, log, "accepted", log.after(number), text=found.text, proposal=number)
    decide(tx, space, log.name, number, state="accepted", to=version, **scores)
    return load(tx, log.name).head.prompt


def decide(tx: Writer, space: Space, name: str, number: int, **parts: Any) -> None:
    """Note what became of a proposal."""
    add_record(tx, space, PROPOSAL, name, [("record", number)], did="decided", proposal=number, **parts)


def _cosines(space: Space, version: Version, query: str) -> dict[str, float] | None:
    """How near the conditions of a version's rules are to a query, by the rules' ids; None without an embedder.

    A condition that has no vector yet, since the embedder is not asked within a write, is embedded with the query.
    """
    embedder, pairs = space.engine.embedder, zip(version.rules, version.prompt.rules, strict=True)
    conditions = {record: (rule.id, rule.when) for record, rule in pairs if rule.when is not None}
    if embedder is None or not conditions or not query.strip():
        return None
    import numpy as np

    there = dict(space.engine.read(space.path, lambda view: view.record_vectors(RULE)))
    missing = [record for record in conditions if record not in there]
    asked, *made = embedded(embedder, [query, *(conditions[record][1] for record in missing)])
    vectors = {record: np.frombuffer(there[record], dtype=np.float32) for record in conditions if record in there}
    vectors |= dict(zip(missing, made, strict=True))
    return {conditions[record][0]: float(vector @ asked) for record, vector in vectors.items()}


def _check_asked(variables: object, query: object, max_tokens: object) -> None:
    most = 1 if max_tokens is None else max_tokens
    if not isinstance(most, int) or isinstance(most, bool) or most < 1:
        raise InvalidInput(f"max_tokens must be a whole number of at least 1, not {shown(max_tokens)}")
    if variables is not None and not isinstance(variables, Mapping):
        raise InvalidInput(f"variables are given as a mapping of names to values, not {type(variables).__name__}")
    if query is not None and not isinstance(query, str):
        raise InvalidInput(f"query must be a text, not {type(query).__name__}")


def _check_named(view: Reader, what: str, *texts: str | None) -> None:
    if names_erased(view, *texts):
        raise InvalidInput(f"{what} names what was erased: say it without that")


def _until(as_of: Moment | None, known_at: Moment | None) -> int:
    """Up to when the logs are read; a version is in force from when it is recorded on."""
    given = (("as_of", as_of), ("known_at", known_at))
    return min((instant(value, what) for what, value in given if value is not None), default=FOREVER)


def _name(row: Any) -> str:
    return str(row.name)


def _version(log: PromptLog, version: object) -> Version:
    if not isinstance(version, int) or isinstance(version, bool):
        raise InvalidInput(f"a version is a number, not {shown(version)}")
    if not 1 <= version <= len(log.versions):
        raise NotFound(f"prompt {log.name!r} has no version {shown(version)}: it has {len(log.versions)}")
    return log.versions[version - 1]


def _settings(text: object, when_to_update: object, update_instructions: object) -> dict[str, Any]:
    check_text(text, "the text of a prompt")
    for what, value in (("when_to_update", when_to_update), ("update_instructions", update_instructions)):
        if value is not None:
            check_text(value, what)
    return {"text": text, "when_to_update": when_to_update, "update_instructions": update_instructions}


def _checked(text: str, what: str) -> str:
    """A rule's words on one line, so that one rule cannot pass for two."""
    check_text(text, what)
    line = one_line(text)
    if not line or len(line) > MAX_RULE:
        raise InvalidInput(f"{what} has {len(line):,} characters: from 1 to {MAX_RULE:,}")
    if only_mark(line):
        raise InvalidInput(f"{what} says nothing but {line!r}, the mark of what was erased: give it words")
    return line
