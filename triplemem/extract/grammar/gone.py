"""What "is no more", "is over" or "is no longer with us": a pet, a club, a couple; and who is with a firm no longer."""

from __future__ import annotations

from triplemem.extract.grammar.clause import Clause, skip_adverbs
from triplemem.extract.grammar.gazetteer import is_workplace
from triplemem.extract.grammar.narrowing import temporary
from triplemem.extract.grammar.nouns import GROUPS, TIES, UNITS
from triplemem.extract.grammar.objects import Object, organization, person
from triplemem.extract.grammar.phrases import Noun, at, read_noun
from triplemem.extract.grammar.times import times_of
from triplemem.extract.grammar.trailing import trailing
from triplemem.extract.grammar.verbs import Verb
from triplemem.types import Fact

_END = frozenset({"end"})
_COUPLE = ("dating", "engaged_to", "married_to")
_BONDS = {"marriage": ("married_to",), "engagement": ("engaged_to",), "relationship": _COUPLE}
_PURSUITS = ("uses", "reading", "plays", "learning")
_BELONGING = frozenset({"works_at", "member_of"})


def read(clause: Clause, verb: Verb, i: int) -> int:
    """Claim or propose what is over; ``i`` if nothing of the kind is said."""
    words = clause.words
    if verb.modal or (verb.negated and not verb.ended) or verb.past or verb.future:
        return i
    if at(words, i) == "no" and at(words, i + 1) == "more" and _closes(clause, i + 2):
        return _no_more(clause, verb, trailing(clause, i + 2))
    if at(words, i) == "over" and _closes(clause, i + 1) and (_bond(clause) or len(clause.subjects) == 2):
        return _no_more(clause, verb, trailing(clause, i + 1))
    couple = at(words, verb.stop) == "a" and at(words, verb.stop + 1) == "couple"
    if verb.ended and (couple or at(words, verb.stop) == "together") and _closes(clause, verb.stop + 1 + couple):
        return _no_longer_together(clause, verb, trailing(clause, verb.stop + 1 + couple))
    if at(words, i) in {"done", "through"} and at(words, i + 1) == "with" and not verb.ended:
        return _done_with(clause, verb, i)
    if verb.ended and at(words, i) == "with":
        if at(words, i + 1) == "us":
            stop = trailing(clause, i + 2)
            return stop if lost_pet(clause, verb, stop) else i + 2  # of a person it may be death, or another job
        return _no_longer_with(clause, verb, i)
    return i


def lost_pet(clause: Clause, verb: Verb, stop: int) -> bool:
    """Was it a pet that died: one that is named on its way, or that is known?"""
    who = clause.who(clause.subjects[0])
    if who is None or len(clause.subjects) != 1:
        return False
    noun = clause.subjects[0]
    if noun.names and noun.owner is not None and noun.head in TIES and TIES[noun.head].kind == "animal":
        inner = Clause(clause.reading, clause.words, [noun.owner], clause.start, clause.times)
        return inner.say(verb, "has_pet", [Object(who[0], "animal")], stop, flags=_END)
    return _end(clause, verb, stop, [f for f in clause.reading.known.with_object(who[0]) if f.predicate == "has_pet"])


def _closes(clause: Clause, i: int) -> bool:
    """Does the clause end there: "Acme is no more", but not "is no more a team than …"?"""
    words, i = clause.words, skip_adverbs(clause.words, i)
    return i >= len(words) or words[i].kind != "w" or at(words, i) in {"and", "but", "so", "since", "because"}


def _end(clause: Clause, verb: Verb, stop: int, facts: list[Fact]) -> bool:
    said = Verb(verb.lemma, verb.start, verb.stop, past=True)
    times = times_of(said, _END, clause.times, clause.reading.now.date()) or {}
    for fact in facts:
        clause.reading.end(fact, clause.quote(stop), times.get("valid_to"))
    return bool(facts)


def _bond(clause: Clause) -> tuple[str, ...]:
    """The relations that "my marriage", "our engagement" calls."""
    return _BONDS.get(clause.subjects[0].head, ()) if clause.subjects[0].owner is not None else ()


