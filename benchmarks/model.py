"""What reading by a model costs: calls, the tokens of the prompt, and our own time around the call."""

import json
import statistics
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks._lib import Row, directory, main, ms, open_memory, timed
from triplemem import Message, ScriptedModel, Triplet, Usage
from triplemem.core.parts import CHARS_PER_TOKEN
from triplemem.extract.model.prompt import prefix
from triplemem.models.anthropic import MOST

TITLE = "reading by a model"
MESSAGE = (
    "So, big news from my side this week: I handed in my notice at Airbus on Tuesday and will start at Thales in "
    "Bordeaux in September, which also means that I have to give up the flat in Lyon. Eva is coming along, she found "
    "a school there. The cello lessons stop at the end of July, sadly, but there is an orchestra in Bordeaux that I "
    "might join. Oh, and Noor asked whether somebody could take Harbor over from me, and perhaps Emil will."
).ljust(440, ".")
KNOWN = (
    ("lives_in", "Lyon"), ("works_at", "Airbus"), ("likes", "sushi"), ("plays", "cello"), ("has_sister", "Eva"),
    ("reports_to", "Noor"), ("works_on", "Harbor"), ("speaks", "French"), ("allergic_to", "peanuts"),
    ("owns", "a blue Peugeot 208"),
)  # fmt: skip
CLAIMS = 3
"""How many claims a message of the timing states: as many as a talkative turn does."""


def answer(request: Any) -> str:
    """The answer that states what the messages of the timing say."""
    text = str(request.messages[0]["content"]).partition("<read>\n")[2]
    claims = []
    for number, line in enumerate(text.partition("\n</read>")[0].split("\n"), 1):
        for said in line.partition(' user "')[2].removesuffix('"').split(". "):
            words = said.rstrip(".").split(" ")
            if len(words) == 3:
                parts = dict(zip(("subject", "predicate", "object"), words, strict=True))
                claims.append({**parts, "turn": number, "quote": said})
    return json.dumps({"reasoning": "", "claims": claims})


def said(n: int) -> list[tuple[str, str, str]]:
    """The claims of the n-th message."""
    return [(f"person{n % 40}", f"relates_{k}", f"thing{n}x{k}") for k in range(CLAIMS)]


def calls(home: Path) -> list[Row]:
    """How many calls triplets, a first message, a later one and a batch take."""
    model = ScriptedModel(answer)
    counts: list[int] = []
    with open_memory(home / "calls.db", model=model) as memory:
        works: tuple[Callable[[], object], ...] = (
            lambda: memory.add_triplets([Triplet("Ann", "likes", "tea")]),
            lambda: memory.add("Ann likes rum", session="s"),
            lambda: memory.add("Ann likes ale", session="s"),
            lambda: memory.add([Message(f"Ann likes tea{n}") for n in range(20)], session="s"),
        )
        for work in works:
            before = len(model.requests)
            work()
            counts.append(len(model.requests) - before)
    names = ("triplets that the caller has", "a first message", "a later message", "20 turns in one add")
    return [
        Row(f"calls, {name}", count, most, unit="")
        for name, count, most in zip(names, counts, (0, 1, 1, 1), strict=True)
    ]


def tokens(home: Path) -> list[Row]:
    """The prompt in tokens of 3.5 characters: what varies, and what never does."""
    model = ScriptedModel(answer)
    with open_memory(home / "tokens.db", model=model) as memory:
        memory.add(MESSAGE, speaker="Bob", occurred_at=datetime(2026, 7, 1, tzinfo=UTC))
        facts = [Triplet("Ann", name, what) for name, what in KNOWN]
        memory.add_triplets(facts, occurred_at=datetime(2026, 3, 1, tzinfo=UTC))
        memory.add(MESSAGE, speaker="Ann", occurred_at=datetime(2026, 7, 2, tzinfo=UTC))
    alone, known = (len(str(request.messages[0]["content"])) / CHARS_PER_TOKEN for request in model.requests)
    fixed = len(prefix()) / CHARS_PER_TOKEN
    return [
        Row("varying tokens, a message of 440 characters and 10 known facts", known, 900, unit=""),
        Row("tokens of each known fact", (known - alone) / len(KNOWN), 40, unit=""),
        Row("tokens of the prefix, the same bytes in every call", fixed, MOST, unit="", at="least"),
    ]


def own_time(home: Path, times: int) -> list[Row]:
    """Our time around a call that takes none, beside bare `add_triplets` of the same claims."""
    mine: list[float] = []
    bare: list[float] = []
    with (
        open_memory(home / "read.db", model=ScriptedModel(answer)) as reading,
        open_memory(home / "bare.db") as writing,
    ):
        for n in range(times + 20):
            text = ". ".join(" ".join(one) for one in said(n))
            triplets = [Triplet(*one, quote=" ".join(one)) for one in said(n)]
            taken = (
                timed(lambda text=text: reading.add(text, session=f"s{n // 10}")),  # type: ignore[misc]  # noqa: B023
                timed(lambda text=text, triplets=triplets: writing.add_triplets(triplets, text=text)),  # type: ignore[misc]
            )
            if n >= 20:
                mine.append(taken[0])
                bare.append(taken[1])
        assert len(reading.facts()) == len(writing.facts()), "both know the same"
        assert reading.usage() == Usage(calls=times + 20)
    engine, floor = statistics.median(mine), statistics.median(bare)
    what = f"our time around the call, against bare add_triplets of the same {CLAIMS} claims"
    return [Row(what, engine / floor, 5, note=f"{ms(engine)} / {ms(floor)}")]


def run(quick: bool = False) -> list[Row]:
    """Calls, tokens and time."""
    with directory() as home:
        return [*calls(home), *tokens(home), *own_time(home, 30 if quick else 300)]


if __name__ == "__main__":
    main(TITLE, run)
