"""The running summary of a session: extended by a model when turns no longer fit, kept as records, erased with them.

Each record says what one call made of the one before it and of the turns that it folded in; it is linked to both. One
counts only while every turn behind it stands as it was read: when a turn is erased, the records that rest on it go,
and the next request goes on from what is left.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from triplemem.core.predicates import Vocabulary
from triplemem.core.records import SUMMARY, body
from triplemem.core.render import excerpt, quoted
from triplemem.core.rows import EpisodeRow, RecordRow
from triplemem.core.running import SHORTEST, block, cut, extracted, fits, most, to_fold
from triplemem.core.turns import said, whole_cut
from triplemem.errors import Conflict, ModelRefused, NotFound
from triplemem.ledger.model import asked
from triplemem.ledger.present import episode
from triplemem.ledger.records import put_record
from triplemem.ledger.sessions import turns_of
from triplemem.ledger.space import Space
from triplemem.ports import Model, ModelRequest, Reader, Writer
from triplemem.resources import prompt
from triplemem.types import Episode

CALL_CHARS = 40_000
"""How many characters of turns one call folds in; of a longer turn it reads an excerpt."""
TRIES = 3
"""How often the session may change while it is summarised."""


class _Kept(NamedTuple):
    """A summary with all the turns behind it; ``room`` is how many bytes it was allowed."""

    row: RecordRow
    text: str
    room: int
    covers: frozenset[int]


class _Standing(NamedTuple):
    """What a summary is made of: the one to go on from, and the turns that it does not cover."""

    kept: _Kept | None
    turns: list[EpisodeRow]

    @property
    def text(self) -> str:
        """The summary so far."""
        return "" if self.kept is None else self.kept.text


def summary(spaces: Sequence[Space], session: str, max_tokens: int) -> str:
    """The session in at most ``max_tokens``, as fenced data: the older turns summarised, the latest word by word.

    The first of the namespaces is written to; a session that others have too is told with what is there.
    """

    def holding(several: Sequence[Space]) -> list[Space]:
        return [space for space in several if space.engine.read(space.path, lambda view: _has(view, session))]

    own, *further = spaces
    if not (others := holding(further)):
        return _running(own, session, max_tokens)
    return _read_along([*holding([own]), *others], session, max_tokens)


def _has(view: Reader, session: str) -> bool:
    return bool(view.episodes_between(session=session, limit=1))


def _read_along(spaces: Sequence[Space], session: str, max_tokens: int) -> str:
    """A session as several namespaces have it, or one that is only read; nothing is asked and nothing written."""
    if len(spaces) == 1:
        [space] = spaces
        there = space.engine.read(space.path, lambda view: _standing(view, space, session, max_tokens))
        text, turns = there.text, [episode(row, space.namespace) for row in there.turns]
    else:
        text, turns = "", _all_turns(spaces, session)
    if len(text.encode()) <= most(max_tokens) and fits(text, turns, max_tokens):
        return block(text, turns, max_tokens)
    return extracted(text, turns, max_tokens)


def _all_turns(spaces: Sequence[Space], session: str) -> list[Episode]:
    """The turns of all of them by when they occurred; what several have under one id is the first one's to tell."""
    found: list[Episode] = []
    told: set[int] = set()
    for space in spaces:
        everything, turns = space.engine.read(space.path, lambda view: _turns(view, session))
        found += [episode(row, space.namespace) for row in turns if row.id not in told]
        told |= everything
    return sorted(found, key=lambda one: one.occurred_at)


def _turns(view: Reader, session: str) -> tuple[set[int], list[EpisodeRow]]:
    """All that a session has, revised or rendered, and its turns as they stand; none if all was only rendered."""
    everything = {row.id for row in view.episodes_between(session=session)}
    try:
        return everything, turns_of(view, session)
    except NotFound:
        return everything, []


def _running(space: Space, session: str, max_tokens: int) -> str:
    """The session of one namespace, its summary extended by a model where there is one."""
    tries = 0
    while True:
        there = space.engine.read(space.path, lambda view: _standing(view, space, session, max_tokens))
        turns = [episode(row, space.namespace) for row in there.turns]
        short = len(there.text.encode()) <= most(max_tokens)
        if short and fits(there.text, turns, max_tokens):
            return block(there.text, turns, max_tokens)
        nothing_to_do = short and not to_fold(turns, max_tokens)
        if not space.engine.named or most(max_tokens) < SHORTEST or nothing_to_do:
            return extracted(there.text, turns, max_tokens)
        if not _extended(space, session, space.engine.model(), there, turns, max_tokens):
            tries += 1
        if tries == TRIES:
            raise Conflict(f"session {session!r} changed again and again while it was summarised: ask again")


