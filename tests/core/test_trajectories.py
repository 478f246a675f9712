"""Trajectories: what is one, what it is called, and how they are read from JSON Lines."""

import json
from typing import Any

import pytest

from triplemem import InvalidInput, Message
from triplemem.core.trajectories import Turn, check_trajectories, read_trajectories, trajectory_id, turns_of
from triplemem.types import Trajectory

HI = {"role": "user", "content": "hi"}


def test_the_id_is_a_digest_of_the_content() -> None:
    one = Trajectory([HI], "short", 1, edited="hello")
    assert trajectory_id(one) == trajectory_id(Trajectory((Message("hi"),), "short", 1.0, edited="hello"))
    others = [
        Trajectory([HI], "short", 1), Trajectory([HI], "short", None, edited="hello"),
        Trajectory([HI], "Short", 1, edited="hello"),
        Trajectory([HI, HI], "short", 1, edited="hello"), Trajectory([HI], "hello", 1, edited="short"),
        Trajectory([Message("hi", role="assistant")], "short", 1, edited="hello"),
        Trajectory([Message("hi", speaker="Ann")], "short", 1, edited="hello"),
    ]  # fmt: skip
    assert len({trajectory_id(each) for each in [one, *others]}) == len(others) + 1


def test_the_id_is_the_same_for_ever() -> None:
    assert trajectory_id(Trajectory([HI], "short", 0.5)) == "y_47f50e2daaa0ec75"


def test_messages_are_as_chat_clients_write_them_calls_of_tools_too() -> None:
    call = {"type": "tool_use", "name": "find", "input": {"q": 1}}
    said: list[Any] = [
        Message("hi", speaker="Ann"),
        {"role": "assistant", "content": [{"type": "text", "text": "one"}, call]},
        {"role": "user", "content": [{"type": "tool_result", "content": "found"}]},
        {"role": "assistant", "content": None, "tool_calls": [{"function": {"name": "get", "arguments": '{"a": 2}'}}]},
        {"role": "assistant", "tool_calls": [{"name": "put", "args": {"b": 3}}]},
        {"role": "tool", "content": "done"},
        {"type": "ai", "data": {"content": "bye", "tool_calls": []}},
    ]  # fmt: skip
    assert turns_of(Trajectory(said)) == [
        Turn("user", "Ann", "hi"), Turn("assistant", None, "one"), Turn("assistant", None, 'calls find with {"q": 1}'),
        Turn("tool", None, "found"), Turn("assistant", None, 'calls get with {"a": 2}'),
        Turn("assistant", None, 'calls put with {"b": 3}'), Turn("tool", None, "done"), Turn("assistant", None, "bye"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("messages", "wrong"),
    [
        ([[HI], [HI]], r"messages\[0\] must be a Message or a dict, not list: a trajectory is one list of messages"),
        ([HI, ([HI], "feedback")], r"messages\[1\] must be .* not tuple"),
        ([HI, "hello"], r"messages\[1\] must be .* not str"),
        ([{"role": "user"}], r"messages\[0\]: .*neither 'content' nor 'text'"),
        ([{"role": "wizard", "content": "hi"}], r"messages\[0\] has the role 'wizard'"),
        ([{"role": "user", "content": 3}], r"messages\[0\]: .*must be a text"),
        ([Message("  ")], r"messages\[0\] text is empty"),
        ([Message("half \ud800")], "half a character"),
        ([{"role": "user", "content": " "}], "no messages with any text"),
        ([], "no messages with any text"),
        ("hi", "must be a list of messages, not str"),
        (HI, "must be a list of messages, not dict"),
        (Message("hi"), "must be a list of messages, not Message"),
        (None, "must be a list of messages, not NoneType"),
    ],
)
def test_what_is_no_list_of_messages_is_refused_with_its_place(messages: Any, wrong: str) -> None:
    with pytest.raises(InvalidInput, match=rf"^trajectories\[1\].*{wrong}"):
        check_trajectories([Trajectory([HI]), Trajectory(messages)])


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({"feedback": {"comment": "x"}}, "feedback must be a text, not dict"),
        ({"feedback": ["x"]}, "feedback must be a text, not list"),
        ({"edited": 3}, "edited must be a text, not int"),
        ({"score": "0.5"}, "score must be a finite number, not '0.5'"),
        ({"score": True}, "score must be a finite number, not True"),
        ({"score": float("nan")}, "score must be a finite number, not nan"),
        ({"score": float("inf")}, "score must be a finite number, not inf"),
    ],
)
def test_what_was_said_of_a_trajectory_has_to_be_what_it_ought_to_be(more: dict[str, Any], wrong: str) -> None:
    with pytest.raises(InvalidInput, match=rf"^trajectories\[0\]: {wrong}"):
        check_trajectories([Trajectory([HI], **more)])


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        (Trajectory([HI]), "give a list of trajectories, not Trajectory"),
        ("text", "not str"),
        (None, "not NoneType"),
        ([[HI]], r"trajectories\[0\] is a list: give Trajectory"),
        ([([HI], "feedback")], r"trajectories\[0\] is a tuple"),
        ([{"messages": [HI]}], r"trajectories\[0\] is a dict"),
    ],
)
def test_what_is_no_list_of_trajectories_is_refused(given: Any, wrong: str) -> None:
    with pytest.raises(InvalidInput, match=wrong):
        check_trajectories(given)


