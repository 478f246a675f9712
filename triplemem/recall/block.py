"""`context`: what is remembered about a question as fenced data for a prompt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from triplemem.core.identity import read_id, write_id
from triplemem.core.instants import EPOCH
from triplemem.core.render import context_block, fitting
from triplemem.core.tokens import STOP_WORDS, search_tokens
from triplemem.ledger.component import stands
from triplemem.ledger.space import Space, When
from triplemem.recall.filters import Filters
from triplemem.recall.found import FACT, Found
from triplemem.recall.hits import Teller
from triplemem.recall.question import read
from triplemem.recall.search import Searched, best, search
from triplemem.recall.told import Told
from triplemem.types import Episode, Fact, Hit

SHORT = 160
"""A turn of at most so many characters says nothing beside the facts that it states."""
LONG = 400
"""Of a longer turn only the sentences that answer are told, about so many characters."""
SURE = {"text", "graph"}
"""Without any of these, what was found is near by its words' sense at most."""
PER_SESSION, PER_SUBJECT = 6, 8
"""How many turns of one session, and facts of one subject and predicate, come before what other sources say."""
ALIKE = 0.9
"""Two turns that share so much of their words say the same."""
NEGATIONS = frozenset(
    "no not never none nothing nobody neither nor without cannot cant dont wont isn aren wasn weren don doesn didn "
    "haven hasn hadn won wouldn couldn shouldn mustn needn ain".split()
)
"""The words that make two turns of the same words say the contrary, as they are indexed."""
LATEST, LOOKED_AT = 12, 200


