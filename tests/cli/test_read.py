"""`facts`, `history`, `recall`, `context`, `explain`, `changes`, `entities`, `episodes`."""

import pytest

from tests.cli.helpers import FIRST, SECOND, THEN, Run, names, one_line_error

FACT = ["id", "namespace", "subject", "predicate", "object", "text", "periods", "valid_from", "valid_to", "state"]


def test_facts_are_those_that_hold_now(team: Run) -> None:
    (row,) = team("facts").rows
    assert row[1:] == ["Bob", "leads", "ML", "current", "2026-05-01T00:00:00+00:00", ""]


def test_json_has_the_fields_of_the_contract_in_their_order(team: Run) -> None:
    (fact,) = team("facts", "--json").json
    assert list(fact) == [*FACT, "support", "superseded_by"]
    assert fact["valid_from"] == "2026-05-01T00:00:00+00:00"
    assert fact["periods"] == [{"valid_from": "2026-05-01T00:00:00+00:00", "valid_to": None}]


def test_facts_as_of_then(team: Run) -> None:
    assert names(team("facts", "--as-of", THEN, "--json")) == ["Alice"]
    assert names(team("facts", "--as-of", "2026-06-01T00:00:00+02:00", "--json")) == ["Bob"]


def test_facts_as_known_before_anything_was_recorded_are_none(team: Run) -> None:
    assert team("facts", "--known-at", THEN, "--json").json == []


@pytest.mark.parametrize("command", [["facts"], ["recall", "ML"], ["context", "ML"], ["graph"]])
@pytest.mark.parametrize("option", ["--as-of", "--known-at"])
def test_a_naive_time_is_a_clear_error(team: Run, run: Run, command: list[str], option: str) -> None:
    assert "naive" in one_line_error(run(*command, option, "2026-03-01T00:00:00"))


def test_facts_are_picked_and_paged(team: Run) -> None:
    team("add", "Alice leads Research.", "Cleo leads Design.")
    assert names(team("facts", "--subject", "Cleo", "--json")) == ["Cleo"]
    assert names(team("facts", "--object", "ML", "--include-ended", "--json")) == ["Alice", "Bob"]
    assert team("facts", "--predicate", "lives_in").out == ""
    first = team("facts", "--limit", "2", "--json").json
    rest = team("facts", "--after", first[-1]["id"], "--json").json
    assert (len(first), len(rest)) == (2, 1)
    assert sorted(fact["text"] for fact in first + rest) == [
        "Alice leads Research",
        "Bob leads ML",
        "Cleo leads Design",
    ]


@pytest.mark.parametrize("command", ["facts", "history", "episodes"])
def test_a_limit_below_one_is_an_error(team: Run, run: Run, command: str) -> None:
    assert "limit" in one_line_error(run(command, "--limit", "0"))


def test_history_is_all_of_it_by_when_it_began(team: Run) -> None:
    team("reject", "--subject", "Bob", "--predicate", "leads")
    found = team("history", "--object", "ML", "--json").json
    assert [(fact["subject"]["name"], fact["state"]) for fact in found] == [("Alice", "current"), ("Bob", "rejected")]


def test_history_is_paged(team: Run, run: Run) -> None:
    alice, bob = team("history", "--json").json
    assert team("history", "--limit", "1", "--json").json == [alice]
    assert team("history", "--after", alice["id"], "--json").json == [bob]
    one_line_error(run("history", "--after", "nobody"))


def test_recall_finds_facts_and_messages(team: Run) -> None:
    hits = team("recall", "who leads ML?", "--json").json
    assert {hit["kind"] for hit in hits} == {"fact", "episode"}
    assert any("Bob leads ML" in hit["text"] for hit in hits)
    assert {hit["kind"] for hit in team("recall", "who leads ML?", "--kind", "fact", "--json").json} == {"fact"}
    assert len(team("recall", "ML", "-k", "1").rows) == 1
    assert all(len(row) == 4 for row in team("recall", "ML").rows)


def test_a_question_may_come_from_standard_input(team: Run) -> None:
    long = "x " * 100_000 + "who leads ML?\n"
    for question in ("who leads ML?\n", long):
        assert "Bob leads ML" in team("recall", "-", "--kind", "fact", stdin=question).out
        assert "Bob leads ML" in team("context", "-", stdin=question).out


