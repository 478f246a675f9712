"""The built-in grammar: time a message, and time on hostile input of 64 KB."""

import json
import statistics
from datetime import UTC, datetime

from benchmarks._lib import Row, main, ms, timed
from triplemem import Episode, ExtractionRequest
from triplemem.extract.grammar import GrammarExtractor
from triplemem.resources import demo_chat

TITLE = "grammar extraction"
SIZE = 64 * 1024
UNITS = {
    "spaces": " ",
    "one word": "a",
    "capitals": "A ",
    "a list": "Ann, ",
    "and": "Ann and ",
    "open brackets": "((((",
    "quotes": "\"'“”",
    "commas": ",",
    "full stops": ".",
    "apostrophes": "I'm ",
    "used to": "I used to ",
    "of": "the head of ",
    "possessives": "my brother's ",
    "dates": "since March 2019 until ",
    "relative clauses": "Ann, who leads ML, ",
    "who": "who is ",
    "dashes": "- ",
    "newlines": "\n",
    "sentences": "Bob leads ML. ",
    "combining marks": "e\u0301\u0301",
    "right to left": "\u202eabc ",
    "digits": "1234567890",
    "from to": "I moved from Lyon to ",
}


def episode(text: str) -> ExtractionRequest:
    at = datetime(2026, 5, 1, tzinfo=UTC)
    said = Episode("e", ("bench",), text, "Ann", "user", None, at, at, None)
    return ExtractionRequest((said,))


def run(quick: bool = False) -> list[Row]:
    """The median of the shipped chat, and the worst of the hostile inputs."""
    grammar = GrammarExtractor()
    requests = [episode(text) for text in chat()]
    for request in requests:
        grammar.extract(request)
    seconds = [timed(lambda request=request: grammar.extract(request)) for request in requests]  # type: ignore[misc]
    size = SIZE // 16 if quick else SIZE
    hostile = {}
    for name, unit in UNITS.items():
        text = (unit * size)[:size]
        hostile[name] = timed(lambda text=text: grammar.extract(episode(text)))  # type: ignore[misc]
    worst = max(hostile, key=lambda name: hostile[name])
    return [
        Row(
            f"median of {len(requests)} messages",
            statistics.median(seconds) * 1e3,
            1,
            " ms",
            note=f"slowest {ms(max(seconds))}",
        ),
        Row(f"slowest of {len(UNITS)} hostile inputs of 64 KB", hostile[worst], 1, " s", note=worst),
    ]


def chat() -> list[str]:
    """The messages of the shipped demo chat."""
    return [json.loads(line)["text"] for line in demo_chat().splitlines() if line.strip()]


if __name__ == "__main__":
    main(TITLE, run)
