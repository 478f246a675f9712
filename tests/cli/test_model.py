"""`triplemem add`, `process`, `explain` and `admin stats` where a model reads."""

from collections.abc import Iterator

import pytest

from tests.cli.helpers import Run, one_line_error
from tests.models.stub import NOTHING, Status, Stub, point_at, serving

CLAIM = {"subject": "Ann", "predicate": "likes", "object": "tea", "turn": 1, "quote": "Ann likes tea"}


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    with serving() as server:
        point_at(server, monkeypatch)
        monkeypatch.setenv("TRIPLEMEM_MODEL", "claude-haiku-5-5")
        server.script = [{**NOTHING, "claims": [CLAIM]}]
        yield server


def test_what_was_read_and_what_it_took_is_printed(run: Run, stub: Stub) -> None:
    done = run("add", "Ann likes tea")
    assert done.code == 0, done.err
    assert ["added", "Ann likes tea"] in [[row[0], row[2]] for row in done.rows]
    assert done.rows[-1][0] == "used"
    assert done.rows[-1][2].startswith("1 call; tokens: ")
    assert run("add", "Ann likes rum", "--json").json["usage"]["calls"] == 1


def test_explain_says_which_model_and_which_prompt(run: Run, stub: Stub) -> None:
    run("add", "Ann likes tea")
    [claim] = [row for row in run("explain", "--subject", "Ann").rows if row[0] == "claim"]
    assert "(read by model:claude-haiku-5-5, prompt " in claim[-1]
    hashes = [one["prompt_hash"] for one in run("explain", "--subject", "Ann", "--json").json["claims"]]
    assert all(len(one) == 16 for one in hashes)


def test_a_limit_stops_and_says_so(run: Run, stub: Stub) -> None:
    for session in ("a", "b", "c"):
        run("add", "Ann likes tea", "--session", session, "--no-wait")
    done = run("process", "--max-calls", "2")
    assert done.code == 3
    assert "stopped: max_calls: 2 of 2 calls made" in done.err
    assert [row for row in done.rows if row[0] == "pending"] == [["pending", "", "1"]]
    assert run("process", "--max-tokens", "1000000").code == 0
    assert len(stub.bodies) == 3


def test_a_limit_below_one_is_an_error(run: Run) -> None:
    assert "max_calls" in one_line_error(run("process", "--max-calls", "0"))


def test_an_outage_exits_with_3_and_loses_nothing(run: Run, stub: Stub) -> None:
    stub.script = [Status(529, "overloaded_error"), *stub.script]
    done = run("add", "Ann likes tea")
    assert done.code == 3
    assert "overloaded (529 overloaded_error)" in done.out
    assert run("process").code == 0
    assert [row[1] for row in run("facts").rows] == ["Ann likes tea"] or run("facts", "--json").json


def test_what_is_spent_is_in_the_figures(run: Run, stub: Stub) -> None:
    run("add", "Ann likes tea")
    figures = dict(row for row in run("admin", "stats").rows)
    [calls] = [value for name, value in figures.items() if name.endswith("usage.calls")]
    assert calls == "1"


def test_a_server_that_lacks_structure_is_told_with_the_way_out(
    run: Run, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub.lacks = {"structured"}
    done = run("add", "Ann likes tea")
    assert "structured='native'" in done.out
    assert "structured='tools' or 'json'" in done.out
    monkeypatch.setenv("TRIPLEMEM_STRUCTURED", "json")
    assert run("process").code == 0


def test_a_batch_is_handed_in_and_collected_later(run: Run, stub: Stub) -> None:
    stub.within = lambda body: {**NOTHING, "claims": [CLAIM]}
    run("add", "Ann likes tea", "--no-wait")
    handed = run("process", "--batch")
    assert handed.code == 3
    assert ["handed in", "", "1"] in handed.rows
    for batch in stub.batches.values():
        batch.ended = True
    done = run("process", "--batch")
    assert done.code == 0, done.err
    assert ["added", "Ann likes tea"] in [[row[0], row[2]] for row in done.rows]
    assert "1 of them at the batch price" in done.rows[-1][2]
    figures = dict(row for row in run("admin", "stats").rows)
    assert [value for name, value in figures.items() if name.endswith("usage.batch_calls")] == ["1"]
    for options in (("--watch",), ("--max-tokens", "9"), ("--again", "--dry-run")):
        assert run("process", "--batch", *options).code == 2


def test_a_batch_without_a_model_is_an_error(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRIPLEMEM_MODEL", raising=False)
    run("add", "Ann likes tea", "--no-wait")
    assert "a batch is for a model" in one_line_error(run("process", "--batch"))


def test_a_conversation_is_summarised_and_distilled(run: Run, stub: Stub) -> None:
    for n in range(12):
        run("add", f"Item {n} was packed into the blue box.", "--session", "s", "--no-wait")
    stub.script = [{"summary": "All was packed."}]
    done = run("sessions", "summary", "s", "--max-tokens", "100")
    assert done.code == 0, done.err
    assert "- Earlier in this session: All was packed." in done.out
    lesson = {"observation": "items to pack", "action": "packed them", "result": "done"}
    stub.script = [{"reasoning": "", "experiences": [{**lesson, "quotes": ["packed into the blue box"]}]}]
    [told] = run("experiences", "distil", "s", "--json").json
    assert told["observation"] == "items to pack"
    assert run("explain", told["id"]).rows[-1][::2] == ["came from", "user: Item 0 was packed into the blue box."]