def test_recall_by_session_and_speaker(team: Run) -> None:
    texts = [hit["text"] for hit in team("recall", "ML", "--kind", "episode", "--session", "may", "--json").json]
    assert len(texts) == 1
    assert "Bob" in texts[0]
    assert team("recall", "ML", "--kind", "episode", "--speaker", "Nobody", "--json").json == []


def test_context_is_a_fenced_block(team: Run) -> None:
    lines = team("context", "who leads ML?").out.splitlines()
    assert (lines[0], lines[-1]) == ("<memory>", "</memory>")
    assert any("Bob leads ML" in line for line in lines)
    block = team("context", "who leads ML?", "--max-tokens", "40", "--json").json["context"]
    assert len(block.encode()) <= 160


def test_explain_shows_quotes_and_what_it_superseded(team: Run) -> None:
    rows = team("explain", "--subject", "Bob", "--predicate", "leads").rows
    assert rows[0][0] == "fact"
    assert rows[0][4] == "Bob leads ML (current)"
    claims = [row for row in rows if row[0] == "claim"]
    assert [(row[3], row[4]) for row in claims] == [("Ann", '"Bob now leads ML"')]
    assert [row[4] for row in rows if row[0] == "supersedes"] == ["Alice leads ML"]


def test_explain_takes_an_id_too(team: Run) -> None:
    (fact,) = team("facts", "--json").json
    found = team("explain", fact["id"], "--json").json
    assert found["fact"]["id"] == fact["id"]
    assert found["claims"][0]["said"]["subject"] == "Bob"
    assert found["episodes"][0]["text"] == "Bob now leads ML."


def test_a_fact_that_is_not_named_clearly_lists_the_candidates(team: Run, run: Run) -> None:
    said = one_line_error(run("explain", "--predicate", "leads"))
    assert said.startswith("error: 2 facts have predicate 'leads'")
    assert "(Alice leads ML, ended)" in said
    assert "(Bob leads ML, current)" in said


def test_a_fact_that_does_not_exist_is_an_error(team: Run, run: Run) -> None:
    assert "no fact has subject 'Zoe'" in one_line_error(run("explain", "--subject", "Zoe"))
    one_line_error(run("explain", "nothing-of-the-kind"))


def test_no_fact_or_both_ways_of_naming_one_is_wrong_usage(team: Run, run: Run) -> None:
    assert run("explain").code == 2
    assert run("explain", "x", "--subject", "Bob").code == 2


def test_changes_say_what_when_and_by_whom(team: Run, run: Run) -> None:
    found = team("changes", "--since", "2000-01-01", "--json").json
    assert {(change["kind"], change["text"]) for change in found} >= {
        ("added", "Bob leads ML"),
        ("ended", "Alice leads ML"),
    }
    assert {change["actor"] for change in found} == {"cli"}
    assert team("changes", "--since", "2000-01-01", "--until", "2000-01-02").out == ""
    assert len(team("changes", "--since", "2000-01-01").rows) == len(found)
    assert run("changes").code == 2


def test_entities_have_a_name_a_kind_and_aliases(team: Run) -> None:
    assert {row[1] for row in team("entities").rows} == {"Alice", "Bob", "ML"}
    assert [entity["name"] for entity in team("entities", "--name", "bob", "--json").json] == ["Bob"]


def test_episodes_are_listed_by_time(team: Run) -> None:
    rows = team("episodes").rows
    assert [(row[1][:10], row[2], row[3], row[4]) for row in rows] == [
        (FIRST, "march", "Ann", "Alice leads ML."),
        (SECOND, "may", "Ann", "Bob now leads ML."),
    ]
    assert len(team("episodes", "--since", THEN, "--json").json) == 1
    assert len(team("episodes", "--until", THEN, "--json").json) == 1
    assert len(team("episodes", "--limit", "1", "--json").json) == 1


def test_a_text_of_several_lines_stays_one_row(ok: Run) -> None:
    ok("add", "one\ntwo\tthree\x1b[31m \u202etxt")
    (row,) = ok("episodes").rows
    assert row[4] == "one two three[31m txt"
