"""Which claims stand behind what, at the time asked for: under the facts as they stood then."""

from __future__ import annotations

from collections.abc import Collection

from triplemem.core.rows import ClaimRow
from triplemem.ledger.component import stands
from triplemem.ledger.present import Facts, speakers_of
from triplemem.ledger.rejections import became
from triplemem.ledger.sense import number_of
from triplemem.ports import Reader


class Told:
    """The claims of one namespace as they were known."""

    def __init__(self, view: Reader, presenter: Facts) -> None:
        self.view, self.known, self.then = view, presenter.known, presenter.then

    def by(self, episodes: Collection[int]) -> list[tuple[ClaimRow, int]]:
        """What these episodes stated that was recorded by then, taken back or not, each with its fact."""
        rows = (
            [row for row in self.view.claims_of_episodes(episodes) if row.recorded_at <= self.known] if episodes else []
        )
        if self.then is None:
            return [(row, row.fact) for row in rows]
        speakers = speakers_of(self.view, rows)
        keys = [(row, self.then.of_claim(row, speakers)) for row in rows]
        return [(row, number_of(self.then.secret, key)) for row, key in keys if key is not None]

    def behind(self, facts: Collection[int], limit: int) -> dict[int, list[int]]:
        """Of each of these facts the newest episodes whose claims stood behind it, newest first."""
        if self.then is None:
            return self.view.episodes_behind(facts, self.known, limit)
        return {fact: numbers[:limit] for fact, numbers in self._behind_then(facts).items()}

    def _behind_then(self, facts: Collection[int]) -> dict[int, list[int]]:
        """The same by the reading of that time: claims of what a fact became may have been of others."""
        self.view.facts(facts)  # a server is asked once for what each became first
        now = {fact: became(self.view, fact) for fact in facts}
        claimed: dict[int, set[int]] = {}
        for row in self.view.claims_of_facts(set(now.values())):
            if stands(row, self.known):
                claimed.setdefault(row.fact, set()).add(row.episode)
        stated: dict[int, set[int]] = {}
        for row, of in self.by(set().union(*claimed.values())):
            if stands(row, self.known):
                stated.setdefault(of, set()).add(row.episode)
        behind = {fact: claimed.get(now[fact], set()) & stated.get(fact, set()) for fact in facts}
        return {fact: sorted(episodes, reverse=True) for fact, episodes in behind.items()}

    def once_rejected(self) -> set[int]:
        """The facts that somebody rejected, even if it was lifted: claims of them were refused meanwhile."""
        if not self.view.namespace.tombstones:
            return set()
        stones = [
            stone for stone in self.view.tombstones() if stone.verb == "reject" and stone.recorded_at <= self.known
        ]
        rows = self.view.facts({stone.fact for stone in stones if stone.fact is not None})
        if self.then is None:
            return {became(self.view, number) for number in rows}
        return {number_of(self.then.secret, self.then.of_fact(row)) for row in rows.values()}