def context(spaces: Sequence[Space], query: str, max_tokens: int, times: When) -> str:
    """What answers best, within ``max_tokens``: facts first, by subject, then the turns that say more, by date.

    What answers better gets the room first; what does not fit is left out, and something shorter may fit. What there is
    room for is told in an order that no score decides: one more fact moves no other line. If nothing answers for sure,
    the facts that were stated last get the room first: "what shall we cook?" may be about nuts.
    """
    question = read(query, None, spaces[0].engine, times.as_of)
    k = min(max(max_tokens // 4, 60), 240)
    told = search(spaces, question, times, Filters(), k, lambda searched: _told(searched, k))
    lines = {hit.text: hit for hit in told}
    ranked = list(lines)
    kept = {ranked[place]: lines[ranked[place]] for place in fitting(ranked, max_tokens=max_tokens)}
    return context_block(_arranged(kept, told), max_tokens=max_tokens)


def _told(searched: Sequence[Searched], k: int) -> list[Hit]:
    hits = best(searched, k, Filters(), None, LONG)
    if not _sure(hits):
        hits = [*_latest(searched), *hits]
    return _diverse(_without_repeats(hits, _stated(searched, hits)))


def _sure(hits: Sequence[Hit]) -> bool:
    return any(hit.arms.keys() & SURE for hit in hits)


def _diverse(hits: Sequence[Hit]) -> list[Hit]:
    """The same hits, those beyond a source's share last: of one session's turns, of one subject's facts of a kind."""
    seen: dict[tuple[object, ...], int] = {}
    first: list[Hit] = []
    beyond: list[Hit] = []
    for hit in hits:
        share = PER_SUBJECT
        if hit.fact is not None:
            source: tuple[object, ...] = ("fact", hit.fact.namespace, hit.fact.subject.id, hit.fact.predicate)
        else:
            assert hit.episode is not None
            source, share = ("turn", hit.episode.namespace, hit.episode.session), PER_SESSION
        seen[source] = seen.get(source, 0) + 1
        (first if seen[source] <= share else beyond).append(hit)
    return first + beyond


def _arranged(lines: dict[str, Hit], found: Sequence[Hit]) -> list[str]:
    """Facts by subject, each as they were first recorded, then turns by session, each by date.

    ``found``: all that there would be with more room, so that what fits decides no order. What was stated last, where
    nothing answers for sure, comes in that order.
    """
    sure = _sure(found)
    facts = [(hit.fact, line) for line, hit in lines.items() if hit.fact is not None]
    turns = [(hit.episode, line) for line, hit in lines.items() if hit.episode is not None]
    begun: dict[tuple[object, ...], datetime] = {}
    for episode in (hit.episode for hit in found if hit.episode is not None):
        at = begun.setdefault((episode.namespace, episode.session), episode.occurred_at)
        begun[episode.namespace, episode.session] = min(at, episode.occurred_at)
    ranked = list(dict.fromkeys(fact.subject.id for fact, _ in facts))
    facts.sort(key=lambda told: _order(told[0]) if sure else (ranked.index(told[0].subject.id),))
    turns.sort(key=lambda turn: _place(turn[0], begun[turn[0].namespace, turn[0].session]))
    return [line for _, line in facts] + [line for _, line in turns]


def _order(fact: Fact) -> tuple[object, ...]:
    """Where a fact is told: entities are numbered as they are first recorded."""
    start = fact.periods[0].valid_from if fact.periods else None
    begun = (start is not None, start or EPOCH)
    return (fact.namespace, fact.subject.id, *begun, fact.object.id, fact.id)


def _place(episode: Episode, begun: datetime) -> tuple[object, ...]:
    """Where a turn is told: turns of no session by themselves."""
    alone = episode.session is None
    return (episode.occurred_at if alone else begun, episode.session or "", episode.occurred_at, episode.id)


def _without_repeats(hits: Sequence[Hit], stated: dict[str, set[str]]) -> list[Hit]:
    """The hits without turns that say nothing new: in the place of a short one whose facts are there come its facts."""
    facts = {hit.fact.id: hit for hit in hits if hit.fact is not None}
    told: dict[str, Hit] = {}
    heard: list[set[str]] = []
    for hit in hits:
        if hit.fact is not None:
            told[hit.fact.id] = hit
        elif hit.episode is not None:
            says = stated.get(hit.episode.id, set())
            if says and says <= facts.keys() and len(hit.episode.text) <= SHORT:
                told |= {fact: facts[fact] for fact in sorted(says) if fact not in told}
                continue
            words = _words(hit.episode)
            if not any(_says_no_more(words, other) for other in heard):
                heard.append(words)
                told[hit.episode.id] = hit
    return list(told.values())


def _says_no_more(words: set[str], other: set[str]) -> bool:
    """Does a turn of these words say nothing beside another's? One that says no, or another number, does."""
    lost = words - other
    if lost and len(words & other) < ALIKE * len(words | other):
        return False
    return not (words ^ other) & NEGATIONS and not any(char.isdigit() for word in lost for char in word)


def _words(episode: Episode) -> set[str]:
    """What a turn says, without the little words."""
    return set(search_tokens(f"{episode.speaker or episode.role}: {episode.text}")) - STOP_WORDS


def _stated(searched: Sequence[Searched], hits: Sequence[Hit]) -> dict[str, set[str]]:
    """The facts that each turn states, by their ids; of a turn that says more of what is asked, none.

    "I live in Lyon, my door code is 4711" is not told by where one lives, if it is the code that is asked for.
    """
    stated: dict[str, set[str]] = {}
    for one in searched:
        mine = (hit.episode.id for hit in hits if hit.episode and hit.episode.namespace == one.presenter.namespace)
        numbers = [number[0] for number in (read_id("e", public) for public in mine) if number is not None]
        facts: dict[int, set[int]] = {}
        for claim, fact in Told(one.view, one.presenter).by(numbers):
            if stands(claim, one.presenter.known):
                facts.setdefault(claim.episode, set()).add(fact)
        for turn, told in facts.items():
            if not one.found.says_more(turn, told):
                stated[write_id("e", turn)] = {write_id("f", fact) for fact in told}
    return stated


def _latest(searched: Sequence[Searched]) -> list[Hit]:
    """Facts that hold, those stated last first."""
    hits: list[Hit] = []
    for one in searched:
        newest = one.view.facts_latest(LOOKED_AT)
        rows = {row.id: row for row in one.view.facts_passing(newest, one.sieve)}
        keys = [(FACT, number) for number in newest if number in rows][:LATEST]
        told = Teller(one.view, one.presenter).hits(Found(facts=rows), keys)
        hits += [told[key] for key in keys]
    return hits
