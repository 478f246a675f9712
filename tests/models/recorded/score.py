"""How well the recorded answers were: precision and recall of claims, ends found, dates right, and what went wrong."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.models.recorded.case import Case, Triple
from tests.models.recorded.cases import CASES
from tests.models.recorded.replay import Played, Stale, Unanswered, answers_of, play


@dataclass
class Score:
    """Counts over some cases."""

    cases: int = 0
    right: int = 0
    wrong: int = 0
    missed: int = 0
    ends: int = 0
    ends_found: int = 0
    ends_false: int = 0
    dates: int = 0
    dates_right: int = 0
    notes: list[str] = field(default_factory=list)

    def add(self, case: Case, played: Played) -> None:
        """Count one case."""
        wanted, found = _folded(case.claims), _folded(played.added)
        allowed = wanted | _folded(case.also) | _folded(case.known)
        wrong, missed = found - allowed, wanted - found
        self.cases += 1
        self.right += len(found & wanted)
        self.wrong += len(wrong)
        self.missed += len(missed)
        over, ended = _folded(played.over), _folded(case.ended)
        false = (over & _folded(case.known)) - ended - _folded(case.times)
        self.ends += len(ended)
        self.ends_found += len(ended & over)
        self.ends_false += len(false)
        for fact, fields in case.times.items():
            told = {_fold(one): bounds for one, bounds in played.times.items()}.get(_fold(fact), {})
            self.dates += len(fields)
            off = [f"{name} {told.get(name)} for {day}" for name, day in fields.items() if told.get(name) != day]
            self.dates_right += len(fields) - len(off)
            self._note(case, "dated wrongly", off)
        self._note(case, "wrong", [" ".join(one) for one in sorted(wrong)])
        self._note(case, "missed", [" ".join(one) for one in sorted(missed)])
        self._note(case, "not ended", [" ".join(one) for one in sorted(ended - over)])
        self._note(case, "ended wrongly", [" ".join(one) for one in sorted(false)])

    def _note(self, case: Case, what: str, which: Iterable[str]) -> None:
        self.notes += [f"`{case.name}` {what}: {one}" for one in which]


def _fold(one: Triple) -> Triple:
    subject, predicate, object_ = (part.casefold().removeprefix("the ") for part in one)
    return subject, predicate, object_


def _folded(some: Iterable[Triple]) -> set[Triple]:
    return {_fold(one) for one in some}


def score(cases: Iterable[Case] = CASES) -> Score:
    """The score of every case whose requests are all answered as they stand today."""
    total = Score()
    for case in cases:
        if not answers_of(case.name):
            continue
        played = play(case)
        if not isinstance(played.model.trouble, (Unanswered, Stale)):
            total.add(case, played)
    return total


def table() -> str:
    """The score for the README; a sentence where nothing is recorded."""
    found = score()
    if not found.cases:
        return "No answers of a model are recorded yet."
    names = sorted({one["model"] for case in CASES for one in answers_of(case.name)})
    days = sorted({one["date"] for case in CASES for one in answers_of(case.name)})
    claims, asserted = found.right + found.missed, found.right + found.wrong
    lines = [
        f"Answers of {', '.join(names)}, {days[0]} to {days[-1]}, to the exact requests of {found.cases} cases.",
        "",
        "| claims: precision | claims: recall | ends found | ends too many | dates right |",
        "|---|---|---|---|---|",
        f"| {found.right / max(asserted, 1):.2f} | {found.right / max(claims, 1):.2f} "
        f"| {found.ends_found} of {found.ends} | {found.ends_false} | {found.dates_right} of {found.dates} |",
    ]
    return "\n".join(
        [*lines, *(["", "What it gets wrong:", ""] if found.notes else []), *(f"- {n}" for n in found.notes)]
    )
