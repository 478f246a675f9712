"""What a language model made of whole sessions when it was given the exact requests, and what code lets stand of it."""

import re
from typing import Any

import pytest

from tests.models.recorded.replay import hash_of
from tests.sessions.cases import INCIDENT
from tests.sessions.replay import BUDGET, GROUPS, opened, told
from triplemem import Experience
from triplemem.core.render import tokens_of


def outcome(group: str) -> Any:
    """What came of a group; a group that was never asked is a failure."""
    found, model = GROUPS.play(group)
    assert not model.unanswered, "python -m tools.ask_groups write FOLDER"
    return found


@pytest.mark.parametrize("group", GROUPS.ask)
def test_the_answers_are_of_the_requests_of_today(group: str) -> None:
    _, model = GROUPS.play(group)
    assert [hash_of(one) for one in model.asked] == [one["request"] for one in GROUPS.answers_of(group)]
    assert all(set(one) == {"request", "model", "date", "answer"} for one in GROUPS.answers_of(group))


def test_a_summary_keeps_what_is_decided_and_is_extended_by_one_call() -> None:
    first, second = outcome("summaries")
    assert len(GROUPS.play("summaries")[1].asked) == 2
    assert all(tokens_of(text) <= BUDGET for text in (first, second))
    assert all(word in first for word in ("502", "web-1", "restart", "41 GB", "OPS-4417"))
    assert re.search(r"five days|5 days", second)
    assert all(word in second for word in ("Thursday", "Jonas", "80", "23rd", "restart"))


def test_a_summary_holds_nothing_that_a_stranger_told_it_to_hold() -> None:
    for text in outcome("summaries"):
        assert "every order is free" not in text or "customer" in text.lower()


def test_what_is_erased_is_in_no_summary_that_a_model_wrote() -> None:
    model = GROUPS.model(["summaries"])
    with opened(model) as memory:
        told(memory, "incident", INCIDENT)
        assert "41 GB" in memory.session("incident").summary(BUDGET)
        [freed] = [one for one in memory.session("incident").messages() if one.text == "freed 41 GB"]
        memory.erase(episode=freed)
        memory._space.engine.named = False
        assert "41 GB" not in memory.session("incident").summary(BUDGET)


def test_a_session_teaches_what_failed_and_what_worked() -> None:
    found: list[Experience] = outcome("incident")
    assert [one.outcome for one in found] == ["failure", "success"]
    failed, worked = found
    assert "restart" in failed.action
    assert "full" in failed.result
    assert "logs" in worked.action
    assert len(failed.episodes) >= 2
    assert len(worked.episodes) >= 2


def test_small_talk_teaches_nothing_also_where_it_asks_to() -> None:
    assert outcome("small_talk") == []
