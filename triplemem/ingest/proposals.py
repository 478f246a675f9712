"""The model proposes, the code disposes: every proposal is checked here, and what is refused says why (DESIGN §4)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from triplemem.core.identity import USER, entity_key, someone, write_id
from triplemem.core.instants import stated
from triplemem.core.messages import MAX_NAME, MAX_TEXT
from triplemem.core.naming import is_no_name, points
from triplemem.core.predicates import Vocabulary, checked_definition, snake
from triplemem.core.render import unremembered
from triplemem.core.rows import EpisodeRow, FactRow, IdentityRow, VerdictRow
from triplemem.core.stated import Times, more_json, times_of
from triplemem.core.text import INVISIBLE, Span, encodes, find_quote, names_in
from triplemem.errors import InvalidInput, InvalidTime
from triplemem.ingest import speaking
from triplemem.ingest.again import Evidence, Swap, compared, forget_names, withdraw
from triplemem.ledger.aliases import OWN_NAMES
from triplemem.ledger.bars import Bar
from triplemem.ledger.derive import Effects
from triplemem.ledger.redact import redact_refused
from triplemem.ledger.redefine import apply_definitions
from triplemem.ledger.sense import definition_json
from triplemem.ledger.space import Space
from triplemem.ledger.write import Draft, Origin, Refused, Written, cancel, record, settle, write_claims
from triplemem.ports import Writer
from triplemem.types import (
    Extraction,
    Predicate,
    ProposedClaim,
    ProposedEnd,
    ProposedRetraction,
    Reason,
    Refusal,
    Triplet,
)

PLAUSIBLE = 100 * 366 * 86_400_000_000
"""How far after it was said, in microseconds, a proposal's date may lie."""
EARLIEST = -62_135_596_800_000_000


class Verdict(NamedTuple):
    """A checked end or retraction of a known fact."""

    episode: EpisodeRow
    kind: str
    fact: FactRow
    at: int | None
    span: Span | None
    quote: str = ""
    vague: bool = False
    """The quote does not name the fact's object."""


class Checked(NamedTuple):
    """What of an extraction may be written, each with its place in its episode."""

    claims: list[Draft]
    verdicts: list[tuple[Verdict, int]]


def accept(
    tx: Writer,
    vocabulary: Vocabulary,
    space: Space,
    episodes: Sequence[EpisodeRow | None],
    numbers: dict[str, int],
    extraction: Extraction,
    refused: list[Refusal],
    again: Collection[int] = (),
    changed: Changed | None = None,
    origin: Origin | None = None,
) -> Effects:
    """Check an extraction against what stands now, write what holds up, and derive what that changes.

    Of the episodes that are read ``again``, what they stated before and is said again stands untouched, and what is
    not said again counts no longer; ``changed`` then says what came and what went. ``origin``:
    what read them, if it is not today's extractor.
    """
    desk = _Desk(tx, vocabulary, space, list(episodes), tx.facts(set(numbers.values())), numbers, refused)
    if again:
        desk.proposed = {(kind, body) for _, kind, body, *_ in tx.proposals()}
    tx.tick()
    checked = desk.check(extraction)
    definitions = desk.definitions(extraction.predicates)
    before = Effects()
    if definitions:
        before = apply_definitions(tx, space.engine.senses, definitions, space.actor)
        vocabulary = space.engine.senses.now(tx)
        tx.tick()
    swap = Swap(checked.claims, checked.verdicts)
    origin = origin or Origin(space.engine.extractor_name, space.engine.prompt, space.actor)
    if again:
        quoting = origin.extractor if space.engine.quotes else None
        swap = compared(tx, vocabulary, again, checked.claims, checked.verdicts, quoting)
        checked = Checked(swap.claims, swap.verdicts)
    lost = withdraw(tx, swap.gone, space.actor)
    written = write_claims(tx, vocabulary, checked.claims, origin, beside=bool(checked.verdicts), stale=lost)
    desk.give_back(written.refused)
    for verdict, position in checked.verdicts:
        made, touched = _write_verdict(tx, vocabulary, verdict, position, space.actor, written)
        written.touched |= touched
        if changed is not None:
            changed.made.verdicts.append(made)
    _learn_aliases(tx, vocabulary, checked.claims, written, space.actor)
    effects = settle(tx, vocabulary, written)
    standing = [row for row in episodes if row is not None]
    record(tx, effects, space.actor, ",".join(write_id("e", row.id) for row in standing[:5]))
    desk.keep_same_as(extraction.same_as, standing)
    forget_names(tx, vocabulary, swap.gone, space.actor, effects)
    before.follow(effects)
    effects.ended, effects.reopened = before.ended, before.reopened
    if changed is not None:
        changed.made.claims.extend(written.claims)
        changed.gone.claims.extend(swap.gone.claims)
        changed.gone.verdicts.extend(swap.gone.verdicts)
    return effects


