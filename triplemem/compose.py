"""The composition root: a URL and options become a store; the only place that names adapters."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from numbers import Integral
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple
from urllib.parse import unquote

from triplemem import config
from triplemem.admin import Admin
from triplemem.core.messages import check_name
from triplemem.core.predicates import checked_definition
from triplemem.core.shown import shown
from triplemem.errors import ConfigError, InvalidInput, StoreMismatch
from triplemem.ingest.worker import Worker, checked
from triplemem.ledger.embedding import KEY, REPLACING, SENTENCE_TRANSFORMERS, claim, mismatch, name_in
from triplemem.ledger.engine import Engine, no_model
from triplemem.ledger.sense import Senses
from triplemem.ledger.vectors import stamp_of
from triplemem.memory import Memory, Namespace
from triplemem.ports import Embedder, Extractor, Model, Storage
from triplemem.resources import predicates_of_file, shipped_version
from triplemem.types import Background, Extraction, ExtractionRequest, Predicate

NEO4J_SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
MODEL_ROLES = frozenset({"user", "assistant", "document"})
OWN_BATCH = 32
"""How many episodes an extractor of the caller's reads at once."""
MODEL_BATCH, BATCH_CHARS = 100, 12_000
"""How many episodes, and how many characters of them, one call of a model reads: its answer has to have room too."""
LEASE, MODEL_LEASE = 60_000_000, 300_000_000
"""Microseconds for which a job is held; a model may take two calls, each until its time limit."""


class Store:
    """An opened store: one pool for thousands of namespaces. Made by `connect`; a context manager.

    ``worker`` reads in the background, if `connect` was asked for one.
    """

    def __init__(self, engine: Engine, close: Callable[[], None] = lambda: None, worker: Worker | None = None) -> None:
        self._engine, self._close, self.worker = engine, close, worker

    def memory(self, namespace: Namespace, *, reads: Iterable[Namespace] = (), actor: str = "host") -> Memory:
        """The memory of one namespace; opens no connection. Closing it leaves the store open.

        From here on the worker of this store, if it has one, reads what is left to be read in the namespace.
        """
        return self._watched(Memory(self._engine, namespace, reads, actor, None))

    def _watched(self, memory: Memory) -> Memory:
        if self.worker is not None:
            self.worker.watch(memory._space)
        return memory

    def admin(self) -> Admin:
        """The administration of this store; closing it leaves the store open."""
        return Admin(self._engine, None)

    def close(self) -> None:
        """Close every connection; memories of this store then raise `StoreUnavailable`.

        A worker first reads what is left, for as long as its `Background` says.
        """
        try:
            if self.worker is not None and not self.worker.ended.is_set():
                self.worker.stop()
        finally:
            self._engine.storage.close()
            self._close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Store({self._engine.storage.url!r})"


@config.known_options
def connect(
    url: str | None = None,
    *,
    auth: tuple[str, str] | None = None,
    database: str | None = None,
    extractor: str | Extractor | None = None,
    model: str | Model | None = None,
    structured: str | None = None,
    embedder: str | Embedder | None = None,
    predicates: str | Path | Iterable[Predicate] | None = None,
    accept_predicates: bool = False,
    clock: Callable[[], datetime] | None = None,
    background: bool | Background = False,
) -> Store:
    """Open a store; `Store.memory` then gives the memory of a namespace.

    ``url``: ``sqlite:///relative.db``, ``sqlite:////absolute.db``, ``sqlite://`` (in memory), or ``neo4j://host`` and
    its like; None is ``$TRIPLEMEM_URL``, else a file in the user's data directory. ``auth``: the user and the password
    of a server; None is ``$TRIPLEMEM_USER`` and ``$TRIPLEMEM_PASSWORD``. ``database``: one of the server's; None is
    ``$TRIPLEMEM_DATABASE``, else the user's home database. ``extractor``: ``"grammar"``, ``"model"`` or an object
    with ``extract``; by default the model where one is named, else the grammar. ``model``: a name such as
    ``"claude-haiku-5-5"``, or an object with ``name`` and ``complete``; None is ``$TRIPLEMEM_MODEL``. ``structured``:
    how a named model is held to the form of its answers, ``"native"``, ``"tools"`` or ``"json"``; None is
    ``$TRIPLEMEM_STRUCTURED``, else ``"native"``. ``embedder``: ``"static"`` (the default, which ships with the
    package), an object with ``embed``, or ``"sentence-transformers:NAME"``; one per store. ``predicates``: a TOML file
    like the shipped one, or a list. ``background``: True, or a `Background` with its settings: a worker reads, when
    conversations pause, what ``add(wait=False)`` left in the namespaces that memories of this store were asked for.
    Raises `ConfigError`, `StoreUnavailable` or `StoreMismatch`.
    """
    _check_clock(clock)
    settings = checked(background)
    reading = _reading(extractor, model, structured)
    engine = _engine(url, auth, database, reading, embedder, predicates, accept_predicates)
    if clock is not None:
        engine.clock = clock
    if engine.foreign is not None:
        engine.storage.close()
        raise mismatch(engine.foreign)
    return _store(engine, reading, settings)


