"""`predicates list`, `show` and `define`."""

from tests.cli.helpers import Run, names, one_line_error


def test_the_shipped_ones_are_listed(ok: Run) -> None:
    rows = {row[0]: row for row in ok("predicates", "list").rows}
    assert rows["leads"][1:4] == ["leads", "one_subject", "", "led_by"][1:]
    assert len(ok("predicates", "list", "--json").json) == len(rows)


def test_without_a_command_they_are_listed(ok: Run) -> None:
    assert ok("predicates").out == ok("predicates", "list").out
    assert ok("predicates", "--json").json == ok("predicates", "list", "--json").json


def test_one_is_shown(ok: Run, run: Run) -> None:
    found = ok("predicates", "show", "married_to", "--json").json
    assert list(found) == ["name", "cardinality", "synonyms", "inverse", "symmetric"]
    assert found["symmetric"] is True
    assert len(ok("predicates", "show", "leads").rows) == 1


def test_a_definition_applies_to_what_was_said_before(ok: Run) -> None:
    ok("add", "hello")
    done = ok(
        *("predicates", "define", "mentors", "--cardinality", "one_subject"),
        *("--synonym", "coaches", "--synonym", "tutors", "--inverse", "mentored_by"),
    )
    assert done.rows == [["mentors", "one_subject", "", "mentored_by", "coaches, tutors"]]
    assert ok("predicates", "show", "mentors", "--json").json["cardinality"] == "one_subject"


def test_making_leads_hold_many_brings_the_earlier_leader_back(team: Run) -> None:
    team("predicates", "define", "leads", "--cardinality", "many")
    assert sorted(names(team("facts", "--json"))) == ["Alice", "Bob"]


def test_an_unknown_cardinality_is_wrong_usage(run: Run) -> None:
    assert run("predicates", "define", "mentors", "--cardinality", "three").code == 2


def test_a_name_that_is_none_is_an_error(run: Run) -> None:
    one_line_error(run("predicates", "define", "  "))
