"""One score for every candidate, out of named parts: what a hit's ``arms`` tell.

``S = late + ½ text + ½ vector``, and on top of it what stands around the candidate. The formula, and what a turn has of
its surroundings, are those of a study on LoCoMo whose constants were fixed before it; `benchmarks/locomo.py` measures
them again on three of its conversations. What a fact has of the graph and of turns, and how facts and turns stand to
each other, was chosen:

* ``late``: late interaction with the question (`core.interaction`), from 0 to 1; of a turn, its date is part of it.
* ``text``: the share of the question's idf that the words found in the text carry, times ½.
* ``vector``: the cosine with the question, times ½ (times 1 for an embedder that reads more than single words).
* ``neighbours`` of a turn: 0.4 of the score of the turn before it, 0.2 of the next, of the one two before, of the one
  two after; of a fact: those of the turn it rests on, where they add. ``session``: 0.3 of the mean of its session's
  three best.
* ``speaker``: 0.1 if the question names who speaks, and nobody else who does. ``date``: 0.1 if the turn is from a time
  that the question names.
* ``evidence``: 0.6 of the best fact that rests on a turn, and of the best turn that states a fact.
* ``graph`` of a fact: up to 0.3, by a personalised PageRank from the entities that the question names.

What others lend is counted from the mean of the candidates of the kind, so that having none counts as the mean.

Where facts are asked for, too, all parts of a turn are multiplied: by 0.6 if it states facts and holds no word of the
question beyond those of its facts that hold, if it only asks, or if it is an assistant's; by 0.85 if no fact says it.
Where a fact and a turn say the same, the fact, which has its validity, is first, and so it should be before what nobody
read. Both were chosen; `benchmarks/observations.py` measures that neither hides the other.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum
from statistics import fmean

from triplemem.core.identity import entity_key
from triplemem.core.instants import from_us
from triplemem.core.interaction import Table, compared
from triplemem.core.messages import SPEAK
from triplemem.core.pieces import words
from triplemem.core.ranking import worth
from triplemem.core.rows import EpisodeRow, FactRow
from triplemem.core.text import ends, sentences
from triplemem.ledger.derive import entities_of
from triplemem.ledger.wording import worded
from triplemem.ports import Reader
from triplemem.recall.found import EPISODE, FACT, Found, Key
from triplemem.recall.question import Question
from triplemem.resources import token_table

TEXT, VECTOR, READING = 0.5, 0.5, 1.0
BESIDE = {-1: 0.4, 1: 0.2, -2: 0.2, 2: 0.2}
SESSION, BEST_OF_SESSION = 0.3, 3
SPEAKER, DATE = 0.1, 0.1
ON_TURN, ON_FACT = 0.6, 0.6
GRAPH = 0.3
TURN, WHOLE = 0.6, 0.85
ASKING = ("?", "？", "؟")
GREETINGS = frozenset("hi hey hello so and ok okay well thanks thank you please sorry good morning evening".split())
_CLOSING = re.compile(r"[^\w?？؟]+\Z")
DIGITS = 6
"""To so many digits two texts compare alike, whatever else is compared beside them."""
FEW = 3
"""So many candidates without any score are counted into the mean: of one or two, none would stand above it."""
READ = 8_000
"""How many characters of a turn are compared with the question, and of the question, half of them at its end."""

Place = tuple[int, Key]
"""Which of the namespaces, and what in it."""
Parts = dict[str, float]


class Scores:
    """The candidates of all namespaces that are searched, side by side: ``places``, and as many ``sums``.

    ``facts``: facts are asked for, and turns that state them give way to them.
    """

    def __init__(self, question: Question, founds: Sequence[Found], views: Sequence[Reader], *, facts: bool) -> None:
        self._question, self._founds = question, founds
        asking = [_asking(found) for found in founds]
        self._less = [_giving_way(found) | ask for found, ask in zip(founds, asking, strict=True)] if facts else None
        self.places: list[Place] = [(n, key) for n, found in enumerate(founds) for key in sorted(found.keys)]
        late, near = self._compared(token_table(), views)
        self._own = [{"late": a, "vector": b, "text": c} for a, b, c in zip(late, near, self._overlaps(), strict=True)]
        own = {place: sum(parts.values()) for place, parts in zip(self.places, self._own, strict=True)}
        self._further: dict[Place, Parts] = {}
        for n, found in enumerate(founds):
            mine = {key: own[n, key] for key in found.keys}
            around = _Surroundings(question, found, mine, asking[n])
            self._further |= {(n, key): parts for key, parts in _standing(around)}
        self._shares = [self._share(place) for place in self.places]
        self.sums = [
            round((own[place] + sum(self._further.get(place, {}).values())) * share, DIGITS)
            for place, share in zip(self.places, self._shares, strict=True)
        ]

    def parts(self, index: int) -> Parts:
        """What the score of a candidate is the sum of; of what gave nothing, nothing."""
        given = self._own[index] | self._further.get(self.places[index], {})
        return {name: value * self._shares[index] for name, value in given.items() if value}

    def _share(self, place: Place) -> float:
        """What a candidate's parts are multiplied by."""
        n, (kind, number) = place
        if kind == FACT or self._less is None:
            return 1.0
        return TURN if number in self._less[n] else WHOLE

    def _compared(self, table: Table, views: Sequence[Reader]) -> tuple[list[float], list[float]]:
        """Late interaction, and how near the sums are."""
        of = table.pieces.of
        asked = of(ends(self._question.text, READ))
        said: list[list[int]] = []
        leads: list[int] = []
        texts = [fact_texts(view, found) for view, found in zip(views, self._founds, strict=True)]
        for n, (kind, number) in self.places:
            date: list[int] = []
            if kind == FACT:
                body = of(texts[n][number])
            else:
                row = self._founds[n].episodes[number]
                date, body = of(f"{from_us(row.occurred_at):%d %B %Y}"), of(_said(row))
            said.append(date + body)
            leads.append(len(date))
        late, near = compared(table, asked, said, leads)
        if self._question.reads:
            own = [READING * self._founds[n].near.get(key, 0.0) for n, key in self.places]
            return late.round(DIGITS).tolist(), own
        return late.round(DIGITS).tolist(), (VECTOR * near).round(DIGITS).tolist()

    def _overlaps(self) -> Iterator[float]:
        """The share of the question's words, by their idf over all that holds any of them."""
        among = sum(found.among for found in self._founds)
        held = {token: sum(found.df.get(token, 0) for found in self._founds) for token in self._question.tokens}
        shares = worth(held, among)
        for n, key in self.places:
            yield TEXT * fsum([shares[word] for word in self._founds[n].held.get(key, ())])


