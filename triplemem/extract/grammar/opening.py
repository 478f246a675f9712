"""What may stand before or beside a subject, or in its place: phrases in front, asides, fragments without a subject."""

from __future__ import annotations

from collections.abc import Sequence

from triplemem.extract.grammar.gates import FICTION
from triplemem.extract.grammar.inflection import FORMS
from triplemem.extract.grammar.nouns import DIETS, EMPLOYMENT, MARITAL
from triplemem.extract.grammar.phrases import at, is_word, read_noun
from triplemem.extract.grammar.tokens import PUNCT, TIME, WORD, Token
from triplemem.extract.grammar.verbs import Verb, read_verb
from triplemem.extract.grammar.words import AUXILIARIES

_IN_FRONT = frozenset(
    """for on at in after before since during because due thanks with without under over besides despite outside from
    within between through throughout around by instead apart every each most""".split()
)
_OF_TWO = {"because": "of", "due": "to", "thanks": "to", "instead": "of", "apart": "from"}
_NOT_HERE = FICTION | frozenset("theory dream dreams mind case eyes opinion view order addition".split())
_SUBJECTS = frozenset({"i", "we", "he", "she"})
_DOING = frozenset({"read", "learn", "work", "live", "stay", "study", "teach", "volunteer"})
_STILL = frozenset("still now currently finally newly recently happily officially".split())
_BREAKS = frozenset({"and", "but", "so", "because"})
_ASIDE = 5
"""An aside between commas has at most so many words."""


def fronted(words: Sequence[Token], i: int) -> int:
    """Behind a phrase in front of its clause: "For infrastructure we use Terraform"; ``i`` if none stands there."""
    start = i if at(words, i) in _IN_FRONT else i - 1  # "since" may have been taken for what opens a sentence
    low = at(words, start)
    if low not in _IN_FRONT or (start > 0 and words[start - 1].kind == WORD and at(words, start - 1) not in _BREAKS):
        return i
    first = start + (low not in {"every", "each"})
    if low in _OF_TWO:
        if at(words, first) != _OF_TWO[low]:
            return i
        first += 1
    noun = read_noun(words, first)
    if noun is None or noun.pronoun or noun.head in _NOT_HERE:
        return i
    stop = noun.stop
    while stop < len(words) and words[stop].kind == TIME:
        stop += 1
    return stop if at(words, stop) in _SUBJECTS else i


def since(words: Sequence[Token], i: int, stop: int) -> bool:
    """Does the phrase in front say since when, without a date: "Since the pandemic I have …"?"""
    return "since" in (at(words, i), at(words, i - 1)) and stop > i


def aside(words: Sequence[Token], i: int) -> int:
    """Behind an aside between commas from ``i`` on, if a verb follows: "Rahul, bless him, has run it"; else 0."""
    for j in range(i, min(i + _ASIDE + 1, len(words))):
        if at(words, j) == ",":
            return j + 1 if j > i and read_verb(words, j + 1) is not None else 0
        if at(words, i) == "not" and j > i and words[j].kind == WORD:
            continue  # "Kwame, not Diego, leads"
        if words[j].capital or words[j].kind != WORD or at(words, j) in {"and", "or", "who", "which", "whose"}:
            return 0
    return 0


def doing(words: Sequence[Token], i: int) -> Verb | None:
    """As in "Currently reading Middlemarch": what the speaker is at; None where "Reading it is a joy" may go on."""
    lemma = next((verb for verb, form in FORMS.get(at(words, i), ()) if form == "ing"), None)
    if lemma not in _DOING or not is_word(words, i + 1):
        return None
    for word in words[i + 1 :]:
        if word.kind == PUNCT or word.low in _BREAKS:
            break
        if word.low in AUXILIARIES or any(form == "s" for _, form in FORMS.get(word.low, ())):
            return None
    return Verb(lemma, i, i + 1, "ing", progressive=True)


def being(words: Sequence[Token], i: int) -> Verb | None:
    """As in "Still single", "In Singapore until March": a state of the speaker, the "I am" left out."""
    state = at(words, i) in DIETS | MARITAL | EMPLOYMENT and at(words, i - 1) in _STILL
    place = at(words, i) == "in" and is_word(words, i + 1) and words[i + 1].capital
    if not state and not (place and _ends_with_time(words, i)):
        return None
    return Verb("be", i, i, "am")


def _ends_with_time(words: Sequence[Token], i: int) -> bool:
    """Is it a place, a time until or during which, and no more but a phrase?"""
    noun = read_noun(words, i + 1)
    if noun is None or noun.stop >= len(words) or words[noun.stop].kind != TIME:
        return False
    when = words[noun.stop].when
    rest = words[noun.stop + 1 :]
    return (
        when is not None
        and when.relation in {"until", "span"}
        and not any(word.low in AUXILIARIES or word.low in _SUBJECTS or word.low in FORMS for word in rest)
    )


def is_identifier(token: Token) -> bool:
    """Is it the name of a service, a ticket or a package, as in "billing-api", "OPS-77", "checkout_v2"?"""
    said = token.text
    return token.kind == WORD and any(c.isalpha() for c in said) and ("_" in said or _hyphenated(said))


def _hyphenated(said: str) -> bool:
    first, hyphen, last = said.rpartition("-")
    return bool(hyphen) and bool(first) and (last.isdigit() or last.lower() in _PARTS)


_PARTS = frozenset(
    """api service app db server client worker gateway proxy cache queue backend frontend web ui cli sdk lib core
    engine bot job jobs store db-proxy manager scheduler runner consumer producer search auth sync prod
    staging""".split()
)