class Changed(NamedTuple):
    """What a reading wrote, and what it took out of force."""

    made: Evidence
    gone: Evidence


class _Desk:
    """Checks the proposals of one extraction."""

    proposed: Collection[tuple[str, str]] = ()
    """What was proposed before, and is not to be proposed a second time."""

    def __init__(
        self,
        tx: Writer,
        vocabulary: Vocabulary,
        space: Space,
        episodes: list[EpisodeRow | None],
        known: dict[int, FactRow],
        numbers: dict[str, int],
        refused: list[Refusal],
    ) -> None:
        self.tx, self.vocabulary, self.space = tx, vocabulary, space
        self.episodes, self.known, self.numbers, self.refused = episodes, known, numbers, refused

    def check(self, extraction: Extraction) -> Checked:
        """What holds up, in the order in which it stands in its episode."""
        found: list[tuple[int, int, Draft | Verdict]] = []
        kept = self._within_reason(extraction.claims)
        read: list[Draft | Verdict | None] = [self._claim(proposed) for proposed in kept]
        verdicts = [self._verdict(proposed) for proposed in extraction.ends]
        verdicts += [self._verdict(proposed) for proposed in extraction.retractions]
        read += self._told_of([one for one in verdicts if one is not None])
        for one in read:
            if one is not None:
                found.append((one.span[0] if one.span else -1, len(found), one))
        found.sort(key=lambda item: item[:2])
        places: dict[int, int] = {}
        checked = Checked([], [])
        for _, _, one in found:
            place = places.get(one.episode.id, 0)
            places[one.episode.id] = place + 1
            if isinstance(one, Draft):
                checked.claims.append(one._replace(position=place))
            else:
                checked.verdicts.append((one, place))
        return checked

    def _within_reason(self, claims: Sequence[ProposedClaim]) -> list[ProposedClaim]:
        """The claims, of a model's at most as many of one message as it can state."""
        if not self.space.engine.quotes_required:
            return list(claims)
        kept, beyond = speaking.within_reason(claims, self.episodes)
        for proposed in beyond:
            self._refuse(proposed.triplet, "too_long", "one message does not state so many claims")
        return kept

    def _refuse(self, triplet: Triplet | None, reason: Reason, detail: str) -> None:
        self.refused.append(Refusal(triplet, reason, detail))

    def _episode(self, index: object, triplet: Triplet | None) -> EpisodeRow | None:
        if not isinstance(index, int) or not 0 <= index < len(self.episodes):
            self._refuse(triplet, "quote_not_found", f"there is no episode {index!r} to be read")
            return None
        return self.episodes[index]  # None: it was erased or revised in the meantime

    def _span(self, quote: str | None, row: EpisodeRow, triplet: Triplet | None) -> tuple[bool, Span | None]:
        text = unremembered(row.text)
        if not text.strip() and row.text.strip():
            self._refuse(triplet, "quote_not_found", "the episode holds nothing but what memory rendered")
            return False, None
        if quote is None:
            if self.space.engine.quotes_required:
                self._refuse(triplet, "quote_not_found", "a model must quote the words that say it")
                return False, None
            return True, None
        span = find_quote(str(quote), text)
        if span is None:
            self._refuse(triplet, "quote_not_found", f"the episode does not say {str(quote)[:80]!r}")
        return span is not None, span

    def _claim(self, proposed: ProposedClaim) -> Draft | None:
        triplet = proposed.triplet
        row = self._episode(proposed.episode, triplet)
        if row is None or not self._texts_fit(triplet):
            return None
        try:
            times = times_of(triplet, row.occurred_at)
            _plausible(times, row.occurred_at)
        except InvalidTime as error:
            self._refuse(triplet, "bad_date", str(error))
            return None
        found, span = self._span(triplet.quote, row, triplet)
        if not found or not self._spoken(triplet, times, row):
            return None
        ends = self._linked(proposed.ends, triplet, row)
        corrects = self._linked(proposed.corrects, triplet, row)
        tag = f"{row.id:x}:{triplet.together}" if triplet.together is not None else None
        return Draft(row, 0, triplet, times, more_json(triplet), span, ends, corrects, tag)

    def _spoken(self, triplet: Triplet, times: Times, row: EpisodeRow) -> bool:
        """Does a model's claim keep to the words: in their script, and naming what it says is over?"""
        if not self.space.engine.quotes_required:
            return True
        if any(is_no_name(end, triplet.quote or "") for end in (triplet.subject, triplet.object)):
            self._refuse(triplet, "empty", "one end names nothing in particular")
            return False
        fault = speaking.foreign(self.tx, self.vocabulary, triplet, self.episodes, self.known)
        fault = fault or speaking.displaces_unnamed(self.tx, self.vocabulary, triplet, row)
        if fault is None and (times.ended or times.valid_to is not None):
            fault = speaking.ends_unnamed(self.tx, self.vocabulary, triplet, row)
        if fault is not None:
            self._refuse(triplet, "quote_not_found", fault)
        return fault is None

    def _told_of(self, verdicts: Sequence[Verdict]) -> Iterator[Verdict]:
        """The verdicts whose quotes speak of their fact's object: by name, or by a word that can stand for it.

        Such a word stands for one thing: where a message ends several by none but it, it ends none.
        """
        vague: dict[int, set[int]] = {}
        for one in verdicts:
            if one.vague:
                vague.setdefault(one.episode.id, set()).add(one.fact.id)
        for one in verdicts:
            if one.vague and (len(vague[one.episode.id]) > 1 or not points(one.quote)):
                told = self._told(one.fact)
                self._refuse(told, "quote_not_found", f"the quote does not speak of {told.object[:80]!r}")
            else:
                yield one

    def _texts_fit(self, triplet: Triplet) -> bool:
        for what in ("subject", "predicate", "object"):
            text: object = getattr(triplet, what)
            if not isinstance(text, str) or not text.translate(INVISIBLE).strip() or not _storable(text):
                self._refuse(triplet, "empty", f"the {what} is empty")
                return False
            if len(text) > MAX_NAME:
                self._refuse(triplet, "too_long", f"the {what} has {len(text)} characters; {MAX_NAME} at most")
                return False
        if not snake(triplet.predicate):
            self._refuse(triplet, "empty", f"the predicate {triplet.predicate!r} has no word in it")
            return False
        for what, most in (
            ("subject_kind", MAX_NAME),
            ("object_kind", MAX_NAME),
            ("together", MAX_NAME),
            ("context", MAX_TEXT),
        ):
            text = getattr(triplet, what)
            if text is None:
                continue
            if not isinstance(text, str) or not _storable(text):
                self._refuse(triplet, "empty", f"{what} is no text that can be kept")
                return False
            if len(text) > most:
                self._refuse(triplet, "too_long", f"{what} has {len(text)} characters; {most} at most")
                return False
        return True

    def _linked(self, ids: Sequence[str], triplet: Triplet, row: EpisodeRow) -> tuple[int, ...]:
        """The known facts of these ids that the claim can bear on; the others are refused, the claim stands."""
        found = []
        for public in ids:
            fact = self._fact(public, triplet)
            if fact is None:
                continue
            if not self._bears_on(triplet, row, fact):
                self._refuse(triplet, "other_endpoint", f"the claim shares no end with {public!r} that could end it")
            elif not self.space.engine.quotes_required or speaking.bears_on(
                self.tx, self.vocabulary, triplet, row, fact
            ):
                found.append(fact.id)
            else:
                self._refuse(
                    triplet, "quote_not_found", f"the quote names nothing of the claim, nor what {public!r} is of"
                )
        return tuple(dict.fromkeys(found))

    def _fact(self, public: object, triplet: Triplet | None) -> FactRow | None:
        number = self.numbers.get(public) if isinstance(public, str) else None
        fact = self.known.get(number) if number is not None else None
        if fact is None:
            self._refuse(triplet, "unknown_fact", f"{public!r} was not among the known facts")
        return fact

    def _bears_on(self, triplet: Triplet, row: EpisodeRow, fact: FactRow) -> bool:
        """Under its predicate a shared subject or object; under another both ends, or the object as it was said."""
        name, swapped = self.vocabulary.read(triplet.predicate)
        said = [someone(triplet.subject, row.speaker), someone(triplet.object, row.speaker)]
        named = self.tx.named([entity_key(text, literal) for text in said for literal in (False, True)])
        ends = [{named[key].id for key in (entity_key(t), entity_key(t, True)) if key in named} for t in said]
        told = ends[1]
        if swapped:
            ends.reverse()
        subject, object_ = fact.subject in ends[0], fact.object in ends[1]
        crossed = fact.subject in ends[1] and fact.object in ends[0]
        if name == fact.predicate:
            return subject or object_ or crossed or (self.vocabulary.symmetric(name) and self._any(ends, fact))
        return object_ or crossed or not told.isdisjoint(speaking.objects_of(self.tx, self.vocabulary, fact))

    @staticmethod
    def _any(ends: list[set[int]], fact: FactRow) -> bool:
        return bool({fact.subject, fact.object} & (ends[0] | ends[1]))

    def _verdict(self, proposed: ProposedEnd | ProposedRetraction) -> Verdict | None:
        row = self._episode(proposed.episode, None)
        if row is None:
            return None
        fact = self._fact(proposed.fact_id, None)
        if fact is None:
            return None
        triplet = self._told(fact)
        at = None
        if isinstance(proposed, ProposedEnd) and proposed.at is not None:
            try:
                at = stated(proposed.at, "at")[0]
                _plausible(Times(valid_to=at), row.occurred_at)
            except InvalidTime as error:
                self._refuse(triplet, "bad_date", str(error))
                return None
        found, span = self._span(proposed.quote, row, triplet)
        if not found:
            return None
        kind = "end" if isinstance(proposed, ProposedEnd) else "retraction"
        quote = str(proposed.quote or "")
        needed = self.space.engine.quotes_required
        vague = needed and not speaking.names_object(self.tx, self.vocabulary, quote, fact, row)
        return Verdict(row, kind, fact, at, span, quote, vague)

    def _told(self, fact: FactRow) -> Triplet:
        names = self.tx.entities([fact.subject, fact.object])
        return Triplet(names[fact.subject].name, fact.predicate, names[fact.object].name)

    def definitions(self, proposed: Sequence[Predicate]) -> list[Predicate]:
        """The proposed definitions to apply; those that a person has to decide are kept as proposals."""
        known = [checked for one in proposed for checked in _recordable(one)]
        if self.space.engine.accept_predicates:
            return [self._of_new_names(p) for p in known if self.vocabulary.get(p.name) is None]
        for definition in known:
            body = json.dumps({"name": definition.name, **json.loads(definition_json(definition))})
            if ("predicate", body) not in self.proposed:
                self.tx.add_proposal("predicate", body, self._first(), self.space.actor)
        return []

    def _of_new_names(self, definition: Predicate) -> Predicate:
        """The definition without the names that mean something already: no guess takes a word from a predicate."""
        synonyms = tuple(word for word in definition.synonyms if self.vocabulary.get(word) is None)
        inverse = definition.inverse
        if inverse is not None and self.vocabulary.get(inverse) is not None:
            inverse = None
        return replace(definition, synonyms=synonyms, inverse=inverse)

    def keep_same_as(self, pairs: Sequence[tuple[str, str]], standing: list[EpisodeRow]) -> None:
        """Keep the names that may be one entity until a person decides; pairs that were split are not kept again."""
        apart = (
            {frozenset((row.keep, row.other)) for row in self.tx.identities() if row.kind == "split"}
            if pairs
            else set()
        )
        for one, other in pairs:
            if not _storable(one + other):
                continue
            rows = self.tx.named([entity_key(str(one)), entity_key(str(other))])
            ids = frozenset(row.id for row in rows.values())
            if len(ids) == 1 and len(rows) == 2:
                continue
            if ("same_as", json.dumps([one, other])) in self.proposed:
                continue
            if ids not in apart and all(0 < len(name) <= MAX_NAME for name in (one, other)):
                episode = _naming(standing, one, other)
                self.tx.add_proposal("same_as", json.dumps([one, other]), episode, self.space.actor)

    def _first(self) -> int | None:
        return next((row.id for row in self.episodes if row is not None), None)

    def give_back(self, refused: Sequence[Refused]) -> None:
        """Report what could not be written; sentences that state an erased value go from the episode too."""
        for one in refused:
            self._refuse(one.draft.triplet, one.reason, one.detail)
            if one.bar is not None and one.bar.verb == "erase":
                _redact_sentence(self.tx, one.draft, one.bar)


