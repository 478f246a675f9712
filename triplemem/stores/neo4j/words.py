"""Words for a Lucene index that splits at spaces alone: stemmed here, as SQLite stems its own.

Every term carries its namespace, so that no posting of another one is read (DESIGN §6).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

PORTER_AT_LEAST, PORTER_AT_MOST = 3, 64
"""Bytes of the words that SQLite's porter tokenizer stems; others stay as they are."""


@cache
def _stemmer() -> Any:
    import snowballstemmer  # type: ignore[import-untyped]

    return snowballstemmer.stemmer("porter")


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """The stem of a word by Porter's algorithm; words that are not of ASCII stay as they are."""
    if not word.isascii() or not PORTER_AT_LEAST <= len(word) <= PORTER_AT_MOST:
        return word
    return str(_stemmer().stemWord(word))


def stems(text: str) -> str:
    """The stems of words that spaces part."""
    return " ".join(stem(word) for word in text.split(" "))


def templated(word: str) -> str:
    """The stem of a word without the number of its namespace, which any digit stands for."""
    return stem(f"0{word}")[1:]


def template(words: Sequence[str], letter: str, needed: Sequence[str] = ()) -> dict[str, Any]:
    """The expression for what holds any of these words and all that are needed beside.

    ``{n}`` stands for the number of the namespace.
    """
    stemmed, beside = ([templated(letter + word) for word in some] for some in (words, needed))
    expression = " ".join(map(_term, stemmed)) or '"{n}"'
    if beside:
        expression = f"+({expression}) " + " ".join(f"+{_term(word)}" for word in beside)
    return {"letter": letter, "words": [*stemmed, *beside], "expression": expression}


def _term(word: str) -> str:
    return f'"{{n}}{_escaped(word)}"'


def lucene(words: Sequence[str], beside: Sequence[Sequence[str]] = ()) -> str:
    """The expression for what holds all these words, and all those of one group beside."""
    expression = _all(words)
    if beside:
        expression += " +(" + " ".join(f"({_all(group)})" for group in beside) + ")"
    return expression


def _all(words: Sequence[str]) -> str:
    return " ".join(f'+"{_escaped(stem(word))}"' for word in words)


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace('"', '\\"')
