"""Memberships cancelled, studies dropped, engagements called off, ways parted; and whom a firm let go."""

from __future__ import annotations

from triplemem.extract.grammar.clause import Clause, is_time
from triplemem.extract.grammar.gazetteer import is_known_product, is_workplace
from triplemem.extract.grammar.nouns import GROUPS, SCHOOLS, TIES, TOOLS, UNITS
from triplemem.extract.grammar.objects import Object, may_be_first_name, organization, person
from triplemem.extract.grammar.phrases import Noun, at, read_noun
from triplemem.extract.grammar.times import times_of
from triplemem.extract.grammar.tokens import WORD
from triplemem.extract.grammar.trailing import trailing
from triplemem.extract.grammar.verbs import Verb
from triplemem.extract.grammar.words import CONJUNCTIONS, POSSESSIVES
from triplemem.types import Fact

_NAME = 5
"""A particle stands at most so far behind its verb."""
_END = frozenset({"end"})
_COUPLE = ("dating", "engaged_to", "married_to")
_TO = frozenset("at in with to for of from".split())
_COURSES = frozenset("program programme class course workshop bootcamp seminar".split())
_UNIVERSITIES = frozenset(
    """harvard yale stanford princeton oxford cambridge columbia cornell berkeley caltech nyu duke brown dartmouth
    sorbonne ucl imperial durham warwick leeds manchester bristol edinburgh glasgow mcgill trinity georgetown purdue
    penn rutgers juilliard""".split()
)


def cancelled(clause: Clause, verb: Verb, i: int) -> int | None:
    """As in "cancelled my membership of the Alpine Club", "my gym membership", "my Spotify subscription"."""
    noun = read_noun(clause.words, i)
    if noun is None or noun.head not in {"membership", "subscription"} or not (noun.owner or noun.det == "the"):
        return None
    stop, what = noun.stop, _of_what(clause, noun)
    if what is not None and what.stop > stop:
        stop = what.stop
    stop = trailing(clause, stop)
    if not clause.persons() or what is None or what.pronoun or not what.words:
        return stop
    predicate = "member_of" if noun.head == "membership" else "uses"
    if predicate == "member_of":
        sure = _is_named(what) or what.head in GROUPS | UNITS
    else:
        sure = what.head in TOOLS or is_known_product(what.text.lower())
    if sure or _known(clause, what.text, predicate):
        clause.say(verb, predicate, [Object(what.text)], stop, flags=_END)
    return stop


def _of_what(clause: Clause, noun: Noun) -> Noun | None:
    """What one is a member of: behind "of", "at" or "to", or in front, as in "gym membership"."""
    words = clause.words
    if noun.of is not None:
        return noun.of
    if at(words, noun.stop) in _TO and not is_time(words, noun.stop + 1):
        return read_noun(words, noun.stop + 1)
    before = noun.words[:-1]
    return Noun(noun.start, noun.stop, before, named=before[0].capital) if before else None


def _is_named(noun: Noun) -> bool:
    return any(word.capital for word in noun.words)


def _known(clause: Clause, text: str, *predicates: str) -> Fact | None:
    """The fact that is known of the subject and what is named."""
    who = clause.who(clause.subjects[0]) if len(clause.subjects) == 1 else None
    found = (clause.reading.known.find(who[0], predicate, text) for predicate in predicates) if who else iter(())
    return next((fact for fact in found if fact is not None), None)


def dropped_out(clause: Clause, verb: Verb) -> int | None:
    """As in "dropped out of the choir", "of Harvard", "of school"; None if that is not said."""
    words, i = clause.words, verb.stop
    if at(words, i) != "out" or not clause.persons():
        return None
    noun = read_noun(words, i + 2) if at(words, i + 1) == "of" else None
    if noun is None:
        stop = trailing(clause, i + 1)
        return _end_one(clause, verb, stop, "studies_at") if at(words, i + 1) != "of" else i + 2
    stop = trailing(clause, noun.stop)
    out_of(clause, verb, noun, stop)
    return stop


