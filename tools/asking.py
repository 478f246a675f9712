"""What the tools share that ask a language model by hand: write what is unanswered, take the answers back."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent


def run(doc: str | None, write: Callable[[Path], int], take: Callable[[Path, str, str], int]) -> int:
    """Write or take; how many there were."""
    parser = argparse.ArgumentParser(description=(doc or "").partition("\n")[0])
    parser.add_argument("what", choices=["write", "take"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", help="the model that answered; needed to take")
    parser.add_argument("--date", default=datetime.now(UTC).date().isoformat(), help="the day it answered  [today]")
    options = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    if options.what == "write":
        print(f"{write(options.folder)} requests are unanswered", file=sys.stderr)
        return 0
    if not options.model:
        parser.error("say which --model answered")
    count = take(options.folder, options.model, options.date)
    print(f"{count} answers taken; run `write` again for what they lead to", file=sys.stderr)
    return 0


def as_answer(text: str, *, plain: bool = False) -> object:
    """An object where one was asked for; else, and where it is none, the text as it is."""
    try:
        said: object = json.loads(text)
    except json.JSONDecodeError:
        return text
    return said if isinstance(said, str) or not plain else text


def keep(path: Path, answers: Sequence[dict[str, Any]]) -> None:
    """Put the answers into their file."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(list(answers), indent=1, ensure_ascii=False) + "\n", "utf-8")
