"""One clause while it is read: its subject, the times beside it, and the claims that it makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from triplemem.extract.grammar.memory import I, Reading
from triplemem.extract.grammar.narrowing import for_a_time, narrowed, not_yet
from triplemem.extract.grammar.nouns import PLURALS, TIES, Tie
from triplemem.extract.grammar.objects import (
    Object,
    is_first_name,
    is_person_noun,
    is_thing_name,
    may_be_first_name,
)
from triplemem.extract.grammar.partial import in_part, less_often, on_the_way
from triplemem.extract.grammar.phrases import Noun, at, read_noun
from triplemem.extract.grammar.times import ahead, times_of
from triplemem.extract.grammar.tokens import PUNCT, TIME, WORD, Token
from triplemem.extract.grammar.verbs import Verb, read_verb
from triplemem.extract.grammar.words import AFTER_NOUN, ARTICLES, POSSESSIVES, is_adverb

ME = Noun(0, 0, pronoun="i")
_NO_FLAGS: frozenset[str] = frozenset()
_CHANGES = frozenset({"end", "event"})
_OF_ANYTHING = frozenset("status located_in due_on part_of name".split())
_OF_THINGS = frozenset(
    "maintains depends_on runs_on uses works_on leads blocked_by owns drives built created wrote".split()
)
_MOVES = frozenset("lives_in works_at works_as leads reports_to uses".split())
"""What one may begin for a while, and go back to what was before."""
_SYMMETRIC = frozenset("married_to engaged_to dating has_sibling friend_of met works_with lives_with".split())


@dataclass(slots=True)
class Clause:
    """A subject and what is to be said of it; ``start`` is the word at which its quote begins."""

    reading: Reading
    words: Sequence[Token]
    subjects: list[Noun]
    start: int
    times: list[Token] = field(default_factory=list)
    stop: int = 0

    def quote(self, stop: int) -> tuple[int, int]:
        """The span in the message from the beginning of the clause up to word ``stop``."""
        first = min(self.start, len(self.words) - 1)
        last = max(min(stop, len(self.words)) - 1, first)
        while last > first and self.words[last].kind == PUNCT:
            last -= 1
        return self.words[first].start, self.words[last].end

    # --- subjects ---

    def persons(self) -> bool:
        """May all the subjects be persons?"""
        known = len(self.subjects) > 1 and any(may_be_first_name(noun) for noun in self.subjects)
        return all(is_person_noun(noun) or (known and noun.proper) for noun in self.subjects)

    def things(self) -> bool:
        """May all the subjects be something else?"""
        return all(_may_be_thing(noun) for noun in self.subjects)

    def fits(self, flags: frozenset[str]) -> bool:
        """Does a frame with these flags take these subjects?"""
        if "any" in flags:
            return self.persons() or self.things()
        return self.things() if "thing" in flags else self.persons()

    # --- claims ---

    def say(
        self,
        verb: Verb,
        predicate: str,
        objects: Sequence[Object],
        stop: int,
        *,
        flags: frozenset[str] = _NO_FLAGS,
        beside: Sequence[Token] | None = None,
        about: Sequence[Noun] = (),
    ) -> bool:
        """Claim the predicate of every subject and object, with the times that the verb makes of those beside it."""
        if not objects:
            return False
        quote = self.quote(stop)
        if verb.modal and not verb.able:
            return False
        if verb.negated and (verb.event or flags & _CHANGES):
            return False  # what was not sold is still owned, what was not bought may be
        if verb.ended and "event" in flags:
            return False  # who stopped writing a book has written what there is of it
        over = verb.ended and (verb.event or not verb.past)  # "no longer", "stopped", but not "used to"
        if (verb.negated or over or verb.lemma == "dislike") and narrowed(self.words, verb):
            return False
        if ((verb.negated or over) and in_part(self.words, verb)) or (verb.ended and less_often(self.words, verb)):
            return False
        if verb.negated and not verb.ended:
            beside = self.times if beside is None else beside
            return self._denies(verb, beside) and self._deny(predicate, objects, quote, swap="swap" in flags)
        if predicate == "leads" and not verb.ended and on_the_way(self.words, verb):
            return False
        near = self.times if beside is None else beside
        passes = self._passes(verb, predicate, flags, near)
        if passes and predicate != "staying_in":
            return False
        today = self.reading.now.date()
        times = times_of(verb, flags, near, today) if not passes else ahead(near, today)
        if times is None:
            return False
        if flags.isdisjoint({"any", "thing"}) and predicate not in _OF_ANYTHING:
            self._persons()
        elif "thing" in flags and "any" not in flags:
            self._things()
        if predicate == "owns" and "end" in flags:
            self._drive_no_more(objects, quote, times.get("valid_to"))
        return self.claim(predicate, objects, quote, swap="swap" in flags, times=times, about=about)

    def _drive_no_more(self, objects: Sequence[Object], quote: tuple[int, int], day: str | None) -> None:
        """Whoever sold a car that they are known to drive does so no longer."""
        for found in (self.who(noun) for noun in self.subjects):
            for object_ in objects:
                fact = self.reading.known.find(found[0], "drives", object_.text) if found is not None else None
                if fact is not None:
                    self.reading.end(fact, quote, day)

    def claim(
        self,
        predicate: str,
        objects: Sequence[Object],
        quote: tuple[int, int],
        *,
        swap: bool = False,
        times: dict[str, Any] | None = None,
        about: Sequence[Noun] = (),
        ends: tuple[str, ...] = (),
        corrects: tuple[str, ...] = (),
    ) -> bool:
        """Claim it of every subject and object; a coordination is said together."""
        subjects = [found for noun in self.subjects if (found := self.who(noun))]
        if len(subjects) != len(self.subjects):
            return False
        tag = self.reading.tag() if len(subjects) * len(objects) > 1 else None
        for noun in (*self.subjects, *about):
            tie = _tie(noun) if times and times.get("ended") else None
            if tie is None or tie.predicate != predicate:  # "my boyfriend and I broke up"
                self.introduce(noun, quote)
        for subject, kind, gender in subjects:
            self.reading.mention(subject, kind or "", gender, subject=True)
            for object_ in objects:
                name, other = object_.predicate or predicate, swap or object_.swap
                ends_of = (object_.text, subject) if other else (subject, object_.text)
                kinds = (object_.kind, kind) if other else (kind, object_.kind)
                self.reading.say(
                    *ends_of[:1],
                    name,
                    ends_of[1],
                    quote,
                    together=tag,
                    kinds=kinds,
                    ends=ends,
                    corrects=corrects,
                    **(times or {}),
                )
        for object_ in objects:
            if object_.kind or object_.text[:1].isupper() or predicate in _OF_THINGS:
                self.reading.mention(object_.text, object_.kind or "thing")
        return True

    def _passes(self, verb: Verb, predicate: str, flags: frozenset[str], beside: Sequence[Token]) -> bool:
        """Is it only for some days: "I'm living in Naples for a week", "moved to Leeds for the summer"?"""
        began = "event" in flags and predicate in _MOVES
        present = not (verb.past or verb.perfect or verb.future or verb.ended or flags & _CHANGES)
        return (began or present) and for_a_time(self.words, verb, beside)

    def _persons(self) -> None:
        """Whoever lives, works or likes is somebody: "he" or "she" may stand for them."""
        for noun in self.subjects:
            found = self.who(noun)
            if found is not None and noun.proper:
                self.reading.mention(found[0], found[1] or "person", found[2], subject=True)

    def _things(self) -> None:
        """What depends, runs or is written is no person: "her" is somebody else's."""
        for noun in self.subjects:
            found = self.who(noun)
            if found is not None and noun.proper:
                self.reading.mention(found[0], "thing", subject=True)

    def _denies(self, verb: Verb, beside: Sequence[Token]) -> bool:
        """Is it denied of now: "doesn't own a car", "hasn't worked there since May", but not "doesn't own it yet"?"""
        relations = {token.when.relation for token in beside if token.when is not None}
        lasting = not relations.isdisjoint({"since", "lasting"})
        return not (verb.past or verb.future or (verb.perfect and not lasting) or not_yet(self.words, verb))

    def _deny(self, predicate: str, objects: Sequence[Object], quote: tuple[int, int], *, swap: bool) -> bool:
        """A denial ends a fact that is known, and asserts nothing."""
        for noun in self.subjects:
            found = self.who(noun)
            for object_ in objects:
                if found is None:
                    continue
                pair = (object_.text, found[0]) if swap or object_.swap else (found[0], object_.text)
                fact = self.reading.known.find(pair[0], object_.predicate or predicate, pair[1])
                if fact is not None:
                    self.reading.end(fact, quote)
        return False

    def who(self, noun: Noun) -> tuple[str, str | None, str] | None:
        """The name of somebody or something, their kind and gender."""
        text = self.reading.resolve(noun)
        if text is None:
            return None
        tie = _tie(noun)
        if tie is not None:
            return text, tie.kind, tie.gender
        if noun.pronoun in {"he", "she", "him", "her"}:
            return text, None, "m" if noun.pronoun in {"he", "him"} else "f"
        return text, "person" if is_first_name(noun) and not is_thing_name(noun) and is_person_noun(noun) else None, ""

    def introduce(self, noun: Noun, quote: tuple[int, int]) -> None:
        """What a possessive says on its way: "my brother Theo" is a brother, and so is "my brother"."""
        owner = noun.owner or (noun.of if noun.head in TIES else None)
        tie = _tie(noun)
        if owner is None or tie is None or noun.head in PLURALS:
            return
        if tie.predicate == "lives_with" and self._has_left(noun.stop):
            return
        self.introduce(owner, quote)
        subject = self.reading.resolve(owner)
        if subject is None or (not noun.names and self.reading.tied(subject, noun.head)):
            return
        text = self.reading.resolve(noun)
        if text is None or (tie.predicate == "reports_to" and not noun.names):
            return
        if (
            noun.words
            and noun.words[0].low in {"ex", "late", "former", "old", "new", "future", "first"}
            and tie.predicate in {"married_to", "dating", "reports_to", "works_with", "lives_with", "engaged_to"}
            and noun.words[0].low != "new"
        ):
            return
        if noun.names and noun.head not in {"friend", "colleague", "coworker", "co-worker"}:
            self.reading.ties[(subject, noun.head)] = text
        self.reading.mention(text, tie.kind, tie.gender)
        self.reading.say(subject, tie.predicate, text, quote, kinds=(None, tie.kind))

    def _has_left(self, i: int) -> bool:
        """As in "my flatmate Gus moved out": is what follows that somebody went?"""
        verb = read_verb(self.words, i)
        gone = verb is not None and verb.lemma in {"move", "leave"} and (verb.past or verb.perfect) and verb.asserts
        return gone and verb is not None and at(self.words, verb.stop) not in ARTICLES | POSSESSIVES | {"in", "into"}