def out_of(clause: Clause, verb: Verb, noun: Noun, stop: int) -> None:
    """Claim that somebody is no longer at a school, in a choir, on a course."""
    if noun.pronoun or not noun.words or (noun.owner is not None and noun.head not in GROUPS):
        return
    known = _known(clause, noun.text, "studies_at", "member_of", "attends", "works_on")
    relation = known.predicate if known is not None else _dropped(noun)
    if relation:
        clause.say(verb, relation, [Object(noun.text)], stop, flags=_END)


def left_partner(clause: Clause, verb: Verb, noun: Noun) -> int:
    """As in "My girlfriend left me", "I left my boyfriend in May"; 0 if that is not said. Who is married stays so."""
    words, first = clause.words, clause.subjects[0]
    loved, lover = (first, noun) if noun.pronoun in {"me", "him", "her"} else (noun, first)
    tie = TIES.get(loved.head) if loved.owner is not None else None
    owner = loved.owner.pronoun if loved.owner is not None else ""
    fits = {"me": {"my"}, "him": {"his"}, "her": {"her"}, "i": {"my"}}.get(lover.pronoun, {"his", "her"})
    if tie is None or tie.predicate not in {"dating", "engaged_to"} or owner not in fits or len(clause.subjects) != 1:
        return 0
    other = words[noun.stop + 1] if noun.stop + 1 < len(words) and at(words, noun.stop) == "for" else None
    for_another = other is not None and (other.capital or other.low in POSSESSIVES | {"a", "an", "another"})
    if not (_ends(clause, noun.stop) or for_another):
        return 0
    stop = trailing(clause, noun.stop)
    inner = Clause(clause.reading, words, [loved], clause.start, clause.times)
    found = person(lover, clause.reading)
    inner.say(verb, tie.predicate, [found] if found is not None else [], stop, flags=_END)
    return stop


def quit_school(clause: Clause, verb: Verb, noun: Noun) -> int:
    """As in "quit nursing school", "quit uni"; 0 if it is no school, or one where somebody may work."""
    school = noun.head in SCHOOLS | {"uni"} and not noun.proper and not (noun.det or noun.owner or noun.of)
    if not school or not clause.persons():
        return 0
    stop = trailing(clause, noun.stop)
    clause.say(verb, "studies_at", [Object(noun.text)], stop, flags=_END)
    return stop


def _dropped(noun: Noun) -> str:
    """Whose student, member or pupil one was."""
    school = noun.head in SCHOOLS | {"uni"} or noun.words[0].low == "university" or noun.text.lower() in _UNIVERSITIES
    if school:
        return "studies_at"
    return "member_of" if noun.head in GROUPS else "attends" if noun.head in _COURSES else ""


def _end_one(clause: Clause, verb: Verb, stop: int, *predicates: str) -> int:
    """End the one fact that is known; of several none."""
    who = clause.who(clause.subjects[0]) if len(clause.subjects) == 1 else None
    facts = clause.reading.known.of(who[0], *predicates) if who is not None else []
    _end(clause, verb, stop, facts if len(facts) == 1 else [])
    return stop


def _end(clause: Clause, verb: Verb, stop: int, facts: list[Fact]) -> None:
    times = times_of(verb, _END, clause.times, clause.reading.now.date())
    for fact in facts if times is not None else []:
        assert times is not None
        clause.reading.end(fact, clause.quote(stop), times.get("valid_to"))


def called_off(clause: Clause, verb: Verb) -> int | None:
    """As in "called off our engagement", "broke off the engagement with Tom"; None if that is not said."""
    words = clause.words
    if (at(words, verb.stop), at(words, verb.stop + 1)) == ("it", "quits"):
        stop = trailing(clause, verb.stop + 2)
        return _end_one(clause, verb, stop, *_COUPLE) if len(clause.subjects) == 1 else _end_pair(clause, verb, stop)
    noun = read_noun(words, verb.stop + (at(words, verb.stop) == "off"))
    if noun is None or noun.head != "engagement" or not (noun.owner or noun.det == "the") or not clause.persons():
        return None
    stop = noun.stop + (at(words, noun.stop) == "off")
    other = read_noun(words, stop + 1) if at(words, stop) in {"with", "to"} else None
    stop = trailing(clause, other.stop if other is not None else stop)
    other = clause.subjects[1] if len(clause.subjects) == 2 else other
    found = person(other, clause.reading) if other is not None else None
    if found is None:
        return _end_one(clause, verb, stop, "engaged_to")
    inner = Clause(clause.reading, words, clause.subjects[:1], clause.start, clause.times)
    inner.say(verb, "engaged_to", [found], stop, flags=_END)
    return stop


