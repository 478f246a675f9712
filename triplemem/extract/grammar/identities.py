"""What a noun behind "is" says: an occupation, a tie, an office, a membership."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from triplemem.extract.grammar.clause import Clause, skip_adverbs
from triplemem.extract.grammar.memory import Reading
from triplemem.extract.grammar.nouns import (
    DIETS,
    GROUPS,
    LANGUAGES,
    OFFICES,
    PLURALS,
    PROJECTS,
    ROLE_OF,
    TIES,
    UNITS,
)
from triplemem.extract.grammar.objects import (
    Object,
    is_not_now,
    is_role,
    language,
    liked,
    may_be_first_name,
    organization,
    place,
    thing,
    tool,
    unit,
)
from triplemem.extract.grammar.phrases import Noun, at, read_noun, read_nouns, spelt
from triplemem.extract.grammar.tokens import QUOTED, WORD, Token
from triplemem.extract.grammar.trailing import trailing
from triplemem.extract.grammar.verbs import Verb, read_verb
from triplemem.extract.grammar.words import COUNTS

_OVER = frozenset({"over"})
_EVENT = frozenset({"event"})
_NONE: frozenset[str] = frozenset()

_PRAISE = frozenset(
    """good great terrible awful amazing awesome brilliant lousy bad decent fantastic fast slow better huge keen
    passionate avid excellent wonderful talented gifted mediocre horrible""".split()
)
_AT_HOME = frozenset(
    "cook baker driver dancer singer swimmer writer runner painter gardener photographer musician player cyclist "
    "poet artist planner teacher coach leader".split()
)
"""With praise or blame these say how somebody does it, not what they work as."""
_NOT_YET = frozenset("aspiring wannabe budding would-be future failed unemployed armchair hobby amateur".split())
_AFTER_NAME = frozenset("and from but btw by of".split())
_MAKERS = frozenset("founder co-founder owner author creator maintainer inventor".split())


def identity(clause: Clause, verb: Verb, i: int) -> int:
    """As in "is a nurse", "is my boss", "is the head of ML": what somebody is; how far it was read."""
    words = clause.words
    nouns, stop, sure = read_nouns(words, i)
    if not nouns or not sure or nouns[0].pronoun:
        return i
    if i < len(words) and words[i].kind == QUOTED:
        return stop
    told = at(words, nouns[0].stop) == "," and at(words, nouns[0].stop + 1) in {"a", "an"}
    named = not nouns[0].det and may_be_first_name(nouns[0]) and verb.asserts and not verb.past
    if told and clause.subjects[0].pronoun == "i" and named:
        clause.say(verb, "name", [Object(nouns[0].text)], nouns[0].stop)  # "I'm Ngozi, a midwife"
        return identity(clause, verb, nouns[0].stop + 1)
    if (
        clause.subjects[0].pronoun == "i"
        and named
        and len(nouns) == 1
        and (
            nouns[0].stop >= len(words) or words[nouns[0].stop].kind != WORD or at(words, nouns[0].stop) in _AFTER_NAME
        )
    ):
        if not nouns[0].of and len(nouns[0].words) <= 3:
            clause.say(verb, "name", [Object(nouns[0].text)], nouns[0].stop)
        return stop
    done = i
    objects: list[Object] = []
    for noun in nouns:
        _cut(noun)
        if (relation := _relation(clause, verb, noun)) is not None:
            done = max(done, relation)
        elif is_role(noun) and noun.det in {"a", "an", "", "the", "now"} and not noun.owner and clause.persons():
            held = _held(clause, verb, noun)
            objects += [Object(_singular(held, clause))] if held is not None else []
            done = max(done, noun.stop)
        elif noun.head in DIETS and noun.det in {"a", "an"}:
            done = max(done, trailing(clause, noun.stop))
            clause.say(verb, "diet", [Object(noun.head)], done, flags=_OVER)
    if objects and (nouns[0].det != "the" or at(words, done) in {"at", "for", "on"}):
        place_of_work, done = _employer(clause, done)
        done = _project(clause, verb, done)
        done = _based(clause, verb, _origin(clause, verb, done))
        done = trailing(clause, done)
        clause.say(verb, "works_as", objects, done, flags=_OVER)
        if place_of_work is not None:
            clause.say(verb, "works_at", [place_of_work], done, flags=_OVER)
    return max(done, stop) if not objects or len(nouns) > 1 else max(done, nouns[0].stop)


def _cut(noun: Noun) -> None:
    """Of "a freelance illustrator based" the illustrator."""
    cut = next((n for n, word in enumerate(noun.words) if n and word.low in {"based", "living"}), 0)
    if cut:
        noun.words, noun.stop = noun.words[:cut], noun.stop - len(noun.words) + cut


def _based(clause: Clause, verb: Verb, i: int) -> int:
    """As in "an illustrator based in Ghent"."""
    based = at(clause.words, i) in {"based", "living"} and at(clause.words, i + 1) == "in"
    noun = read_noun(clause.words, i + 2) if based else None
    found = place(noun, clause.reading) if noun is not None else None
    if noun is None or found is None:
        return i
    stop = trailing(clause, noun.stop)
    clause.say(verb, "lives_in", [found], stop, flags=_OVER)
    return stop


def _held(clause: Clause, verb: Verb, noun: Noun) -> Noun | None:
    """The occupation as somebody has it: none of a "former nurse", an "aspiring actor" or a "terrible cook"."""
    first = noun.words[0].low if len(noun.words) > 1 else ""
    if first in _PRAISE and noun.head not in _AT_HOME:
        return _held(clause, verb, replace(noun, words=noun.words[1:]))
    if first in {"retired", "former"} and not (verb.past or verb.ended or verb.negated or verb.modal):
        over = replace(verb, ended=True)
        clause.say(over, "works_as", [Object(spelt(noun.words[1:]))], noun.stop)
        if first == "retired":
            clause.say(verb, "employment_status", [Object("retired")], noun.stop)
    return None if first in _NOT_YET or first in _PRAISE | {"retired", "former"} else noun


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


def _origin(clause: Clause, verb: Verb, i: int) -> int:
    """As in "a midwife from Enugu"."""
    noun = read_noun(clause.words, i + 1) if at(clause.words, i) == "from" else None
    found = place(noun, clause.reading) if noun is not None else None
    if noun is None or found is None or not noun.proper or verb.past:
        return i
    clause.say(verb, "from", [found], noun.stop)
    return noun.stop


def shown(reading: Reading, words: Sequence[Token], i: int) -> int:
    """As in "That's Signe, Freya's daughter": who is shown; how far it was read."""
    if at(words, i) not in {"that", "this", "here"} or at(words, i + 1) not in {"'s", "is"}:
        return i
    noun = read_noun(words, i + 2)
    tie = read_noun(words, noun.stop + 1) if noun is not None and at(words, noun.stop) == "," else None
    if noun is None or tie is None or not noun.proper or tie.owner is None or tie.head not in TIES or tie.names:
        return i
    if is_not_now(tie):
        return i
    clause = Clause(reading, words, [noun], i)
    return _relation(clause, Verb("be", i + 1, i + 2, "is"), tie) or i


def _project(clause: Clause, verb: Verb, i: int) -> int:
    """As in "a developer on the Atlas project": works on it, too."""
    if at(clause.words, i) != "on" or (noun := read_noun(clause.words, i + 1)) is None:
        return i
    if noun.proper or (noun.head in UNITS | PROJECTS and any(word.capital for word in noun.words)):
        group = noun.head in GROUPS
        clause.say(verb, "member_of" if group else "works_on", [Object(noun.text)], noun.stop, flags=_OVER)
    return noun.stop


def _relation(clause: Clause, verb: Verb, noun: Noun) -> int | None:
    """As in "is my sister", "is a friend of Bob", "is the head of ML", "is a member of the chess club"."""
    words = clause.words
    head = PLURALS.get(noun.head, noun.head)
    if len(clause.subjects) > 1 and head not in ROLE_OF:
        head = head.removesuffix("s")  # "Hana and Luis are members of"
    role = ROLE_OF.get(head)
    owner = noun.owner or noun.of
    if owner is not None and owner.head in COUNTS:
        return noun.stop
    if owner is not None and owner is noun.of and role is None and head in TIES and _is_anybody(owner):
        return noun.stop
    if (
        head in TIES
        and owner is not None
        and (noun.owner is not None or head not in {"manager", "boss", "coach", "teacher"})
    ):
        owners, stop = _owners(words, noun, owner)
        stop = trailing(clause, stop)
        tie = TIES[head]
        subjects = [found for s in clause.subjects if (found := clause.who(s))]
        if len(subjects) == len(clause.subjects) and (clause.persons() or tie.kind == "animal"):
            objects = [Object(text, tie.kind) for text, _, _ in subjects]
            inner = Clause(clause.reading, words, owners, clause.start, clause.times)
            if inner.say(verb, tie.predicate, objects, stop, flags=_OVER):
                clause.reading.mention(objects[0].text, tie.kind, tie.gender, subject=True)
        return stop
    if noun.of is not None and role is not None:
        return _office(clause, verb, noun, role)
    if noun.owner is not None and role is not None and head in OFFICES | _MAKERS and not noun.owner.pronoun:
        noun.of = noun.owner
        return _office(clause, verb, noun, role)
    if head == "member" and noun.words[:-1] and noun.det in {"a", "an"}:
        return noun.stop
    if (
        head in OFFICES
        and at(words, noun.stop) in {"at", "for"}
        and noun.det in {"the", ""}
        and head in {"ceo", "cto", "cfo", "coo", "principal", "mayor", "dean"}
    ):
        after = read_noun(words, noun.stop + 1)
        if after is not None and after.proper:
            noun.of, noun.stop = after, after.stop
            return _office(clause, verb, noun, ROLE_OF[head])
    if head == "volunteer" and at(words, noun.stop) in {"at", "for", "with"}:
        where = read_noun(words, noun.stop + 1)
        shelter = organization(where, clause.reading) if where is not None else None
        if where is not None and shelter is not None and clause.persons():
            stop = trailing(clause, where.stop)
            clause.say(verb, "volunteers_at", [shelter], stop, flags=_OVER)
            return stop
    if head in {"fan", "lover"} and len(noun.words) > 1 and noun.det in {"a", "an", ""}:
        first = [
            word
            for word in noun.words[:-1]
            if word.low not in {"big", "huge", "massive", "great", "avid", "real", "true"}
        ]
        if first:
            stop = trailing(clause, noun.stop)
            clause.say(verb, "likes", [Object(" ".join(word.text for word in first))], stop)
            return stop
    if head == "speaker" and len(noun.words) > 1 and noun.words[-2].low in LANGUAGES:
        stop = trailing(clause, noun.stop)
        clause.say(verb, "speaks", [Object(noun.words[-2].text)], stop)
        return stop
    return None


def _is_anybody(noun: Noun) -> bool:
    """As in "a mother of twins", "a friend of the family"; a pronoun, a name and a tie are somebody."""
    named = bool(noun.names) or noun.pronoun or noun.owner or noun.of or any(word.capital for word in noun.words)
    return not named


def _owners(words: Sequence[Token], noun: Noun, owner: Noun) -> tuple[list[Noun], int]:
    """Whose daughter: "of Omar and Samira", "of Omar and of Samira"; and where that ends."""
    if owner is not noun.of or owner.pronoun or owner.stop != noun.stop:
        return [owner], noun.stop
    j = noun.stop + 1 + (at(words, noun.stop + 1) == "of")
    second = read_noun(words, j) if at(words, noun.stop) in {"and", "&"} else None
    if second is None or not (second.proper and owner.proper):
        return [owner], noun.stop
    shorter = read_noun(words, j, subject=True)
    if shorter is None or read_verb(words, shorter.stop) is not None:
        return [owner], noun.stop  # "the wife of Omar and Samira is a nurse"
    return [owner, second], second.stop


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
    """As in "head of marketing", "head of data science"."""
    return Object(noun.text) if noun.words and not noun.det and not noun.owner and len(noun.words) <= 3 else None


def become(clause: Clause, verb: Verb) -> int:
    """As in "became a nurse", "became head of ML", "became vegan"."""
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
