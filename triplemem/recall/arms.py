"""The arms of recall within one namespace: each finds candidates, and says how well each answers.

Times and filters are a sieve that every arm puts its candidates through, so that what does not pass takes no place
from what does. What is over is in index entries of its own: a question about the present costs the same however much
history there is. A question about the past looks there too; a fact that nobody believes any more at all is in neither,
and is found by an entity that the question names, by its vector, or by a message that stated it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from triplemem.core.hints import Search
from triplemem.core.instants import ALWAYS, NOW
from triplemem.core.ranking import fuse, personalised_pagerank, worth
from triplemem.core.rows import FactRow, Sieve
from triplemem.core.text import Span
from triplemem.core.tokens import MAX_TOKEN, search_tokens
from triplemem.ledger.component import stands
from triplemem.ledger.derive import prefix
from triplemem.ledger.find import standing_entity
from triplemem.ledger.present import Facts
from triplemem.ledger.wording import worded
from triplemem.ports import ANY_END, Reader
from triplemem.recall.found import EPISODE, FACT, Found, Key
from triplemem.recall.question import Question, weigh
from triplemem.recall.told import Told

if TYPE_CHECKING:
    import numpy as np

EPISODES, CURRENT, PAST = 0, 1, 2
PER_WORD = 2_000
"""How many rows that hold a word are looked at, unless too few of them pass."""
BUDGET = 5_000
"""How many rows are scored, those with the rarest words first."""
CANDIDATES = 100
"""How many an arm gives at most, unless more are asked for, and how many facts all of them give."""
FACTS = 50
"""How many facts words or a vector give at most, unless more are asked for. Chosen: of LoCoMo's observations twice as
many answer no more (R@10 of the turns they rest on 83.0 and 83.1, means of three stores); each has to be fetched."""
ENOUGH = 50
"""With fewer, an arm that left rows out looks at all of them."""
DEEP = 1_000_000
DEEPER = 1_000
"""How many a store may look at beforehand for so many that pass."""
ROOM = 20
"""Characters that the prefix of a token takes at most."""
NEAR, FAR, NODES = 200, 20, 32
"""How many facts of an entity that is named, and of how many beside it how many, the graph holds."""
LIFTED, BEHIND = 30, 5
"""How many candidates lend of their score to what they rest on, and to how many episodes each."""
NEAR_ENOUGH = 0.3
"""The cosine from which on a sum of single words' vectors makes a candidate. Chosen: about half of all turns of a
conversation are as near to a question about it (LoCoMo: the median is .28, one in twenty has .49 and more)."""
STRETCHES, WITHIN = 3, 2_000
"""Of how many times named turns are looked at, and of how many turns each."""
REACH = 2
"""How many turns before and after one lend to it."""
FIRST = {"text": 1.0, "vector": 1.0, "graph": 0.6}
"""By what the first of the candidates are chosen, whose evidence is looked at; the score is in `scoring`."""


def wanted(question: Question, sieve: Sieve, k: int, *, narrow: bool, past: bool) -> Search:
    """What the arms look at when a question is put to a namespace.

    ``narrow``: the sieve leaves something out; ``past``: it is asked about what may be over.
    """
    words, facts = [token[: MAX_TOKEN - ROOM] for token in question.tokens], _needed(sieve, FACT)
    places = {"e": [word[: MAX_TOKEN - ROOM] for word in _needed(sieve, EPISODE)], "f": facts}
    places |= {"p": facts} if past else {}
    ever = sieve.at == ALWAYS and sieve.known == NOW  # until now: what is kept of each fact tells whether it ever held
    kept, limits = sieve if narrow or (past and not ever) else None, _limits(k)
    deep = limits if kept is None else dict.fromkeys(limits, max(DEEPER, k))
    around = (NEAR, FAR, NODES, BEHIND, REACH)
    return Search(
        words, places, question.vector, kept, deep, _ends_after(sieve), limits, *around, stretches(question), WITHIN
    )


def _limits(k: int) -> dict[str, int]:
    """How many candidates of either kind words or a vector give, where so many hits are asked for."""
    return {EPISODE: max(CANDIDATES, k), FACT: max(FACTS, k)}


def _ends_after(sieve: Sieve) -> int:
    """The instant after which the last period of a fact has to end.

    Any, where a former belief is asked for: its periods may have changed since.
    """
    return sieve.at if sieve.known == NOW else ANY_END


def stretches(question: Question) -> list[tuple[int, int]]:
    """The stretches of time named that have both ends, of a month without a year the one nearest."""
    return list(dict.fromkeys((one.start, one.end) for one in question.times if one.start > ALWAYS))[:STRETCHES]


def _needed(sieve: Sieve, kind: str) -> list[str]:
    """What a row has to hold beside a word that is asked for: a predicate's words, or a speaker's."""
    if kind == FACT:
        return [] if sieve.predicate is None else search_tokens(worded("", sieve.predicate, ""))
    return [] if sieve.speaker is None else search_tokens(sieve.speaker)


class Arms:
    """One question put to one namespace, within one snapshot."""

    def __init__(self, view: Reader, question: Question, presenter: Facts, sieve: Sieve, past: bool, k: int) -> None:
        self.view, self.question, self.then, self.sieve = view, question, presenter.then, sieve
        self.most, self.limits = max(CANDIDATES, k), _limits(k)
        self.least = 0.0 if question.reads else NEAR_ENOUGH
        self.told = Told(view, presenter)
        self.places = (EPISODES, CURRENT, PAST) if past else (EPISODES, CURRENT)
        self.holding = _ends_after(sieve)
        self.found = Found()
        self.arms: dict[str, dict[Key, float]] = {}
        self.rows: dict[int, dict[str, list[int]]] = {}
        self.shared: dict[int, float] = {}
        self.rank: dict[int, float] = {}
        self.asked: dict[str, set[int]] = {FACT: set(), EPISODE: set()}

    def find(self) -> Found:
        """What the arms found."""
        self._words()
        self._graph()
        if self.question.vector is not None:
            self._vectors(self.question.vector)
        self._evidence()
        self._neighbours()
        self._dated()
        self._hold()
        turns = [number for kind, number in self.found.keys if kind == EPISODE]
        self.found.stating = self.view.episodes_stating(turns, self.sieve.known)
        facts = (self.found.facts[number] for kind, number in self.found.keys if kind == FACT)
        self.found.graph = {row.id: self._visited(row) for row in facts}
        return self.found

    # the sieve

    def _pass(self, kind: str, numbers: Collection[int]) -> list[int]:
        """Of these candidates those that pass, their rows kept."""
        known = self.asked[kind]
        fresh = [number for number in numbers if number not in known]
        known.update(fresh)
        if kind == FACT:
            rows = self.view.facts_passing(fresh, self.sieve) if fresh else ()
            self.found.facts |= {row.id: row for row in rows}
            return [number for number in numbers if number in self.found.facts]
        turns = self.view.episodes_passing(fresh, self.sieve) if fresh else ()
        self.found.episodes |= {row.id: row for row in turns}
        return [number for number in numbers if number in self.found.episodes]

    def _first(self, kind: str, numbers: Sequence[int], limit: int) -> list[int]:
        """The first of these candidates that pass."""
        passed: list[int] = []
        start, size = 0, limit + limit // 4
        while start < len(numbers) and len(passed) < limit:
            page = numbers[start : start + size]
            through = set(self._pass(kind, page))
            passed += [number for number in page if number in through]
            start, size = start + size, min(size * 2, 2_000)
        return passed[:limit]

    # words

    def _words(self) -> None:
        """Full text: the share of the question's weight that a row's words carry, rare words weighing more."""
        limit = max(PER_WORD * 8 // max(len(self.question.tokens), 8), 100)
        rows: dict[int, dict[str, list[int]]] = {}
        cut: dict[int, bool] = {}
        for place in self.places:
            rows[place], cut[place] = self._rows(place, limit)
        shares = self._worth(rows)
        for place, found in rows.items():
            kind = FACT if place else EPISODE
            scores = _scores(found, shares)
            most = self.limits[kind]
            first = self._first(kind, _ranked(scores), most)
            if len(first) < min(ENOUGH, most) and cut[place]:
                found = rows[place] = self._passing_rows(place, found)
                scores = _scores(found, shares)
                first = _ranked(scores)[:most]
            self._give("text", kind, {number: scores[number] for number in first})
            if not place:
                self.shared = scores
        self._note(rows)

    def _note(self, rows: dict[int, dict[str, list[int]]]) -> None:
        """How many rows hold each word, and how many any of them; which words each candidate holds, `find` notes."""
        self.rows = rows
        for found in rows.values():
            for token, numbers in found.items():
                self.found.df[token] = self.found.df.get(token, 0) + len(numbers)
            self.found.among += len(set().union(*found.values()))

    def _hold(self) -> None:
        """Which words each candidate holds."""
        for place, found in self.rows.items():
            kind = FACT if place else EPISODE
            mine = {number for of, number in self.found.keys if of == kind}
            for token, numbers in found.items():
                for number in mine.intersection(numbers):
                    self.found.held.setdefault((kind, number), set()).add(token)

    def _give(self, arm: str, kind: str, scores: dict[int, float]) -> None:
        """Take these as candidates."""
        self.arms.setdefault(arm, {}).update({(kind, number): score for number, score in scores.items()})
        self.found.keys.update((kind, number) for number in scores)

    def _rows(self, place: int, limit: int) -> tuple[dict[str, list[int]], bool]:
        """For each word of the question rows that hold it; and were some left out?

        Of a word that more than ``limit`` rows hold, those that hold a rarer word too, or all such words, come first.
        """
        match = {token: self._match(place, token) for token in self.question.tokens}
        rows = dict(zip(match, self.view.matching(list(match.values()), limit), strict=True))
        common = [token for token, found in rows.items() if len(found) >= limit]
        rare = [match[token] for token, found in rows.items() if 0 < len(found) < limit]
        every = list(dict.fromkeys(word for token in common for word in match[token]))
        together = self.view.matching([every], limit)[0] if common else []
        beside = self.view.matching([match[token] for token in common], BUDGET, rare) if rare else [[]] * len(common)
        for token, ahead in zip(common, beside, strict=True):
            rows[token] = list(dict.fromkeys([*ahead, *together, *rows[token]]))
        kept = _within_budget({token: found for token, found in rows.items() if found})
        return kept, bool(common) or any(len(kept[token]) < len(rows[token]) for token in kept)

    def _match(self, place: int, token: str) -> list[str]:
        """What a row holds that holds a word, and what is asked for beside it: a predicate's or a speaker's words."""
        before = prefix(self.view, place)
        words = [token, *_needed(self.sieve, FACT if place else EPISODE)]
        if not place:
            words = [word[: MAX_TOKEN - len(before)] for word in words]
        return [before + word for word in words]

    def _worth(self, rows: dict[int, dict[str, list[int]]]) -> dict[str, float]:
        """What each word counts for among the rows that hold any of them; 1 in all, words that nothing holds too."""
        among = len(set[int]().union(*(numbers for found in rows.values() for numbers in found.values())))
        held = {token: sum(len(found.get(token, ())) for found in rows.values()) for token in self.question.tokens}
        return worth(held, among)

    def _passing_rows(self, place: int, rows: dict[str, list[int]]) -> dict[str, list[int]]:
        """For each word rows that hold it and pass, the rarest first until the budget is spent."""
        asked = [self._match(place, token) for token in rows]
        everything = dict(zip(rows, self.view.matching(asked, DEEP), strict=True))
        kept: dict[str, list[int]] = {}
        seen: set[int] = set()
        for token in sorted(everything, key=lambda token: len(everything[token])):
            ahead = sorted(everything[token], key=lambda number: number not in seen)  # what holds a rarer word, too
            kept[token] = self._first(FACT if place else EPISODE, ahead, max(BUDGET - len(seen), CANDIDATES))
            seen.update(kept[token])
        return kept

    # the graph

    def _graph(self) -> None:
        """Facts around the entities that the question names, weighed by a walk that keeps returning to them.

        Its shares go to what every arm finds: of somebody with a thousand facts, not to a first hundred alone.
        """
        seeds = self._named()
        if not seeds:
            return
        edges = dict(self.found.facts)
        ahead, seen = list(seeds), set(seeds)
        for limit in (NEAR, FAR):
            rows = self._around(ahead[:NODES], limit)
            edges |= {row.id: row for row in rows}
            ahead = sorted({end for row in rows for end in (row.subject, row.object)} - seen)
            seen |= set(ahead)
        self.rank = personalised_pagerank(
            ((row.subject, row.object, 1.0) for row in edges.values()), seeds, iterations=10
        )
        scores = {row.id: self._visited(row) for row in edges.values()}
        near = [number for number in _ranked(scores) if scores[number] > 0]
        self._give("graph", FACT, {number: scores[number] for number in self._first(FACT, near, self.most)})

    def _visited(self, row: FactRow) -> float:
        """How much of its time the walk spends at the ends of a fact."""
        return self.rank.get(row.subject, 0.0) + self.rank.get(row.object, 0.0)

    def _around(self, entities: Collection[int], limit: int) -> list[FactRow]:
        """Facts of these entities that hold at the time asked for; filters say what may be a hit, not what is near."""
        rows: list[FactRow] = []
        for room in (limit, limit * 20):
            numbers = self.view.facts_touching(entities, self.holding, room)
            rows = self._holding(numbers)
            if len(rows) >= limit or len(numbers) < room:
                break
        return rows

    def _holding(self, numbers: Collection[int]) -> list[FactRow]:
        """Of these facts those that hold at the time asked for; without filters they are what passes."""
        plain = Sieve(self.sieve.at, self.sieve.known, self.sieve.occurred, to=self.sieve.to)
        if plain != self.sieve:
            return self.view.facts_passing(numbers, plain)
        return [self.found.facts[number] for number in self._pass(FACT, numbers)]

    def _named(self) -> dict[int, float]:
        """The entities that the question names, merged ones as what they are in now, each with its weight."""
        names = self.question.names
        if self.then is not None:
            owners = {key: self.then.names[key] for key in names if key in self.then.names}
        else:
            rows = self.view.named(list(names)) if names else {}
            owners = {key: standing_entity(self.view, row).id for key, row in rows.items()}
        places: dict[int, list[Span]] = {}
        for key, entity in owners.items():
            places.setdefault(entity, []).extend(names[key])
        return dict(sorted(weigh(places).items()))

    # vectors

    def _vectors(self, query: np.ndarray[Any, Any]) -> None:
        for kind in (FACT, EPISODE):
            room = self.limits[kind]
            for page in self.view.nearest(kind, query, room * 2, past=PAST in self.places):
                scores = {number: score for number, score in page.items() if score >= self.least}
                passed = {number: scores[number] for number in self._first(kind, list(scores), room)}
                self._give("vector", kind, passed)
                self.found.near |= {(kind, number): score for number, score in passed.items()}
                room -= len(passed)
                if room <= 0 or len(scores) < len(page):
                    break

    # dates

    def _dated(self) -> None:
        """Turns from the times that the question names, those that hold its words first; they bring no others."""
        for start, end in stretches(self.question):
            turns = sorted(self.view.episodes_within(start, end, WITHIN))
            ahead = sorted(turns, key=lambda number: self.shared.get(number, 0.0), reverse=True)
            self.found.keys.update((EPISODE, number) for number in self._first(EPISODE, ahead, self.most))

    # evidence

    def _evidence(self) -> None:
        """The episodes that the best facts rest on, and the facts that the best episodes state."""
        ranked = list(fuse(self.arms, FIRST))
        beyond = [key for key in ranked if key[0] == FACT][self.most :]
        self.found.keys.difference_update(key for key in beyond if self._is_over(key[1]) or not self.question.over)
        facts = [number for kind, number in ranked if kind == FACT][:LIFTED]
        episodes = [number for kind, number in ranked if kind == EPISODE][:LIFTED]
        links = {(fact, episode) for fact, behind in self.told.behind(facts, BEHIND).items() for episode in behind}
        stated = {(fact, claim.episode) for claim, fact in self.told.by(episodes) if stands(claim, self.sieve.known)}
        behind = dict.fromkeys(episode for _, episode in sorted(links))
        said = dict.fromkeys(fact for fact, _ in sorted(stated))
        for kind, numbers in ((EPISODE, behind), (FACT, said)):
            self._give("evidence", kind, dict.fromkeys(self._first(kind, list(numbers), self.most), 0.0))
        self.found.links = links | stated

    def _is_over(self, fact: int) -> bool:
        return self.found.facts[fact].holds_to <= self.sieve.to

    def _neighbours(self) -> None:
        """The turns before and after those that were found, and those beside them, which lend to one another."""
        found = [number for kind, number in self.found.keys if kind == EPISODE]
        if not found:
            return
        beside = self.view.episodes_beside(found, REACH)
        near = {number for before, after in beside.values() for number in (*before, *after)} - set(found)
        through = self._first(EPISODE, sorted(near), len(near))
        self.found.keys.update((EPISODE, number) for number in through)
        for number, (before, after) in beside.items():
            row = [*reversed(before), number, *after]
            for place, one in enumerate(row):
                for distance, other in enumerate(row[place + 1 : place + 1 + REACH], 1):
                    self.found.beside.setdefault(one, {})[distance] = other
                    self.found.beside.setdefault(other, {})[-distance] = one


def _scores(rows: dict[str, list[int]], shares: dict[str, float]) -> dict[int, float]:
    """What the words that each row holds count for together; the most common word is put down as a whole."""
    scores: dict[int, float] = {}
    for token, numbers in sorted(rows.items(), key=lambda row: len(row[1]), reverse=True):
        share = shares[token]
        if scores:
            scores.update((number, scores.get(number, 0.0) + share) for number in numbers)
        else:
            scores = dict.fromkeys(numbers, share)
    return scores


def _ranked(scores: dict[int, float]) -> list[int]:
    return sorted(sorted(scores), key=scores.__getitem__, reverse=True)


def _within_budget(rows: dict[str, list[int]]) -> dict[str, list[int]]:
    """The rows of the rarest words, until the budget is spent; of each further word a few."""
    left, kept = BUDGET, {}
    for token in sorted(rows, key=lambda token: len(rows[token])):
        kept[token] = rows[token][: max(left, CANDIDATES)]
        left -= len(kept[token])
    return kept
