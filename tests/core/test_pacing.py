"""When a conversation is read: times in seconds, written as microseconds."""

import pytest

from triplemem.core.pacing import Pace, Unread, ripe

S = 1_000_000
PACE = Pace(20 * S, 300 * S, 10, 1_000)


def said(episode: int, at: float, session: str | None = "s", chars: int = 10, *, again: bool = False) -> Unread:
    return Unread(episode, session, int(at * S), chars, again)


def test_a_conversation_is_read_as_a_whole_once_it_is_silent() -> None:
    turns = [said(1, 0), said(2, 15)]
    assert ripe(turns, 34 * S, PACE) == (set(), 1 * S)
    assert ripe(turns, 35 * S, PACE) == ({1, 2}, None)


def test_one_that_never_pauses_is_read_when_its_oldest_message_has_waited_long_enough() -> None:
    turns = [said(1, 0), said(2, 280), said(3, 299)]
    assert ripe(turns, 299 * S, PACE) == (set(), 1 * S)
    assert ripe(turns, 300 * S, PACE)[0] == {1, 2, 3}


def test_conversations_do_not_wait_for_each_other() -> None:
    turns = [said(1, 0, "a"), said(2, 30, "b"), said(3, 5, None)]
    assert ripe(turns, 31 * S, PACE) == ({1, 3}, 19 * S)


@pytest.mark.parametrize("turns", [[said(n, 0) for n in range(10)], [said(1, 0, chars=1_000)]], ids=["many", "long"])
def test_what_fills_a_call_waits_for_nothing(turns: list[Unread]) -> None:
    assert ripe(turns, 0, PACE)[0] == {one.episode for one in turns}


def test_what_failed_before_has_its_own_time_and_lets_nobody_wait() -> None:
    assert ripe([said(1, 0, again=True), said(2, 0)], 0, PACE) == ({1}, 20 * S)


def test_a_message_from_a_later_clock_does_not_wait_for_it() -> None:
    assert ripe([said(1, 86_400)], 0, PACE)[0] == {1}
    assert ripe([said(1, 0.000_003)], 0, PACE)[0] == set()  # several of one moment are recorded one after another


def test_nothing_unread_is_nothing_to_wait_for() -> None:
    assert ripe([], 0, PACE) == (set(), None)
