"""What may stand before or beside a subject, or in its place: phrases in front, asides, fragments without a subject."""

from __future__ import annotations

from collections.abc import Sequence

from triplemem.extract.grammar.gates import FICTION
from triplemem.extract.grammar.gazetteer import is_known_firm, is_known_place
from triplemem.extract.grammar.inflection import FORMS
from triplemem.extract.grammar.names import is_name
from triplemem.extract.grammar.nouns import DIETS, EMPLOYMENT, MARITAL, TIES
from triplemem.extract.grammar.phrases import Noun, at, is_word, read_noun, read_nouns
from triplemem.extract.grammar.tokens import PUNCT, TIME, WORD, Token
from triplemem.extract.grammar.verbs import Verb, any_more, read_verb
from triplemem.extract.grammar.words import AFTER_NOUN, ARTICLES, AUXILIARIES, PREPOSITIONS, STOPS, is_adverb

_IN_FRONT = frozenset("for on at after before since during because due thanks every each".split())
_OF_TWO = {"because": "of", "due": "to", "thanks": "to"}
_NOT_HERE = FICTION | frozenset("sake moment purpose purposes argument time condition reason".split())
_NOT_NOW = frozenset("previous old former last first next new future dream".split())
_WHERE = frozenset("lab office clinic hospital shop school gym studio restaurant bakery farm weekend weekends".split())
_DAYS = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays saturdays
    sundays day week month year morning afternoon evening night weekend weekends weekdays summer winter spring autumn
    fall""".split()
)
_BREAKS = frozenset({"and", "but", "so", "because"})
_SUBJECTS = frozenset({"i", "we", "he", "she"})
_DOING = frozenset({"read", "learn", "work", "live", "stay", "study", "teach", "volunteer"})
_LASTING = frozenset({"use", "play", "date", "drive", "run", "drink", "eat"})
"""What one has been at for long, or is at no longer, too."""
_STILL = frozenset("still now currently finally newly recently happily officially".split())
_ENDS = frozenset({".", "!", ";", "…"})
_GOES_ON = frozenset("i raised bred grew and but now living moved based".split())
_ASIDES = frozenset("bless of by as too though however thankfully luckily fortunately incidentally not".split())
_DENIALS = frozenset("never hardly barely rarely no none neither if unless".split())
_UNDATED = frozenset("after before since during because due thanks".split())
_NO_PHRASE = frozenset("i we he she they it you that who which where when if and but so to".split())
"""What stands in no phrase in front, but in a clause."""
_PHRASE = 9
"""A phrase in front of a name has at most so many words."""
_ASIDE = 5
"""An aside between commas has at most so many words."""


def fronted(words: Sequence[Token], i: int, *, opened: bool = False) -> int:
    """Behind a phrase in front of its clause: "For infrastructure we use Terraform"; ``i`` if none stands there.

    It may stand behind words that were ``opened``: "Turns out after ten years Bob left Acme".
    """
    start = i if at(words, i) in _IN_FRONT else i - 1  # "since" may have been taken for what opens a sentence
    low = at(words, start)
    if low not in _IN_FRONT or (
        start > 0 and words[start - 1].kind == WORD and at(words, start - 1) not in _BREAKS and not opened
    ):
        return i
    first = start + (low not in {"every", "each"})
    if low in _OF_TWO:
        if at(words, first) != _OF_TWO[low]:
            return i
        first += 1
    named = before_a_name(words, first) if low in _UNDATED else 0
    if named:
        return named
    noun = read_noun(words, first)
    if noun is None or noun.pronoun or noun.quoted:
        return i
    stop = noun.stop
    dated = low == "every" and stop < len(words) and words[stop].kind == TIME  # "every other Saturday"
    if not dated and not _plain(low, noun):
        return i
    if low in {"after", "before", "during"} and at(words, stop) in {"in", "at", "with"}:
        where = read_noun(words, stop + 1, subject=True)  # "After ten years in Oslo I live in Bodø"
        stop = where.stop if where is not None and not where.pronoun else stop
    while stop < len(words) and words[stop].kind == TIME:
        stop += 1
    return stop if at(words, stop) in _SUBJECTS else i


def before_a_name(words: Sequence[Token], first: int) -> int:
    """Where the subject begins in "After thirty years Gustav retired": a name or "my dad" with its verb; else 0."""
    for i in range(first + 1, min(first + _PHRASE, len(words))):
        if words[i - 1].kind == PUNCT or words[i - 1].low in _NO_PHRASE or (words[i - 1].low in AUXILIARIES):
            return 0
        kin = words[i].low in {"my", "our"} and at(words, i + 1) in TIES
        if not kin and not (words[i].capital and is_name(words[i].low) and _closed(words, i - 1)):
            continue
        nouns, stop, sure = read_nouns(words, i, subject=True)
        verb = read_verb(words, stop) if nouns and sure else None
        finite = verb is not None and (verb.past or verb.perfect or verb.form == "s" or at(words, stop) in AUXILIARIES)
        if verb is not None and verb.lemma and finite:
            return i
    return 0


def _closed(words: Sequence[Token], i: int) -> bool:
    """May a phrase end there, rather than a name go on: "after Google Ewa", but not "after Mary Jane"?"""
    low = words[i].low
    return low not in STOPS | ARTICLES and (not words[i].capital or is_known_firm(low) or is_known_place(low))


def _plain(low: str, noun: Noun) -> bool:
    """Does it only say where, when or why: neither a world that is none, nor a noun that the clause belongs to?"""
    mine = noun.owner is not None and noun.owner.pronoun in {"my", "our"}
    if noun.head in _NOT_HERE or noun.words[0].low in _NOT_NOW or noun.of is not None or noun.names:
        return False
    if low in {"every", "each", "on"}:
        return noun.head in _DAYS
    if any(word.capital for word in noun.words):
        return False
    if low == "at":
        return noun.head in _WHERE and noun.det in {"", "the", "my", "our"} and (noun.owner is None or mine)
    if low in {"after", "before", "since", "during"}:
        return noun.owner is None or mine
    return mine or (noun.owner is None and not noun.det)  # "for infrastructure", "because of my wrist"


def since(words: Sequence[Token], i: int, stop: int) -> bool:
    """Does the phrase in front say since when, without a date: "Since the pandemic I have …"?"""
    return "since" in (at(words, i), at(words, i - 1)) and stop > i


def aside(words: Sequence[Token], i: int) -> int:
    """Behind an aside between commas from ``i`` on, if a verb in the present follows: "Rahul, bless him, runs it".

    0 if there is none: before a past tense it may be somebody addressed, and what denies is no aside.
    """
    if at(words, i) not in _ASIDES:
        return 0
    for j in range(i, min(i + _ASIDE + 1, len(words))):
        if at(words, j) == ",":
            verb = read_verb(words, j + 1)
            return j + 1 if verb is not None and (verb.form in {"s", "is", "has", "'s"} or verb.perfect) else 0
        contrast = at(words, i) == "not" and i + 1 < len(words) and words[i + 1].capital  # "Kwame, not Diego, leads"
        if at(words, i) == "not" and not contrast:
            return 0
        if words[j].kind != WORD or at(words, j) in _DENIALS or (words[j].capital and not contrast):
            return 0
    return 0


def doing(words: Sequence[Token], i: int) -> Verb | None:
    """As in "Currently reading Middlemarch": what the speaker is at, if the sentence says no more of it than that."""
    been, over = at(words, i) == "been", at(words, i) == "not" or (at(words, i - 1), at(words, i)) == ("no", "longer")
    j = i + (been or over)
    lemma = next((verb for verb, form in FORMS.get(at(words, j), ()) if form == "ing"), None)
    if lemma not in (_DOING | _LASTING if been or over else _DOING) or not is_word(words, j + 1):
        return None
    noun = read_noun(words, j + 1 + (at(words, j + 1) in PREPOSITIONS))
    if noun is None or noun.pronoun or not _closes(words, noun.stop) or lemma is None:
        return None
    if at(words, i) == "not" and not any_more(words, noun.stop):
        return None
    if been and not (noun.stop < len(words) and words[noun.stop].kind == TIME):
        return None
    return Verb(lemma, i, j + 1, "ing", progressive=True, perfect=been, ended=over)


def being(words: Sequence[Token], i: int) -> Verb | None:
    """As in "Still single", "In Singapore until March": a state of the speaker, the "I am" left out."""
    state = at(words, i) in DIETS | MARITAL | EMPLOYMENT and at(words, i - 1) in _STILL and _closes(words, i + 1)
    over = (at(words, i - 1), at(words, i)) == ("no", "longer") and at(words, i + 1) in DIETS | MARITAL | EMPLOYMENT
    if over and (at(words, i + 2) == "," or _closes(words, i + 2)):
        return Verb("be", i - 1, i + 1, "am", ended=True)
    place = at(words, i) == "in" and is_word(words, i + 1) and words[i + 1].capital
    origin = (at(words, i) == "from" and at(words, i - 1) == "originally") or (at(words, i) == "born" and i == 0)
    if not state and not (place and _ends_with_time(words, i)) and not (origin and _of_me(words, i)):
        return None
    return Verb("be", i, i, "am")


def _of_me(words: Sequence[Token], i: int) -> bool:
    """As in "Born in Quito, raised in Lima", "Originally from Cork": no other subject follows that it is said of."""
    j = i + (at(words, i) == "born")
    j += 2 * (at(words, j) == "and" and at(words, j + 1) in {"raised", "bred"})
    noun = read_noun(words, j + 1) if at(words, j) in {"in", "from"} else None
    if noun is None or not noun.proper or noun.det:
        return False
    stop = noun.stop
    while stop < len(words) and (words[stop].kind == TIME or words[stop].low in AFTER_NOUN):
        stop += 1
    stop += at(words, stop) == ","
    return stop >= len(words) or words[stop].low in _ENDS | _GOES_ON


def _closes(words: Sequence[Token], i: int) -> bool:
    """Does the sentence end there, but for a time or adverbs, or go on with the speaker?"""
    i += 2 * (at(words, i) == "any" and at(words, i + 1) in {"more", "longer"})
    while i < len(words) and (words[i].kind == TIME or is_adverb(words[i].low) or words[i].low in AFTER_NOUN):
        i += 1
    if i >= len(words) or words[i].low in _ENDS:
        return True
    if words[i].low == "," and at(words, i + 1) in {"and", "but", "so", "which"}:
        return True
    if words[i].low == "," and at(words, i + 1) == "before" and at(words, i + 2) == "you":
        return True  # "Still single, before you ask"
    return words[i].low == "and" and (at(words, i + 1) == "i" or at(words, i + 1).endswith("ing"))


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
        and not any(word.low == "," for word in rest)
    )


def is_identifier(token: Token) -> bool:
    """Is it the name of a service, a ticket or a package, as in "billing-api", "OPS-77", "checkout_v2"?"""
    said = token.text
    return token.kind == WORD and any(c.isalpha() for c in said) and ("_" in said or _hyphenated(said))


def _hyphenated(said: str) -> bool:
    first, hyphen, last = said.rpartition("-")
    ticket = last.isdigit() and first.isupper() and len(first) > 1 and first != "COVID"
    return bool(hyphen) and (ticket or (first.lower() not in {"", "self"} and last.lower() in _PARTS))


_PARTS = frozenset(
    """api service app db server client worker gateway proxy cache queue backend frontend web ui cli sdk lib core
    engine bot job jobs store manager scheduler runner consumer producer search auth sync prod
    staging""".split()
)
