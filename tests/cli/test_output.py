"""What is printed: values as JSON, rows as lines."""

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from triplemem.cli.add import combined
from triplemem.cli.output import jsonable, plain, print_json, short
from triplemem.types import AddResult, Entity, Fact, Period, Triplet, Usage


def fact(name: str, state: str = "current") -> Fact:
    entity = Entity(name, name, None)
    return Fact(name, ("a",), entity, "leads", entity, f"{name} leads", (), None, None, state, 1, None)  # type: ignore[arg-type]


def test_dataclasses_are_objects_and_times_are_iso() -> None:
    moment = datetime(2026, 3, 1, 9, tzinfo=timezone(timedelta(hours=1)))
    assert jsonable(Period(moment, None)) == {"valid_from": "2026-03-01T09:00:00+01:00", "valid_to": None}
    assert jsonable({"a": (1, 2.5, None, True), 3: date(2026, 3, 1)}) == {"a": [1, 2.5, None, True], "3": "2026-03-01"}
    assert jsonable(Triplet("a", "b", "c", during=("2024", "2025")))["during"] == ["2024", "2025"]


@pytest.mark.parametrize("text", ["Łódź", "a\u202eb", "\x9b31m", "\ud800", "\U000e0041", 'a\nb\t"c"'])
def test_json_says_everything_and_hides_nothing(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    print_json([text])
    out = capsys.readouterr().out
    assert json.loads(out) == [text]
    assert not {"\u202e", "\x9b", "\ud800", "\U000e0041"} & set(out)


def test_cells_are_one_line() -> None:
    moment = datetime(2026, 3, 1, 9, 30, 15, tzinfo=UTC)
    assert plain(None) == ""
    assert plain("a\tb\nc\x1b[1m") == "a b c[1m"
    assert plain(moment) == "2026-03-01T09:30:15+00:00"
    assert short(moment) == "2026-03-01 09:30"
    assert short(moment.replace(hour=0, minute=0)) == "2026-03-01"
    assert short(0.123456) == "0.123"


def test_several_results_are_one() -> None:
    bob, alice, cleo = fact("Bob"), fact("Alice"), fact("Cleo")
    first = AddResult(added=[bob], ended=[alice, cleo], usage=Usage(calls=1))
    second = AddResult(confirmed=[bob], ended=[fact("Bob", "ended")], reopened=[alice], usage=Usage(calls=2))
    whole = combined([first, second])
    assert [(one.id, one.state) for one in whole.added] == [("Bob", "ended")]
    assert whole.confirmed == []
    assert [one.id for one in whole.ended] == ["Cleo"]
    assert whole.reopened == []
    assert whole.usage == Usage(calls=3)
