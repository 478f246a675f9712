"""Whether a noun phrase in front of a verb is surely its subject."""

from __future__ import annotations

from collections.abc import Sequence

from triplemem.extract.grammar.frames import FRAMES
from triplemem.extract.grammar.inflection import FORMS
from triplemem.extract.grammar.memory import Reading
from triplemem.extract.grammar.nouns import PROJECTS
from triplemem.extract.grammar.objects import is_thing_name, may_be_first_name, unit
from triplemem.extract.grammar.opening import is_identifier
from triplemem.extract.grammar.phrases import Noun, at
from triplemem.extract.grammar.tokens import TIME, Token
from triplemem.extract.grammar.verbs import Verb

_SUBJECT_HEADS = frozenset("deadline status launch release headquarters".split())


def is_subject(words: Sequence[Token], reading: Reading, nouns: Sequence[Noun], i: int, verb: Verb) -> bool:
    """Are these surely subjects: a name, a pronoun, "my brother", "the ML team"?"""
    for noun in nouns:
        if noun.pronoun:
            if noun.pronoun == "me" and len(nouns) > 1:
                continue  # "me and Callum live in Leeds"
            if noun.pronoun in {"me", "us", "him", "them", "her", "myself"}:
                return False
            continue
        if noun.quoted:
            return False
        if noun.proper:
            if i == 0 and not _sure_name(noun, verb):
                return False
            continue
        if noun.owner is not None or noun.names or noun.of is not None:
            continue
        if not noun.det and len(noun.words) == 1 and is_identifier(noun.words[0]) and _of_things(verb):
            continue
        if not noun.det and i == 0 and _of_things(verb) and reading.known.of(noun.text):
            continue  # "billing service no longer runs on Heroku"
        capital = any(word.capital for word in noun.words)
        if noun.det == "the" and (_of_things(verb) or _part_of(words, verb)):
            continue
        if noun.det in {"the", "this", "our"} and (
            capital or unit(noun, reading) or noun.head in PROJECTS | _SUBJECT_HEADS
        ):
            continue
        return False
    return True


def _part_of(words: Sequence[Token], verb: Verb) -> bool:
    """As in "the parser is part of Quill": what is said of things alone."""
    rest = (at(words, verb.stop), at(words, verb.stop + 1))
    due = rest[0] == "due" and verb.stop + 1 < len(words) and words[verb.stop + 1].kind == TIME
    named = verb.stop + 2 < len(words) and words[verb.stop + 2].capital
    told = named and rest in {("part", "of"), ("dependent", "on"), ("reliant", "on")}
    return verb.lemma == "be" and (due or told)


def _sure_name(noun: Noun, verb: Verb) -> bool:
    """A capital at the start of a sentence proves little: the verb has to agree with a name."""
    if len(noun.words) > 1 and not noun.words[1].capital and noun.words[0].low in FORMS:
        return False
    if (
        (len(noun.words) > 1 and (noun.words[1].capital or noun.words[1].text.isdigit()))
        or may_be_first_name(noun)
        or is_thing_name(noun)
        or noun.owner
        or noun.text.isupper()
    ):
        return True
    if noun.head in _SUBJECT_HEADS and (verb.passive or verb.lemma == "be"):
        return True
    if noun.head.endswith("s") and verb.form in {"base", "are", "were"}:
        return False
    return not noun.head.endswith(("ing", "ly")) and (
        noun.head not in FORMS or verb.form in {"s", "is", "'s", "was", "past", "has"}
    )


def _of_things(verb: Verb) -> bool:
    """Is the verb said of things: "the parser was written by Tom", "the app depends on Redis"?"""
    frames = FRAMES.get(verb.lemma, {})
    return any(
        "thing" in frame.flags and ("passive" in frame.flags) == verb.passive
        for slot in frames.values()
        for frame in slot
    )
