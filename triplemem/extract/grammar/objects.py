"""Which noun phrases a frame takes: a place, an employer, a title … and the name under which each is kept."""

from __future__ import annotations

from typing import NamedTuple

from triplemem.extract.grammar.gazetteer import SOCIETIES
from triplemem.extract.grammar.manners import (
    AS_EVER,
    AT_TIMES,
    IN_SOME_WAY,
    MANNERS,
    NO_CARS,
    ON_THE_JOB,
    PACES,
    PLAYING,
    SHARES,
    TOGETHER,
)
from triplemem.extract.grammar.memory import Reading
from triplemem.extract.grammar.names import is_name, is_title
from triplemem.extract.grammar.nouns import (
    CONDITION_HEADS,
    CONDITIONS,
    FEMALE,
    FLEETING,
    GROUPS,
    LANGUAGES,
    MALE,
    NO_ROLES,
    PETS,
    PLACES,
    PLURALS,
    PROJECTS,
    ROLE_ENDINGS,
    ROLES,
    SCHOOLS,
    TIES,
    TOOLS,
    UNITS,
    VEHICLES,
)
from triplemem.extract.grammar.phrases import Noun
from triplemem.extract.grammar.words import COUNTS, POSSESSIVES


class Object(NamedTuple):
    """The object of a claim: its text, its kind where that is certain, another predicate where the noun decides."""

    text: str
    kind: str | None = None
    predicate: str | None = None
    swap: bool = False


_DEMONSTRATIVE = frozenset("this that these those your any no another each every".split())
_NOWHERE = frozenset(
    "home night noon midnight work times once least last first it living sure free fun good money minimum god "
    "peace bed weekend weekends weekdays nights present times".split()
)
_PEOPLE = frozenset(
    "kids children students people adults classes class beginners teenagers everyone lesson lessons".split()
)
_SLIGHT = frozenset(
    "email message note letter comment list mistake mess problem account decision sense progress difference bug "
    "pr ticket mail text review test tests".split()
)
_MEALS = frozenset("lunch dinner breakfast supper out food it something leftovers".split())
_PRIZES = frozenset(
    "prize award medal cup race marathon championship tournament contest competition title grant scholarship election "
    "lottery match trophy final hackathon bronze silver gold raffle regatta league derby fellowship".split()
)
_LOVED = frozenset(
    "sea ocean outdoors beach mountains rain snow theatre theater arts cold heat countryside cello piano violin "
    "guitar drums dark water woods forest desert cinema opera ballet blues gym dentist".split()
)
_LIGHT_GERUNDS = frozenset(
    "being having getting seeing knowing making giving feeling finding helping doing going using trying hearing "
    "spending waiting queuing queueing".split()
)
_CLASSES = frozenset("program programme class course workshop bootcamp seminar".split())
_RACES = frozenset("marathon half-marathon race relay triathlon ironman 5k 10k errand errands windows".split())
_HOMES = frozenset("flat apartment house place room home office".split())
_DEFINITE = frozenset({"change", "changes"})
_FIRMS = frozenset("inc corp ltd llc gmbh co team club department university college project".split())
_SUITED = (
    UNITS
    | PROJECTS
    | _FIRMS
    | frozenset("harbour group labs systems technologies software studios partners industries".split())
)


_FIRST_NAMES_TOO = frozenset(
    "sofia florence austin victoria charlotte savannah sydney adelaide jordan milan paris dallas".split()
)
"""Places after which people are called: with a verb that takes a person, they are one."""


def is_person_noun(noun: Noun) -> bool:
    """May this noun phrase call a person, and nothing else that we know?"""
    if noun.pronoun:
        return noun.pronoun not in {"it", "its", "itself", "they", "them", "you"}
    if noun.names or noun.head in TIES:
        return noun.owner is not None or noun.of is not None or bool(noun.names)
    return noun.proper and not noun.quoted and not is_thing_name(noun) and len(noun.words) <= 4 and not noun.of


