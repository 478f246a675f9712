"""Does a quote speak of a thing, by a name, a word of it or a pronoun? And in which scripts is a text written?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from triplemem.core.text import CLASSES, ERASED, UNSPACED, fold, names_in
from triplemem.core.tokens import STOP_WORDS, search_tokens

PRONOUNS = frozenset(
    (
        "it its itself he him his himself she her hers herself they them their theirs this that these those there here "
        "one both either neither "
        "es er ihn ihm ihr sie ihnen das dies diese dieser dieses dort daran davon damit dabei dazu darauf "
        "il ils elle elles lui leur eux ça cela ceci là celui celle "
        "él ella ello ellos ellas lo eso esto ese esa aquel allí ahí allá "
        "ele ela eles elas isso isto aquilo lá ali lei loro ciò questo quello lì "
        "hij hem zij ze haar dat dit daar ermee ervan "
        "он она оно они его её ее ему ей их им это эта этот там туда "
        "on ona ono jego go ją tam tego"
    ).split()
) - {"on", "go"}  # Polish words that are English ones too
"""Words that stand for a thing said before, in the languages whose articles they are not."""
PRONOUNS_UNSPACED = tuple("それ これ あれ そこ あそこ 彼 彼女 他 她 它 那 这 這 那里 그것 그는 그녀 거기".split())
FIRST_PERSON = frozenset(
    (
        "i me my mine myself we us our ours ich mich mir mein meine wir uns unser moi me mon ma mes nous notre "
        "yo mí mi nosotros nosotras nuestro io noi eu nós wij ons я меня мне мы нас нам"
    ).split()
)
NO_NAMES = frozenset(
    (
        "all any anybody anyone anything anywhere everybody everyone everything everywhere "
        "nobody none no-one nothing nowhere n/a somebody someone something somewhere unknown whatever "
        "alles jemand etwas irgendwo nichts niemand nirgends nirgendwo unbekannt "
        "aucun inconnu personne quelqu'un quelque-chose rien nulle-part tout toutes tous "
        "alguien algo cualquiera desconocido nadie ninguno ninguna "
        "desconhecido nenhum ninguém tudo niente nessuno nulla qualcosa tutto sconosciuto "
        "iets iemand niets niemand nergens onbekend "
        "всё все ничего никто нигде неизвестно nikt nigdzie wszystko "
        "一切 所有 什么都没有 没有 全部 何も なし すべて 아무것도 모두 없음"
    ).split()
)
"""Words that stand for all things, for some, or for none: no name of any. Those that people are called are not here."""
UNRESOLVED = frozenset(
    "it he him she her they them we this that these those there here himself herself itself themselves".split()
)
"""Words that stand for somebody else in every conversation: what nobody resolved is not to be joined under them."""
NO_VALUES = frozenset(("null", "undefined", "None", ERASED))
MIN_WORD = 4
MAX_ENDING = 3
_WORD = re.compile(r"[^\W\d_]+")


def names(quote: str, called: Iterable[str], *, speaker: bool = False) -> bool:
    """Does the quote name a thing that is called so?

    A telling word of a name is enough: "the manager" of "engineering manager". ``speaker``: the thing is who speaks.
    """
    if speaker and _words(quote) & FIRST_PERSON:
        return True
    tokens = set(search_tokens(quote))
    return any(names_in(quote, name) or tokens & _telling(name) for name in called)


def mentions(quote: str, name: str) -> bool:
    """Does the quote name it, be it in another form ("Яндексе" of "Яндекс") or by its initials ("NYC")?"""
    if names(quote, [name]):
        return True
    tokens, telling = search_tokens(quote), _telling(name)
    initials = "".join(word[0] for word in search_tokens(name))
    if len(initials) > 1 and initials in tokens:
        return True
    return any(_alike(word, token) for word in telling for token in tokens)


def _alike(word: str, token: str) -> bool:
    """Are these forms of one word: is all but an ending of at most three letters the same?"""
    most = min(len(word), len(token))
    shared = next((n for n in range(most) if word[n] != token[n]), most)
    return shared >= MIN_WORD and max(len(word), len(token)) - shared <= MAX_ENDING


def is_no_name(text: str, quote: str = "") -> bool:
    """Is it nothing but a word such as "everything" or "he", or a sign such as "?", with which no thing is named?

    In the middle of the quoted sentence a capital makes a name of it: "the band Nothing"; so does "IT".
    """
    word = text.strip(" .!?\"'")
    if text.strip() in NO_VALUES or (text.strip() and not word):
        return True
    pointing = fold(word) in UNRESOLVED and not word.isupper()
    if not pointing and fold(word).replace(" ", "-") not in NO_NAMES:
        return False
    return not (text[:1].isupper() and re.search(rf"\b[^\W\d_A-Z]\w* {re.escape(text.strip())}\b", quote))


def points(quote: str) -> bool:
    """Does the quote hold a word that can stand for something said before?"""
    return bool(_words(quote) & PRONOUNS) or any(pronoun in quote for pronoun in PRONOUNS_UNSPACED)


def _words(text: str) -> set[str]:
    """The words with their accents, which tell "là" from "la"."""
    return set(_WORD.findall(fold(text)))


def _telling(name: str) -> set[str]:
    """The words of a name by which it is known again."""
    unspaced = UNSPACED in name.translate(CLASSES)
    least = 2 if unspaced else MIN_WORD
    return {word for word in search_tokens(name) if len(word) >= least and word not in STOP_WORDS}


_EAST = {"HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "CJK", "BOPOMOFO", "HALFWIDTH", "IDEOGRAPHIC"}
_LATIN = {"LATIN", "FULLWIDTH", "MODIFIER", "MICRO", "FEMININE", "MASCULINE", "KELVIN", "ANGSTROM"}


def scripts(text: str) -> set[str]:
    """The scripts of the letters of a text, other than Latin; those that are written together are one."""
    return {found for char in set(text) if not char.isascii() and (found := _script(char))}


@cache
def _script(char: str) -> str:
    if not char.isalpha():
        return ""
    first = unicodedata.name(char, "").partition(" ")[0]
    return "" if first in _LATIN else "EAST" if first in _EAST else first
