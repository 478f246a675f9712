"""What "moved from A to B" says: another place, another employer, another tool; or nothing that is certain."""

from __future__ import annotations

from dataclasses import replace

from triplemem.extract.grammar.clause import Clause, me_only
from triplemem.extract.grammar.frames import Frame
from triplemem.extract.grammar.gazetteer import has_version, is_known_firm, is_known_place
from triplemem.extract.grammar.nouns import TOOLS, UNITS
from triplemem.extract.grammar.objects import Object
from triplemem.extract.grammar.phrases import Noun

Found = tuple[Frame, list[Object], list[Noun]]

_NO_PLACES = frozenset("plan team table room gate phase step stage level seat row tier version page".split())
_OF_TOOLS = frozenset(
    "ditched dropped migrated uninstalled rewrote ported swapped done tired left quit stopped gave outgrew but".split()
)


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


def _what(clause: Clause, nouns: list[Noun]) -> str:
    """Which relation it is; nothing where neither the names nor what was said before tell."""
    firms = any(is_known_firm(noun.text.lower()) for noun in nouns)
    tools = any(_is_tool(noun) for noun in nouns)
    if any(is_known_place(noun.text.lower()) for noun in nouns):
        return "" if firms or tools else "lives_in"
    if tools:
        return "uses"
    employers = any(clause.reading.employs(noun.text) for noun in nouns)
    if len(nouns) > 1:
        return "works_at" if employers else ""
    if nouns[0].head in UNITS or nouns[0].words[0].low in _NO_PLACES:
        return ""
    against = firms or employers or has_version(nouns[0].words) or _of_tools(clause)
    return "" if against else "lives_in"


def _is_tool(noun: Noun) -> bool:
    return noun.head in TOOLS or (has_version(noun.words) and noun.words[0].low in TOOLS)


def _of_tools(clause: Clause) -> bool:
    """As in "I'm done with Slack and moved to Quux", "we use Slack but are moving to Quux": does a tool give way?"""
    done = clause.subjects[0].pronoun == "we" or any(word.low in _OF_TOOLS for word in clause.words)
    named = any(word.capital and word.low in TOOLS for word in clause.words[1:])
    return done and named and me_only(clause.subjects, clause.reading)


__all__ = ["judged"]