def is_thing_name(noun: Noun) -> bool:
    """Is this the name of a company, a team, a tool, a place?"""
    low = noun.head
    if low in _FIRST_NAMES_TOO and len(noun.words) == 1:
        return False
    return low in _SUITED or low in TOOLS or low in PLACES or low in LANGUAGES or noun.text.isdigit()


def is_first_name(noun: Noun) -> bool:
    """Does it begin with a first name that we know?"""
    return bool(noun.words) and noun.words[0].capital and noun.words[0].low in FEMALE | MALE


def may_be_first_name(noun: Noun) -> bool:
    """Does it begin with a first name of any language, where nothing says that it calls a thing?"""
    return bool(noun.words) and noun.words[0].capital and is_name(noun.words[0].low) and not is_thing_name(noun)


def is_not_now(noun: Noun) -> bool:
    """As in "my former boss", "her late husband": a tie that is over, or yet to come."""
    return bool(noun.words) and noun.words[0].low in {"ex", "late", "former", "old", "future", "ex-"}


def person(noun: Noun, reading: Reading) -> Object | None:
    """Somebody: a name, "me", "my brother", "him" where it is clear who."""
    if noun.det in {"a", "an"} and not noun.names and not noun.owner and noun.head not in TIES:
        return None
    if not is_person_noun(noun) or (noun.head in PLURALS and not noun.names and noun.det in COUNTS):
        return None
    text = reading.resolve(noun)
    return None if text is None else Object(text, "person")


def place(noun: Noun, reading: Reading) -> Object | None:
    """A place that has a name."""
    if noun.pronoun or noun.owner or noun.quoted or (is_first_name(noun) and noun.head not in PLACES):
        return None
    words = noun.words
    if noun.det in {"a", "an", "another"} and not noun.names:
        return None
    if not any(word.capital for word in words):
        return (
            Object(noun.text, "place") if noun.head in PLACES or noun.head in {"francisco", "zealand", "kong"} else None
        )
    if noun.names:
        return Object(noun.names[0].text, "place")
    if noun.head in {"team", "project", "department"} or (noun.det in {"a", "an"} and not noun.proper):
        return None
    text = noun.text if noun.of is None or noun.of.owner else f"{noun.text} of {noun.of.text}"
    return Object(text, "place")


def _text(noun: Noun, reading: Reading) -> str | None:
    if noun.names:
        return noun.names[0].text
    if noun.pronoun:
        return None
    if noun.of is not None and noun.of.pronoun:
        return None
    return reading.resolve(noun)


def organization(noun: Noun, reading: Reading) -> Object | None:
    """An employer, a school, a club: a name, or "a bank"."""
    if noun.pronoun or noun.head in _NOWHERE or noun.det in _DEMONSTRATIVE or noun.lows[:1] == ["same"]:
        return None
    if not noun.named and (noun.head in PACES or (noun.head in IN_SOME_WAY and not noun.det)):
        return None
    if noun.owner and noun.owner.pronoun and noun.head not in UNITS | TIES.keys():
        return None
    text = _text(noun, reading)
    named = noun.proper and len(noun.words) > 1 and all(word.capital for word in noun.words)  # "Shell Energy"
    if text is None or (noun.head in FLEETING and not named):
        return None
    return Object(text, "organization" if noun.proper else None)


def employer(noun: Noun, reading: Reading) -> Object | None:
    """As `organization`; "joined the chess club" and "joined the project" say something else."""
    if noun.head in GROUPS or (noun.proper and noun.head in SOCIETIES):
        text = _text(noun, reading)
        return None if text is None else Object(text, None, "member_of")
    if noun.head in PROJECTS | _CLASSES:
        text = _text(noun, reading)
        return None if text is None else Object(text, None, "attends" if noun.head in _CLASSES else "works_on")
    if (
        is_first_name(noun)
        or noun.head in TIES
        or not (noun.proper or noun.head in UNITS or noun.names or noun.head in TOOLS)
    ):
        return None
    return organization(noun, reading)


def group(noun: Noun, reading: Reading) -> Object | None:
    """A club, a team, a party."""
    if noun.pronoun or noun.det in _DEMONSTRATIVE or not (noun.proper or noun.head in GROUPS or noun.names):
        return None
    text = _text(noun, reading)
    return None if text is None else Object(text)


