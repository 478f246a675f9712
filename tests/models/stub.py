"""A server that speaks the Messages API on this machine, for the real client: it answers what a test tells it to."""

import json
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

KEY = "sk-ant-test-0123456789"
Body = dict[str, Any]
NOTHING: Body = {"reasoning": "Nothing is stated.", "claims": [], "ends": [], "retractions": []}


@dataclass(frozen=True)
class Status:
    """An error as the API gives it."""

    code: int
    kind: str = "api_error"
    message: str = "no"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Text:
    """An answer in these very words, whatever was asked for."""

    text: str
    stop_reason: str = "end_turn"


@dataclass(frozen=True)
class Raw:
    """A response that is not of the API; ``missing``: bytes that are announced, and lost with the connection."""

    body: bytes
    kind: str = "application/json"
    missing: int = 0


@dataclass(frozen=True)
class Slow:
    """The answer comes after so many seconds."""

    seconds: float
    answer: Any = None


@dataclass(frozen=True)
class Stalled:
    """A stream of which so much comes at once, and nothing for so many seconds."""

    body: bytes
    seconds: float


@dataclass
class Batch:
    """A message batch that was handed in; ``gone``: the server keeps its results no more."""

    id: str
    requests: list[Body]
    ended: bool = False
    gone: bool = False


EXPIRED, CANCELED = "expired", "canceled"
"""As answers of a batch: what was never answered, and why."""
DROP = object()
"""The connection is closed without a word."""
BREAK = object()
"""A stream breaks off with an error in the middle."""
Answer = Any
Script = Callable[[Body], Answer] | list[Answer]


