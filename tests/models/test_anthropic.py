"""The adapter of the Messages API, through the real client, against a server on this machine."""

import gc
import json
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from tests.models.stub import BREAK, DROP, KEY, Raw, Slow, Stalled, Status, Stub, Text, serving, stream
from triplemem import (
    AnthropicModel,
    ConfigError,
    ModelError,
    ModelRefused,
    ModelRequest,
    ModelUnavailable,
    Usage,
)
from triplemem.models.anthropic import minimum
from triplemem.repair import ask

SECRET = "the words of a private message"
PREFIX = "word " * 4_000


class Fruit(BaseModel):
    name: str
    colour: str = ""


APPLE = {"name": "apple", "colour": "red"}


@pytest.fixture(params=["native", "tools", "json"])
def structured(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
def model(stub: Stub) -> Iterator[AnthropicModel]:
    model = AnthropicModel("claude-haiku-5-5", timeout=5)
    yield model
    model.close()


def request(schema: Any = Fruit, system: str = PREFIX) -> ModelRequest:
    return ModelRequest(system, [{"role": "user", "content": SECRET}], schema, 1_000)


def asked(model: AnthropicModel) -> ModelError:
    with pytest.raises(ModelError) as caught:
        model.complete(request())
    error = caught.value
    assert error.__cause__ is None
    assert SECRET not in str(error)
    assert KEY not in str(error)
    assert "\n" not in str(error)
    return error


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_an_answer_is_an_instance_of_the_schema_however_it_is_held_to_it(
    stub: Stub, structured: Any, stream: bool
) -> None:
    stub.script = [APPLE]
    model = AnthropicModel("claude-haiku-5-5", structured=structured, stream=stream)
    reply = model.complete(request())
    model.close()
    assert reply.parsed == Fruit(name="apple", colour="red")
    assert (reply.usage.calls, reply.usage.output_tokens, reply.stopped) == (1, 50, None)
    body = stub.bodies[0]
    assert ("format" in body.get("output_config", {})) is (structured == "native")
    assert bool(body.get("tools")) is (structured == "tools")
    assert ("JSON object" in body["system"][0]["text"]) is (structured == "json")
    assert bool(body.get("stream")) is stream


def test_the_schema_is_closed_and_has_nothing_but_structure(stub: Stub, model: AnthropicModel) -> None:
    stub.script = [APPLE]
    model.complete(request())
    schema = stub.bodies[0]["output_config"]["format"]["schema"]
    assert schema == {
        "type": "object",
        "properties": {"name": {"type": "string"}, "colour": {"type": "string"}},
        "required": ["name"],
        "additionalProperties": False,
    }


def test_no_sampling_and_no_thinking_is_asked_for(stub: Stub, model: AnthropicModel) -> None:
    stub.script = [APPLE]
    model.complete(request())
    assert set(stub.bodies[0]) == {"model", "max_tokens", "messages", "system", "output_config"}
    assert [name for name, value in stub.headers[0].items() if KEY in value] in (["x-api-key"], ["authorization"])


def test_effort_is_passed_on_where_it_is_given(stub: Stub) -> None:
    stub.script = [APPLE]
    model = AnthropicModel("claude-haiku-5-5", effort="low")
    model.complete(request())
    model.close()
    assert stub.bodies[0]["output_config"]["effort"] == "low"


def test_the_second_call_reads_the_prefix_from_the_cache(stub: Stub, model: AnthropicModel) -> None:
    stub.script = [APPLE]
    first, second = model.complete(request()).usage, model.complete(request()).usage
    assert (first.cache_write_tokens > 4_000, first.cache_read_tokens) == (True, 0)
    assert (second.cache_write_tokens, second.cache_read_tokens) == (0, first.cache_write_tokens)
    assert second.input_tokens < 100


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("claude-haiku-5-5", 512),
        ("anthropic.claude-haiku-5-5", 512),
        ("claude-opus-5", 512),
        ("claude-sonnet-5", 1_024),
        ("claude-sonnet-4-6-20260101", 1_024),
        ("claude-haiku-4-5-20251001", 4_096),
        ("claude-opus-4-6", 4_096),
        ("qwen3", 4_096),
    ],
)
def test_a_prefix_is_marked_only_if_the_model_keeps_one_of_its_length(stub: Stub, name: str, least: int) -> None:
    assert minimum(name) == least
    model = AnthropicModel(name)
    for characters in (least * 4 - 4, least * 4):
        model.complete(request(None, "x" * characters))
    model.close()
    short, long = (body["system"][0] for body in stub.bodies)
    assert "cache_control" not in short
    assert long["cache_control"] == {"type": "ephemeral"}


