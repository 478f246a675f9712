"""What "moved from A to B" says: another place, another employer, another tool; or nothing that is certain."""

from __future__ import annotations

from dataclasses import replace

from triplemem.extract.grammar.clause import Clause, me_only
from triplemem.extract.grammar.frames import Frame
from triplemem.extract.grammar.gazetteer import CLUBS, has_version, is_known_firm, is_known_place, is_known_product
from triplemem.extract.grammar.nouns import GROUPS, TOOLS, UNITS
from triplemem.extract.grammar.objects import Object, group
from triplemem.extract.grammar.phrases import Noun, at, read_noun
from triplemem.extract.grammar.trailing import trailing
from triplemem.extract.grammar.verbs import Verb
from triplemem.extract.grammar.words import COMMON

Found = tuple[Frame, list[Object], list[Noun]]

_NO_PLACES = frozenset("plan team table room gate phase step stage level seat row tier version page".split())
_OF_TOOLS = frozenset(
    "ditched dropped migrated uninstalled rewrote ported swapped done tired left quit stopped gave outgrew but".split()
)

_OF_WORK = frozenset(
    """job jobs team role roles firm company companies employer boss career work working hosting host app database data
    server servers cloud tool tools editor stack framework browser phone email account department branch bank
    provider carrier client league club ci hired engineer developer manager salary startup library api""".split()
)
_OF_FIRMS = frozenset(
    """labs lab systems group bank software tech ai consulting partners capital ventures university college school
    hospital studio studios media games energy health foods motors airlines airways cloud works solutions""".split()
)
_MADE_UP = ("ify", "soft", "ware", "tech", "corp", "base", "hub", "flow", "ops", "bank")


def judged(clause: Clause, found: list[Found]) -> list[Found]:
    """What the complements of "move" say, each under the relation that its names stand for."""
    moved = [entry for entry in found if entry[0].predicate == "lives_in"]
    if not moved:
        return found
    said = _what(clause, [noun for entry in moved for noun in entry[2][:1]])
    kept = [entry for entry in found if entry[0].predicate != "lives_in"]
    if not said:
        return kept
    kinds = {"lives_in": "place", "works_at": "organization", "uses": None}
    return kept + [
        (replace(frame, predicate=said), [item._replace(kind=kinds[said]) for item in items], nouns)
        for frame, items, nouns in moved
    ]


def between_groups(clause: Clause, verb: Verb) -> int:
    """As in "moved from the design team to the growth team": where that stops; 0 if no groups are named."""
    words, i = clause.words, verb.stop
    old = read_noun(words, i + 1) if at(words, i) == "from" else None
    new = read_noun(words, old.stop + 1) if old is not None and at(words, old.stop) == "to" else None
    if old is None or new is None or not clause.persons() or verb.passive:
        return 0
    left, joined = (group(noun, clause.reading) if noun.head in GROUPS else None for noun in (old, new))
    if left is None or joined is None:
        return 0
    stop = trailing(clause, new.stop)
    if clause.say(verb, "member_of", [left], stop, flags=frozenset({"end"})):
        clause.say(verb, "member_of", [joined], stop, flags=frozenset({"event"}))
    return stop


def _what(clause: Clause, nouns: list[Noun]) -> str:
    """Which relation it is; nothing where neither the names nor what was said before tell."""
    firms = any(is_known_firm(noun.text.lower()) for noun in nouns)
    tools = any(_is_tool(noun) for noun in nouns)
    pair = len(nouns) > 1
    homes = any(fact.predicate == "lives_in" for noun in nouns for fact in clause.reading.known.with_object(noun.text))
    if homes or any(is_known_place(noun.text.lower(), ending=not pair) for noun in nouns):
        return "" if firms or tools else "lives_in"
    if tools:
        return "uses"
    employers = any(clause.reading.employs(noun.text) for noun in nouns)
    if pair and employers:
        return "works_at"
    if any(noun.head in UNITS or noun.words[0].low in _NO_PLACES for noun in nouns):
        return ""
    if pair:
        return "lives_in" if not firms and _of_towns(clause, nouns) else ""
    product = is_known_product(nouns[0].text.lower())
    against = product or firms or employers or has_version(nouns[0].words) or _of_tools(clause)
    return "" if against else "lives_in"


def _of_towns(clause: Clause, nouns: list[Noun]) -> bool:
    """As in "from Wigan to Zwolle": two names that none knows are towns, unless the talk is of work or of "us"."""
    words = clause.words
    work = any(word.low in _OF_WORK and not (i and words[i - 1].low == "for") for i, word in enumerate(words))
    if work or clause.subjects[0].pronoun == "we" or any(noun.text.lower() in CLUBS for noun in nouns):
        return False
    if any(noun.head in _OF_FIRMS | COMMON or is_known_product(noun.text.lower()) for noun in nouns):
        return False
    return all(noun.proper and _as_a_town(noun) for noun in nouns)


def _as_a_town(noun: Noun) -> bool:
    """Is it written as towns are: "Stow-on-the-Wold", but not "MIT", "EC2", "CircleCI", "Dropify"?"""
    parts = [part for word in noun.words for part in word.text.replace("’", "'").replace("'", "-").split("-") if part]
    return all(part.isalpha() and not any(letter.isupper() for letter in part[1:]) for part in parts) and not (
        noun.head.endswith(_MADE_UP)
    )


def _is_tool(noun: Noun) -> bool:
    return noun.head in TOOLS or (has_version(noun.words) and noun.words[0].low in TOOLS)


def _of_tools(clause: Clause) -> bool:
    """As in "I'm done with Slack and moved to Quux", "we use Slack but are moving to Quux": does a tool give way?"""
    done = clause.subjects[0].pronoun == "we" or any(word.low in _OF_TOOLS for word in clause.words)
    named = any(word.capital and word.low in TOOLS for word in clause.words[1:])
    return done and named and me_only(clause.subjects, clause.reading)