def _tie(noun: Noun) -> Tie | None:
    if noun.pronoun or not (noun.owner or noun.of or noun.names):
        return None
    return TIES.get(noun.head)


def _may_be_thing(noun: Noun) -> bool:
    if noun.pronoun:
        return noun.pronoun in {"it", "they"}
    if noun.head in TIES or (noun.names and noun.head in PLURALS):
        return False
    return not (may_be_first_name(noun) and len(noun.words) <= 2)


def skip_adverbs(words: Sequence[Token], i: int) -> int:
    """The next word that is neither an adverb nor one that trails a noun."""
    while (
        i < len(words)
        and words[i].kind == WORD
        and (
            words[i].low in AFTER_NOUN
            or is_adverb(words[i].low)
            or (words[i].low in {"early", "late"} and is_time(words, i + 1))
        )
        and words[i].low not in _JOINING
    ):
        i += 1
    return i


_JOINING = frozenset(
    "if unless whether because another both each every all most myself yourself himself herself".split()
)


def skip_phrase(words: Sequence[Token], i: int) -> int:
    """Behind a preposition of no interest and its noun phrase."""
    noun = read_noun(words, i + 1)
    return noun.stop if noun is not None and noun.stop > i + 1 else i + 1


def is_time(words: Sequence[Token], i: int) -> bool:
    """Does an expression of time stand there?"""
    return 0 <= i < len(words) and words[i].kind == TIME


def me_only(subjects: Sequence[Noun], reading: Reading) -> bool:
    """Is the subject the speaker alone?"""
    return len(subjects) == 1 and reading.resolve(subjects[0]) == I


def symmetric(predicate: str) -> bool:
    """Is the predicate one fact from both ends?"""
    return predicate in _SYMMETRIC