def test_a_server_without_caching_counts_all_as_fresh(stub: Stub, model: AnthropicModel) -> None:
    stub.lacks, stub.script = {"caching"}, [APPLE]
    usage = model.complete(request()).usage
    assert (usage.cache_read_tokens, usage.cache_write_tokens) == (0, 0)
    assert usage.input_tokens > 4_000


@pytest.mark.parametrize(
    ("lacks", "given", "other"),
    [
        ("structured", "native", "'tools' or 'json'"),
        ("strict", "tools", "'json' or 'native'"),
        ("tools", "tools", "'json' or 'native'"),
    ],
)
def test_what_a_server_lacks_is_told_with_the_option_that_helps(stub: Stub, lacks: str, given: Any, other: str) -> None:
    stub.lacks = {lacks}
    model = AnthropicModel("qwen3", structured=given)
    error = asked(model)
    model.close()
    assert isinstance(error, ModelRefused)
    assert error.stops
    assert f"structured='{given}'" in str(error)
    assert f"structured={other}" in str(error)


@pytest.mark.parametrize("given", ["native", "tools", "json"])
def test_a_server_that_passes_over_what_it_lacks_is_told_too(stub: Stub, given: Any) -> None:
    """It answers in prose, as if it had never been told of a form."""
    stub.script = [Text("Sure!"), Text("Gladly!"), Text('{"name": "apple"}'), Text("No."), Text("No!")]
    model = AnthropicModel("qwen3", structured=given)
    for known in (False, True):
        with pytest.raises(ModelRefused, match="unusable") as told:
            ask(model, request())
        assert ("try structured='json'" in str(told.value)) is (given != "json" and not known)
        if not known:
            assert model.complete(request()).parsed == Fruit(name="apple")
    model.close()


@pytest.mark.parametrize("around", ["%s", "```json\n%s\n```", "Here it is:\n%s\nAnything else?"])
def test_json_is_found_in_what_is_around_it(stub: Stub, around: str) -> None:
    stub.lacks, stub.script = {"structured", "tools", "caching"}, [Text(around % '{"name": "apple"}')]
    model = AnthropicModel("qwen3", structured="json")
    assert model.complete(request()).parsed == Fruit(name="apple")
    model.close()


@pytest.mark.parametrize("words", ["", "no", '{"name": 7}', '{"name": "app', "[1]", '{"colour": "red"}'])
def test_what_does_not_fit_is_given_back_as_words(stub: Stub, model: AnthropicModel, words: str) -> None:
    stub.script = [Text(words)]
    reply = model.complete(request())
    assert (reply.parsed, reply.text) == (None, words)
    assert reply.usage.calls == 1


def test_an_answer_that_broke_off_says_so_and_is_not_taken(stub: Stub, model: AnthropicModel) -> None:
    stub.script = [Text('{"name": "apple"}', "max_tokens")]
    reply = model.complete(request())
    assert (reply.parsed, reply.stopped) == (None, "length")


def test_a_refusal_is_an_error_with_what_it_took(stub: Stub, model: AnthropicModel) -> None:
    stub.script = [Text("I cannot.", "refusal")]
    error = asked(model)
    assert isinstance(error, ModelRefused)
    assert not error.stops
    assert error.usage is not None
    assert error.usage.calls == 1


@pytest.mark.parametrize(
    ("status", "kind", "stops", "says"),
    [
        (Status(429, "rate_limit_error"), ModelUnavailable, True, "rate limit"),
        (Status(529, "overloaded_error"), ModelUnavailable, True, "529 overloaded_error"),
        (Status(503), ModelUnavailable, True, "503"),
        (Status(500), ModelUnavailable, False, "500 api_error"),
        (Status(408, "timeout_error"), ModelUnavailable, False, "408"),
        (Status(401, "authentication_error"), ModelRefused, True, "ANTHROPIC_API_KEY"),
        (Status(403, "permission_error"), ModelRefused, True, "ANTHROPIC_API_KEY"),
        (Status(402, "billing_error"), ModelRefused, True, "pay"),
        (Status(404, "not_found_error"), ModelRefused, True, "'claude-haiku-5-5'"),
        (Status(400, "invalid_request_error", SECRET), ModelRefused, False, "400 invalid_request_error"),
        (Status(413, "request_too_large"), ModelRefused, False, "413"),
        (Status(400, f"{SECRET} {KEY}"), ModelRefused, False, "400 error"),
        (DROP, ModelUnavailable, True, "reached"),
        (Raw(b"<html>" + SECRET.encode(), "text/html"), ModelUnavailable, False, "Messages API"),
        (Raw(SECRET.encode()), ModelUnavailable, False, "Messages API"),
        (Raw(b"{}"), ModelUnavailable, False, "Messages API"),
        (Raw(b"[]"), ModelUnavailable, False, "Messages API"),
    ],
    ids=range(17),
)
def test_every_failure_is_one_of_ours_and_repeats_nothing(
    stub: Stub, model: AnthropicModel, status: Any, kind: type[ModelError], stops: bool, says: str
) -> None:
    stub.script = [status]
    error = asked(model)
    assert (type(error), error.stops) == (kind, stops)
    assert says in str(error)
    assert len(stub.bodies) == 1, "the client must not try again by itself"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "17"}, 17),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT", "date": "Wed, 21 Oct 2026 07:27:00 GMT"}, 60),
        ({}, None),
    ],
)
def test_when_to_come_back_is_what_the_server_says(
    stub: Stub, model: AnthropicModel, headers: dict[str, str], seconds: float | None
) -> None:
    stub.script = [Status(429, "rate_limit_error", headers=headers)]
    error = asked(model)
    assert isinstance(error, ModelUnavailable)
    assert error.retry_after == seconds


