"""What a model's answer means to the engine: short ids become facts, quotes find their turns, dates their form."""

from __future__ import annotations

import re
from collections.abc import Sequence

from triplemem.core.identity import FIRST_PERSON, entity_key
from triplemem.core.predicates import snake
from triplemem.core.text import find_quote, names_in
from triplemem.extract.model.answer import Answer, Claim
from triplemem.extract.model.prompt import Turn
from triplemem.types import (
    Episode,
    Extraction,
    Fact,
    Predicate,
    ProposedClaim,
    ProposedEnd,
    ProposedRetraction,
    Triplet,
)

_ID = re.compile(r"[kK]([1-9]\d{0,3})", re.ASCII)
_NAIVE = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?", re.ASCII)
MAX_ID, MAX_PROPOSALS = 40, 20


class Meaning:
    """Reads the answers to one request; ``known`` and ``episodes`` are as they were shown."""

    def __init__(self, episodes: Sequence[Episode], known: Sequence[Fact]) -> None:
        self.episodes, self.known = episodes, known

    def of(self, answer: Answer, turns: Sequence[Turn], call: int = 0) -> Extraction:
        """The proposals of one answer; ``call`` tells apart what the answers of one request call alike."""
        return Extraction(
            claims=tuple(dict.fromkeys(self._claim(claim, turns, call) for claim in answer.claims)),
            ends=tuple(
                ProposedEnd(
                    self._fact(one.fact),
                    at=_date(one.at),
                    quote=one.quote,
                    episode=self._episode(one.turn, one.quote, turns),
                )
                for one in answer.ends
            ),
            retractions=tuple(
                ProposedRetraction(
                    self._fact(one.fact), quote=one.quote, episode=self._episode(one.turn, one.quote, turns)
                )
                for one in answer.retractions
            ),
            same_as=self._same_as(answer, turns),
            predicates=_definitions(answer),
        )

    def _same_as(self, answer: Answer, turns: Sequence[Turn]) -> tuple[tuple[str, str], ...]:
        """The pairs of which both names stand in the words, or are those of who speaks or of what was shown."""
        shown = {entity_key(end.name) for fact in self.known for end in (fact.subject, fact.object)}
        shown |= {entity_key(one.speaker) for one in self.episodes if one.speaker}

        def said(name: str) -> bool:
            return entity_key(name) in shown or any(names_in(turn.text, name) for turn in turns)

        pairs = ((one.name, one.other) for one in answer.same_as[:MAX_PROPOSALS])
        return tuple(pair for pair in pairs if said(pair[0]) and said(pair[1]))

    def _claim(self, claim: Claim, turns: Sequence[Turn], call: int) -> ProposedClaim:
        place = self._episode(claim.turn, claim.quote, turns)
        episode = self.episodes[place]
        triplet = Triplet(
            _voice(claim.subject, episode),
            claim.predicate,
            _voice(claim.object, episode),
            valid_from=_date(claim.valid_from),
            valid_to=_date(claim.valid_to),
            during=_unit(claim.during),
            ended=claim.ended,
            together=f"{call}.{claim.together}" if claim.together else None,
            quote=claim.quote,
            subject_kind=claim.subject_kind or None,
            object_kind=claim.object_kind or None,
        )
        return ProposedClaim(
            triplet,
            episode=place,
            ends=tuple(map(self._fact, claim.ends)),
            corrects=tuple(map(self._fact, claim.corrects)),
        )

    def _fact(self, said: str) -> str:
        """The fact that a short id stands for; an invented id stays what it is, and is refused."""
        match = _ID.fullmatch(said.strip())
        place = int(match[1]) if match else 0
        return self.known[place - 1].id if 0 < place <= len(self.known) else said[:MAX_ID]

    def _episode(self, turn: int, quote: str, turns: Sequence[Turn]) -> int:
        """The episode whose words are quoted: that of the turn named, if it says them, else of the first that does."""
        named = turns[turn - 1] if 0 < turn <= len(turns) else turns[0]
        for one in (named, *turns):
            if find_quote(quote, one.text) is not None:
                return one.episode
        return named.episode


def _definitions(answer: Answer) -> tuple[Predicate, ...]:
    """The definitions of predicates that a claim of the same answer uses."""
    used = {snake(claim.predicate) for claim in answer.claims}
    wanted = (one for one in answer.predicates[:MAX_PROPOSALS] if snake(one.name) in used)
    return tuple(Predicate(one.name, one.cardinality) for one in wanted)


def _voice(name: str, episode: Episode) -> str:
    """An assistant's "I" is not the user."""
    nameless = episode.role == "assistant" and not episode.speaker
    return "assistant" if nameless and name.strip() in FIRST_PERSON else name


def _date(said: str) -> str | None:
    """A date as it was written; of a time without an offset, which could be anywhere, only the day."""
    text = said.strip()
    return (text[:10] if _NAIVE.fullmatch(text) else text) or None


def _unit(said: str) -> str | tuple[str, str] | None:
    first, between, last = said.partition("/")
    start, end = _date(first), _date(last)
    return (start, end) if between and start is not None and end is not None else start