def _giving_way(found: Found) -> set[int]:
    """The turns that state facts, and say nothing of what is asked beside those that hold; and those of no speaker."""
    holding: dict[int, list[int]] = {}
    for fact, episode in found.links:
        if (FACT, fact) in found.keys:
            holding.setdefault(episode, []).append(fact)
    stating = {turn for turn in found.stating if turn not in holding or not found.says_more(turn, holding[turn])}
    return stating | {turn for turn, row in found.episodes.items() if row.role not in SPEAK}


def _asking(found: Found) -> set[int]:
    """The turns that only ask."""
    return {number for kind, number in found.keys if kind == EPISODE and _only_asks(found.episodes[number].text)}


def _only_asks(text: str) -> bool:
    """Is all of it questions, but for a greeting or thanks?"""
    said = text[:READ]
    if not any(mark in said for mark in ASKING):
        return False
    parts = [said[start:end] for start, end in sentences(said)]
    return all(_CLOSING.sub("", part).endswith(ASKING) for part in parts if not _greets(part))


def _greets(part: str) -> bool:
    return GREETINGS.issuperset(word for word in words(part) if word.isalnum())


@dataclass(slots=True)
class _Surroundings:
    """The candidates of one namespace with their own scores, as far above the mean of their kind."""

    question: Question
    found: Found
    scores: Mapping[Key, float]
    asking: Collection[int]
    above: dict[Key, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for kind in (FACT, EPISODE):
            mine = {key: score for key, score in self.scores.items() if key[0] == kind}
            mean = sum(mine.values()) / (len(mine) + FEW)
            self.above |= {key: score - mean for key, score in mine.items()}

    def lent(self, number: int, without: Collection[int] = ()) -> float:
        """What the turns beside one lend to it, but for some."""
        beside = sorted(self.found.beside.get(number, {}).items())
        return sum(
            BESIDE[away] * self.above.get((EPISODE, other), 0.0) for away, other in beside if other not in without
        )

    def lent_on(self) -> dict[int, float]:
        """What the turns beside those that a fact rests on lend to it, if it is above zero; what only asks, nothing."""
        lent: dict[int, float] = {}
        for fact, episode in self.found.links:
            if (EPISODE, episode) in self.above:
                lent[fact] = max(lent.get(fact, 0.0), self.lent(episode, without=self.asking))
        return lent

    def sessions(self) -> dict[str | None, float]:
        """How far the best turns of each session are above the mean, on average."""
        of: dict[str, list[float]] = {}
        for key, score in self.above.items():
            session = self.found.episodes[key[1]].session if key[0] == EPISODE else None
            if session is not None:
                of.setdefault(session, []).append(score)
        return {session: fmean(sorted(scores, reverse=True)[:BEST_OF_SESSION]) for session, scores in of.items()}

    def speaker(self) -> str | None:
        """The one speaker whom the question names."""
        speakers = {row.speaker for row in self.found.episodes.values() if row.speaker is not None}
        named = {speaker for speaker in speakers if entity_key(speaker) in self.question.names}
        return named.pop() if len(named) == 1 else None

    def evidence(self) -> dict[Key, float]:
        """What the best fact lends to the turns that it rests on, and the best turn to the facts that it states."""
        lent: dict[Key, float] = {}
        for fact, episode in self.found.links:
            turn, stated = (EPISODE, episode), (FACT, fact)
            lent[turn] = max(lent.get(turn, 0.0), ON_TURN * self.above.get(stated, 0.0))
            lent[stated] = max(lent.get(stated, 0.0), ON_FACT * self.above.get(turn, 0.0))
        return lent


def _standing(around: _Surroundings) -> Iterator[tuple[Key, Parts]]:
    """What stands around each candidate, as parts of its score."""
    found, evidence, beside = around.found, around.evidence(), around.lent_on()
    top = max(found.graph.values(), default=0.0)
    for key in around.scores:
        if key[0] == FACT:
            graph = GRAPH * found.graph.get(key[1], 0.0) / top if top > 0 else 0.0
            yield key, {"graph": graph, "evidence": evidence.get(key, 0.0), "neighbours": beside.get(key[1], 0.0)}
    if not found.episodes:
        return
    sessions, speaker = around.sessions(), around.speaker()
    for key in around.scores:
        if key[0] == EPISODE:
            row = found.episodes[key[1]]
            yield (
                key,
                {
                    "neighbours": around.lent(key[1]),
                    "session": SESSION * sessions.get(row.session, 0.0),
                    "speaker": SPEAKER * (speaker is not None and row.speaker == speaker),
                    "date": DATE * any(time.covers(row.occurred_at) for time in around.question.times),
                    "evidence": evidence.get(key, 0.0),
                },
            )


def fact_texts(view: Reader, found: Found) -> dict[int, str]:
    """The words of each fact among the candidates."""
    rows: list[FactRow] = [found.facts[number] for kind, number in sorted(found.keys) if kind == FACT]
    names = entities_of(view, rows)
    return {row.id: worded(names[row.subject].name, row.predicate, names[row.object].name) for row in rows}


def _said(row: EpisodeRow) -> str:
    return row.text[:READ] if row.speaker is None else f"{row.speaker}: {row.text[:READ]}"