def test_a_slow_answer_is_waited_for_so_long_and_no_longer(stub: Stub) -> None:
    model = AnthropicModel("claude-haiku-5-5", timeout=0.2)
    stub.script = [Slow(1.0)]
    error = asked(model)
    model.close()
    assert isinstance(error, ModelUnavailable)
    assert "0.2 seconds" in str(error)


def test_a_stream_that_breaks_off_is_unavailable(stub: Stub) -> None:
    model = AnthropicModel("claude-haiku-5-5", stream=True)
    stub.script = [BREAK]
    assert isinstance(asked(model), ModelUnavailable)
    model.close()


def whole_stream(words: str = json.dumps(APPLE)) -> bytes:
    message = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "m",
        "content": [],
        "stop_sequence": None,
    }
    message |= {"content": [{"type": "text", "text": words}], "stop_reason": "end_turn"}
    message |= {"usage": {"input_tokens": 1, "output_tokens": 1}}
    return stream(message, broken=False).encode()


def test_a_stream_is_no_answer_before_it_has_ended(stub: Stub) -> None:
    """A connection that is lost between two events looks like an end."""
    model = AnthropicModel("claude-haiku-5-5", stream=True)
    events = whole_stream().split(b"\n\n")
    for number in range(len(events) - 1):
        stub.script = [Raw(b"\n\n".join([*events[:number], b""]), "text/event-stream")]
        assert isinstance(asked(model), ModelUnavailable)
    stub.script = [Raw(whole_stream(), "text/event-stream")]
    assert model.complete(request()).parsed == Fruit(name="apple", colour="red")
    model.close()


@pytest.mark.parametrize("kept", [0, 100, 600])
def test_a_connection_that_is_lost_within_an_answer_is_unavailable(stub: Stub, kept: int) -> None:
    model = AnthropicModel("claude-haiku-5-5", stream=True)
    stub.script = [Raw(whole_stream()[:kept], "text/event-stream", missing=50)]
    error = asked(model)
    model.close()
    assert isinstance(error, ModelUnavailable)
    assert "broke off" in str(error)


def test_a_stream_that_stalls_is_waited_for_so_long_and_no_longer(stub: Stub) -> None:
    model = AnthropicModel("claude-haiku-5-5", stream=True, timeout=0.3)
    stub.script = [Stalled(whole_stream()[:600], 1.0)]
    error = asked(model)
    model.close()
    assert isinstance(error, ModelUnavailable)
    assert "0.3 seconds" in str(error)


def test_events_of_another_form_are_no_answer(stub: Stub) -> None:
    model = AnthropicModel("claude-haiku-5-5", stream=True)
    stub.script = [Raw(whole_stream().replace(b'"usage": {"output_tokens": 1}', b'"usage": null'), "text/event-stream")]
    assert "Messages API" in str(asked(model))
    model.close()


@pytest.mark.parametrize(
    "usage",
    [None, {}, {"output_tokens": None}, {"input_tokens": "7", "output_tokens": -1}, {"input_tokens": 1e30}],
    ids=str,
)
def test_a_server_that_counts_nothing_is_a_server_all_the_same(stub: Stub, model: AnthropicModel, usage: Any) -> None:
    message = {"type": "message", "content": [{"type": "text", "text": json.dumps(APPLE)}], "usage": usage}
    stub.script = [Raw(json.dumps(message).encode())]
    reply = model.complete(request())
    assert reply.parsed == Fruit(name="apple", colour="red")
    assert reply.usage == Usage(calls=1)


