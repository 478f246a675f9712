"""Ask a language model about the recorded cases by hand: write what is unanswered, take the answers back.

    python -m tools.ask_recorded write FOLDER
    python -m tools.ask_recorded take FOLDER --model NAME

`write` puts into FOLDER the system prompt (`system.txt`), the schema of the answer (`schema.json`), and for each
request that has no answer, or whose text has changed since, the message (`CASE.N.request.txt`). The model is to be
given these three, and nothing else; its whole answer goes beside it, as `CASE.N.answer.json`. A case of several
sessions is asked about one request at a time, for what comes of an answer is in the next request: write and take again
until nothing is left. `take` keeps each answer with the hash of its request, the name of the model and the day.
"""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from tools.asking import as_answer, keep, run


def open_requests() -> list[tuple[str, list[dict[str, Any]], Any]]:
    """Of each case that is not answered to its end: its name, the answers that still hold, and the next request."""
    replay: Any = import_module("tests.models.recorded.replay")
    cases: Any = import_module("tests.models.recorded.cases")
    found = []
    for case in cases.CASES:
        answers = replay.answers_of(case.name)
        played = replay.play(case, answers)
        if isinstance(played.model.trouble, replay.Unanswered | replay.Stale):
            asked = played.model.asked[-1]
            found.append((case.name, answers[: len(played.model.asked) - 1], asked))
    return found


def write(folder: Path) -> int:
    """Write what is unanswered; requests of an earlier run that are answered go."""
    replay: Any = import_module("tests.models.recorded.replay")
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.request.txt"):
        old.unlink()
    found = open_requests()
    for name, answers, request in found:
        body = replay.body(request)
        (folder / "system.txt").write_text(body["system"], "utf-8")
        (folder / "schema.json").write_text(json.dumps(body["schema"], indent=1), "utf-8")
        messages = body["messages"]
        text = messages[0]["content"]
        if len(messages) > 1:
            text = "\n\n".join(f"=== {one['role']} ===\n{one['content']}" for one in messages)
        (folder / f"{name}.{len(answers)}.request.txt").write_text(text, "utf-8")
    return len(found)


def take(folder: Path, model: str, date: str) -> int:
    """Keep the answers that are there; an answer that is no JSON is kept as the text it is."""
    replay: Any = import_module("tests.models.recorded.replay")
    taken = 0
    for name, answers, request in open_requests():
        path = folder / f"{name}.{len(answers)}.answer.json"
        if not path.exists():
            continue
        answer = as_answer(path.read_text("utf-8").strip())
        kept = {"request": replay.hash_of(request), "model": model, "date": date, "answer": answer}
        keep(replay.FOLDER / f"{name}.json", [*answers, kept])
        path.rename(path.with_suffix(".taken"))
        taken += 1
    return taken


if __name__ == "__main__":
    sys.exit(run(__doc__, write, take))
