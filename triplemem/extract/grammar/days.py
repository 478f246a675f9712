"""First and last days somewhere: "My last day at Acme is June 30", "Today's my first day at Acme"."""

from __future__ import annotations

from collections.abc import Sequence

from triplemem.extract.grammar.clause import Clause, is_time
from triplemem.extract.grammar.gates import opener
from triplemem.extract.grammar.gazetteer import is_known_event, is_known_firm, is_known_place
from triplemem.extract.grammar.memory import Reading
from triplemem.extract.grammar.nouns import GROUPS, SCHOOLS
from triplemem.extract.grammar.objects import Object, organization
from triplemem.extract.grammar.partial import before_a_break
from triplemem.extract.grammar.phrases import Noun, at, read_noun
from triplemem.extract.grammar.times import times_of
from triplemem.extract.grammar.tokens import PUNCT, TIME, Token
from triplemem.extract.grammar.verbs import Verb
from triplemem.extract.grammar.words import OPENERS

_FIRST = frozenset({"first"})
_LAST = frozenset({"last", "final"})
_STINTS = frozenset("internship contract job stint placement apprenticeship traineeship secondment".split())
_MEMBERSHIPS = frozenset({"membership"})
_ENDED = frozenset({"ended", "finished", "expired", "lapsed"})
_ABOUT = frozenset({"day"}) | _STINTS | _MEMBERSHIPS
_JOINED = frozenset("and but because so since that".split())
_IS = frozenset({"is", "'s", "was"})


def read_days(reading: Reading, words: Sequence[Token]) -> int:
    """Claim what a first or a last day, a contract, a membership says; where that begins, else the count of words."""
    if all(word.low not in _ABOUT for word in words):
        return len(words)
    for start in range(len(words)):
        if start == 0 or words[start - 1].kind == PUNCT or words[start - 1].low in _JOINED:
            i = _opened(words, start)
            if _day(reading, words, i) or _stint(reading, words, i):
                return start
    return len(words)


def _opened(words: Sequence[Token], i: int) -> int:
    """Behind "so", "I think that", "by the way"."""
    while i < len(words) and not is_time(words, i):
        if n := opener(words, i):
            i += n
        elif words[i].low in OPENERS - {"today"} or words[i].kind == PUNCT:
            i += 1
        else:
            break
    return i


def _day(reading: Reading, words: Sequence[Token], i: int) -> bool:
    """As in "My last day at Acme is June 30", "Today's my first day at Acme"."""
    if is_time(words, i) and (n := _is(words, i + 1)):
        day = read_noun(words, i + 1 + n)
        return day is not None and _told(reading, words, i, day, words[i], at(words, i + 1))
    day = read_noun(words, i, subject=True)
    where = read_noun(words, day.stop + 1, subject=True) if day is not None and at(words, day.stop) == "at" else None
    stop = where.stop if where is not None else len(words)
    n = _is(words, stop)
    if day is None or not n or not is_time(words, stop + n):
        return False
    return _told(reading, words, i, day, words[stop + n], at(words, stop))


def _stint(reading: Reading, words: Sequence[Token], i: int) -> bool:
    """As in "My internship at Acme ended in May"."""
    noun = read_noun(words, i, subject=True)
    if noun is None or noun.owner is None or noun.head not in _STINTS | _MEMBERSHIPS or noun.names:
        return False
    member = noun.head in _MEMBERSHIPS
    what = noun.of if noun.of is not None else None
    if what is None and at(words, noun.stop) in {"at", "with", "in"}:
        what = read_noun(words, noun.stop + 1, subject=True)
    if what is not None and len(what.words) > 1 and what.head in _ENDED:
        what.words, what.stop = what.words[:-1], what.stop - 1
        noun.stop = min(noun.stop, what.stop)
    j = max(noun.stop, what.stop) if what is not None else len(words)
    if what is None or at(words, j) not in _ENDED or not _ends(words, j + 1):
        return False
    where = organization(what, reading)
    clause = Clause(reading, words, [noun.owner], i, [word for word in words[j + 1 : j + 3] if word.kind == TIME])
    fits = where is not None and (what.head in GROUPS or what.proper if member else _may_employ(what, reading))
    if not fits or not clause.persons() or where is None:
        return False
    verb = Verb("end", j, j + 1, "past", past=True)
    return clause.say(verb, "member_of" if member else "works_at", [where], j + 2, flags=frozenset({"end"}))


def _ends(words: Sequence[Token], i: int) -> bool:
    """Does no more follow than a time, or another clause?"""
    while is_time(words, i):
        i += 1
    return i >= len(words) or words[i].kind == PUNCT or words[i].low in _JOINED


def _is(words: Sequence[Token], i: int) -> int:
    """Of how many words the "is", "was" or "will be" there is."""
    return 2 if at(words, i) == "will" and at(words, i + 1) == "be" else int(at(words, i) in _IS)


def _may_employ(noun: Noun, reading: Reading) -> bool:
    """Is it an employer, as far as is known, rather than a festival or a town: "my last day at Glastonbury"?"""
    low = noun.text.lower()
    known = is_known_firm(low) or reading.employs(noun.text)
    return noun.proper and (known or not (is_known_event(noun.text) or is_known_place(low)))


def _told(reading: Reading, words: Sequence[Token], i: int, day: Noun, time: Token, verb: str) -> bool:
    """Whose day it is, where, and when that is."""
    if day.head != "day" or day.owner is None or len(day.words) != 2 or at(words, day.stop) != "at":
        return False
    noun = read_noun(words, day.stop + 1, subject=True)
    found = organization(noun, reading) if noun is not None and _may_employ(noun, reading) else None
    if noun is None or found is None:
        return False
    last = max(noun.stop, next((j + 1 for j, word in enumerate(words) if word is time), 0))
    clause = Clause(reading, words, [day.owner], i)
    begins = day.words[0].low in _FIRST
    if not clause.persons() or day.words[0].low not in _FIRST | _LAST or (not begins and before_a_break(words)):
        return False
    spoken = Verb("join" if begins else "leave", i, i, future=verb != "was", past=verb == "was")
    flags = frozenset({"event" if begins else "end"})
    times = times_of(spoken, flags, [time], reading.now.date())
    unit = None if time.when is None else time.when.unit(forward=verb != "was")
    if times is not None and not begins and unit is not None and unit.precision == "day":
        times["valid_to"] = unit.end  # on the last day one is still there
    relation = "studies_at" if noun.head in SCHOOLS else "works_at"
    return times is not None and clause.claim(
        relation, [Object(found.text, found.kind)], clause.quote(last), times=times
    )