def _standing(view: Reader, space: Space, session: str, max_tokens: int) -> _Standing:
    """What to tell, or to go on from: no summary where all turns fit, else of those that fit the one that covers least.

    Where none fits, the one that covers most, one that is short enough before one that is not. What a model made for
    less than half of this room has lost too much to go on from: it is made anew.
    """
    rows = turns_of(view, session)
    if _fits(space, "", rows, max_tokens):
        return _Standing(None, rows)
    now, wanted = {row.id for row in rows}, most(max_tokens)
    whole = [one for one in _kept(view, session) if one.covers <= now]
    kept = [one for one in whole if 2 * one.room >= wanted or not space.engine.named]
    short = [one for one in kept if len(one.text.encode()) <= wanted]
    left = {one.row.id: [row for row in rows if row.id not in one.covers] for one in kept}
    fitting = [one for one in short if _fits(space, one.text, left[one.row.id], max_tokens)]
    if fitting:
        best = min(fitting, key=lambda one: (len(one.covers), -len(one.text), -one.row.id))
    elif kept:
        best = max(kept, key=lambda one: (len(one.covers), one in short, len(one.text), one.row.id))
    else:
        return _Standing(None, rows)
    return _Standing(best, left[best.row.id])


def _fits(space: Space, text: str, rows: Sequence[EpisodeRow], max_tokens: int) -> bool:
    """Is there room for the summary and these turns word by word?"""
    if sum(len(row.text) for row in rows) > 4 * max_tokens:
        return False
    return fits(text, [episode(row, space.namespace) for row in rows], max_tokens)


def _kept(view: Reader, session: str) -> list[_Kept]:
    """Every summary of a session whose ground is whole."""
    rows = view.records(SUMMARY, session)
    links: dict[int, list[tuple[str, int]]] = {}
    for link in view.links_of(row.id for row in rows) if rows else ():
        links.setdefault(link.record, []).append((link.what, link.target))
    covers: dict[int, frozenset[int]] = {}
    for row in rows:  # in the order recorded: what one was made from comes before it
        below = [covers.get(target, frozenset()) for what, target in links.get(row.id, ()) if what == "record"]
        turns = {target for what, target in links.get(row.id, ()) if what == "episode"}
        covers[row.id] = frozenset(turns.union(*below))
    return [_told(row, covers[row.id]) for row in rows if covers[row.id]]


def _told(row: RecordRow, covers: frozenset[int]) -> _Kept:
    said = json.loads(row.body)
    text = said.get("text", "")
    return _Kept(row, text, said.get("room", len(text.encode())), covers)


def _extended(
    space: Space, session: str, model: Model, there: _Standing, turns: Sequence[Episode], max_tokens: int
) -> bool:
    """Fold the oldest turns into the summary by one call, and keep it; False if what it rests on changed meanwhile."""
    folded = turns[: _for_one_call(turns, to_fold(turns, max_tokens))]
    rows = there.turns[: len(folded)]
    answer = asked(space, model, _request(there.text, folded, max_tokens))
    text = cut(answer.summary, max_tokens)
    if not text:
        raise ModelRefused("the model gave an empty summary")

    def work(tx: Writer, _: Vocabulary) -> bool:
        if not _stands(tx, there.kept, rows):
            return False
        links = [("episode", row.id) for row in rows]
        links += [("record", there.kept.row.id)] if there.kept is not None else []
        tx.tick()
        said = body(did="summarised", text=text, by=model.name, room=most(max_tokens))
        put_record(tx, SUMMARY, session, said, space.actor, links)
        return True

    return space.engine.write(space.path, space.actor, work)


def _for_one_call(turns: Sequence[Episode], wanted: int) -> int:
    """How many of the turns wanted one call folds in: at least one, and no call of a tool without its result."""
    size, count = 0, 0
    for turn in turns[:wanted]:
        size += min(len(turn.text), CALL_CHARS)
        if count and size > CALL_CHARS:
            break
        count += 1
    return whole_cut(turns, count) if count else 0


def _stands(tx: Reader, kept: _Kept | None, rows: Iterable[EpisodeRow]) -> bool:
    """Is everything still there as it was shown?"""
    read = {row.id: row for row in rows}
    now = tx.episodes(read) if read else {}
    if any(number not in now or now[number][:2] != row[:2] or now[number].replaced_by for number, row in read.items()):
        return False
    return kept is None or tx.records_by_ids([kept.row.id]).get(kept.row.id) == kept.row


def _request(so_far: str, folded: Sequence[Episode], max_tokens: int) -> ModelRequest:
    from triplemem.sessions.answer import Answer

    lines = [said(turn, excerpt(turn.text, (), limit=CALL_CHARS)) for turn in folded]
    told = [f"<summary>\n{quoted(so_far)}\n</summary>"] if so_far else []
    told += ["<turns>\n" + "\n".join(lines) + "\n</turns>"] if lines else []
    shown = "".join(told)
    characters = most(max_tokens) * len(shown) // len(shown.encode())  # by the script that is written here
    told.append(f"<limit>\n{characters}\n</limit>")
    turn = {"role": "user", "content": "\n".join(told)}
    return ModelRequest(prompt("summarise"), [turn], Answer, max(max_tokens * 2, 512))
