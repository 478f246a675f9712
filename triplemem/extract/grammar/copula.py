"""What "is" says: an occupation, a tie, an attribute, a place, a state."""

from __future__ import annotations

import re

from triplemem.extract.grammar.clause import Clause, any_more, is_time, skip_adverbs, skip_phrase
from triplemem.extract.grammar.dated import birthday, dated_object
from triplemem.extract.grammar.nouns import (
    ATTRIBUTES,
    CONDITION_ADJECTIVES,
    DIETS,
    EMPLOYMENT,
    GROUPS,
    MARITAL,
    OFFICES,
    PETS,
    PLURALS,
    ROLE_OF,
    STATUS_PHRASES,
    STATUSES,
    TIES,
    TOGETHER,
)
from triplemem.extract.grammar.objects import (
    Object,
    is_person_noun,
    is_role,
    language,
    liked,
    organization,
    person,
    place,
    thing,
    tool,
    unit,
)
from triplemem.extract.grammar.phrases import Noun, at, is_word, read_noun, read_nouns
from triplemem.extract.grammar.tokens import PUNCT, QUOTED, WORD
from triplemem.extract.grammar.verbs import Verb
from triplemem.extract.grammar.words import PREPOSITIONS

_OVER = frozenset({"over"})
_EVENT = frozenset({"event"})
_NONE: frozenset[str] = frozenset()

# "is ADJECTIVE PREPOSITION X": predicate, kind of object, flags.
_ADJECTIVES = {
    "allergic to": ("allergic_to", "liked"), "intolerant to": ("allergic_to", "liked"),
    "afraid of": ("afraid_of", "liked"), "scared of": ("afraid_of", "liked"),
    "terrified of": ("afraid_of", "liked"), "frightened of": ("afraid_of", "liked"),
    "interested in": ("interested_in", "liked"), "curious about": ("interested_in", "liked"),
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
    "blocked on": ("blocked_by", "thing"), "waiting on": ("blocked_by", "thing"), "waiting for": ("blocked_by", "thing"),
    "affiliated with": ("member_of", "organization"), "on the board of": ("member_of", "organization"),
    "active in": ("member_of", "group"), "involved in": ("works_on", "thing"), "vegan since": ("diet", "thing"),
}  # fmt: skip
_THINGS = frozenset({"depends_on", "blocked_by"})
_KINDS = {
    "liked": liked, "language": language, "thing": thing, "unit": unit, "person": person, "place": place,
    "organization": organization, "group": organization,
}  # fmt: skip
_NOT_CONDITIONED = frozenset("so such very more less".split())
_VALUE_STOPS = re.compile(r"[,;!]|\.(?:\s|$)|\s(?:and|but|so|because|now|until|since)\s")
_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_PHONE = re.compile(r"\+?\(?\d[\d ().-]{5,20}\d")
_PRONOUNS = re.compile(r"(?:she|he|they|it|xe|ze|any)(?:\s?/\s?\w{1,8}){1,3}", re.I)
_ZONE = re.compile(r"(?:UTC|GMT)\s?[+-]\s?\d{1,2}(?::?\d{2})?|[A-Z]{2,5}\b|[A-Z][a-z]+/[A-Z][A-Za-z_]+|(?:Central|Eastern|Pacific|Mountain)\b[\w ]{0,20}[Tt]ime")
_ADDRESS = re.compile(r"\d+[a-z]?,? [^.;!?\n]{3,100}|[A-Z][^.;!?\n]{2,60} \d+[a-z]?(?:, [^.;!?\n]{2,60})?")


def read(clause: Clause, verb: Verb) -> int:
    """Claim what stands behind "is"; the word at which it stops."""
    words = clause.words
    verb.ended = verb.ended or (verb.negated and any_more(words, verb.stop))
    i = verb.stop
    while i < len(words) and is_time(words, i) and not _takes_date(clause):
        clause.times.append(words[i])
        i += 1
    i = skip_adverbs(words, i)
    for reader in (_attribute, _reversed, _date, _adjective, _plural, _state, _located, _identity):
        stop = reader(clause, verb, i)
        if stop > i:
            return stop
    return i


