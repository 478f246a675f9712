"""Recorded answers: each fits the request of today, and is usable. How good they are is told in the README."""

import re

import pytest

from tests.models.recorded.case import Case
from tests.models.recorded.cases import CASES
from tests.models.recorded.replay import FOLDER, Stale, answers_of, hash_of, play
from tests.models.recorded.score import Score, score, table
from triplemem.extract.model.prompt import prefix


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_answer_is_of_the_request_of_today(case: Case) -> None:
    answers = answers_of(case.name)
    played = play(case)
    assert played.model.trouble is None
    assert len(played.model.asked) == len(answers)
    for one in answers:
        assert set(one) == {"request", "model", "date", "answer"}
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", one["date"])


def test_no_answer_is_of_a_case_that_is_gone() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} <= {case.name for case in CASES}


def test_there_are_cases_enough_and_each_has_a_name_of_its_own() -> None:
    assert len({case.name for case in CASES}) == len(CASES)
    assert sum(len(case.sessions) == 1 for case in CASES) >= 60
    assert sum(len(case.sessions) > 1 for case in CASES) >= 3


def test_a_request_is_the_same_every_time_and_holds_no_expectation() -> None:
    for case in (CASES[0], CASES[-1], next(case for case in CASES if len(case.known) > 1)):
        first, again = (play(case, []).model.asked[0] for _ in range(2))
        assert hash_of(first) == hash_of(again)
        assert first.system == prefix()
        assert len(first.messages) == 1


def test_a_request_that_changed_has_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    case = CASES[0]
    empty = {"reasoning": "", "claims": []}
    asked = play(case, []).model.asked[0]
    answers = [{"request": hash_of(asked), "model": "m", "date": "2026-01-01", "answer": empty}]
    assert play(case, answers).model.trouble is None
    from triplemem.extract.model import extractor

    monkeypatch.setattr(extractor, "prefix", lambda: "another prompt")
    assert isinstance(play(case, answers).model.trouble, Stale)


def test_the_score_counts_what_is_right_wrong_and_missing() -> None:
    case = next(case for case in CASES if case.name == "moved")
    asked = play(case, []).model.asked[0]
    claims = [
        {"subject": "I", "predicate": "lives_in", "object": "Oslo", "turn": 1, "quote": "moved to Oslo"},
        {"subject": "I", "predicate": "likes", "object": "Oslo", "turn": 1, "quote": "moved to Oslo"},
    ]
    answer = {
        "request": hash_of(asked),
        "model": "m",
        "date": "2026-01-01",
        "answer": {"reasoning": "", "claims": claims},
    }
    total = Score()
    total.add(case, play(case, [answer]))
    assert (total.right, total.wrong, total.missed, total.ends_found, total.ends) == (1, 1, 0, 1, 1)
    assert total.notes == ["`moved` wrong: ann likes oslo"]


def test_the_table_can_be_made() -> None:
    assert table()
    assert score([]).cases == 0