class Stub:
    """The server. ``script``: answers in order, the last one again and again, or a function of the request's body.

    ``lacks``: of "caching", "structured", "strict" and "tools" what the server does not have; "tools" and "strict" are
    refused, and "structured" too, as servers do; "caching" shows in the usage. "batches": there are none.

    ``batches`` are those handed in, by their ids; a test says when they have ended. ``within``: the answers to their
    requests, a function of the body; results come in the reverse order of the requests.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.script: Script = [NOTHING]
        self.lacks: set[str] = set()
        self.bodies: list[Body] = []
        self.headers: list[dict[str, str]] = []
        self.batches: dict[str, Batch] = {}
        self.within: Callable[[Body], Answer] = lambda body: NOTHING
        self.missing = 0  # bytes of a batch's results that are lost with the connection
        self._kept: set[str] = set()
        self._lock = threading.Lock()

    def answer(self, body: Body, headers: dict[str, str]) -> Answer:
        with self._lock:
            self.bodies.append(body)
            self.headers.append(headers)
            number = len(self.bodies) - 1
        for what, there in (
            ("structured", "format" in body.get("output_config", {})),
            ("tools", bool(body.get("tools"))),
            ("strict", any("strict" in tool for tool in body.get("tools", ()))),
        ):
            if what in self.lacks and there:
                name = {"structured": "output_config"}.get(what, what)
                said = json.dumps(body["messages"])  # servers repeat what was sent to them
                return Status(400, "invalid_request_error", f"{name}: extra inputs are not permitted: {said}")
        if callable(self.script):
            return self.script(body)
        return self.script[min(number, len(self.script) - 1)]

    def message(self, body: Body, answer: Answer) -> Body:
        said = answer if isinstance(answer, Text) else Text(json.dumps(answer))
        content: list[Body] = [{"type": "text", "text": said.text}]
        stop = said.stop_reason
        if body.get("tools") and not isinstance(answer, Text):
            content = [{"type": "tool_use", "id": "toolu_1", "name": body["tools"][0]["name"], "input": answer}]
            stop = "tool_use"
        return {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": body["model"],
            "content": content,
            "stop_reason": stop,
            "stop_sequence": None,
            "usage": self.usage(body),
        }

    # batches

    def hand_in(self, body: Body) -> Answer:
        if "batches" in self.lacks:
            return Status(404, "not_found_error")
        names = [request["custom_id"] for request in body["requests"]]
        if len(set(names)) < len(names) or not all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name) for name in names):
            return Status(400, "invalid_request_error", "custom_id")
        batch = Batch(f"msgbatch_{len(self.batches) + 1:02}", body["requests"])
        self.batches[batch.id] = batch
        return self.state(batch)

    def state(self, batch: Batch) -> Body:
        moment = "2026-09-01T12:00:00Z"
        there = batch.ended and not batch.gone
        return {
            "id": batch.id,
            "type": "message_batch",
            "processing_status": "ended" if batch.ended else "in_progress",
            "request_counts": dict.fromkeys(("processing", "succeeded", "errored", "canceled", "expired"), 0),
            "created_at": moment,
            "expires_at": "2026-09-02T12:00:00Z",
            "ended_at": moment if batch.ended else None,
            "archived_at": None,
            "cancel_initiated_at": None,
            "results_url": f"{self.url}/v1/messages/batches/{batch.id}/results" if there else None,
        }

    def results(self, batch: Batch) -> bytes:
        lines = [
            {"custom_id": one["custom_id"], "result": self.result(one["params"])} for one in reversed(batch.requests)
        ]
        return "".join(json.dumps(line) + "\n" for line in lines).encode()

    def result(self, body: Body) -> Body:
        answer = self.within(body)
        if answer in (EXPIRED, CANCELED):
            return {"type": answer}
        if isinstance(answer, Raw):
            said: Body = json.loads(answer.body)
            return said
        if isinstance(answer, Status):
            error = {"type": answer.kind, "message": answer.message}
            return {"type": "errored", "error": {"type": "error", "error": error, "request_id": None}}
        return {"type": "succeeded", "message": self.message(body, answer)}

    def get(self, path: str) -> Answer:
        name, _, what = path.removeprefix("/v1/messages/batches/").partition("/")
        batch = self.batches.get(name)
        if batch is None or "batches" in self.lacks:
            return Status(404, "not_found_error")
        if what != "results":
            return self.state(batch)
        results = self.results(batch)
        return Raw(results[: len(results) - self.missing], "application/x-jsonl", self.missing)

    def usage(self, body: Body) -> dict[str, int]:
        system = json.dumps(body["system"])
        size, fresh = len(system) // 4, len(json.dumps(body["messages"])) // 4
        if "caching" in self.lacks:
            return {"input_tokens": size + fresh, "output_tokens": 50}
        if not any("cache_control" in block for block in body["system"]):
            return {"input_tokens": size + fresh, "output_tokens": 50, "cache_read_input_tokens": 0}
        known = system in self._kept
        self._kept.add(system)
        name = "cache_read_input_tokens" if known else "cache_creation_input_tokens"
        return {"input_tokens": fresh, "output_tokens": 50, name: size}


@contextmanager
def serving() -> Iterator[Stub]:
    """A stub that answers while the block runs."""
    stub: Stub

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            if self.path.partition("?")[0] == "/v1/messages/batches":
                self.plain(stub.hand_in(body))
                return
            answer = stub.answer(body, {key.lower(): value for key, value in self.headers.items()})
            if self.path.partition("?")[0] != "/v1/messages":
                answer = Status(404, "not_found_error")
            try:
                self.reply(body, answer)
            except (BrokenPipeError, ConnectionResetError):  # the client did not wait
                self.close_connection = True

        def do_GET(self) -> None:
            self.plain(stub.get(self.path.partition("?")[0]))

        def plain(self, answer: Answer) -> None:
            if isinstance(answer, Status | Raw):
                self.reply({}, answer)
            else:
                self.send(json.dumps(answer).encode(), "application/json")

        def reply(self, body: Body, answer: Answer) -> None:
            if isinstance(answer, Slow):
                time.sleep(answer.seconds)
                answer = NOTHING if answer.answer is None else answer.answer
            if answer is DROP:
                self.close_connection = True
                self.connection.close()
            elif isinstance(answer, Status):
                error = {"type": "error", "error": {"type": answer.kind, "message": answer.message}}
                self.send(json.dumps(error).encode(), "application/json", answer.code, answer.headers)
            elif isinstance(answer, Raw):
                self.close_connection = answer.missing > 0
                self.send(answer.body, answer.kind, headers={"content-length": str(len(answer.body) + answer.missing)})
            elif isinstance(answer, Stalled):
                self.close_connection = True
                self.send(answer.body, "text/event-stream", headers={"content-length": str(len(answer.body) + 1)})
                self.wfile.flush()
                time.sleep(answer.seconds)
            elif body.get("stream"):
                events = stream(stub.message(body, NOTHING if answer is BREAK else answer), broken=answer is BREAK)
                self.send(events.encode(), "text/event-stream")
            else:
                self.send(json.dumps(stub.message(body, answer)).encode(), "application/json")

        def send(self, data: bytes, kind: str, code: int = 200, headers: dict[str, str] | None = None) -> None:
            self.send_response_only(code)
            for name, value in {"content-type": kind, "content-length": str(len(data)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    stub = Stub(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def point_at(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the real client find this server, and no other; no proxy comes between."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ANTHROPIC_BASE_URL", stub.url)
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)


def stream(message: Body, *, broken: bool) -> str:
    """The message as server-sent events, its words in two pieces."""
    events: list[Body] = [{"type": "message_start", "message": {**message, "content": [], "stop_reason": None}}]
    for index, block in enumerate(message["content"]):
        is_text = block["type"] == "text"
        words = block["text"] if is_text else json.dumps(block["input"])
        start = {"type": "text", "text": ""} if is_text else {**block, "input": {}}
        events.append({"type": "content_block_start", "index": index, "content_block": start})
        half = len(words) // 2
        for piece in (words[:half], words[half:]):
            delta = (
                {"type": "text_delta", "text": piece}
                if is_text
                else {"type": "input_json_delta", "partial_json": piece}
            )
            events.append({"type": "content_block_delta", "index": index, "delta": delta})
        events.append({"type": "content_block_stop", "index": index})
    if broken:
        events = [*events[:3], {"type": "error", "error": {"type": "overloaded_error", "message": "no"}}]
    else:
        end = {"stop_reason": message["stop_reason"], "stop_sequence": None}
        usage = {"output_tokens": message["usage"]["output_tokens"]}
        events += [{"type": "message_delta", "delta": end, "usage": usage}, {"type": "message_stop"}]
    return "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events)
