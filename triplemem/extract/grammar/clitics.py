"""What an apostrophe and an "s" say: "Tom's dog" is his, "Tom's left Google" has, "Tom's vegan" is."""

from __future__ import annotations

from collections.abc import Sequence

from triplemem.extract.grammar.frames import FRAMES
from triplemem.extract.grammar.inflection import FORMS
from triplemem.extract.grammar.nouns import DIETS, EMPLOYMENT, MARITAL, OFFICES
from triplemem.extract.grammar.tokens import TIME, WORD, Token
from triplemem.extract.grammar.words import ARTICLES, CONJUNCTIONS, COUNTS, POSSESSIVES, PREPOSITIONS, STOPS

_CALLED = frozenset({"named", "called", "got", "been"})
_STATES = DIETS | MARITAL | EMPLOYMENT | frozenset("allergic afraid scared terrified interested fluent keen".split())
_NOUNS_TOO = frozenset({"split", "run", "read", "let", "come"})
_WED = frozenset({"married", "engaged", "divorced", "separated"})


def owns(words: Sequence[Token], i: int, *, subject: bool) -> bool:
    """After "'s": is what stands at word ``i`` owned, rather than what somebody is or has done?"""
    if i >= len(words) or words[i].kind != WORD:
        return False
    low = words[i].low
    if low in STOPS or low in ARTICLES or low in _CALLED or low.endswith("ing"):
        return False
    return not (subject and (_is_done(words, i) or _is_so(words, i)))


def is_wed(words: Sequence[Token], i: int) -> bool:
    """Is it "married" as somebody is, rather than as somebody has done: not in "she's married Tom"?"""
    return i < len(words) and words[i].low in _WED and _goes_on(words, i + 1)


def _is_done(words: Sequence[Token], i: int) -> bool:
    """As in "Tom's left Google", "Ewa's moved to Lodz", but not "Tom's left hand"."""
    if words[i].capital or all(form != "part" for _, form in FORMS.get(words[i].low, ())):
        return False
    after = words[i + 1] if i + 1 < len(words) else None
    if after is not None and after.low in PREPOSITIONS - {"by"} and words[i].low in _NOUNS_TOO:
        return False  # "Tom's split from Eva was hard"
    gerund = after is not None and any(form == "ing" for _, form in FORMS.get(after.low, ()))
    named = after is not None and (after.capital or after.low in ARTICLES | POSSESSIVES | COUNTS | DIETS | {"her"})
    return gerund or named or _goes_on(words, i + 1)


def _is_so(words: Sequence[Token], i: int) -> bool:
    """As in "Ewa's vegan", "Ewa's allergic to nuts", "Ewa's 30", "Ewa's head of ML"."""
    if words[i].low in OFFICES and i + 1 < len(words) and words[i + 1].low == "of":
        stop = next((j for j in range(i + 2, len(words)) if _goes_on(words, j)), len(words))
        return not any(form in {"s", "past"} for word in words[i + 2 : stop] for _, form in FORMS.get(word.low, ()))
    return (words[i].low in _STATES or words[i].low.isdigit()) and _goes_on(words, i + 1)


def is_passive(words: Sequence[Token], i: int) -> bool:
    """Is what stands behind "'s" done to its subject: "the app's written in Rust", "Tom's employed by Acme"?"""
    lemma = next((verb for verb, form in FORMS.get(words[i].low, ()) if form == "part"), "") if i < len(words) else ""
    slot = words[i + 1].low if i + 1 < len(words) else ""
    frames = FRAMES.get(lemma, {}).get(slot, [])
    return bool(frames) and all("passive" in frame.flags for frame in frames)


def _goes_on(words: Sequence[Token], i: int) -> bool:
    """Does no noun follow?"""
    if i >= len(words) or words[i].kind != WORD:
        return i >= len(words) or words[i].kind == TIME or words[i].text in ".,!;:…–—-)"
    return words[i].low in PREPOSITIONS | CONJUNCTIONS | STOPS - POSSESSIVES and not words[i].capital
