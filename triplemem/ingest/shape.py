"""The shape of what an extractor gave: somebody else's code may put anything into an `Extraction`."""

from __future__ import annotations

from collections.abc import Iterator

from triplemem.types import Extraction, Predicate, ProposedClaim, ProposedEnd, ProposedRetraction, Triplet, Usage

_PARTS = {"claims": ProposedClaim, "ends": ProposedEnd, "retractions": ProposedRetraction, "predicates": Predicate}


def misshapen(extraction: object) -> str | None:
    """What is wrong with the shape of an extractor's answer, in one line; None if it can be checked further."""
    if not isinstance(extraction, Extraction):
        return f"the extractor gave {type(extraction).__name__}, not an Extraction"
    return next(_faults(extraction), None)


def _faults(extraction: Extraction) -> Iterator[str]:
    usage: object = extraction.usage
    if not isinstance(usage, Usage):
        yield f"usage is {_kind(usage)}, not a Usage"
    for name in (*_PARTS, "same_as"):
        part: object = getattr(extraction, name)
        if not isinstance(part, tuple | list):
            yield f"{name} is {_kind(part)}, not a tuple"
            return
        for n, one in enumerate(part):
            if name == "same_as":
                if not (isinstance(one, tuple | list) and len(one) == 2 and _all_texts(one)):
                    yield f"same_as[{n}] is not a pair of names"
            elif not isinstance(one, _PARTS[name]):
                yield f"{name}[{n}] is {_kind(one)}, not a {_PARTS[name].__name__}"
            elif isinstance(one, ProposedClaim):
                yield from _faults_of_claim(one, f"claims[{n}]")


def _faults_of_claim(proposed: ProposedClaim, where: str) -> Iterator[str]:
    triplet: object = proposed.triplet
    if not isinstance(triplet, Triplet):
        yield f"the triplet of {where} is {_kind(triplet)}, not a Triplet"
    elif triplet.ended not in (True, False):
        yield f"ended of {where} is {_kind(triplet.ended)}, not True or False"
    for name in ("ends", "corrects"):
        ids: object = getattr(proposed, name)
        if not isinstance(ids, tuple | list) or not _all_texts(ids):
            yield f"{name} of {where} is not a tuple of ids"


def _all_texts(some: tuple[object, ...] | list[object]) -> bool:
    return all(isinstance(one, str) for one in some)


def _kind(value: object) -> str:
    return "None" if value is None else f"a {type(value).__name__}"
