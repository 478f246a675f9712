"""What makes two things the same: keys of entities, ids, and the keyed digests of tombstones.

The key of an entity is its folded name, literals apart. An id is one integer, written as a letter of
its kind and sixteen hexadecimal digits. A digest is an HMAC under the namespace's secret, so that a
tombstone holds no readable value.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping

from triplemem.core.rows import EntityRow, EpisodeRow, IdentityRow
from triplemem.core.text import fold, skeleton

FIRST_PERSON = frozenset({"I", "i", "me", "Me", "myself", "Myself"})
USER = "user"
LITERAL = "literal"
_LITERAL_MARK = "\x1f"
_LITERAL_TEXT = re.compile(
    r"[+-]?[\d][\d.,:/ %-]*|\d{4}-\d{2}-\d{2}[T ]?[\d:.+Z-]*"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d{1,2}(?:st|nd|rd|th)?(?:,? \d{4})?",
    re.ASCII | re.IGNORECASE,
)
_ID = re.compile(r"([a-z])_([0-9a-f]{16})(?:\.(\d{1,9}))?", re.ASCII)


def is_literal(text: str, kind: str | None) -> bool:
    """Is this object a date, a number or a phrase rather than a thing?"""
    return kind == LITERAL or (kind is None and _LITERAL_TEXT.fullmatch(text.strip()) is not None)


def entity_key(name: str, literal: bool = False) -> str:
    """The key under which one entity is kept; literals live apart."""
    return (_LITERAL_MARK if literal else "") + fold(name)


def someone(name: str, speaker: str | None) -> str:
    """The name to resolve: "I" and "me" are the speaker, or ``user`` where none is given."""
    return (speaker or USER) if name.strip() in FIRST_PERSON else name


def write_id(kind: str, number: int, n: int | None = None) -> str:
    """The public id: a letter for the kind, sixteen hexadecimal digits, and a claim's place."""
    return f"{kind}_{number:016x}" if n is None else f"{kind}_{number:016x}.{n}"


def read_id(kind: str, public: object) -> tuple[int, int | None] | None:
    """The number and place that a public id of this kind names; None if it is not one."""
    match = _ID.fullmatch(public) if isinstance(public, str) else None
    if match is None or match.group(1) != kind:
        return None
    number = int(match.group(2), 16)
    return (number, None if match.group(3) is None else int(match.group(3))) if number < 2**63 else None


def fact_number(secret: bytes, subject: int, predicate: str, object_: int) -> int:
    """The number of a fact: 63 bits of a keyed BLAKE2b of what it is about, so that it needs no index of its own."""
    said = b"%d\x1f%s\x1f%d" % (subject, predicate.encode(), object_)
    return int.from_bytes(hashlib.blake2b(said, key=secret, digest_size=8).digest(), "big") >> 1


def episode_identity(secret: bytes, parts: Iterable[object]) -> bytes:
    """Sixteen bytes that are equal for what counts as the same episode (API.md)."""
    said = "\x1f".join(["\x00" if part is None else str(part) for part in parts])
    return hashlib.blake2b(said.encode("utf-8", "surrogatepass"), key=secret, digest_size=16).digest()


def part_identity(secret: bytes, source_id: str, n: int) -> bytes:
    """The identity of the n-th part of a source that is too long for one episode; a source named so is another."""
    return episode_identity(secret, ("part", source_id, n))


def answered_identity(secret: bytes, session: str | None, source_id: str) -> bytes:
    """The identity of what tools answered in a message of this source: no source that a caller names has it."""
    return episode_identity(secret, ("answered", session, source_id))


def whole_of(secrets: Iterable[bytes], row: EpisodeRow) -> str | None:
    """The source that an episode is a numbered part of, or what tools answered in it; None if it is none."""
    source, mark, n = (row.source_id or "").rpartition("#")
    if not mark or not n.isascii() or not n.isdigit() or len(n) > 9:
        return None
    for secret in secrets:
        if row.identity in (part_identity(secret, source, int(n)), answered_identity(secret, row.session, source)):
            return source
    return None


def text_mark(secret: bytes, text: str) -> int:
    """63 bits, never zero, of a keyed BLAKE2b by which an erased text is recognised when it is fed again."""
    said = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=secret, digest_size=8).digest()
    return (int.from_bytes(said, "big") >> 1) or 1


def digest(secret: bytes, scope: str, *parts: str) -> bytes:
    """The keyed digest of a normalised value (HMAC-SHA-256, DESIGN §3)."""
    import hmac

    said = "\x1f".join((scope, *(skeleton(part) for part in parts)))
    return hmac.digest(secret, said.encode("utf-8", "surrogatepass"), "sha256")


def names_at(
    entities: Iterable[EntityRow], identities: Iterable[IdentityRow], known: int
) -> tuple[dict[str, int], dict[int, int]]:
    """Which entity each key named at ``known``, and which entity each one had been merged into.

    A pure replay of what was recorded: entities are born with their own name, then aliases, merges and splits follow.
    """
    names = {entity_key(e.name, e.kind == LITERAL): e.id for e in entities if e.recorded_at <= known}
    merged: dict[int, int] = {}
    for row in sorted(identities, key=lambda i: (i.recorded_at, i.id)):
        if row.recorded_at > known:
            break
        if row.kind == "merge":
            merged[row.other] = row.keep
            names = {key: row.keep if entity == row.other else entity for key, entity in names.items()}
        elif row.key is not None:
            names[row.key] = row.other if row.kind == "split" else row.keep
            if row.kind == "split":
                merged.pop(row.other, None)
    return names, merged


def owner(entity: int, merged: Mapping[int, int]) -> int:
    """What stands for this one now, at the end of its chain: of an entity, or of a fact."""
    seen = {entity}
    while (further := merged.get(entity)) is not None and further not in seen:
        entity = further
        seen.add(entity)
    return entity


def exact_digest(secret: bytes, scope: str, *parts: str | None) -> bytes:
    """A keyed digest of texts as they are: of a source's id, where case matters."""
    import hmac

    said = "\x1f".join((scope, *("\x00" if part is None else part for part in parts)))
    return hmac.digest(secret, said.encode("utf-8", "surrogatepass"), "sha256")
