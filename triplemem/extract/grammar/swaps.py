"""One thing for another: "replaced Redis with Valkey", "traded my Golf for a Tesla", "ditched Slack"."""

from __future__ import annotations

from triplemem.extract.grammar.clause import Clause
from triplemem.extract.grammar.departures import for_a_while
from triplemem.extract.grammar.gazetteer import is_known_place
from triplemem.extract.grammar.nouns import TOOLS
from triplemem.extract.grammar.objects import Object, goods
from triplemem.extract.grammar.phrases import Noun, at, read_noun
from triplemem.extract.grammar.times import times_of
from triplemem.extract.grammar.trailing import trailing
from triplemem.extract.grammar.verbs import Verb

_EVENT = frozenset({"event"})
_END = frozenset({"end"})
_PARTLY = frozenset("a an the my from into in on at by off to some for".split())
"""After "dropped Slack" these say something else: "dropped Slack a note", "dropped Python from the build"."""


def replaced(clause: Clause, verb: Verb, old: Noun) -> int | None:
    """As in "We replaced Redis with Valkey", "I replaced my Golf with a Tesla"."""
    new = read_noun(clause.words, old.stop + 1)
    if new is None or not (old.named and new.named) or new.owner is not None:
        return None
    return _exchanged(clause, verb, "uses" if old.owner is None else "owns", old, new)


def traded(clause: Clause, verb: Verb) -> int | None:
    """As in "I swapped my iPhone for a Fairphone", "We traded Slack for Zulip"."""
    part = verb.lemma == "trade" and at(clause.words, verb.stop) == "in"  # "traded in the Volvo for a Kia"
    old = read_noun(clause.words, verb.stop + part)
    new = read_noun(clause.words, old.stop + 1) if old is not None and at(clause.words, old.stop) == "for" else None
    if old is None or new is None or new.owner is not None or not clause.persons():
        return None
    if (old.owner is not None or (part and old.det == "the")) and new.det in {"a", "an"}:
        owned = goods(old, clause.reading) or old.head in TOOLS
        return _exchanged(clause, verb, "owns", old, new) if owned and goods(new, clause.reading) else None
    tools = old.proper and new.proper and not (old.det or new.det) and not is_known_place(new.text.lower())
    return _exchanged(clause, verb, "uses", old, new) if tools and old.head in TOOLS else None


def ditched(clause: Clause, verb: Verb) -> int | None:
    """As in "I ditched Slack", "We dropped Jenkins for Buildkite": a tool that we know, or that is known to be used."""
    if (stop := traded(clause, verb)) is not None:
        return stop
    noun = read_noun(clause.words, verb.stop)
    if noun is None or not noun.proper or noun.det or noun.of is not None or verb.passive or not clause.persons():
        return None
    used = any(fact.predicate == "uses" for fact in clause.reading.known.with_object(noun.text))
    after = clause.words[noun.stop : noun.stop + 1]
    now = any(word.text.lower() == "for now" for word in after)
    partly = now or (at(clause.words, noun.stop) in _PARTLY and at(clause.words, noun.stop + 1) != "good")
    if not (used or noun.head in TOOLS) or partly or for_a_while(clause.words, noun.start):
        return None
    stop = trailing(clause, noun.stop)
    clause.say(verb, "uses", [Object(noun.text)], stop, flags=_END)
    return stop


def _exchanged(clause: Clause, verb: Verb, predicate: str, old: Noun, new: Noun) -> int | None:
    if not (verb.past or verb.perfect) or verb.negated or verb.passive:
        return None
    stop = trailing(clause, new.stop)
    times = times_of(verb, _EVENT, clause.times, clause.reading.now.date()) or {}
    ended = {"ended": True} | ({"valid_to": times["valid_from"]} if "valid_from" in times else {})
    clause.claim(predicate, [Object(old.text)], clause.quote(stop), times=ended)
    clause.claim(predicate, [Object(new.text)], clause.quote(stop), times=times)
    return stop
