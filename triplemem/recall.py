"""Recall: the facts and episodes that answer a question, and the same as a fenced block for a prompt.

Three arms, each within the namespace's own index entries: full text, the graph around the entities that the question
names, and vectors where the store has an embedder. Their scores meet in `core.ranking.fuse`. What is over is in index
entries of its own, so that a question about the present costs the same however much history there is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from triplemem.core.identity import entity_key
from triplemem.core.instants import START_UNKNOWN, from_us, instant
from triplemem.core.messages import check_name
from triplemem.core.ranking import fuse, idf, personalised_pagerank
from triplemem.core.render import context_block, episode_line, fact_line
from triplemem.core.rows import ClaimRow, EpisodeRow, FactRow, PeriodRow
from triplemem.core.text import name_ngrams
from triplemem.core.tokens import match_expression, query_tokens
from triplemem.errors import InvalidInput
from triplemem.ledger import present
from triplemem.ledger.component import stands
from triplemem.ledger.derive import prefix
from triplemem.ledger.space import Space, When
from triplemem.ports import Reader
from triplemem.types import Fact, Hit

KINDS = ("fact", "episode")
EPISODES, CURRENT, PAST = 0, 1, 2
WEIGHTS = {"text": 1.0, "graph": 0.6, "vector": 1.0, "evidence": 0.3}
MANY = 100_000
"""How many texts the rarity of a word is measured against: counting them would cost more than it tells."""
PER_TOKEN = 2_000
BUDGET = 5_000
"""How many postings are read at most, of the rarest words first (see the figures in the README)."""
CANDIDATES = 200
MAX_QUERY = 20_000
EVIDENCE = 3


@dataclass(frozen=True, slots=True)
class Filters:
    """What may be among the hits; each is applied inside the arms."""

    kinds: frozenset[str] = frozenset(KINDS)
    session: str | None = None
    speaker: str | None = None
    predicate: str | None = None
    entity_kind: str | None = None
    since: int | None = None
    until: int | None = None

    @classmethod
    def of(
        cls,
        *,
        kinds: Sequence[str],
        session: str | None,
        speaker: str | None,
        predicate: str | None,
        entity_kind: str | None,
        since: datetime | date | str | None,
        until: datetime | date | str | None,
    ) -> Filters:
        """Checked; `InvalidInput` or `InvalidTime` otherwise."""
        if isinstance(kinds, str) or not kinds or not set(kinds) <= set(KINDS):
            raise InvalidInput(f"kinds must be some of {KINDS}, not {kinds!r}")
        named = {"session": session, "speaker": speaker, "predicate": predicate, "entity_kind": entity_kind}
        for what, value in named.items():
            if value is not None:
                check_name(value, what)
        return cls(
            frozenset(kinds),
            session,
            speaker,
            predicate,
            entity_kind,
            None if since is None else instant(since, "since"),
            None if until is None else instant(until, "until"),
        )


@dataclass(slots=True)
class _Found:
    """The candidates of one namespace: what each arm gives to each."""

    facts: dict[int, FactRow] = field(default_factory=dict)
    believed: dict[int, list[PeriodRow]] = field(default_factory=dict)
    episodes: dict[int, EpisodeRow] = field(default_factory=dict)
    arms: dict[str, dict[tuple[str, int], float]] = field(default_factory=dict)

    def give(self, arm: str, kind: str, number: int, score: float) -> None:
        """Note what an arm gives to a candidate."""
        self.arms.setdefault(arm, {})[kind, number] = score


def recall(
    spaces: Sequence[Space], query: str, k: int, times: When, filters: Filters, min_score: float | None
) -> list[Hit]:
    """The best hits of all the namespaces that a memory reads, best first."""
    asked: object = query
    if not isinstance(asked, str) or not asked.strip():
        raise InvalidInput("the query is empty: ask for something")
    query = query[:MAX_QUERY].encode("utf-8", "replace").decode("utf-8")
    hits: list[tuple[float, int, Hit]] = []
    for place, space in enumerate(spaces):
        with space.engine.reading(space.path) as view:
            if view.namespace.n >= 0:
                hits += [(-hit.score, place, hit) for hit in _Search(view, space, query, times, filters).best(k)]
    hits.sort(key=lambda item: item[:2])
    found = [hit for _, _, hit in hits if min_score is None or hit.score >= min_score]
    return found[:k]


class _Search:
    """One question put to one namespace, within one snapshot."""

    def __init__(self, view: Reader, space: Space, query: str, times: When, filters: Filters) -> None:
        self.view, self.space, self.query, self.times, self.filters = view, space, query, times, filters
        self.presenter = present.Facts(view, space.namespace, times.as_of, times.known, space.engine.senses)
        self.past = times.known is not None or times.as_of < space.engine.now_us() - 60_000_000
        self.found = _Found()
        self.vocabulary = space.engine.senses.now(view)
        self.name = None if filters.predicate is None else self.vocabulary.read(filters.predicate).name

    def best(self, k: int) -> list[Hit]:
        """The best ``k`` hits."""
        if "fact" in self.filters.kinds:
            self._facts_by_words()
            self._facts_by_graph()
        if "episode" in self.filters.kinds:
            self._episodes_by_words()
        self._by_vectors()
        self._lift_evidence()
        ranked = fuse(self.found.arms, WEIGHTS)
        ranked.sort(key=lambda item: (-item[1], self._place(item[0])))
        return self._hits(ranked[:k])

    def _place(self, key: tuple[str, int]) -> tuple[int, int, int]:
        """What breaks a tie: facts first, then by when they were recorded, which an export keeps."""
        kind, number = key
        row = self.found.facts[number] if kind == "fact" else self.found.episodes[number]
        return (int(kind != "fact"), row.recorded_at, number)

    # arms

    def _weights(self, place: int) -> tuple[dict[str, list[int]], dict[str, float]]:
        """For each word of the question the newest rows that hold it, and what the word is worth."""
        postings: dict[str, list[int]] = {}
        for token in query_tokens(self.query, prefix=prefix(self.view, place)):
            rows = self.view.matching(match_expression([token]), PER_TOKEN)
            if rows:
                postings[token] = rows
        worth = {token: idf(MANY, len(rows)) for token, rows in postings.items()}
        kept, left = {}, BUDGET
        for token in sorted(postings, key=lambda token: len(postings[token])):
            kept[token] = postings[token][:left] if left > 0 else []
            left -= len(kept[token])
        return kept, worth

    def _scored(self, place: int, limit: int) -> list[tuple[int, float]]:
        """The rows that carry most of the question's weight, as its share from 0 to 1."""
        postings, worth = self._weights(place)
        total = sum(worth.values())
        scores: dict[int, float] = {}
        for token, rows in postings.items():
            for number in rows:
                scores[number] = scores.get(number, 0.0) + worth[token] / total
        return sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:limit]

    def _facts_by_words(self) -> None:
        for place in (CURRENT, PAST) if self.past else (CURRENT,):
            scored = dict(self._scored(place, CANDIDATES * 2))
            for row in self._fitting(self.view.facts(scored).values())[:CANDIDATES]:
                self.found.give("text", "fact", row.id, scored[row.id])

    def _fitting(self, rows: Iterable[FactRow]) -> list[FactRow]:
        """The facts that hold at ``as_of`` as believed at ``known_at``, and pass the filters."""
        rows = [row for row in rows if self.name is None or row.predicate == self.name]
        believed = self.view.believed([row.id for row in rows], self.presenter.known) if rows else {}
        fitting = [row for row in rows if self._holds(row, believed.get(row.id, []))]
        if self.filters.entity_kind is not None:
            names = self.view.entities({end for row in fitting for end in (row.subject, row.object)})
            kind = self.filters.entity_kind
            fitting = [row for row in fitting if kind in (names[row.subject].kind, names[row.object].kind)]
        for row in fitting:
            self.found.facts[row.id] = row
            self.found.believed[row.id] = believed[row.id]
        return fitting

    def _holds(self, row: FactRow, periods: list[PeriodRow]) -> bool:
        if self.times.known is None and (row.rejected is not None or row.moved_to is not None):
            return False
        at = self.times.as_of
        now = [p for p in periods if p.valid_from != START_UNKNOWN and p.valid_from <= at < p.valid_to]
        since, until = self.filters.since, self.filters.until
        return any((until is None or p.valid_from < until) and (since is None or p.valid_to > since) for p in now)

    def _facts_by_graph(self) -> None:
        seeds = self._entities_named()
        if not seeds:
            return
        edges: dict[int, FactRow] = {}
        ahead, seen = set(seeds), set(seeds)
        for limit in (CANDIDATES, CANDIDATES // 4):
            rows = [row for entity in sorted(ahead) for row in self._about(entity, limit)]
            edges |= {row.id: row for row in self._fitting(rows)}
            ahead = {end for row in rows for end in (row.subject, row.object)} - seen
            seen |= ahead
            if len(ahead) > 64:
                ahead = set(sorted(ahead)[:64])
        rank = personalised_pagerank(((r.subject, r.object, 1.0) for r in edges.values()), dict.fromkeys(seeds, 1.0))
        for row in edges.values():
            self.found.give("graph", "fact", row.id, rank.get(row.subject, 0.0) + rank.get(row.object, 0.0))

    def _about(self, entity: int, limit: int) -> list[FactRow]:
        holding = self.times.as_of if self.times.known is None else -(2**63)
        rows = self.view.facts_about(subject=entity, holding=holding, limit=limit)
        return rows + self.view.facts_about(object=entity, holding=holding, limit=limit)

    def _entities_named(self) -> list[int]:
        keys = dict.fromkeys(entity_key(name) for name, _, _ in name_ngrams(self.query[:2_000], 4))
        named = self.view.named(list(keys)) if keys else {}
        return sorted({row.id if row.merged is None else row.merged for row in named.values()})

    def _episodes_by_words(self) -> None:
        narrow = self.filters.session is not None or self.filters.speaker is not None
        scored = dict(self._scored(EPISODES, BUDGET if narrow else CANDIDATES * 2))
        for row in self._standing(self.view.episodes(scored).values())[:CANDIDATES]:
            self.found.give("text", "episode", row.id, scored[row.id])

    def _standing(self, rows: Iterable[EpisodeRow]) -> list[EpisodeRow]:
        """The episodes that were recorded and had occurred by then, and pass the filters."""
        filters, known = self.filters, self.presenter.known
        kept = [
            row
            for row in rows
            if row.replaced_by is None
            and not row.rendered
            and row.recorded_at <= known
            and (not self.past or row.occurred_at <= self.times.as_of)
            and filters.session in (None, row.session)
            and filters.speaker in (None, row.speaker)
            and (filters.since is None or row.occurred_at >= filters.since)
            and (filters.until is None or row.occurred_at < filters.until)
        ]
        self.found.episodes |= {row.id: row for row in kept}
        return kept

    def _by_vectors(self) -> None:
        embedder = self.space.engine.embedder
        if embedder is None:
            return
        from triplemem.ledger.vectors import embedded, nearest

        query = embedded(embedder, [self.query])[0]
        if "fact" in self.filters.kinds:
            scored = dict(nearest(self.view, "fact", query, CANDIDATES))
            for fact in self._fitting(self.view.facts(scored).values()):
                self.found.give("vector", "fact", fact.id, scored[fact.id])
        if "episode" in self.filters.kinds:
            scored = dict(nearest(self.view, "episode", query, CANDIDATES))
            for row in self._standing(self.view.episodes(scored).values()):
                self.found.give("vector", "episode", row.id, scored[row.id])

    def _lift_evidence(self) -> None:
        """An episode gains from the best fact that rests on it."""
        if not self.found.facts or not self.found.episodes:
            return
        scores = {key[1]: score for key, score, _ in fuse(self.found.arms, WEIGHTS) if key[0] == "fact"}
        for claim in self.view.claims_of_episodes(self.found.episodes):
            if claim.fact in scores and stands(claim, self.presenter.known):
                before = self.found.arms.get("evidence", {}).get(("episode", claim.episode), 0.0)
                self.found.give("evidence", "episode", claim.episode, max(before, scores[claim.fact]))

    # hits

    def _hits(self, ranked: Sequence[tuple[tuple[str, int], float, dict[str, float]]]) -> list[Hit]:
        facts = {n: self.found.facts[n] for (kind, n), _, _ in ranked if kind == "fact"}
        shown = self.presenter.of(facts.values(), self.found.believed)
        by_number = dict(zip(facts, shown, strict=True))
        behind = self._evidence(facts)
        numbers = [n for (kind, n), _, _ in ranked if kind == "episode"]
        notes = self._what_became(numbers)
        hits = []
        for (kind, number), score, arms in ranked:
            if kind == "fact":
                fact = by_number[number]
                evidence = [present.episode(row, self.space.namespace) for row in behind.get(number, [])]
                hits.append(Hit("fact", fact, None, score, arms, evidence, self._line(fact)))
            else:
                row = self.found.episodes[number]
                episode = present.episode(row, self.space.namespace)
                said = episode_line(row.speaker, row.role, episode.occurred_at, row.text)
                text = said + (f" ({'; '.join(notes[number])})" if notes.get(number) else "")
                hits.append(Hit("episode", None, episode, score, arms, [episode], text))
        return hits

    def _line(self, fact: Fact) -> str:
        successor = None if fact.superseded_by is None else self._name(fact, fact.superseded_by)
        return fact_line(fact, now=from_us(self.times.as_of), successor=successor)

    def _name(self, fact: Fact, successor: str) -> str | None:
        number = int(successor.partition("_")[2], 16)
        row = self.view.facts([number]).get(number)
        if row is None:
            return None
        other = self.presenter.of([row])[0]
        return other.subject.name if other.object.id == fact.object.id else other.object.name

    def _evidence(self, facts: dict[int, FactRow]) -> dict[int, list[EpisodeRow]]:
        """The newest episodes behind each fact."""
        claims: dict[int, list[ClaimRow]] = {}
        for claim in self.view.claims_of_facts(facts) if facts else []:
            if stands(claim, self.presenter.known):
                claims.setdefault(claim.fact, []).append(claim)
        newest = {n: sorted({c.episode for c in said}, reverse=True)[:EVIDENCE] for n, said in claims.items()}
        rows = self.view.episodes({number for numbers in newest.values() for number in numbers})
        return {n: [rows[number] for number in numbers if number in rows] for n, numbers in newest.items()}

    def _what_became(self, episodes: Sequence[int]) -> dict[int, list[str]]:
        """Of what each episode stated, what no longer holds, so that no stale value stands there unqualified."""
        claims = self.view.claims_of_episodes(episodes) if episodes else []
        rows = self.view.facts({claim.fact for claim in claims}) if claims else {}
        shown = dict(zip(rows, self.presenter.of(rows.values()), strict=True))
        notes: dict[int, list[str]] = {}
        for claim in claims:
            fact = shown.get(claim.fact)
            if fact is None or claim.ended:
                continue
            if not stands(claim, self.presenter.known):
                note = f"taken back: {fact.text}"
            elif fact.state in ("current", "future"):
                continue
            else:
                note = f"now: {self._line(fact)}"
            if note not in notes.setdefault(claim.episode, []):
                notes[claim.episode].append(note)
        return notes


def context(spaces: Sequence[Space], query: str, max_tokens: int, times: When) -> str:
    """Facts first, then the turns that say more than they do, each line dated, within ``max_tokens``."""
    hits = recall(spaces, query, 60, times, Filters(), None)
    facts = [hit for hit in hits if hit.kind == "fact"]
    told = {episode.id for hit in facts for episode in hit.evidence if len(episode.text) < 80}
    turns = [hit for hit in hits if hit.episode is not None and hit.episode.id not in told]
    turns.sort(key=lambda hit: (hit.episode.occurred_at, hit.episode.id) if hit.episode else ())
    lines = [hit.text for hit in facts] + [hit.text for hit in turns]
    return context_block(dict.fromkeys(lines), max_tokens=max_tokens)
