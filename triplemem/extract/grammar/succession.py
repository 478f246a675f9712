"""Who follows whom in a role: "Bob replaced Alice as head of ML", "Bob took over from Alice"."""

from __future__ import annotations

from triplemem.extract.grammar import swaps
from triplemem.extract.grammar.clause import Clause
from triplemem.extract.grammar.nouns import ROLE_OF, TIES
from triplemem.extract.grammar.objects import Object, organization, person, unit
from triplemem.extract.grammar.phrases import Noun, at, read_noun
from triplemem.extract.grammar.times import times_of
from triplemem.extract.grammar.trailing import trailing
from triplemem.extract.grammar.verbs import Verb

_EVENT = frozenset({"event"})
_LEADING = frozenset("leads reports_to captain_of coach_of".split())


def replaced(clause: Clause, verb: Verb) -> int:
    """As in "Bob replaced Alice as head of ML", "Alice was replaced by Bob": a role goes over."""
    words, i = clause.words, verb.stop
    passive = verb.passive
    if passive and at(words, i) not in {"by", "as"}:
        return i
    first, i = (read_noun(words, i + 1), i) if passive and at(words, i) == "by" else (read_noun(words, i), i)
    if first is None or len(clause.subjects) != 1:
        return i
    if (
        not passive
        and at(words, first.stop) in {"with", "by"}
        and (stop := swaps.replaced(clause, verb, first)) is not None
    ):
        return stop
    other, stop = person(first, clause.reading), first.stop
    if verb.lemma == "succeed" and other is None:
        return stop
    noun = read_noun(words, stop + 1) if at(words, stop) == "as" else None
    if noun is not None:
        stop = noun.stop
    stop = trailing(clause, stop)
    mine = person(clause.subjects[0], clause.reading)
    if other is None or mine is None or (first.head in TIES and first.owner is None):
        return stop
    new, old = (first, mine.text) if passive else (clause.subjects[0], other.text)
    inner = Clause(clause.reading, words, [new], clause.start, clause.times)
    _hand_over(inner, verb, old, noun, stop)
    return stop


def _hand_over(clause: Clause, verb: Verb, old: str, role: Noun | None, stop: int) -> None:
    done = not (verb.future or verb.progressive)
    verb.passive = False
    verb.past = verb.past or done
    held = [
        f
        for f in clause.reading.known.of(old)
        if f.predicate in _LEADING
        or (f.predicate.endswith("_of") and f.predicate not in {"part_of", "member_of", "friend_of"})
    ]
    times = times_of(verb, _EVENT, clause.times, clause.reading.now.date())
    if times is None:
        return  # "will replace Ann": nobody knows when
    if role is not None:
        relation = ROLE_OF.get(role.head)
        if relation is None:
            if role.words:
                clause.claim("works_as", [Object(role.text)], clause.quote(stop), times=times)
            return
        if role.of is not None:
            found = unit(role.of, clause.reading) or organization(role.of, clause.reading)
            if found is not None:
                ends = tuple(f.id for f in held if f.object.name.lower() == found.text.lower())
                if not ends and done:  # nobody had told us that it was theirs
                    over = {"ended": True} | ({"valid_to": times["valid_from"]} if "valid_from" in times else {})
                    clause.reading.say(old, relation, found.text, clause.quote(stop), kinds=("person", None), **over)
                clause.claim(relation, [Object(found.text)], clause.quote(stop), times=times, ends=ends)
            return
        held = [f for f in held if f.predicate == relation]
    for fact in held:
        if fact.predicate != "reports_to":
            clause.claim(fact.predicate, [Object(fact.object.name)], clause.quote(stop), times=times, ends=(fact.id,))


def took_over(clause: Clause, verb: Verb) -> int | None:
    """As in "Bob took over ML from Alice"; "took over from Alice as head of ML"."""
    words, i = clause.words, verb.stop
    if at(words, i) != "over":
        return None
    old: Noun | None = None
    if at(words, i + 1) == "from":
        old = read_noun(words, i + 2)
        if old is None:
            return None
        role = read_noun(words, old.stop + 1) if at(words, old.stop) == "as" else None
        stop = trailing(clause, role.stop if role else old.stop)
        gone = person(old, clause.reading)
        if gone is not None and clause.persons():
            _hand_over(clause, verb, gone.text, role, stop)
        return stop
    if at(words, i + 1) == "as":
        noun = read_noun(words, i + 2)
        if noun is None or noun.of is None or noun.head not in ROLE_OF:
            return None
        stop = trailing(clause, noun.stop)
        found = unit(noun.of, clause.reading) or organization(noun.of, clause.reading)
        if found is not None and clause.persons():
            clause.say(verb, ROLE_OF[noun.head], [Object(found.text)], stop, flags=_EVENT)
        return stop
    return None
