"""To leave, quit or join for some hours or days: "left Madrid at 6", "left Chrome open", "joined Zoom at 3"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from triplemem.core.points import CARDINALS
from triplemem.extract.grammar.gazetteer import is_known_firm, is_known_place, is_known_product
from triplemem.extract.grammar.nouns import TOOL_MAKERS, TOOLS
from triplemem.extract.grammar.objects import is_role, may_be_first_name
from triplemem.extract.grammar.phrases import Noun, at, read_noun
from triplemem.extract.grammar.tokens import PUNCT, TIME, WORD, Token
from triplemem.extract.grammar.words import PREPOSITIONS, STOPS

_STATES = frozenset(
    """open early late alone empty running unattended unlocked behind hanging waiting on off hungry happy tired sad
    overnight drunk""".split()
)
_CLOCK = re.compile(r"(?:1[0-2]|[1-9])|\d{1,2}[.:h]?(?:\d\d)?(?:am|pm|ish)|\d{1,2}[.:h]\d\d")
_SPOKEN = frozenset(CARDINALS[:12])
_HOURS = frozenset("noon midnight dawn dusk sunrise sunset lunchtime night lunch".split())
_STAYS = frozenset(
    """day days night nights week weekend weekends while hour hours month holiday holidays trip break lunch dinner
    airport station vacation visit meeting bit summer winter christmas easter""".split()
)
_CARRIED = frozenset(
    """key keys phone wallet laptop umbrella coat jacket bag purse lunch headphones charger glasses badge passport scarf
    bags groceries shopping milk bread boxes flowers receipt hat gloves backpack ticket card shoes sweater""".split()
)
_WAYS = {
    "without": _CARRIED | frozenset("word goodbye".split()),
    "with": _CARRIED | frozenset("headache migraine fever cold cough hangover nosebleed smile stomachache".split()),
    "on": frozenset("foot crutches bike bus train stretcher leave sabbatical holiday vacation business".split()),
    "by": frozenset("bus car train taxi cab bike tube tram ferry plane uber foot boat".split()),
    "in": frozenset("hurry rush taxi cab ambulance uber tears rain dark car pyjamas mood huff silence shock".split()),
    "through": frozenset("door exit window gate".split()),
}
"""What one takes along, or goes by, when one leaves a house: no job ends so."""
_NETWORKS = frozenset("facebook instagram twitter tiktok snapchat reddit linkedin myspace mastodon bluesky".split())
_WORKPLACES = frozenset(
    """bakery hospital school police army navy bank library factory clinic restaurant museum university college hotel
    pharmacy supermarket""".split()
) | {"post office", "air force", "fire brigade", "civil service"}
_BREAKS = frozenset("and but because when if".split())
_SHARP = frozenset("sharp am pm a.m p.m a.m. p.m. o'clock exactly".split())
_AROUND = frozenset("at around by before after".split())
_TODAY = ("morning", "afternoon", "evening", "tonight", "hour", "minute")
_THERE = frozenset("there back home with here".split())
_SOON = frozenset("soon later tonight tomorrow home by before around after at".split())
_FETCHED = frozenset("got grabbed bought fetched picked".split())
_JOBS = frozenset("job position role boot sack offer contract ticket tickets".split())
_NEAR = 9
"""How far behind the verb is looked."""
_MONTH = 31
_WEEK = 7
_SPANS = frozenset("year years month months decade decades week weeks".split())
_STAY = 4
"""Within so many words behind "for" is said for how long."""


def for_a_while(words: Sequence[Token], i: int) -> bool:
    """Does what follows from ``i`` on say that it was a departure: a clock time, "early", "open", "for a week"?"""
    for j in range(i, min(i + _NEAR, len(words))):
        word = words[j]
        low = word.low
        if (word.kind == PUNCT and low not in {":"}) or low in _BREAKS:
            return False
        relation = word.when.relation if word.kind == TIME and word.when is not None else ""
        if relation == "until" or (relation == "lasting" and _ends(words, j + 1)):
            return True
        if j > i and word.kind == WORD and not word.capital and _passing(words, j):
            return True
    return False


def came_back(words: Sequence[Token], i: int) -> bool:
    """Does the sentence go on to say so: "left Acme on Monday and came back on Friday"?"""
    for j in range(i, len(words) - 1):
        back = words[j].low in {"came", "come", "comes"} and words[j + 1].text.lower().startswith("back")
        stop = j + 2 if back else j + 1
        if (back or words[j].low in {"returned", "rejoined"}) and (
            stop >= len(words) or words[stop].kind != WORD or words[stop].low in STOPS - {"to"}
        ):
            return True
    return False


def is_outing(words: Sequence[Token], i: int) -> bool:
    """Does a tail say so: "left Oslo this morning, back Sunday", "…, two weeks of sun", "left Tesco, got the milk"?"""
    joints = [j + 1 for j in range(i, min(i + _NEAR, len(words))) if words[j].kind == PUNCT]
    return any(_tells_of_a_trip(words, j + (at(words, j) in {"and", "will", "should"})) for j in joints)


def _tells_of_a_trip(words: Sequence[Token], j: int) -> bool:
    low, after = at(words, j), at(words, j + 1)
    if j < len(words) and words[j].kind == TIME and words[j].text.lower().startswith("back in"):
        return not _SPANS.isdisjoint(words[j].text.lower().split())  # "back in two weeks", but not "back in 2019"
    if low == "back":
        counted = after == "in" and (at(words, j + 2) in _SPOKEN | {"a", "an"} or at(words, j + 2).isdigit())
        return counted or after in _SOON or j + 1 >= len(words) or words[j + 1].kind != WORD
    if low == "eta" or (low == "be" and after in _THERE):
        return True
    if low in _FETCHED:
        return after in {"the", "some", "milk", "bread", "beer", "food", "groceries", "snacks", "everything"} and (
            _JOBS.isdisjoint(word.low for word in words[j + 2 : j + _STAY])
        )
    if low in {"heading", "driving", "on"} and after in {"home", "back", "my", "our", "the"}:
        return low != "on" or at(words, j + 2) == "way"
    some = range(j + 1, min(j + _STAY, len(words)))
    return any(
        words[k].low in _STAYS | {"weeks", "months"} and at(words, k + 1) in {"of", "in", "at", "by"} for k in some
    )


def employer_of_years(words: Sequence[Token], start: int, i: int) -> Noun | None:
    """Where somebody was for years before: "after forty years at Bosch", in front of the clause or behind its verb."""
    for j in (*range(max(0, start - _NEAR), start), *range(i, min(i + _NEAR, len(words)))):
        if words[j].low != "after":
            continue
        spans = [k for k in range(j + 1, min(j + _STAY + 1, len(words))) if words[k].low in _SPANS]
        at_last = spans[-1] + 1 if spans else 0
        noun = read_noun(words[:start] if j < start else words, at_last + 1) if at_last else None
        if noun is not None and words[at_last].low in {"at", "with"} and noun.proper and not may_be_first_name(noun):
            return noun
    return None


def within_a_week(times: Sequence[Token]) -> bool:
    """Is one of these times a day or a week that is near: one may only have gone there and back?"""
    units = [token.when.unit(forward=False) for token in times if token.when is not None]
    return any(unit is not None and (unit.after - unit.first).days <= _WEEK for unit in units)


def at_the_clock(words: Sequence[Token], i: int) -> bool:
    """Does a clock time follow from ``i`` on, before the clause ends: "joined Zoom at 3"?"""
    for j in range(i, min(i + _NEAR, len(words))):
        if words[j].kind == PUNCT or words[j].low in _BREAKS:
            return False
        if _on_the_clock(words, j):
            return True
    return False


def _on_the_clock(words: Sequence[Token], i: int) -> bool:
    spoken = words[i].low == "at" and at(words, i + 1) in _SPOKEN and _ends(words, i + 2)
    return spoken or (words[i].low in _AROUND and (at(words, i + 1) in _HOURS or _is_clock(words, i + 1)))


def _passing(words: Sequence[Token], i: int) -> bool:
    low = words[i].low
    return (
        (low in _STATES and _ends(words, i + 1) and not _in_a_year(words, i))
        or _on_the_clock(words, i)
        or (low == "for" and _for_a_stay(words, i + 1))
        or low in {"temporarily", "briefly"}
        or _through_the_door(words, i)
    )


def _through_the_door(words: Sequence[Token], i: int) -> bool:
    """As in "without my keys", "on foot", "in a hurry", "on parental leave": how one goes home, or for how long."""
    heads = _WAYS.get(words[i].low, frozenset())
    for j in range(i + 1, min(i + _STAY, len(words))):
        if words[j].kind == PUNCT or words[j].low in PREPOSITIONS:
            return False
        if words[j].low in heads and _ends(words, j + 1):
            return True
    return False


def _for_a_stay(words: Sequence[Token], i: int) -> bool:
    """As in "for a week", "for a couple of days", but not "for a vacation rental startup", "for a few reasons"."""
    for j in range(i, i + _STAY):
        if at(words, j) in _STAYS:
            return _ends(words, j + 1) or (at(words, j + 1) in _STAYS and _ends(words, j + 2))
        if j >= len(words) or words[j].kind == PUNCT or (words[j].low in PREPOSITIONS and words[j].low != "of"):
            return False
    return False


def _in_a_year(words: Sequence[Token], i: int) -> bool:
    """As in "early in 2020", which says when, and not at what time of the day."""
    when = words[i + 1].when if i + 1 < len(words) else None
    unit = None if when is None else when.unit(forward=False)
    return words[i].low in {"early", "late"} and unit is not None and (unit.after - unit.first).days > 1


def _ends(words: Sequence[Token], i: int) -> bool:
    """Does no noun follow, as in "a running club"?"""
    return i >= len(words) or words[i].kind != WORD or at(words, i) in STOPS


def _is_clock(words: Sequence[Token], i: int) -> bool:
    said = at(words, i)
    if at(words, i + 1) == ":" and at(words, i + 2).isdigit():
        return said.isdigit()
    after = at(words, i + 1)
    counted = i + 1 < len(words) and words[i + 1].kind == WORD and after not in STOPS | _SHARP  # "after 5 years"
    return _CLOCK.fullmatch(said) is not None and not counted


def is_common_workplace(noun: Noun) -> bool:
    """Is it "the post office", "the bakery", which many only visit?"""
    plain = noun.det == "the" and not noun.names and noun.of is None and not any(word.capital for word in noun.words)
    return plain and (noun.text in _WORKPLACES or (noun.head in _WORKPLACES and len(noun.words) == 2))


def is_trip(words: Sequence[Token], noun: Noun) -> bool:
    """As in "left Leeds this morning": one leaves a place for the day, an employer for good."""
    after = words[noun.stop] if noun.stop < len(words) else None
    today = after is not None and after.kind == TIME and any(part in after.text.lower() for part in _TODAY)
    return today and is_known_place(noun.text.lower())


def is_no_employer(words: Sequence[Token], noun: Noun) -> bool:
    """Is it somebody, or a program: "left Tom", "quit Chrome"?"""
    year = _year(words, noun.stop) or (at(words, noun.stop) == "in" and _year(words, noun.stop + 1))
    program = noun.head in TOOLS or is_known_product(noun.text.lower())
    closed = program and at(words, noun.start - 1).startswith("quit") and not year
    somebody = len(noun.words) == 1 and may_be_first_name(noun) and not is_known_firm(noun.head)
    return somebody or is_program(words, noun) or (closed and not _as_employer(words, noun))


def is_program(words: Sequence[Token], noun: Noun) -> bool:
    """Is it a tool that is not called as its makers are, or a network that one has an account with?"""
    return noun.head in TOOLS - TOOL_MAKERS or (noun.head in _NETWORKS and not _as_employer(words, noun))


def _as_employer(words: Sequence[Token], noun: Noun) -> bool:
    """As in "joined Facebook as an engineer", "left Facebook for Google": does a role or another firm tell?"""
    other = read_noun(words, noun.stop + 1) if at(words, noun.stop) in {"as", "for"} else None
    if other is None:
        return False
    if at(words, noun.stop) == "as":
        return is_role(other)
    return is_known_firm(other.text.lower()) and other.head not in _NETWORKS


def _year(words: Sequence[Token], i: int) -> bool:
    when = words[i].when if i < len(words) else None
    unit = None if when is None else when.unit(forward=False)
    long = unit is not None and (unit.after - unit.first).days > _MONTH
    return long or (unit is not None and str(unit.first.year) in words[i].text)  # "in May 2020"
