"""What an experience rests on: from its links to the episodes and the facts themselves."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from triplemem.core.identity import read_id
from triplemem.experiences.log import found, missing, name_of
from triplemem.ledger import present
from triplemem.ledger.rejections import became
from triplemem.ledger.space import Space
from triplemem.ports import Reader
from triplemem.types import Experience, Grounds


def grounds(spaces: Sequence[Space], what: Experience | str) -> Grounds:
    """The episodes by when they occurred, and the facts, each as what it has become by a merge or a definition."""
    for space in spaces:
        there = space.engine.read(space.path, partial(_of, space=space, what=what))
        if there is not None:
            return there
    raise missing(name_of(what))


def _of(view: Reader, *, space: Space, what: Experience | str) -> Grounds | None:
    experience = found(view, what)
    if experience is None:
        return None
    rows = sorted(view.episodes(_numbers("e", experience.episodes)).values(), key=lambda row: (row.occurred_at, row.id))
    facts = [became(view, number) for number in _numbers("f", experience.facts)]
    return Grounds(
        experience,
        [present.episode(row, space.namespace) for row in rows],
        present.Facts(view, space.namespace, space.engine.now_us()).numbered(facts),
    )


def _numbers(kind: str, ids: Sequence[str]) -> list[int]:
    return [number[0] for public in ids if (number := read_id(kind, public)) is not None]
