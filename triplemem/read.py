"""Reading: facts and their history, entities, episodes, changes and the graph, each at any (as_of, known_at)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import partial
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from triplemem.core.identity import entity_key, read_id, write_id
from triplemem.core.instants import ALWAYS, FOREVER, NOW, START_UNKNOWN, from_us, instant
from triplemem.core.messages import check_count as check_count
from triplemem.core.messages import check_limit as check_limit
from triplemem.core.messages import check_name
from triplemem.core.rows import EntityRow, EpisodeRow, EventRow, FactRow, PeriodRow
from triplemem.core.shown import shown
from triplemem.errors import InvalidInput, NotFound
from triplemem.ledger import present
from triplemem.ledger.find import entity_numbers
from triplemem.ledger.rejections import rejected_words
from triplemem.ledger.sense import Then
from triplemem.ledger.space import Space, When
from triplemem.ledger.usage import USED
from triplemem.ledger.wording import worded
from triplemem.ports import ANY_END, Reader
from triplemem.types import Change, Entity, Episode, Fact, Tombstone

if TYPE_CHECKING:
    import networkx

T = TypeVar("T")

Moment = datetime | date | str
Who = Entity | str
FIRST, LAST = 0, 2**63 - 1
"""Before and after every number of an episode."""
Place = tuple[int, int, int]
"""Where a fact stands in a list: by first start, when it was recorded, and its number."""


class Asked(NamedTuple):
    """What facts are asked for."""

    subject: Who | None = None
    predicate: str | None = None
    object: Who | None = None


def when(space: Space, as_of: Moment | None, known_at: Moment | None) -> When:
    """The times of a question; `InvalidTime` if one cannot be read."""
    at = space.engine.now_us() if as_of is None else instant(as_of, "as_of")
    return When(at, None if known_at is None else instant(known_at, "known_at"))


def _each(spaces: Sequence[Space], work: Callable[[Space, Reader], Iterable[T]]) -> list[T]:
    """What ``work`` finds in one namespace after another; it may be run more than once."""
    return [one for space in spaces for one in space.engine.read(space.path, partial(work, space))]


def facts(
    spaces: Sequence[Space],
    asked: Asked,
    times: When,
    *,
    include_ended: bool,
    limit: int | None,
    after: Fact | str | None,
) -> list[Fact]:
    """What holds at ``as_of``; with ``include_ended`` also what is over or yet to begin. By first start."""
    limit = check_limit(limit)
    found: list[Fact] = []
    place = None if after is None else _place(spaces, after, times)
    for number, space in enumerate(spaces):
        if place is not None and number < place[0]:
            continue
        past = place[1] if place is not None and number == place[0] else _FIRST
        left = None if limit is None else limit - len(found)
        found += space.engine.read(space.path, partial(_page, space, asked, times, include_ended, past, left))
        if limit is not None and len(found) >= limit:
            break
    return found


_FIRST: Place = (START_UNKNOWN, START_UNKNOWN, -1)
"""Before every fact."""


def _page(
    space: Space, asked: Asked, times: When, include_ended: bool, past: Place, left: int | None, view: Reader
) -> list[Fact]:
    """The first ``left`` facts of a namespace that come after ``past``."""
    holding = times.as_of if times.known is None and not include_ended else ANY_END
    rows = None
    if asked == Asked() and left is not None:
        rows = _next(view, times, None if include_ended else times.as_of, holding, past, left)
    rows, believed, presenter = _rows(view, space, asked, times, holding, rows)
    kept = [row for row in rows if _shown(believed.get(row.id, ()), times.as_of, include_ended)]
    kept.sort(key=lambda row: _key(row, believed))
    kept = [row for row in kept if _key(row, believed) > past]
    return presenter.of(kept[:left], believed)


def _next(view: Reader, times: When, at: int | None, holding: int, past: Place, limit: int) -> list[FactRow]:
    """The next facts of all that there are: the store cuts, so that a page does not load the namespace."""
    known, moved = (NOW, False) if times.known is None else (times.known, True)
    return view.facts_by_start(known=known, at=at, holding=holding, moved=moved, after=past, limit=limit)


def history(spaces: Sequence[Space], asked: Asked, times: When) -> list[Fact]:
    """All of it, displaced and rejected facts too, by first start, unknown starts first."""

    def work(space: Space, view: Reader) -> list[Fact]:
        rows, believed, presenter = _rows(view, space, asked, times, ANY_END)
        rows.sort(key=lambda row: _key(row, believed))
        return [f for f in presenter.of(rows, believed) if f.periods or f.support or f.state == "rejected"]

    return _each(spaces, work)


def _rows(
    view: Reader, space: Space, asked: Asked, times: When, holding: int, rows: list[FactRow] | None = None
) -> tuple[list[FactRow], dict[int, list[PeriodRow]], present.Facts]:
    """The facts asked for, or these ``rows``, with what is believed of them."""
    presenter = present.Facts(view, space.namespace, times.as_of, times.known, space.engine.senses)
    if rows is None:
        rows = find(view, space, asked, holding, presenter.then)
    believed = view.believed([row.id for row in rows], presenter.known) if rows else {}
    if times.known is None:
        rows = [row for row in rows if row.moved_to is None]
    else:
        rows = [row for row in rows if row.recorded_at <= times.known]
    return rows, believed, presenter


def find(view: Reader, space: Space, asked: Asked, holding: int, then: Then | None = None) -> list[FactRow]:
    """The rows of the facts asked for, symmetric ones from both ends, inverse predicates turned round."""
    if asked.predicate is not None and not isinstance(asked.predicate, str):
        raise InvalidInput(f"a predicate is a name, not {shown(asked.predicate)}")
    vocabulary = space.engine.senses.now(view) if then is None else then.vocabulary
    subjects = None if asked.subject is None else entity_numbers(view, asked.subject, then)
    objects = None if asked.object is None else entity_numbers(view, asked.object, then)
    if view.namespace.n < 0:
        return []
    name = None
    if asked.predicate is not None:
        name, swapped = vocabulary.read(asked.predicate)
        if swapped:
            subjects, objects = objects, subjects
    rows = _about(view, subjects, name, objects, holding)
    if name is None:
        rows += _mirrored(view, subjects, objects, vocabulary.symmetric_names(), holding)
    elif vocabulary.symmetric(name) and (subjects is not None or objects is not None):
        rows += _about(view, objects, name, subjects, holding)
    return list({row.id: row for row in rows}.values())


def _mirrored(
    view: Reader, subjects: list[int] | None, objects: list[int] | None, names: Iterable[str], holding: int
) -> list[FactRow]:
    """Symmetric facts from their other end."""
    names = list(names)
    if subjects is not None:
        found = [row for s in subjects for row in view.facts_among(names, object=s, holding=holding)]
        return found if objects is None else [row for row in found if row.subject in objects]
    return [row for o in objects or () for row in view.facts_among(names, subject=o, holding=holding)]


def _about(
    view: Reader, subjects: list[int] | None, name: str | None, objects: list[int] | None, holding: int
) -> list[FactRow]:
    if subjects is None and objects is None:
        return view.facts_about(predicate=name, holding=holding)
    return [
        row
        for subject in ([None] if subjects is None else subjects)
        for object_ in ([None] if objects is None else objects)
        for row in view.facts_about(subject=subject, predicate=name, object=object_, holding=holding)
    ]


def _shown(rows: Iterable[PeriodRow], as_of: int, include_ended: bool) -> bool:
    if include_ended:
        return any(True for _ in rows)
    return any(row.valid_from <= as_of < row.valid_to and row.valid_from != START_UNKNOWN for row in rows)


def _key(row: FactRow, believed: dict[int, list[PeriodRow]]) -> Place:
    """By first start; what never holds comes last."""
    periods = believed.get(row.id)
    return (periods[0].valid_from if periods else FOREVER, row.recorded_at, row.id)


def _place(spaces: Sequence[Space], after: Fact | str, times: When) -> tuple[int, Place]:
    """Where the last item of the page before stands, although it may have ended, or been rejected or merged, since.

    An id is unique within a namespace: where two have it, as after an import, only the item tells which is meant.
    """
    places = _places(spaces, after, "f", lambda number, view: _standing(number, times, view))
    if len(places) > 1:
        owners = " and ".join(spaces[index].path for index, _ in places)
        raise InvalidInput(f"{after} is the id of a fact in {owners}: give the Fact itself as after")
    return places[0]


def _places(
    spaces: Sequence[Space], after: Fact | Episode | str, kind: str, find: Callable[[int, Reader], T | None]
) -> list[tuple[int, T]]:
    """In which namespaces the last item of the page before is, and what ``find`` tells of it there; or `NotFound`."""
    public = after if isinstance(after, str) else getattr(after, "id", None)
    number, named = read_id(kind, public), getattr(after, "namespace", None)
    places: list[tuple[int, T]] = []
    for index, space in enumerate(spaces):
        if number is not None and named in (None, space.namespace):
            place = space.engine.read(space.path, partial(find, number[0]))
            places += [] if place is None else [(index, place)]
    if places:
        return places
    raise NotFound(
        f"no {'fact' if kind == 'f' else 'episode'} {shown(public if isinstance(public, str) else after)} in this "
        "namespace: after is the id of the last item of the page before"
    )


def _standing(number: int, times: When, view: Reader) -> Place | None:
    row = view.facts([number]).get(number)
    if row is None:
        return None
    known = NOW if times.known is None else times.known
    believed = view.believed([row.id], known)
    return _key(row, believed if believed.get(row.id) else view.believed([row.id], row.recorded_at))


def entities(spaces: Sequence[Space], *, name: str | None, kind: str | None) -> list[Entity]:
    """Entities by name; merged ones are in the one that they were merged into."""

    def work(space: Space, view: Reader) -> list[Entity]:
        rows = _entities_named(view, name) if name is not None else view.all_entities()
        rows = [row for row in rows if row.merged is None and kind in (None, row.kind)]
        return [present.entity(row) for row in sorted(rows, key=lambda row: (entity_key(row.name), row.id))]

    return _each(spaces, work)


def _entities_named(view: Reader, name: str) -> list[EntityRow]:
    return list(view.entities(entity_numbers(view, name)).values())


def episodes(
    spaces: Sequence[Space],
    *,
    session: str | None,
    since: Moment | None,
    until: Moment | None,
    limit: int | None,
    after: Episode | str | None,
    standing: bool = False,
) -> list[Episode]:
    """Episodes by when they occurred, from ``since`` to before ``until``; ``standing``: of revised ones the latest."""
    limit = check_limit(limit)
    if session is not None:
        check_name(session, "session")
    start = ALWAYS if since is None else instant(since, "since")
    stop = FOREVER if until is None else instant(until, "until")
    last = None if after is None else _episode_place(spaces, after)
    streams = [_stream(spaces, n, (session, start, stop), last, limit) for n in range(len(spaces))]
    merged = merge(*streams, key=lambda one: one[0])
    kept = ((n, row) for (_, n, _), row in merged if not standing or row.replaced_by is None)
    return [present.episode(row, spaces[n].namespace) for n, row in islice(kept, limit)]


def _stream(
    spaces: Sequence[Space],
    n: int,
    asked: tuple[str | None, int, int],
    last: tuple[int, int, int] | None,
    limit: int | None,
) -> Iterator[tuple[tuple[int, int, int], EpisodeRow]]:
    """The episodes of one of the namespaces after a place in all of them, each with its own, in pieces of ``limit``.

    What a namespace before it has under the same id, as an import leaves it, is told there.
    """
    place = (ALWAYS, 0)
    if last is not None:
        place = last[0], last[2] if n == last[1] else FIRST if n > last[1] else LAST
    while True:
        rows = spaces[n].engine.read(spaces[n].path, partial(_between, *asked, place, limit))
        told = set(_each(spaces[:n], partial(_there, [row.id for row in rows]))) if rows else set()
        yield from (((row.occurred_at, n, row.id), row) for row in rows if row.id not in told)
        if limit is None or len(rows) < limit:
            return
        place = rows[-1].occurred_at, rows[-1].id


def _there(numbers: list[int], _: Space, view: Reader) -> Iterable[int]:
    return view.episodes(numbers)


def _between(
    session: str | None, since: int, until: int, after: tuple[int, int], limit: int | None, view: Reader
) -> list[EpisodeRow]:
    return view.episodes_between(session=session, since=since, until=until, after=after, limit=limit)


def _episode_place(spaces: Sequence[Space], after: Episode | str) -> tuple[int, int, int]:
    """Where an episode stands among those of all the namespaces: when it occurred, which of them, and its number.

    What several have under one id is told once, by the first of them.
    """
    index, (occurred_at, number) = _places(spaces, after, "e", _occurred)[0]
    return occurred_at, index, number


def _occurred(number: int, view: Reader) -> tuple[int, int] | None:
    row = view.episodes([number]).get(number)
    return None if row is None else (row.occurred_at, row.id)


def changes(spaces: Sequence[Space], since: Moment, until: Moment | None) -> list[Change]:
    """The audit trail, since <= at < until, in the order recorded."""
    start = instant(since, "since")
    stop = FOREVER if until is None else instant(until, "until")

    def work(space: Space, view: Reader) -> list[tuple[int, Change]]:
        rows = [row for row in view.events(start, stop) if row.kind != USED]
        texts = _texts(view, rows)
        return [(row.at, _change(row, texts)) for row in rows]

    found = sorted(_each(spaces, work), key=lambda item: item[0])
    return [change for _, change in found]


def _texts(view: Reader, rows: list[EventRow]) -> dict[int | str, str]:
    facts_ = view.facts({row.fact for row in rows if row.fact is not None})
    names = view.entities({end for row in facts_.values() for end in (row.subject, row.object)})
    texts: dict[int | str, str] = {
        row.id: worded(names[row.subject].name, row.predicate, names[row.object].name) for row in facts_.values()
    }
    if any(row.kind in ("merged", "split") for row in rows):
        named = {row.id: row.name for row in view.all_entities()}
        for one in view.identities():
            verb = "is" if one.kind == "merge" else "is not"
            texts[write_id("i", one.id)] = f"{one.text or named.get(one.other, '')} {verb} {named.get(one.keep, '')}"
    stones = {read_id("t", row.cause) for row in rows if row.fact is None and row.kind in ("rejected", "allowed")}
    words = rejected_words(view, {stone[0] for stone in stones if stone is not None})
    return texts | {write_id("t", stone): said for stone, said in words.items()}


def _change(row: EventRow, texts: dict[int | str, str]) -> Change:
    text = texts.get(row.cause or "", "") if row.fact is None else texts.get(row.fact, "")
    if row.kind == "defined":
        text = row.cause or ""
    elif row.kind == "erased":
        text = ""
    return Change(
        from_us(row.at),
        row.actor,
        row.kind,  # type: ignore[arg-type]
        None if row.fact is None else write_id("f", row.fact),
        text,
        row.cause,
        row.reason,
    )


def tombstones(space: Space) -> list[Tombstone]:
    """The tombstones in force."""
    rows = space.engine.read(space.path, lambda view: view.tombstones())
    return [present.tombstone(row) for row in rows if row.lifted_at is None]


def graph(
    spaces: Sequence[Space], times: When, *, include_ended: bool, center: Who | None, depth: int | None
) -> networkx.MultiDiGraph:
    """The facts as a graph: nodes are ids of entities, edges are keyed by ids of facts."""
    import networkx

    check_limit(depth, "depth")
    found = networkx.MultiDiGraph()
    for fact in facts(spaces, Asked(), times, include_ended=include_ended, limit=None, after=None):
        for end in (fact.subject, fact.object):
            found.add_node(end.id, name=end.name, kind=end.kind, aliases=end.aliases)
        found.add_edge(
            fact.subject.id,
            fact.object.id,
            key=fact.id,
            predicate=fact.predicate,
            text=fact.text,
            valid_from=fact.valid_from,
            valid_to=fact.valid_to,
            state=fact.state,
            periods=fact.periods,
        )
    if center is None:
        return found
    return _around(found, spaces, center, depth)


def _around(
    found: networkx.MultiDiGraph, spaces: Sequence[Space], center: Who, depth: int | None
) -> networkx.MultiDiGraph:
    import networkx

    starts = [write_id("n", number) for number in _each(spaces, lambda _, view: entity_numbers(view, center))]
    if not starts:
        raise NotFound(f"no entity {shown(getattr(center, 'id', center))} in this namespace")
    near: set[str] = set()
    both_ways = found.to_undirected(as_view=True)
    for start in starts:
        if start in both_ways:
            near |= set(networkx.single_source_shortest_path_length(both_ways, start, cutoff=depth))
    return found.subgraph(near).copy()
