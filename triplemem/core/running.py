"""The running summary of a session, in a budget: what is told as it was said, and what is folded into the summary.

A block has the summary of the older turns in one line, then the latest turns word by word. When they no longer fit,
the oldest of them are folded into the summary, and enough room is left that the next turns need no further call.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from triplemem.core.render import context_block, episode_line, fitting, joined, room, safe_line, shortened
from triplemem.core.text import sentences
from triplemem.core.tokens import STOP_WORDS, search_tokens
from triplemem.core.turns import whole_cut
from triplemem.types import Episode

EARLIER = "Earlier in this session: "
SUMMARISED = ("user", "assistant", "document")
"""Whose words are told shortly: what tools answered, and what the system was told, is not."""
MAX_SENTENCES = 5_000
"""How many sentences of the latest turns are weighed."""
SHORTEST = 40
"""With less room than so many bytes there is no summary."""


def block(summary: str, turns: Iterable[Episode], max_tokens: int) -> str:
    """The summary and the turns as fenced data; what does not fit is left out, the summary last."""
    return context_block(_lines(summary, turns), max_tokens=max_tokens)


def fits(summary: str, turns: Iterable[Episode], max_tokens: int) -> bool:
    """Is all of it in the block?"""
    lines = _lines(summary, turns)
    return len(fitting(lines, max_tokens=max_tokens)) == len(lines)


def _lines(summary: str, turns: Iterable[Episode]) -> list[str]:
    told = [_line(turn, turn.text) for turn in turns]
    return [EARLIER + summary, *told] if summary else told


def _line(turn: Episode, text: str) -> str:
    return episode_line(turn.speaker, turn.role, turn.occurred_at, text)


def most(max_tokens: int) -> int:
    """How many bytes the summary may have: half of the room that the fence leaves."""
    return max(room(max_tokens) // 2 - _size(EARLIER), 0)


def cut(text: str, max_tokens: int) -> str:
    """A summary as it may be kept: on one line, cut at a sentence where it is longer than it may be."""
    return shortened(safe_line(text).strip(), most(max_tokens))


def to_fold(turns: Sequence[Episode], max_tokens: int) -> int:
    """How many of the oldest turns go into the summary, so that the latest take a quarter of the room at most.

    No call of a tool is parted from its result.
    """
    left, first = room(max_tokens) // 4, len(turns)
    while first and (left := left - _size(_line(turns[first - 1], turns[first - 1].text))) >= 0:
        first -= 1
    return whole_cut(turns, first)


def _size(line: str) -> int:
    """The bytes of a line of the block, with its mark and its end."""
    return len(safe_line(line).encode()) + len("- \n")


# --- without a model ----------------------------------------------------------------------------------------------


class _Sentence(NamedTuple):
    turn: int
    place: int
    text: str
    words: tuple[str, ...]


def extracted(summary: str, turns: Sequence[Episode], max_tokens: int) -> str:
    """The block that needs no model: of the older turns the sentences that say most of what the session is about.

    Sentences are chosen one by one by the mean weight of their words, a word's weight being its share of all that is
    said, squared once it has been told: SumBasic of A. Nenkova and L. Vanderwende, "The Impact of Frequency on
    Summarization" (2005).
    """
    older = to_fold(turns, max_tokens)
    head = cut(summary, max_tokens) if summary else ""
    latest = [_line(turn, turn.text) for turn in turns[older:]]
    first = [EARLIER + head] if head else []
    left = room(max_tokens) - sum(map(_size, [*first, *latest]))
    return context_block([*first, *_told(turns[:older], left), *latest], max_tokens=max_tokens)


def _told(turns: Sequence[Episode], left: int) -> list[str]:
    """Of each turn the sentences chosen, as many as there is room for."""
    there = [one for one in _sentences(turns) if _size(_line(turns[one.turn], one.text)) <= left]
    chosen: dict[int, str] = {}
    places: dict[int, list[int]] = {}
    for best in _by_weight(there):
        turn = there[best].turn
        places.setdefault(turn, []).append(there[best].place)
        longer = _excerpt(turns[turn], sorted(places[turn]))
        left -= _size(longer) - (_size(chosen[turn]) if turn in chosen else 0)
        if left < 0:
            break
        chosen[turn] = longer
    return [chosen[turn] for turn in sorted(chosen)]


def _by_weight(there: Sequence[_Sentence]) -> Iterator[int]:
    """The places of the sentences, that which says most first, given what was said before it.

    Weights only fall, so a sentence that still weighs more than any other did is the next one.
    """
    weights = _weights(there)
    heap = [(-_weight(one, weights), place) for place, one in enumerate(there)]
    heapify(heap)
    while heap:
        known, place = heappop(heap)
        now = -_weight(there[place], weights)
        if now > known:
            heappush(heap, (now, place))
            continue
        yield place
        weights |= {word: weights[word] ** 2 for word in there[place].words}


def _sentences(turns: Sequence[Episode]) -> list[_Sentence]:
    found = [
        _Sentence(number, place, turn.text[start:end].strip(), _telling(turn.text[start:end]))
        for number, turn in enumerate(turns)
        if turn.role in SUMMARISED
        for place, (start, end) in enumerate(sentences(turn.text))
    ]
    return [one for one in found if one.words][-MAX_SENTENCES:]


def _telling(text: str) -> tuple[str, ...]:
    return tuple(sorted(set(search_tokens(text)) - STOP_WORDS))


def _weights(there: Sequence[_Sentence]) -> dict[str, float]:
    counts = Counter(word for one in there for word in one.words)
    total = sum(counts.values())
    return {word: count / total for word, count in counts.items()}


def _weight(one: _Sentence, weights: dict[str, float]) -> float:
    return math.fsum(weights[word] for word in one.words) / len(one.words)


def _excerpt(turn: Episode, places: Sequence[int]) -> str:
    """A turn's chosen sentences."""
    parts = [turn.text[start:end] for start, end in sentences(turn.text)]
    return _line(turn, joined(parts, places, len(turn.text), ends=True))
