"""What one extraction knows so far: who was named, what is known, and the claims made."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from triplemem.core.text import fold
from triplemem.extract.grammar.names import gender as named_gender
from triplemem.extract.grammar.nouns import PLURALS, PROJECTS, TIES, TOOLS
from triplemem.extract.grammar.phrases import Noun, spelt
from triplemem.types import Episode, Fact, ProposedClaim, ProposedEnd, ProposedRetraction, Triplet

_SHARED = frozenset("pipeline database cluster codebase backend frontend shop office branch warehouse".split())
_DROPPED = frozenset("new dear lovely beloved wonderful amazing beautiful sweet own poor".split())
MAX_CLAIMS = 400
"""No message says more than this."""
I = "I"  # noqa: E741  the word


@dataclass(slots=True)
class Mention:
    """Somebody or something that a pronoun may stand for."""

    text: str
    kind: str
    gender: str
    sentence: int
    subject: bool


@dataclass(slots=True)
class Known:
    """The facts that hold now, by subject."""

    facts: Sequence[Fact]
    speaker: str | None
    _by_subject: dict[str, list[Fact]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for fact in self.facts:
            if fact.state == "current":
                for name in {fact.subject.name, *fact.subject.aliases}:
                    self._by_subject.setdefault(fold(name), []).append(fact)
                if fact.predicate in {"married_to", "dating", "engaged_to"}:
                    for name in {fact.object.name, *fact.object.aliases}:
                        self._by_subject.setdefault(fold(name), []).append(fact)

    def of(self, subject: str, *predicates: str) -> list[Fact]:
        """The current facts of a subject under these predicates, or under any."""
        name = (self.speaker or "user") if subject == I else subject
        found = self._by_subject.get(fold(name), [])
        return [fact for fact in found if not predicates or fact.predicate in predicates]

    def with_object(self, text: str) -> list[Fact]:
        """The current facts whose object has this name."""
        key = fold(text)
        return [
            fact for fact in self.facts
            if fact.state == "current" and key in {fold(name) for name in (fact.object.name, *fact.object.aliases)}
        ]  # fmt: skip

    def find(self, subject: str, predicate: str, object_: str) -> Fact | None:
        """That very fact, if it holds now."""
        key = fold(object_)
        for fact in self.of(subject, predicate):
            names = {fold(name) for name in (fact.object.name, *fact.object.aliases, fact.subject.name)}
            if key in names:
                return fact
        return None


class Reading:
    """The state of reading one episode."""

    def __init__(self, episode: Episode, number: int, known: Known) -> None:
        self.text = episode.text
        self.now = episode.occurred_at
        self.speaker = episode.speaker
        self.number = number
        self.known = known
        self.claims: list[ProposedClaim] = []
        self.ends: list[ProposedEnd] = []
        self.retractions: list[ProposedRetraction] = []
        self.same_as: list[tuple[str, str]] = []
        self.mentions: list[Mention] = []
        self.ties: dict[tuple[str, str], str] = {}
        self.sentence = 0
        self._group: tuple[int, list[Noun]] = (-9, [])
        self._tags = 0
        self._said: set[tuple[object, ...]] = set()

    def tag(self) -> str:
        """A tag for one coordination."""
        self._tags += 1
        return f"{self.number}:{self._tags}"

    @property
    def me(self) -> str:
        """The speaker within another name: "Ann's aunt"."""
        return self.speaker or "user"

    # --- who is meant ---

    def mention(self, text: str, kind: str = "", gender: str = "", *, subject: bool = False) -> None:
        """Note who was named, for the pronouns to come."""
        if text == I or len(self.mentions) > 2000:
            return
        first = text.split()[0].lower() if text else ""
        gender = gender or named_gender(first)
        if gender and not kind:
            kind = "person"
        for mention in reversed(self.mentions[-12:]):
            if mention.text == text:
                mention.kind, mention.gender = kind or mention.kind, gender or mention.gender
                mention.sentence, mention.subject = self.sentence, subject or mention.subject
                return
        self.mentions.append(Mention(text, kind, gender, self.sentence, subject))

    def keep_group(self, nouns: Iterable[Noun]) -> None:
        """Note whom "they" may stand for."""
        self._group = (self.sentence, list(nouns))

    def group(self) -> list[Noun]:
        """Whom "they" stands for: those named together in this sentence or the one before."""
        sentence, nouns = self._group
        return nouns if self.sentence - sentence <= 1 else []

    def rename(self, before: str, after: str) -> None:
        """Who was called so is now known by a name: "Ann's father" is Winston."""
        self.mentions = [mention for mention in self.mentions if mention.text != before or before == after]

    def is_person(self, text: str) -> bool:
        """Was somebody of this name spoken of?"""
        return any(mention.text == text and mention.kind == "person" for mention in self.mentions)

    def antecedent(self, pronoun: str) -> str | None:
        """Whom "he", "she" or "it" stands for; None unless it can only be one."""
        near = [m for m in self.mentions[-12:] if self.sentence - m.sentence <= 2]
        if pronoun in {"he", "she", "him", "her", "his", "himself", "herself"}:
            gender = "f" if pronoun in {"she", "her", "herself"} else "m"
            people = [m for m in near if m.kind in {"person", "animal", ""} and m.gender in {gender, ""}]
            sure = [m for m in people if m.gender == gender]
            if len(sure) == 1 and any(m.subject and m.sentence > sure[0].sentence for m in people):
                return None  # "Ewa works at Acme. My boss loves her. She …"
            found = sure if len(sure) == 1 else people
            if len(found) > 1:
                persons = [m for m in found if m.kind == "person"]
                found = persons if len(persons) == 1 else found
        elif pronoun in {"it", "its", "itself"}:
            found = [m for m in near if m.kind not in {"person"} and not m.gender]
        else:
            found = [m for m in near if m.kind in {"organization", "team"}]
        if len(found) > 1:
            latest = max(m.sentence for m in found)
            found = [m for m in found if m.sentence == latest]
        if len(found) > 1 and pronoun in {"it", "its"}:
            subjects = [m for m in found if m.subject]
            found = subjects if len(subjects) == 1 else found
        return found[0].text if len(found) == 1 else None

    def resolve(self, noun: Noun) -> str | None:
        """What a noun phrase calls by name: "I", a name, "Ann's aunt"; None if nothing certain."""
        if noun.pronoun:
            if noun.pronoun in {"i", "me", "my", "myself", "we", "us", "our", "ourselves"}:
                return I
            return self.antecedent(noun.pronoun) if noun.pronoun not in {"you", "your", "mine"} else None
        if noun.names and len(noun.names) == 1:
            return noun.names[0].text
        return self._owned(noun) if noun.owner else self._plain(noun)

    def _plain(self, noun: Noun) -> str | None:
        if noun.of is not None:
            inner = self.resolve(noun.of)
            if inner is None:
                return None
            tie = TIES.get(noun.head)
            if tie and tie.kind == "person":
                return self.tied(inner, noun.head) or f"{self.me if inner == I else inner}'s {noun.head}"
            return f"{noun.text} of {self.me if inner == I else inner}"
        return noun.text or None

    def _owned(self, noun: Noun) -> str | None:
        assert noun.owner is not None
        owner = self.resolve(noun.owner)
        if owner is None:
            return None
        head = PLURALS.get(noun.head, noun.head)
        if head in TIES and noun.head not in PLURALS and (named := self.tied(owner, head)):
            return named
        if noun.owner.pronoun == "our" and head in PROJECTS | _SHARED:
            return noun.text  # "our billing service" is the team's; "our house" is the speaker's
        words = [word for word in noun.words if word.low not in _DROPPED] if head in TIES else noun.words
        plural = noun.owner.words and not noun.owner.named and owner.endswith("s")  # "the parents' council"
        clitic = "'" if plural else "'s"
        return f"{self.me if owner == I else owner}{clitic} {spelt(words) if words else noun.text}"

    def tied(self, owner: str, head: str) -> str | None:
        """The name of somebody's only brother, if it is known or was said before."""
        said = self.ties.get((owner, head))
        if said:
            return said
        tie = TIES[head]
        facts = self.known.of(owner, tie.predicate)
        names = {
            fact.object.name if fold(fact.subject.name) == fold(self.me if owner == I else owner) else fact.subject.name
            for fact in facts
        }
        named = {name for name in names if "'s " not in name}
        return (
            named.pop() if len(named) == 1 and tie.kind == "person" and not tie.predicate.startswith("friend") else None
        )

    def employs(self, name: str) -> bool:
        """Is it known, or was it said, that somebody works there?"""
        key = fold(name)
        said = any(c.triplet.predicate == "works_at" and fold(c.triplet.object) == key for c in self.claims)
        return said or any(fact.predicate == "works_at" for fact in self.known.with_object(name))

    # --- what is said ---

    def say(
        self,
        subject: str,
        predicate: str,
        object_: str,
        quote: tuple[int, int],
        *,
        together: str | None = None,
        kinds: tuple[str | None, str | None] = (None, None),
        ends: tuple[str, ...] = (),
        corrects: tuple[str, ...] = (),
        **times: Any,
    ) -> None:
        """Add a claim, once; with the mark ``seen`` it also held when it was said."""
        if times.pop("seen", False):
            times["observed_at"] = self.now.isoformat()
        if predicate == "lives_in" and fold(object_) in TOOLS:
            predicate, kinds = "uses", (kinds[0], None)  # "we moved to Linear"
        object_ = object_.strip(" ,;:.!?-–—")
        subject = subject.strip(" ,;:.!?-–—")
        if not subject or not object_ or len(object_) > 200 or len(subject) > 200 or fold(subject) == fold(object_):
            return
        if len(self.claims) >= MAX_CLAIMS:
            return
        if predicate == "reports_to" and subject.endswith(("'s manager", "'s boss")):
            return  # "his manager is Lee", where it is not known who he is
        key = (subject, predicate, object_, *sorted(str(item) for item in times.items()))
        if key in self._said:
            return
        self._said.add(key)
        said = self.text[quote[0] : quote[1]]
        triplet = Triplet(
            subject, predicate, object_, together=together, quote=said,
            subject_kind=kinds[0] if subject != I else None, object_kind=kinds[1] if object_ != I else None, **times,
        )  # fmt: skip
        self.claims.append(ProposedClaim(triplet, episode=self.number, ends=ends, corrects=corrects))

    def end(self, fact: Fact, quote: tuple[int, int], at: str | None = None) -> None:
        """Propose the end of a known fact."""
        if all(end.fact_id != fact.id for end in self.ends):
            said = self.text[quote[0] : quote[1]]
            self.ends.append(ProposedEnd(fact.id, at=at, quote=said, episode=self.number))

    def retract(self, fact: Fact, quote: tuple[int, int]) -> None:
        """Propose that a known fact was never so."""
        self.retractions.append(ProposedRetraction(fact.id, quote=self.text[quote[0] : quote[1]], episode=self.number))
