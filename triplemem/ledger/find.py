"""What a caller names, found in this namespace alone; anything else is `NotFound`."""

from __future__ import annotations

from triplemem.core.identity import entity_key, owner, read_id
from triplemem.core.rows import EntityRow, EpisodeRow, FactRow
from triplemem.core.shown import shown
from triplemem.core.text import encodes
from triplemem.errors import InvalidInput, NotFound
from triplemem.ledger.rejections import became
from triplemem.ledger.sense import Then
from triplemem.ledger.space import Space
from triplemem.ports import Reader
from triplemem.types import Entity, Episode, Fact


def fact_number_of(view: Reader, space: Space, fact: Fact | str) -> int:
    """The number of a fact of this namespace."""
    if isinstance(fact, Fact) and fact.namespace != space.namespace:
        raise NotFound(f"fact {shown(fact.id)} is of another namespace: open that one to change it")
    public = fact.id if isinstance(fact, Fact) else fact
    number = read_id("f", public)
    if number is None and not isinstance(public, str):
        raise InvalidInput(f"name a Fact or its id, not {shown(fact)}")
    if number is None or not view.facts([number[0]]):
        raise NotFound(f"no fact {shown(public)} in this namespace")
    return number[0]


def episode_row(view: Reader, space: Space, episode: Episode | str) -> EpisodeRow:
    """The episode of this namespace."""
    if isinstance(episode, Episode) and episode.namespace != space.namespace:
        raise NotFound(f"episode {shown(episode.id)} is of another namespace: open that one to change it")
    public = episode.id if isinstance(episode, Episode) else episode
    if not isinstance(public, str):
        raise InvalidInput(f"name an Episode or its id, not {shown(episode)}")
    number = read_id("e", public)
    for row in view.episodes([number[0]]).values() if number is not None else ():
        return row
    raise NotFound(f"no episode {shown(public)} in this namespace")


def standing_fact(view: Reader, space: Space, fact: Fact | str) -> FactRow:
    """The fact, or what it has become by a merge or a definition."""
    number = became(view, fact_number_of(view, space, fact))
    return view.facts([number])[number]


def entity_named(view: Reader, space: Space, what: Entity | str) -> EntityRow:
    """The entity of this id or name, or the one that it was merged into."""
    for number in entity_numbers(view, what):
        return standing_entity(view, view.entities([number])[number])
    raise NotFound(f"no entity {shown(getattr(what, 'id', what))} in this namespace")


def entity_numbers(view: Reader, what: Entity | str, then: Then | None = None) -> list[int]:
    """The numbers behind an entity, its id, its name or an alias; a thing before a literal; empty if there is none."""
    public = what.id if isinstance(what, Entity) else what
    if not isinstance(public, str):
        raise InvalidInput(f"name an Entity, its id or its name, not {shown(what)}")
    if not encodes(public):
        return []
    found = read_id("n", public)
    if found is not None and (rows := view.entities([found[0]])):
        return [standing_entity(view, rows[found[0]]).id if then is None else owner(found[0], then.merged)]
    keys = [entity_key(public), entity_key(public, True)]
    if then is not None:
        return list(dict.fromkeys(then.names[key] for key in keys if key in then.names))
    named = view.named(keys)
    return list(dict.fromkeys(standing_entity(view, named[key]).id for key in keys if key in named))


def standing_entity(view: Reader, row: EntityRow) -> EntityRow:
    """The entity, or the one that it was merged into, to the end of the chain."""
    return row if row.merged is None else merged_into(view, row.merged)[-1]


def merged_into(view: Reader, number: int) -> list[EntityRow]:
    """An entity and what it was merged into, step by step; empty if it is gone."""
    chain: dict[int, EntityRow] = {}
    onward: int | None = number
    while onward is not None and onward not in chain and (row := view.entities([onward]).get(onward)) is not None:
        chain[onward] = row
        onward = row.merged
    return list(chain.values())