def _end_pair(clause: Clause, verb: Verb, stop: int) -> int:
    """End what is known to tie the two subjects."""
    ends = [person(noun, clause.reading) for noun in clause.subjects]
    if len(ends) == 2 and ends[0] is not None and ends[1] is not None:
        known, one, other = clause.reading.known, ends[0].text, ends[1].text
        ties = [known.find(one, p, other) or known.find(other, p, one) for p in _COUPLE]
        _end(clause, verb, stop, [tie for tie in ties if tie is not None])
    return stop


def parted(clause: Clause, verb: Verb) -> int | None:
    """As in "Bob parted ways with Acme", "Bob and Acme parted ways", "Sam and I parted ways"."""
    words, i = clause.words, verb.stop
    i += at(words, i) in {"our", "their"}
    if at(words, i) not in {"ways", "company"}:
        return None
    other = read_noun(words, i + 2) if at(words, i + 1) == "with" else None
    stop = trailing(clause, other.stop if other is not None else i + 1)
    pair = [*clause.subjects, other] if other is not None else clause.subjects
    if len(pair) != 2:
        return stop
    first, second = (pair[1], pair[0]) if _employs(clause, pair[0]) else (pair[0], pair[1])
    inner = Clause(clause.reading, words, [first], clause.start, clause.times)
    if not inner.persons():
        return stop
    if _employs(clause, second):
        inner.say(verb, "works_at", [Object(second.text)], stop, flags=_END)
    else:
        _end_pair(Clause(clause.reading, words, pair, clause.start, clause.times), verb, stop)
    return stop


def _employs(clause: Clause, noun: Noun) -> bool:
    return noun.proper and (is_workplace(noun.text.lower(), over=True) or clause.reading.employs(noun.text))


def let_go(clause: Clause, verb: Verb) -> int | None:
    """As in "Acme fired Tom", "Google laid off Ewa", "Acme let Tom go"; None if no firm did that to somebody."""
    words, i = clause.words, verb.stop
    particles = {"lay": ("off",), "let": ("go", "of")}.get(verb.lemma, ())
    behind = bool(particles) and at(words, i) == particles[0]
    last = len(words) if behind or not particles else _particle(clause, i, particles[0])
    noun = read_noun(words[:last], i + len(particles) * behind, subject=True)
    if noun is None or (behind and verb.lemma == "let" and at(words, i + 1) != "of"):
        return None
    stop = noun.stop
    if particles and not behind:
        stop += 1
    employer = read_noun(clause.words, stop + 1) if at(words, stop) == "from" else None
    if employer is not None and employer.proper and person(noun, clause.reading) is not None:
        stop = trailing(clause, employer.stop)  # "They fired my sister from Lidl"
        where = organization(employer, clause.reading)
        inner = Clause(clause.reading, words, [noun], clause.start, clause.times)
        inner.say(verb, "works_at", [where] if where is not None else [], stop, flags=_END)
        return stop
    found, firm = person(noun, clause.reading), clause.subjects[0]
    somebody = noun.owner is not None or may_be_first_name(noun)
    if found is None or not somebody or len(clause.subjects) != 1 or not clause.things() or not firm.proper:
        return None
    stop = trailing(clause, stop)
    clause.say(verb, "works_at", [found], stop, flags=frozenset({"end", "swap", "thing"}))
    return stop


def _particle(clause: Clause, i: int, said: str) -> int:
    """Where the particle stands behind a name, if the clause ends with it: not in "let Tom go home"; else 0."""
    near = range(i + 1, min(i + _NAME, len(clause.words)))
    return next((j for j in near if at(clause.words, j) == said and _ends(clause, j + 1)), 0)


def _ends(clause: Clause, i: int) -> bool:
    words = clause.words
    return i >= len(words) or words[i].kind != WORD or at(words, i) in CONJUNCTIONS