def _naming(episodes: Sequence[EpisodeRow], *names: str) -> int | None:
    """The first episode that names all of these, else the first that names most: a proposal goes with it."""
    named = {row.id: sum(bool(names_in(row.text, name)) for name in names) for row in episodes}
    return max(named, key=lambda number: named[number], default=None)


def _redact_sentence(tx: Writer, draft: Draft, bar: Bar) -> None:
    row = tx.episodes([draft.episode.id])[draft.episode.id]
    span = draft.span
    if span is None or row.text != draft.episode.text:
        span = find_quote(draft.triplet.quote, row.text) if draft.triplet.quote else None
    redact_refused(tx, row.id, [(span or (0, len(row.text)), draft.triplet.object)])


def _recordable(proposed: Predicate) -> list[Predicate]:
    """The definition as it would be recorded; none if `Memory.predicates.define` would refuse it."""
    try:
        return [
            checked_definition(
                proposed.name, proposed.cardinality, proposed.synonyms, proposed.inverse, proposed.symmetric
            )
        ]
    except InvalidInput:
        return []


def _storable(text: str) -> bool:
    return encodes(text) and "\x00" not in text


def _plausible(times: Times, said_at: int) -> None:
    for moment in (times.valid_from, times.valid_to, times.during_from, times.during_to, times.observed_at):
        if moment is not None and not EARLIEST <= moment <= said_at + PLAUSIBLE:
            raise InvalidTime("the date lies more than a hundred years after it was said")


