"""What the built-in grammar reads in the cases, counted."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.extract.case import Case, Triple
from tests.extract.cases_held_out import CASES as HELD_OUT
from tests.extract.cases_others import CASES as OTHERS
from tests.extract.cases_others_held_out import CASES as OTHERS_HELD_OUT
from tests.extract.cases_tuned import CASES as TUNED
from triplemem import Episode, Extraction, ExtractionRequest
from triplemem.extract.grammar import GrammarExtractor

SYMMETRIC = frozenset({"married_to", "dating", "engaged_to", "friend_of", "met", "works_with", "lives_with"})
DETERMINERS = frozenset({"a", "an", "the", "my", "our", "his", "her", "its", "their", "your"})
Facts = frozenset[Triple]


@dataclass(frozen=True)
class Score:
    """Counts over some cases, and the shares that follow from them."""

    messages: int
    said: int
    expected: int
    right: int
    endings: int
    endings_found: int
    empties: int
    empties_that_yield: int

    @property
    def precision(self) -> float:
        """Of what the grammar says, the share that is expected, endings as endings."""
        return _share(self.right, self.said)

    @property
    def recall(self) -> float:
        """Of what is expected, the share that the grammar says."""
        return _share(self.right, self.expected)

    @property
    def endings_share(self) -> float:
        """Of the expected endings, the share that the grammar says."""
        return _share(self.endings_found, self.endings)

    @property
    def empties_share(self) -> float:
        """Of the messages that state nothing, the share that yields anything."""
        return self.empties_that_yield / self.empties if self.empties else 0.0


def episode(case: Case, role: str = "user") -> Episode:
    """The message as an episode."""
    at = datetime.fromisoformat(case.at)
    return Episode("e", ("n",), case.text, case.speaker, role, None, at, at, None)


def read(case: Case, role: str = "user") -> Extraction:
    """What the grammar makes of the message."""
    return GrammarExtractor().extract(ExtractionRequest((episode(case, role),)))


def normal(triple: Triple) -> Triple:
    """The triple as it is compared: the object without its determiner and case, symmetric ends in one order."""
    subject, predicate, object_ = triple
    words = object_.casefold().split()
    if len(words) > 1 and words[0] in DETERMINERS:
        words = words[1:]
    object_ = " ".join(words)
    if predicate in SYMMETRIC:
        subject, object_ = sorted((subject.casefold(), object_))
    return (subject, predicate, object_)


def expected(case: Case) -> tuple[Facts, Facts]:
    """The facts that the case states and those that it ends."""
    return frozenset(map(normal, case.claims)), frozenset(map(normal, case.ended))


def got(extraction: Extraction) -> tuple[Facts, Facts]:
    """The facts that the grammar states and those that it ends."""
    claims: set[Triple] = set()
    ended: set[Triple] = set()
    for claim in extraction.claims:
        said = claim.triplet
        (ended if said.ended else claims).add(normal((said.subject, said.predicate, said.object)))
    ended.update(("", "ends", end.fact_id) for end in extraction.ends)  # nothing is known, so none is right
    return frozenset(claims), frozenset(ended)


def score(cases: Iterable[Case]) -> Score:
    """Count the cases."""
    messages = said = wanted = right = endings = endings_found = empties = yielding = 0
    for case in cases:
        messages += 1
        (claims, ended), (got_claims, got_ended) = expected(case), got(read(case))
        said += len(got_claims) + len(got_ended)
        wanted += len(claims) + len(ended)
        right += len(claims & got_claims) + len(ended & got_ended)
        endings += len(ended)
        endings_found += len(ended & got_ended)
        empties += case.empty
        yielding += case.empty and bool(got_claims or got_ended)
    return Score(messages, said, wanted, right, endings, endings_found, empties, yielding)


def misses(cases: Iterable[Case]) -> list[str]:
    """One line for each case that the grammar reads otherwise: message | expected | got."""
    lines = []
    for case in cases:
        (claims, ended), (got_claims, got_ended) = expected(case), got(read(case))
        if (claims, ended) != (got_claims, got_ended):
            missing = _listed(claims - got_claims, ended - got_ended)
            extra = _listed(got_claims - claims, got_ended - ended)
            lines.append(f"{case.text} | {missing} | {extra}")
    return lines


def casual() -> list[tuple[str, list[Triple]]]:
    """What is read in messages of casual talk, by a language model that knew of no extractor, in their order."""
    lines = (Path(__file__).parent / "casual.jsonl").read_text(encoding="utf-8").splitlines()
    said = (json.loads(line) for line in lines)
    cases = (Case(one["text"], speaker=one["speaker"], at=one["at"]) for one in said)
    return [
        (case.text, [(c.triplet.subject, c.triplet.predicate, c.triplet.object) for c in read(case).claims])
        for case in cases
    ]


def casually() -> str:
    """In how many messages of casual talk anything is read, as a sentence."""
    found = casual()
    return f"Of {len(found)} messages of casual talk it reads a fact in {sum(bool(facts) for _, facts in found)}."


def table() -> str:
    """Every part as a Markdown table."""
    lines = [
        "| part | messages | precision | recall | endings found | empty messages that yield anything |",
        "|---|---|---|---|---|---|",
    ]
    for name, cases in (
        ("checked against the rules", TUNED),
        ("written after the rules, never tuned on", HELD_OUT),
        ("written by others from the specification, tuned on since", OTHERS),
        ("written by others from the specification, never tuned on", OTHERS_HELD_OUT),
    ):
        s = score(cases)
        lines.append(
            f"| {name} | {s.messages} | {s.precision:.2f} | {s.recall:.2f} "
            f"| {s.endings_found} of {s.endings} | {s.empties_that_yield} of {s.empties} |"
        )
    return "\n".join(lines)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _listed(claims: Facts, ended: Facts) -> str:
    said = [" ".join(t) for t in sorted(claims)] + ["ended: " + " ".join(t) for t in sorted(ended)]
    return "; ".join(said) or "nothing"


if __name__ == "__main__":
    print(table())
    for line in misses((*TUNED, *OTHERS)):
        print(line)
