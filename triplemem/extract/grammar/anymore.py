"""A fragment that says what is over: "Not vegan any more", "Not at Nokia any longer", "Not Figma these days"."""

from __future__ import annotations

from collections.abc import Sequence

from triplemem.extract.grammar.fragments import unspoken
from triplemem.extract.grammar.memory import I, Reading
from triplemem.extract.grammar.phrases import at, read_noun
from triplemem.extract.grammar.times import times_of
from triplemem.extract.grammar.tokens import PUNCT, TIME, Token
from triplemem.extract.grammar.verbs import Verb
from triplemem.extract.grammar.words import is_adverb

_MARKS = (("any", "more"), ("any", "longer"), ("these", "days"), ("anymore",), ("nowadays",))
_PLACED = {
    "in": ("lives_in", "staying_in", "member_of"),
    "at": ("works_at", "studies_at", "volunteers_at"),
    "with": ("works_at", "lives_with", "works_with", "dating", "engaged_to", "married_to"),
    "on": ("uses", "works_on", "member_of"),
}
_PLAIN = tuple(
    """diet marital_status employment_status uses drinks eats plays drives lives_in staying_in works_at reports_to
    studies_at""".split()
)
_GOES_ON = frozenset("and but so because though".split())


def mark(words: Sequence[Token], i: int = 0) -> tuple[int, int]:
    """Where "any more" or the like begins and stops, from ``i`` on; twice the number of words if nowhere."""
    for j in range(i, len(words)):
        for said in _MARKS:
            if all(at(words, j + n) == word for n, word in enumerate(said)):
                return j, j + len(said)
    return len(words), len(words)


def read_over(reading: Reading, words: Sequence[Token], i: int) -> None:
    """End what is known of the speaker and named behind the "not", that is from ``i`` on."""
    begin, stop = mark(words, i)
    placed = _PLACED.get(at(words, i), ())
    noun = read_noun(words[:begin], i + bool(placed), short=False)
    if noun is None or noun.pronoun or noun.stop != begin or noun.det == "that" or not _of_me(reading, words):
        return
    times: list[Token] = []
    while stop < len(words) and (words[stop].kind == TIME or is_adverb(words[stop].low)):
        times.extend(words[stop : stop + 1] if words[stop].kind == TIME else [])
        stop += 1
    if stop < len(words) and words[stop].kind != PUNCT and words[stop].low not in _GOES_ON:
        return  # "any more than you"
    predicates = placed or (("works_as", "member_of") if noun.det in {"a", "an"} else _PLAIN)
    found = [reading.known.find(I, predicate, noun.text) for predicate in predicates]
    facts = [fact for fact in found if fact is not None]
    said = times_of(Verb("be", 0, 0, past=True), frozenset({"end"}), times, reading.now.date()) or {}
    for fact in facts:
        reading.end(fact, (words[0].start, words[stop - 1].end), said.get("valid_to"))
    other = read_noun(words, stop + 1) if at(words, stop) == "," and len(facts) == 1 else None
    closed = other is not None and (other.stop >= len(words) or words[other.stop].kind == PUNCT)
    if other is not None and closed and other.proper and not placed:
        reading.say(I, facts[0].predicate, other.text, (words[0].start, words[other.stop - 1].end))


def _of_me(reading: Reading, words: Sequence[Token]) -> bool:
    """Was nobody else spoken of just before, and nothing asked?"""
    return unspoken(reading) and not reading.text[: words[0].start].rstrip().endswith("?")
