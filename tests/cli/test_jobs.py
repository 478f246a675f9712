"""`add --no-wait`, `process` and `jobs`: what is stored and not read yet."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.cli.helpers import NAMESPACE, Run, names


def test_what_is_only_stored_exits_with_3_and_is_read_later(run: Run) -> None:
    done = run("add", "I live in Lyon.", "--speaker", "Ann", "--no-wait")
    assert done.code == 3
    assert [row[0] for row in done.rows] == ["read", "pending"]
    assert "triplemem process" in done.err
    assert run("facts", "--json").json == []
    assert [row[1] for row in run("jobs").rows] == ["pending"]

    read = run("process")
    assert read.code == 0
    assert read.rows[0] == ["done", "", "1"]
    assert ["added", "Ann lives in Lyon"] in [[row[0], row[2]] for row in read.rows]
    assert names(run("facts", "--json")) == ["Ann"]


def test_process_with_a_limit_leaves_the_rest_and_exits_with_3(run: Run) -> None:
    run("add", "one thing", "another thing", "--no-wait")
    done = run("process", "--limit", "1", "--json")
    assert done.code == 3
    assert (done.json["done"], done.json["pending"]) == (1, 1)
    assert run("process").code == 0


def test_jobs_are_listed_by_state(run: Run) -> None:
    run("add", "one thing")
    run("add", "another thing", "--no-wait")
    assert [job["state"] for job in run("jobs", "--state", "pending", "--json").json] == ["pending"]
    assert run("jobs", "--state", "lost").code == 2


def test_a_failed_job_is_listed_with_its_error(run: Run, open_memory: Callable[..., Any]) -> None:
    from triplemem import ScriptedExtractor

    memory = open_memory(namespace=NAMESPACE, extractor=ScriptedExtractor([ValueError("no idea")]))
    memory.add("hello")
    (row,) = run("jobs").rows
    assert row[1] == "failed"
    assert "no idea" in row[-1]


def test_process_exits_with_3_while_a_job_waits_for_its_next_attempt(run: Run, open_memory: Callable[..., Any]) -> None:
    from triplemem import ModelUnavailable, ScriptedExtractor

    away = ModelUnavailable("rate limit", retry_after=3_600)
    open_memory(namespace=NAMESPACE, extractor=ScriptedExtractor([away]), clock=lambda: datetime.now(UTC)).add("hello")
    done = run("process")
    assert (done.code, done.rows[0]) == (3, ["done", "", "0"])
    assert "triplemem jobs" in done.err


def test_a_limit_below_one_is_an_error(run: Run) -> None:
    done = run("process", "--limit", "0")
    assert done.code == 1
    assert "limit" in done.err


def test_again_shows_what_would_change_and_then_changes_it(run: Run, open_memory: Callable[..., Any]) -> None:
    """The messages were read by something else before; today it is the grammar."""
    from triplemem import Extraction, ProposedClaim, ScriptedExtractor, Triplet

    wrong = Extraction(claims=(ProposedClaim(Triplet("Ann", "lives_in", "Oslo", valid_from="2020")),))
    memory = open_memory(namespace=NAMESPACE, extractor=ScriptedExtractor([wrong]))
    memory.add("I live in Lyon.", speaker="Ann")
    memory.close()
    rehearsed = run("process", "--again", "--dry-run")
    assert rehearsed.code == 0
    shown = [(row[0], row[2].partition(" (")[0]) for row in rehearsed.rows if row[0] in ("added", "gone")]
    assert shown == [("added", "I lives_in Lyon"), ("gone", "Ann lives_in Oslo")]
    assert "valid from 2020" in rehearsed.out
    assert [fact["object"]["name"] for fact in run("facts", "--json").json] == ["Oslo"]
    done = run("process", "--again", "--since", "2020-01-01", "--json").json
    assert [claim["said"]["object"] for claim in done["made"] + done["gone"]] == ["Lyon", "Oslo"]
    assert [fact["object"]["name"] for fact in run("facts", "--json").json] == ["Lyon"]
    assert run("process", "--dry-run").code == 2
    assert run("process", "--since", "2020").code == 2
    assert run("process", "--again", "--watch").code == 2