def unit(noun: Noun, reading: Reading) -> Object | None:
    """What somebody leads: a team, a shop, a project; not a marathon."""
    if noun.pronoun or noun.det in _DEMONSTRATIVE or noun.head in TIES or noun.head in _RACES:
        return None
    capital = any(word.capital for word in noun.words)
    if not (capital or noun.head in UNITS or noun.head in PROJECTS or noun.names):
        return None
    text = _text(noun, reading)
    return None if text is None else Object(text)


def managed(noun: Noun, reading: Reading) -> Object | None:
    """As in "manages Bob" is another relation than "manages the shop"."""
    if noun.pronoun or may_be_first_name(noun) or noun.head in TIES or _is_known_person(noun, reading):
        found = person(noun, reading)
        return None if found is None else Object(found.text, "person", "reports_to", swap=True)
    return unit(noun, reading)


def _is_known_person(noun: Noun, reading: Reading) -> bool:
    if any(m.text == noun.text and m.kind == "person" for m in reading.mentions):
        return True
    people = {"works_at", "works_as", "lives_in", "reports_to", "married_to", "leads", "has_pet"}
    return any(fact.subject.kind == "person" or fact.predicate in people for fact in reading.known.of(noun.text))


def named(noun: Noun, reading: Reading) -> Object | None:
    """A name or a title."""
    if noun.pronoun == "it":
        text = reading.resolve(noun)
        return Object(text) if text else None
    if noun.names:
        return Object(noun.names[0].text)
    if noun.quoted or (any(word.capital for word in noun.words) and noun.det not in _DEMONSTRATIVE):
        text = noun.text if noun.quoted else _text(noun, reading)
        return None if text is None else Object(text)
    return None


def title(noun: Noun, reading: Reading) -> Object | None:
    """A book: quoted, or in capitals."""
    if noun.quoted and not is_title(noun.text):
        return None
    return named(noun, reading) if not is_first_name(noun) or len(noun.words) > 2 else None


def thing(noun: Noun, reading: Reading) -> Object | None:
    """Anything definite enough to be spoken of again."""
    fleeting = noun.head in FLEETING and not (noun.head in _DEFINITE and len(noun.words) > 1)
    fleeting = fleeting or ((noun.head in AT_TIMES or (noun.head in ON_THE_JOB and not noun.named)) and not noun.det)
    if noun.pronoun or noun.det in _DEMONSTRATIVE or fleeting or noun.head in _NOWHERE:
        return named(noun, reading) if noun.pronoun == "it" else None
    if noun.owner and noun.owner.pronoun and noun.head not in UNITS | PROJECTS | TIES.keys():
        return None
    if len(noun.words) == 1 and noun.head.endswith("ing") and not noun.det and not noun.proper:
        return None
    text = noun.text if noun.quoted else _text(noun, reading)
    return None if text is None else Object(text)


def work(noun: Noun, reading: Reading) -> Object | None:
    """What somebody made: a name, or "the onboarding guide"."""
    if noun.head in _SLIGHT or (noun.owner and noun.owner.pronoun and not noun.names):
        return None
    if noun.quoted and not is_title(noun.text):
        return None  # Bob wrote "I quit Google"
    if not (noun.names or noun.quoted or noun.det or noun.proper or noun.of):
        return None
    return thing(noun, reading)


def company(noun: Noun, reading: Reading) -> Object | None:
    """What somebody founded."""
    if not (noun.proper or noun.names or noun.quoted or noun.head in UNITS):
        return None
    return thing(noun, reading)


def started(noun: Noun, reading: Reading) -> Object | None:
    """What "started" founds: "a bakery", not "a conversation" and not "Acme"."""
    return (
        company(noun, reading)
        if noun.head in UNITS | {"company"} and (noun.names or noun.det in {"a", "an", "my"})
        else None
    )


