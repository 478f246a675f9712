"""A denial of a part only: "I don't always drink coffee", "don't work at Acme on Fridays", "don't own it yet"."""

from __future__ import annotations

from collections.abc import Sequence

from triplemem.extract.grammar.phrases import at
from triplemem.extract.grammar.tokens import PUNCT, TIME, WORD, Token
from triplemem.extract.grammar.verbs import Verb
from triplemem.extract.grammar.words import CONJUNCTIONS, PRONOUNS, STOPS

_MOSTLY = frozenset("usually often mostly generally normally typically sometimes occasionally rarely".split())
_PARTLY = _MOSTLY | frozenset("always just only necessarily every".split())
"""Behind a "not" these leave the rest as it was."""
_HEDGES = _PARTLY | frozenset(
    "exactly entirely fully completely strictly technically simply merely much well fluently daily full-time "
    "part-time".split()
)
"""These too, but "I don't like it much" is dislike."""
_UNLESS = frozenset("really quite alone here without except outside unless when while".split())
"""These too, but one stops altogether "when the baby came", and uses it "here" no longer."""
_TIED = frozenset("on in at after before during for".split())
_OCCASIONS = frozenset(
    """home work night nights weekend weekends weekday weekdays evening evenings morning mornings afternoon afternoons
    noon midnight dark lunch dinner breakfast public parties school now while bit mondays tuesdays wednesdays thursdays
    fridays saturdays sundays lent winter summer
    second sec minute moment hour day week fortnight""".split()
)
_BREAKS = frozenset("and but because so".split())
_WEEK = 7
_MEANWHILE = frozenset("during while throughout temporarily briefly".split())
_SEASONS = frozenset(
    """lent ramadan january october pregnancy exam exams season race marathon surgery operation while bit week month
    year summer winter today now day weekend""".split()
)
_BY_NOW = frozenset({"now", "already"})
_LONG = ("year", "decade", "last", "past", "age")
_STAYS = frozenset(
    """day days night nights week weeks weekend fortnight month months summer winter spring autumn semester term season
    while bit""".split()
)
_MORE = frozenset("less fewer better worse faster slower harder differently".split())
_SPAN = 4
"""So many words may say for how long."""


def not_yet(words: Sequence[Token], verb: Verb) -> bool:
    """Does "yet" stand before the clause ends, and not as in "yet I work there"?"""
    for j in range(verb.start, len(words)):
        if words[j].kind == PUNCT or words[j].low in {"but", "because"}:
            return False
        if words[j].low == "yet":
            return j < verb.stop or j + 1 >= len(words) or words[j + 1].kind != WORD or words[j + 1].low in CONJUNCTIONS
    return False


def narrowed(words: Sequence[Token], verb: Verb) -> bool:
    """Is it denied, or said to be over, of some times, places or degrees only?"""
    first = verb.start
    while first < verb.stop and at(words, first) not in {"not", "never"}:
        first += 1
    disliked = verb.lemma == "dislike"  # "don't like"
    if disliked and first == verb.stop:
        return False
    if verb.event and temporary(words, verb.start):
        return True
    plainly = (verb.negated or disliked) and not verb.event
    hedges = _PARTLY if disliked else _HEDGES | _UNLESS if plainly and not verb.ended else _HEDGES
    if any(word.low in _MOSTLY for word in words[verb.start : first]):
        return True
    for i in range(first, len(words)):
        word = words[i]
        if word.kind == PUNCT or (word.low in _BREAKS and i >= verb.stop):
            return False
        if word.kind == TIME:
            if plainly and (_passing(word) or (_in_all(word) and not verb.perfect)):
                return True
        elif (
            word.low in hedges
            or (not disliked and _compared(words, i, verb))
            or (word.low in _TIED and i >= verb.stop and _occasion(words, i + 1))
        ):
            return True
    return False


def _compared(words: Sequence[Token], i: int, verb: Verb) -> bool:
    """As in "any less", "any better", "any more than you do", "like Tom does", "the way I used to"."""
    low, after = at(words, i), at(words, i + 1)
    if low == "any":
        return after in _MORE or at(words, i + 2) == "than"
    return i > verb.stop and ((low == "like" and at(words, i - 1) not in PRONOUNS) or (low == "the" and after == "way"))


def temporary(words: Sequence[Token], i: int) -> bool:
    """Does what follows from ``i`` on say that it was for some time: "for a week", "until June", "while pregnant"?"""
    for j in range(i, len(words)):
        word = words[j]
        if word.kind == TIME:
            relation = "at" if word.when is None else word.when.relation
            if relation in {"lasting", "until", "span"} or word.text.lower().startswith(("over ", "during ")):
                return True
        elif word.kind == PUNCT or word.low in _BREAKS:
            return False
        elif word.low in _MEANWHILE or (word.low == "for" and _for_a_season(words, j + 1)):
            return True
    return False


def for_a_time(words: Sequence[Token], verb: Verb, beside: Sequence[Token]) -> bool:
    """Is it to last some days, weeks or months: "I live in Naples for a month every summer", "moved for the summer"?"""
    if any(_in_all(token) for token in beside) and not any(word.low in _BY_NOW for word in words):
        return True
    for j in range(verb.stop, len(words)):
        if words[j].kind == PUNCT or words[j].low in _BREAKS | _BY_NOW:
            return False
        if _in_all(words[j]) and at(words, j + 1) not in _BY_NOW:
            return True
        if words[j].low == "for" and words[j].kind == WORD and _for_some_days(words, j + 1):
            return True
    return False


def _in_all(token: Token) -> bool:
    """As in "for a week", but not "for two years", which many say of what goes on."""
    said = token.text.lower()
    short = token.kind == TIME and token.when is not None and token.when.relation == "lasting"
    return short and said.startswith("for ") and not any(part in said for part in _LONG)


def _for_some_days(words: Sequence[Token], i: int) -> bool:
    """As in "for the summer", "for the next two weeks", but not "for a summer camp"."""
    for j in range(i, min(i + _SPAN, len(words))):
        if words[j].kind == PUNCT or words[j].low in {"my", "our", "last", "past"}:
            return False
        if words[j].low in _STAYS and not words[j].capital:
            return j + 1 >= len(words) or words[j + 1].kind != WORD or words[j + 1].low in STOPS - _BY_NOW
    return False


def _for_a_season(words: Sequence[Token], i: int) -> bool:
    """As in "for Lent", "for my exams"."""
    return any(at(words, j) in _SEASONS for j in range(i, i + 3))


def _occasion(words: Sequence[Token], i: int) -> bool:
    i += at(words, i) in {"the", "a", "my"}
    return at(words, i) in _OCCASIONS and at(words, i + 1) not in {"of", "for"}


def _passing(token: Token) -> bool:
    """As in "today", "this week"."""
    unit = None if token.when is None or token.when.relation != "at" else token.when.unit(forward=False)
    return unit is not None and (unit.after - unit.first).days <= _WEEK
