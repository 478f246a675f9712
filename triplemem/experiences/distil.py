"""What a session taught, as experiences: a model proposes them; one that quotes what was not said is dropped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from triplemem.core.experience import KIND
from triplemem.core.messages import check_name
from triplemem.core.parts import parts
from triplemem.core.predicates import Vocabulary
from triplemem.core.render import unremembered
from triplemem.core.rows import EpisodeRow
from triplemem.core.text import encodes, find_quote, fold
from triplemem.core.tokens import STOP_WORDS, search_tokens
from triplemem.core.turns import said
from triplemem.experiences.log import told
from triplemem.experiences.record import begin
from triplemem.ledger.model import asked
from triplemem.ledger.present import episode
from triplemem.ledger.sessions import turns_of
from triplemem.ledger.space import Space
from triplemem.ledger.vectors import Text, put
from triplemem.ports import ModelRequest, Reader, Writer
from triplemem.resources import prompt
from triplemem.types import Experience

CALL_CHARS = 40_000
"""How many characters of turns one call reads."""
MAX_ANSWER = 8_192
FEW = 3
"""How many words a quote has at least that names nothing."""


class _Read(NamedTuple):
    """A turn, or a part of one, that a call reads."""

    row: EpisodeRow
    text: str


def distil(space: Space, session: str) -> list[Experience]:
    """What the session taught, in the order in which the model told it; what was distilled before is not doubled.

    Raises `NotFound` without such a session, `ConfigError` without a model, `ModelUnavailable` or `ModelRefused`.
    """
    check_name(session, "session")
    model = space.engine.model()
    rows = space.engine.read(space.path, lambda view: turns_of(view, session))
    found: dict[str, Experience] = {}
    space.engine.ready()
    for read in _calls(rows):
        answer = asked(space, model, _request(space, read))
        for one in _kept(space, model.name, session, read, answer):
            found[one.id] = one
    return list(found.values())


def _calls(rows: Sequence[EpisodeRow]) -> Iterator[list[_Read]]:
    """What each call reads: as many turns as there is room for, a longer one in parts."""
    read: list[_Read] = []
    size = 0
    for row in rows:
        for text in parts(unremembered(row.text), CALL_CHARS):
            if read and size + len(text) > CALL_CHARS:
                yield read
                read, size = [], 0
            read.append(_Read(row, text))
            size += len(text)
    if read:
        yield read


def _request(space: Space, read: Sequence[_Read]) -> ModelRequest:
    from triplemem.experiences.answer import Answer

    lines = "\n".join(said(episode(one.row, space.namespace), one.text) for one in read)
    turns = [{"role": "user", "content": f"<turns>\n{lines}\n</turns>"}]
    return ModelRequest(prompt("distil"), turns, Answer, MAX_ANSWER)


def _kept(space: Space, model: str, session: str, read: Sequence[_Read], answer: Any) -> list[Experience]:
    """Store those that quote what still stands; those that are there already are told as they are.

    Nothing, if any words that the model read were erased meanwhile: any lesson may have them.
    """
    rows = {one.row.id: one.row for one in read}
    behind = [("episode", number) for number in rows]

    def work(tx: Writer, _: Vocabulary) -> tuple[list[Experience], list[Text]]:
        stored: list[Experience] = []
        unembedded: list[Text] = []
        now = tx.episodes(rows)
        if any(number not in now or _shown(now[number]) != _shown(row) for number, row in rows.items()):
            return stored, unembedded
        there = {_key(one): one for one in _distilled(tx, session)}
        standing = [row for row in now.values() if row.replaced_by is None]
        for lesson in answer.experiences:
            links = _quoted(lesson.quotes, standing)
            if not links or not _usable(lesson):
                continue
            key = (fold(lesson.observation), fold(lesson.action))
            if key not in there:
                there[key], more = begin(tx, space, lesson.observation, session, links, _said(model, lesson), behind)
                unembedded += more
            stored.append(there[key])
        return stored, unembedded

    found, unembedded = space.engine.write(space.path, space.actor, work)
    put(space, unembedded)
    return found


def _shown(row: EpisodeRow) -> tuple[str, str | None, str | None]:
    return row.text, row.speaker, row.metadata


def _usable(lesson: Any) -> bool:
    texts = (lesson.observation, lesson.thought, lesson.action, lesson.result)
    return bool(lesson.observation.strip()) and all(encodes(text) for text in texts)


def _said(model: str, lesson: Any) -> dict[str, Any]:
    return {
        "thought": lesson.thought,
        "action": lesson.action,
        "result": lesson.result,
        "outcome": lesson.outcome or None,
        "distilled": model,
    }


def _quoted(quotes: Sequence[str], rows: Sequence[EpisodeRow]) -> list[tuple[str, int]]:
    """The episodes that the quotes stand in; nothing if any of them was not said, or none of them says something."""
    texts = {row.id: unremembered(row.text) for row in rows}
    found: dict[tuple[str, int], None] = {}
    says = False
    for quote in quotes:
        number = next((number for number, text in texts.items() if find_quote(quote, text) is not None), None)
        if number is None:
            return []
        says |= (told := _says(quote))
        if told or not STOP_WORDS.issuperset(search_tokens(quote)):
            found["episode", number] = None
    return list(found) if says else []


def _says(quote: str) -> bool:
    """Has it a few words, or one with a capital or a digit, as a name has? "the" stands in any text."""
    names = [word for word in quote.split() if any(char.isupper() or char.isdigit() for char in word)]
    return len(search_tokens(quote)) >= FEW or any(set(search_tokens(word)) - STOP_WORDS for word in names)


def _distilled(view: Reader, session: str) -> list[Experience]:
    return [one for one in told(view, view.records(KIND)) if one.session == session and one.episodes]


def _key(one: Experience) -> tuple[str, str]:
    return fold(one.observation), fold(one.action)
