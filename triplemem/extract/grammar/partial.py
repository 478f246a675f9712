"""A part only: coffee stopped "in bed" or "after 4pm", tennis "because of the rain"; a game that is only over."""

from __future__ import annotations

from collections.abc import Sequence

from triplemem.extract.grammar.departures import at_the_clock
from triplemem.extract.grammar.phrases import at, read_noun
from triplemem.extract.grammar.tokens import PUNCT, WORD, Token
from triplemem.extract.grammar.verbs import Verb
from triplemem.extract.grammar.words import ARTICLES, POSSESSIVES

_HABITS = frozenset("drink eat use play drive".split())
_PASTIMES = frozenset("play read learn write drive".split())
_SPOTS = {
    "in": frozenset("bed class meetings public restaurants cafes bars car kitchen office bath shower garden".split()),
    "on": frozenset(
        "phone laptop computer tablet ipad iphone desktop mobile mac windows linux tv pc train plane".split()
    ),
    "from": frozenset("phone laptop computer home work".split()),
}
"""Where one does something no longer, and elsewhere goes on."""
_WEATHER = frozenset(
    "rain weather snow storm heat noise wind dark darkness lightning thunder hail call meeting cramp power".split()
)
_OFTEN = frozenset(
    """every daily weekly monthly twice times once often more always constantly only less rarely sometimes occasionally
    seldom weekends""".split()
)
_NOW = frozenset("now nowadays these today".split())
_HOLIDAYS = frozenset(
    """holiday holidays leave vacation break trip weekend christmas easter sabbatical summer strike surgery
    lockdown""".split()
)
_ALONG = frozenset("through into across astray past towards toward out down home up".split())
_TROOPS = frozenset(
    "team group crew squad class band choir troop party side family delegation expedition kids children pack".split()
)
_GOALS = frozenset("victory glory safety success defeat war lunch dinner".split())
_RACES = frozenset("score scores polls vote votes race standings table ranking rankings league".split())
_POINTS = frozenset("point points goal goals vote votes percent length lengths run runs seconds".split())
_DAYS = "monday tuesday wednesday thursday friday saturday sunday weekend weekday".split()
_WEEKDAYS = frozenset(f"{day}s" for day in _DAYS) | frozenset(_DAYS) - {"weekend"} | {"other"}
_BREAKS = frozenset("and but so".split())
_NEAR = 4


def in_part(words: Sequence[Token], verb: Verb) -> bool:
    """Is it said to be over, or denied, in some place, at some hour, with something, or for today only?"""
    if verb.event and (at_the_clock(words, verb.stop) or _over_for_today(words, verb)):
        return True
    for i in range(verb.start, len(words)):
        low = words[i].low
        if i >= verb.stop and (words[i].kind == PUNCT or low in _BREAKS):
            return False
        if low == "alone" and verb.ended:
            return True
        if i <= verb.stop or words[i].kind != WORD:
            continue
        paused = low == "because" and at(words, i + 1) == "of" and verb.lemma in _HABITS | _PASTIMES
        if paused and _among(words, i + 2, _WEATHER):
            return True
        if verb.lemma in _HABITS and (low in {"with", "without"} or _among(words, i + 1, _SPOTS.get(low, frozenset()))):
            return True
    return False


def _among(words: Sequence[Token], i: int, nouns: frozenset[str]) -> bool:
    """Is it one of these nouns, behind an article or an owner?"""
    return at(words, i + (at(words, i) in ARTICLES | POSSESSIVES)) in nouns


def _over_for_today(words: Sequence[Token], verb: Verb) -> bool:
    """As in "After I stopped playing chess I made dinner": a game may have been over."""
    return verb.lemma in _PASTIMES and at(words, verb.start - 2) in {"after", "when", "before", "until", "once"}


def on_the_way(words: Sequence[Token], verb: Verb) -> bool:
    """As in "leads the team to the restaurant", "leads Research by two points", "on Fridays": in charge for once?"""
    noun = read_noun(words, verb.stop)
    if noun is None or verb.lemma != "lead":
        return False
    walks = noun.head in _TROOPS  # a migration is led "to the cloud", and stays so
    for i in range(noun.stop, len(words)):
        low, after = words[i].low, at(words, i + 1)
        if words[i].kind == PUNCT or low in _BREAKS:
            return False
        if (walks and low in _ALONG) or (low == "by" and _counted(words, i + 1)):
            return True
        if low == "to" and (after in _GOALS or (walks and after in ARTICLES | POSSESSIVES)):
            return True
        if low == "in" and _among(words, i + 1, _RACES):
            return True
        if low in {"on", "every"} and after in _WEEKDAYS:
            return True
    return False


def _counted(words: Sequence[Token], i: int) -> bool:
    """As in "two points", "a goal"."""
    return any(at(words, j) in _POINTS for j in range(i, i + _NEAR))


def less_often(words: Sequence[Token], verb: Verb) -> bool:
    """As in "I used to play tennis every day, now it's once a week"?"""
    now = next((i for i in range(verb.stop, len(words)) if words[i].low in _NOW), len(words))
    before, after = ({word.low for word in part} for part in (words[verb.stop : now], words[now:]))
    return not (before.isdisjoint(_OFTEN) or after.isdisjoint(_OFTEN))


def before_a_break(words: Sequence[Token]) -> bool:
    """As in "my last day before the holidays", that one comes back from."""
    return any(
        word.low == "before" and any(at(words, j) in _HOLIDAYS for j in range(i + 1, i + _NEAR))
        for i, word in enumerate(words)
    )
