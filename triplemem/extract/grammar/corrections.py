"""Taking back: "sorry, I meant Statkraft, not Equinor", "I misspoke, Bob does not lead ML"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from triplemem.core.text import fold
from triplemem.extract.grammar import anymore
from triplemem.extract.grammar.inflection import FORMS
from triplemem.extract.grammar.memory import Reading
from triplemem.extract.grammar.phrases import Noun, at, read_noun
from triplemem.extract.grammar.tokens import Token
from triplemem.extract.grammar.verbs import read_verb
from triplemem.types import Fact

_MEANT = (
    ("i", "meant", "to", "say"), ("i", "meant"), ("i", "mean"), ("make", "that"), ("that", "should", "be"),
    ("that", "should", "have", "been"),
    ("should", "be"), ("it", "should", "be"), ("it", "should", "have", "been"), ("correction", ":"),
    ("correction", ","), ("it", "'s"), ("that", "'s"),
    ("it", "is"), ("it", "was"), ("it", "'s", "actually"), ("it", "is", "actually"), ("not",),
)  # fmt: skip
_MEANT_FIRST = frozenset(phrase[0] for phrase in _MEANT)
_PLACED = frozenset("in at to with on for by".split())
_LEADING = frozenset(
    "sorry oops whoops ah oh no wait actually and well hmm correction my bad mistake typo i misspoke".split()
)


def read_correction(reading: Reading, words: Sequence[Token]) -> bool:
    """If the sentence says what was meant instead of what, correct that; whether it did."""
    i = 0
    while i < len(words) and (
        (words[i].low in _LEADING and not (words[i].low == "i" and at(words, i + 1) != "misspoke"))
        or words[i].low in {",", ".", ":", "-", "–", "—", "…", "!"}
    ):
        i += 1
    if at(words, i) not in _MEANT_FIRST:
        return False
    marked = i > 0
    for phrase in _MEANT:
        if all(at(words, i + n) == word for n, word in enumerate(phrase)):
            i += len(phrase)
            break
    else:
        return False
    if anymore.mark(words)[0] < len(words):
        return phrase == ("not",) and _is_over(reading, words, i)
    new, old = _pair(words, i, negative=phrase == ("not",))
    if old is None or new is None:
        return marked and phrase[:2] == ("i", "meant") and new is not None and _last_said(reading, new, words)
    quote = words[0].start, words[max(new.stop, old.stop) - 1].end
    return _instead(reading, new.text, old.text, quote)


def _is_over(reading: Reading, words: Sequence[Token], i: int) -> bool:
    """As in "Not vegan any more": it was so up to now. "Not working at Acme any more" is read as a sentence."""
    if any(form == "ing" for _, form in FORMS.get(at(words, i), ())):
        return False
    anymore.read_over(reading, words, i)
    return not any(read_verb(words, n) for n in range(anymore.mark(words)[1], len(words)))  # "…, I moved to York"


def _pair(words: Sequence[Token], i: int, *, negative: bool) -> tuple[Noun | None, Noun | None]:
    """As in "B, not A", "B instead of A"; or, after a "not", "A, but B"."""
    first = read_noun(words, i + (at(words, i) in _PLACED), short=False)
    if first is None or first.pronoun:
        return None, None
    j = first.stop + (at(words, first.stop) == ",")
    if negative:
        j += at(words, j) in {"but"}
        second = read_noun(words, j)
        return (second, first) if second is not None and second.words else (None, None)
    if at(words, j) in {"not"} or (at(words, j) == "instead" and at(words, j + 1) == "of") or at(words, j) == "rather":
        j += 1 + (at(words, j) in {"instead", "rather"})
        j += at(words, j) in _PLACED
        second = read_noun(words, j)
        return first, second if second is not None and second.words else None
    return (first, None) if j >= len(words) or at(words, j) in {".", "!"} else (None, None)


def _instead(reading: Reading, new: str, old: str, quote: tuple[int, int]) -> bool:
    """The same fact with another object: of this message, else of what is known."""
    for n, claim in enumerate(reading.claims):
        if fold(claim.triplet.object) == fold(old):
            said = reading.text[quote[0] : quote[1]]
            reading.claims[n] = replace(claim, triplet=replace(claim.triplet, object=new, quote=said))
            return True
    facts = [fact for fact in reading.known.with_object(old) if fold(fact.subject.name) != fold(new)]
    if not 1 <= len(facts) <= 3:
        return bool(facts)
    for fact in facts:
        _correct(reading, fact, new, quote)
    return True


def _correct(reading: Reading, fact: Fact, new: str, quote: tuple[int, int]) -> None:
    reading.say(fact.subject.name, fact.predicate, new, quote, corrects=(fact.id,), kinds=(fact.subject.kind, None))


def _last_said(reading: Reading, new: Noun, words: Sequence[Token]) -> bool:
    """Without the old name: it can only be the last claim of this message."""
    if not reading.claims or not new.proper:
        return False
    last = reading.claims[-1]
    said = reading.text[words[0].start : words[new.stop - 1].end]
    reading.claims[-1] = replace(last, triplet=replace(last.triplet, object=new.text, quote=said))
    return True


def read_contrast(reading: Reading, words: Sequence[Token], before: int) -> None:
    """As in "No, Ida works at Statkraft, not Equinor": what is known of Equinor was wrong."""
    if words[0].low not in _LEADING or at(words, 1) not in {",", ":", "!", ".", "-", "–", "—", "no", "sorry"}:
        return
    if anymore.mark(words)[0] < len(words):
        return  # "not Equinor any more" was so before
    for i, word in enumerate(words):
        if word.low != "not":
            continue
        old = read_noun(words, i + 1 + (at(words, i + 1) in _PLACED))
        for n in range(before, len(reading.claims)) if old is not None and old.words else ():
            triplet = reading.claims[n].triplet
            fact = reading.known.find(triplet.subject, triplet.predicate, old.text) if old is not None else None
            if fact is not None and fold(fact.object.name) != fold(triplet.object):
                reading.claims[n] = replace(reading.claims[n], corrects=(fact.id,))


def read_misspoken(reading: Reading, words: Sequence[Token], before: int) -> None:
    """As in "I misspoke: Bob does not lead ML" is no end: it never was so."""
    lows = [word.low for word in words]
    if "misspoke" not in lows and "mistaken" not in lows:
        return
    for end in reading.ends[before:]:
        fact = next(fact for fact in reading.known.facts if fact.id == end.fact_id)
        reading.retract(
            fact, (reading.text.find(end.quote or ""), reading.text.find(end.quote or "") + len(end.quote or ""))
        )
    del reading.ends[before:]
