"""The times a triplet states, checked and as the engine keeps them (DESIGN §2, "What a claim says")."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from operator import attrgetter
from typing import Any, NamedTuple

from triplemem.core.instants import instant, stated, unit
from triplemem.core.shown import shown
from triplemem.errors import InvalidTime
from triplemem.types import Triplet


class Times(NamedTuple):
    """Microseconds since 1970, UTC; None where nothing is stated."""

    valid_from: int | None = None
    valid_to: int | None = None
    during_from: int | None = None
    during_to: int | None = None
    observed_at: int | None = None
    ended: bool = False


_JSON = json.JSONEncoder(ensure_ascii=False).encode
_TIMES = ("valid_from", "valid_to", "during", "observed_at")
_MORE = (*_TIMES, "ended", "together", "quote", "context", "subject_kind", "object_kind")
_get_more = attrgetter(*_MORE)


def times_of(triplet: Triplet, said_at: int) -> Times:
    """The times, or `InvalidTime`: naive, unparsable, reversed, or a ``during`` beside another time."""
    start = None if triplet.valid_from is None else stated(triplet.valid_from, "valid_from")[0]
    end = None if triplet.valid_to is None else stated(triplet.valid_to, "valid_to")[0]
    observed = None if triplet.observed_at is None else instant(triplet.observed_at, "observed_at")
    ended = bool(triplet.ended)
    if triplet.during is not None:
        if start is not None or end is not None or observed is not None:
            raise InvalidTime("during stands alone: give either during, or valid_from, valid_to and observed_at")
        first, last, _ = unit(triplet.during, "during")
        if ended and said_at <= first:
            raise InvalidTime(f"it cannot have ended before during={shown(triplet.during)} began")
        return Times(during_from=first, during_to=last, ended=ended)
    if start is not None and end is not None and end <= start:
        raise InvalidTime(f"valid_to={shown(triplet.valid_to)} is not after valid_from={shown(triplet.valid_from)}")
    if start is not None and end is None and ended and said_at <= start:
        raise InvalidTime(f"it cannot have ended before valid_from={shown(triplet.valid_from)}")
    if end is not None or ended:
        observed = None
    return Times(start, end, None, None, observed, ended)


def precision_of(triplet: Triplet) -> dict[str, str]:
    """How precise each stated time is: ``year``, ``month``, ``day`` or ``instant``."""
    found = {}
    if triplet.valid_from is not None:
        found["valid_from"] = stated(triplet.valid_from, "valid_from")[1]
    if triplet.valid_to is not None:
        found["valid_to"] = stated(triplet.valid_to, "valid_to")[1]
    if triplet.during is not None:
        found["during"] = unit(triplet.during, "during")[2]
    return found


def more_json(triplet: Triplet) -> str | None:
    """What a triplet says beyond its three texts, as JSON; None if nothing."""
    said = []  # part by part: the encoder has a short way for a text, and makes itself anew for what holds others
    for name, value in zip(_MORE, _get_more(triplet), strict=True):
        if value is not None and value is not False:
            said.append(f'"{name}": {_JSON(value if isinstance(value, str) else _plain(value))}')
    return "{" + ", ".join(said) + "}" if said else None


def triplet_of(subject: str, predicate: str, object: str, more: str | None) -> Triplet:
    """The triplet as it was said; a `date` comes back as its ISO text."""
    said: dict[str, Any] = json.loads(more) if more else {}
    for name in _TIMES:
        if name in said:
            said[name] = _moment(said[name])
    return Triplet(subject, predicate, object, **said)


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    return value


def _moment(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_moment(part) for part in value)
    if isinstance(value, str) and "T" in value:
        return datetime.fromisoformat(value)
    return value


def metadata_words(metadata: str | None) -> str:
    """What kept metadata says: its names, texts and numbers, each too far from the next to be one name with it."""
    return "\n\n\n\n".join(_words(json.loads(metadata))) if metadata else ""


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, one in value.items():
            yield name
            yield from _words(one)
    elif isinstance(value, list):
        for one in value:
            yield from _words(one)
    elif value is not None:
        yield str(value)


def metadata_json(metadata: Mapping[str, Any] | None) -> str | None:
    """A message's metadata as it is kept; raises `TypeError` or `ValueError` if it is not JSON."""
    return None if metadata is None else json.dumps(dict(metadata), ensure_ascii=False, sort_keys=True, allow_nan=False)
