"""A list-based shadow of one namespace: what was said and corrected, as DESIGN §2 and §5 put it in prose.

It knows nothing of rows, components or shortcuts: every belief is the reference of `tests.core.reference` applied to
the whole list. Times are whole days.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from tests.core import reference
from triplemem import Predicate
from triplemem.core.predicates import Vocabulary
from triplemem.core.time import FactKey, SaidClaim, SaidEnd, SaidRetraction
from triplemem.resources import shipped_predicates

Periods = tuple[tuple[int | None, int | None], ...]


@dataclass(eq=False)
class Named:
    """An entity; `into` is the one that it was merged into."""

    name: str
    into: "Named | None" = None

    @property
    def top(self) -> "Named":
        return self if self.into is None else self.into.top


About = tuple[Named, str, Named]


@dataclass(eq=False)
class Claim:
    """A claim; it counts while `gone` is empty: that names what retracted, revised or cancelled it."""

    about: tuple[str, str, str]
    said_at: int
    order: tuple[int, int]
    times: dict[str, Any]
    episode: str
    tag: Any = None
    ends: tuple[About, ...] = ()
    corrects: tuple[About, ...] = ()
    gone: set[Any] = field(default_factory=set)

    @property
    def plans_from(self) -> int | None:
        """From when it says that its fact holds, if it states that."""
        during = self.times.get("during")
        start = self.times.get("valid_from", during and during[0])
        return self.times.get("observed_at") if start is None else start


@dataclass(eq=False)
class Verdict:
    """An end (by a person where it has no episode), or a retraction."""

    kind: str
    about: About
    at: int | None
    said_at: int
    order: tuple[int, int]
    episode: str | None = None
    id: str = ""
    gone: bool = False
    tops: dict[str, Named] = field(default_factory=dict)  # of an end by a person: what each name stood for then


@dataclass
class Shadow:
    claims: list[Claim] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    names: dict[str, Named] = field(default_factory=dict)
    rejected: dict[str, About] = field(default_factory=dict)  # by the id of the tombstone
    definitions: list[Predicate] = field(default_factory=list)
    vocabulary: Vocabulary = field(default_factory=lambda: Vocabulary(shipped_predicates()))
    recorded: int = 0

    def next(self) -> int:
        """The place of the next thing that is recorded."""
        self.recorded += 1
        return self.recorded

    def define(self, definition: Predicate) -> None:
        self.definitions.append(definition)
        self.vocabulary = Vocabulary([*shipped_predicates(), *self.definitions])

    def named(self, name: str) -> Named:
        return self.names.setdefault(name, Named(name))

    def key(self, subject: Named, predicate: str, object_: Named) -> FactKey:
        """The fact that this is, by the names and the predicates of now."""
        vocabulary, ends = self.vocabulary, [subject.top.name, object_.top.name]
        name, swapped = vocabulary.read(predicate)
        if swapped:
            ends.reverse()
        if vocabulary.symmetric(name):
            ends.sort()
        return FactKey(ends[0], name, ends[1])

    def key_of(self, claim: Claim) -> FactKey:
        subject, predicate, object_ = claim.about
        return self.key(self.named(subject), predicate, self.named(object_))

    def standing(self) -> list[Claim]:
        return [claim for claim in self.claims if not claim.gone]

    def tops(self) -> dict[str, Named]:
        """What each name stands for now."""
        return {name: named.top for name, named in self.names.items()}

    def ended_by_people(self) -> list[tuple[Verdict, Claim, FactKey]]:
        """What people ended, with each claim that stated it by the names of then, and which fact it is now."""
        told = [one for one in self.verdicts if one.kind == "end" and one.episode is None and not one.gone]
        pairs = [(one, claim, self.key(*one.about)) for one in told for claim in self.standing()]
        return [(one, c, key) for one, c, key in pairs if self.key_of(c) == key and self.was(one, c)]

    def was(self, end: Verdict, claim: Claim) -> bool:
        """Did the claim state what was ended, by what each name stood for then?"""
        subject, predicate, object_ = claim.about
        if not {subject, object_} <= end.tops.keys():
            return False
        ended = [end.tops[end.about[0].name], end.about[1], end.tops[end.about[2].name]]
        return self.told([end.tops[subject], predicate, end.tops[object_]]) == self.told(ended)

    def told(self, parts: list[Any]) -> tuple[str, str, str]:
        """What this says, by the predicates of now and the names as they are given."""
        name, swapped = self.vocabulary.read(parts[1])
        ends = [parts[0].name, parts[2].name][:: -1 if swapped else 1]
        ends = sorted(ends) if self.vocabulary.symmetric(name) else ends
        return ends[0], name, ends[1]

    def carry_ends(self, before: list[tuple[Verdict, Claim, FactKey]]) -> list[tuple[Verdict, FactKey]]:
        """Let these ends stand where the claims have gone, too; the further ones, each with its fact."""
        found: dict[tuple[int, FactKey], tuple[Verdict, FactKey]] = {}
        for one, claim, key in before:
            reached = self.key_of(claim)
            if reached not in (key, self.key(*one.about)):
                subject, predicate, object_ = claim.about
                about = (self.named(subject), predicate, self.named(object_))
                copy = replace(one, about=about, id="", tops=self.tops())
                found.setdefault((id(one), reached), (copy, reached))
        self.verdicts += [copy for copy, _ in found.values()]
        return list(found.values())

    def barred(self) -> set[FactKey]:
        """The facts that a rejection stands against."""
        return {self.key(*about) for about in self.rejected.values()}

    def rejected_claims(self) -> list[tuple[Claim, FactKey, bool]]:
        """The claims that do not count for that, with their facts, and whether these are symmetric, as they are now."""
        barred, read = self.barred(), [(claim, self.key_of(claim)) for claim in self.standing()]
        return [(claim, key, self.vocabulary.symmetric(key.predicate)) for claim, key in read if key in barred]

    def believed(self) -> dict[FactKey, Periods]:
        """The periods of every fact that has any."""
        barred = self.barred()
        said = [
            SaidClaim(
                self.key_of(claim),
                claim.said_at,
                claim.order,
                ends=frozenset(self.key(*about) for about in claim.ends),
                corrects=frozenset(self.key(*about) for about in claim.corrects),
                together=claim.tag,
                **claim.times,
            )
            for claim in self.standing()
            if self.key_of(claim) not in barred
        ]
        left = [verdict for verdict in self.verdicts if not verdict.gone]
        ends = [
            SaidEnd(self.key(*v.about), v.said_at, v.order, v.at, person=v.episode is None)
            for v in left
            if v.kind == "end"
        ]
        voided = [SaidRetraction(self.key(*v.about), v.said_at, v.order) for v in left if v.kind == "retraction"]
        vocabulary = self.vocabulary
        found = reference.periods(said, ends, vocabulary.cardinality, vocabulary.symmetric, voided)
        return {key: tuple((p.start, p.end) for p in held) for key, held in found.items() if held}

    def support(self) -> dict[FactKey, int]:
        """How many episodes stand behind each fact."""
        behind: dict[FactKey, set[str]] = {}
        for claim in self.standing():
            behind.setdefault(self.key_of(claim), set()).add(claim.episode)
        return {key: len(episodes) for key, episodes in behind.items()}

    def write(self, claims: list[Claim], verdicts: list[Verdict]) -> None:
        """Record what one episode, or one person, says; an end of what has not begun cancels the plans of it."""
        before, known = self.believed(), {self.key_of(claim) for claim in self.claims}
        self.claims += claims
        self.verdicts += verdicts
        for claim in claims:
            if claim.times.get("ended") and self.key_of(claim) in known:
                self._cancel(before, self.key_of(claim), claim.said_at, claim.times.get("valid_to"), claim)
            elif self.key_of(claim) in known:
                self._cancelled_before(claim)
        for verdict in verdicts:
            if verdict.kind == "end":
                key, people = self.key(*verdict.about), verdict.episode is None
                self._cancel(before, key, verdict.said_at, verdict.at, verdict, people=people)

    def _cancel(
        self,
        before: dict[FactKey, Periods],
        key: FactKey,
        said_at: int,
        at: int | None,
        by: Any,
        *,
        people: bool = False,
    ) -> None:
        """``people`` end what messages say that are dated later than now, too: they have read them."""
        if any(start is None or start <= said_at for start, _ in before.get(key, ())):
            return
        for claim in self.standing():
            start = claim.plans_from
            if start is None and not claim.times.get("ended"):
                start = claim.said_at
            if claim is by or self.key_of(claim) != key or start is None:
                continue
            before_it = people or claim.said_at <= said_at
            if before_it and start > said_at and (at is None or at <= start):
                claim.gone.add(by)

    def _cancelled_before(self, plan: Claim) -> None:
        """A plan that comes after the end that cancelled it."""
        key, start = self.key_of(plan), plan.plans_from
        if start is None or start <= plan.said_at:
            return
        ends: list[tuple[Any, Any, int, int | None]] = [
            (one.order, one, one.said_at, one.times.get("valid_to"))
            for one in self.standing()
            if one is not plan and one.times.get("ended") and self.key_of(one) == key
        ]
        ends += [
            (one.order, one, one.said_at, one.at)
            for one in self.verdicts
            if one.kind == "end" and not one.gone and self.key(*one.about) == key
        ]
        for _, end, said_at, at in sorted(ends, key=lambda one: one[0]):
            if not plan.said_at <= said_at < start or (at is not None and at > start):
                continue
            without = replace(self, claims=[one for one in self.claims if one not in (plan, end)])
            without.verdicts = [one for one in self.verdicts if one is not end]
            if not any(first is None or first <= said_at for first, _ in without.believed().get(key, ())):
                plan.gone.add(end)
                return

    def vanish(self, evidence: Claim | Verdict) -> None:
        """What the evidence had cancelled counts again."""
        for claim in self.claims:
            claim.gone.discard(evidence)

    def retract(self, evidence: Claim | Verdict, why: str = "retracted") -> None:
        if isinstance(evidence, Claim):
            evidence.gone.add(why)
        else:
            evidence.gone = True
        self.vanish(evidence)

    def replace(self, episode: str) -> None:
        """Another text of the same source takes the episode's place."""
        for claim in self.claims:
            if claim.episode == episode:
                if not claim.gone:
                    self.vanish(claim)
                claim.gone.add("revised")

    def erase(self, episode: str) -> None:
        """The episode was never said; of a fact that nothing states any longer nothing is left."""
        gone = [one for one in [*self.claims, *self.verdicts] if one.episode == episode]
        self.claims = [claim for claim in self.claims if claim.episode != episode]
        self.verdicts = [verdict for verdict in self.verdicts if verdict.episode != episode]
        for one in gone:
            self.vanish(one)
        stated = {self.key_of(claim) for claim in self.claims}
        self.verdicts = [verdict for verdict in self.verdicts if self.key(*verdict.about) in stated]