def _write_verdict(
    tx: Writer, vocabulary: Vocabulary, verdict: Verdict, position: int, actor: str, beside: Written
) -> tuple[VerdictRow, set[int]]:
    row, span = verdict.episode, verdict.span or (None, None)
    number = tx.number()
    made = VerdictRow(
        number,
        verdict.kind,
        verdict.fact.id,
        verdict.at,
        row.occurred_at,
        row.recorded_at,
        position,
        None,
        actor,
        row.id,
        span[0],
        span[1],
        tx.recorded_at,
        None,
    )
    tx.add_verdict(made)
    if verdict.kind == "end":
        cancel(tx, vocabulary, verdict.fact.id, row.occurred_at, verdict.at, write_id("v", number), beside)
    return made, {verdict.fact.id}


def _learn_aliases(tx: Writer, vocabulary: Vocabulary, drafts: Sequence[Draft], written: Written, actor: str) -> None:
    """A name that speakers give themselves ("my name is Ann", "call me Annie") becomes an alias (DESIGN §5)."""
    stored = {(row.episode, row.position): row for row in written.claims}
    for draft in drafts:
        claim = stored.get((draft.episode.id, draft.position))
        if claim is None or claim.ended or vocabulary.read(draft.triplet.predicate) not in OWN_NAMES:
            continue
        speaker = draft.episode.speaker or USER
        if entity_key(someone(draft.triplet.subject, draft.episode.speaker)) != entity_key(speaker):
            continue
        _add_alias(tx, speaker, draft.triplet.object, draft.episode.id, actor)


def _add_alias(tx: Writer, speaker: str, alias: str, episode: int, actor: str) -> None:
    owner_key, key, text = entity_key(speaker), entity_key(alias), " ".join(alias.split())
    named = tx.named([owner_key, key])
    mine, other = named.get(owner_key), named.get(key)
    if mine is None or (other is not None and other.id == mine.id):
        return
    if other is not None:
        tx.add_proposal("same_as", json.dumps([speaker, text], ensure_ascii=False), episode, actor)
        return
    tx.add_identity(
        IdentityRow(tx.number(), "alias", mine.id, mine.id, key, text, episode, actor, None, tx.recorded_at)
    )
    tx.add_names([(key, mine.id, text)])
    known = json.loads(mine.aliases or "[]")
    tx.update_entity(mine._replace(aliases=json.dumps([*known, text], ensure_ascii=False)))
