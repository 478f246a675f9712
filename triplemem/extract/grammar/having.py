"""What "have" and "have got" say: pets, kin, illnesses, allergies, degrees, what is owned."""

from __future__ import annotations

from triplemem.extract.grammar.clause import Clause, is_time
from triplemem.extract.grammar.nouns import PETS, PLURALS, TIES, VEHICLES
from triplemem.extract.grammar.objects import Object, goods, is_condition, liked, organization
from triplemem.extract.grammar.phrases import Noun, at, read_noun, read_nouns
from triplemem.extract.grammar.trailing import trailing
from triplemem.extract.grammar.verbs import Verb, any_more

_EVENT = frozenset({"event"})
_OVER = frozenset({"over"})
_FIXED = frozenset("a an two three four five six seven one another some several 2 3 4 5".split())


def read(clause: Clause, verb: Verb) -> int:
    """Claim what somebody has; the word at which it stops."""
    words = clause.words
    verb.ended = verb.ended or (verb.negated and any_more(words, verb.stop))
    if at(words, verb.stop) in {"to", "been"} or not clause.persons():
        return verb.stop
    nouns, stop, sure = read_nouns(words, verb.stop)
    if not nouns or not sure:
        return verb.stop
    done = stop
    for noun in nouns:
        done = max(done, _one(clause, verb, noun))
    return done


def _one(clause: Clause, verb: Verb, noun: Noun) -> int:
    head = PLURALS.get(noun.head, noun.head)
    if verb.ended and (noun.det == "the" or noun.owner is not None) and (head in PETS or head in VEHICLES):
        return _had(clause, verb, noun)
    if head in {"girl", "boy"} and len(noun.words) > 1 and noun.words[-2].low == "baby":
        noun.words, head = noun.words[:-1], "baby"
    if noun.pronoun or noun.owner or noun.det in {"no", "any", "every", "this", "that"}:
        return noun.stop
    if head in TIES:
        return _tie(clause, verb, noun, head)
    if head in {"allergy", "phobia", "intolerance", "fear"}:
        return _reaction(clause, verb, noun, head)
    stop = trailing(clause, noun.stop)
    if is_condition(noun) and noun.det in {"", "a", "an"} | _FIXED:
        clause.say(verb, "has_condition", [Object(noun.text)], stop)
    elif head in {"degree", "bachelor", "master", "masters", "phd", "ph.d", "doctorate", "diploma", "mba"}:
        return _degree(clause, verb, noun)
    elif (head in VEHICLES or (noun.proper and noun.det in {"a", "an"})) and noun.det in _FIXED and not noun.of:
        if at(clause.words, noun.stop) in {"that", "which"}:
            return stop  # "a laptop that doesn't work"
        clause.say(verb, "owns", [Object(noun.names[0].text if noun.names else noun.text)], stop)
    elif (
        head in {"job", "position", "internship"}
        and at(clause.words, noun.stop) in {"at", "with"}
        and noun.det in _FIXED
    ):
        after = read_noun(clause.words, noun.stop + 1)
        if after is not None and after.proper and (found := organization(after, clause.reading)):
            clause.say(verb, "works_at", [found], stop, flags=_OVER)
    elif head in {"interest", "passion"} and at(clause.words, noun.stop) in {"in", "for"}:
        after = read_noun(clause.words, noun.stop + 1)
        if after is not None and (found := liked(after, clause.reading)):
            clause.say(verb, "interested_in", [found], after.stop)
    return stop


def _had(clause: Clause, verb: Verb, noun: Noun) -> int:
    """As in "we don't have the Labrador anymore"."""
    stop = trailing(clause, noun.stop)
    found = goods(noun, clause.reading)
    if found is not None:
        clause.say(verb, "owns", [found], stop)
    return stop


def _tie(clause: Clause, verb: Verb, noun: Noun, head: str) -> int:
    tie = TIES[head]
    stop = trailing(clause, noun.stop)
    if noun.det == "the" or (tie.predicate in {"friend_of", "works_with"} and not noun.names):
        return stop
    if (
        head in {"doctor", "vet", "dentist", "therapist", "coach", "tutor", "teacher", "lawyer", "accountant", "intern"}
        and not noun.names
    ):
        return stop
    if head in {"kid", "child", "baby"} and not noun.names:
        return stop
    if noun.names:
        objects = [Object(name.text, tie.kind) for name in noun.names]
    elif head in PETS:
        objects = [Object(noun.text, "animal")]
    elif noun.head in PLURALS:
        return stop
    else:
        who = clause.who(clause.subjects[0])
        if who is None or len(clause.subjects) > 1:
            return stop
        owner = clause.reading.me if who[0] == "I" else who[0]
        objects = [Object(f"{owner}'s {noun.text}", tie.kind)]
    if clause.say(verb, tie.predicate, objects, stop):
        who = clause.who(clause.subjects[0])
        for item in objects:
            clause.reading.mention(item.text, tie.kind, tie.gender)
        if who is not None and len(objects) == 1 and noun.names:
            clause.reading.ties[(who[0], head)] = objects[0].text
    return stop


def _reaction(clause: Clause, verb: Verb, noun: Noun, head: str) -> int:
    """As in "a peanut allergy", "an allergy to peanuts", "a fear of heights"."""
    words = clause.words
    predicate = "allergic_to" if head == "allergy" else "afraid_of" if head in {"phobia", "fear"} else "has_condition"
    if at(words, noun.stop) in {"to", "of"} or noun.of is not None:
        nouns, stop, sure = read_nouns(words, noun.of.start if noun.of is not None else noun.stop + 1)
        objects = [found for n in nouns if (found := liked(n, clause.reading))]
        if objects and sure:
            clause.say(verb, predicate, objects, trailing(clause, stop))
        return stop
    what = [
        word.text
        for word in noun.words[:-1]
        if word.low
        not in {
            "severe",
            "bad",
            "mild",
            "serious",
            "slight",
            "strong",
            "terrible",
            "nasty",
            "huge",
            "big",
            "irrational",
            "deadly",
        }
    ]
    stop = trailing(clause, noun.stop)
    if what:
        text = " ".join(what)
        if predicate == "has_condition":
            text = f"{text} {head}"
        elif (
            predicate == "allergic_to"
            and text.islower()
            and text
            in {
                "peanut",
                "nut",
                "egg",
                "cat",
                "dog",
                "strawberry",
                "walnut",
                "almond",
                "cashew",
                "shrimp",
                "bee",
                "wasp",
            }
        ):
            text = {"strawberry": "strawberries", "shrimp": "shrimp"}.get(text, text + "s")
        clause.say(verb, predicate, [Object(text)], stop)
    return stop


def _degree(clause: Clause, verb: Verb, noun: Noun) -> int:
    words, i = clause.words, noun.stop
    for _ in range(3):
        if at(words, i) in {"from", "at"} and (school := read_noun(words, i + 1)) is not None:
            found = organization(school, clause.reading)
            if found is not None and school.proper:
                verb.past, verb.perfect = True, False
                clause.say(verb, "graduated_from", [found], school.stop, flags=_EVENT)
            i = school.stop
        elif at(words, i) in {"in", "of"} and (subject := read_noun(words, i + 1)) is not None:
            i = subject.stop
        elif is_time(words, i):
            clause.times.append(words[i])
            i += 1
    return i
