"""Whom a question or a fragment brings up: "You remember Ewa? She left Google in May."."""

from __future__ import annotations

from collections.abc import Sequence

from triplemem.extract.grammar.gates import CONDITIONS, FICTION, SAYING
from triplemem.extract.grammar.gazetteer import is_known
from triplemem.extract.grammar.memory import Reading
from triplemem.extract.grammar.nouns import PLURALS, ROLES, TIES
from triplemem.extract.grammar.objects import is_thing_name, may_be_first_name
from triplemem.extract.grammar.phrases import Noun, at, read_noun, spelt
from triplemem.extract.grammar.tokens import PUNCT, WORD, Token
from triplemem.extract.grammar.words import GREETINGS, OPENERS, STOPS

_SOMEBODY = (
    TIES.keys()
    | PLURALS.keys()
    | ROLES
    | frozenset("woman man girl guy lady boy lad person people women men girls guys friends couple family".split())
)
"""Whom "she" may stand for too, beside a name."""
_TOLD = CONDITIONS | FICTION | frozenset("watch watched watching read reading".split())
"""With these words it may be somebody in a story."""
_KNOWING = frozenset("remember recall know met meet".split())
"""Before a name that we do not know, these say that it is somebody's."""
_ABOUT = frozenset("about re regarding".split())
_HEADING = 6
"""What stands in front of a colon has at most so many words."""
_FILLERS = OPENERS | _ABOUT | {"as", "for"}


def bring_up(reading: Reading, words: Sequence[Token]) -> None:
    """Note who is named in a sentence of which nothing was read, so that "she" may be understood in the next one.

    Nobody, where a common noun speaks of somebody else, or a story of nobody.
    """
    if any(word.low in _TOLD for word in words):
        return
    found: list[tuple[str, str]] = []
    i = 0
    while i < len(words):
        if kin := _kin(reading, words, i):
            found.append(kin[:2])
            i = kin[2]
        elif (stop := _name_stop(words, i)) > i:
            if not (_owns(words, stop) or _addressed(words, i, stop) or at(words, stop) in SAYING):
                found.append((spelt(words[i:stop]), ""))
            i = stop
        elif words[i].low in _SOMEBODY and words[i].kind == WORD:
            return
        else:
            i += 1
    for text, gender in found:
        reading.mention(text, "person", gender)


def announced(words: Sequence[Token]) -> Sequence[Token]:
    """What stands in front of a colon to say whom it is about: "About Ewa: she left Google"; else nothing."""
    colon = next((i for i, word in enumerate(words[:_HEADING]) if word.low == ":"), 0)
    return words[:colon] if at(words, 0) in _ABOUT else []


def _kin(reading: Reading, words: Sequence[Token], i: int) -> tuple[str, str, int] | None:
    """As in "my sister Lena", "my sister": their name, their gender, and where the phrase stops."""
    noun = read_noun(words, i, subject=True) if at(words, i) in {"my", "our"} else None
    tie = TIES.get(noun.head) if noun is not None and noun.owner is not None else None
    if noun is None or tie is None or tie.kind != "person" or _owns(words, noun.stop):
        return None
    text = reading.resolve(noun)
    return None if text is None else (text, tie.gender, noun.stop)


def _name_stop(words: Sequence[Token], i: int) -> int:
    """Where the name of somebody ends that begins at word ``i``; ``i`` if none does."""
    stop = i
    while stop < len(words) and words[stop].capital:
        stop += 1
    noun = Noun(i, stop, list(words[i:stop]), named=True)
    known = stop > i and may_be_first_name(noun)
    strange = stop > i and at(words, i - 1) in _KNOWING and not (is_thing_name(noun) or is_known(noun.text.lower()))
    return stop if known or strange else i


def _owns(words: Sequence[Token], i: int) -> bool:
    """Is it somebody else, or a thing, that belongs to whoever is named before: "Ewa's sister"?"""
    what = words[i + 1] if i + 1 < len(words) else None
    return at(words, i) == "'s" and what is not None and what.kind == WORD and what.low not in STOPS


def _addressed(words: Sequence[Token], i: int, stop: int) -> bool:
    """As in "Hi Ewa", "Thanks, Ewa", "Ewa, how are you?", but not "So, Ewa." on its own."""
    before, after = words[:i], words[stop:]
    if any(word.low in GREETINGS for word in before[-2:]):
        return True
    apart = (not before or before[-1].kind == PUNCT) and (not after or after[0].kind == PUNCT)
    return apart and any(word.kind == WORD and word.low not in _FILLERS for word in (*before, *after))
