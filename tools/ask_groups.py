"""Ask a language model about what optimizers and sessions need by hand: write what is unanswered, take answers back.

    python -m tools.ask_groups write FOLDER
    python -m tools.ask_groups take FOLDER --model NAME

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

ALL = ["tests.optimize.task.replay", "tests.sessions.replay"]
"""The modules whose `GROUPS` are asked."""


def write(folder: Path) -> int:
    """Write what is unanswered; requests of an earlier run go, but not while answers to them wait to be taken."""
    waiting = sorted(folder.glob("*.answer.json"))
    if waiting:
        raise SystemExit(f"{len(waiting)} answers wait in the folder: take them first")
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("[0-9]*.json"):
        old.unlink()
    bodies = {_hash(body): body for _, _, body in open_requests()}
    for n, body in enumerate(bodies.values(), 1):
        (folder / f"{n:03}.json").write_text(json.dumps(body, ensure_ascii=False, indent=1), "utf-8")
    return len(bodies)


def open_requests() -> list[tuple[Any, str, dict[str, Any]]]:
    """The requests without an answer, each with its group and the groups that this is one of."""
    found = []
    for groups in (import_module(name).GROUPS for name in ALL):
        for group in groups.ask:
            found += [(groups, group, _body(one)) for one in groups.play(group)[1].unanswered]
    return found


def take(folder: Path, model: str, date: str) -> int:
    """Keep the answers that are there beside the requests that are still made."""
    wanted: dict[str, list[tuple[Any, str]]] = {}
    for groups, group, body in open_requests():
        wanted.setdefault(_hash(body), []).append((groups, group))
    taken = 0
    for path in sorted(folder.glob("*.answer.json")):
        asked = json.loads((folder / path.name.replace(".answer", "")).read_text("utf-8"))
        answer = as_answer(path.read_text("utf-8").strip(), plain=asked["schema"] is None)
        for groups, group in wanted.get(_hash(asked), []):
            _keep(groups, group, {"request": _hash(asked), "model": model, "date": date, "answer": answer})
            taken += 1
        path.rename(path.with_suffix(".taken"))
    return taken


def _keep(groups: Any, group: str, kept: dict[str, Any]) -> None:
    """Add an answer to its group, without those that nobody asks for any more."""
    asked = {_hash(_body(one)) for one in groups.play(group)[1].asked}
    entries = [*(one for one in groups.answers_of(group) if one["request"] in asked), kept]
    keep(groups.folder / f"{group}.json", entries)


def _body(request: Any) -> dict[str, Any]:
    """The request as it is written down."""
    recorded: Any = import_module("tests.models.recorded.replay")
    body: dict[str, Any] = recorded.body(request)
    return body


def _hash(body: dict[str, Any]) -> str:
    """As the replay hashes a request."""
    recorded: Any = import_module("tests.models.recorded.replay")
    return str(recorded.hash_of_body(body))


if __name__ == "__main__":
    sys.exit(run(__doc__, write, take))
