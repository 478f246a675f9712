"""The files that ship with the package, as text and as what they say."""

from __future__ import annotations

import os
import tempfile
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from triplemem.core.interaction import Table
from triplemem.core.pieces import BUCKETS, Pieces, punctuation
from triplemem.core.predicates import checked_definition
from triplemem.core.shown import shown
from triplemem.core.text import encodes
from triplemem.core.tokens import STOP_WORDS
from triplemem.errors import ConfigError, InvalidInput, StoreUnavailable
from triplemem.types import Predicate

if TYPE_CHECKING:
    import numpy as np


def demo_chat() -> str:
    """The shipped chat, JSON Lines: one message a line."""
    return (files("triplemem") / "data" / "demo.jsonl").read_text(encoding="utf-8")


@cache
def prompt(name: str) -> str:
    """A prompt of `prompts/`, by its name."""
    return (files("triplemem") / "prompts" / f"{name}.md").read_text(encoding="utf-8").strip()


@cache
def first_names() -> dict[str, str]:
    """First names of many languages in lower case, each with its gender: "f", "m", or nothing if it tells neither."""
    listed = files("triplemem") / "data" / "vendor" / "faker" / "first_names.txt"
    lines = listed.read_text(encoding="utf-8").splitlines()
    return {name: gender for gender, line in zip(("f", "m", ""), lines, strict=True) for name in line.split()}


class PageParts(NamedTuple):
    """What the page of a graph is made of: a template, a stylesheet, the graph library, and the page's own script."""

    template: str
    style: str
    library: str
    script: str


@cache
def page_parts() -> PageParts:
    """The parts of the page of a graph."""
    data = files("triplemem") / "data"
    own = [(data / "page" / name).read_text(encoding="utf-8") for name in _SCRIPTS]
    return PageParts(
        (data / "page" / "page.html").read_text(encoding="utf-8"),
        (data / "page" / "page.css").read_text(encoding="utf-8"),
        (data / "vendor" / "force-graph" / "force-graph.min.js").read_text(encoding="utf-8"),
        "(() => {\n" + "\n".join(own) + "})();\n",
    )


_SCRIPTS = ("model.js", "paint.js", "graph.js", "panel.js", "clock.js", "main.js")
"""One scope, in this order."""


_table_lock = threading.Lock()


def token_table() -> Table:
    """The shipped table of static embeddings, read once: about 8 MB in memory."""
    with _table_lock:
        return _token_table()


@cache
def _token_table() -> Table:
    import numpy as np

    with (files("triplemem") / "data" / "static64.npz").open("rb") as file, np.load(file, allow_pickle=False) as table:
        rows, scale = table["q"], table["s"].astype(np.float32)
        names = table["vocab"].tobytes().decode("utf-8").split("\n")
    further = _scattered(BUCKETS + 1, rows.shape[1])
    lengths = np.linalg.norm(further.astype(np.float32), axis=1)
    vocabulary = dict(zip(names, range(len(names)), strict=True))
    little = {vocabulary[name] for name in (*STOP_WORDS, *punctuation(names)) if name in vocabulary}
    silent = np.flatnonzero(~rows.any(axis=1) | (scale == 0)).tolist()
    small = np.concatenate([rows, further])
    return Table(Pieces(vocabulary, frozenset(silent)), small, np.append(scale, 1 / lengths), frozenset(little))