def trailing(clause: Clause, i: int) -> int:
    """Gather the times behind a complement; skip adverbs and phrases of no interest."""
    words = clause.words
    for _ in range(6):
        if is_time(words, i):
            clause.times.append(words[i])
            i += 1
        elif at(words, i) == "," and is_time(words, i + 1):
            i += 1
        elif (after := skip_adverbs(words, i)) > i:
            i = after
        elif at(words, i) == "not" or at(words, i) == "," and at(words, i + 1) == "not":
            noun = read_noun(words, i + 1 + (at(words, i) == ","))
            if noun is None:
                return i
            i = noun.stop
        elif at(words, i) in PREPOSITIONS and at(words, i) not in {"as", "like", "since", "until", "before", "after"}:
            i = skip_phrase(words, i)
        else:
            break
    return i


def _takes_date(clause: Clause) -> bool:
    return len(clause.subjects) == 1 and ATTRIBUTES.get(clause.subjects[0].head) in {"birthday", "due_on"}


# --- "my X is V", "the X of Y is V" -----------------------------------------------------------------------------------


def _attribute(clause: Clause, verb: Verb, i: int) -> int:
    subject = clause.subjects[0]
    if len(clause.subjects) != 1 or subject.pronoun or verb.negated and not verb.ended:
        return i
    owner = subject.owner or (subject.of if not subject.of or not subject.of.pronoun else None)
    if owner is None and subject.head not in {"deadline", "status"}:
        return i
    if subject.words and subject.words[0].low in {"favorite", "favourite"} and len(subject.words) > 1 and owner:
        return _favourite(clause, verb, subject, owner, i)
    predicate = ATTRIBUTES.get(subject.head)
    if predicate is None or owner is None or verb.modal:
        return i
    if subject.head == "number" and not set(subject.lows) & {"phone", "mobile", "cell", "telephone"}:
        return i
    if subject.head == "zone" and "time" not in subject.lows or subject.head == "date" and not set(subject.lows) & {"due", "launch", "release", "start"}:
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
    predicate = "favorite_" + re.sub(r"\W+", "_", " ".join(subject.lows[1:]).replace("colour", "color"))
    stop = trailing(clause, stop)
    inner = Clause(clause.reading, clause.words, [owner], clause.start, clause.times)
    inner.say(verb, predicate, objects, stop, flags=_OVER)
    return stop


def _name(clause: Clause, verb: Verb, owner: Noun, i: int) -> int:
    """ "My name is Ann", "my dog's name is Pixel"."""
    noun = read_noun(clause.words, i, short=True)
    if noun is None or not (noun.proper or noun.quoted):
        return i
    if owner.pronoun:
        Clause(clause.reading, clause.words, [owner], clause.start).say(verb, "name", [Object(noun.text)], noun.stop)
    elif owner.head in TIES and owner.owner is not None:
        owner.names = [noun]
        clause.introduce(owner, clause.quote(noun.stop))
    return noun.stop


def _value(clause: Clause, verb: Verb, predicate: str, owner: Noun, i: int) -> int:
    words = clause.words
    inner = Clause(clause.reading, words, [owner], clause.start, clause.times)
    if is_time(words, i) or at(words, i) in {"on", "by", "the"} and is_time(words, i + 1):
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
    pattern = {"email": _EMAIL, "phone": _PHONE, "pronouns": _PRONOUNS, "timezone": _ZONE, "address": _ADDRESS}.get(predicate)
    if pattern is not None:
        return _literal(inner, verb, predicate, pattern, i)
    if predicate == "goal":
        return _goal(inner, verb, i)
    nouns, stop, sure = read_nouns(words, i)
    reader = {"from": place, "born_in": place, "located_in": place, "works_at": organization}.get(predicate, thing)
    objects = [found for noun in nouns if (found := reader(noun, clause.reading))]
    if predicate == "status" and not objects:
        objects, stop = _words(clause, i)
    if not objects or not sure or predicate in {"diet", "works_as"} and nouns[0].owner:
        return i
    stop = trailing(inner, stop)
    inner.say(verb, predicate, objects[:1] if predicate in {"from", "born_in", "status"} else objects, stop, flags=_OVER)
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
    clause.say(verb, predicate, [Object(found[0].strip(" ,."))], stop)
    return stop


def _goal(clause: Clause, verb: Verb, i: int) -> int:
    words = clause.words
    if at(words, i) != "to":
        return i
    stop = i + 1
    while stop < len(words) and stop < i + 16 and words[stop].kind != PUNCT and at(words, stop) not in {"but", "because", "so"}:
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


