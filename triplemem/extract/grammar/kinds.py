"""The kinds of objects that the frames of verbs name, and what reads each."""

from __future__ import annotations

from collections.abc import Callable

from triplemem.extract.grammar.memory import Reading
from triplemem.extract.grammar.nouns import DIETS, GROUPS, PLACES, PROJECTS, TIES
from triplemem.extract.grammar.objects import (
    Object,
    car,
    company,
    condition,
    course,
    employer,
    firm,
    food,
    game,
    goods,
    got,
    group,
    is_role,
    language,
    liked,
    managed,
    may_be_first_name,
    named,
    organization,
    owned,
    person,
    pet,
    place,
    prize,
    role,
    school,
    school_subject,
    skill,
    started,
    thing,
    title,
    tool,
    unit,
    work,
)
from triplemem.extract.grammar.phrases import Noun, spelt


def diet(noun: Noun, reading: Reading) -> Object | None:
    """As in "vegan", "a vegan diet"."""
    if noun.head == "diet" and len(noun.words) > 1 and not noun.owner:
        return Object(noun.words[-2].low)
    return Object(noun.head) if noun.head in DIETS else None


def lessons(noun: Noun, reading: Reading) -> Object | None:
    """As in "Spanish lessons" are Spanish."""
    if noun.head not in {"lessons", "classes"} or len(noun.words) < 2 or noun.owner:
        return None
    return Object(spelt(noun.words[:-1]))


def trip(noun: Noun, reading: Reading) -> Object | None:
    """Where "went to" leads, if it is surely a place."""
    return place(noun, reading) if noun.head in PLACES and not noun.owner else None


def called(noun: Noun, reading: Reading) -> Object | None:
    """A name given to somebody."""
    return Object(noun.text) if (noun.proper or noun.quoted) and not noun.det else None


def holder(noun: Noun, reading: Reading) -> Object | None:
    """Whom a thing belongs to: somebody, or "the platform team"."""
    if noun.pronoun or may_be_first_name(noun) or noun.head in TIES:
        return person(noun, reading)
    return organization(noun, reading) if noun.head in GROUPS and noun.det == "the" else None


def owner(noun: Noun, reading: Reading) -> Object | None:
    """Somebody to whom a thing belongs."""
    return holder(noun, reading) if noun.head not in GROUPS else None


def job(noun: Noun, reading: Reading) -> Object | None:
    """An occupation by a word for one, not "the London office"."""
    return role(noun, reading) if is_role(noun) else None


def post(noun: Noun, reading: Reading) -> Object | None:
    """An occupation by any words that are no name: "senior paralegal", "head of ML"; not "Globex"."""
    return role(noun, reading) if is_role(noun) or noun.of is not None or not noun.proper else None


def blocked(noun: Noun, reading: Reading) -> Object | None:
    """What may be blocked: a name, or work such as "the mobile release"."""
    return thing(noun, reading) if noun.head in PROJECTS | _WORK and noun.det == "the" else named(noun, reading)


_WORK = frozenset(
    "release launch migration rollout deploy deployment build merge upgrade redesign progress sprint".split()
)


KINDS: dict[str, Callable[[Noun, Reading], Object | None]] = {
    "PLACE": place, "ORG": organization, "ROLE": role, "PERSON": person, "THING": thing, "NAMED": named,
    "UNIT": unit, "MANAGED": managed, "GROUP": group, "BAND": group, "SUBJECT": school_subject, "COURSE": course,
    "PET": pet, "GOT": got, "GOODS": goods, "OWNED": owned, "LIKED": liked, "SKILL": skill, "LANGUAGE": language,
    "TITLE": title, "FOOD": food, "CAR": car, "TOOL": tool, "LANG": tool, "COMPANY": company, "STARTED": started,
    "WORK": work, "PRIZE": prize, "GAME": game, "CONDITION": condition, "TRIP": trip, "CALLED": called,
    "HOTEL": place, "SCHOOL": school, "FIRM": firm, "DIET": diet, "LESSONS": lessons, "EMPLOYER": employer,
    "HOLDER": holder, "OWNER": owner, "JOB": job, "POST": post, "BLOCKED": blocked,
}  # fmt: skip
