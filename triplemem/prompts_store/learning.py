"""Optimizing: a model proposes, code keeps what may be proposed, and a gate or a person decides."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from triplemem.core.gate import mean, worse
from triplemem.core.identity import read_id
from triplemem.core.messages import check_name
from triplemem.core.numeric import finite
from triplemem.core.prompts import PROPOSAL, Version, brought, diff, whole_text
from triplemem.core.prompts import applied as after_changes
from triplemem.core.render import one_line
from triplemem.core.shown import shown
from triplemem.core.trajectories import check_trajectories
from triplemem.errors import Conflict, InvalidInput, ModelError
from triplemem.ledger.redact import kept_text
from triplemem.ledger.space import Space
from triplemem.ledger.usage import note_call
from triplemem.ports import Reader, Writer
from triplemem.prompts_store.log import (
    add_record,
    add_wording,
    barred_among,
    load,
    name_of,
    names_erased,
    proposal_of,
)
from triplemem.prompts_store.prompts import accepted, decide
from triplemem.types import Optimizer, Prompt, Proposal, ProposalState, RuleChange, Trajectory, Usage

if TYPE_CHECKING:
    from triplemem.optimize import Edit
    from triplemem.prompts_store.prompts import Prompts

Evaluate = Callable[[str], float]
"""Scores the text of a prompt, its variables as they stand; more is better."""
NAMES_ERASED = "it names what was erased"
AT_ONCE = 8
"""How many prompts are optimized side by side."""


def optimize(
    space: Space,
    name: str,
    trajectories: Iterable[Trajectory],
    kind: Optimizer,
    evaluate: Evaluate | None,
    samples: int,
    config: Mapping[str, Any],
    *,
    dry_run: bool = False,
) -> Proposal:
    """See `Prompts.optimize`."""
    _check_gate(evaluate, samples, dry_run)
    base = space.engine.read(space.path, lambda view: load(view, name).head)
    edit = _proposed(space, base.prompt, trajectories, kind, config)
    try:
        if dry_run:
            made = space.engine.read(space.path, lambda view: _shown(view, _still(view, base).prompt, edit))
            _note(space, edit.usage)
        else:
            made = space.engine.write(space.path, space.actor, lambda tx, _: _kept(tx, space, base, edit, kind))
    except Conflict:
        _note(space, edit.usage)
        raise
    if evaluate is None or made.state != "open":
        return made
    return _gated(space, base.prompt, made, evaluate, samples)


def _check_gate(evaluate: object, samples: object, dry_run: bool) -> None:
    if isinstance(samples, bool) or not isinstance(samples, int) or samples < 1:
        raise InvalidInput(f"samples must be a whole number of at least 1, not {shown(samples)}")
    if evaluate is not None and not callable(evaluate):
        raise InvalidInput(f"evaluate is a function of a prompt's text, not {type(evaluate).__name__}")
    if dry_run and evaluate is not None:
        raise InvalidInput("a dry run decides nothing: leave evaluate out")


def _proposed(
    space: Space, base: Prompt, trajectories: Iterable[Trajectory], kind: Optimizer, config: Mapping[str, Any]
) -> Edit:
    """What the model proposes, outside any transaction; what it took is written down even where it fails.

    Nothing, and no model is needed, where there is nothing to learn from; what cannot be meant is refused before.
    """
    from triplemem.optimize import Edit, propose
    from triplemem.optimize.optimizing import configured

    configured(kind, config)
    given = check_trajectories(trajectories)
    if not given:
        return Edit(base.text)

    def refused(texts: Collection[str]) -> set[str]:
        return set(space.engine.read(space.path, lambda view: barred_among(view, base.name, texts)))

    try:
        return propose(space.engine.model(), base, given, kind=kind, refused=refused, **config)
    except ModelError as error:
        _note(space, error.usage)
        raise


def _note(space: Space, usage: Usage | None) -> None:
    if usage not in (None, Usage()):
        space.engine.write(space.path, space.actor, lambda tx, _: note_call(tx, space.actor, usage))


def _still(view: Reader, base: Version) -> Version:
    """The version that the model was asked about, by its record: an import may have put others before it.

    `NotFound` if the prompt went meanwhile; `Conflict` if the version did, or if an erasure took words out of it: what
    was erased may be in the answer.
    """
    name = base.prompt.name
    found = next((one for one in load(view, name).versions if one.record == base.record), None)
    if found is None or _said(found.prompt) != _said(base.prompt):
        raise Conflict(f"something of prompt {name!r} was erased while the model was asked: optimize again")
    return found


def _said(prompt: Prompt) -> Prompt:
    """All that a version says, whatever came before it."""
    return replace(prompt, version=0, origin="")


def _kept(tx: Writer, space: Space, base: Version, edit: Edit, kind: Optimizer) -> Proposal:
    """Store a proposal, without what was rejected while the model was asked, and without what an erasure would cut."""
    version = _still(tx, base)
    name = version.prompt.name
    text, changes, reasons = _standing(tx, version.prompt, edit)
    number = tx.number()
    wordings = [None if one.kind == "remove" else tx.number() for one in changes]
    note_call(tx, space.actor, edit.usage)
    add_record(
        tx,
        space,
        PROPOSAL,
        name,
        [("record", version.record)],
        number=number,
        did="proposed",
        state="open" if changes or text != version.prompt.text else "unchanged",
        base=version.record,
        text=text,
        changes=[_told(*pair) for pair in zip(changes, wordings, strict=True)],
        reasons=reasons,
        optimizer=kind,
        usage={name: count for name, count in asdict(edit.usage).items() if count},
    )
    for one, record in zip(changes, wordings, strict=True):
        if record is not None:
            add_wording(tx, space, name, number, one.rule, number=record)
    return load(tx, name).proposals[number]


def _standing(view: Reader, base: Prompt, edit: Edit) -> tuple[str, list[RuleChange], list[str]]:
    """The text and the changes that nothing bars, and the reasons, those of what is left out among them."""
    rejected = barred_among(view, base.name, brought(edit.text, edit.changes, base))
    text, changes, reasons = edit.text, [], list(edit.reasons)
    for one in edit.changes:
        if not rejected.keys().isdisjoint(brought(base.text, [one], base)):
            reasons.append(_left_out(one.rule.text, "it was rejected before"))
        elif one.kind != "remove" and names_erased(view, one.rule.text, one.rule.when):
            reasons.append(_left_out(kept_text(view, one.rule.text), NAMES_ERASED))
        else:
            changes.append(one)
    if not rejected.keys().isdisjoint(brought(text, (), base)):
        text = base.text
        reasons.append(_left_out("the text", "a part of it was rejected before"))
    elif text != base.text and names_erased(view, text):
        text = base.text
        reasons.append(_left_out("the text", NAMES_ERASED))
    return text, changes, reasons


def _left_out(what: str, why: str) -> str:
    return f"left out: {one_line(what)[:80]!r}: {why}"


def _told(change: RuleChange, wording: int | None) -> dict[str, Any]:
    """A change as its record has it: which rule, and which wording of it."""
    old = read_id("r", change.rule.id)
    told = {"kind": change.kind, "reason": change.reason, "record": wording, "rule": None if old is None else old[0]}
    return {name: value for name, value in told.items() if value is not None}


def _shown(view: Reader, base: Prompt, edit: Edit) -> Proposal:
    """A proposal that nobody keeps, as it would be kept."""
    text, changes, reasons = _standing(view, base, edit)
    rules = after_changes(base.rules, changes)
    state: ProposalState = "open" if changes or text != base.text else "unchanged"
    return Proposal(
        "",
        base.name,
        base.version,
        text,
        rules,
        diff(base.name, base, replace(base, text=text, rules=rules), "proposed"),
        reasons,
        None,
        None,
        state,
        tuple(changes),
        edit.usage,
    )


def _gated(space: Space, base: Prompt, made: Proposal, evaluate: Evaluate, samples: int) -> Proposal:
    """Adopt a proposal unless it is worse; the caller's function runs outside any transaction, turn and turn about."""
    texts = whole_text(base.text, base.rules), whole_text(made.text, made.rules)
    pairs = [(_score(evaluate, texts[0]), _score(evaluate, texts[1])) for _ in range(samples)]
    before, after = [one for one, _ in pairs], [one for _, one in pairs]
    scores = {"score_before": mean(before), "score_after": mean(after)}

    def work(tx: Writer, _: object) -> Proposal:
        log, number = proposal_of(tx, made)
        if log.proposals[number].state == "open" and worse(before, after):
            decide(tx, space, base.name, number, state="worse", **scores)
        else:
            accepted(tx, space, made, **scores)  # a conflict if somebody has decided meanwhile: that stands
        return load(tx, base.name).proposals[number]

    try:
        return space.engine.write(space.path, space.actor, work)
    except Conflict:
        space.engine.write(
            space.path,
            space.actor,
            lambda tx, _: decide(tx, space, base.name, name_of(tx, PROPOSAL, made)[1], **scores),
        )
        raise