def _reversed(clause: Clause, verb: Verb, i: int) -> int:
    """ "My boss is Bob", "the CEO of Acme is Carol": the complement is who."""
    subject = clause.subjects[0]
    if len(clause.subjects) != 1 or subject.names or subject.pronoun:
        return i
    of_role = ROLE_OF.get(subject.head) if subject.of is not None and subject.head in OFFICES | {"founder", "owner", "author", "maintainer"} else None
    head = PLURALS.get(subject.head, subject.head)
    tied = head in TIES and (subject.owner is not None or subject.of is not None)
    owned_office = subject.owner is not None and subject.head in OFFICES and not subject.owner.pronoun
    if not (of_role or tied or owned_office):
        return i
    if at(clause.words, i) in {"called", "named"}:
        i += 1
    nouns, stop, sure = read_nouns(clause.words, i)
    if not sure or not nouns or not all(noun.proper and is_person_noun(noun) or noun.pronoun in {"me", "i"} for noun in nouns):
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
                clause.reading.mention(objects[0].text, tie.kind, tie.gender)
        return stop
    of = unit(owner, clause.reading) or organization(owner, clause.reading)
    if of is not None and objects:
        inner = Clause(clause.reading, clause.words, nouns, clause.start, clause.times)
        inner.say(verb, of_role or ROLE_OF[subject.head], [Object(of.text)], stop, flags=_OVER)
    return stop


# --- "is due on …", "is allergic to …", "is vegan" --------------------------------------------------------------------


def _date(clause: Clause, verb: Verb, i: int) -> int:
    words = clause.words
    if at(words, i) == "due" and is_time(words, i + 1):
        if not verb.modal and not verb.negated and clause.things():
            clause.claim("due_on", dated_object(words[i + 1], forward=not verb.past), clause.quote(i + 2))
        return i + 2
    if at(words, i) == "born":
        return _born(clause, verb, i + 1)
    low = at(words, i)
    years = at(words, i + 1) in {"years", "year"} and at(words, i + 2) == "old"
    if low.isascii() and low.isdigit() and 1 <= int(low) <= 119 and is_word(words, i):
        after = words[i + 1] if i + 1 < len(words) else None
        if years or after is None or after.kind == PUNCT and after.low not in {"%", ":", "/", "°", "$", "€"} or after.low in {"and", "now"} or is_time(words, i + 1):
            stop = i + 3 if years else i + 1
            if (clause.persons() or years) and not _counted(clause):
                clause.say(verb, "age", [Object(low)], stop)
            return stop
    return i


def _counted(clause: Clause) -> bool:
    return any(noun.pronoun in {"it", "they", "we"} for noun in clause.subjects)


def born(clause: Clause, verb: Verb) -> int:
    """ "was born in Rome on 3 May 1990"."""
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


def _adjective(clause: Clause, verb: Verb, i: int) -> int:
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
        if (clause.things() if predicate in _THINGS else predicate == "part_of" or clause.persons() or predicate == "leads"):
            clause.say(verb, predicate, objects, stop, flags=flags, about=nouns)
        return stop
    return i


def _plural(clause: Clause, verb: Verb, i: int) -> int:
    """ "Ann and Bob are siblings", "are married to each other"."""
    words = clause.words
    j = i + (at(words, i) in {"best", "good", "close", "old"})
    predicate = TOGETHER.get(at(words, j))
    if predicate is None or len(clause.subjects) != 2 or at(words, j + 1) in {"to", "with", "of"} and at(words, j + 2) != "each":
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
    if low in {"lactose", "gluten"} and following in {"intolerant", "free"}:
        stop = trailing(clause, j + 2)
        clause.say(verb, "diet" if low == "gluten" else "has_condition", [Object(f"{low} {'intolerance' if low == 'lactose' else 'free'}")], stop)
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
    return _status(clause, verb, i)


def _closes(clause: Clause, j: int) -> bool:
    """Is the complement over, so that the adjective is not that of a noun?"""
    words = clause.words
    return j >= len(words) or words[j].kind in {PUNCT, "t"} or at(words, j) in {"and", "but", "so", "since", "now", "because", "or", "though"} | {"again", "too", "anymore", "currently", "at", "from", "by"} or skip_adverbs(words, j) > j


def _status(clause: Clause, verb: Verb, i: int) -> int:
    words = clause.words
    subject = clause.subjects[0]
    if len(clause.subjects) != 1 or subject.pronoun or is_person_noun(subject) and not subject.proper or verb.past:
        return i
    if not (subject.head in {"project", "migration", "release", "launch", "rollout", "redesign"} or subject.proper and not subject.owner):
        return i
    low = at(words, i)
    if low in STATUSES and clause.things():
        text, stop = low, i + 1
    elif low in STATUS_PHRASES and at(words, i + 1) in STATUS_PHRASES[low] and clause.things():
        text, stop = f"{low} {at(words, i + 1)}", i + 2
    else:
        return i
    stop = trailing(clause, stop)
    clause.say(verb, "status", [Object(text)], stop)
    return stop


