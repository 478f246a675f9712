"""`explain`: why a fact is believed, and what ended it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from triplemem.cli.common import Command, Settings, with_settings
from triplemem.cli.experiences import print_grounds
from triplemem.cli.output import Row, plain, print_json, print_table
from triplemem.cli.pick import fact_argument, picked

if TYPE_CHECKING:
    from triplemem.memory import Memory
    from triplemem.types import Claim, End, Episode, Explanation

COLUMNS = ("what", "id", "at", "who", "text")


@click.command(
    cls=Command,
    examples=[
        "triplemem -n acme/team explain f_3b1c16004f15b4bc",
        "triplemem -n acme/team explain --subject Bob --predicate leads",
    ],
)
@fact_argument
@with_settings
def explain(settings: Settings, fact: str | None, **about: str | None) -> None:
    """Say why a fact is believed.

    It shows every claim with its quote, what ended it, and what came before and after it. Of an experience, named
    by its id, it shows what it came from and used.
    """
    with settings.memory() as memory:
        if fact is not None and fact.startswith("r_"):
            print_grounds(settings, memory.experiences.explain(fact))
            return
        found = memory.explain(picked(memory, fact, about))
        if settings.as_json:
            print_json(found)
        else:
            print_table(COLUMNS, list(_rows(memory, found)))


def _rows(memory: Memory, found: Explanation) -> Iterator[Row]:
    said = {episode.id: episode for episode in found.episodes}
    fact = found.fact
    yield ("fact", fact.id, None, None, f"{fact.text} ({fact.state})")
    for period in fact.periods:
        start = "" if period.valid_from else "start unknown, "
        yield ("holds", "", period.valid_from, None, f"{start}until {plain(period.valid_to) or 'further notice'}")
    for claim in found.claims:
        yield ("claim", *_claim(claim, said))
    for end in found.ended_by:
        yield ("ended by", *_end(end, said))
    for one in found.retractions:
        yield ("retracted by", one.id, one.said_at, one.actor, _words(one.episode_id, said))
    for name, ids in (("supersedes", found.supersedes), ("superseded by", [found.superseded_by])):
        for other in filter(None, ids):
            yield (name, other, None, None, memory.explain(other).fact.text)


def _claim(claim: Claim, said: dict[str, Episode]) -> Row:
    episode = said.get(claim.episode_id)
    quote = claim.quote or (episode.text if episode else "")
    taken_back = "" if claim.retracted_at is None else " (taken back)"
    reader = f" (read by {claim.extractor}, prompt {claim.prompt_hash})" if claim.prompt_hash else ""
    who = (episode.speaker if episode else None) or claim.actor
    return (claim.id, claim.said_at, who, f'"{quote}"{reader}{taken_back}')


def _end(end: Claim | End, said: dict[str, Episode]) -> Row:
    from triplemem.types import Claim

    if isinstance(end, Claim):
        return _claim(end, said)
    episode = said.get(end.episode_id or "")
    taken_back = "" if end.retracted_at is None else " (taken back)"
    words = end.reason or _words(end.episode_id, said)
    return (end.id, end.at or end.said_at, (episode.speaker if episode else None) or end.actor, words + taken_back)


def _words(episode: str | None, said: dict[str, Episode]) -> str:
    return f'"{said[episode].text}"' if episode in said else ""
