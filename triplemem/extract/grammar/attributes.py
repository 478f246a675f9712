"""Attributes: "my email is …", "the deadline for Harbor is …", "my boss is Bob"."""

from __future__ import annotations

import re
from dataclasses import replace

from triplemem.extract.grammar.clause import Clause, is_time
from triplemem.extract.grammar.dated import birthday, dated_object
from triplemem.extract.grammar.memory import I
from triplemem.extract.grammar.nouns import (
    ATTRIBUTES,
    OFFICES,
    PETS,
    PLURALS,
    ROLE_OF,
    TIES,
)
from triplemem.extract.grammar.objects import (
    Object,
    is_not_now,
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
from triplemem.extract.grammar.phrases import Noun, at, read_noun, read_nouns
from triplemem.extract.grammar.tokens import PUNCT, WORD
from triplemem.extract.grammar.trailing import trailing
from triplemem.extract.grammar.verbs import Verb

_OVER = frozenset({"over"})
_TIED = frozenset("married_to engaged_to dating friend_of works_with lives_with reports_to".split())
_MAKERS = frozenset("founder co-founder owner author creator maintainer inventor".split())
_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_PHONE = re.compile(r"\+?\(?\d[\d ().-]{5,20}\d")
_PRONOUNS = re.compile(r"(?:she|he|they|it|xe|ze|any)(?:\s?/\s?\w{1,8}){1,3}", re.I)
_ZONE = re.compile(
    r"(?:UTC|GMT)\s?[+-]\s?\d{1,2}(?::?\d{2})?|[A-Z]{2,5}\b|[A-Z][a-z]+/[A-Z][A-Za-z_]+"
    r"|(?:Central|Eastern|Pacific|Mountain)\b[\w ]{0,20}[Tt]ime"
)
_NEXT = re.compile(
    r",? (?:and|but|so|because|which|where) (?=(?:my|our|his|her|their|its|i|we|he|she|the|it|is|that|nobody)\b)"
    r"| [-–—] | (?:btw|lol|haha|tbh|fyi)\b",
    re.I,
)
"""Where a further clause begins behind an address."""
_LOOSE = re.compile(r",? (?:and|but|so|because)\W*\Z")
_ADDRESS = re.compile(r"\d+[a-z]?,? [^.;!?\n]{3,100}|[A-Z][^.;!?\n]{2,60} \d+[a-z]?(?:, [^.;!?\n]{2,60})?")


def attribute(clause: Clause, verb: Verb, i: int) -> int:
    """As in "is 34", "is vegan", "was born in": what is said of somebody by a word; how far it was read."""
    subject = clause.subjects[0]
    if len(clause.subjects) != 1 or subject.pronoun or (verb.negated and not verb.ended):
        return i
    owner = subject.owner or (subject.of if not subject.of or not subject.of.pronoun else None)
    if owner is None and subject.head not in {"deadline", "status"}:
        return i
    if (
        subject.words
        and subject.words[0].low in {"favorite", "favourite", "fave", "fav"}
        and len(subject.words) > 1
        and owner
    ):
        return _favourite(clause, verb, subject, owner, i)
    predicate = ATTRIBUTES.get(subject.head)
    if subject.head == "date" and subject.of is not None and subject.of.head == "birth":
        return _value(clause, verb, "birthday", subject.owner, i) if subject.owner else i
    if predicate is None or owner is None or verb.modal:
        return i
    if subject.head == "number" and set(subject.lows) <= {"new", "number", "own"} and owner.pronoun:
        return _value(clause, verb, predicate, owner, i)
    if subject.head == "number" and not set(subject.lows) & {"phone", "mobile", "cell", "telephone"}:
        return i
    if (subject.head == "zone" and "time" not in subject.lows) or (
        subject.head == "date" and not set(subject.lows) & {"due", "launch", "release", "start"}
    ):
        return i
    if predicate == "speaks" and not set(subject.lows) & {"native", "first", "mother", "second"}:
        return i
    if subject.head == "title" and "job" not in subject.lows:
        return i
    if predicate == "name" and subject.head == "name":
        return _name(clause, verb, owner, i)
    return _value(clause, verb, predicate, owner, i)


def _favourite(clause: Clause, verb: Verb, subject: Noun, owner: Noun, i: int) -> int:
    nouns, stop, sure = read_nouns(clause.words, i)
    objects = [found for noun in nouns if (found := liked(noun, clause.reading))]
    if not objects or not sure:
        return i
    if len(nouns) > 1 and not subject.head.endswith("s") and at(clause.words, nouns[-1].start - 1) not in {"and", "&"}:
        objects, stop = objects[:1], nouns[0].stop  # "is The Leopard, hands down"
    predicate = "favorite_" + re.sub(r"\W+", "_", " ".join(subject.lows[1:]).replace("colour", "color"))
    stop = trailing(clause, stop)
    inner = Clause(clause.reading, clause.words, [owner], clause.start, clause.times)
    inner.say(verb, predicate, objects, stop, flags=_OVER)
    return stop


def _name(clause: Clause, verb: Verb, owner: Noun, i: int) -> int:
    """As in "My name is Ann", "my dog's name is Pixel"."""
    noun = read_noun(clause.words, i, short=True)
    if noun is None or not (noun.proper or noun.quoted):
        return i
    if owner.pronoun and _named_now(clause, owner, noun):
        return noun.stop
    if owner.pronoun:
        Clause(clause.reading, clause.words, [owner], clause.start).say(verb, "name", [Object(noun.text)], noun.stop)
    elif owner.head in TIES and owner.owner is not None:
        owner.names = [noun]
        clause.introduce(owner, clause.quote(noun.stop))
    return noun.stop


def _named_now(clause: Clause, owner: Noun, name: Noun) -> bool:
    """As in "We got a puppy! Her name is Luna": what was said of a puppy is said of Luna."""
    reading = clause.reading
    text = reading.resolve(owner)
    if text is None or text == I or (text[:1].isupper() and "'s " not in text):
        return False
    for n, claim in enumerate(reading.claims):
        said = claim.triplet
        if said.object == text and (said.predicate.startswith("has_") or said.predicate in _TIED):
            low, high = clause.quote(name.stop)
            reading.claims[n] = replace(claim, triplet=replace(said, object=name.text, quote=reading.text[low:high]))
            reading.mention(name.text, said.object_kind or "")
            return True
    return False


def _value(clause: Clause, verb: Verb, predicate: str, owner: Noun, i: int) -> int:
    words = clause.words
    inner = Clause(clause.reading, words, [owner], clause.start, clause.times)
    if is_time(words, i) or (at(words, i) in {"on", "by", "the"} and is_time(words, i + 1)):
        j = i if is_time(words, i) else i + 1
        if predicate == "birthday":
            inner.claim(predicate, birthday(words[j]), clause.quote(j + 1))
        elif predicate == "due_on":
            inner.claim(predicate, dated_object(words[j], forward=not verb.past), clause.quote(j + 1))
        return j + 1
    if predicate in {"birthday", "due_on"}:
        return i
    if predicate == "age":
        if not at(words, i).isdigit():
            return i
        inner.say(verb, predicate, [Object(words[i].text)], i + 1)
        return i + 1
    pattern = {"email": _EMAIL, "phone": _PHONE, "pronouns": _PRONOUNS, "timezone": _ZONE, "address": _ADDRESS}.get(
        predicate
    )
    if pattern is not None:
        return _literal(inner, verb, predicate, pattern, i)
    if predicate == "goal":
        return _goal(inner, verb, i)
    nouns, stop, sure = read_nouns(words, i)
    reader = {"from": place, "born_in": place, "located_in": place, "works_at": organization, "speaks": language}.get(
        predicate, thing
    )
    objects = [found for noun in nouns if (found := reader(noun, clause.reading))]
    if predicate == "status" and not objects:
        objects, stop = _words(clause, i)
    if not objects or not sure or (predicate in {"diet", "works_as"} and nouns[0].owner):
        return i
    stop = trailing(inner, stop)
    inner.say(
        verb, predicate, objects[:1] if predicate in {"from", "born_in", "status"} else objects, stop, flags=_OVER
    )
    return stop


def _literal(clause: Clause, verb: Verb, predicate: str, pattern: re.Pattern[str], i: int) -> int:
    words = clause.words
    if i >= len(words):
        return i
    end = words[min(i + 24, len(words)) - 1].end
    found = pattern.match(clause.reading.text, words[i].start, end)
    if found is None:
        return i
    stop = i
    while stop < len(words) and words[stop].start < found.end():
        stop += 1
    said = _LOOSE.sub("", _NEXT.split(found[0])[0]) if predicate == "address" else found[0]
    while said != found[0] and stop > i and words[stop - 1].start >= found.start() + len(said):
        stop -= 1
    clause.say(verb, predicate, [Object(said.strip(" ,."))], stop)
    return stop


def _goal(clause: Clause, verb: Verb, i: int) -> int:
    words = clause.words
    if at(words, i) != "to":
        return i
    stop = i + 1
    while (
        stop < len(words)
        and stop < i + 16
        and words[stop].kind != PUNCT
        and at(words, stop) not in {"but", "because", "so"}
    ):
        stop += 1
    if stop > i + 1:
        said = clause.reading.text[words[i + 1].start : words[stop - 1].end]
        clause.say(verb, "goal", [Object(" ".join(said.split()))], stop, beside=[])
    return stop


def _words(clause: Clause, i: int) -> tuple[list[Object], int]:
    """One to three plain words: "on hold", "green"."""
    words, stop = clause.words, i
    while stop < len(words) and stop < i + 3 and words[stop].kind == WORD:
        stop += 1
    return ([Object(" ".join(word.text for word in words[i:stop]))] if stop > i else []), stop


def who_is(clause: Clause, verb: Verb, i: int) -> int:
    """As in "My boss is Bob", "the CEO of Acme is Carol": the complement is who."""
    subject = clause.subjects[0]
    if len(clause.subjects) != 1 or subject.names or subject.pronoun:
        return i
    if subject.head == "parents" and subject.owner is not None:
        return _parents(clause, verb, subject.owner, i)
    of_role = ROLE_OF.get(subject.head) if subject.of is not None and subject.head in OFFICES | _MAKERS else None
    head = PLURALS.get(subject.head, subject.head)
    tied = head in TIES and (subject.owner is not None or subject.of is not None)
    owned_office = subject.owner is not None and subject.head in OFFICES | _MAKERS and not subject.owner.pronoun
    if not (of_role or tied or owned_office):
        return i
    if tied and is_not_now(subject):
        return i
    if at(clause.words, i) in {"called", "named"}:
        i += 1
    nouns, stop, sure = read_nouns(clause.words, i)
    if len(nouns) > 1 and nouns[1].owner is not None and at(clause.words, nouns[0].stop) == ",":
        nouns, stop = nouns[:1], nouns[0].stop  # "my mum is called Teresa, my dad's Lorcan"
    if (
        not sure
        or not nouns
        or not all((noun.proper and is_person_noun(noun)) or noun.pronoun in {"me", "i"} for noun in nouns)
    ):
        return i
    if tied and head in PETS and not all(noun.proper for noun in nouns):
        return i
    owner = subject.owner or subject.of
    assert owner is not None
    objects = [found for noun in nouns if (found := person(noun, clause.reading))]
    stop = trailing(clause, stop)
    if tied and not of_role:
        tie = TIES[head]
        objects = [Object(found.text, tie.kind) for found in objects]
        inner = Clause(clause.reading, clause.words, [owner], clause.start, clause.times)
        if inner.say(verb, tie.predicate, objects, stop, flags=_OVER) and len(objects) == 1 and not verb.past:
            who = clause.reading.resolve(owner)
            if who is not None and head not in {"friend", "colleague"}:
                clause.reading.ties[(who, head)] = objects[0].text
                clause.reading.rename(f"{clause.reading.me if who == I else who}'s {subject.text}", objects[0].text)
                clause.reading.mention(objects[0].text, tie.kind, tie.gender)
        return stop
    of = unit(owner, clause.reading) or organization(owner, clause.reading)
    if of is not None and objects:
        inner = Clause(clause.reading, clause.words, nouns, clause.start, clause.times)
        inner.say(verb, of_role or ROLE_OF[subject.head], [Object(of.text)], stop, flags=_OVER)
    return stop


def _parents(clause: Clause, verb: Verb, child: Noun, i: int) -> int:
    """As in "Emre's parents are Selim and Aylin"."""
    nouns, stop, sure = read_nouns(clause.words, i)
    who = person(child, clause.reading)
    if who is None or not sure or len(nouns) != 2 or not all(may_be_first_name(noun) for noun in nouns):
        return i
    inner = Clause(clause.reading, clause.words, nouns, clause.start, clause.times)
    inner.say(verb, "has_child", [who], stop, flags=_OVER)
    return stop