# --- "is in Singapore until March", "is a nurse", "is my sister" ------------------------------------------------------


def _located(clause: Clause, verb: Verb, i: int) -> int:
    words = clause.words
    if at(words, i) == "on" and (noun := read_noun(words, i + 1)) is not None and noun.head in GROUPS and clause.persons():
        found = organization(noun, clause.reading)
        stop = trailing(clause, noun.stop)
        if found is not None and noun.det not in {"a", "an"}:
            clause.say(verb, "member_of", [found], stop, flags=_OVER)
        return stop
    if at(words, i) not in {"in", "over"} or at(words, i) == "over" and at(words, i + 1) != "in":
        return i
    i += at(words, i) == "over"
    noun = read_noun(words, i + 1)
    found = place(noun, clause.reading) if noun is not None else None
    if noun is None or found is None:
        return i
    stop = noun.stop
    if at(words, stop) == "," and (more := read_noun(words, stop + 1)) is not None and more.proper and place(more, clause.reading):
        stop = more.stop
    stop = trailing(clause, stop)
    dated = [token for token in clause.times if token.when and token.when.relation in {"until", "span", "at"}]
    if dated and clause.persons():
        clause.say(verb, "staying_in", [found], stop)
    elif clause.things() and not clause.persons() and not clause.times:
        clause.say(verb, "located_in", [found], stop)
    return stop


def _identity(clause: Clause, verb: Verb, i: int) -> int:
    words = clause.words
    nouns, stop, sure = read_nouns(words, i)
    if not nouns or not sure or nouns[0].pronoun:
        return i
    if i < len(words) and words[i].kind == QUOTED:
        return stop
    done = i
    objects: list[Object] = []
    for noun in nouns:
        if (relation := _relation(clause, verb, noun)) is not None:
            done = max(done, relation)
        elif is_role(noun) and noun.det in {"a", "an", "", "the", "now"} and not noun.owner and clause.persons():
            objects.append(Object(_singular(noun, clause)))
            done = max(done, noun.stop)
        elif noun.head in DIETS and noun.det in {"a", "an"}:
            done = max(done, trailing(clause, noun.stop))
            clause.say(verb, "diet", [Object(noun.head)], done, flags=_OVER)
    if objects and (nouns[0].det != "the" or at(words, done) in {"at", "for"}):
        place_of_work, done = _employer(clause, done)
        done = trailing(clause, done)
        clause.say(verb, "works_as", objects, done, flags=_OVER)
        if place_of_work is not None:
            clause.say(verb, "works_at", [place_of_work], done, flags=_OVER)
    return max(done, stop)


def _singular(noun: Noun, clause: Clause) -> str:
    text = noun.text
    if len(clause.subjects) > 1 and noun.head.endswith("s") and not noun.head.endswith("ss"):
        return text[:-1]
    return text


def _employer(clause: Clause, i: int) -> tuple[Object | None, int]:
    words = clause.words
    if at(words, i) in {"at", "for", "with"} and (noun := read_noun(words, i + 1)) is not None:
        found = organization(noun, clause.reading)
        if found is not None and (noun.proper or noun.det in {"a", "an", "the"}):
            return found, noun.stop
    return None, i


