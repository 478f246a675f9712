"""What takes a sentence back: a tag that asks, a "not" at its end, "said no one ever", a "totally" in mock assent."""

from __future__ import annotations

import re
from collections.abc import Sequence

from triplemem.extract.grammar.phrases import at
from triplemem.extract.grammar.tokens import PUNCT, WORD, Token
from triplemem.extract.grammar.words import MODALS

_LAUGHS = frozenset("lol lmao haha hahaha ha jk".split())
_DENIALS = frozenset("not no nope nah psych".split())
_ASSENT = frozenset("sure yeah yea yep yes right oh ooh wow".split())
MOCK_ASSENT = frozenset({("oh", "sure"), ("yeah", "sure"), ("yeah", "right"), ("oh", "great"), ("oh", "joy")})
"""In front of what one claims to love, these say that one does not."""
_LOVING = frozenset("love loves enjoy enjoys adore adores".split())
_AUXILIARIES = MODALS | frozenset("is are am was were do does did has have had will 's ain't".split())
_PRONOUNS = frozenset("i you he she it we they".split())
_ASKING = frozenset("right huh eh innit".split())
_NOBODY = (("no", "one"), ("nobody",), ("no-one",), ("noone",))


def taken_back(words: Sequence[Token]) -> bool:
    """Does the end or the tone of the sentence say that it is not meant, or only asked?"""
    said = list(words)
    while said and said[-1].kind == PUNCT:
        said.pop()
    return _denied(said) or _tagged(said) or _said_by_nobody(said) or _mocked(said)


def _denied(words: Sequence[Token]) -> bool:
    """As in "Tom lives in Rome, not", "… lol no"."""
    if len(words) < 3 or words[-1].low not in _DENIALS or words[-1].kind != WORD:
        return False
    return words[-2].low in _LAUGHS or words[-2].low in {",", "-", "–", "—", "…"}


def _tagged(words: Sequence[Token]) -> bool:
    """As in "Tom lives in Rome, doesn't he", "…, right"."""
    comma = max((i for i in range(max(0, len(words) - 4), len(words)) if words[i].low == ","), default=0)
    tag = [word.low for word in words[comma + 1 :]] if comma else []
    if len(tag) == 1:
        return tag[0] in _ASKING
    return len(tag) in {2, 3} and tag[0] in _AUXILIARIES and tag[-1] in _PRONOUNS and tag[1:-1] in ([], ["not"])


def _said_by_nobody(words: Sequence[Token]) -> bool:
    """As in "I love Mondays, said no one ever"."""
    return any(
        word.low == "said" and any(tuple(at(words, i + 1 + n) for n in range(len(who))) == who for who in _NOBODY)
        for i, word in enumerate(words)
    )


def _mocked(words: Sequence[Token]) -> bool:
    """As in "Yeah, I totally love meetings"."""
    mock = (at(words, 0), at(words, 1)) in MOCK_ASSENT and any(word.low in _LOVING for word in words)
    return mock or (at(words, 0) in _ASSENT and any(word.low == "totally" for word in words))


def mocked_before(words: Sequence[Token], before: str) -> bool:
    """As in "Oh sure. I love meetings"."""
    last = re.findall(r"\w+", before[-20:].lower())[-2:]
    closed = before.rstrip().endswith((".", "!", "…", ":"))
    return closed and tuple(last) in MOCK_ASSENT and any(word.low in _LOVING for word in words)
