"""What the tense of a verb and the times beside it say of a claim: the table "What a claim says" of DESIGN."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from triplemem.core.dates import When
from triplemem.core.units import Precision, Unit, months_on, unit_of, written
from triplemem.extract.grammar.tokens import Token
from triplemem.extract.grammar.verbs import Verb

Times = dict[str, Any]
SEEN = "seen"
"""Beside a start: it was also seen to hold when it was said ("has led ML since March")."""


def times_of(verb: Verb, flags: frozenset[str], beside: Sequence[Token], today: date) -> Times | None:
    """The stated times of a claim; None if the verb, as it stands, asserts nothing of this kind."""
    whens = [token.when for token in beside if token.when is not None]
    since_said = any(token.low.startswith("since") or token.text.lower().startswith("since") for token in beside)
    if verb.progressive and verb.past and not verb.perfect and flags & {"end", "event"} and not verb.ended:
        return None  # "was leaving Acme": whether it came to that is not said
    at_end = any("end of" in token.text.lower() for token in beside)
    if "end" in flags:
        return _end(verb, whens, today, at_end=at_end)
    if verb.event and not (verb.past or verb.perfect) and _pick(whens, "at", "since", "until", "span") is None:
        return None  # "I'm going to stop drinking coffee": nobody knows when
    if verb.ended:
        return _over(verb, whens, today, at_end=at_end)
    if "event" in flags or verb.begun:
        return _event(verb, flags, whens)
    if verb.future:
        return _plan(whens)
    if verb.perfect:
        return _perfect(verb, flags, whens)
    if verb.past or verb.formerly:
        return _past(verb, flags, whens)
    return _present(whens, since_said, today)


def units_of(beside: Sequence[Token]) -> list[Unit | None]:
    """The units of time that stand beside a verb in the past."""
    return [token.when.unit(forward=False) for token in beside if token.when is not None]


def ahead(beside: Sequence[Token], today: date) -> Times:
    """As in "I'm staying in Naples for two weeks": it is over in so many days, weeks or months."""
    whens = [token.when for token in beside if token.when is not None]
    ago = _bounds(_pick(whens, "lasting"), forward=False)
    if ago is None:
        return {}
    months = (today.year - ago.first.year) * 12 + today.month - ago.first.month
    last = today + (today - ago.first) if ago.precision == "day" else months_on(today, months)
    return {"valid_to": written(last, ago.precision)}


def _pick(whens: Sequence[When], *relations: str) -> When | None:
    return next((when for when in whens if when.relation in relations), None)


def _bounds(when: When | None, *, forward: bool) -> Unit | None:
    return None if when is None else when.unit(forward=forward)


def _nearest(when: When | None, today: date) -> Unit | None:
    """As in "As of May 1", "from June": the one of that name that is nearest."""
    past, future = _bounds(when, forward=False), _bounds(when, forward=True)
    if past is None or future is None:
        return past
    return past if today - past.first < future.first - today else future


def _span(when: When, *, forward: bool) -> Times:
    first, last = when.unit(forward=forward), when.last(forward=forward)
    if first is None or last is None or last.first <= first.first:
        return {}
    return {"valid_from": first.start, "valid_to": last.start}


def _end(verb: Verb, whens: Sequence[When], today: date, *, at_end: bool) -> Times | None:
    ahead = verb.future or (verb.progressive and not verb.past) or (verb.form in {"s", "base"} and not verb.past)
    unit = _bounds(_pick(whens, "at", "since", "by"), forward=ahead)
    if ahead and unit is None:
        return None
    if unit is None:
        return {"ended": True}
    return {"ended": True, "valid_to": _ending(unit, today, at_end=at_end, ahead=ahead)}


def _ending(unit: Unit, today: date, *, at_end: bool, ahead: bool) -> str:
    """As in "leaving at the end of July": when July is over; what is over did not end in days to come."""
    if not at_end or (not ahead and unit.after > today):
        return unit.start
    coarser: dict[str, Precision] = {"day": "month", "month": "year"}
    precision = coarser.get(unit.precision, unit.precision)
    return written(unit.after, precision) if unit_of(unit.after, precision).first == unit.after else unit.end


def _over(verb: Verb, whens: Sequence[When], today: date, *, at_end: bool) -> Times:
    """As in "used to", "no longer", "stopped": it is over."""
    ahead = verb.future or (verb.event and not (verb.past or verb.perfect))
    span = _pick(whens, "span")
    if span is not None and (bounds := _span(span, forward=False)):
        return {"ended": True, **bounds}
    until = _bounds(_pick(whens, "until"), forward=False)
    if until is not None:
        return {"ended": True, "valid_to": until.start}
    used_to = verb.past and not verb.event
    unit = _bounds(_pick(whens, "at", "since", "by"), forward=ahead)
    if unit is None:
        return {"ended": True}
    if used_to:
        return {"ended": True, "during": unit.whole}
    return {"ended": True, "valid_to": _ending(unit, today, at_end=at_end, ahead=ahead)}


def _event(verb: Verb, flags: frozenset[str], whens: Sequence[When]) -> Times | None:
    happened = verb.past or verb.perfect or (verb.passive and verb.form == "part" and not verb.future)
    if verb.begun and not (verb.past or verb.future or verb.progressive or verb.form == "s"):
        happened = True
    if verb.passive and not (verb.past or verb.perfect or verb.future):
        happened = True
    span = _pick(whens, "span")
    if span is not None and (bounds := _span(span, forward=not happened)):
        return bounds
    unit = _bounds(_pick(whens, "at", "since"), forward=not happened)
    until = _bounds(_pick(whens, "until"), forward=True)
    if not happened and unit is None:
        return None
    times: Times = {"valid_from": unit.start} if unit else {}
    if until is not None and (unit is None or unit.first < until.first):
        times["valid_to"] = until.start
    return times


def _plan(whens: Sequence[When]) -> Times | None:
    span = _pick(whens, "span")
    if span is not None and (bounds := _span(span, forward=True)):
        return bounds
    unit = _bounds(_pick(whens, "at", "since"), forward=True)
    until = _bounds(_pick(whens, "until", "by"), forward=True)
    if unit is None:
        return {"valid_to": until.start} if until is not None and _pick(whens, "until") else None
    return {"valid_from": unit.start}


def _perfect(verb: Verb, flags: frozenset[str], whens: Sequence[When]) -> Times | None:
    if verb.past:
        return None
    span = _pick(whens, "span")
    if span is not None and (bounds := _span(span, forward=False)):
        return bounds
    unit = _bounds(_pick(whens, "since", "lasting"), forward=False)
    if unit is not None:
        return {"valid_from": unit.start, SEEN: True}
    return {} if verb.progressive or verb.passive or _pick(whens, "beside") else None


def _past(verb: Verb, flags: frozenset[str], whens: Sequence[When]) -> Times | None:
    span = _pick(whens, "span")
    if span is not None and (bounds := _span(span, forward=False)):
        return bounds
    until = _bounds(_pick(whens, "until"), forward=False)
    if until is not None:
        return {"valid_to": until.start}
    unit = _bounds(_pick(whens, "at"), forward=False)
    if unit is not None:
        return {"during": unit.whole}
    return {"ended": True} if "over" in flags or verb.formerly else None


def _present(whens: Sequence[When], since_said: bool, today: date) -> Times | None:
    span = _pick(whens, "span")
    if span is not None and (bounds := _span(span, forward=True)):
        return bounds
    times: Times = {}
    since = _pick(whens, "since", "lasting") if since_said or _pick(whens, "lasting") else None
    unit = _bounds(since, forward=False) or _nearest(_pick(whens, "since"), today)
    until = _bounds(_pick(whens, "until"), forward=True)
    if unit is not None:
        times["valid_from"] = unit.start
    if until is not None and (unit is None or unit.first < until.first):
        times["valid_to"] = until.start
    if times:
        return times
    when = _pick(whens, "at")
    unit = _bounds(when, forward=True)
    if (
        unit is None
        or when is None
        or (unit.precision == "day" and (unit.after - unit.first).days == 1 and _today(when))
    ):
        return {}
    return {"during": unit.whole}


def _today(when: When) -> bool:
    return when.point is not None and when.point.alone
