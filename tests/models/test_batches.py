"""Message batches through the real client: what a server may answer, and what becomes of it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from tests.models.stub import CANCELED, EXPIRED, KEY, Raw, Status, Stub, Text
from triplemem import AnthropicModel, ModelError, ModelRefused, ModelReply, ModelRequest, ModelUnavailable


class Said(BaseModel):
    word: str


REQUEST = ModelRequest("Say a word.", [{"role": "user", "content": "secret"}], Said, 100)


@pytest.fixture
def model(stub: Stub) -> Iterator[AnthropicModel]:
    model = AnthropicModel("claude-haiku-5-5")
    yield model
    model.close()


def collected(model: AnthropicModel, stub: Stub, answer: Any) -> Any:
    stub.within = lambda body: answer
    batch = model.submit({"one": REQUEST})
    assert model.collect(batch) is None
    stub.batches[batch].ended = True
    found = model.collect(batch)
    assert found is not None
    return found["one"]


def test_answers_go_by_the_names_of_their_requests(model: AnthropicModel, stub: Stub) -> None:
    requests = {
        name: ModelRequest("s", [{"role": "user", "content": name}], None, 10) for name in ("one", "two", "three")
    }
    stub.within = lambda body: Text(body["messages"][0]["content"].upper())
    batch = model.submit(requests)
    stub.batches[batch].ended = True
    found = model.collect(batch)
    assert found is not None
    assert {name: getattr(one, "text", None) for name, one in found.items()} == {
        "one": "ONE",
        "two": "TWO",
        "three": "THREE",
    }


@pytest.mark.parametrize(
    ("answer", "kind", "stops"),
    [
        (Status(400, "invalid_request_error", "secret"), ModelRefused, False),
        (Status(500, "api_error", "secret"), ModelUnavailable, False),
        (Status(529, "overloaded_error", "secret"), ModelUnavailable, False),
        (EXPIRED, ModelUnavailable, True),
        (CANCELED, ModelUnavailable, True),
        (Text("no", "refusal"), ModelRefused, False),
    ],
    ids=str,
)
def test_what_is_not_an_answer_says_so_and_repeats_no_text(
    model: AnthropicModel, stub: Stub, answer: Any, kind: type[ModelError], stops: bool
) -> None:
    found = collected(model, stub, answer)
    assert type(found) is kind
    assert found.stops is stops
    assert "secret" not in str(found)
    assert KEY not in str(found)


@pytest.mark.parametrize(
    ("result", "kind", "stops"),
    [
        ({"type": "errored", "error": None}, ModelRefused, False),
        ({"type": "errored", "error": {"type": "overloaded_error"}}, ModelUnavailable, False),
        ({"type": "succeeded", "message": None}, ModelUnavailable, False),
        ({"type": "secret"}, ModelUnavailable, True),
        ({}, ModelUnavailable, True),
    ],
    ids=str,
)
def test_results_of_another_form_are_errors_of_ours(
    model: AnthropicModel, stub: Stub, result: Any, kind: type[ModelError], stops: bool
) -> None:
    found = collected(model, stub, Raw(json.dumps(result).encode()))
    assert (type(found), found.stops) == (kind, stops)
    assert "secret" not in str(found)


def test_results_that_are_lost_with_the_connection_are_collected_later(model: AnthropicModel, stub: Stub) -> None:
    batch = model.submit({"one": REQUEST, "two": REQUEST})
    stub.within = lambda body: Text('{"word": "ha"}')
    stub.batches[batch].ended = True
    stub.missing = 300
    with pytest.raises(ModelUnavailable, match="broke off"):
        model.collect(batch)
    stub.missing = 0
    assert set(model.collect(batch) or ()) == {"one", "two"}


def test_an_answer_that_broke_off_says_so(model: AnthropicModel, stub: Stub) -> None:
    found = collected(model, stub, Text('{"word": "ha', "max_tokens"))
    assert isinstance(found, ModelReply)
    assert found.stopped == "length"
    assert (found.usage.calls, found.usage.batch_calls) == (1, 1)


@pytest.mark.parametrize("body", [b"{}", b"<html>", b'{"id": "../../etc"}', b'{"id": 7}'])
def test_a_server_that_answers_something_else_is_not_trusted(
    model: AnthropicModel, stub: Stub, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stub, "hand_in", lambda given: Raw(body))
    with pytest.raises(ModelUnavailable):
        model.submit({"one": REQUEST})
    monkeypatch.setattr(stub, "get", lambda path: Raw(body))
    with pytest.raises(ModelUnavailable):
        model.collect("msgbatch_01")


def test_results_that_are_no_json_are_an_error_and_not_half_of_them(
    model: AnthropicModel, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = model.submit({"one": REQUEST})
    stub.batches[batch].ended = True
    monkeypatch.setattr(stub, "results", lambda given: b'{"custom_id": "one", "res')
    with pytest.raises(ModelUnavailable):
        model.collect(batch)


def test_a_batch_that_nobody_knows_has_no_answers(model: AnthropicModel, stub: Stub) -> None:
    assert model.collect("msgbatch_77") == {}


def test_a_server_without_batches_is_named_as_such(model: AnthropicModel, stub: Stub) -> None:
    stub.lacks = {"batches"}
    with pytest.raises(ModelRefused, match="knows no batches") as caught:
        model.submit({"one": REQUEST})
    assert caught.value.stops
