"""A unit of work: the lock is held, what is read is kept, and what is written waits to go in one statement."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from typing import Any, Self

from triplemem.core.hints import Coming, Expected, Slot
from triplemem.core.identity import write_id
from triplemem.core.rows import (
    FactRow,
)
from triplemem.core.time import FactKey
from triplemem.ledger.numbers import Numbers
from triplemem.ports import ANY_END, MAX_ROWS
from triplemem.stores.neo4j import rows
from triplemem.stores.neo4j.kept import wanted
from triplemem.stores.neo4j.marker import refuse
from triplemem.stores.neo4j.pending import Pending
from triplemem.stores.neo4j.server import Run
from triplemem.stores.neo4j.view import View

SPACE_BITS = 44
MAX_BARS = 1000
"""With more digests in a namespace than these, each is asked for when it is needed."""
BY_ID = frozenset("named facts_by_ids entities_by_ids episodes_by_ids jobs_of_episodes barred".split())
"""Reads of what is kept under its own key as it now stands, changes that still wait included."""
BY_FACT = frozenset({"claims_of_facts", "verdicts_of_facts", "claims_linking", "believed"})
"""Reads of what was said or is believed of facts."""
BY_SLOT = frozenset({"facts_of_subject_and_predicate", "facts_of_object_and_predicate"})
"""Reads of the facts that one may conflict with: without limits, those that wait are added to what is found."""


FRESH = ("e_", "v_", "n_", "i_", "d_", "q_", "r_", "t_", "x_")
"""How the ids begin that no other transaction hands out: they tell whose work it was."""


class Unit(View):
    """The lock, the numbers and the changes that wait; a namespace is made with its secret when first written to."""

    def __init__(self, run: Run, path: str, now: int, token: str | None = None) -> None:
        super().__init__(run, path)
        self.now, self._token = now, token
        self.fresh: set[tuple[str, int]] = set()
        self._pending = Pending()
        self._bars_wait = False
        self._blank = False
        self._redraw: set[int] = set()
        self.mark: str | None = None
        self._words: dict[int, str | None] = {}

    def begin(self, expected: Expected, *, writing: bool = True) -> Self:
        """Take the lock and read what stands, with what is about to be asked for; returns itself.

        `Closed` if the namespace is closed to writers, or to readers where nothing is to be written.
        """
        fresh = {"secret": secrets.token_hex(32), "n": int.from_bytes(os.urandom(8), "big") >> (64 - SPACE_BITS)}
        values = {"fresh": fresh, "now": self.now, **wanted(expected)}
        record = self._run("write/open", {"namespace": self.path, **values})[0]
        refuse(record["space"], writing=writing)
        self._adopt(record)
        self.last = record["space"].get("token")
        self._blank = self.namespace.recorded_at == 0
        self._keep_expected(record, expected)
        self._all_bars = len(record["bars"]) <= MAX_BARS
        for digest, stone, scope, verb, bars, lifted_at in record["bars"] if self._all_bars else ():
            if lifted_at is None:
                key = bytes.fromhex(digest)
                self._barred.setdefault(key, []).append((key, rows.number(stone), scope, verb, bars))
        self._due = {rows.number(one) for one in record["due"]}
        self._hands = Numbers(self.now, self.namespace.recorded_at, self.namespace.number)
        self.recorded_at = self._hands.recorded_at
        return self

    def expect(self, coming: Callable[[], Coming]) -> None:
        """Fetch these facts, what may conflict with them and what was said of both, in one statement."""
        facts, slots = coming()
        wanted = [number for number, key in facts.items() if self._is_partly_known(number) and not self._is_fresh(key)]
        absent = facts if self._blank else facts.keys() - set(wanted)
        self._facts.update((number, None) for number in absent if number not in self._facts)
        open_ = [slot for slot in dict.fromkeys(slots) if slot not in self._slots]
        asked = [slot for slot in open_ if (slot.subject if slot.object is None else slot.object) not in self._fresh]
        if self._blank or not (wanted or asked):
            return
        subjects = [_slot_of(slot.predicate, slot.subject) for slot in asked if slot.subject is not None]
        objects = [_slot_of(slot.predicate, slot.object) for slot in asked if slot.object is not None]
        values = {"facts": rows.id_of("f", wanted), "subjects": subjects, "objects": objects}
        found = self._run("write/load", {"namespace": self.path, **values})
        self._facts.update((number, None) for number in wanted if number not in self._facts)
        self._slots.update((slot, []) for slot in asked)
        for record in found:
            row = self._keep_fat(record["fact"], record["subject"], record["object"])
            for slot in slots_of(row):
                if slot in asked:
                    self._slots[slot].append(row.id)
            if row.id not in self._stale:
                self._claims_of.setdefault(row.id, [rows.CLAIMS.read(one) for one in record["claims"]])
                self._verdicts_of.setdefault(row.id, [rows.VERDICTS.read(one) for one in record["verdicts"]])
                self._linking.setdefault(row.id, [rows.CLAIMS.read(one) for one in record["linking"]])
                self._moved.setdefault(row.id, [rows.FACTS.read(one) for one in record["moved"]])
        for slot in asked:
            self._slots[slot] = list(dict.fromkeys([*self._slots[slot], *self._made.get(slot, ())]))

    def _is_partly_known(self, number: int) -> bool:
        """Is a fact, or what was said of it, yet to be read?"""
        return number not in self._facts or (self._facts[number] is not None and number not in self._claims_of)

    def _is_fresh(self, key: FactKey | None) -> bool:
        """Is the fact of an entity that this transaction made? Then nothing is stored of it."""
        return key is not None and (key.subject in self._fresh or key.object in self._fresh)

    def tick(self) -> int:
        """The next recorded time: the later of the clock and the namespace's last one + 1 µs."""
        self.recorded_at = self._hands.tick()
        return self.recorded_at

    def outlive(self, recorded_at: int, number: int) -> None:
        """What is handed out from here on is later than these."""
        self._hands.outlive(recorded_at, number)
        self.recorded_at = self._hands.recorded_at

    def number(self) -> int:
        """A fresh random number, later than any before it in this namespace: rows written together stay together."""
        return self._hands.number()

    def adopt(self, secret: bytes) -> None:
        """Take over an exported namespace's key; only before anything is written."""
        self.namespace = self.namespace._replace(secret=secret)
        self._secrets[0] = secret

    def count(self, what: str, by: int = 1) -> None:
        """Add to one of the namespace's counters."""
        self.namespace = self.namespace._replace(**{what: getattr(self.namespace, what) + by})

    def landed(self, mark: str | None) -> bool:
        """Did an earlier run of the same write, which marked the namespace and made this node, land after all?"""
        return self.last == self._token or (mark is not None and bool(super()._ask("there", id=mark)))

    def _ask(self, name: str, **values: Any) -> Any:
        """Read after what was written, so that it is seen; what is asked for by its own id is kept as it now stands."""
        if self._pending and not self._seen_anyway(name, values):
            self._flush()
        if self._blank:
            return []
        return super()._ask(name, **values)

    def _seen_anyway(self, name: str, values: Mapping[str, Any]) -> bool:
        """Is what waits to be written part of the answer without being stored yet?"""
        if name in BY_SLOT:
            return bool(values["holding"] == ANY_END and values["limit"] == MAX_ROWS)
        if name == "barred" and self._bars_wait:
            return False
        return name in BY_ID or (name in BY_FACT and self._unchanged(values["ids"]))

    def _unchanged(self, facts: list[str]) -> bool:
        """Does nothing wait to be written that was said or is believed of these facts?"""
        return not self._all_stale and not any(rows.number(fact) in self._stale for fact in facts)

    def _forget(self) -> None:
        super()._forget()
        self._all_stale = False

    def _in_slot(self, predicate: str, subject: int | None, object_: int | None) -> list[FactRow]:
        key = Slot(predicate, subject, object_)
        if key not in self._slots and (object_ if subject is None else subject) in self._fresh:
            self._slots[key] = list(self._made.get(key, ()))
        return super()._in_slot(predicate, subject, object_)

    def _flush(self) -> None:
        """Send what waits, in one statement."""
        space = self.namespace._asdict() | {
            "secret": self.namespace.secret.hex(),
            "secrets": [one.hex() for one in self._secrets[1:]],
            "recorded_at": self.recorded_at,
            "number": self._hands.last,
            "token": self._token,
        }
        pending, self._pending = self._pending, Pending(self._pending)
        self.mark = self.mark or next((public for public in pending.created if public.startswith(FRESH)), None)
        self._blank = False
        self._stale.clear()
        self._all_stale = self._bars_wait = False
        self._run("write/flush", {"namespace": self.path, "space": space, **pending.values()})

    def _set(self, name: str, **values: Any) -> None:
        """Do what is said of many rows at once, after what waits."""
        self._flush()
        self._forget()
        self._run(f"write/{name}", {"namespace": self.path, **values})


def slots_of(row: FactRow) -> tuple[Slot, Slot]:
    """The two slots that a fact is in."""
    return Slot(row.predicate, row.subject, None), Slot(row.predicate, None, row.object)


def _slot_of(predicate: str, end: int) -> rows.Props:
    return {"predicate": predicate, "end": write_id("n", end)}
