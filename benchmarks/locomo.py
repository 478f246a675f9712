"""Recall of the turns that answer a question, on three conversations of LoCoMo, beside BM25 and a transformer.

LoCoMo (Maharana and others, 2024; CC BY-NC 4.0) is read from beside the project and never copied into it. Recall@k of a
question is the share of its evidence turns among the first k; nDCG counts them by their places. No model, no facts:
the extractor states nothing, so what is measured is the search alone. Adversarial questions are left out.
"""

import json
import math
import os
import re
import sqlite3
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks._lib import ROOT, Absent, Row, directory, main, open_memory
from triplemem import Extraction, Memory, Message, ScriptedExtractor
from triplemem.core.tokens import STOP_WORDS

TITLE = "LoCoMo, three conversations: turns that answer, no model, no facts"
DATA = "TRIPLEMEM_LOCOMO"
ADVERSARIAL = 5
MINILM = "TRIPLEMEM_MINILM"


class Turn(NamedTuple):
    """One turn of a conversation."""

    id: str
    session: str
    at: datetime
    speaker: str
    text: str


class Conversation(NamedTuple):
    """The turns, and the questions with the turns that answer them."""

    name: str
    turns: list[Turn]
    questions: list[tuple[str, frozenset[str]]]


Search = Callable[[str, int], Sequence[str]]


def load() -> list[Conversation]:
    """The conversations, or `Absent`."""
    return [_conversation(str(n), one) for n, one in enumerate(raw())]


def raw() -> list[dict[str, Any]]:
    """The conversations as they are in the file, or `Absent`."""
    named = os.environ.get(DATA)
    places = [Path(named)] if named else [parent / "shared/data/locomo/locomo3.json" for parent in ROOT.parents]
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise Absent(f"no LoCoMo data: name the file by ${DATA}")
    conversations: list[dict[str, Any]] = json.loads(found.read_text("utf-8"))
    return conversations


def _conversation(name: str, one: dict[str, Any]) -> Conversation:
    said, turns = one["conversation"], []
    for key in sorted((key for key in said if re.fullmatch(r"session_\d+", key)), key=lambda key: int(key[8:])):
        at = datetime.strptime(said[f"{key}_date_time"], "%I:%M %p on %d %B, %Y").replace(tzinfo=UTC)
        turns += [Turn(turn["dia_id"], key, at, turn["speaker"], turn["text"]) for turn in said[key]]
    known = {turn.id for turn in turns}
    questions = [
        (qa["question"], frozenset(qa["evidence"]) & known) for qa in one["qa"] if qa["category"] != ADVERSARIAL
    ]
    return Conversation(name, turns, [(question, evidence) for question, evidence in questions if evidence])


def bm25(conversation: Conversation) -> Search:
    """FTS5 with its porter stemmer, stop words left out of the question, the text with its date and speaker."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE turn USING fts5(id UNINDEXED, text, tokenize='porter unicode61')")
    said = [(turn.id, f"[{turn.at:%d %B %Y}] {turn.speaker}: {turn.text}") for turn in conversation.turns]
    connection.executemany("INSERT INTO turn VALUES (?, ?)", said)

    query = "SELECT id FROM turn WHERE turn MATCH ? ORDER BY bm25(turn) LIMIT ?"
    return lambda question, k: [row[0] for row in connection.execute(query, (match(question), k))]


def match(question: str) -> str:
    """What FTS5 is asked for: any of the question's words that are no stop words."""
    words = [word for word in re.findall(r"\w+", question.lower()) if word not in STOP_WORDS]
    return " OR ".join(f'"{word}"' for word in dict.fromkeys(words)) or '""'


def minilm(conversation: Conversation) -> Search:
    """Cosines of the transformer's vectors; `Absent` where it is not installed."""
    from triplemem.embedders.sentence_transformers import SentenceTransformersEmbedder
    from triplemem.errors import ConfigError

    named = os.environ.get(MINILM)
    if not named:
        raise Absent(f"name a sentence-transformers model, or its directory, by ${MINILM}")
    try:
        embedder = SentenceTransformersEmbedder(named)
    except ConfigError as error:
        raise Absent(str(error)) from error
    vectors = embedder.embed([f"{turn.speaker}: {turn.text}" for turn in conversation.turns])

    def search(question: str, k: int) -> list[str]:
        scores = vectors @ embedder.embed([question])[0]
        return [conversation.turns[place].id for place in (-scores).argsort(kind="stable")[:k]]

    return search


def told(memory: Memory, conversation: Conversation) -> Memory:
    """The memory, the conversation's turns in it."""
    for session in dict.fromkeys(turn.session for turn in conversation.turns):
        turns = [turn for turn in conversation.turns if turn.session == session]
        said = [Message(turn.text, speaker=turn.speaker, occurred_at=turn.at, source_id=turn.id) for turn in turns]
        memory.add(said, session=session)
    return memory


def ours(conversation: Conversation, folder: Path) -> Search:
    """`recall`, of a memory in which nothing but the turns is."""
    memory = open_memory(
        folder / f"{conversation.name}.db", extractor=ScriptedExtractor(lambda _: Extraction()), embedder="static"
    )
    told(memory, conversation)

    def search(question: str, k: int) -> list[str]:
        hits = memory.recall(question, k, kinds=("episode",))
        return [str(hit.episode.source_id) for hit in hits if hit.episode]

    return search


def measured(conversations: Sequence[Conversation], searches: Sequence[Search], k: int) -> tuple[float, float]:
    """Recall and nDCG at k, in per cent, over the questions of all conversations."""
    recalls, gains = [], []
    for conversation, search in zip(conversations, searches, strict=True):
        for question, evidence in conversation.questions:
            found = list(search(question, k))
            recalls.append(len(evidence.intersection(found)) / len(evidence))
            gain = sum(1 / math.log2(place + 2) for place, one in enumerate(found) if one in evidence)
            gains.append(gain / sum(1 / math.log2(place + 2) for place in range(min(len(evidence), k))))
    return 100 * sum(recalls) / len(recalls), 100 * sum(gains) / len(gains)


def _beside(theirs: tuple[float, float], figures: tuple[float, float], k: int) -> list[Row]:
    """Points above the transformer alone."""
    told = zip(("R", "nDCG"), theirs, figures, strict=True)
    notes = [
        (f"{what}@{k} of turns, above MiniLM alone", got - one, f"{got:.1f}, MiniLM {one:.1f}")
        for what, one, got in told
    ]
    return [Row(what, above, None, " pt", "least", note) for what, above, note in notes]


def run(quick: bool = False) -> list[Row]:
    """Points above BM25 of the same run."""
    conversations = load()[: 1 if quick else None]
    with directory() as folder:
        floor = [bm25(one) for one in conversations]
        mine = [ours(one, folder) for one in conversations]
        rows = []
        for k, least in ((10, (15.0, 9.5)), (5, (None, None))):
            floors, figures = measured(conversations, floor, k), measured(conversations, mine, k)
            for what, got, below, bound in zip(("R", "nDCG"), figures, floors, least, strict=True):
                note = f"{got:.1f}, BM25 {below:.1f}"
                rows.append(Row(f"{what}@{k} of turns, above BM25", got - below, bound, " pt", "least", note))
        try:
            other = [minilm(one) for one in conversations]
        except Absent as missing:
            print(f"  MiniLM beside it is not measured: {missing}", file=sys.stderr)
            return rows
        for k in (10, 5):
            rows += _beside(measured(conversations, other, k), measured(conversations, mine, k), k)
    return rows


if __name__ == "__main__":
    main(TITLE, run)
