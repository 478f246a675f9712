"""What "is" says: a state, a place, a date; and whom to ask about the rest."""

from __future__ import annotations

from collections.abc import Sequence

from triplemem.extract.grammar import gone
from triplemem.extract.grammar.attributes import attribute, who_is
from triplemem.extract.grammar.clause import Clause, is_time, skip_adverbs
from triplemem.extract.grammar.counting import number
from triplemem.extract.grammar.dated import birthday, dated_object
from triplemem.extract.grammar.gazetteer import is_workplace
from triplemem.extract.grammar.identities import identity
from triplemem.extract.grammar.nouns import (
    ATTRIBUTES,
    CONDITION_ADJECTIVES,
    DIETS,
    EMPLOYMENT,
    GROUPS,
    MARITAL,
    STATUS_PHRASES,
    STATUSES,
    TIES,
    TOGETHER,
)
from triplemem.extract.grammar.objects import (
    Object,
    is_person_noun,
    language,
    liked,
    may_be_first_name,
    organization,
    person,
    place,
    thing,
    unit,
)
from triplemem.extract.grammar.phrases import Noun, at, is_word, read_noun, read_nouns
from triplemem.extract.grammar.tokens import PUNCT, Token
from triplemem.extract.grammar.trailing import trailing
from triplemem.extract.grammar.verbs import Verb, any_more

_OVER = frozenset({"over"})
_MOMENTS = frozenset("rn atm right today for with waiting at in".split())
"""What tells that somebody is there for the moment: "I'm at Google right now"."""
_EVENT = frozenset({"event"})
_NONE: frozenset[str] = frozenset()

_ADJECTIVES = {
    "allergic to": ("allergic_to", "liked"), "intolerant to": ("allergic_to", "liked"),
    "afraid of": ("afraid_of", "liked"), "scared of": ("afraid_of", "liked"),
    "terrified of": ("afraid_of", "liked"), "frightened of": ("afraid_of", "liked"),
    "interested in": ("interested_in", "liked"), "curious about": ("interested_in", "liked"),
    "fascinated by": ("interested_in", "liked"),
    "passionate about": ("likes", "liked"), "fond of": ("likes", "liked"), "keen on": ("likes", "liked"),
    "crazy about": ("likes", "liked"), "obsessed with": ("likes", "liked"), "into": ("likes", "liked"),
    "fluent in": ("speaks", "language"), "responsible for": ("responsible_for", "thing"),
    "in charge of": ("leads", "unit"), "married to": ("married_to", "person"), "wed to": ("married_to", "person"),
    "engaged to": ("engaged_to", "person"), "together with": ("dating", "person"),
    "in a relationship with": ("dating", "person"), "friends with": ("friend_of", "person"),
    "good friends with": ("friend_of", "person"), "best friends with": ("friend_of", "person"),
    "close friends with": ("friend_of", "person"), "roommates with": ("lives_with", "person"),
    "flatmates with": ("lives_with", "person"),
    "dependent on": ("depends_on", "thing"), "reliant on": ("depends_on", "thing"),
    "part of": ("part_of", "thing"), "native to": ("from", "place"), "originally from": ("from", "place"),
    "from": ("from", "place"), "resident in": ("lives_in", "place"), "employed by": ("works_at", "organization"),
    "enrolled at": ("studies_at", "organization"), "a student at": ("studies_at", "organization"),
    "an intern at": ("works_at", "organization"), "blocked by": ("blocked_by", "thing"),
    "blocked on": ("blocked_by", "thing"), "waiting on": ("blocked_by", "thing"),
    "waiting for": ("blocked_by", "thing"),
    "affiliated with": ("member_of", "organization"), "on the board of": ("member_of", "organization"),
    "active in": ("member_of", "group"), "involved in": ("works_on", "thing"),
}  # fmt: skip
_THINGS = frozenset({"depends_on", "blocked_by"})
_KINDS = {
    "liked": liked, "language": language, "thing": thing, "unit": unit, "person": person, "place": place,
    "organization": organization, "group": organization,
}  # fmt: skip
_SETTLED = frozenset("cancelled canceled postponed delayed shipped launched released deprecated archived".split())


