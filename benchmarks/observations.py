"""Facts that answer, on three conversations of LoCoMo: its observations as facts, beside BM25 over the same sentences.

LoCoMo gives for each conversation what an annotator observed in it, with the turns that say so. Each is a fact of its
speaker here, stated by those turns. Recall@k of a question is the share of its evidence turns that one of the first k
facts rests on, of those that any fact rests on. Without the turns each fact is added on the day of its session.

Then facts and turns together, as `recall` gives them unasked: the share of a question's evidence turns that are among
the first k hits, or that a fact among them rests on; with those facts, and with the few that the grammar reads.
"""

import re
import sqlite3
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from benchmarks._lib import Row, directory, main, open_memory
from benchmarks.locomo import Conversation, Search, load, match, raw, told
from benchmarks.locomo import bm25 as bm25_of_turns
from benchmarks.locomo import measured as by_turns
from triplemem import Extraction, ExtractionRequest, Memory, ProposedClaim, ScriptedExtractor, Triplet

TITLE = "LoCoMo's observations as facts: facts that answer"
OBSERVED = "notes"


class Observed(NamedTuple):
    """What somebody said of themselves, and the turns that say so."""

    speaker: str
    text: str
    at: datetime
    turns: frozenset[str]

    @property
    def triplet(self) -> Triplet:
        """As a fact of the speaker."""
        said = self.text.rstrip(".")
        return Triplet(self.speaker, OBSERVED, said.removeprefix(self.speaker).strip(), observed_at=self.at)


def observed() -> list[list[Observed]]:
    """Of each conversation what was observed; `Absent` without the data."""
    found = []
    for conversation, one in zip(load(), raw(), strict=True):
        sessions = {turn.session: turn.at for turn in conversation.turns}
        found.append(
            [
                Observed(speaker, text, sessions[name.removesuffix("_observation")], _turns(evidence))
                for name, of in one["observation"].items()
                for speaker, said in of.items()
                for text, evidence in said
            ]
        )
    return found


def _turns(evidence: str | list[str]) -> frozenset[str]:
    named = [evidence] if isinstance(evidence, str) else evidence
    return frozenset(one.strip() for some in named for one in re.split(r"[;,]", some))


def bm25(facts: list[Observed]) -> Search:
    """FTS5 with its porter stemmer over the sentences: the places of the best."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE fact USING fts5(text, tokenize='porter unicode61')")
    connection.executemany("INSERT INTO fact (rowid, text) VALUES (?, ?)", [(n, f.text) for n, f in enumerate(facts)])
    query = "SELECT rowid FROM fact WHERE fact MATCH ? ORDER BY bm25(fact) LIMIT ?"
    return lambda question, k: [str(row[0]) for row in connection.execute(query, (match(question), k))]


def alone(facts: list[Observed], path: Path) -> Memory:
    """A memory of the facts, without the turns."""
    memory = open_memory(path, embedder="static")
    for fact in facts:
        memory.add_triplets([fact.triplet], occurred_at=fact.at)
    return memory


def stated(facts: list[Observed], path: Path, conversation: Conversation) -> Memory:
    """A memory of the turns, which an extractor reads the facts out of that rest on them."""

    def read(request: ExtractionRequest) -> Extraction:
        claims = [
            ProposedClaim(fact.triplet, episode=place)
            for place, episode in enumerate(request.episodes)
            for fact in facts
            if episode.source_id in fact.turns
        ]
        return Extraction(claims=tuple(claims))

    return told(open_memory(path, extractor=ScriptedExtractor(read), embedder="static"), conversation)


def ours(memory: Memory, facts: list[Observed]) -> Search:
    """`recall` of facts: the places of the best."""
    places = {(fact.triplet.subject, fact.triplet.object): str(place) for place, fact in enumerate(facts)}

    def search(question: str, k: int) -> list[str]:
        hits = [hit.fact for hit in memory.recall(question, k, kinds=("fact",)) if hit.fact]
        return [places[fact.subject.name, fact.object.name] for fact in hits]

    return search


def together(memory: Memory, facts: list[Observed]) -> Search:
    """`recall` of facts and turns: the turns among the best, and those that the facts among them rest on."""
    turns = {(fact.triplet.subject, fact.triplet.object): fact.turns for fact in facts}

    def search(question: str, k: int) -> list[str]:
        found = set[str]()
        for hit in memory.recall(question, k):
            found.update(str(episode.source_id) for episode in hit.evidence)
            if hit.fact is not None:
                found.update(turns.get((hit.fact.subject.name, hit.fact.object.name), ()))
        return sorted(found)

    return search


def measured(
    conversations: list[Conversation], observations: list[list[Observed]], make: Callable[[int], Search], k: int
) -> float:
    """Recall at k, in per cent, over the questions that any fact rests on a turn of."""
    recalls = []
    for n, (conversation, facts) in enumerate(zip(conversations, observations, strict=True)):
        search, rested = make(n), frozenset[str]().union(*(fact.turns for fact in facts))
        for question, evidence in conversation.questions:
            if wanted := evidence & rested:
                found = frozenset[str]().union(*(facts[int(place)].turns for place in search(question, k)))
                recalls.append(len(found & wanted) / len(wanted))
    return 100 * sum(recalls) / len(recalls)


def run(quick: bool = False) -> list[Row]:
    """Points above BM25 of the same run."""
    most = 1 if quick else None
    conversations, observations = load()[:most], observed()[:most]
    with directory() as folder:
        floor = [bm25(facts) for facts in observations]
        plain = [ours(alone(facts, folder / f"{n}.db"), facts) for n, facts in enumerate(observations)]
        both = list(zip(observations, conversations, strict=True))
        full = [stated(facts, folder / f"{n}-turns.db", one) for n, (facts, one) in enumerate(both)]
        behind = [ours(memory, facts) for memory, facts in zip(full, observations, strict=True)]
        rows = []
        for k in (10, 5):
            at = partial(measured, conversations, observations, k=k)
            below = at(floor.__getitem__)
            for what, searches in (("alone", plain), ("with the turns that state them", behind)):
                got = at(searches.__getitem__)
                note = f"{got:.1f}, BM25 {below:.1f}"
                rows.append(Row(f"R@{k} of facts {what}, above BM25", got - below, None, " pt", "least", note))
        sparse = [told(open_memory(folder / f"{n}-read.db", embedder="static"), c) for n, c in enumerate(conversations)]
        below = by_turns(conversations, list(map(bm25_of_turns, conversations)), 10)[0]
        for what, memories in (("those facts", full), ("the grammar's", sparse)):
            mixed = [together(memory, facts) for memory, facts in zip(memories, observations, strict=True)]
            got = by_turns(conversations, mixed, 10)[0]
            note = f"{got:.1f}, BM25 of turns {below:.1f}"
            rows.append(Row(f"R@10 of turns and {what} together, above BM25", got - below, None, " pt", "least", note))
    return rows


if __name__ == "__main__":
    main(TITLE, run)
