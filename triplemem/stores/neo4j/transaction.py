"""One write transaction of one namespace: the ledger, what is derived from it, and the graph that people look at."""

from __future__ import annotations

from collections.abc import Iterable

from triplemem.core.identity import write_id
from triplemem.core.instants import FOREVER, NOW, START_UNKNOWN
from triplemem.core.rows import (
    FactRow,
    PeriodRow,
)
from triplemem.ledger.wording import worded
from triplemem.stores.neo4j import rows
from triplemem.stores.neo4j.drawing import drawn, due, label_of
from triplemem.stores.neo4j.unit import slots_of
from triplemem.stores.neo4j.view import vector_of
from triplemem.stores.neo4j.words import stems
from triplemem.stores.neo4j.writes import Writes


class Transaction(Writes):
    """Reads and writes of one namespace."""

    def finish(self) -> None:
        """Write what waits, with what is drawn, and the namespace's own row."""
        self._draw()
        self._flush()

    # derived rows

    def add_facts(self, rows_: Iterable[FactRow]) -> None:
        """Store new facts."""
        for row in rows_:
            public = write_id("f", row.id)
            if row.id not in self._stale:  # else something was said of it before it was there
                self._claims_of.setdefault(row.id, [])
                self._verdicts_of.setdefault(row.id, [])
                self._linking.setdefault(row.id, [])
            self._moved[row.id], self._believed[row.id] = [], []
            self._keep_fact(row)
            for key in slots_of(row):
                self._made.setdefault(key, []).append(row.id)
                if key in self._slots:
                    self._slots[key] = [*self._slots[key], row.id]
            self._pending.create(public, rows.FACTS.props(row, self.path), ["Fact", label_of(row, self.recorded_at)])
            self._pending.link(("subject", public), public, "SUBJECT", write_id("n", row.subject))
            self._pending.link(("object", public), public, "OBJECT", write_id("n", row.object))
            self._redraw.add(row.id)

    def _keep_fact(self, row: FactRow) -> None:
        before = self._facts.get(row.id)
        self._facts[row.id] = row
        if row.moved_to != (before.moved_to if before else None):
            self._moved.clear()

    def update_facts(self, rows_: Iterable[FactRow]) -> None:
        """Write what is derived of facts."""
        for row in rows_:
            public = write_id("f", row.id)
            before = self._facts.get(row.id)
            self._keep_fact(row)
            if before is None or (before.holds_to, *before[7:9]) != (row.holds_to, *row[7:9]):
                self._redraw.add(row.id)
            columns = ("holds_to", "support", "indexed", "rejected", "moved_to")
            values = {n: None if (v := getattr(row, n)) is None else rows.FACTS.value(n, v) for n in columns}
            self._pending.change(public, values)

    def remove_fact(self, number: int) -> None:
        """Erase a fact, every belief about it, and the links of records to it."""
        public = write_id("f", number)
        row = self.facts([number])[number]
        self._pending.undraw(public, write_id("n", row.subject), write_id("n", row.object))
        self._believed[number] = []
        self._keep_gone(number)
        self._pending.drop(public)

    def _keep_gone(self, number: int) -> None:
        row = self._facts.get(number)
        self._facts[number] = None
        self._redraw.discard(number)
        self._moved.clear()
        for key, there in self._slots.items():
            if number in there:
                self._slots[key] = [one for one in there if one != number]
        if row is not None:
            for key in slots_of(row):
                if key in self._made:
                    self._made[key] = [one for one in self._made[key] if one != number]

    def remove_periods(self, fact: int) -> None:
        """Take away every belief about a fact, to derive them anew."""
        for key in [key for key in self._pending.stopped if key[0] == fact]:
            del self._pending.stopped[key]
        self._pending.unlink(write_id("f", fact), ["HELD"])
        self._believed[fact] = []
        self._redraw.add(fact)

    def believe(self, rows_: Iterable[PeriodRow]) -> None:
        """Store periods believed from their ``system_from`` on."""
        for row in rows_:
            self._store_period(row, rows.period_props(row), FOREVER)

    def import_period(self, row: tuple[int, int, int, int, int, int | None]) -> None:
        """Store a belief as it was recorded elsewhere."""
        fact, system_from, valid_from, valid_to, system_to, successor = row
        props = rows.held(valid_from, valid_to, system_from, system_to, successor)
        self._store_period(PeriodRow(fact, valid_from, valid_to, successor, system_from), props, system_to)

    def _store_period(self, row: PeriodRow, props: rows.Props, system_to: int) -> None:
        self._redraw.add(row.fact)
        if row.fact not in self._believed:
            self._stale.add(row.fact)
        elif system_to == FOREVER:
            self._believed[row.fact] = [*self._believed[row.fact], row]
        target = write_id("n", self.facts([row.fact])[row.fact].object)
        key = ("held", row.fact, row.system_from, row.valid_from)
        self._pending.link(key, write_id("f", row.fact), "HELD", target, props)

    def stop_believing(self, rows_: Iterable[PeriodRow]) -> None:
        """Close periods: ``system_to`` is the only column ever updated."""
        for row in rows_:
            self._redraw.add(row.fact)
            if row.fact in self._believed:
                self._believed[row.fact] = [one for one in self._believed[row.fact] if one != row]
            else:
                self._stale.add(row.fact)
            key = (row.fact, row.system_from, row.valid_from)
            waiting = self._pending.linked.get(("held", *key))
            if waiting is not None:
                waiting["props"]["system_to"] = self.recorded_at
                continue
            start = None if row.valid_from == START_UNKNOWN else row.valid_from
            stop = {"fact": write_id("f", row.fact), "system_from": row.system_from, "valid_from": start}
            self._pending.stopped[key] = {**stop, "system_to": self.recorded_at}

    def index_words(self, number: int, text: str) -> None:
        """Make the tokens of a text findable."""
        if text:
            self._set_words(number, text, stems(text))

    def unindex_words(self, number: int, text: str) -> None:
        """Take the tokens of a text out of the index again; they must be those that went in."""
        if text and self._words.get(number) in (None, stems(text)):
            self._set_words(number, text, None)

    def _set_words(self, number: int, text: str, words: str | None) -> None:
        self._words[number] = words
        self._change_node("episode" if text[len(str(self.namespace.n))] == "e" else "fact", number, {"words": words})

    def _change_node(self, kind: str, number: int, values: rows.Props) -> None:
        self._pending.change(write_id(kind[0], number), values)

    def put_vector(self, kind: str, number: int, embedding: bytes) -> None:
        """Store an embedding as float32 bytes."""
        self._change_node(kind, number, {"embedding": vector_of(embedding)})

    def remove_vector(self, kind: str, number: int) -> None:
        """Erase an embedding."""
        self._change_node(kind, number, {"embedding": None})

    # what is drawn

    def redraw(self) -> None:
        """Draw every fact anew, and join again what has come apart."""
        self._set("undraw")
        joins = [record.data() for record in self._ask("unjoined")]
        if joins:
            self._set("rejoin", joins=joins)
        self._redraw.update(row.id for row in self.facts_about())

    def _draw(self) -> None:
        """Draw anew what changed, and what the clock changed since the last write; time does not go back here."""
        wanted = self.facts(self._redraw | self._due)
        periods = self.believed(wanted, NOW)
        entities = self.entities({end for row in wanted.values() for end in (row.subject, row.object)})
        for number, row in wanted.items():
            held = periods.get(number, [])
            picture, label = drawn(row, held, self.recorded_at), label_of(row, self.recorded_at)
            names = entities[row.subject].name, entities[row.object].name
            public = write_id("f", number)
            values = {
                "text": worded(names[0], row.predicate, names[1]),
                "drawn": picture and picture.type,
                "due": due(row, held, self.recorded_at),
            }
            self._pending.change(public, values, drop=("Current", "Past"), add=[label])
            subject, object_ = write_id("n", row.subject), write_id("n", row.object)
            self._pending.undraw(public, subject, object_)
            if picture is not None:
                self._pending.link(("drawn", public), subject, picture.type, object_, picture.props)