def read(clause: Clause, verb: Verb) -> int:
    """Claim what stands behind "is"; the word at which it stops."""
    words = clause.words
    verb.ended = verb.ended or (verb.negated and any_more(words, verb.stop))
    i = verb.stop
    while i < len(words) and is_time(words, i) and not _takes_date(clause):
        clause.times.append(words[i])
        i += 1
    i = skip_adverbs(words, i)
    if at(words, i).endswith("ing") and not words[i].capital and at(words, i + 1) in {"and", "but", ","}:
        return i  # "it's raining and Bob no longer works at Acme"
    for reader in (
        gone.read,
        attribute,
        who_is,
        _date,
        _adjective,
        _plural,
        _status,
        _state,
        _located,
        _employed,
        identity,
    ):
        stop = reader(clause, verb, i)
        if stop > i:
            return stop
    return i


def further(clause: Clause, verb: Verb, i: int) -> int:
    """As in "is vegan and allergic to nuts": an adjective that shares the "is" of the one before."""
    i = skip_adverbs(clause.words, i)
    for reader in (_adjective, _state, _located, _birth):
        stop = reader(clause, verb, i)
        if stop > i:
            return stop
    return i


def grown(clause: Clause, verb: Verb) -> int:
    """As in "became interested in beekeeping": so from then on."""
    i = skip_adverbs(clause.words, verb.stop)
    if (
        verb.modal
        or verb.negated
        or verb.future
        or " ".join(at(clause.words, i + k) for k in (0, 1)) not in _ADJECTIVES
    ):
        return verb.stop
    return _adjective(clause, verb, i, _EVENT)


def _takes_date(clause: Clause) -> bool:
    return len(clause.subjects) == 1 and ATTRIBUTES.get(clause.subjects[0].head) in {"birthday", "due_on"}


def _date(clause: Clause, verb: Verb, i: int) -> int:
    words = clause.words
    if at(words, i) == "due" and is_time(words, i + 1):
        if not verb.modal and not verb.negated and clause.things():
            objects, noun = dated_object(words[i + 1], forward=not verb.past), clause.subjects[0]
            plain = len(clause.subjects) == 1 and noun.det == "the" and not noun.pronoun and not noun.of
            if not clause.claim("due_on", objects, clause.quote(i + 2)) and plain and objects:
                clause.reading.say(noun.text, "due_on", objects[0].text, clause.quote(i + 2))  # "the tax return"
        return i + 2
    if at(words, i) == "born":
        return _born(clause, verb, i + 1)
    low = number(words, i)
    years = at(words, i + 1) in {"years", "year"} and at(words, i + 2) == "old"
    if low.isascii() and low.isdigit() and 1 <= int(low) <= 119 and is_word(words, i):
        after = words[i + 1] if i + 1 < len(words) else None
        if (
            years
            or after is None
            or (after.kind == PUNCT and after.low not in {"%", ":", "/", "°", "$", "€"})
            or after.low in {"and", "now"}
            or is_time(words, i + 1)
        ):
            stop = i + 3 if years else i + 1
            told = all(_somebody(noun) or (low == at(words, i) and noun.start > 0) for noun in clause.subjects)
            if (years or (clause.persons() and told)) and not _counted(clause):
                stop = trailing(clause, stop)
                clause.say(verb, "age", [Object(low)], stop, flags=_EVENT if verb.future else _NONE)
            return stop
    return i


def _somebody(noun: Noun) -> bool:
    """Is it surely somebody: "Kickoff is 8" tells no age."""
    return bool(noun.pronoun or noun.names or noun.head in TIES) or may_be_first_name(noun)


def _counted(clause: Clause) -> bool:
    return any(noun.pronoun in {"it", "they", "we"} for noun in clause.subjects)


def _birth(clause: Clause, verb: Verb, i: int) -> int:
    """As in "Born in Quito, raised in Lima"."""
    return _born(clause, verb, i + 1) if at(clause.words, i) == "born" else i


def called(clause: Clause, verb: Verb) -> int:
    """As in "My wife is called Eva"."""
    verb.passive = False
    return who_is(clause, verb, verb.stop)


def born(clause: Clause, verb: Verb) -> int:
    """As in "was born in Rome on 3 May 1990"."""
    return _born(clause, verb, verb.stop)


def _born(clause: Clause, verb: Verb, i: int) -> int:
    words = clause.words
    for _ in range(4):
        if is_time(words, i):
            clause.claim("birthday", birthday(words[i]), clause.quote(i + 1))
            i += 1
        elif at(words, i) in {"in", "near"} and is_word(words, i + 1):
            noun = read_noun(words, i + 1)
            if noun is None:
                break
            found = place(noun, clause.reading)
            if found is not None and clause.persons():
                clause.claim("born_in", [found], clause.quote(noun.stop))
            i = noun.stop
        elif at(words, i) == "and" and at(words, i + 1) in {"raised", "bred"}:
            i += 2
        else:
            break
    return i