def _scattered(count: int, dimensions: int) -> np.ndarray[Any, Any]:
    """So many rows that point anywhere, the same ones always: SplitMix64 of their places."""
    import numpy as np

    mixed = np.arange(1, count * dimensions + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return (mixed >> np.uint64(56)).astype(np.uint8).view(np.int8).reshape(count, dimensions)


@cache
def cypher_folder() -> Path:
    """Where the statements and views of the Neo4j store are: in a wheel in the package, in a checkout beside it."""
    package = Path(__file__).resolve().parent
    places = (package / "_cypher", package.parent / "cypher")
    return next((place for place in places if place.is_dir()), places[0])


@cache
def _shipped() -> dict[str, Any]:
    return tomllib.loads((files("triplemem") / "data" / "predicates.toml").read_text(encoding="utf-8"))


@cache
def shipped_predicates() -> tuple[Predicate, ...]:
    """The predicates that ship with the package."""
    return tuple(_predicate(entry, "data/predicates.toml") for entry in _shipped()["predicate"])


@cache
def shipped_phrases() -> dict[str, str]:
    """How predicates are said whose own words would read oddly."""
    return {entry["name"]: entry["phrase"] for entry in _shipped()["predicate"] if "phrase" in entry}


def shipped_version() -> int:
    """The version of the shipped predicates; stores are stamped with it."""
    return int(_shipped()["version"])


def predicates_of_file(path: str) -> list[Predicate]:
    """The definitions of a TOML file like the shipped one; `ConfigError` says what is wrong with it."""
    try:
        read = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"cannot read the predicates file {path!r}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"the predicates file {path!r} is not TOML: {error}") from error
    where = f"the predicates file {path!r}"
    strange = sorted(read.keys() - {"version", "predicate"})
    if strange:
        raise ConfigError(f"{where} has {strange[0]!r}, which says nothing: {_SHAPE}")
    entries = read.get("predicate", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ConfigError(f"{where} has a 'predicate' that is no list of tables: {_SHAPE}")
    return [_predicate(entry, where) for entry in entries]


_KEYS = ("name", "cardinality", "synonyms", "inverse", "symmetric", "phrase")
_SHAPE = f"write a table [[predicate]] for each, with {', '.join(_KEYS[:-1])}"


def _predicate(entry: dict[str, Any], where: str) -> Predicate:
    """The definition of one table; the name of a family ends with a star."""
    said = entry.get("name", "")
    strange = sorted(entry.keys() - set(_KEYS))
    if strange:
        raise ConfigError(f"{where}: predicate {said!r} has {strange[0]!r}, which says nothing: {_SHAPE}")
    family = isinstance(said, str) and said.endswith("*")
    given = (entry.get("synonyms", ()), entry.get("inverse"), entry.get("symmetric", False))
    try:
        found = checked_definition(said[:-1] if family else said, entry.get("cardinality", "many"), *given)
    except InvalidInput as error:
        raise ConfigError(f"{where}: predicate {said!r}: {error}") from None
    return replace(found, name=f"{found.name}_*") if family else found


def file_path(path: object) -> Path:
    """The path of a file that a caller names, or `InvalidInput`."""
    if not isinstance(path, str | Path):
        raise InvalidInput(f"name a file by its path, not {shown(path)}")
    text = str(path)
    if not text.strip() or "\x00" in text or not encodes(text):
        raise InvalidInput(f"{shown(text)} is no path of a file")
    return Path(path)


@contextmanager
def replacing(path: Path) -> Iterator[IO[str]]:
    """A text file that takes the place of ``path`` when all of it is written; until then, what was there stays.

    What is no file, as a pipe, is written to as it is. A store is never replaced: `InvalidInput`.
    `StoreUnavailable` says why the file cannot be written.
    """
    try:
        if path.exists() and not path.is_file():
            with path.open("w", encoding="utf-8", newline="\n") as file:
                yield file
        else:
            refuse_store(path)
            with _beside(path.resolve()) as file:
                yield file
    except OSError as error:
        raise StoreUnavailable(f"cannot write {str(path)!r}: {error.strerror}") from error


@contextmanager
def _beside(path: Path) -> Iterator[IO[str]]:
    handle, name = tempfile.mkstemp(prefix=path.name[:100], suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def refuse_store(path: Path) -> None:
    """`InvalidInput` if a file to be written is a store, or belongs to one: it would be lost."""
    if path.name.endswith(("-wal", "-shm", "-journal")):
        raise InvalidInput(f"{str(path)!r} has the name of a store's own file: name another one")
    try:
        with path.open("rb") as file:
            head = file.read(len(_SQLITE))
    except OSError:
        return  # there is no such file, or it cannot be read: writing says what is wrong
    if head == _SQLITE:
        raise InvalidInput(f"{str(path)!r} is an SQLite file, perhaps the store itself: name another one")


_SQLITE = b"SQLite format 3\x00"
