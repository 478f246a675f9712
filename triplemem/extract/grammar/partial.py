"""An end in part: coffee stopped "in bed" or "after 4pm", tennis "because of the rain"; a game that is only over."""

from __future__ import annotations

from collections.abc import Sequence

from triplemem.extract.grammar.departures import at_the_clock
from triplemem.extract.grammar.phrases import at
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
