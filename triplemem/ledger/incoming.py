"""An export read back: rows checked, renumbered where their ids are taken, and everything derived again.

Into a namespace that nothing was written to, the export's key is adopted, and every id stays what it was. Into one that
holds something, entities meet by their names, facts by what they are about; tombstones of both sides hold. A prompt
that was taught different things on both sides gets a version that has both.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from triplemem.core.bodies import check_body
from triplemem.core.identity import LITERAL, entity_key, fact_number, names_at, owner, write_id
from triplemem.core.instants import FOREVER
from triplemem.core.namespaces import parse
from triplemem.core.prompts import PROMPT
from triplemem.core.records import SUMMARY
from triplemem.core.rows import (
    NEVER,
    NOWHERE,
    ClaimRow,
    EntityRow,
    EpisodeRow,
    EventRow,
    FactRow,
    IdentityRow,
    JobRow,
    RecordRow,
    TombstoneRow,
    VerdictRow,
    span_of,
    was_cut,
)
from triplemem.core.text import spoken_in
from triplemem.ledger.bars import RULE, names_of, record_barred, value_barred
from triplemem.ledger.enforcing import (
    barred_of,
    take_out_episodes,
    take_out_facts,
    take_out_lone,
    take_out_names,
    take_out_words,
)
from triplemem.ledger.lines import Barred, Definition, FactLine, JobLine, Name, Proposal, RecordLine, checked
from triplemem.ledger.records import store_record
from triplemem.ledger.redact import episode_words, kept, kept_reason, moved_claim, moved_quote
from triplemem.ledger.replay import differing_names, lead_names, replay, whole_ledger, write_derived
from triplemem.ledger.reuniting import reunite
from triplemem.ledger.sense import Senses
from triplemem.ports import Writer

FORMAT = 1


class Incoming:
    """Takes the lines of one export, in their order; `finish` derives and tidies up."""

    def __init__(self, tx: Writer, senses: Senses, actor: str) -> None:
        self.tx, self.senses, self.actor = tx, senses, actor
        self.fresh = _untouched(tx)
        self.complete = False
        self._head: dict[str, Any] | None = None
        self._rows = 0
        self._new = 0
        self._last = self._top = 0
        self._once: set[tuple[object, ...]] = set()
        self._foreign: list[bytes] = []
        there = [] if self.fresh else tx.all_entities()
        self._own = {entity_key(entity.name, entity.kind == LITERAL): entity.id for entity in there}
        self._entities: dict[int, int] = {}
        self._facts: dict[int, int] = {}
        self._episodes: dict[int, int] = {}
        self._known_episodes: set[int] = set()
        self._barred_episodes: set[int] = set()
        self._cut: dict[int, tuple[str, str]] = {}  # by episode that stands otherwise: the text as it came, and here
        self._stones: dict[int, int] = {}
        self._new_stones: set[int] = set()
        self._rule_stones: set[int] = set()
        self._new_identities = False
        self._merged = {} if self.fresh else names_at(there, tx.identities(), FOREVER)[1]
        self._barred_records: set[int] = set()
        self._versions: dict[str, set[int]] = {}  # of each prompt, those that came
        self._new_versions: set[int] = set()
        self._added_facts: set[int] = set()
        self._erased: dict[int, bool] = {}  # by fact: does an erasure of this side bar it?
        self._left_out: dict[int, set[int]] = {}  # by fact: the episodes whose evidence for it did not come in
        self._take: dict[str, Callable[[Any], None]] = {
            "entity": self._entity,
            "name": self._name,
            "identity": self._identity,
            "predicate": self._predicate,
            "fact": self._fact,
            "episode": self._episode,
            "claim": self._claim,
            "verdict": self._verdict,
            "tombstone": self._tombstone,
            "barred": self._bar,
            "event": self._event,
            "proposal": self._proposal,
            "record": self._record,
            "job": self._job,
        }

    def take(self, line: dict[str, Any]) -> None:
        """One line; `ValueError` says what is wrong with it."""
        kind = line.get("kind")
        if self._head is None:
            self._header(line)
        elif self.complete:
            raise ValueError("there is more after the last line of the export")
        elif kind == "end":
            if line.get("rows") != self._rows:
                raise ValueError(f"the export had {line.get('rows')} rows; {self._rows} were read")
            self.complete = True
        elif isinstance(kind, str) and kind in self._take:
            row = checked(kind, line.get("row"))
            self._first_time(kind, row)
            self._take[kind](row)
            self._rows += 1
        else:
            raise ValueError(f"unknown kind of line {kind!r}")

    def _header(self, line: dict[str, Any]) -> None:
        if line.get("kind") != "triplemem":
            raise ValueError("not an export of triplemem: the first line has to say so")
        if line.get("format") != FORMAT:
            raise ValueError(f"an export of format {line.get('format')!r}; this triplemem reads {FORMAT}: upgrade it")
        self._head = line
        parse(str(line.get("namespace", "")))
        given: object = line.get("secrets", [])
        if not isinstance(given, list):
            raise ValueError("the keys of the export are not a list")  # noqa: TRY004 - told with its line
        secrets = [bytes.fromhex(str(secret)) for secret in given]
        if any(len(secret) != 32 for secret in secrets):
            raise ValueError("a key of the export is not 32 bytes long")
        if secrets and self.fresh:
            self.tx.adopt(secrets[0])
            secrets = secrets[1:]
        for secret in secrets:
            if secret not in self.tx.secrets():
                self.tx.add_secret(secret)
                self._foreign.append(secret)

    @property
    def erases(self) -> bool:
        """May words have gone that were here, or that came with the export? Not by what was only rejected."""
        if not self._new or self.fresh or not self.tx.namespace.tombstones:
            return False
        return any(stone.verb == "erase" for stone in self.tx.tombstones())

    def finish(self) -> None:
        """Derive everything again; what a tombstone of either side bars goes."""
        tx = self.tx
        assert self._head is not None
        tx.outlive(self._last, self._top)
        tx.tick()
        if not self._new:
            return
        if not self.fresh and self._new_identities:
            lead_names(tx)
        if wrong := differing_names(tx):
            raise ValueError(f"the export is not sound: {wrong[0]}")
        ledger = whole_ledger(tx)
        derived = replay(tx, self.senses, ledger)
        if any((claim.episode, claim.n) not in derived.fact_of for claim in ledger.claims):
            raise ValueError("the export is not sound: a claim names something that no entity is called")
        write_derived(tx, derived, ledger)
        self._enforce_erasures()
        if not self.fresh:
            self._reunite()
            tx.add_event("added", self.actor, cause="import", reason=f"{self._new} rows of an export")

    def _reunite(self) -> None:
        """Prompts that versions came of; and, where rules were rejected there, every prompt."""
        struck = self._rule_stones & self._new_stones
        names = [name for name, came in self._versions.items() if not came.isdisjoint(self._new_versions)]
        names += [row.name for row in self.tx.records(PROMPT)] if struck else []
        for name in dict.fromkeys(names):
            reunite(self.tx, self.actor, name, self._versions.get(name, ()), self._new_versions, struck)

    def _enforce_erasures(self) -> None:
        """What either side erased goes, wherever it stands; what came of it is not left by itself."""
        tx = self.tx
        if not self.erases:
            return
        for fact, episodes in self._left_out.items():
            take_out_words(tx, fact, episodes)
        if self._new_stones:
            take_out_episodes(tx, self.senses, self._new_stones, set(self._episodes.values()))
        take_out_facts(tx, self.senses)
        if self._barred_episodes or any(self._erased.values()):
            take_out_lone(tx, self.senses, self._added_facts)
        take_out_names(tx, None if self._new_stones else set(self._episodes.values()) - self._known_episodes)

    def _is_erased(self, fact: int) -> bool:
        """Was the value erased here?"""
        if fact not in self._erased:
            self._erased[fact] = False
            if self.tx.namespace.tombstones and not self.fresh and (row := self.tx.facts([fact]).get(fact)):
                names = self.tx.entities([row.subject, row.object])
                ends = [(names[end], names[end].name) for end in (row.subject, row.object)]
                bar = value_barred(self.tx, self.senses.now(self.tx), ends[0], row.predicate, ends[1])
                self._erased[fact] = bar is not None and bar.verb == "erase"
        return self._erased[fact]

    def _leave_out(self, row: ClaimRow | VerdictRow, fact: int, episode: int | None) -> bool:
        """No evidence for what was erased here comes in whose sentence is gone already."""
        if (
            episode is None
            or not self._is_erased(fact)
            or not (was_cut(row) or self._went_unquoted(row, fact, episode))
        ):
            return False
        self._left_out.setdefault(fact, set()).add(episode)
        return True

    def _went_unquoted(self, row: ClaimRow | VerdictRow, fact: int, episode: int) -> bool:
        """Does it quote nothing of a text that was cut here, and in which nothing names the fact's object any more?"""
        before, after = self._cut.get(episode, ("", ""))
        if before == after or span_of(row) is not None:
            return False
        object_ = self.tx.facts([fact])[fact].object
        said = [row.object] if isinstance(row, ClaimRow) else []
        return not any(spoken_in(after, name) for name in names_of(self.tx.entities([object_])[object_], *said))

    def _first_time(self, kind: str, row: Any) -> None:
        """A row that stands in the export twice is a broken export."""
        if kind == "barred":
            return
        name = (kind, *(row[:2] if kind in ("claim", "event") else row[:1]))
        if name in self._once:
            raise ValueError(f"this {kind} stands in the export twice")
        self._once.add(name)

    # one kind after another

    def _seen(self, recorded_at: int, number: int = 0) -> None:
        """A row that is new here; numbers handed out from here on are later than its own."""
        self._new += 1
        self._top = max(self._top, number)
        self._last = max(self._last, recorded_at)

    def _number(self, wanted: int, taken: bool) -> int:
        if taken:
            return self.tx.number()
        self._top = max(self._top, wanted)
        return wanted

    def _entity(self, row: EntityRow) -> None:
        key = entity_key(row.name, row.kind == LITERAL)
        known = self._own.get(key)  # also where its name leads elsewhere since, by a merge
        if known is None and (named := self.tx.named([key]).get(key)) is not None:
            known = named.id
        if known is not None:
            self._entities[row.id] = known
            return
        number = self._number(row.id, bool(self.tx.entities([row.id])))
        self._entities[row.id] = number
        merged = None if row.merged is None else self._entities.get(row.merged, row.merged)
        self.tx.add_entities([row._replace(id=number, merged=merged)])
        self._seen(row.recorded_at)

    def _name(self, row: Name) -> None:
        key, entity, text = row
        if key not in self.tx.named([key]):
            self.tx.add_names([(key, self._of(self._entities, entity, "entity"), text)])

    def _identity(self, row: IdentityRow) -> None:
        if not self.fresh and any(row.id == known.id for known in self.tx.identities()):
            return
        keep, other = self._of(self._entities, row.keep, "entity"), self._of(self._entities, row.other, "entity")
        if row.kind == "merge" and owner(keep, self._merged) == owner(other, self._merged):
            return  # merged here already, whichever was kept
        self.tx.add_identity(row._replace(keep=keep, other=other, reason=kept_reason(self.tx, row.reason)))
        self._new_identities = True
        if row.kind == "merge":
            self._merged[other] = keep
        elif row.kind == "split":
            self._merged.pop(other, None)
        self._seen(row.recorded_at, row.id)

    def _predicate(self, row: Definition) -> None:
        json.loads(row[2])
        if self.fresh or all(row[0] != known[0] for known in self.tx.predicates()):
            self.tx.import_predicate(row)
            self._seen(row[4], row[0])

    def _fact(self, row: FactLine) -> None:
        number, subject, predicate, object_, recorded_at = row
        subject, object_ = self._of(self._entities, subject, "entity"), self._of(self._entities, object_, "entity")
        mine = fact_number(self.tx.namespace.secret, subject, predicate, object_)
        self._facts[number] = mine
        if not self.tx.facts([mine]):
            self.tx.add_facts([FactRow(mine, subject, predicate, object_, NEVER, 0, NOWHERE, None, None, recorded_at)])
            self.tx.fresh.add(("fact", mine))
            self._added_facts.add(mine)
            self._seen(recorded_at)

    def _episode(self, row: EpisodeRow) -> None:
        known = self.tx.episodes([row.id]).get(row.id)
        if known is None or known.identity != row.identity:
            same = self.tx.episodes_by_identity([row.identity]).get(row.identity)
            known = same or (known if known and known == row else None)
        if known is not None and known.identity == row.identity:
            self._episodes[row.id] = known.id
            self._known_episodes.add(known.id)
            self._compare(row, known)
            return
        if barred_of(self.tx, row) is not None:
            self._barred_episodes.add(row.id)
            return
        number = self._number(row.id, bool(self.tx.episodes([row.id])))
        self._episodes[row.id] = number
        replaced = None if row.replaced_by is None else self._episodes.get(row.replaced_by, row.replaced_by)
        left = kept(self.tx, row)  # its speaker and metadata go when all that rests on them is known: see `finish`
        stored = row._replace(id=number, text=left.text, redacted=left.redacted, replaced_by=replaced)
        self._compare(row, stored)
        self.tx.add_episodes([stored])
        self.tx.fresh.add(("episode", stored.id))
        self.tx.index_words(number, episode_words(self.tx, stored))
        self._seen(row.recorded_at)

    def _compare(self, came: EpisodeRow, here: EpisodeRow) -> None:
        if (came.text, came.speaker) != (here.text, here.speaker):
            self._cut[here.id] = (came.text, here.text)

    def _claim(self, row: ClaimRow) -> None:
        if row.episode in self._barred_episodes:
            return
        episode = self._of(self._episodes, row.episode, "episode")
        fact = self._of(self._facts, row.fact, "fact")
        if episode in self._cut:
            row = moved_claim(row, *self._cut[episode])
        if self._leave_out(row, fact, episode):
            return
        known = self.tx.claim(episode, row.n) if episode in self._known_episodes else None
        if known is not None:
            if known.retracted_at is None and row.retracted_at is not None:
                self.tx.retract_claim(known, row.retracted_by)
                self._seen(row.recorded_at)
            return
        links = json.loads(row.links) if row.links else {}
        links = {what: [self._facts.get(n, n) for n in facts] for what, facts in links.items()}
        stored = row._replace(episode=episode, fact=fact, links=json.dumps(links) if links else None)
        self.tx.add_claims([stored])
        self.tx.add_links((target, episode, row.n) for targets in links.values() for target in dict.fromkeys(targets))
        self._seen(max(row.recorded_at, row.retracted_at or 0))

    def _verdict(self, row: VerdictRow) -> None:
        if row.episode in self._barred_episodes:
            return
        fact = self._of(self._facts, row.fact, "fact")
        episode = None if row.episode is None else self._of(self._episodes, row.episode, "episode")
        if episode in self._cut:
            row = moved_quote(row, *self._cut[episode])
        if self._leave_out(row, fact, episode):
            return
        row = row._replace(fact=fact, episode=episode, reason=kept_reason(self.tx, row.reason))
        known = self.tx.verdict(row.id)
        if known is not None and _as_said(known) == _as_said(row):
            if known.retracted_at is None and row.retracted_at is not None:
                self.tx.retract_verdict(known.id)
                self._seen(row.recorded_at)
            return
        self.tx.add_verdict(row._replace(id=self._number(row.id, known is not None)))
        self._seen(max(row.recorded_at, row.retracted_at or 0))

    def _tombstone(self, row: TombstoneRow) -> None:
        known = {} if self.fresh else {stone.id: stone for stone in self.tx.tombstones()}
        there = known.get(row.id)
        if there is not None and there.recorded_at == row.recorded_at:
            self._stones[row.id] = row.id
            if there.lifted_at is None and row.lifted_at is not None:
                self.tx.lift_tombstone(row.id, row.lifted_at)
                self._seen(row.lifted_at)
            return
        number = self._number(row.id, there is not None)
        self._stones[row.id] = number
        self._new_stones.add(number)
        fact = None if row.fact is None else self._facts.get(row.fact)
        self.tx.add_tombstone(row._replace(id=number, fact=fact, reason=kept_reason(self.tx, row.reason)))
        self._seen(max(row.recorded_at, row.lifted_at or 0))

    def _bar(self, row: Barred) -> None:
        stone = self._of(self._stones, row[1], "tombstone")
        if row[2] == RULE:
            self._rule_stones.add(stone)
        self.tx.bar([(bytes.fromhex(row[0]), stone, row[2], row[3])])

    def _event(self, row: EventRow) -> None:
        fact = None if row.fact is None else self._facts.get(row.fact)
        if not self.fresh and any(row.id == known.id for known in self.tx.events(row.at, row.at + 1)):
            return
        self.tx.import_event(row._replace(fact=fact, reason=kept_reason(self.tx, row.reason)))
        self._seen(row.at, row.id)

    def _proposal(self, row: Proposal) -> None:
        there = not self.fresh and any(row[0] == known[0] for known in self.tx.proposals())
        if there or row[3] in self._barred_episodes:
            return
        episode = None if row[3] is None else self._episodes.get(row[3])
        self.tx.import_proposal((row[0], row[1], row[2], episode, row[4], row[5]))
        self._seen(row[5], row[0])

    def _record(self, row: RecordLine) -> None:
        """A record, without what an erasure here bars: what rests on a barred episode does not come, nor what names it.

        Its number is what others name it by, in their bodies too, so it is kept.
        """
        record, linked = RecordRow(*row[:6]), row[6]
        check_body(record.kind, record.body)
        if record.kind == PROMPT:
            self._versions.setdefault(record.name, set()).add(record.id)
        known = None if self.fresh else self.tx.records_by_ids([record.id]).get(record.id)
        if known is not None:
            if (known.kind, known.recorded_at) != (record.kind, record.recorded_at):
                raise ValueError(f"another record has the id {write_id('r', record.id)}")
            return
        barred = {"episode": self._barred_episodes, "record": self._barred_records}
        rests = any(target in barred.get(what, ()) for what, target in linked)
        if record.kind == SUMMARY:  # it is made anew, of the turns as they stand here
            rests |= any(what == "episode" and self._episodes.get(target) in self._cut for what, target in linked)
        if rests or record_barred(self.tx, record.name):
            self._barred_records.add(record.id)
            return
        maps = {"episode": self._episodes, "fact": self._facts}
        links = [(what, self._of(maps[what], n, what) if what in maps else n) for what, n in linked]
        store_record(self.tx, record, links)
        if record.kind == PROMPT:
            self._new_versions.add(record.id)
        self._seen(record.recorded_at, record.id)

    def _job(self, row: JobLine) -> None:
        number, state, attempts, error, not_before = row
        episode = self._episodes.get(number)
        if episode is not None and episode not in self._known_episodes:
            self.tx.put_jobs([JobRow(episode, state, attempts, error, not_before, None, None)])

    @staticmethod
    def _of(known: dict[int, int], number: int, what: str) -> int:
        if number not in known:
            raise ValueError(f"it names {what} {write_id(what[0], number)}, which no line before it has")
        return known[number]


def _as_said(row: VerdictRow) -> VerdictRow:
    """An end or a retraction without what may have become of it since."""
    return row._replace(retracted_at=None, quote_from=None, quote_to=None, reason=None)


def _untouched(tx: Writer) -> bool:
    """Has nothing ever been written here?"""
    return tx.namespace.recorded_at == 0
