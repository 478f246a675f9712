"""What people are called: "call me Annie", "Robert, whom we call Bob"."""

from __future__ import annotations

from collections.abc import Sequence

from triplemem.extract.grammar.memory import I, Reading
from triplemem.extract.grammar.phrases import at, read_noun
from triplemem.extract.grammar.tokens import Token

_CALL = frozenset("call calls called".split())


def read_naming(reading: Reading, words: Sequence[Token]) -> bool:
    """Note a name given; whether the sentence does nothing else."""
    for i, word in enumerate(words[:24]):
        low = word.low
        if low in _CALL and at(words, i + 1) == "me" and _asked(words, i):
            noun = read_noun(words, i + 2, short=True)
            if noun is not None and noun.proper and noun.words:
                reading.say(I, "name", noun.text, (words[0].start if i == 0 else word.start, words[noun.stop - 1].end))
                return i == 0 or at(words, 0) in {"please", "you", "just"}
        if (
            low in _CALL
            and i > 1
            and at(words, i - 1) in {"we", "everyone", "everybody", "i", "people"}
            and at(words, i - 2) in {"whom", "who", "that", ","}
        ):
            _other(reading, words, i)
        if low == "known" and at(words, i + 1) == "as" and i > 1 and at(words, i - 1) in {"also", "better"}:
            _also(reading, words, i)
    return False


def _asked(words: Sequence[Token], i: int) -> bool:
    return i == 0 or at(words, i - 1) in {
        "please",
        "can",
        "just",
        "friends",
        "everyone",
        "people",
        "but",
        "and",
        ",",
        "they",
        "to",
        "family",
        "all",
        "mostly",
    }


def _other(reading: Reading, words: Sequence[Token], i: int) -> None:
    name = read_noun(words, i + 1, short=True)
    j = i - 2
    while j > 0 and at(words, j) in {"whom", "who", "that", ","}:
        j -= 1
    if name is not None and name.proper and words[j].capital:
        reading.same_as.append((words[j].text, name.text))


def _also(reading: Reading, words: Sequence[Token], i: int) -> None:
    name = read_noun(words, i + 2, short=True)
    j = i - 2
    while j > 0 and at(words, j) in {"is", "'s", ","}:
        j -= 1
    if name is not None and name.proper and words[j].capital:
        reading.same_as.append((words[j].text, name.text))