def test_a_message_may_be_longer_than_one_that_is_stored() -> None:
    long = Trajectory([{"role": "tool", "content": "x" * (2 * 1024 * 1024)}])
    assert check_trajectories([long]) == [long]


def test_a_trajectory_that_is_given_twice_counts_once() -> None:
    one, other = Trajectory([HI], "a"), Trajectory([HI], "b")
    assert check_trajectories(iter([one, other, Trajectory([Message("hi")], "a")])) == [one, other]


def test_a_blank_feedback_is_none() -> None:
    assert check_trajectories([Trajectory([HI], " ", edited="")])


def test_json_lines_are_trajectories() -> None:
    lines = [
        json.dumps({"messages": [HI], "feedback": "short", "score": 0.5, "edited": "hello"}) + "\n",
        "  \n",
        json.dumps({"messages": [{"speaker": "Ann", "text": "hi"}], "feedback": None}),
    ]
    first, second = read_trajectories(lines)
    assert (first.feedback, first.score, first.edited) == ("short", 0.5, "hello")
    assert turns_of(second) == [Turn("user", "Ann", "hi")]
    assert (second.feedback, second.score, second.edited) == (None, None, None)


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("{", "line 3 is not JSON"),
        ("[" * 100_000, "line 3 is not JSON"),
        ("[1]", "line 3 must be a JSON object, not list"),
        ("{}", "line 3 may have messages, feedback, score, edited; 'messages' is missing"),
        ('{"messages": [], "rating": 1}', "line 3 may have .*unknown: 'rating'"),
        ('{"messages": []}', "line 3 has no messages"),
        ('{"messages": [[]]}', r"line 3: messages\[0\] must be a Message or a dict"),
        ('{"messages": {"role": "user"}}', "line 3: messages must be a list"),
        ('{"messages": [{"content": [{"type": ["x"], "text": "k"}]}]}', r"line 3: messages\[0\].*type of a block"),
        ('{"messages": [{"role": "user", "content": "hi"}], "score": NaN}', "line 3: score must be a finite number"),
        (
            '{"messages": [{"role": "user", "content": "hi"}], "score": 1' + "0" * 400 + "}",
            "line 3: score must be a finite number",
        ),
        ('{"messages": [{"role": "user", "content": "hi"}], "feedback": 3}', "line 3: feedback must be a text"),
    ],
)
def test_a_line_that_is_wrong_is_named_by_its_number(line: str, wrong: str) -> None:
    good = json.dumps({"messages": [HI]})
    with pytest.raises(InvalidInput, match=wrong):
        read_trajectories([good, "", line])
