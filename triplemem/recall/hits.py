"""Candidates as hits: with their evidence, their validity, and what has become of what a message stated."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from triplemem.core.identity import USER, entity_key, read_id
from triplemem.core.instants import from_us
from triplemem.core.render import day, episode_line, fact_line, validity
from triplemem.core.rows import ClaimRow, EpisodeRow, FactRow
from triplemem.core.text import names_in
from triplemem.ledger import present
from triplemem.ledger.component import stands
from triplemem.ports import Reader
from triplemem.recall.found import FACT, Found, Key
from triplemem.recall.told import Told
from triplemem.types import Fact, Hit

EVIDENCE = 3
CHAIN = 64
"""How many successions are followed to who or what holds now."""


class Teller:
    """Tells the candidates of one namespace, at the time that the presenter shows facts at."""

    def __init__(self, view: Reader, presenter: present.Facts) -> None:
        self.view, self.presenter = view, presenter
        self.told = Told(view, presenter)
        self.now = from_us(presenter.as_of)
        self._facts: dict[int, Fact | None] = {}

    def hits(self, found: Found, keys: Collection[Key]) -> dict[Key, Hit]:
        """The candidates as hits without a score."""
        facts = self._fact_hits([found.facts[n] for kind, n in keys if kind == FACT])
        episodes = self._episode_hits([found.episodes[n] for kind, n in keys if kind != FACT])
        return facts | episodes

    def _fact_hits(self, rows: list[FactRow]) -> dict[Key, Hit]:
        behind = self.told.behind([row.id for row in rows], EVIDENCE)
        episodes = self.view.episodes({n for numbers in behind.values() for n in numbers}) if rows else {}
        hits: dict[Key, Hit] = {}
        for row, fact in zip(rows, self.presenter.of(rows), strict=True):
            evidence = [present.episode(episodes[n], self.presenter.namespace) for n in behind[row.id] if n in episodes]
            text = fact_line(fact, now=self.now, successor=self.after(fact))
            hits[FACT, row.id] = Hit("fact", fact, None, 0.0, {}, evidence, text)
        return hits

    def _episode_hits(self, rows: list[EpisodeRow]) -> dict[Key, Hit]:
        notes = self._notes(rows)
        hits: dict[Key, Hit] = {}
        for row in rows:
            episode = present.episode(row, self.presenter.namespace)
            text = episode_line(row.speaker, row.role, episode.occurred_at, row.text, notes.get(row.id, ()))
            hits["episode", row.id] = Hit("episode", None, episode, 0.0, {}, [episode], text)
        return hits

    # what became of it

    def _notes(self, rows: list[EpisodeRow]) -> dict[int, list[str]]:
        """Of what each episode states, what is not so any more, so that no stale value stands there unqualified."""
        claims = self.told.by({row.id for row in rows})
        rejected = self.told.once_rejected() if rows else set()
        self._load({fact for _, fact in claims} | rejected)
        notes: dict[int, dict[str, None]] = {}
        for claim, number in claims:
            fact = self._facts[number]
            note = None if fact is None else self._note(claim, fact)
            if note is not None:
                notes.setdefault(claim.episode, {})[note] = None
        for fact in filter(None, (self._facts[number] for number in sorted(rejected))):
            for row in rows if fact.state not in ("current", "future") else ():
                if fact.text not in "".join(notes.get(row.id, ())) and _speaks_of(row, fact):
                    notes.setdefault(row.id, {})[self._not_so(fact)] = None
        return {episode: list(said) for episode, said in notes.items()}

    def _note(self, claim: ClaimRow, fact: Fact) -> str | None:
        if claim.ended:
            return self._told("but again", fact) if fact.state == "current" else None
        if fact.state == "current":
            return None
        if fact.state == "future":
            return None if _begins(claim) > self.presenter.as_of else self._told("not now", fact)
        if fact.state != "rejected" and not stands(claim, self.presenter.known):
            return self._told("taken back", fact)
        return self._not_so(fact)

    def _not_so(self, fact: Fact) -> str:
        return self._told("no longer" if fact.periods else "not so", fact)

    def _told(self, what: str, fact: Fact) -> str:
        return f"{what}: {fact.text}, {validity(fact, now=self.now, successor=self.after(fact))}"

    def after(self, fact: Fact) -> str | None:
        """Who or what came in the place of what a fact says, and who or what stands there now."""
        line: list[Fact] = []
        one: Fact | None = fact
        while one is not None and one.superseded_by is not None and len(line) < CHAIN:
            number = read_id("f", one.superseded_by)
            one = None if number is None else self._fact(number[0])
            if one is None or one.id == fact.id or one in line:
                break
            line.append(one)
        if not line:
            return None
        first, last = line[0], line[-1]
        said = _other(fact, first)
        if last.state == "current":
            return said if last is first else f"{said}, now {_other(fact, last)}"
        if last.valid_to is None:
            return said
        return f"{said} until {day(first.valid_to or last.valid_to)}"

    def _fact(self, number: int) -> Fact | None:
        if number not in self._facts:
            self._load([number])
        return self._facts[number]

    def _load(self, numbers: Iterable[int]) -> None:
        missing = [number for number in numbers if number not in self._facts]
        rows = self.view.facts(missing) if missing else {}
        shown = dict(zip(rows, self.presenter.of(rows.values()), strict=True)) if rows else {}
        self._facts |= {number: shown.get(number) for number in missing}


def _begins(claim: ClaimRow) -> int:
    """From when on a claim says that its fact holds."""
    stated = (claim.valid_from, claim.during_from, claim.observed_at)
    return next((at for at in stated if at is not None), claim.said_at)


def _speaks_of(row: EpisodeRow, fact: Fact) -> bool:
    """Does an episode name both ends of a fact? Then it may state it, even if nobody read that in it."""
    speaker = entity_key(row.speaker or USER)
    return all(
        any(entity_key(name) == speaker or names_in(row.text, name) for name in (end.name, *end.aliases))
        for end in (fact.subject, fact.object)
    )


def _other(fact: Fact, successor: Fact) -> str:
    """What a successor has in the place of what the fact has: the end that they do not share, else all of it."""
    if successor.predicate == fact.predicate:
        if successor.object.id == fact.object.id:
            return successor.subject.name
        if successor.subject.id == fact.subject.id:
            return successor.object.name
    return successor.text
