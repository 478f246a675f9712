"""What somebody runs where: "we deployed Lantern on AWS Lambda", "they host the site on Netlify"."""

from __future__ import annotations

from triplemem.extract.grammar.clause import Clause
from triplemem.extract.grammar.nouns import PROJECTS, TOOLS
from triplemem.extract.grammar.objects import Object, may_be_first_name
from triplemem.extract.grammar.phrases import Noun, at, read_noun
from triplemem.extract.grammar.trailing import trailing
from triplemem.extract.grammar.verbs import Verb

VERBS = frozenset({"deploy", "host", "run"})
_EVENT = frozenset({"event"})
_NONE = frozenset[str]()


def read(clause: Clause, verb: Verb) -> int:
    """Claim what runs on what; the word at which it stops, 0 if that is not said."""
    words = clause.words
    what = read_noun(words, verb.stop)
    if what is None or at(words, what.stop) not in {"on", "to"} or not _runs(what) or not clause.persons():
        return 0
    if verb.modal or verb.negated or (at(words, what.stop) == "to" and verb.lemma != "deploy"):
        return 0
    where = read_noun(words, what.stop + 1)
    if where is None or not _hosts(where):
        return 0
    inner = Clause(clause.reading, words, [what], clause.start, clause.times)
    stop = trailing(inner, where.stop)
    flags = {"thing"} | (_EVENT if verb.lemma == "deploy" else _NONE)
    inner.say(verb, "runs_on", [Object(where.text)], stop, flags=frozenset(flags))
    return stop


def _runs(noun: Noun) -> bool:
    """May it run somewhere: a name that is nobody's, "the site", "our app"?"""
    if noun.pronoun or may_be_first_name(noun):
        return False
    return noun.proper or noun.head in PROJECTS


def _hosts(noun: Noun) -> bool:
    """Is it what programs run on: a tool that we know, a host's name?"""
    return not noun.pronoun and (any(word.low in TOOLS for word in noun.words) or (noun.proper and "." in noun.text))