def test_what_is_no_text_in_an_answer_is_passed_over(stub: Stub, model: AnthropicModel) -> None:
    text = {"type": "text", "text": json.dumps(APPLE)}
    content = [None, "x", {"type": "text", "text": None}, {"type": "thinking", "thinking": "{"}, text]
    stub.script = [Raw(json.dumps({"type": "message", "content": content}).encode())]
    assert model.complete(request()).parsed == Fruit(name="apple", colour="red")


def test_arguments_of_a_tool_may_be_told_as_words(stub: Stub) -> None:
    model = AnthropicModel("qwen3", structured="tools")
    call = {"type": "tool_use", "id": "toolu_1", "name": "answer", "input": json.dumps(APPLE)}
    stub.script = [Raw(json.dumps({"type": "message", "content": [call]}).encode())]
    assert model.complete(request()).parsed == Fruit(name="apple", colour="red")
    model.close()


@pytest.mark.parametrize("key", [f"{KEY}\n", f"{KEY}\r\nx", "  "])
def test_a_key_that_no_header_can_carry_is_told_as_such(
    stub: Stub, model: AnthropicModel, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    """An outage is waited for; this never ends by itself."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", key)
    error = asked(model)
    assert (type(error), error.stops) == (ModelRefused, True)
    assert "ANTHROPIC_API_KEY" in str(error)
    assert stub.bodies == []


@pytest.mark.parametrize("url", ["localhost:11434", "/v1", "ftp://127.0.0.1", "http://127.0.0.1:9\n"])
def test_an_address_that_is_none_is_told_as_such(stub: Stub, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("ANTHROPIC_BASE_URL", url)
    model = AnthropicModel("claude-haiku-5-5")
    error = asked(model)
    model.close()
    assert (type(error), error.stops) == (ModelRefused, True)
    assert "ANTHROPIC_BASE_URL" in str(error)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_nothing_is_sent_where_a_server_sends_us(stub: Stub, status: int) -> None:
    with serving() as other:
        other.script = [APPLE]
        stub.script = [Status(status, headers={"location": f"{other.url}/v1/messages"})]
        model = AnthropicModel("claude-haiku-5-5")
        error = asked(model)
        model.close()
    assert (type(error), error.stops) == (ModelRefused, True)
    assert "ANTHROPIC_BASE_URL" in str(error)
    assert (other.bodies, len(stub.bodies)) == ([], 1)


def test_a_server_that_is_not_there_is_unavailable(stub: Stub) -> None:
    model = AnthropicModel("claude-haiku-5-5", base_url="http://127.0.0.1:9", timeout=2)
    error = asked(model)
    model.close()
    assert isinstance(error, ModelUnavailable)
    assert error.stops


def test_without_a_key_nothing_is_sent(stub: Stub, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("ANTHROPIC_CONFIG_DIR", str(tmp_path))
    model = AnthropicModel("claude-haiku-5-5")
    error = asked(model)
    model.close()
    assert isinstance(error, ModelRefused)
    assert "ANTHROPIC_API_KEY" in str(error)
    assert error.stops
    assert stub.bodies == []


def test_a_token_will_do_in_place_of_a_key(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    """As servers want it that look at no key."""
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "ollama")
    stub.script = [APPLE]
    model = AnthropicModel("qwen3", structured="json")
    assert model.complete(request()).parsed == Fruit(name="apple", colour="red")
    model.close()
    assert stub.headers[0]["authorization"] == "Bearer ollama"


def test_without_the_package_the_extra_is_named(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anthropic", None)
    with pytest.raises(ConfigError, match=r"triplemem\[anthropic\]"):
        AnthropicModel("claude-haiku-5-5")


def test_an_unknown_way_to_hold_a_model_is_refused() -> None:
    with pytest.raises(ConfigError, match="'native', 'tools' or 'json'"):
        AnthropicModel("qwen3", structured="xml")  # type: ignore[arg-type]


def test_a_model_shows_neither_key_nor_address(stub: Stub, model: AnthropicModel) -> None:
    assert KEY not in repr(model) + str(vars(model))
    assert Usage(1, 2, 3, 4, 5).tokens == 14


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
def test_no_test_reaches_beyond_this_machine(stub: Stub) -> None:
    """The guard of `tests/conftest.py` holds for the real client, too."""
    from tests.conftest import NetworkReached

    model = AnthropicModel("claude-haiku-5-5", base_url="http://192.0.2.1", timeout=2)
    with pytest.raises((NetworkReached, ModelUnavailable)):
        model.complete(request())
    model.close()
    gc.collect()  # the socket that was not let through
