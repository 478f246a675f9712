"""Runs every benchmark, prints the tables and keeps the figures in `results.json` for the README."""

import argparse
import json
import platform
import sqlite3
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from time import perf_counter

from benchmarks._lib import Absent, table

SCRIPTS = (
    "write_one", "bulk", "read_facts", "crowded", "neighbours", "extraction", "model", "startup", "crash", "locomo",
    "observations", "recall", "many",
    "graph_write", "graph_recall", "graph_peers", "graph_stale", "graph_spaces", "graph_history", "graph_crash",
)  # fmt: skip
RESULTS = Path(__file__).parent / "results.json"


def main() -> int:
    """Run what is named (everything by default); 1 if a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scripts", nargs="*", default=SCRIPTS, help="some of " + ", ".join(SCRIPTS))
    parser.add_argument("--quick", action="store_true", help="a smoke run on small stores: writes no results")
    options = parser.parse_args()
    tables, missed = {}, False
    for name in options.scripts:
        module, begin = import_module(f"benchmarks.{name}"), perf_counter()
        try:
            rows = module.run(options.quick)
        except Absent as missing:
            print(f"{module.TITLE}\n  not measured: {missing}\n", flush=True)
            continue
        print(table(module.TITLE, rows), f"\n  ({perf_counter() - begin:.0f} s)\n", flush=True)
        today = datetime.now(UTC).date().isoformat()
        tables[name] = {"title": module.TITLE, "date": today, "rows": [row.asdict() for row in rows]}
        missed |= not all(row.ok for row in rows)
    if not options.quick:
        keep(tables)
    return int(missed and not options.quick)


def keep(tables: dict[str, dict[str, object]]) -> None:
    """Put the tables into the results file; scripts that did not run keep their last figures."""
    known = json.loads(RESULTS.read_text("utf-8"))["tables"] if RESULTS.exists() else {}
    merged = {name: {**known, **tables}[name] for name in SCRIPTS if name in {**known, **tables}}
    about = {
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "system": f"{platform.system()} {platform.machine()}",
    }
    RESULTS.write_text(json.dumps({"about": about, "tables": merged}, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