def _store(engine: Engine, reading: _Reading, settings: Background | None) -> Store:
    """The store, with a worker where one is wanted."""
    worker = None if settings is None else Worker(engine, settings)
    if worker is not None:
        engine.stir = worker.stir
    return Store(engine, reading.close, worker)


def connect_whatever(
    url: str | None,
    auth: tuple[str, str] | None = None,
    database: str | None = None,
    *,
    extractor: str | None = None,
    background: bool | Background = False,
    older: bool = False,
) -> Store:
    """Open a store as the surroundings say, whoever's its vectors are.

    Where they are of an embedder that only its host can give, all works but what needs them: `recall` and `context`
    raise `StoreMismatch`, and what is written has no vectors until the host's next `process`. ``older``: a server's
    schema may be one that `Admin.init` is yet to bring up to date.
    """
    settings, reading = checked(background), _reading(extractor, None, None)
    engine = _engine(url, auth, database, reading, None, None, False, whatever=True, older=older)
    return _store(engine, reading, settings)


def _engine(
    url: str | None,
    auth: tuple[str, str] | None,
    database: str | None,
    reading: _Reading,
    embedder: str | Embedder | None,
    predicates: str | Path | Iterable[Predicate] | None,
    accept_predicates: bool,
    *,
    whatever: bool = False,
    older: bool = False,
) -> Engine:
    given = None if embedder is None else _embedder(embedder)
    further = _predicates(predicates)
    storage = _storage(config.url() if url is None else url, auth, database, older)
    try:
        _stamp_predicates(storage)
        vectors, foreign = (given, None) if given is not None else _stamped(storage, whatever)
        if vectors is not None:
            claim(storage, vectors)
    except BaseException:
        storage.close()
        raise
    return Engine(
        storage,
        reading.extractor,
        extractor_name=reading.name,
        quotes_required=reading.quotes_required,
        batch=reading.batch,
        batch_chars=reading.batch_chars,
        lease=reading.lease,
        roles=reading.roles,
        embedder=vectors,
        foreign=foreign,
        model=reading.model,
        named=reading.named,
        accept_predicates=bool(accept_predicates),
        senses=Senses(further),
    )


def _check_clock(clock: object) -> None:
    if clock is not None and not callable(clock):
        raise ConfigError(f"clock must be a function that gives aware datetimes, not {shown(clock)}")


def open_memory(
    url: str | None, *, namespace: Namespace, reads: Iterable[Namespace], actor: str, **options: Any
) -> Memory:
    """A memory that owns its store. The namespace is checked before anything is opened."""
    Memory(None, namespace, reads, actor, None)  # type: ignore[arg-type]
    store = connect(url, **options)
    return store._watched(Memory(store._engine, namespace, reads, actor, store.close))


def open_admin(
    url: str | None, auth: tuple[str, str] | None, database: str | None, embedder: str | Embedder | None
) -> Admin:
    """An administration that owns its store; ``embedder`` is the one to make vectors anew with, static by default."""
    wanted = None if embedder is None else _embedder(embedder)
    store = connect_whatever(url, auth, database, extractor="grammar", older=True)
    return Admin(store._engine, store.close, wanted)


def _storage(url: object, auth: tuple[str, str] | None, database: str | None, older: bool) -> Storage:
    scheme, found, rest = url.partition("://") if isinstance(url, str) else ("", "", "")
    if not found:
        raise ConfigError(f"{shown(url)} is no store's URL: write sqlite:///file.db, or sqlite:////absolute/file.db")
    url = str(url)
    if scheme in NEO4J_SCHEMES:
        from triplemem.stores.neo4j.storage import Neo4jStorage

        user = config.auth() if auth is None else auth
        where = config.database() if database is None else database
        return Neo4jStorage(url, user, where, _scratch, older=older)
    if scheme != "sqlite":
        raise ConfigError(f"unknown kind of store {shown(scheme)} in the URL: use sqlite:///file.db or neo4j://host")
    if auth is not None or database is not None:
        raise ConfigError("auth and database are for a server; an SQLite file has neither")
    return _sqlite(rest, url)


