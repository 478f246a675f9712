"""Namespaces: paths of non-empty segments, the unit of privacy."""

from __future__ import annotations

import re
from collections.abc import Sequence

from triplemem.core.shown import shown
from triplemem.core.text import INVISIBLE
from triplemem.errors import InvalidNamespace

MAX_SEGMENT = 512
_ESCAPE = re.compile("%(.{0,2})")


def parse(namespace: str | Sequence[str]) -> tuple[str, ...]:
    """The segments of a namespace, given as a sequence or in its path form.

    Nothing is folded: segments that look alike are different, or refused as `InvalidNamespace`.
    """
    if isinstance(namespace, str):
        segments = tuple(_unescape(part, namespace) for part in namespace.split("/"))
    elif isinstance(namespace, tuple | list):
        segments = tuple(namespace)
    else:
        raise InvalidNamespace(
            f"a namespace is a path such as 'acme/users/42' or a tuple of texts, not {shown(namespace)}"
        )
    if not segments:
        raise InvalidNamespace("the namespace is empty: name one, such as 'acme/users/42'")
    for segment in segments:
        _check(segment, namespace)
    return segments


def path(segments: Sequence[str]) -> str:
    """The path form, in which ``/`` inside a segment is ``%2F`` and ``%`` is ``%25``."""
    return "/".join(segment.replace("%", "%25").replace("/", "%2F") for segment in segments)


def _unescape(part: str, whole: str) -> str:
    def one(match: re.Match[str]) -> str:
        code = match.group(1).upper()
        if code not in ("2F", "25"):
            raise InvalidNamespace(f"namespace {shown(whole)}: write % as %25 and / inside a segment as %2F")
        return "/" if code == "2F" else "%"

    return _ESCAPE.sub(one, part)


def _check(segment: object, whole: object) -> None:
    if not isinstance(segment, str):
        raise InvalidNamespace(f"namespace {shown(whole)}: every segment must be a text, not {shown(segment)}")
    if not segment.translate(INVISIBLE).strip():
        raise InvalidNamespace(f"namespace {shown(whole)} has an empty or blank segment: {shown(segment)}")
    if segment == "*":
        raise InvalidNamespace(f"namespace {shown(whole)}: there is no wildcard; name one namespace")
    if not segment.isprintable():
        raise InvalidNamespace(f"namespace {shown(whole)}: {shown(segment)} has unprintable characters")
    if len(segment) > MAX_SEGMENT:
        raise InvalidNamespace(f"a segment of the namespace has {len(segment)} characters; {MAX_SEGMENT} at most")
