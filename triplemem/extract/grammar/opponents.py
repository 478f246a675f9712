"""Whom one plays, rather than what: "we play Feyenoord on Sunday"."""

from __future__ import annotations

from collections.abc import Sequence

from triplemem.extract.grammar.clause import Clause
from triplemem.extract.grammar.gazetteer import CLUBS, is_known_place
from triplemem.extract.grammar.objects import may_be_first_name
from triplemem.extract.grammar.phrases import Noun
from triplemem.extract.grammar.tokens import Token

_GAMES = frozenset(
    """catan minecraft fortnite zelda mario tetris roblox valorant overwatch dota civilization carcassonne monopoly
    scrabble risk uno cluedo jenga codenames dixit azul wingspan bach mozart beethoven chopin""".split()
)
_TEAMS = frozenset({"team", "side", "club", "squad"})


def against(clause: Clause, nouns: Sequence[Noun], times: Sequence[Token]) -> bool:
    """As in "we play Feyenoord on Sunday", "plays Carl tomorrow": with a day, a person or a team's is an opponent."""
    team = any(noun.pronoun == "we" or noun.head in _TEAMS or _is_team(noun) for noun in clause.subjects)
    day = any(token.when is not None and token.when.relation == "at" for token in times)
    return any(
        noun.words[0].capital and ((day and (team or may_be_first_name(noun) or _is_club(noun))) or noun.head == "next")
        for noun in nouns
        if noun.words and noun.head not in _GAMES
    )


def _is_club(noun: Noun) -> bool:
    return noun.head in CLUBS or is_known_place(noun.text.lower())


def _is_team(noun: Noun) -> bool:
    return noun.proper and not may_be_first_name(noun)