def role(noun: Noun, reading: Reading) -> Object | None:
    """An occupation, by whatever words."""
    if noun.pronoun or noun.det in _DEMONSTRATIVE or not noun.words or noun.owner:
        return None
    if noun.head in FLEETING or (noun.head in TIES and noun.head not in ROLES):
        return None
    if not is_role(noun) and not noun.det and (noun.head in AS_EVER or noun.head.endswith("ed")):
        return None
    return None if noun.head in TOGETHER else Object(noun.text)


def is_role(noun: Noun) -> bool:
    """Is it the word for an occupation?"""
    head = noun.head[:-1] if noun.head.endswith("s") and noun.head[:-1] in ROLES else noun.head
    if head in NO_ROLES or noun.quoted:
        return False
    return head in ROLES or (head.endswith(ROLE_ENDINGS) and not (head == "smith" and noun.words[-1].capital))


def school_subject(noun: Noun, reading: Reading) -> Object | None:
    """What is studied or taught."""
    if (
        noun.pronoun
        or noun.owner
        or noun.det
        or noun.head in FLEETING | MANNERS | _PEOPLE | PLURALS.keys() | TIES.keys()
    ):
        return None
    if len(noun.words) == 1 and may_be_first_name(noun):
        return None
    return Object(noun.text) if not noun.of else Object(f"{noun.text} of {noun.of.text}")


def course(noun: Noun, reading: Reading) -> Object | None:
    """What is attended; of a school one is a student."""
    if noun.head in SCHOOLS or (noun.words and noun.words[0].low == "university"):
        found = organization(noun, reading)
        return found and Object(found.text, "organization", "studies_at")
    if noun.head in {"meeting", "meetings", "funeral", "wedding", "party", "call"}:
        return None
    return thing(noun, reading)


def school(noun: Noun, reading: Reading) -> Object | None:
    """A school or a university by its name."""
    return organization(noun, reading) if noun.head in SCHOOLS and noun.proper else None


def pet(noun: Noun, reading: Reading) -> Object | None:
    """An animal, by its name where it has one."""
    if PLURALS.get(noun.head, noun.head) not in PETS:
        return None
    return Object(noun.names[0].text if noun.names else noun.text, "animal", "has_pet")


def got(noun: Noun, reading: Reading) -> Object | None:
    """As in "got a dog", "got a new car"."""
    if found := pet(noun, reading):
        return found if noun.det in {"a", "an", "two", "three", "another", "my"} else None
    return goods(noun, reading) if noun.head in VEHICLES and noun.det in {"a", "an"} else None


def goods(noun: Noun, reading: Reading) -> Object | None:
    """What is owned, bought and sold: "a red bike", "my Vespa"."""
    if noun.pronoun or noun.head in FLEETING or noun.det in _DEMONSTRATIVE:
        return None
    if found := pet(noun, reading):
        return found
    if noun.owner and noun.owner.pronoun not in {"my", "our", "his", "her", "their"}:
        return None
    capital = any(word.capital for word in noun.words)
    if not (noun.head in VEHICLES or capital or noun.head in UNITS or noun.names):
        return None
    if not noun.det and not noun.names and is_first_name(noun):
        return None  # "sold Tom on the idea"
    return Object(noun.names[0].text if noun.names else noun.text)


def owned(noun: Noun, reading: Reading) -> Object | None:
    """What one says outright to own: anything."""
    if noun.pronoun or noun.head in FLEETING | SHARES or noun.owner or noun.det in _DEMONSTRATIVE:
        return None
    if noun.det == "the" and not (noun.head in UNITS | VEHICLES or any(word.capital for word in noun.words)):
        return None
    return pet(noun, reading) or Object(noun.names[0].text if noun.names else noun.text)


def liked(noun: Noun, reading: Reading) -> Object | None:
    """What somebody likes: not "the idea", not "your photo", not "it"."""
    if noun.pronoun or noun.det in _DEMONSTRATIVE or noun.head in FLEETING | _NOWHERE or not noun.words:
        return None
    if noun.owner and (noun.owner.pronoun in POSSESSIVES | {"her"} and noun.head not in TIES):
        return None
    capital = any(word.capital for word in noun.words)
    if noun.det in {"all", "some"} or (noun.det == "the" and not capital and noun.head not in _LOVED):
        return None
    if noun.words[0].low in _LIGHT_GERUNDS:
        return None
    if noun.quoted or noun.of is None or noun.of.pronoun:
        text = noun.text if noun.quoted or not noun.owner else _text(noun, reading)
    else:
        text = f"{noun.text} of {noun.of.text}"
    return None if not text else Object(text)