def _scratch() -> Storage:
    """A store in memory, for work that a server does in batches."""
    return _sqlite("", "sqlite://")


def _sqlite(rest: str, url: str) -> Storage:
    from triplemem.stores.sqlite.storage import SqliteStorage

    most = config.vector_bytes()
    options = {} if most is None else {"vector_bytes": most}
    if rest == "/":
        raise ConfigError(f"{shown(url)} names no file: write sqlite:///file.db, or sqlite:// for a store in memory")
    if rest in ("", "/:memory:"):
        return SqliteStorage(None, url, **options)
    if not rest.startswith("/"):
        raise ConfigError(
            f"{shown(url)} names a host: write three slashes before a relative path, four before an absolute one"
        )
    if "?" in rest or "#" in rest:
        raise ConfigError(f"{shown(url)} has options, and there are none: write ? as %3F and # as %23 in a file's name")
    path = unquote(rest[1:])
    if "\x00" in path:
        raise ConfigError("the file's name has a NUL in it")
    path = re.sub(r"^/([A-Za-z]:/)", r"\1", path)
    return SqliteStorage(Path(path), url, **options)


def _nothing() -> None:
    """What is the caller's own is closed by the caller."""


class _Reading(NamedTuple):
    """Who reads episodes: its name, whether it must quote, of which roles, and how much at once."""

    extractor: Extractor
    name: str
    quotes_required: bool = False
    roles: frozenset[str] = MODEL_ROLES
    batch: int = OWN_BATCH
    batch_chars: int = 2**31
    lease: int = LEASE
    close: Callable[[], None] = _nothing
    model: Callable[[], Model] = no_model
    named: bool = False


def _reading(extractor: str | Extractor | None, model: object | None, structured: str | None) -> _Reading:
    if extractor is None:
        extractor = "model" if model is not None or config.model() is not None else "grammar"
    given, named = _Named(model, structured), model is not None or config.model() is not None
    if structured is not None and not named and extractor != "model":
        raise ConfigError("structured is for a model that is named: give model='claude-haiku-5-5' too")
    if structured is not None:
        given()  # a bad one is refused at once, also where the model is not the extractor
    if extractor == "grammar":
        roles = frozenset({"user", "document"})
        return _Reading(_Grammar(), "grammar", roles=roles, batch=1, close=given.close, model=given, named=named)
    if extractor == "model":
        from triplemem.extract.model import ModelExtractor

        reader = ModelExtractor(given(), part=BATCH_CHARS)
        return _Reading(
            reader, reader.name, True, MODEL_ROLES, MODEL_BATCH, BATCH_CHARS, MODEL_LEASE, given.close, given, named
        )
    if isinstance(extractor, str) or not callable(getattr(extractor, "extract", None)):
        raise ConfigError(f"extractor must be 'grammar', 'model' or an object with extract(), not {shown(extractor)}")
    name = str(getattr(extractor, "name", type(extractor).__name__))
    return _Reading(extractor, name, close=given.close, model=given, named=named)


class _Named:
    """The model that is named, made when it is first asked for."""

    def __init__(self, model: object | None, structured: str | None) -> None:
        self._given = (model, structured)
        self._made: tuple[Model, Callable[[], None]] | None = None
        self._lock = threading.Lock()

    def __call__(self) -> Model:
        """The model; `ConfigError` if none is named."""
        with self._lock:
            if self._made is None:
                self._made = _model(*self._given)
            return self._made[0]

    def close(self) -> None:
        """Close what was made."""
        if self._made is not None:
            self._made[1]()


