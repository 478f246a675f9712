"""What the use cases need of the outside: a store, an extractor, a model, an embedder. The docstrings are the contract.

An adapter that keeps these promises can take another's place; one conformance suite runs on every store.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from triplemem.core.answers import Answer, Question
from triplemem.core.hints import Bulk, Hint, nothing
from triplemem.errors import ModelError
from triplemem.transactions import ANY_END as ANY_END
from triplemem.transactions import MAX_ROWS as MAX_ROWS
from triplemem.transactions import Reader as Reader
from triplemem.transactions import Writer as Writer
from triplemem.types import Extraction, ExtractionRequest, Usage

if TYPE_CHECKING:
    import numpy as np

T = TypeVar("T")


class Extractor(Protocol):
    """Reads episodes and proposes what they state. It may raise anything: the episode is stored, the job fails."""

    def extract(self, request: ExtractionRequest) -> Extraction:
        """What ``request.episodes`` state; code checks every word of it. Called without a lock or a transaction."""


@dataclass(frozen=True, slots=True)
class ModelRequest:
    """One call of a model; ``schema`` is a pydantic model class that the answer has to fit, or None.

    ``system`` is the part that many requests share, byte by byte: what a server may keep is marked there.
    """

    system: str
    messages: Sequence[Mapping[str, Any]]
    schema: Any = None
    max_tokens: int = 4096


@dataclass(frozen=True, slots=True)
class ModelReply:
    """A model's answer; ``parsed`` is an instance of the request's schema, or None if the text does not fit it.

    ``stopped`` is ``"length"`` where the answer broke off at ``max_tokens``, else None; ``hint``: what to try if the
    text cannot be used.
    """

    text: str
    parsed: Any = None
    usage: Usage = field(default_factory=Usage)
    stopped: str | None = None
    hint: str | None = None


class Model(Protocol):
    """A language model. Raises `ModelUnavailable` (try again) or `ModelRefused`, whose messages repeat no text."""

    name: str

    def complete(self, request: ModelRequest) -> ModelReply:
        """One answer of one call, which is not tried again here: jobs are, when it is due."""


class BatchModel(Model, Protocol):
    """A model that also answers many requests together, later and cheaper."""

    def submit(self, requests: Mapping[str, ModelRequest]) -> str:
        """Hand these in, each under a name of its own; the id under which anybody may collect the answers."""

    def collect(self, batch: str) -> Mapping[str, ModelReply | ModelError] | None:
        """The answers by the names of their requests, or why there is none; None while it is not over.

        A request without an answer, as of a batch that nobody knows any more, is absent: it is to be asked again. An
        error that ``stops`` says so of one that was never answered.
        """


class BatchExtractor(Extractor, Protocol):
    """An extractor whose questions can be handed in, and answered later: also in another process."""

    def requests(self, request: ExtractionRequest) -> list[ModelRequest]:
        """What a model is asked to read this."""

    def submit(self, requests: Mapping[str, ModelRequest]) -> str:
        """As of `BatchModel`; `ConfigError` if the model takes no batches."""

    def collect(self, batch: str) -> Mapping[str, ModelReply | ModelError] | None:
        """As of `BatchModel`; `ConfigError` if the model takes no batches."""

    def read(self, request: ExtractionRequest, replies: Sequence[ModelReply]) -> Extraction:
        """What the answers to `requests` mean; `ModelRefused` if one cannot be used."""


class Embedder(Protocol):
    """Texts to vectors; one embedder a store, stamped in it by name, dimensions and, if it has one, ``revision``.

    One whose ``instant`` is true is a function of the text alone, and quick: it is asked within transactions, too. Its
    ``load()``, if it has one, is called before.
    """

    name: str
    dimensions: int

    def embed(self, texts: Sequence[str]) -> np.ndarray[Any, Any]:
        """(n, dimensions) float32, rows of length 1."""


class Storage(Protocol):
    """A store of ledgers, by the path of their namespace.

    ``work`` may be run more than once: it changes nothing outside itself, and what it returns holds nothing of the
    reader or writer that is still to be read.
    """

    url: str
    most_dimensions: int
    """Of how many numbers a vector is at most that is found."""

    def read(self, path: str, work: Callable[[Reader], T], hint: Hint = nothing) -> T:
        """What ``work`` returns of one namespace, read as of one moment; what nobody wrote to is empty.

        ``work`` may be run more than once: it changes nothing outside itself.
        """

    def write(
        self, path: str, now: int, work: Callable[[Writer], T], hint: Hint = nothing, bulk: Bulk | None = None
    ) -> T:
        """What ``work`` returns: one transaction, the namespace's write lock taken before anything is read.

        All or nothing: an exception of ``work`` undoes everything and passes through. ``work`` may be run more than
        once: it changes nothing outside itself. Where ``bulk`` is too large for one transaction of the store, the
        namespace is closed to others until all of it is written (`StoreUnavailable` says why), and what a crash
        leaves of it is finished or undone by the next write.
        """

    def in_one(self, bulk: Bulk) -> bool:
        """Does such work go in one transaction of this store?"""

    def remove(self, path: str, now: int, first: Callable[[Writer], object]) -> dict[str, int]:
        """Take a namespace away with every row of it, as a write does; how many there were of each kind.

        ``first`` takes its words out of the index, in a store where that is not done by taking the rows away.
        """

    def meta(self, key: str) -> str | None:
        """A setting stamped in the store."""

    def stamp(self, key: str, value: str) -> str:
        """Stamp a setting unless it is there; returns what stands."""

    def restamp(self, key: str, value: str) -> None:
        """Stamp a setting in the place of what stands."""

    def prepare_vectors(self, dimensions: int, *, anew: bool = False) -> None:
        """Make embeddings of so many dimensions findable; with ``anew``, of another number than before."""

    def init(self) -> None:
        """Create or migrate the schema; idempotent."""

    def namespaces(self) -> list[str]:
        """The path of every namespace that was written to."""

    def ask(self, question: Question) -> Answer:
        """The rows of a query in the store's own language, which only reads; `InvalidInput` if it would do more.

        A store without such a language raises `ConfigError`, and says what to use instead.
        """

    def scrub(self) -> bool:
        """Let the bytes of what was erased go; False while a reader holds them."""

    def backup(self, path: Path) -> None:
        """Copy the store to a new file while others write."""

    def figures(self) -> dict[str, Any]:
        """Sizes and versions of the store as a whole."""

    def close(self) -> None:
        """Let go of every connection."""
