"""What a model is shown: a prefix that never changes, then known facts, what came before, and what is to be read.

The prefix holds the instructions, the shipped predicates and worked examples, byte by byte the same for every
namespace, so that a server can keep it. All that varies comes after it, as data: names and texts are JSON strings on
lines of their own, so that no text can look like another turn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from triplemem.core.render import day, quoted
from triplemem.core.text import names_in
from triplemem.core.turns import said as said
from triplemem.resources import prompt, shipped_predicates
from triplemem.types import Cardinality, Entity, Episode, Fact, Predicate

SYNONYMS = 3
"""How many other ways to say a predicate are shown."""
CONTEXT_CHARS = 1_600
"""How many characters of earlier turns are shown, and of one of them."""
TURN_CHARS = 400
MAX_FURTHER = 100
"""How many predicates beyond the shipped ones are shown."""
_HEADINGS: dict[Cardinality, str] = {
    "one_object": "one object at a time for each subject",
    "one_subject": "one subject at a time for each object",
    "one_to_one": "one to one",
    "many": "many",
}


class Turn(NamedTuple):
    """A turn to read, or a part of one: the place of its episode in the request, and its text."""

    episode: int
    text: str


@cache
def prefix() -> str:
    """The part of the prompt that is the same in every request."""
    return "\n\n".join(
        (prompt("extract"), "# The list of predicates\n\n" + _listed(shipped_predicates()), prompt("examples"))
    )


@cache
def prompt_hash(schema: str) -> str:
    """Sixteen hexadecimal digits that tell this prompt, with the schema of its answer, from any other."""
    said = "\x1f".join((prefix(), prompt("repair"), schema, *_FRAME))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


_FRAME = ("predicates", "known", "context", "read")


def variable(
    turns: Sequence[Turn],
    episodes: Sequence[Episode],
    context: Sequence[str],
    known: Sequence[Fact],
    predicates: Iterable[Predicate],
) -> str:
    """The part of the prompt that varies."""
    texts = [turn.text for turn in turns]
    bodies = (
        _listed(further(predicates)),
        "\n".join(_fact(n, fact, texts) for n, fact in enumerate(known, 1)),
        "\n".join(context),
        "\n".join(f"t{n} {said(episodes[turn.episode], turn.text)}" for n, turn in enumerate(turns, 1)),
    )
    return "\n".join(f"<{tag}>\n{body}\n</{tag}>" for tag, body in zip(_FRAME, bodies, strict=True) if body)


def further(predicates: Iterable[Predicate]) -> list[Predicate]:
    """The predicates that the prefix does not have, or has otherwise."""
    shipped = set(shipped_predicates())
    return sorted((one for one in predicates if one not in shipped), key=lambda one: one.name)[:MAX_FURTHER]


def before(context: Sequence[Episode]) -> list[str]:
    """The turns before, the last ones in full as far as there is room."""
    lines: list[str] = []
    room = CONTEXT_CHARS
    for episode in reversed(context):
        text = episode.text if len(episode.text) <= TURN_CHARS else "…" + episode.text[-TURN_CHARS:]
        room -= len(text)
        if room < 0:
            break
        lines.append(said(episode, text))
    return lines[::-1]


def _fact(n: int, fact: Fact, texts: Sequence[str]) -> str:
    names = (_name(entity, texts) for entity in (fact.subject, fact.object))
    subject, object_ = names
    since = f" since {day(fact.valid_from)}" if fact.valid_from is not None else ""
    until = f" until {day(fact.valid_to)}" if fact.valid_to is not None else ""
    return f"k{n} {subject} {fact.predicate} {object_}{since}{until}"


def _name(entity: Entity, texts: Sequence[str]) -> str:
    """The name, and the aliases by which the turns call it."""
    called = [alias for alias in entity.aliases if any(names_in(text, alias) for text in texts)]
    return quoted(entity.name) + (f" ({', '.join(map(quoted, called))})" if called else "")


def _listed(predicates: Iterable[Predicate]) -> str:
    """The predicates under what each of them allows."""
    among: dict[Cardinality, list[str]] = {cardinality: [] for cardinality in _HEADINGS}
    for one in predicates:
        words = [*one.synonyms[:SYNONYMS], *(["said from either end"] if one.symmetric else [])]
        among[one.cardinality].append(f"{one.name}: {', '.join(words)}" if words else one.name)
    return "\n".join(f"{_HEADINGS[one]}\n" + "\n".join(lines) for one, lines in among.items() if lines)
