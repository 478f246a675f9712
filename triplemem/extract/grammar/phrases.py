"""Noun phrases: a name, "my brother Theo", "Ann's boss", "the head of ML", "peanuts and shellfish".

Read from left to right, each of bounded length; nothing here knows what the words refer to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from triplemem.extract.grammar.clitics import owns
from triplemem.extract.grammar.gazetteer import is_plain_firm
from triplemem.extract.grammar.inflection import FORMS
from triplemem.extract.grammar.nouns import PETS, PLURALS, PROJECTS, ROLES, TIES
from triplemem.extract.grammar.tokens import QUOTED, TIME, WORD, Token
from triplemem.extract.grammar.words import (
    ARTICLES,
    AUXILIARIES,
    COMMON,
    CONJUNCTIONS,
    COUNTS,
    LY_NOUNS,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUNS,
    STOPS,
)

MAX_WORDS = 8
_NOBODY = frozenset("neither none nothing nobody no-one noone thank thanks".split())
MAX_ITEMS = 24
_PARTICLES = frozenset("of de van von der den la le du da di bin al el y the".split())
_NAMED = frozenset("named called".split())
_TITLES = frozenset("dr mr mrs ms prof st sir".split())
_COMPANY = frozenset("inc corp ltd llc gmbh co".split())
_INSTITUTIONS = frozenset(
    "hospital school college church cathedral university bakery café cafe diner bar pub restaurant deli bookshop "
    "books pizza hall academy park square gym".split()
)
_DATED = frozenset("deadline date launch release".split())
_MINE = {"mine": "my", "ours": "our", "his": "his", "hers": "her", "theirs": "their"}
_KIN = frozenset("mum mom mam mummy mommy dad daddy grandma grandpa".split())
_HOURS = frozenset("part-time full-time online daily weekly nearby".split())
_TOLD = frozenset("name nickname email birthday hometown job address".split())
_DOING = frozenset("sing dance swim run read write paint cook draw hike ski bake knit sew climb".split())
_HEADS = (
    TIES.keys()
    | PLURALS.keys()
    | PETS
    | ROLES
    | PROJECTS
    | frozenset(
        "company startup start-up city town village language programming framework book novel band called".split()
    )
)


@dataclass(slots=True)
class Noun:
    """One noun phrase. ``words`` is its core without the determiner; ``names`` are the names given to it."""

    start: int
    stop: int
    words: list[Token] = field(default_factory=list)
    det: str = ""
    owner: Noun | None = None
    of: Noun | None = None
    names: list[Noun] = field(default_factory=list)
    pronoun: str = ""
    quoted: bool = False
    named: bool = False

    @property
    def head(self) -> str:
        """Its last word, in lower case."""
        return self.words[-1].low if self.words else self.pronoun

    @property
    def proper(self) -> bool:
        """Is it a name?"""
        return self.named and bool(self.words) and not self.owner

    @property
    def text(self) -> str:
        """Its core as written; what is new today is no part of a name."""
        return spelt(self.words[len(self.words) > 1 and self.words[0].text == "new" :])

    @property
    def lows(self) -> list[str]:
        """Its core in lower case."""
        return [word.low for word in self.words]


def spelt(words: Sequence[Token]) -> str:
    """The words as a name: one space between two, none before a clitic or an apostrophe."""
    parts: list[str] = []
    for n, word in enumerate(words):
        glued = n > 0 and word.start == words[n - 1].end
        parts.append(word.text if n == 0 or glued else " " + word.text)
    said = "".join(parts)
    return said.rstrip(".") if words and words[-1].low in _COMPANY else said


def at(words: Sequence[Token], i: int) -> str:
    """The word at ``i`` in lower case, or nothing."""
    return words[i].low if 0 <= i < len(words) else ""


def is_word(words: Sequence[Token], i: int) -> bool:
    """Does a plain word stand there?"""
    return 0 <= i < len(words) and words[i].kind == WORD


def read_noun(words: Sequence[Token], i: int, *, subject: bool = False, short: bool = False) -> Noun | None:
    """The noun phrase that begins at word ``i``; a ``subject`` ends before a verb, ``short`` takes a name only."""
    if i >= len(words) or (words[i].low in _NOBODY and not (words[i].capital and i > 0)):
        return None
    if words[i].kind == QUOTED:
        return Noun(i, i + 1, [words[i]], quoted=True)
    noun = _pronoun(words, i)
    if noun is not None:
        return noun
    noun = _core(words, i, subject=subject, short=short)
    for _ in range(3):
        if noun is None or at(words, noun.stop) != "'s":
            break
        _split_name(words, noun)
        if noun.head in _TOLD and noun.owner is not None and noun.owner.pronoun:
            break  # "my name's Ann"
        if not owns(words, noun.stop + 1, subject=subject):
            after = noun.stop + 1
            if not subject and noun.proper and (not is_word(words, after) or at(words, after) in CONJUNCTIONS):
                noun.words.append(words[noun.stop])  # "works at McDonald's"
                noun.stop += 1
            break
        owned = _core(words, noun.stop + 1, subject=subject, short=short, bare=True)
        if owned is None:
            break
        if noun.proper and owned.proper and owned.head in _INSTITUTIONS:
            noun.words = [*noun.words, words[noun.stop], *owned.words]  # "St. Mary's Hospital"
            noun.stop = owned.stop
            break
        owned.owner, owned.start = noun, i
        noun = owned
    if noun is not None:
        _names(words, noun)
        if not (subject or short):
            _gerund(words, noun)
        if not short:
            _of(words, noun, subject=subject)
    return noun


def _pronoun(words: Sequence[Token], i: int) -> Noun | None:
    low = words[i].low
    if words[i].kind != WORD or low not in PRONOUNS:
        return None
    if low == "her" and is_word(words, i + 1) and at(words, i + 1) not in STOPS:
        return None
    return Noun(i, i + 1, pronoun=low)


def _core(words: Sequence[Token], i: int, *, subject: bool, short: bool, bare: bool = False) -> Noun | None:
    noun = Noun(i, i)
    if not is_word(words, i):
        return None
    low = words[i].low
    if low in POSSESSIVES or low == "her":
        noun.owner = Noun(i, i + 1, pronoun=low)
        noun.det, i = low, i + 1
        if at(words, i) == "own":
            i += 1
    elif not bare:
        while at(words, i) in ARTICLES and is_word(words, i) and i - noun.start < 3 and not _named(words, i):
            noun.det, i = at(words, i), i + 1
        if at(words, i) == "of" and noun.det in {"some", "all", "both"}:
            return None
    if at(words, i) in COUNTS and is_word(words, i + 1):
        noun.det, i = at(words, i), i + 1
    if i < len(words) and words[i].kind == QUOTED:
        noun.words, noun.stop, noun.quoted = [words[i]], i + 1, True
        return noun
    noun.named = _named(words, i)
    stop = _proper_stop(words, i) if noun.named else i
    first = i
    if stop == i or not short:
        stop = _common_stop(words, stop, first, subject=subject, limited=short, det=noun.det)
    if stop == first:
        return None
    noun.words, noun.stop = list(words[first:stop]), stop
    noun.named = noun.named or (stop == first + 1 and not noun.det and is_plain_firm(words[first].low))
    if len(noun.words) == 1 and not bare and not noun.det and noun.owner is None and _is_my_kin(words, first, subject):
        noun.owner, noun.words[0] = Noun(first, first, pronoun="my"), replace(words[first], text=words[first].low)
    return noun


def _is_my_kin(words: Sequence[Token], i: int, subject: bool) -> bool:
    """As in "Dad's learning Portuguese", "I live with Mum": who calls somebody so, is their child."""
    if not words[i].capital or words[i].low not in _KIN or (i > 0 and words[i - 1].capital):
        return False
    if at(words, i - 1) in {"and", "&"} and at(words, i - 2) in _KIN | TIES.keys():
        other = at(words, i - 3)
        return other not in POSSESSIVES - {"my", "our"} and other != "'s"  # "Tom's mom and Dad"
    return subject or (at(words, i + 1) != "'s" and _of_mine(words, i))


def _of_mine(words: Sequence[Token], i: int) -> bool:
    """Is the last that is named before ``i`` the speaker, as the subject?"""
    for j in range(i - 1, -1, -1):
        if words[j].low in {"i", "we"}:
            return True
        if words[j].capital or (words[j].low in PRONOUNS and words[j].low not in {"me", "us"}):
            return False
    return False


def _named(words: Sequence[Token], i: int) -> bool:
    """Does a name begin there? A capital counts at the start of a sentence only if the word is not a common one."""
    if not is_word(words, i) or not words[i].capital:
        return False
    low = words[i].low
    if low in STOPS or low in ARTICLES or low in POSSESSIVES:
        return len(low) > 1 and words[i].text.isupper() and i > 0
    if low == "project":
        return is_word(words, i + 1) and words[i + 1].capital
    return i > 0 or low not in COMMON or words[i].text.isupper()


def _proper_stop(words: Sequence[Token], i: int) -> int:
    """Where the run of capitals ends: particles and "&" within it, a number after it."""
    start = i
    while i < len(words) and i - start < MAX_WORDS:
        token = words[i]
        low = token.low
        if (
            (
                token.capital
                and ((low not in AUXILIARIES and low not in PRONOUNS) or (token.text.isupper() and len(low) > 1))
            )
            or (i > start and low in _TITLES | _COMPANY)
            or (i > start and (low in _PARTICLES or low in {"&", "-"}) and _particle_goes_on(words, i, start))
        ):
            i += 1
        elif i > start and token.kind == WORD and token.text.isdigit() and len(low) <= 4:
            return i + 1
        else:
            break
    return i


def _particle_goes_on(words: Sequence[Token], i: int, start: int) -> bool:
    """As in "University of Oslo", but not "Head of ML"."""
    j = i + 1
    while j < i + 3 and at(words, j) in _PARTICLES:
        j += 1
    if not (is_word(words, j) and words[j].capital):
        return False
    return not (words[i].low == "of" and words[i - 1].low in ROLES | {"head", "lead", "founder", "owner", "member"})


def _common_stop(words: Sequence[Token], i: int, first: int, *, subject: bool, limited: bool, det: str) -> int:
    if limited:
        return (
            i
            if i > first
            else min(first + 1, len(words))
            if is_word(words, first) and at(words, first) not in STOPS
            else first
        )
    while i < len(words) and i - first < MAX_WORDS and words[i].kind == WORD:
        low = words[i].low
        if low in _NAMED and i > first:
            break
        if (low in STOPS or low in ARTICLES) and not (i == first and low in _HOURS):
            break
        if subject and i > first and _is_verb(words, i, first):
            break
        if low.endswith("ly") and low not in LY_NOUNS and (i > first or not det):
            break
        if low in {"early", "late"} and i > first and i + 1 < len(words) and words[i + 1].kind == TIME:
            break  # "left Acme late in 2019"
        i += 1
    return i


def _is_verb(words: Sequence[Token], i: int, first: int) -> bool:
    low = words[i].low
    forms = {form for _, form in FORMS.get(low, ())}
    if not forms or (words[i].capital and i > 0 and not words[first].capital):
        return low in {"used"}
    if forms <= {"ing"}:
        return False
    if forms <= {"base"}:
        listed = words[i - 1].capital and first == i - 1 and at(words, first - 1) in {"and", "&"}
        if words[i - 1].low in TIES and first == i - 1 and at(words, first - 1) in POSSESSIVES:
            listed = at(words, first - 2) in {"and", "&"}  # "me and my wife live"
        return listed or words[i - 1].low.endswith("s") or words[i - 1].low in {"i", "people", "children"}
    return True


def _names(words: Sequence[Token], noun: Noun) -> None:
    """Names given to what a common noun says: "brother Theo", "a dog named Pixel", "my boss, Bob,"."""
    if noun.names or _split_name(words, noun):
        _more_names(words, noun, plural=noun.head in PLURALS)
        return
    named = at(words, noun.stop) in _NAMED or (
        at(words, noun.stop) in {"who", "which", "that", ","}
        and at(words, noun.stop + 1) in {"is", "'s", "are"} | _NAMED
        and (at(words, noun.stop + 2) in _NAMED or at(words, noun.stop + 1) in _NAMED)
    )
    if named:
        i = noun.stop
        while at(words, i) not in _NAMED:
            i += 1
        name_at = read_noun(words, i + 1, short=True) if _any_name(words, i + 1) else None
        if name_at is not None and name_at.words:
            noun.names, noun.stop = [name_at], name_at.stop
            _more_names(words, noun, plural=noun.head in PLURALS)
        return
    if noun.head in TIES or noun.head in PLURALS:
        comma = at(words, noun.stop) in {",", ":", "–", "—", "-"}
        if comma and _named(words, noun.stop + 1):
            stop = _proper_stop(words, noun.stop + 1)
            after = at(words, stop)
            plural = noun.head in PLURALS
            closes = stop >= len(words) or after in {",", ".", "!", "–", "—", "-", ";", ":", "…"} or after in {"who"}
            if plural or closes or after in AUXILIARIES:
                noun.names = [Noun(noun.stop + 1, stop, list(words[noun.stop + 1 : stop]), named=True)]
                noun.stop = stop
                _more_names(words, noun, plural=plural)
                if not plural and at(words, noun.stop) == "," and noun.owner:
                    noun.stop += 1


def _split_name(words: Sequence[Token], noun: Noun) -> bool:
    """As in "brother Theo" is a brother, and his name."""
    split = next((n for n in range(1, len(noun.words)) if noun.words[n].capital and not noun.words[n - 1].capital), 0)
    if not split or noun.words[split - 1].low not in _HEADS:
        return False
    first = noun.stop - len(noun.words) + split
    noun.stop = _proper_stop(words, first)
    noun.names = [Noun(first, noun.stop, list(words[first : noun.stop]), named=True)]
    noun.words = noun.words[:split]
    return True


def _gerund(words: Sequence[Token], noun: Noun) -> None:
    """As in "running my own studio", "creating a safe place": what is done belongs to the doing."""
    doing = len(noun.words) == 1 and not noun.det and not noun.owner and noun.head.endswith("ing") and not noun.named
    if not doing or noun.head in _NO_DOING or at(words, noun.stop) not in POSSESSIVES | {"a", "an", "the"}:
        return
    what = _core(words, noun.stop, subject=False, short=False)
    if what is not None and what.words and what.stop - noun.stop <= MAX_WORDS:
        noun.words += words[noun.stop : what.stop]
        noun.stop = what.stop


_NO_DOING = frozenset("building meeting wedding morning evening ceiling something nothing anything everything".split())


def _any_name(words: Sequence[Token], i: int) -> bool:
    return i < len(words) and (words[i].kind == QUOTED or (is_word(words, i) and at(words, i) not in STOPS))


def _more_names(words: Sequence[Token], noun: Noun, *, plural: bool) -> None:
    """As in "Miso and Tofu": further names, where the noun is a plural."""
    while plural and len(noun.names) < MAX_ITEMS:
        i = noun.stop
        if at(words, i) not in {",", "and", "&"}:
            return
        i += 1 + (at(words, i) == "," and at(words, i + 1) in {"and", "&"})
        if not _named(words, i):
            return
        stop = _proper_stop(words, i)
        if stop < len(words) and at(words, i - 1) in {"and", ","} and _starts_clause(words, stop):
            return
        noun.names.append(Noun(i, stop, list(words[i:stop]), named=True))
        noun.stop = stop


def _starts_clause(words: Sequence[Token], i: int) -> bool:
    """Is the word there a finite verb?"""
    if not is_word(words, i):
        return False
    low = words[i].low
    return low in AUXILIARIES or any(form in {"s", "past"} for _, form in FORMS.get(low, ()))


def _of(words: Sequence[Token], noun: Noun, *, subject: bool) -> None:
    if noun.names or not (at(words, noun.stop) == "of" or (at(words, noun.stop) == "for" and noun.head in _DATED)):
        return
    if at(words, noun.stop + 1) in _MINE:
        noun.of, noun.stop = Noun(noun.stop + 1, noun.stop + 2, pronoun=_MINE[at(words, noun.stop + 1)]), noun.stop + 2
        return
    inner = _core(words, noun.stop + 1, subject=subject, short=False) if not _pronoun_at(words, noun.stop + 1) else None
    if inner is None:
        inner = _pronoun(words, noun.stop + 1) if noun.stop + 1 < len(words) else None
    if inner is None:
        return
    if at(words, inner.stop) == "'s" and owns(words, inner.stop + 1, subject=subject):
        owned = _core(words, inner.stop + 1, subject=subject, short=False, bare=True)
        if owned is not None:
            owned.owner = inner
            inner = owned
    elif at(words, inner.stop) == "'s" and inner.proper:
        inner.stop += 1  # "a friend of Bob's"
    noun.of, noun.stop = inner, inner.stop


def _pronoun_at(words: Sequence[Token], i: int) -> bool:
    return is_word(words, i) and words[i].low in PRONOUNS


def read_nouns(words: Sequence[Token], i: int, *, subject: bool = False) -> tuple[list[Noun], int, bool]:
    """A coordination: its members, where it stops, and whether it is one of "and" (an "or" asserts nothing)."""
    first = read_noun(words, i + (at(words, i) == "both"), subject=subject)
    if first is None:
        return [], i, True
    items, stop, sure, pending = [first], first.stop, True, False
    while len(items) < MAX_ITEMS:
        link = at(words, stop)
        j = stop + 1
        if link == "," and at(words, j) in {"and", "or", "&"}:
            link, j = at(words, j), j + 1
        if link == "as" and at(words, j) == "well" and at(words, j + 1) == "as":
            j += 2
        elif link not in {",", "and", "or", "&", "plus"}:
            break
        while at(words, j) in {"also", "then", "sometimes", "even", "especially"}:
            j += 1
        if at(words, j) in PREPOSITIONS or at(words, j) == "not":
            break
        following = read_noun(words, j, subject=subject)
        if following is None or (following.pronoun and not (subject and following.pronoun in {"i", "me"})):
            break
        if not subject and _clause_follows(words, following):
            break
        if link == "," and not subject and _apposition(words, items[-1], following):
            break
        pending = pending or link == ","
        if items[-1].head in _KIN and following.lows in [[kin] for kin in _KIN] and following.proper:
            following.owner = items[-1].owner  # "Tom's mom and Dad"
            following.words = [replace(following.words[0], text=following.head)]
        items.append(following)
        stop = following.stop
        sure = sure and link != "or"
        if link in {"and", "or", "&"} and not (at(words, stop) in {"and", "&"} and not subject):
            pending = False
            break
    if pending and subject:
        return [first], first.stop, True
    if pending and all(_tail(item, items[-1]) for item in items[:-1]):
        return items[:-1], items[-2].stop, sure
    return items, stop, sure


def _tail(noun: Noun, following: Noun) -> bool:
    """As in "scared of needles, great combo": is the second what is thought of it, rather than one more?"""
    plain = not (following.owner or following.quoted or any(word.capital for word in following.words))
    return plain and ((len(following.words) > 1 and len(noun.words) == 1) or bool(following.det and not noun.det))


def _apposition(words: Sequence[Token], noun: Noun, following: Noun) -> bool:
    """As in "Hana, a baker from Nablus": is the second what the first one is, rather than one more?"""
    named = noun.proper or bool(noun.names)
    return named and following.det in {"a", "an"} and at(words, following.stop) not in {",", "and", "&", "or"}


def _clause_follows(words: Sequence[Token], noun: Noun) -> bool:
    """Is this noun the subject of what follows, rather than one more object?"""
    shorter = read_noun(words, noun.start, subject=True)
    stop = shorter.stop if shorter is not None else noun.stop
    while at(words, stop) in {"also", "now", "still", "just", "always", "never", "currently", "recently"}:
        stop += 1
    return (
        _starts_clause(words, stop)
        or (noun.pronoun != "" and noun.pronoun in {"i", "he", "she", "it", "they", "we"})
        or _verb_itself(words, noun)
    )


def _verb_itself(words: Sequence[Token], noun: Noun) -> bool:
    """As in "I live in Rome and work at Acme": is the "noun" a verb of ours?"""
    low = words[noun.start].low
    if noun.det or noun.owner or words[noun.start].capital:
        return False
    forms = {form for _, form in FORMS.get(low, ())}
    if low in _DOING and len(noun.words) == 1:
        return True
    return (
        bool(forms & {"s", "past"})
        or (bool(forms & {"base"}) and len(noun.words) > 1)
        or ("base" in forms and at(words, noun.stop) in PREPOSITIONS)
        or ("part" in forms and at(words, noun.start + 1) in PREPOSITIONS)
    )