def _model(model: object | None, structured: str | None) -> tuple[Model, Callable[[], None]]:
    """The model that is named, by the caller or by `$TRIPLEMEM_MODEL`, or the caller's own; and what closes it."""
    named = config.model() if model is None else model
    if named is None:
        raise ConfigError(f"this needs a model: give model='claude-haiku-5-5', or set ${config.MODEL}")
    if isinstance(named, str):
        if not named.strip():
            raise ConfigError("model is empty: name one, such as 'claude-haiku-5-5'")
        from triplemem.models.anthropic import AnthropicModel

        form = config.structured() or "native" if structured is None else structured
        ours = AnthropicModel(named.strip(), structured=form)  # type: ignore[arg-type]
        return ours, ours.close
    if structured is not None:
        raise ConfigError("structured is for a model that is named; a model of yours answers as it does")
    if not callable(getattr(named, "complete", None)) or not isinstance(getattr(named, "name", None), str):
        raise ConfigError(f"model must be a name or an object with name and complete(), not {type(named).__name__}")
    own: Model = named  # type: ignore[assignment]
    return own, _nothing


class _Grammar:
    """The built-in grammar, loaded when it is first asked to read: opening a store or reading from it needs none."""

    def __init__(self) -> None:
        self._grammar: Extractor | None = None

    def extract(self, request: ExtractionRequest) -> Extraction:
        """What the episodes state."""
        if self._grammar is None:
            from triplemem.extract.grammar import GrammarExtractor

            self._grammar = GrammarExtractor()
        return self._grammar.extract(request)


def _embedder(embedder: str | Embedder) -> Embedder:
    if isinstance(embedder, str):
        return named_embedder(embedder)
    if isinstance(embedder, type) or not callable(getattr(embedder, "embed", None)):
        raise ConfigError(f"embedder must be a name or an object with name, dimensions, embed(), not {shown(embedder)}")
    try:
        check_name(getattr(embedder, "name", None), "an embedder's name")
    except InvalidInput as error:
        raise ConfigError(str(error)) from None
    dimensions = getattr(embedder, "dimensions", None)
    if isinstance(dimensions, bool) or not isinstance(dimensions, Integral) or int(dimensions) < 1:
        what = f"the dimensions of embedder {embedder.name!r}"
        raise ConfigError(f"{what} must be a whole number of at least 1, not {shown(dimensions)}")
    return embedder


def named_embedder(name: str) -> Embedder:
    """The embedder of a name: ``static``, or ``sentence-transformers:NAME``."""
    if name == "static":
        from triplemem.embedders.static import StaticEmbedder

        return StaticEmbedder()
    if name.removeprefix(SENTENCE_TRANSFORMERS).strip() and name.startswith(SENTENCE_TRANSFORMERS):
        from triplemem.embedders.sentence_transformers import SentenceTransformersEmbedder

        return SentenceTransformersEmbedder(name.removeprefix(SENTENCE_TRANSFORMERS))
    raise ConfigError(
        f"no embedder {shown(name)}: use 'static', '{SENTENCE_TRANSFORMERS}NAME' "
        "or an object with name, dimensions, embed()"
    )


def _stamped(storage: Storage, whatever: bool) -> tuple[Embedder | None, str | None]:
    """The embedder of the store's vectors, or of those to come; else the stamp of one that is not to be had here.

    It is the host's own, of another revision, or, where ``whatever`` it is will do, of a package that is missing.
    """
    there = storage.meta(KEY)
    if there is None:
        return named_embedder("static"), None
    name = None if there.startswith(REPLACING) else name_in(there)
    if name is None:
        return None, there
    try:
        ours = named_embedder(name)
    except ConfigError:
        if not whatever:
            raise
        return None, there
    return (ours, None) if stamp_of(ours) == there or not storage.namespaces() else (None, there)


def _predicates(predicates: str | Path | Iterable[Predicate] | None) -> Sequence[Predicate]:
    if predicates is None:
        return ()
    if isinstance(predicates, str | Path):
        return predicates_of_file(str(predicates))
    given: object = predicates
    if not isinstance(given, Iterable):
        raise ConfigError(f"predicates must be a TOML file or a list of Predicate, not {shown(given)}")
    found = []
    for one in predicates:
        if not isinstance(one, Predicate):
            raise ConfigError(f"predicates must be a TOML file or a list of Predicate, not {shown(one)}")
        found.append(checked_definition(one.name, one.cardinality, one.synonyms, one.inverse, one.symmetric))
    return found


def _stamp_predicates(storage: Storage) -> None:
    """The version of the shipped predicates that the store was first opened with."""
    shipped = int(storage.stamp("shipped_predicates", str(shipped_version())))
    if shipped > shipped_version():
        raise StoreMismatch(f"the store was written with predicates of version {shipped}: upgrade triplemem")
