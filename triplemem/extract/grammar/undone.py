"""What is known to be and is undone: coffee given up, a flatmate who moved out, a car bought and sold again."""

from __future__ import annotations

from triplemem.extract.grammar.clause import Clause
from triplemem.extract.grammar.narrowing import temporary
from triplemem.extract.grammar.nouns import TOOLS
from triplemem.extract.grammar.objects import Object, goods
from triplemem.extract.grammar.phrases import at, read_noun
from triplemem.extract.grammar.times import times_of
from triplemem.extract.grammar.trailing import trailing
from triplemem.extract.grammar.verbs import Verb

_END = frozenset({"end"})
_HABITS = ("drinks", "eats", "likes", "plays")
_PURSUITS = tuple("plays owns uses learning studies teaches member_of works_on volunteers_at leads".split())
_ANOTHER = frozenset("a an the my another one".split())
_NEAR = 6
"""So many words may stand between the clause that says what was bought and "sold it"."""


def gave_up(clause: Clause, verb: Verb) -> int | None:
    """As in "I've given up coffee": what is known to be drunk, eaten, liked or played."""
    words = clause.words
    noun = read_noun(words, verb.stop + 1)
    if noun is None or noun.pronoun or len(clause.subjects) != 1 or noun.det not in {"", "the", "my", "his", "her"}:
        return None
    if (at(words, noun.stop) == "for" and at(words, noun.stop + 1) != "good") or temporary(words, noun.stop):
        return noun.stop  # "gave up coffee for Lent"
    stop, who = trailing(clause, noun.stop), clause.who(clause.subjects[0])
    times = times_of(verb, _END, clause.times, clause.reading.now.date())
    plain = noun.owner is None and not noun.det
    for predicate in (*(_HABITS if plain else ()), *_PURSUITS) if who is not None and times is not None else ():
        assert who is not None and times is not None
        if (fact := clause.reading.known.find(who[0], predicate, noun.text)) is not None:
            clause.reading.end(fact, clause.quote(stop), times.get("valid_to"))
    return stop


def let_go_of(clause: Clause, verb: Verb) -> int | None:
    """As in "I let go of my Vespa": what is known to be owned."""
    words, i = clause.words, verb.stop
    noun = read_noun(words, i + 2) if (at(words, i), at(words, i + 1)) == ("go", "of") else None
    if noun is None or len(clause.subjects) != 1:
        return None
    stop, who = trailing(clause, noun.stop), clause.who(clause.subjects[0])
    times = times_of(verb, _END, clause.times, clause.reading.now.date())
    fact = clause.reading.known.find(who[0], "owns", noun.text) if who is not None else None
    if fact is not None and times is not None:
        clause.reading.end(fact, clause.quote(stop), times.get("valid_to"))
    return stop


def got_rid_of(clause: Clause, verb: Verb) -> int | None:
    """As in "got rid of Jenkins", "got rid of our car"."""
    noun = read_noun(clause.words, verb.stop + 2)
    if noun is None or noun.pronoun or not clause.persons() or verb.passive:
        return None
    stop = trailing(clause, noun.stop)
    used = any(fact.predicate == "uses" for fact in clause.reading.known.with_object(noun.text))
    mine = goods(noun, clause.reading) if noun.owner is not None else None
    if mine is not None:
        clause.say(verb, "owns", [mine], stop, flags=_END)
    elif noun.proper and not noun.det and (used or noun.head in TOOLS):
        clause.say(verb, "uses", [Object(noun.text)], stop, flags=_END)
    return stop


def moved_out(clause: Clause, verb: Verb) -> int | None:
    """As in "Gus moved out": one who is known to live with the speaker does so no longer."""
    words, i = clause.words, verb.stop
    if at(words, i) != "out" or at(words, i + 1) == "of" or len(clause.subjects) != 1:
        return None
    stop, who = trailing(clause, i + 1), clause.who(clause.subjects[0])
    times = times_of(verb, _END, clause.times, clause.reading.now.date())
    fact = clause.reading.known.find("I", "lives_with", who[0]) if who is not None else None
    if fact is not None and times is not None:
        clause.reading.end(fact, clause.quote(stop), times.get("valid_to"))
    return stop


def sold_it(clause: Clause, verb: Verb) -> int | None:
    """As in "I bought a Honda. I sold it in February": what the clause before says to be owned."""
    reading, words = clause.reading, clause.words
    if at(words, verb.stop) != "it" or len(clause.subjects) != 1 or not reading.claims:
        return None
    last, who = reading.claims[-1].triplet, clause.who(clause.subjects[0])
    if who is None or (last.subject, last.predicate) != (who[0], "owns") or last.ended or last.together:
        return None
    quote = last.quote or ""
    between = reading.text[reading.text.rfind(quote) + len(quote) : words[verb.start].start].lower().split()
    if len(between) > _NEAR or not _ANOTHER.isdisjoint(between):
        return None
    stop = trailing(clause, verb.stop + 1)
    clause.say(verb, "owns", [Object(last.object)], stop, flags=_END)
    return stop


def finished(clause: Clause, verb: Verb) -> int | None:
    """As in "finished reading Dune", "finished Dune": a book that is known to be being read."""
    words, i = clause.words, verb.stop
    i += at(words, i) == "reading"
    noun = read_noun(words, i)
    if noun is None or not noun.words:
        return None
    stop = trailing(clause, noun.stop)
    who = clause.who(clause.subjects[0])
    known = clause.reading.known.find(who[0], "reading", noun.text) if who is not None else None
    if known is not None or (at(words, verb.stop) == "reading" and (noun.quoted or noun.proper)):
        verb.past = True
        clause.say(verb, "reading", [Object(noun.text)], stop, flags=_END)
    return stop
