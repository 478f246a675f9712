"""Candidates as hits: with their evidence, their validity, and what has become of what a message stated."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from triplemem.core.identity import USER, entity_key, read_id
from triplemem.core.instants import from_us
from triplemem.core.messages import SPEAK
from triplemem.core.render import MAX_NOTES, day, episode_line, excerpt, fact_line, validity
from triplemem.core.rows import ClaimRow, EpisodeRow, FactRow, span_of
from triplemem.core.text import fold, names_in
from triplemem.core.tokens import search_tokens
from triplemem.ledger import present
from triplemem.ledger.component import stands, stated_start
from triplemem.ports import Reader
from triplemem.recall.found import FACT, Found, Key
from triplemem.recall.told import Told
from triplemem.types import Fact, Hit

EVIDENCE = 3
READ = 20_000
"""How many characters of a turn are looked through for what the turns beside it state."""
CHAIN = 64
"""How many successions are followed to who or what holds now."""


class Note(NamedTuple):
    """What has become of one thing that a message says: in full, in short, its fact, and the words that said it."""

    full: str
    short: str
    fact: Fact
    quote: str | None = None


class Teller:
    """Tells the candidates of one namespace, at the time that the presenter shows facts at.

    ``words`` are those of the question; of a message longer than ``limit`` the sentences that answer are told.
    """

    def __init__(
        self, view: Reader, presenter: present.Facts, words: Sequence[str] = (), limit: int | None = None
    ) -> None:
        self.view, self.presenter, self.words, self.limit = view, presenter, words, limit
        self.told = Told(view, presenter)
        self.now = from_us(presenter.as_of)
        self._facts: dict[int, Fact | None] = {}

    def hits(self, found: Found, keys: Collection[Key]) -> dict[Key, Hit]:
        """The candidates as hits without a score."""
        facts = self._fact_hits([found.facts[n] for kind, n in keys if kind == FACT])
        episodes = self._episode_hits([found.episodes[n] for kind, n in keys if kind != FACT], found)
        return facts | episodes

    def _fact_hits(self, rows: list[FactRow]) -> dict[Key, Hit]:
        behind = self.told.behind([row.id for row in rows], EVIDENCE)
        episodes = self.view.episodes({n for numbers in behind.values() for n in numbers}) if rows else {}
        hits: dict[Key, Hit] = {}
        shown = self.presenter.of(rows)
        self._follow(shown)
        for row, fact in zip(rows, shown, strict=True):
            evidence = [present.episode(episodes[n], self.presenter.namespace) for n in behind[row.id] if n in episodes]
            text = fact_line(fact, now=self.now, successor=self.after(fact))
            hits[FACT, row.id] = Hit("fact", fact, None, 0.0, {}, evidence, text)
        return hits

    def _episode_hits(self, rows: list[EpisodeRow], found: Found) -> dict[Key, Hit]:
        notes = self._notes(rows, found)
        hits: dict[Key, Hit] = {}
        for row in rows:
            episode = present.episode(row, self.presenter.namespace)
            said = row.text if self.limit is None else excerpt(row.text, self.words, limit=self.limit)
            became, short = self._first(notes.get(row.id, []), said, row.speaker)
            text = episode_line(row.speaker, row.role, episode.occurred_at, said, became, short)
            hits["episode", row.id] = Hit("episode", None, episode, 0.0, {}, [episode], text)
        return hits

    # what became of it

    def _first(self, notes: list[Note], said: str, speaker: str | None) -> tuple[list[str], list[str]]:
        """The notes, and the short form of those beyond the first few that are on something that stands there.

        What the question names comes first, then what stands there; what does not may be left out.
        """
        if len(notes) <= MAX_NOTES:
            return [note.full for note in notes], []
        there, asked = fold(said), set(self.words)
        standing = [note for note in notes if _stands_in(there, note, speaker)]
        standing.sort(key=lambda note: -len(asked.intersection(search_tokens(note.fact.text))))
        full = dict.fromkeys(note.full for note in (*standing, *notes))
        return list(full), [note.short for note in standing[MAX_NOTES:]]

    def _notes(self, rows: list[EpisodeRow], found: Found) -> dict[int, list[Note]]:
        """Of what each episode states, what is not so any more, so that no stale value stands there unqualified.

        What a turn beside it states, it may say again: an assistant's "Noted: Ann leads ML" states nothing itself.
        """
        again = [row for row in rows if row.role not in SPEAK]
        near = {row.id: set(found.beside.get(row.id, {}).values()) for row in again}
        claims = self.told.by({row.id for row in rows}.union(*near.values()))
        rejected = self.told.once_rejected() if rows else set()
        self._load({fact for _, fact in claims} | rejected)
        self._follow(self._facts[number] for _, number in claims)
        texts = {row.id: row.text for row in rows}
        notes: dict[int, dict[str, Note]] = {}
        over: dict[int, dict[int, Note]] = {}
        for claim, number in claims:
            fact = self._facts[number]
            note = None if fact is None else self._note(claim, fact)
            if note is not None and claim.episode in texts:
                quote = _quote(claim, texts[claim.episode])
                notes.setdefault(claim.episode, {})[note.full] = note._replace(quote=quote)
            if note is not None and not claim.ended:
                over.setdefault(claim.episode, {})[number] = note
        own = {(claim.episode, number) for claim, number in claims}
        for row in again:
            for other in sorted(near[row.id]):
                to = found.episodes.get(other) if row.role == "assistant" else None
                for number, note in over.get(other, {}).items():
                    if (row.id, number) not in own and _says_again(row, note, None if to is None else to.speaker):
                        notes.setdefault(row.id, {})[note.full] = note
        for fact in filter(None, (self._facts[number] for number in sorted(rejected))):
            for row in rows if fact.state not in ("current", "future") else ():
                if fact.text not in "".join(notes.get(row.id, ())) and _speaks_of(row, fact):
                    note = self._not_so(fact)
                    notes.setdefault(row.id, {})[note.full] = note
        return {episode: list(said.values()) for episode, said in notes.items()}

    def _note(self, claim: ClaimRow, fact: Fact) -> Note | None:
        if claim.ended:
            return self._told("but again", fact) if fact.state == "current" else None
        if fact.state == "current":
            return None
        if fact.state == "future":
            begins = stated_start(claim)
            begins = claim.said_at if begins is None else begins
            return None if begins > self.presenter.as_of else self._told("not now", fact)
        if fact.state != "rejected" and not stands(claim, self.presenter.known):
            return self._told("taken back", fact)
        return self._not_so(fact)

    def _not_so(self, fact: Fact) -> Note:
        return self._told("no longer" if fact.periods else "not so", fact)

    def _told(self, what: str, fact: Fact) -> Note:
        short = f"{what}: {fact.text}"
        return Note(f"{short}, {validity(fact, now=self.now, successor=self.after(fact))}", short, fact)

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

    def _follow(self, facts: Iterable[Fact | None]) -> None:
        """Load who or what came in the place of these, and of those, a step at a time for all of them."""
        ahead = [fact for fact in facts if fact is not None]
        for _ in range(CHAIN):
            ids = [read_id("f", fact.superseded_by) for fact in ahead if fact.superseded_by is not None]
            numbers = {found[0] for found in ids if found is not None} - self._facts.keys()
            if not numbers:
                return
            self._load(numbers)
            ahead = [fact for number in numbers if (fact := self._facts[number]) is not None]

    def _fact(self, number: int) -> Fact | None:
        if number not in self._facts:
            self._load([number])
        return self._facts[number]

    def _load(self, numbers: Iterable[int]) -> None:
        missing = [number for number in numbers if number not in self._facts]
        rows = self.view.facts(missing) if missing else {}
        shown = dict(zip(rows, self.presenter.of(rows.values()), strict=True)) if rows else {}
        self._facts |= {number: shown.get(number) for number in missing}


def _speaks_of(row: EpisodeRow, fact: Fact, to: str | None = None) -> bool:
    """Does an episode name both ends of a fact? Then it may state it, even if nobody read that in it.

    "I" is who speaks, and "you" the one who is spoken ``to``.
    """
    speakers = {entity_key(row.speaker or USER), entity_key(to or row.speaker or USER)}
    return all(
        any(entity_key(name) in speakers or names_in(row.text, name) for name in (end.name, *end.aliases))
        for end in (fact.subject, fact.object)
    )


def _says_again(row: EpisodeRow, note: Note, to: str | None) -> bool:
    """Does a turn speak of what a turn beside it stated?"""
    there = fold(row.text[:READ])
    named = (end.name for end in (note.fact.subject, note.fact.object))
    return any(fold(name) in there for name in named) and _speaks_of(row, note.fact, to)


def _quote(claim: ClaimRow, text: str) -> str | None:
    span = span_of(claim)
    return None if span is None else text[span[0] : span[1]]


def _stands_in(there: str, note: Note, speaker: str | None) -> bool:
    """Does what a note is on stand in a text that is folded: the words that said it, or both ends of its fact?"""
    if note.quote is not None and fold(note.quote) in there:
        return True
    own = entity_key(speaker or USER)
    ends = ((end.name, *end.aliases) for end in (note.fact.subject, note.fact.object))
    return all(any(entity_key(name) == own or fold(name) in there for name in names) for names in ends)


def _other(fact: Fact, successor: Fact) -> str:
    """What a successor has in the place of what the fact has: the end that they do not share, else all of it."""
    if successor.predicate == fact.predicate:
        if successor.object.id == fact.object.id:
            return successor.subject.name
        if successor.subject.id == fact.subject.id:
            return successor.object.name
    return successor.text
