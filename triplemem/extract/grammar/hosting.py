"""What somebody runs where: "we deployed Lantern on AWS Lambda", "they host the site on Netlify"."""

from __future__ import annotations

from triplemem.extract.grammar.clause import Clause
from triplemem.extract.grammar.nouns import PROJECTS, UNITS
from triplemem.extract.grammar.objects import Object, thing
from triplemem.extract.grammar.phrases import Noun, at, read_noun
from triplemem.extract.grammar.trailing import trailing
from triplemem.extract.grammar.verbs import Verb

VERBS = frozenset({"deploy", "host", "run"})
_EVENT = frozenset({"event"})


def read(clause: Clause, verb: Verb) -> int:
    """Claim what runs on what; the word at which it stops, 0 if that is not said."""
    words = clause.words
    what = read_noun(words, verb.stop)
    if what is None or at(words, what.stop) not in {"on", "to"} or not _runs(what) or not clause.persons():
        return 0
    if verb.modal or verb.negated or (at(words, what.stop) == "to" and verb.lemma != "deploy"):
        return 0
    where = read_noun(words, what.stop + 1)
    if where is None or not where.proper or thing(where, clause.reading) is None:
        return 0
    inner = Clause(clause.reading, words, [what], clause.start, clause.times)
    stop = trailing(inner, where.stop)
    event = _EVENT if verb.lemma == "deploy" else frozenset[str]()
    inner.say(verb, "runs_on", [Object(where.text)], stop, flags=event | {"thing"})
    return stop


def _runs(noun: Noun) -> bool:
    """May it run somewhere: a name, "the site", "our app"?"""
    return not noun.pronoun and (noun.proper or noun.head in PROJECTS | UNITS)