def _score(evaluate: Evaluate, text: str) -> float:
    score: object = evaluate(text)
    if not finite(score):
        raise InvalidInput(f"evaluate must give a finite number, not {shown(score)}; the proposal stays open")
    return float(score)


def optimize_many(
    prompts: Prompts,
    space: Space,
    trajectories: Iterable[Trajectory],
    names: Sequence[str] | None,
    kind: Optimizer,
    evaluate: Evaluate | Mapping[str, Evaluate] | None,
    samples: int,
    config: Mapping[str, Any],
) -> list[Proposal]:
    """See `Prompts.optimize_many`."""
    from triplemem.optimize.optimizing import configured

    given = check_trajectories(trajectories)
    _, options = configured(kind, config)
    those = prompts.list() if names is None else [prompts.get(name) for name in _names(names)]
    gates = {one.name: evaluate.get(one.name) if isinstance(evaluate, Mapping) else evaluate for one in those}
    for gate in gates.values():
        _check_gate(gate, samples, dry_run=False)
    if isinstance(evaluate, Mapping) and (unknown := set(evaluate) - {one.name for one in prompts.list()}):
        raise InvalidInput(
            f"evaluate is given for {', '.join(sorted(map(repr, unknown)))}: no prompt of this namespace"
        )
    chosen = _blamed(space, those, given, options.max_trajectory_tokens)

    def one(name: str) -> Proposal:
        try:
            return optimize(space, name, given, kind, gates[name], samples, config)
        except BaseException as error:
            error.add_note(f"while prompt {name!r} was optimized")
            raise

    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="triplemem-optimize") as pool:
        running = [pool.submit(one, name) for name in chosen]
    return [done.result() for done in running]


def _names(names: object) -> list[str]:
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise InvalidInput(f"names is a sequence: write names=[...], even for a single one, not {shown(names)}")
    given = list(names)
    for one in given:
        check_name(one, "the name of a prompt")
    return list(dict.fromkeys(given))


def _blamed(
    space: Space, prompts: Sequence[Prompt], trajectories: Sequence[Trajectory], max_trajectory_tokens: int
) -> list[str]:
    """The prompts that the trajectories are about; of none, none, and no model is needed."""
    from triplemem.optimize import blame

    if not trajectories or not prompts:
        return []
    try:
        chosen, usage = blame(space.engine.model(), prompts, trajectories, max_trajectory_tokens=max_trajectory_tokens)
    except ModelError as error:
        _note(space, error.usage)
        raise
    _note(space, usage)
    return chosen