def _no_more(clause: Clause, verb: Verb, stop: int) -> int:
    """Of what is no more: a couple's tie, a pet, and what belonged to a club or a firm."""
    known, first = clause.reading.known, clause.subjects[0]
    if bond := _bond(clause):
        who = clause.who(first.owner) if first.owner is not None else None
        facts = known.of(who[0], *bond) if who is not None else []
        _end(clause, verb, stop, facts if len(facts) == 1 else [])
    elif len(clause.subjects) == 2:
        _end(clause, verb, stop, _tied(clause))
    elif not lost_pet(clause, verb, stop):
        _end(clause, verb, stop, _belonging(clause, first))
    return stop


def _no_longer_together(clause: Clause, verb: Verb, stop: int) -> int:
    """As in "Eva and Tom are no longer together"; of "we aren't together anymore" the one that is known."""
    if len(clause.subjects) == 1:
        who = clause.who(clause.subjects[0]) if clause.subjects[0].pronoun == "we" else None
        facts = clause.reading.known.of(who[0], *_COUPLE) if who is not None else []
        _end(clause, verb, stop, facts if len(facts) == 1 else [])
    elif len(clause.subjects) == 2 and clause.persons() and not (tied := _tied(clause)):
        other = person(clause.subjects[1], clause.reading)
        inner = Clause(clause.reading, clause.words, clause.subjects[:1], clause.start, clause.times)
        inner.say(verb, "dating", [other] if other is not None else [], stop)
    else:
        _end(clause, verb, stop, tied if len(clause.subjects) == 2 else [])
    return stop


def _tied(clause: Clause) -> list[Fact]:
    """What is known to tie two subjects."""
    one, other = (person(noun, clause.reading) for noun in clause.subjects)
    if one is None or other is None:
        return []
    known = clause.reading.known
    found = [known.find(one.text, p, other.text) or known.find(other.text, p, one.text) for p in _COUPLE]
    return [fact for fact in found if fact is not None]


def _belonging(clause: Clause, noun: Noun) -> list[Fact]:
    """Who is known to work at or to belong to what is named; of "our band" the speaker alone, if it can only be one."""
    known = clause.reading.known
    if noun.owner is None:
        return [fact for fact in known.with_object(noun.text) if fact.predicate in _BELONGING]
    if noun.owner.pronoun not in {"my", "our"} or noun.head not in GROUPS | UNITS:
        return []
    mine = [fact for fact in known.of("I", *_BELONGING) if fact.object.name.lower().split()[-1] == noun.head]
    return mine if len(mine) == 1 else []


def _done_with(clause: Clause, verb: Verb, i: int) -> int:
    """As in "I'm done with Jira": what is known to be used, read, played or learned; not "for today"."""
    noun = read_noun(clause.words, i + 2)
    if noun is None or noun.pronoun or noun.owner is not None or temporary(clause.words, noun.stop):
        return i
    stop, who = trailing(clause, noun.stop), clause.who(clause.subjects[0])
    found = [clause.reading.known.find(who[0], p, noun.text) for p in _PURSUITS] if who is not None else []
    today = any(token.when is not None and token.when.relation == "at" for token in clause.times)
    _end(clause, verb, stop, [fact for fact in found if fact is not None and not today])
    return stop


def _no_longer_with(clause: Clause, verb: Verb, i: int) -> int:
    """As in "Tom is no longer with Acme", "I'm no longer with Sam": a firm that we know, a couple that is known."""
    noun = read_noun(clause.words, i + 1)
    if noun is None or noun.pronoun or noun.det or len(clause.subjects) != 1 or not clause.persons():
        return i
    stop = trailing(clause, noun.stop)
    who = clause.who(clause.subjects[0])
    ties = [clause.reading.known.find(who[0], p, noun.text) for p in _COUPLE] if who is not None else []
    if tied := [fact for fact in ties if fact is not None]:
        _end(clause, verb, stop, tied)
        return stop
    found = organization(noun, clause.reading) if noun.proper else None
    if found is None or not (is_workplace(noun.text.lower(), over=True) or clause.reading.employs(noun.text)):
        return i
    clause.say(verb, "works_at", [found], stop, flags=_END)
    return stop