def skill(noun: Noun, reading: Reading) -> Object | None:
    """What is being learned."""
    if noun.pronoun or noun.owner or noun.head in FLEETING or noun.det in {"a", "an"} | _DEMONSTRATIVE:
        return None
    if noun.head in LANGUAGES:
        return Object(noun.words[-1].text.capitalize())
    return Object(noun.text)


def language(noun: Noun, reading: Reading) -> Object | None:
    """A language, without how well it is spoken."""
    if noun.pronoun or not noun.words or noun.owner:
        return None
    if noun.head in {"bit", "little"} and noun.of is not None and noun.of.words:
        noun = noun.of
    if noun.head in LANGUAGES:
        return Object(noun.words[-1].text[:1].upper() + noun.words[-1].text[1:])
    return None


def food(noun: Noun, reading: Reading) -> Object | None:
    """What is eaten or drunk as a habit."""
    if noun.pronoun or noun.owner or noun.det or noun.head in FLEETING | _MEALS | MANNERS:
        return None
    return Object(noun.text)


def car(noun: Noun, reading: Reading) -> Object | None:
    """What is driven, when it is not a passenger."""
    if noun.pronoun or noun.head in TIES | PLURALS.keys() or is_first_name(noun):
        return None
    if noun.head in NO_CARS and not noun.named:
        return None
    if noun.det in {"a", "an"} or noun.head in VEHICLES or _old_one(noun, reading):
        return Object(noun.text)
    return None


def _old_one(noun: Noun, reading: Reading) -> bool:
    """As in "the old Volvo", "the Skoda" where it is known; not "the M25"."""
    if noun.det == "the" and any(fact.predicate == "drives" for fact in reading.known.with_object(noun.text)):
        return True
    return noun.det == "the" and len(noun.words) > 1 and noun.words[-1].capital and not noun.words[0].capital


def tool(noun: Noun, reading: Reading) -> Object | None:
    """What is used: it has a name."""
    if noun.pronoun == "it" or noun.quoted:
        return named(noun, reading)
    if noun.pronoun or noun.owner or noun.det in _DEMONSTRATIVE:
        return None
    if noun.proper or noun.head in TOOLS or any(word.capital for word in noun.words):
        return Object(noun.names[0].text if noun.names else noun.text)
    return None


def game(noun: Noun, reading: Reading) -> Object | None:
    """An instrument, a sport, a game."""
    if noun.pronoun or noun.owner or noun.of or noun.head in FLEETING | PLAYING | {"role", "music", "tricks", "roles"}:
        return None
    if noun.det not in {"", "the"} or noun.lows == ["second", "fiddle"]:
        return None
    return Object(noun.text)


def condition(noun: Noun, reading: Reading) -> Object | None:
    """An illness."""
    if noun.pronoun or noun.owner or noun.head in FLEETING:
        return None
    return Object(noun.text)


def is_condition(noun: Noun) -> bool:
    """Is it the word for an illness?"""
    low = noun.head
    return (
        low in CONDITIONS
        or (low in CONDITION_HEADS and len(noun.words) > 1)
        or low.endswith(("itis", "emia", "phobia"))
    )


def prize(noun: Noun, reading: Reading) -> Object | None:
    """What is won."""
    if noun.head not in _PRIZES and not (noun.proper or any(word.capital for word in noun.words)):
        return None
    if noun.of is not None:
        return Object(f"{noun.text} of {noun.of.text}") if noun.of.words else None
    return Object(noun.text) if noun.words and not noun.owner else None


def firm(noun: Noun, reading: Reading) -> Object | None:
    """A company that another one buys: a bare name."""
    return Object(noun.text) if noun.proper and not noun.det and noun.head not in VEHICLES else None
