"""Ask a language model about the optimizers' task by hand: write what is unanswered, take the answers back.

    python -m tools.ask_optimizers write FOLDER
    python -m tools.ask_optimizers take FOLDER --model NAME

`write` puts every request that has no answer into FOLDER as NNN.json: its `system`, its `messages` and the `schema` of
the answer, which is null where a plain text is asked for. The model is to be given these, and nothing else; its whole
answer goes beside it, as NNN.answer.json, a plain text as it is. `take` keeps each answer with the hash of its request,
the name of the model and the day. What an answer leads to is asked about next: write and take until nothing is left.
Answers to requests that nobody makes any more are let go by `take`.
"""

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from tools.asking import as_answer, keep, run


def write(folder: Path) -> int:
    """Write what is unanswered; requests of an earlier run go, but not while answers to them wait to be taken."""
    waiting = sorted(folder.glob("*.answer.json"))
    if waiting:
        raise SystemExit(f"{len(waiting)} answers wait in the folder: take them first")
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("[0-9]*.json"):
        old.unlink()
    bodies = {_hash(one): one for _, one in open_requests()}
    for n, body in enumerate(bodies.values(), 1):
        (folder / f"{n:03}.json").write_text(json.dumps(body, ensure_ascii=False, indent=1), "utf-8")
    return len(bodies)


def open_requests() -> list[tuple[str, dict[str, Any]]]:
    """The requests without an answer, each with its group."""
    replay: Any = import_module("tests.optimize.task.replay")
    recorded: Any = import_module("tests.models.recorded.replay")
    played = {group: replay.play(group)[1] for group in replay.GROUPS}
    return [(group, recorded.body(one)) for group, model in played.items() for one in model.unanswered]


def take(folder: Path, model: str, date: str) -> int:
    """Keep the answers that are there beside the requests that are still made."""
    wanted: dict[str, list[str]] = {}
    for group, body in open_requests():
        wanted.setdefault(_hash(body), []).append(group)
    taken = 0
    for path in sorted(folder.glob("*.answer.json")):
        asked = json.loads((folder / path.name.replace(".answer", "")).read_text("utf-8"))
        answer = as_answer(path.read_text("utf-8").strip(), plain=asked["schema"] is None)
        for group in wanted.get(_hash(asked), []):
            _keep(group, {"request": _hash(asked), "model": model, "date": date, "answer": answer})
            taken += 1
        path.rename(path.with_suffix(".taken"))
    return taken


def _keep(group: str, kept: dict[str, Any]) -> None:
    """Add an answer to its group, without those that nobody asks for any more."""
    replay: Any = import_module("tests.optimize.task.replay")
    recorded: Any = import_module("tests.models.recorded.replay")
    asked = {recorded.hash_of(one) for one in replay.play(group)[1].asked}
    entries = [*(one for one in replay.answers_of(group) if one["request"] in asked), kept]
    keep(replay.FOLDER / f"{group}.json", entries)


def _hash(body: dict[str, Any]) -> str:
    """As the replay hashes a request."""
    recorded: Any = import_module("tests.models.recorded.replay")
    return str(recorded.hash_of_body(body))


if __name__ == "__main__":
    sys.exit(run(__doc__, write, take))
