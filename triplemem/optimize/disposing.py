"""What code lets pass of a model's proposal for a prompt. Pure: the model proposes, this disposes.

A rule is a text with a condition and nothing else: whatever more an answer says of it (a tool, a permission) has no
place to go to. Every change has a reason, and evidence: a trajectory that was shown, with words of its feedback.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from triplemem.core.alike import alike, telling
from triplemem.core.prompts import brought, only_mark
from triplemem.core.render import one_line
from triplemem.core.text import find_quote, fold
from triplemem.core.trajectories import turns_of
from triplemem.core.variables import variables
from triplemem.optimize.edit import Edit, applied
from triplemem.optimize.shown import Shown, said
from triplemem.types import Evidence, Prompt, Rule, RuleChange, Usage

if TYPE_CHECKING:
    from triplemem.optimize.answer import Cited

MAX_RULE = 600
"""Characters of a rule, and of its condition."""
MAX_RULES = 100
"""Rules of a prompt: further ones are not added."""
MAX_CHANGES = 20
"""Changes that one edit may make."""
MAX_REASON = 1_000
"""Characters of a reason, and of a quote."""
MAX_EVIDENCE = 20
GROWTH, FURTHER = 3, 4_000
"""A text may grow threefold, and by so many characters more."""


class Proposed(NamedTuple):
    """A change as an answer has it; ``rule`` is the mark of a rule of today."""

    kind: Literal["add", "change", "remove"]
    rule: str
    text: str
    when: str
    reason: str
    evidence: tuple[Evidence, ...]


def evidence_of(cited: Iterable[Cited], shown: Sequence[Shown]) -> tuple[Evidence, ...]:
    """What can be found of what is cited: trajectories that were shown, and words that were said of them."""
    by_mark = {key: one for one in shown for key in (one.mark, one.id)}
    found: dict[Evidence, None] = {}
    for each in cited:
        one = by_mark.get(each.trajectory.strip().lower())
        evidence = _evidence(one, each.quote) if one is not None else None
        if evidence is not None:
            found[evidence] = None
    return tuple(found)[:MAX_EVIDENCE]


def _evidence(one: Shown, quote: str) -> Evidence | None:
    """Words of the feedback; without any feedback words of the edited answer or of a user, or else the score itself."""
    trajectory = one.trajectory
    feedback, edited = said(trajectory.feedback), said(trajectory.edited)
    sources = [feedback] if feedback else [edited, *(t.text for t in turns_of(trajectory) if t.role == "user")]
    if not quote.strip():
        spoken_for = not feedback and (edited or trajectory.score is not None)
        return Evidence(one.id) if spoken_for else None
    for source in filter(None, sources):
        span = find_quote(quote, source)
        if span is not None and (telling(quote) or fold(quote) == fold(source)):
            return Evidence(one.id, source[slice(*span)][:MAX_REASON])
    return None


def text_fault(before: str, text: str) -> str | None:
    """What is wrong with a text that is to take the place of another one; None if nothing is."""
    if not one_line(text):
        return "the text of the prompt is blank"
    had, has = variables(before), variables(text)
    lost = [name for name in had if name not in has]
    if lost:
        return f"the text lost {_braced(lost)}, which have to stay"
    new = [name for name in has if name not in had]
    if new:
        return f"the text has {_braced(new)}, which the prompt does not have"
    if len(text) > GROWTH * len(before) + FURTHER:
        return "the text is far longer than that of the prompt"
    return None


def fault_if_any(before: str, text: str) -> str | None:
    """As `text_fault`, where an answer need not give a text: a blank one leaves the text as it is."""
    return text_fault(before, text) if one_line(text) else None


def _braced(names: Iterable[str]) -> str:
    return "the variables " + ", ".join("{" + name + "}" for name in names)


class Disposing:
    """Takes the changes that may be made of a prompt, one by one, and says what became of the others."""

    def __init__(self, base: Prompt, refused: Callable[[Collection[str]], set[str]]) -> None:
        self.rules = active(base)
        self.base = replace(base, rules=self.rules)
        self._marks = {rule.id: rule for rule in self.rules}
        self._marks |= {f"r{n}": rule for n, rule in enumerate(self.rules, 1)}
        self._refused_among = refused
        self._barred: set[str] = set()
        self._touched: set[str] = set()
        self._changes: list[RuleChange] = []
        self._reasons: list[str] = []
        self._left_out: list[str] = []
        self._refused: dict[str, None] = {}
        self._text = base.text

    def edit(self, usage: Usage, otherwise: str = "") -> Edit:
        """All that was taken; ``otherwise``: the reason if nothing was proposed at all."""
        reasons = [*self._reasons, *self._left_out]
        kept = reasons or [one for one in [_reason(otherwise)] if one]
        return Edit(self._text, tuple(self._changes), kept, tuple(self._refused), usage)

    def leave_out(self, what: str, why: str) -> None:
        """Say that something was left out."""
        self._left_out.append(f"left out: {one_line(what)[:80]!r}: {why}")

    def take(self, proposals: Iterable[Proposed], text: str | None = None, why: str = "") -> None:
        """Make the changes that may be made: those of today's rules before new ones, which are compared with them.

        ``text``: what is to be the prompt's text, and ``why``. What of all this was rejected before is asked at once.
        """
        changes = sorted(proposals, key=lambda each: each.kind == "add")
        text = self.base.text if text is None or text.strip() == self.base.text.strip() else text.strip()
        brings = brought(text, [_change(one, None) for one in changes], self.base)
        self._barred = self._refused_among(brings) if brings else set()
        for one in changes:
            fault = self._fault(one)
            if fault:
                self.leave_out(one.text or one.rule, fault)
            elif fault is None:
                self._make(one)
        if text != self.base.text:
            self._take_text(text, why)

    def _take_text(self, text: str, reason: str) -> None:
        """Make this the prompt's text, if it may be."""
        fault = text_fault(self.base.text, text) or self._barred_line(text)
        if fault or not _reason(reason):
            self.leave_out("the text", fault or "no reason is given")
            return
        self._text = text
        self._reasons.append(_reason(reason))

    def _barred_line(self, text: str) -> str | None:
        """A rule that was rejected is not to come back as a line or a sentence of the text."""
        for piece in brought(text, (), self.base):
            if piece in self._barred:
                self._refused[piece] = None
                return "a part of it was rejected before"
        return None

    def _fault(self, one: Proposed) -> str | None:
        """Why a change is left out; ``""`` if it changes nothing."""
        rule = self._marks.get(one.rule.strip().lower())
        if one.kind != "add":
            if rule is None:
                return f"the prompt has no rule {one.rule.strip()[:20]!r}"
            if rule.id in self._touched:
                return "another change of the same rule came before"
        if one.kind != "remove":
            fault = self._text_fault(one, rule if one.kind == "change" else None)
            if fault is not None:
                return fault
        if not one.evidence:
            return "it has no evidence: no trajectory that was shown, with words that were said of it"
        if not _reason(one.reason):
            return "no reason is given"
        if len(self._changes) >= MAX_CHANGES:
            return f"one edit makes at most {MAX_CHANGES} changes"
        return None

    def _text_fault(self, one: Proposed, rule: Rule | None) -> str | None:
        text, when = one_line(one.text), one_line(one.when) or None
        if not text:
            return "a rule cannot be blank"
        if rule is not None and (one_line(rule.text), one_line(rule.when or "") or None) == (text, when):
            return ""
        if max(len(text), len(when or "")) > MAX_RULE:
            return f"a rule has at most {MAX_RULE} characters"
        if only_mark(text) or only_mark(when):
            return "it says nothing but the mark of what was erased"
        if not self._barred.isdisjoint(brought(self.base.text, [_change(one, None)], self.base)):
            self._refused[text] = None
            return "it was rejected before"
        named = variables(f"{text}\n{when or ''}")
        if named:
            return f"it has {_braced(named)}: what stands in a rule is never filled in"
        others = [other for other in applied(self.rules, self._changes) if rule is None or other.id != rule.id]
        if any(_covers(other, text, when) for other in others):
            return "the prompt has such a rule"
        return f"a prompt has at most {MAX_RULES} rules" if rule is None and len(others) >= MAX_RULES else None

    def _make(self, one: Proposed) -> None:
        before = None if one.kind == "add" else self._marks[one.rule.strip().lower()]
        evidence = tuple(dict.fromkeys([*(before.evidence if before else ()), *one.evidence]))
        if before is not None and one.kind == "remove":
            rule = replace(before, evidence=evidence, state="removed")
        else:
            rule = replace(_change(one, before).rule, evidence=evidence)
        if before is not None:
            self._touched.add(before.id)
        self._reasons.append(_reason(one.reason))
        self._changes.append(RuleChange(one.kind, rule, _reason(one.reason), before))


def _change(one: Proposed, before: Rule | None) -> RuleChange:
    """A change as an answer has it, on one line."""
    rule = Rule(before.id if before else "", one_line(one.text), one_line(one.when) or None)
    return RuleChange(one.kind, rule, _reason(one.reason), before)


def active(prompt: Prompt) -> list[Rule]:
    """The rules of a prompt that are in force."""
    return [rule for rule in prompt.rules if rule.state == "active"]


def _covers(rule: Rule, text: str, when: str | None) -> bool:
    """Does a rule say the same already, on at least the same occasions?"""
    occasions = rule.when is None or (when is not None and alike(rule.when, when))
    return occasions and alike(rule.text, text)


def _reason(text: str) -> str:
    return one_line(text)[:MAX_REASON]