def _adjective(clause: Clause, verb: Verb, i: int, event: frozenset[str] = _NONE) -> int:
    words = clause.words
    for n in (4, 3, 2, 1):
        phrase = " ".join(at(words, i + k) for k in range(n))
        found = _ADJECTIVES.get(phrase)
        if found is None:
            continue
        predicate, kind = found
        nouns, stop, sure = read_nouns(words, i + n)
        if not nouns or not sure:
            return i
        if kind == "place" and len(nouns) > 1:
            nouns, stop = nouns[:1], nouns[0].stop
        objects = [o for noun in nouns if (o := _KINDS[kind](noun, clause.reading))]
        if len(objects) != len(nouns):
            return stop
        if predicate == "part_of" and clause.persons() and (nouns[0].head in GROUPS or not clause.things()):
            predicate = "member_of"
        stop = trailing(clause, stop)
        flags = _OVER if predicate in {"leads", "works_at", "studies_at", "married_to", "responsible_for"} else _NONE
        if predicate == "from" and verb.past:
            return stop
        if (
            clause.things()
            if predicate in _THINGS
            else predicate == "part_of" or clause.persons() or predicate == "leads"
        ):
            clause.say(verb, predicate, objects, stop, flags=flags | event, about=nouns)
        return stop
    return i


def _plural(clause: Clause, verb: Verb, i: int) -> int:
    """As in "Ann and Bob are siblings", "are married to each other"."""
    words = clause.words
    j = i + (at(words, i) in {"best", "good", "close", "old"})
    predicate = TOGETHER.get(at(words, j))
    tied = {"to", "of"} if predicate == "married_to" else {"to", "with", "of"}  # "are married with two kids"
    if predicate is None or len(clause.subjects) != 2 or (at(words, j + 1) in tied and at(words, j + 2) != "each"):
        return i
    stop = trailing(clause, j + 1)
    second = person(clause.subjects[1], clause.reading)
    if second is not None and clause.persons():
        inner = Clause(clause.reading, words, clause.subjects[:1], clause.start, clause.times)
        inner.say(verb, predicate, [second], stop, flags=_OVER)
    return stop


def _state(clause: Clause, verb: Verb, i: int) -> int:
    words = clause.words
    j = i + (at(words, i) in {"a", "an"})
    low = at(words, j)
    following = at(words, j + 1)
    if low == "lactose-intolerant":
        stop = trailing(clause, j + 1)
        clause.say(verb, "has_condition", [Object("lactose intolerance")], stop)
        return stop
    if low in {"lactose", "gluten"} and following in {"intolerant", "free"}:
        stop = trailing(clause, j + 2)
        clause.say(
            verb,
            "diet" if low == "gluten" else "has_condition",
            [Object(f"{low} {'intolerance' if low == 'lactose' else 'free'}")],
            stop,
        )
        return stop
    if j < len(words) and not _closes(clause, j + 1):
        return i
    if not (clause.persons() or clause.things()):
        return i
    if low in DIETS and clause.persons():
        stop = trailing(clause, j + 1)
        clause.say(verb, "diet", [Object(low)], stop, flags=_OVER)
        return stop
    if low in CONDITION_ADJECTIVES and clause.persons():
        stop = trailing(clause, j + 1)
        clause.say(verb, "has_condition", [Object(CONDITION_ADJECTIVES[low], None)], stop)
        return stop
    for table, predicate in ((MARITAL, "marital_status"), (EMPLOYMENT, "employment_status")):
        if low in table and clause.persons() and (len(clause.subjects) == 1):
            stop = trailing(clause, j + 1)
            clause.say(verb, predicate, [Object(low)], stop, flags=_OVER)
            return stop
    return i


def _closes(clause: Clause, j: int) -> bool:
    """Is the complement over, so that the adjective is not that of a noun?"""
    words = clause.words
    return (
        j >= len(words)
        or words[j].kind in {PUNCT, "t"}
        or at(words, j)
        in {"and", "but", "so", "since", "now", "because", "or", "though"}
        | {"again", "too", "anymore", "currently", "at", "from", "by"}
        or skip_adverbs(words, j) > j
        or (at(words, j) == "any" and at(words, j + 1) in {"more", "longer"})
    )