def _relation(clause: Clause, verb: Verb, noun: Noun) -> int | None:
    """ "is my sister", "is a friend of Bob", "is the head of ML", "is a member of the chess club"."""
    words = clause.words
    head = PLURALS.get(noun.head, noun.head)
    role = ROLE_OF.get(head)
    owner = noun.owner or noun.of
    if head in TIES and owner is not None and (noun.owner is not None or head not in {"manager", "boss", "coach", "teacher"}):
        stop = trailing(clause, noun.stop)
        tie = TIES[head]
        subjects = [found for s in clause.subjects if (found := clause.who(s))]
        if len(subjects) == len(clause.subjects) and (clause.persons() or tie.kind == "animal"):
            objects = [Object(text, tie.kind) for text, _, _ in subjects]
            inner = Clause(clause.reading, words, [owner], clause.start, clause.times)
            if inner.say(verb, tie.predicate, objects, stop, flags=_OVER):
                clause.reading.mention(objects[0].text, tie.kind, tie.gender, subject=True)
        return stop
    if noun.of is not None and role is not None:
        return _office(clause, verb, noun, role)
    if noun.owner is not None and role is not None and head in OFFICES and not noun.owner.pronoun:
        noun.of = noun.owner
        return _office(clause, verb, noun, role)
    if head == "member" and noun.words[:-1] and noun.det in {"a", "an"}:
        return noun.stop
    if head in OFFICES and at(words, noun.stop) in {"at", "for"} and noun.det in {"the", ""} and head in {"ceo", "cto", "cfo", "coo", "principal", "mayor", "dean"}:
        after = read_noun(words, noun.stop + 1)
        if after is not None and after.proper:
            noun.of, noun.stop = after, after.stop
            return _office(clause, verb, noun, ROLE_OF[head])
    if head in {"fan", "lover"} and len(noun.words) > 1 and noun.det in {"a", "an", ""}:
        first = [word for word in noun.words[:-1] if word.low not in {"big", "huge", "massive", "great", "avid", "real", "true"}]
        if first:
            stop = trailing(clause, noun.stop)
            clause.say(verb, "likes", [Object(" ".join(word.text for word in first))], stop)
            return stop
    if head == "speaker" and len(noun.words) > 1 and noun.words[-2].low not in {"public", "keynote", "motivational"}:
        return noun.stop
    return None


def _office(clause: Clause, verb: Verb, noun: Noun, role: str) -> int:
    assert noun.of is not None
    nouns = [noun.of]
    stop = noun.stop
    if noun.of.stop == stop and at(clause.words, stop) in {"and", ","}:
        more, after, sure = read_nouns(clause.words, noun.of.start)
        if sure and len(more) > 1 and all(n.proper or n.det for n in more[1:]):
            nouns, stop = more, after
    if role in {"likes"}:
        objects = [o for n in nouns if (o := liked(n, clause.reading))]
    elif role in {"lives_in", "from"}:
        objects = [o for n in nouns if (o := place(n, clause.reading))]
    elif role == "speaks":
        objects = [o for n in nouns if (o := language(n, clause.reading))]
    elif role in {"studies", "teaches"} and clause.persons():
        objects = [o for n in nouns if (o := liked(n, clause.reading)) and not n.det]
    elif role == "leads":
        objects = [o for n in nouns if (o := unit(n, clause.reading) or tool(n, clause.reading) or _bare(n))]
    else:
        objects = [o for n in nouns if (o := thing(n, clause.reading))]
    stop = trailing(clause, stop)
    if objects and (clause.persons() or role in {"part_of", "founded", "created"}):
        flags = _OVER if role not in {"founded", "wrote", "created", "built", "won", "graduated_from"} else _NONE
        if not flags and verb.past:
            return stop
        clause.say(verb, role, objects, stop, flags=flags)
    return stop


def _bare(noun: Noun) -> Object | None:
    """ "head of marketing", "head of data science"."""
    return Object(noun.text) if noun.words and not noun.det and not noun.owner and len(noun.words) <= 3 else None


def become(clause: Clause, verb: Verb) -> int:
    """ "became a nurse", "became head of ML", "became vegan"."""
    verb.past = True if verb.form == "past" else verb.past
    words = clause.words
    i = skip_adverbs(words, verb.stop)
    nouns, stop, sure = read_nouns(words, i)
    if not nouns or not sure or verb.modal or verb.negated:
        return max(stop, verb.stop)
    noun = nouns[0]
    if noun.of is not None and (relation := ROLE_OF.get(noun.head)):
        found = unit(noun.of, clause.reading) or _bare(noun.of) or organization(noun.of, clause.reading)
        stop = trailing(clause, noun.stop)
        if found is not None and clause.persons():
            clause.say(verb, relation, [Object(found.text)], stop, flags=_EVENT)
        return stop
    if noun.head in DIETS:
        stop = trailing(clause, noun.stop)
        clause.say(verb, "diet", [Object(noun.head)], stop, flags=_EVENT)
        return stop
    if is_role(noun) and clause.persons() and not noun.owner:
        employer, stop = _employer(clause, noun.stop)
        stop = trailing(clause, stop)
        clause.say(verb, "works_as", [Object(noun.text)], stop, flags=_EVENT)
        if employer is not None:
            clause.say(verb, "works_at", [employer], stop, flags=_EVENT)
    return stop
