"""Two stores, SQLite and Neo4j, that are told the same and must answer the same, ids included.

What is random in a store, the low bits of its numbers and the secrets of its namespaces, is made the same for both.
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime
from difflib import ndiff
from pprint import pformat
from types import SimpleNamespace
from typing import Any

import pytest

from triplemem import Admin, Extraction, ExtractionRequest, Memory, Store, TriplememError, connect

Read = Callable[[ExtractionRequest], Extraction]
NAMESPACE = [""]
"""Of the memory that is being asked: its secret is made of it."""


def _secret(length: int) -> bytes:
    return (hashlib.sha256(NAMESPACE[0].encode()).digest() * 32)[:length]


def pin_randomness(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let both stores hand out the same numbers and the same secrets."""
    fixed = SimpleNamespace(
        token_bytes=_secret, token_hex=lambda n: (_secret(n) if n == 32 else secrets.token_bytes(n)).hex()
    )
    drawn = SimpleNamespace(getrandbits=lambda bits: int.from_bytes(_secret(4), "big") >> (32 - bits))
    monkeypatch.setattr("triplemem.ledger.numbers._RANDOM", drawn)
    for module in ("triplemem.stores.sqlite.transaction", "triplemem.stores.neo4j.unit"):
        monkeypatch.setattr(f"{module}.secrets", fixed)


class Told:
    """An extractor for the first store: what it was asked and answered is kept for the second."""

    name = "scripted"

    def __init__(self, read: Read) -> None:
        self.read = read
        self.calls: list[tuple[ExtractionRequest, Any]] = []

    def extract(self, request: ExtractionRequest) -> Extraction:
        try:
            answer = self.read(request)
        except Exception as error:
            self.calls.append((request, error))
            raise
        self.calls.append((request, answer))
        return answer


class Retold:
    """An extractor for the second store: it is asked the same, and says the same."""

    name = "scripted"

    def __init__(self, first: Told) -> None:
        self.first = first
        self.differs: list[Any] = []

    def extract(self, request: ExtractionRequest) -> Extraction:
        asked, answer = self.first.calls.pop(0)
        if request != asked:
            self.differs.append((asked, request))
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, Extraction)
        return answer


def plain(value: Any) -> Any:
    """A value that can be compared: a graph as nodes and edges, scores without their last digits."""
    if hasattr(value, "edges"):
        return sorted(value.nodes(data=True), key=str), sorted(value.edges(data=True, keys=True), key=str)
    if hasattr(value, "arms"):
        arms = {name: round(score, 6) for name, score in value.arms.items()}
        return value.text, value.fact, value.episode, value.evidence, round(value.score, 6), arms
    return [plain(one) for one in value] if isinstance(value, list) else value


PARTS = ("predicates", "prompts", "rules", "experiences")
"""What of a memory is asked in its turn."""


class Both:
    """Calls each method on both, and returns what the two agree on."""

    def __init__(self, first: Any, second: Any, check: Callable[[], None]) -> None:
        self.first, self.second, self._check = first, second, check

    def __enter__(self) -> Any:
        self.first.__enter__()
        self.second.__enter__()
        return self

    def __exit__(self, *how: Any) -> None:
        self.first.__exit__(*how)
        self.second.__exit__(*how)

    def __getattr__(self, name: str) -> Any:
        one, other = getattr(self.first, name), getattr(self.second, name)
        if not callable(one):
            return Both(one, other, self._check) if name in PARTS else one
        if name in ("session", "trace"):  # what these give is asked in its turn
            return lambda *args, **named: Both(one(*args, **named), other(*args, **named), self._check)

        def call(*args: Any, **named: Any) -> Any:
            NAMESPACE[0] = "/".join(getattr(self.first, "namespace", ()))
            answers = [_outcome(lambda method=method: method(*args, **named)) for method in (one, other)]
            if plain(answers[0]) != plain(answers[1]):
                pytest.fail(f"{name}{args}{named}\n{_difference(*answers)}")
            self._check()
            if isinstance(answers[0], Raised):
                raise answers[0].error
            return answers[0]

        return call


def _difference(first: Any, second: Any) -> str:
    """The lines in which the answers of SQLite (-) and Neo4j (+) differ."""
    lines = [pformat(plain(one), width=160).splitlines() for one in (first, second)]
    return "\n".join(line for line in ndiff(*lines) if line[0] != " ")


class Raised:
    """An error, equal to one that says the same."""

    def __init__(self, error: TriplememError) -> None:
        self.error = error

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Raised) and repr(self.error) == repr(other.error)

    def __repr__(self) -> str:
        return f"Raised({self.error!r})"


def _outcome(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except TriplememError as error:
        return Raised(error)


class Twins:
    """Two stores as one; `memory` and `admin` give memories and administrations that ask both."""

    def __init__(self, urls: tuple[str, str], read: Read, clock: Callable[[], datetime], **options: Any) -> None:
        told = Told(read)
        self.retold = Retold(told)
        extractors = (told, self.retold)
        self.first, self.second = (
            connect(url, extractor=one, clock=clock, **options) for url, one in zip(urls, extractors, strict=True)
        )

    @property
    def stores(self) -> tuple[Store, Store]:
        return self.first, self.second

    def memory(self, namespace: Any, **more: Any) -> Any:
        """The memory of a namespace in both."""
        return self._both([store.memory(namespace, **more) for store in self.stores])

    def admin(self) -> Any:
        """The administration of both."""
        return self._both([store.admin() for store in self.stores])

    def _both(self, pair: list[Memory] | list[Admin]) -> Any:
        return Both(*pair, self._agree)

    def _agree(self) -> None:
        assert self.retold.differs == []
        assert self.retold.first.calls == []

    def close(self) -> None:
        for store in self.stores:
            store.close()
