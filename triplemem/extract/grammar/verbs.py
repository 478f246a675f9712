"""The verb group: which verb, in which tense, and whether it asserts anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from triplemem.extract.grammar.clitics import is_passive, is_wed
from triplemem.extract.grammar.inflection import BE, DO, FORMS, HAVE
from triplemem.extract.grammar.tokens import PUNCT, TIME, WORD, Token
from triplemem.extract.grammar.words import MODALS, is_adverb

_LIMIT = 12
_RECEIVED = frozenset(
    "promote hire fire lay let diagnose appoint elect name make assign replace sack dismiss expel kick throw".split()
)
_STATES = frozenset("based located born headquartered".split())
"""Participles before which "'s" is "is"."""
_DONE = frozenset(
    """sell leave quit give resign move cancel drop step retire buy adopt marry join divorce switch relocate stop let
    break""".split()
)
"""What was done, if one "had to" do it, "managed to" or "ended up" doing it."""
_ADJECTIVES = frozenset("married engaged divorced separated retired finished done".split())
"""Participles that say what somebody is, rather than what was done to them."""


@dataclass(slots=True)
class Verb:
    """A verb group as it stands; ``lemma`` is "be" for a copula, "" if the verb is not one that we know."""

    lemma: str
    start: int
    stop: int
    form: str = "base"
    negated: bool = False
    ended: bool = False
    modal: bool = False
    able: bool = False
    future: bool = False
    perfect: bool = False
    progressive: bool = False
    passive: bool = False
    past: bool = False
    begun: bool = False
    now: bool = False
    formerly: bool = False
    event: bool = False

    @property
    def asserts(self) -> bool:
        """Is it said to be so, or to have been so?"""
        return not (self.negated or self.modal)


def read_verb(words: Sequence[Token], i: int) -> Verb | None:
    """The verb group that begins at word ``i``."""
    verb = Verb("", i, i)
    start = i
    while i < len(words) and i - start < _LIMIT:
        token = words[i]
        if token.kind != WORD:
            if token.kind == TIME and i + 1 < len(words) and i > start:
                return None
            return None
        low = token.low
        following = words[i + 1].low if i + 1 < len(words) else ""
        if low == "no" and following == "longer":
            verb.ended = True
            i += 2
        elif low == "not" or low == "never":
            verb.negated = True
            i += 1
        elif is_adverb(low):
            _adverb(verb, low)
            i += 1
        elif low in MODALS or low == "'d":
            verb.modal, verb.able = True, low in {"can", "could"}
            i += 1
        elif low in {"will", "shall"}:
            verb.future = True
            i += 1
        elif low == "used" and following == "to":
            if (
                i + 2 < len(words)
                and words[i + 2].kind == WORD
                and (words[i + 2].low in {"be", "have"} or _form(words[i + 2].low, "base"))
            ):
                verb.ended = verb.past = True
                verb.modal = verb.modal or verb.negated  # "I never used to drink coffee"
                i += 2
                continue
            return None
        elif low == "had" and following == "to" and not verb.modal and _done(words, i + 2, "base"):
            verb.past, i = not verb.perfect, i + 2  # who had to sell it has sold it
        elif low in DO and _leads_on(words, i, {"base"}):
            verb.past = verb.past or low == "did"
            i += 1
        elif _has(words, i, following):
            verb.perfect = True
            i += 1
        elif low in BE or low == "'s":
            step = _after_be(words, i, verb)
            if step is None:
                verb.lemma, verb.form, verb.stop = "be", low, max(_skip(words, i + 1), i + 1)
                verb.past = verb.past or low in {"was", "were"}
                return verb
            i = step
            if verb.lemma:
                return verb
        else:
            return _main(words, i, verb)
    return None


def _brought_about(words: Sequence[Token], i: int, lemma: str) -> str:
    """What one "managed to" do or "ended up" doing, if it is one of those verbs; else nothing."""
    joint, form = ("to", "base") if lemma == "manage" else ("up", "ing")
    return _done(words, i + 1, form) if i < len(words) and words[i].low == joint else ""


def _done(words: Sequence[Token], i: int, form: str) -> str:
    """The verb whose form stands there, if it is one of those that were done; else nothing."""
    lemma = _form(words[i].low, form) if i < len(words) else None
    return lemma if lemma in _DONE else ""


def any_more(words: Sequence[Token], i: int) -> bool:
    """Does "anymore" or "any more" stand before the clause ends?"""
    for j in range(i, min(i + 14, len(words))):
        low, after = words[j].low, words[j + 2].low if j + 2 < len(words) else ""
        if low == "anymore" or (low == "any" and words[j + 1 : j + 2] and words[j + 1].low in {"more", "longer"}):
            return after != "than"
        if words[j].kind == PUNCT or low in {"but", "because"}:
            return False
    return False


def _adverb(verb: Verb, low: str) -> None:
    if low in {"now", "currently", "presently", "nowadays"}:
        verb.now = True
    elif low in {"formerly", "previously", "once"}:
        verb.formerly = True
    elif low in {"hardly", "barely", "rarely", "seldom", "nearly", "almost"}:
        verb.negated = verb.modal = True  # neither that it is so nor that it is not


def _skip(words: Sequence[Token], i: int) -> int:
    """The next word that is no adverb and no "not"."""
    stop = min(len(words), i + 5)
    while i < stop and (is_adverb(words[i].low) or words[i].low in {"not", "never"}):
        i += 1
    if i + 1 < len(words) and words[i].low == "no" and words[i + 1].low == "longer":
        i += 2
    return i


def _form(low: str, form: str) -> str | None:
    """The lemma of which this word is that form."""
    return next((lemma for lemma, has in FORMS.get(low, ()) if has == form), None)


def _leads_on(words: Sequence[Token], i: int, forms: set[str], also: frozenset[str] | set[str] = frozenset()) -> bool:
    """Is the word at ``i`` an auxiliary: does a verb in one of these forms follow?"""
    j = _skip(words, i + 1)
    if j >= len(words) or words[j].kind != WORD:
        return False
    low = words[j].low
    if low in also or (low in DO | HAVE | {"be"} and "base" in forms):
        return True
    return any(form in forms for _, form in FORMS.get(low, ())) or (low == "used" and "base" in forms)


def _has(words: Sequence[Token], i: int, following: str) -> bool:
    """Is it the "have" of a perfect? "'s" may be: not in "my mum's called Deirdre"."""
    low = words[i].low
    told = following in {"called", "named"} and i + 2 < len(words) and words[i + 2].capital
    told = told and (i + 3 >= len(words) or words[i + 3].kind != WORD or words[i + 3].low in {"and", "but"})
    j = _skip(words, i + 1)
    told = told or (low == "'s" and (is_wed(words, j) or is_passive(words, j)))  # "she's no longer married to Karim"
    may = low in HAVE or (low == "'s" and not told and following not in _STATES)
    return may and _leads_on(words, i, {"part"}, also={"been", "had", "got"})


def _after_be(words: Sequence[Token], i: int, verb: Verb) -> int | None:
    """Where the verb after "be" stands: None if "be" is the verb itself. A passive or progressive is read whole."""
    verb.past = verb.past or words[i].low in {"was", "were"}
    j = _skip(words, i + 1)
    if j >= len(words) or words[j].kind != WORD:
        return None
    low = words[j].low
    following = words[j + 1].low if j + 1 < len(words) else ""
    for token in words[i + 1 : j]:
        _adverb(verb, token.low)
        verb.negated = verb.negated or token.low in {"not", "never"}
        verb.ended = verb.ended or token.low == "longer"
    if (
        low == "going"
        and following == "to"
        and j + 2 < len(words)
        and (_form(words[j + 2].low, "base") or words[j + 2].low == "be")
    ):
        verb.future = True
        verb.modal = verb.modal or words[i].low in {"was", "were"}  # it was not to be, or nobody says that it was
        return j + 2
    if low in {
        "about",
        "supposed",
        "meant",
        "set",
        "due",
        "bound",
        "likely",
        "planning",
        "hoping",
        "trying",
        "thinking",
    }:
        if following == "to" or low in {"planning", "hoping", "trying", "thinking"}:
            verb.modal = low not in {"set", "due"}
            verb.future = True
            return j + 2 if following == "to" and j + 2 < len(words) and _form(words[j + 2].low, "base") else None
        return None
    if low == "being":
        return j + 1
    ing = _form(low, "ing")
    if ing and not (words[j].capital and i == 0):
        verb.progressive = True
        verb.lemma, verb.form, verb.stop = ing, "ing", j + 1
        return _catenative(words, verb)
    part = _form(low, "part")
    if part and low not in _ADJECTIVES:
        verb.passive = True
        verb.lemma, verb.form, verb.stop = part, "part", j + 1
        return j + 1
    return None


def _main(words: Sequence[Token], i: int, verb: Verb) -> Verb | None:
    low = words[i].low
    if low in HAVE:
        verb.past = verb.past or (low == "had" and not verb.perfect)
        verb.lemma, verb.form, verb.stop = "have", low, i + 1
        return verb
    if low == "got" and verb.perfect:
        verb.lemma, verb.form, verb.stop, verb.perfect = "have", low, i + 1, False
        return verb
    if low in {"stand", "bear"} and verb.able and verb.negated:
        return Verb("hate", verb.start, i + 1, now=verb.now)
    if low == "like" and verb.negated and not (verb.modal or verb.past or any_more(words, i)):
        return Verb("dislike", verb.start, i + 1, now=verb.now)
    readings = FORMS.get(low)
    if not readings:
        return None
    wanted = ("part",) if verb.perfect else ("base", "s", "past") if i == verb.start or not verb.future else ("base",)
    found = next(((lemma, form) for form in wanted for lemma, has in readings if has == form), None)
    if found is None:
        found = next(((lemma, form) for lemma, form in readings if form == "ing"), None) if verb.perfect else None
        if found is None:
            return None
    verb.lemma, verb.form = found
    if verb.lemma in {"quit", "split", "let"} and not (verb.future or verb.modal or verb.ended or verb.perfect):
        verb.form = "past"
    verb.past = verb.past or (verb.form == "past" and not verb.perfect)
    verb.stop = i + 1
    _catenative(words, verb)
    return verb


def _catenative(words: Sequence[Token], verb: Verb) -> int:
    """As in "stopped playing", "started to learn", "got married": the second verb is what is said."""
    i = verb.stop
    if i < len(words) and words[i].low in {"not", "n't"}:
        verb.negated = True
    if verb.lemma in {"stop", "quit", "cease", "give"} and i < len(words):
        j = i + (words[i].low == "up")
        j += j > i and j < len(words) and words[j].low == "on"  # "gave up on learning Portuguese"
        ing = _form(words[j].low, "ing") if j < len(words) and (verb.lemma != "give" or j > i) else None
        if j < len(words) and words[j].low == "being" and verb.lemma != "give":
            verb.ended, verb.event, verb.lemma, verb.form, verb.stop = True, True, "be", "ing", j + 1
        elif ing:
            verb.ended, verb.event = True, True
            verb.lemma, verb.form, verb.stop = ing, "ing", j + 1
    elif verb.lemma == "get" and i < len(words):
        part = _form(words[i].low, "part")
        if part and words[i].low not in _ADJECTIVES and part in _RECEIVED:
            verb.lemma, verb.form, verb.stop, verb.passive = part, "part", i + 1, True
    elif verb.lemma in {"manage", "end"} and (done := _brought_about(words, i, verb.lemma)):
        verb.lemma, verb.stop = done, i + 2
    elif verb.lemma in {"start", "begin"} and i < len(words):
        j = i + (words[i].low == "to")
        again = _form(words[j].low, "base" if j > i else "ing") if j < len(words) else None
        if again:
            verb.begun = True
            verb.lemma, verb.form, verb.stop = again, "ing", j + 1
    return verb.stop
