"""A sentence from left to right: subject, verb, complements; then what is coordinated, and what hangs on a comma."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from triplemem.core.dates import When
from triplemem.extract.grammar import (
    complements,
    copula,
    endings,
    fragments,
    having,
    hosting,
    identities,
    opening,
    relatives,
)
from triplemem.extract.grammar.clause import Clause, is_time
from triplemem.extract.grammar.frames import FRAMES
from triplemem.extract.grammar.gates import gate, opener
from triplemem.extract.grammar.inflection import FORMS
from triplemem.extract.grammar.kin import named_ties
from triplemem.extract.grammar.memory import Reading
from triplemem.extract.grammar.nouns import PLURALS, TIES
from triplemem.extract.grammar.objects import (
    is_first_name,
    is_not_now,
    is_person_noun,
    is_role,
)
from triplemem.extract.grammar.phrases import Noun, at, is_word, read_noun, read_nouns
from triplemem.extract.grammar.subjects import is_subject
from triplemem.extract.grammar.tokens import PUNCT, TIME, WORD, Token
from triplemem.extract.grammar.verbs import Verb, read_verb
from triplemem.extract.grammar.words import ADVERBS, ARTICLES, GREETINGS, MODALS, OPENERS, POSSESSIVES

_BOUNDARIES = frozenset("and but so because although though while whereas since after before".split())
_ME = Noun(0, 0, pronoun="i")
_FRAGMENTS = frozenset(
    """move relocate join quit leave adopt buy sell marry divorce turn start become graduate meet visit win switch
    retire resign stop get rescue promote hire fire lay diagnose appoint elect separate break split cancel
    drop call give""".split()
)
_GOT = frozenset("married engaged promoted hired fired laid a an divorced rid".split())
_LOVE = frozenset("theme story stories song songs life interest letter letters affair".split())
"""What makes a noun of "love": "the self-acceptance and love theme"."""
_SPOKEN_OF = frozenset("i we he she they".split())


def read_sentence(reading: Reading, words: list[Token]) -> None:
    """Claim what the sentence says."""
    _Sentence(reading, words).read()


class _Sentence:
    def __init__(self, reading: Reading, words: list[Token]) -> None:
        self.reading = reading
        self.words = words[: gate(words)]
        self.subjects: list[Noun] = []
        self.subject_start = 0
        self.told: Noun | None = None
        self.being: Verb | None = None
        self.passive = Verb("", 0, 0)

    def read(self) -> None:
        words = self.words
        named_ties(self.reading, words, ("my", "our", "'s"))
        i, fronted = 0, list[Token]()
        while i < len(words):
            before = i
            i, times = self._open(i)
            fronted = times or fronted
            if i >= len(words):
                break
            named = opening.before_a_name(words, i) if at(words, i - 1) == "since" else 0
            done = self._clause(i, fronted) if not named else i
            if done > i:
                fronted = []
                i = self._relative(done)
                if self._next_follows(before, i):
                    continue
            elif (stop := named or opening.fronted(words, i, opened=i > before)) > i:
                fronted = [*fronted, *self._front_times(i, stop)]
                i = stop
                continue
            i = self._boundary(max(i, before))
        named_ties(self.reading, words, ("his", "her", "their"))

    # --- between clauses ---

    def _open(self, i: int) -> tuple[int, list[Token]]:
        """Behind conjunctions, adverbs, "I think that"; with the times that stand in front."""
        words, times = self.words, list[Token]()
        while i < len(words):
            if n := opener(words, i):
                i += n
            elif is_time(words, i):
                when = words[i].when
                if not (i + 1 < len(words) and when is not None and when.bare and at(words, i + 1) == "'s"):
                    times.append(words[i])
                i += 1
            elif words[i].kind == PUNCT or (words[i].kind == WORD and self._opens(i)):
                i += 1
            else:
                break
        return i, times

    def _next_follows(self, start: int, i: int) -> bool:
        """As in "I teach yoga and at weekends I play": was what stands in front of a further clause read as a part?"""
        for k in range(start + 1, i - 1):
            if at(self.words, k) in {"and", "but"} and opening.fronted(self.words, k + 1) == i:
                return True
        return False

    def _front_times(self, i: int, stop: int) -> list[Token]:
        """The times in a phrase in front; "since the pandemic" is one without a date."""
        times = [word for word in self.words[i:stop] if word.kind == TIME]
        if not times and opening.since(self.words, i, stop):
            first = self.words[i]
            times = [Token(first.text, "\0time", first.start, first.end, TIME, When("beside", None, stop))]
        return times

    def _opens(self, i: int) -> bool:
        low, following = self.words[i].low, at(self.words, i + 1)
        if low in {"it", "to", "of", "for", "by", "in", "the", "out", "what"} or low not in OPENERS | ADVERBS:
            return False
        if low == "of":
            return False
        if low in {"to", "be", "as", "you", "know", "just"} and low != "just":
            return False
        if low in {"before", "after", "when"}:
            return following in {"i", "we", "he", "she"}
        return not (self.words[i].capital and i > 0 and low not in {"i"}) or low in {"so", "and", "but"}

    def _boundary(self, i: int) -> int:
        """The next word at which a clause may begin."""
        words = self.words
        while i < len(words):
            if words[i].kind == PUNCT and words[i].low not in {"&", "/", "%", "$", "'", "’", "#", "*"}:
                if at(words, i + 1) == "where":
                    i += 1
                    continue
                return i + 1
            if words[i].kind == WORD and words[i].low in _BOUNDARIES:
                if words[i].low in {"before", "after", "while"} and at(words, i + 1) not in {
                    "i",
                    "we",
                    "he",
                    "she",
                    "they",
                }:
                    return self._boundary(i + 1) if i + 1 < len(words) else len(words)
                return i + 1
            if words[i].kind == WORD and words[i].low in {"when", "where", "whenever"}:
                goes_on = words[i].low == "where" and at(words, i - 1) == "," and at(words, i + 1) in _SPOKEN_OF
                goes_on = goes_on and not any(word.low in MODALS or word.low == "'d" for word in words[:i])
                return i + 1 if goes_on else len(words)
            i += 1
        return i

    # --- clauses ---

    def _clause(self, i: int, times: list[Token]) -> int:
        """Read the clause at ``i``; where it stops, or ``i`` if there is none."""
        words = self.words
        if (
            self.subjects
            and self._goes_on(i)
            and (verb := read_verb(words, i) or self._participle(i)) is not None
            and not (verb.lemma == "love" and at(words, i + 1) in _LOVE)
        ):
            verb.modal = verb.modal or self._governed(verb, i)
            if not verb.passive and self._passive_too(verb):
                verb.passive, verb.form, verb.past = True, "part", self.passive.past
            return self._predicate(Clause(self.reading, words, self._agreeing(verb), self._from(i), times), verb, i)
        if self.being is not None and self._goes_on(i):
            clause = Clause(self.reading, words, self.subjects, self._from(i), times)
            if (stop := copula.further(clause, self.being, i)) > i:
                return stop
        if at(words, i) in {"who", "which"} and at(words, i - 1) == "," and (stop := self._relative(i - 1)) > i:
            return stop  # of a clause that was not understood: "I borrowed it from Matteo, who lives in Bari"
        nouns, stop, sure = read_nouns(words, i, subject=True)
        if len(nouns) > 1 and at(words, i - 1) in GREETINGS and at(words, nouns[0].stop) == ",":
            nouns = nouns[1:]  # "Hey Zoltan, Petra and Milan maintain the parser"
        nouns = self._several(nouns)
        if nouns and sure:
            hung = self._hung(nouns, stop, i)
            if hung == stop and is_time(words, hung) and hung + 1 < len(words):
                times, hung = [*times, words[hung]], hung + 1
            verb = read_verb(words, hung)
            if verb is not None and is_subject(words, self.reading, nouns, i, verb):
                start = self._with_times(i, times)
                self.subjects, self.subject_start = nouns, start
                if not verb.lemma:
                    return i
                return self._predicate(Clause(self.reading, words, nouns, start, times), verb, i)
            if hung > stop and not is_time(words, hung - 1):
                return hung
            if any(noun.pronoun == "i" for noun in nouns) and len(nouns) == 1:
                self.subjects, self.subject_start = nouns, i
                return i
        if (verb := self._fragment(i)) is not None:
            self.subjects, self.subject_start = [_ME], i
            return self._predicate(Clause(self.reading, words, [_ME], self._with_times(i, times), times), verb, i)
        return self._without_subject(i, times)

    def _agreeing(self, verb: Verb) -> list[Noun]:
        """The subject of a verb that goes on: "I met Clara, who teaches physics and plays the harp" is Clara's harp."""
        mine = any(noun.pronoun in {"i", "we"} for noun in self.subjects) or len(self.subjects) > 1
        if mine and self.told is not None and verb.form in {"s", "is", "has"}:
            return [self.told]
        return self.subjects

    def _several(self, nouns: list[Noun]) -> list[Noun]:
        """Whom "they" stands for, and who "my sons, Leo and Max" are."""
        if len(nouns) != 1:
            return nouns
        if nouns[0].pronoun == "they":
            return self.reading.group() or nouns
        return nouns[0].names if len(nouns[0].names) > 1 and nouns[0].head in PLURALS else nouns

    def _participle(self, i: int) -> Verb | None:
        """As in "is deployed on Fly.io and written in Elixir"."""
        word = at(self.words, i)
        if self.passive.progressive:
            return self._doing_too(i)
        lemma = next((verb for verb, form in FORMS.get(word, ()) if form == "part"), "")
        if not self.passive.passive or at(self.words, i + 1) not in FRAMES.get(lemma, {}):
            return None
        return Verb(lemma, i, i + 1, "part", passive=True, past=self.passive.past, negated=self.passive.negated)

    def _doing_too(self, i: int) -> Verb | None:
        """As in "I'm learning Finnish and reading Dune"."""
        before = self.passive
        doing = [
            n for n in range(before.stop, i + 1) if any(form == "ing" for _, form in FORMS.get(at(self.words, n), ()))
        ]
        if doing != [i] or at(self.words, i - 1) != "and" or before.negated or before.ended:
            return None
        lemma = next(verb for verb, form in FORMS[at(self.words, i)] if form == "ing")
        return replace(before, lemma=lemma, start=i, stop=i + 1, form="ing")

    def _governed(self, verb: Verb, i: int) -> bool:
        """As in "haven't sold the car and moved", "was going to sell it and move": is it said to be so no more?"""
        if verb.stop != verb.start + 1 or at(self.words, i - 1) != "and":
            return False
        before = self.passive
        return (before.modal and verb.form == "base") or (before.negated and before.perfect and verb.form != "s")

    def _passive_too(self, verb: Verb) -> bool:
        """As in "was designed by Omar and built by Hana": does the "was" reach this far?"""
        if (
            not self.passive.passive
            or verb.stop != verb.start + 1
            or at(self.words, verb.stop) not in FRAMES.get(verb.lemma, {})
        ):
            return False
        return any("passive" in frame.flags for frame in FRAMES[verb.lemma][at(self.words, verb.stop)])

    def _with_times(self, i: int, times: list[Token]) -> int:
        """The word at which the quote begins: that of a time in front of the subject, if one is near."""
        if times:
            for j in range(max(0, i - 4), i):
                if self.words[j] is times[0]:
                    return j
        return i

    def _from(self, i: int) -> int:
        return self.subject_start if i - self.subject_start < 24 else i

    def _goes_on(self, i: int) -> bool:
        """May a verb stand here whose subject is that of the clause before?"""
        words = self.words
        if i == 0 or not is_word(words, i):
            return False
        low = words[i].low
        before = at(words, i - 1)
        if words[i].capital or low in ARTICLES or low in POSSESSIVES or low == "i":
            return False
        if before in {"because", "since", "although", "though", "while", "whereas", "after", "before"}:
            return False
        return before in {"and", "but", ",", "then", "also", "so"} or at(words, i - 1) in ADVERBS

    def _fragment(self, i: int) -> Verb | None:
        """As in "Sold my Vespa": a past tense at the start, without a subject, is the speaker's."""
        words = self.words
        if any(word.kind == WORD and word.low not in ADVERBS | OPENERS for word in words[:i]) and not self._after_stop(
            i
        ):
            return None
        verb = read_verb(words, i)
        if verb is not None and verb.ended and fragments.of_me(self.reading, words, verb):
            return verb
        if (
            verb is None
            or verb.lemma not in _FRAGMENTS
            or not (verb.form in {"past", "part"} or verb.past)
            or verb.start + 1 < verb.stop - 2
        ):
            return None
        if verb.lemma == "get" and at(words, verb.stop) not in _GOT:
            return None
        verb.past, verb.perfect = True, False
        return verb

    def _after_stop(self, i: int) -> bool:
        return (i > 0 and self.words[i - 1].low in {":", "–", "—", "-"}) or (i > 0 and self.words[i - 1].kind == TIME)

    def _predicate(self, clause: Clause, verb: Verb, i: int) -> int:
        """Hand the verb to whoever reads it."""
        self.being = verb if verb.lemma == "be" else None
        self._note(clause, named=True)
        stop = self._read(clause, verb, i)
        self._note(clause, named=False)
        return stop

    def _read(self, clause: Clause, verb: Verb, i: int) -> int:
        self.passive = verb
        if not verb.lemma:
            return i
        if verb.lemma == "be":
            return copula.read(clause, verb)
        if verb.lemma == "become":
            stop = copula.grown(clause, verb)
            return stop if stop > verb.stop else identities.become(clause, verb)
        if verb.lemma in hosting.VERBS and not verb.passive and (stop := hosting.read(clause, verb)):
            return stop
        if verb.passive and verb.lemma in {"call", "name"} and clause.subjects[0].pronoun != "i":
            return copula.called(clause, verb)
        if verb.passive and verb.lemma == "bear":
            clause.times = [*clause.times]
            return copula.born(clause, verb)
        if verb.lemma == "have":
            return having.read(clause, verb)
        ended = endings.read(clause, verb)
        if ended is not None:
            return ended
        return complements.read(clause, verb) if verb.lemma in FRAMES else verb.stop

    def _note(self, clause: Clause, *, named: bool) -> None:
        """A subject is somebody to come back to, whatever is said of it; one without a name from then on."""
        for noun in clause.subjects:
            if (noun.proper or noun.names) if named else (noun.head in TIES and noun.owner and not noun.names):
                found = clause.who(noun)
                if found is not None:
                    self.reading.mention(found[0], found[1] or "", found[2], subject=True)
        if (
            named
            and self.being is not None  # they are what is said of them: "are siblings"
            and len(clause.subjects) > 1
            and clause.persons()
            and not any(noun.pronoun for noun in clause.subjects)
        ):
            self.reading.keep_group(clause.subjects)

    def _without_subject(self, i: int, times: list[Token]) -> int:
        """As in "Currently reading Middlemarch", "Still single", "That's Signe, Freya's daughter"."""
        words = self.words
        if any(word.kind == WORD and word.low not in ADVERBS | OPENERS for word in words[:i]):
            return i
        if (found := identities.shown(self.reading, words, i)) > i:
            return found
        verb = opening.doing(words, i)
        state = verb or opening.being(words, i)
        if state is None:
            return i
        self.subjects, self.subject_start = [_ME], i
        clause = Clause(self.reading, words, [_ME], self._with_times(i, times), times)
        if state.ended and not fragments.unspoken(self.reading):
            return i  # "My brother? No longer vegan."
        if verb is not None:
            return self._predicate(clause, verb, i)
        self.being = state
        return copula.further(clause, state, state.stop)

    # --- what hangs on a noun ---

    def _hung(self, nouns: Sequence[Noun], i: int, start: int) -> int:
        """Behind ", a vet from Rome," or ", who leads ML,": what they say is said of the noun before them."""
        words = self.words
        comma = at(words, i) == ","
        j = i + comma
        if at(words, j) == "whose" and comma and len(nouns) == 1 and (stop := self._whose(nouns[0], j, start)):
            return stop
        if at(words, j) in {"whom", "whose"} and comma:
            return next((k + 1 for k in range(j, min(j + 12, len(words))) if at(words, k) == ","), i)
        if at(words, j) in {"who", "which"} or (not comma and at(words, j) == "that"):
            verb = read_verb(words, j + 1)
            if comma and len(nouns) == 1:
                relatives.of_mine(self.reading, words, nouns[0], j, start)
            if verb is None and comma and at(words, j + 1) in _SPOKEN_OF:  # "Sanne, who I work with, has a parrot"
                return next((k + 1 for k in range(j, min(j + 8, len(words))) if at(words, k) == ","), i)
            if verb is None or len(nouns) != 1:
                return i
            stop = self._predicate(Clause(self.reading, words, [nouns[0]], start), verb, j)
            if stop <= j:
                return i
            while stop < len(words) and words[stop].kind != PUNCT and read_verb(words, stop) is None and stop < j + 16:
                stop += 1
            return stop + (at(words, stop) == ",")
        if comma and len(nouns) == 1 and (nouns[0].proper or nouns[0].names or nouns[0].head in TIES):
            stop = self._apposition(nouns[0], i, start)
            return stop if stop > i else opening.aside(words, j) or i
        return i

    def _whose(self, owner: Noun, j: int, start: int) -> int:
        """As in "Palmwine, whose CEO is Ada, is in Lagos": of what the subject has; 0 if it is not read."""
        words = self.words
        noun = read_noun(words, j + 1, subject=True)
        if noun is None or noun.pronoun or noun.owner is not None or is_not_now(noun):
            return 0
        if not (owner.proper or owner.names):
            return 0
        noun.owner = owner
        verb = read_verb(words, noun.stop)
        stop = self._predicate(Clause(self.reading, words, [noun], start), verb, j) if verb is not None else j
        while stop < len(words) and at(words, stop) != "," and stop < j + 16:
            stop += 1
        return stop + 1 if at(words, stop) == "," and read_verb(words, stop + 1) is not None else 0

    def _apposition(self, noun: Noun, i: int, start: int) -> int:
        words = self.words
        second = read_noun(words, i + 1)
        if second is None or second.pronoun or second.quoted or not (second.det or second.owner or second.of):
            return i
        close = second.stop
        while close < len(words) and words[close].kind != PUNCT and close < i + 14 and read_verb(words, close) is None:
            close += 1
        if at(words, close) != "," or read_verb(words, close + 1) is None:
            return i
        verb = Verb("be", i, i + 1, "is")
        inner = Clause(self.reading, words[:close], [noun], start)
        stop = copula.read(inner, verb)
        if at(words, stop) == "from" or at(words, second.stop) == "from":
            self._from_place(noun, words, second.stop if at(words, second.stop) == "from" else stop, start)
        return close + 1

    def _from_place(self, noun: Noun, words: Sequence[Token], i: int, start: int) -> None:
        copula.read(Clause(self.reading, words, [noun], start), Verb("be", i, i, "is"))

    def _relative(self, i: int) -> int:
        """As in "I work at Acme, which is based in Rome": said of the noun that ends the clause."""
        words = self.words
        comma = at(words, i) == ","
        j = i + comma
        if comma and at(words, j) in {"a", "an"}:
            return self._said_behind(i, j)
        if at(words, j) not in {"who", "which"}:
            return i
        verb = read_verb(words, j + 1)
        start = self._last_noun(i)
        noun = read_noun(words, start) if start is not None else None
        if start is not None and at(words, start - 1) == "of" and at(words, j) == "who":
            return i  # "the wife of Matteo, who …"
        if noun is not None and noun.of is not None and noun.of.stop == noun.stop and at(words, j) == "which":
            noun = noun.of  # "the CEO of Verdemar, which is in Porto"
        if (
            verb is None
            or noun is None
            or noun.stop != i
            or not (noun.proper or noun.names or (noun.head in TIES and noun.owner))
        ):
            return i
        if at(words, j) == "which" and is_first_name(noun):
            return i
        self.told = noun
        return max(self._predicate(Clause(self.reading, words, [noun], start or 0), verb, j), i)

    def _said_behind(self, i: int, j: int) -> int:
        """As in "it is owned by Hana, a baker from Nablus": what the last noun is."""
        words, start = self.words, self._last_noun(i)
        noun = read_noun(words, start) if start is not None else None
        second = read_noun(words, j)
        if noun is None or second is None or not is_role(second) or at(words, (start or 0) - 1) == "of":
            return i
        if not self.reading.is_person(noun.names[0].text if noun.names else noun.text):
            return i
        return max(copula.read(Clause(self.reading, words, [noun], start or 0), Verb("be", j, j, "is")), i)

    def _last_noun(self, i: int) -> int | None:
        """Where the noun phrase begins that ends before word ``i``."""
        words = self.words
        for j in range(max(0, i - 6), i):
            if is_word(words, j) and (words[j].capital or words[j].low in POSSESSIVES) and j > 0:
                noun = read_noun(words, j)
                if noun is not None and noun.stop == i:
                    return j
        return None


__all__ = ["is_person_noun", "read_sentence"]