def _status(clause: Clause, verb: Verb, i: int) -> int:
    words = clause.words
    subject = clause.subjects[0]
    if len(clause.subjects) != 1 or subject.pronoun or (is_person_noun(subject) and not subject.proper):
        return i
    if (verb.past or verb.perfect) and at(clause.words, i) not in _SETTLED:
        return i
    if not (
        subject.head in {"project", "migration", "release", "launch", "rollout", "redesign"}
        or (subject.proper and not subject.owner)
    ):
        return i
    low = at(words, i)
    if low in STATUSES and clause.things() and _closes(clause, i + 1):
        text, stop = low, i + 1
    elif low in STATUS_PHRASES and at(words, i + 1) in STATUS_PHRASES[low] and clause.things():
        text, stop = f"{low} {at(words, i + 1)}", i + 2
    else:
        return i
    stop = trailing(clause, stop)
    clause.say(verb, "status", [Object(text)], stop, flags=_EVENT if verb.past or verb.perfect else _NONE)
    return stop


def _employed(clause: Clause, verb: Verb, i: int) -> int:
    """As in "I'm at Saab", "is no longer at Saab": of an employer that we know; in a shop one may only be shopping."""
    words = clause.words
    there = at(words, i) == "at" or (at(words, i) == "with" and verb.perfect)
    noun = read_noun(words, i + 1) if there else None
    if noun is None or not noun.proper or noun.det or noun.of is not None or not clause.persons():
        return i
    if verb.past and not _for_long(words, noun.stop):
        return i
    found = organization(noun, clause.reading)
    over = verb.ended or verb.negated
    if found is None or not (is_workplace(noun.text.lower(), over=over) or clause.reading.employs(noun.text)):
        return i
    stop = trailing(clause, noun.stop)
    dated = [
        token for token in clause.times if token.when is not None and token.when.relation in {"at", "until", "span"}
    ]
    passing = not (over or verb.past) and (
        dated or any(word.low in _MOMENTS for word in words[noun.stop : noun.stop + 3])
    )
    if not passing:
        clause.say(verb, "works_at", [found], stop, flags=_OVER)
    return stop


def _for_long(words: Sequence[Token], i: int) -> bool:
    """As in "was at Google until March", "from 2015 to 2019": the end is no day and no hour."""
    when = words[i].when if is_time(words, i) else None
    unit = when.unit(forward=False) if when is not None and when.relation in {"until", "span"} else None
    return unit is not None and unit.precision != "day"


def _located(clause: Clause, verb: Verb, i: int) -> int:
    words = clause.words
    if at(words, i) == "to" and verb.perfect and clause.persons():
        nouns, stop, sure = read_nouns(words, i + 1)
        objects = [found for noun in nouns if (found := place(noun, clause.reading))]
        if sure and objects and len(objects) == len(nouns):
            stop = trailing(clause, stop)
            clause.say(verb, "visited", objects, stop, flags=_EVENT)
        return stop
    if (
        at(words, i) == "on"
        and (noun := read_noun(words, i + 1)) is not None
        and noun.head == "diet"
        and len(noun.words) > 1
    ):
        stop = trailing(clause, noun.stop)
        clause.say(verb, "diet", [Object(noun.words[-2].low)], stop, flags=_OVER)
        return stop
    if (
        at(words, i) == "on"
        and (noun := read_noun(words, i + 1)) is not None
        and noun.head in GROUPS
        and clause.persons()
    ):
        found = organization(noun, clause.reading)
        stop = trailing(clause, noun.stop)
        if found is not None and noun.det not in {"a", "an"}:
            clause.say(verb, "member_of", [found], stop, flags=_OVER)
        return stop
    if at(words, i) not in {"in", "over"} or (at(words, i) == "over" and at(words, i + 1) != "in"):
        return i
    i += at(words, i) == "over"
    noun = read_noun(words, i + 1)
    found = place(noun, clause.reading) if noun is not None and at(words, i + 1) != "case" else None
    if noun is None or found is None:
        return i
    stop = noun.stop
    if (
        at(words, stop) == ","
        and (more := read_noun(words, stop + 1)) is not None
        and more.proper
        and place(more, clause.reading)
    ):
        stop = more.stop
    stop = trailing(clause, stop)
    dated = [token for token in clause.times if token.when and token.when.relation in {"until", "span", "at"}]
    if dated and clause.persons():
        clause.say(verb, "staying_in", [found], stop)
    elif clause.things() and not clause.persons() and not clause.times:
        clause.say(verb, "located_in", [found], stop)
    return stop
