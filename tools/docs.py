"""The generated parts of the README: cog calls these functions, and `cog --check` runs in the tests."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
WIDTH = 100


def run(*arguments: str) -> str:
    """What `triplemem ARGUMENTS` prints in a pipe, as a stranger would see it."""
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("TRIPLEMEM_")}
    surroundings |= {"COLUMNS": str(WIDTH), "NO_COLOR": "1", "PYTHONPATH": str(ROOT), "TERM": "dumb"}
    command = [sys.executable, "-c", "import sys; from triplemem.cli.main import main; sys.exit(main())", *arguments]
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=True)
    return re.sub(r"[ \t]+$", "", done.stdout, flags=re.M).strip("\n")


def demo() -> str:
    """The demo's real output, fenced."""
    return fenced("$ make demo\n" + run("demo"))


def fenced(text: str) -> str:
    """The text as a block."""
    return f"```text\n{text}\n```"


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command below a click group, with its path."""
    import click

    for name in sorted(group.commands):
        command = group.commands[name]
        if command.hidden:
            continue
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


def cli_reference() -> str:
    """The help of every command."""
    import click

    from triplemem.cli import main as module

    group = next(value for value in vars(module).values() if isinstance(value, click.Group))
    parts = [fenced(help_of(group, ()))]
    for path, command in commands(group):
        parts.append(f"<details><summary><code>triplemem {' '.join(path)}</code> · {summary(command)}</summary>\n")
        parts.append(fenced(help_of(command, path)) + "\n\n</details>")
    return "\n\n".join(parts)


def help_of(command: Any, path: tuple[str, ...]) -> str:
    """One command's help, of a fixed width."""
    import click

    parent = click.Context(
        command, info_name=" ".join(("triplemem", *path)), terminal_width=WIDTH, max_content_width=WIDTH
    )
    return str(command.get_help(parent)).replace("\b\n", "").strip()


def summary(command: Any) -> str:
    """The first sentence of a command's help."""
    return str(command.get_short_help_str(limit=WIDTH)).replace("<", "&lt;")


def bench() -> str:
    """The figures of `benchmarks/results.json` as a table."""
    results = json.loads((ROOT / "benchmarks" / "results.json").read_text("utf-8"))
    about = results["about"]
    lines = ["| what | measured | bound | |", "|---|---|---|---|"]
    for part in results["tables"].values():
        lines.append(f"| **{part['title']}** | | | measured {part['date']} |")
        lines += [bench_line(row) for row in part["rows"]]
    where = f"Measured with Python {about['python']}, SQLite {about['sqlite']}, {about['system']}."
    return "\n".join([*lines, "", where])


def locomo() -> str:
    """How many of the turns that answer a question are found, alone, by facts and with them, in words."""
    results = json.loads((ROOT / "benchmarks" / "results.json").read_text("utf-8"))
    recall, gain = (row["note"].split(", BM25 ") for row in results["tables"]["locomo"]["rows"][:2])
    facts = {row["what"]: re.split(r", BM25[a-z ]* ", row["note"]) for row in results["tables"]["observations"]["rows"]}
    by_facts = facts["R@10 of facts with the turns that state them, above BM25"]
    mixed = facts["R@10 of turns and the grammar's together, above BM25"][0]
    return (
        f"On three conversations of LoCoMo, with neither a model nor facts, {recall[0]} % of the turns that answer a\n"
        f"question are among the first ten (nDCG {gain[0]}); by SQLite's BM25 {recall[1]} % are ({gain[1]}). Turns\n"
        f"and the few facts that the grammar reads in such talk, as `recall` ranks them together, reach {mixed} %.\n"
        f"With what LoCoMo's annotators observed as facts, {by_facts[0]} % of the turns that any fact rests on are\n"
        f"behind the first ten facts; by BM25 over the same sentences {by_facts[1]} %."
    )


def bench_line(row: dict[str, Any]) -> str:
    """One row of the table."""
    sign = "≤" if row["at"] == "most" else "≥"
    value = f"{row['value']:.3g}{row['unit']}"
    missed = "" if row["ok"] else " **missed**"
    bound = "" if row["bound"] is None else f"{sign} {row['bound']:g}{row['unit']}"
    return f"| {row['what']} | {value} | {bound} | {row['note']}{missed} |"


def grammar() -> str:
    """The grammar's scores on every part of its cases, computed now by `tests/extract/score.py`."""
    sys.path.insert(0, str(ROOT))
    from importlib import import_module

    score = import_module("tests.extract.score")
    return f"{score.table()}\n\n{score.casually()}"


def recorded() -> str:
    """How good the recorded answers of a model are, computed now by `tests/models/recorded/score.py`."""
    sys.path.insert(0, str(ROOT))
    from importlib import import_module

    return str(import_module("tests.models.recorded.score").table())
