"""`end`, `reject`, `allow`, `retract`, `merge`, `split`, `tombstones`."""

from tests.cli.helpers import Ran, Run, names, one_line_error

BOB = ("--subject", "Bob", "--predicate", "leads")


def told(done: Ran) -> list[tuple[str, str]]:
    return [(row[0], row[2]) for row in done.rows if row[0] != "event"]


def claim_of_bob(run: Run) -> str:
    return str(run("explain", *BOB, "--json").json["claims"][0]["id"])


def test_end_closes_the_period(team: Run) -> None:
    done = team("end", *BOB, "--at", "2026-06-01", "--reason", "left")
    assert told(done)[0] == ("fact", "Bob leads ML (ended)")
    assert team("facts", "--json").json == []
    (bob,) = team("facts", "--subject", "Bob", "--include-ended", "--json").json
    assert bob["valid_to"].startswith("2026-06-01")
    assert team("explain", *BOB, "--json").json["ended_by"][0]["reason"] == "left"


def test_end_of_a_fact_that_is_over_says_so(team: Run, run: Run) -> None:
    assert "is current or future" in one_line_error(run("end", "--subject", "Alice"))


def test_end_before_the_period_is_an_error(team: Run, run: Run) -> None:
    assert "2026-05-01" in one_line_error(run("end", *BOB, "--at", "2026-04-01"))


def test_reject_restores_what_was_displaced_and_allow_lifts_it(team: Run) -> None:
    done = team("reject", *BOB, "--reason", "no")
    assert told(done) == [
        ("fact", "Bob leads ML (rejected)"),
        ("ended", "Bob leads ML"),
        ("reopened", "Alice leads ML"),
    ]
    assert names(team("facts", "--json")) == ["Alice"]
    assert [row[2:] for row in team("tombstones").rows] == [["reject", "value", "cli", "no"]]

    team("allow", *BOB)
    assert names(team("facts", "--json")) == ["Bob"]


def test_allow_takes_a_tombstone(team: Run) -> None:
    team("reject", *BOB)
    (stone,) = team("tombstones", "--json").json
    team("allow", stone["id"])
    assert names(team("facts", "--json")) == ["Bob"]


def test_retract_takes_a_claim_back_and_bars_nothing(team: Run) -> None:
    (bob,) = team("facts", "--json").json
    done = team("retract", claim_of_bob(team), "--reason", "misread", "--json").json
    assert [fact["text"] for fact in done["reopened"]] == ["Alice leads ML"]
    assert team("tombstones").out == ""
    assert names(team("facts", "--json")) == ["Alice"]
    assert "(taken back)" in team("explain", bob["id"]).out
    team("add", "Bob now leads ML.", "--occurred-at", "2026-06-01")
    assert names(team("facts", "--json")) == ["Bob"]


def test_retract_takes_an_end_back(team: Run) -> None:
    team("end", *BOB)
    end = team("explain", *BOB, "--json").json["ended_by"][0]["id"]
    team("retract", end)
    assert names(team("facts", "--json")) == ["Bob"]


def test_what_does_not_exist_is_an_error(team: Run, run: Run) -> None:
    for command in (["end"], ["reject"], ["allow"], ["retract"]):
        one_line_error(run(*command, "nothing-of-the-kind"))


def test_merge_and_split(team: Run) -> None:
    team("add", "Robert lives in Oslo.")
    team("merge", "Bob", "Robert", "--reason", "the same")
    assert {fact["subject"]["name"] for fact in team("facts", "--json").json} == {"Bob"}
    assert len(team("facts", "--subject", "Robert", "--json").json) == 2
    team("split", "Bob", "Robert")
    assert sorted(names(team("facts", "--json"))) == ["Bob", "Robert"]


def test_merge_of_somebody_unknown_is_an_error(team: Run, run: Run) -> None:
    assert "Zoe" in one_line_error(run("merge", "Bob", "Zoe"))
