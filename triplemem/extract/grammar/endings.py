"""What is over though its object is not named, who replaced whom, and further ways to leave."""

from __future__ import annotations

from triplemem.extract.grammar import complements, departures, giving, gone, succession, swaps, undone, withdrawn
from triplemem.extract.grammar.clause import Clause, is_time
from triplemem.extract.grammar.gazetteer import SOCIETIES, is_known_firm, is_known_place
from triplemem.extract.grammar.inflection import FORMS
from triplemem.extract.grammar.nouns import GROUPS, PROJECTS, ROLE_OF, SCHOOLS, TIES, TOOLS
from triplemem.extract.grammar.objects import Object, goods, is_role, organization, person, unit
from triplemem.extract.grammar.phrases import Noun, at, read_noun
from triplemem.extract.grammar.times import times_of, units_of
from triplemem.extract.grammar.tokens import PUNCT, TIME
from triplemem.extract.grammar.trailing import trailing
from triplemem.extract.grammar.verbs import Verb
from triplemem.extract.grammar.words import ARTICLES, POSSESSIVES

_END = frozenset({"end"})
_EVENT = frozenset({"event"})
_JOBS = frozenset("job jobs work position post".split())
_FIRMS = frozenset("company firm startup start-up employer business agency".split())
_AWAY = frozenset(
    "home house office room party building table meeting school early town country call stage message voicemail "
    "note door keys phone bag mess".split()
)
_POLITICS = frozenset(
    """green labour labor conservative tory liberal democratic republican communist socialist reform pirate national
    libertarian workers people's christian social left progressive centre center unity justice freedom""".split()
)
"""What a party is called that is no feast."""
_BOARDS = frozenset("committee board panel council jury".split())
_COUPLE = ("dating", "engaged_to", "married_to")
_LAUGHING = frozenset("laughing giggling crying sobbing howling".split())
_BEINGS = frozenset("works_at works_as leads studies_at".split())


def read(clause: Clause, verb: Verb) -> int | None:
    """Claim or propose what this verb ends; None if it is not one of these verbs."""
    reader = {
        "leave": _leave, "quit": _leave, "resign": _resign, "retire": _retire, "step": _step_down, "fire": _dismissed,
        "sack": _dismissed, "dismiss": _dismissed, "expel": _dismissed, "kick": _kicked_out, "throw": _kicked_out,
        "lay": _dismissed, "let": _dismissed, "replace": succession.replaced, "succeed": succession.replaced,
        "break": _part, "split": _part, "divorce": _part, "separate": _part, "get": _got,
        "take": succession.took_over, "die": _died, "pass": _died, "lose": _lost, "give": _give_away,
        "donate": _give_away, "finish": undone.finished, "swap": swaps.traded, "trade": swaps.traded,
        "ditch": swaps.ditched, "drop": _drop, "move": undone.moved_out, "sell": undone.sold_it,
        "part": withdrawn.parted, "call": withdrawn.called_off, "cancel": _cancel, "end": _cancel,
        "bring": complements.rescheduled,
    }.get(verb.lemma)  # fmt: skip
    if reader is None or verb.modal or verb.negated:
        return None
    if any(word.low in {"temporarily", "briefly"} for word in clause.words[verb.start : verb.stop]):
        return verb.stop
    return reader(clause, verb)


def _end_known(clause: Clause, verb: Verb, stop: int, *predicates: str, many: bool = False) -> None:
    """End the one fact that the words can mean; of several, none, for it is not clear which."""
    times = times_of(verb, _END, clause.times, clause.reading.now.date())
    if times is None or len(clause.subjects) != 1:
        return
    who = clause.who(clause.subjects[0])
    facts = clause.reading.known.of(who[0], *predicates) if who else []
    if len(facts) == 1 or many:
        for fact in facts:
            clause.reading.end(fact, clause.quote(stop), times.get("valid_to"))


def _leave(clause: Clause, verb: Verb) -> int | None:
    words = clause.words
    noun = read_noun(words, verb.stop)
    if noun is None:
        alone = verb.stop >= len(words) or words[verb.stop].kind in {PUNCT, TIME} or at(words, verb.stop) == "after"
        if verb.lemma == "quit" and alone:
            stop = trailing(clause, verb.stop)
            if not _after_years(clause, verb, stop):
                _end_known(clause, verb, stop, "works_at")
            return stop
        return verb.stop
    if verb.lemma == "quit" and (dropped := withdrawn.quit_school(clause, verb, noun)):
        return dropped
    if verb.lemma == "quit" and len(noun.words) > 1 and noun.words[0].low.endswith("ing") and noun.head not in GROUPS:
        return noun.stop  # "quit teasing Marco"
    if departures.came_back(words, verb.stop) or departures.is_outing(words, verb.stop):
        return noun.stop
    if departures.for_a_while(words, verb.stop) or giving.thing(words, verb.stop, verb.lemma) > verb.stop:
        return noun.stop
    if verb.lemma == "leave" and (parted := withdrawn.left_partner(clause, verb, noun)):
        return parted
    if (
        at(words, noun.stop) == "for"
        and (after := read_noun(words, noun.stop + 1)) is not None
        and after.proper
        and verb.lemma == "leave"
    ):
        return _left_for(clause, verb, noun, after)
    stop = trailing(clause, noun.stop)
    if not clause.persons():
        return stop
    _left(clause, verb, noun, stop)
    return stop


def _left(clause: Clause, verb: Verb, noun: Noun, stop: int) -> None:
    if noun.head in _JOBS or (noun.head in _FIRMS and not noun.names and not any(w.capital for w in noun.words)):
        at_company = at(clause.words, noun.stop) in {"at", "with"} and read_noun(clause.words, noun.stop + 1)
        if at_company and at_company.proper:
            found = organization(at_company, clause.reading)
            if found:
                clause.say(verb, "works_at", [found], stop, flags=_END)
            return
        if noun.det in {"my", "his", "her", "the", "their", "our", ""}:
            _end_known(clause, verb, stop, "works_at")
        return
    if departures.is_common_workplace(noun):
        _left_workplace(clause, verb, noun, stop)
        return
    political = noun.head == "party" and noun.proper and noun.words[0].low in _POLITICS
    if noun.pronoun or (noun.head in _AWAY and not political) or noun.head in TIES or noun.owner:
        return
    found = organization(noun, clause.reading)
    if found is None or not (
        noun.proper or any(w.capital for w in noun.words) or noun.head in GROUPS or noun.head in PROJECTS
    ):
        return
    relation = _left_what(clause, noun, found.text)
    if relation:
        clause.say(verb, relation, [Object(found.text)], stop, flags=_END)


def _left_workplace(clause: Clause, verb: Verb, noun: Noun, stop: int) -> None:
    """As in "quit the bakery"; who "left the bakery" may have bought bread, unless one is known to work there."""
    today = any(unit is not None and (unit.after - unit.first).days == 1 for unit in units_of(clause.times))
    known = clause.reading.known.find(_name(clause), "works_at", noun.text) is not None and not today
    student = verb.lemma == "quit" and noun.head in SCHOOLS
    if known or not (student or verb.lemma in {"leave", "let"}):  # "the police let me go"
        clause.say(verb, "works_at", [Object(noun.text)], stop, flags=_END)


def _left_what(clause: Clause, noun: Noun, text: str) -> str:
    """Which relation ends when somebody leaves it: the one that is known, else what the noun suggests, if it does."""
    who = clause.who(clause.subjects[0])
    known = (
        [f.predicate for f in clause.reading.known.of(who[0]) if f.object.name.lower() == text.lower()] if who else []
    )
    for predicate in ("works_at", "member_of", "lives_in", "studies_at", "staying_in", "works_on"):
        if predicate in known:
            return predicate
    if noun.head in GROUPS | SOCIETIES:
        return "member_of"
    if noun.head in PROJECTS:
        return "works_on"
    if departures.is_no_employer(clause.words, noun) or departures.is_trip(clause.words, noun):
        return ""
    if is_known_place(text.lower()):
        firm = any(is_known_firm(subject.text.lower()) for subject in clause.subjects if subject.words)
        sure = is_known_place(text.lower(), ending=False) and not (firm or departures.within_a_week(clause.times))
        return "lives_in" if sure else ""
    return "works_at"


def _left_for(clause: Clause, verb: Verb, noun: Noun, after: Noun) -> int:
    """As in "left Acme for Globex"."""
    words = clause.words
    stop = trailing(clause, after.stop)
    if departures.is_program(words, noun) and after.head in TOOLS:
        if clause.say(verb, "uses", [Object(noun.text)], stop, flags=_END):  # "left Python for Rust"
            clause.say(verb, "uses", [Object(after.text)], stop, flags=_EVENT)
        return stop
    _left(clause, verb, noun, stop)
    known = _left_what(clause, noun, noun.text)
    if known and noun.proper and clause.persons():
        clause.say(verb, known, [Object(after.text)], stop, flags=_EVENT)
    return stop


def _resign(clause: Clause, verb: Verb) -> int:
    words, i = clause.words, verb.stop
    if at(words, i) == "from" and (noun := read_noun(words, i + 1)) is not None:
        stop = trailing(clause, noun.stop)
        if clause.persons():
            _left(clause, verb, noun, stop)
        return stop
    if at(words, i) == "as":
        return _as_role(clause, verb, i)
    stop = trailing(clause, i)
    if not _after_years(clause, verb, stop):
        _end_known(clause, verb, stop, "works_at")
    return stop


def _after_years(clause: Clause, verb: Verb, stop: int) -> bool:
    """As in "Petr retired after forty years at Bosch", "After ten years at Acme Bob quit": of an employer so named."""
    noun = departures.employer_of_years(clause.words, clause.start, verb.stop)
    found = organization(noun, clause.reading) if noun is not None and clause.persons() else None
    return found is not None and clause.say(verb, "works_at", [found], max(stop, noun.stop if noun else 0), flags=_END)


def _as_role(clause: Clause, verb: Verb, i: int) -> int:
    """As in "as head of ML", "as CEO", "as a nurse"."""
    noun = read_noun(clause.words, i + 1)
    if noun is None:
        return i
    stop = trailing(clause, noun.stop)
    relation = ROLE_OF.get(noun.head)
    if noun.of is not None and relation:
        found = unit(noun.of, clause.reading) or organization(noun.of, clause.reading)
        if found:
            clause.say(verb, relation, [Object(found.text)], stop, flags=_END)
    elif relation:
        _end_known(clause, verb, stop, relation)
    elif noun.words and clause.persons():
        clause.say(verb, "works_as", [Object(noun.text)], stop, flags=_END)
    return stop


_IN_CHARGE = frozenset("leading running managing heading chairing".split())


def _step_down(clause: Clause, verb: Verb) -> int | None:
    words, i = clause.words, verb.stop
    if at(words, i) not in {"down", "back", "aside"}:
        return None
    if at(words, i + 1) == "as":
        return _as_role(clause, verb, i + 1)
    what = i + 2 + (at(words, i + 2) in _IN_CHARGE)
    if at(words, i + 1) == "from" and (noun := read_noun(words, what)) is not None:
        stop = trailing(clause, noun.stop)
        found = unit(noun, clause.reading)
        if found:
            predicate = "member_of" if noun.head in _BOARDS else "leads"
            clause.say(verb, predicate, [found], stop, flags=_END)
        return stop
    stop = trailing(clause, i + 1)
    _end_known(clause, verb, stop, "leads", "ceo_of", "cto_of", "chair_of", "president_of")
    return stop


def _retire(clause: Clause, verb: Verb) -> int:
    words, i = clause.words, verb.stop
    if not clause.persons():
        return i
    if at(words, i) == "from" and (noun := read_noun(words, i + 1)) is not None:
        stop = trailing(clause, noun.stop)
        _left(clause, verb, noun, stop)
        if noun.head in {"teaching", "nursing", "medicine", "work"}:
            clause.say(verb, "employment_status", [Object("retired")], stop, flags=_EVENT)
        return stop
    if at(words, i) == "as":
        return _as_role(clause, verb, i)
    stop = trailing(clause, i)
    said = clause.say(verb, "employment_status", [Object("retired")], stop, flags=_EVENT)
    if said and not _after_years(clause, verb, stop):
        _end_known(clause, verb, stop, "works_at")
    return stop


def _dismissed(clause: Clause, verb: Verb) -> int | None:
    """As in "was fired", "got laid off by Acme", "was let go from Acme"."""
    words, i = clause.words, verb.stop
    particle = {"lay": "off", "let": "go"}.get(verb.lemma)
    if not verb.passive:
        return withdrawn.let_go(clause, verb) or undone.let_go_of(clause, verb)
    if particle and at(words, i) != particle:
        return None
    i += particle is not None
    if at(words, i) in {"from", "by"} and (noun := read_noun(words, i + 1)) is not None:
        stop = trailing(clause, noun.stop)
        if verb.lemma == "expel":
            withdrawn.out_of(clause, verb, noun, stop)
        else:
            _left(clause, verb, noun, stop)
        return stop
    stop = trailing(clause, i)
    _end_known(clause, verb, stop, "works_at" if verb.lemma != "expel" else "studies_at")
    return stop


def _kicked_out(clause: Clause, verb: Verb) -> int | None:
    """As in "was kicked out of the choir"."""
    words, i = clause.words, verb.stop
    noun = read_noun(words, i + 2) if (at(words, i), at(words, i + 1)) == ("out", "of") else None
    if noun is None or not verb.passive or not clause.persons():
        return None
    stop = trailing(clause, noun.stop)
    if noun.head in GROUPS and not noun.pronoun:
        _left(clause, verb, noun, stop)
    return stop


def _got(clause: Clause, verb: Verb) -> int | None:
    """As in "got rid of Jenkins", "got fired", "got divorced", "got a job at Acme", "got promoted to head of ML"."""
    words, i = clause.words, verb.stop
    low = at(words, i)
    if low in {"fired", "sacked", "dismissed"} or (low == "laid" and at(words, i + 1) == "off"):
        passive = Verb(
            "fire" if low != "laid" else "lay",
            verb.start,
            i + 1,
            "part",
            past=verb.past,
            perfect=verb.perfect,
            passive=True,
        )
        return _dismissed(clause, passive)
    if low == "rid" and at(words, i + 1) == "of":
        return undone.got_rid_of(clause, verb)
    alone = len(clause.subjects) == 1 and clause.subjects[0].pronoun != "we" and clause.persons()
    if low in {"divorced", "separated"} and at(words, i + 1) != "from":
        stop = trailing(clause, i + 1)
        _couple_parts(clause, verb, stop, ("married_to",))
        if low == "divorced" and alone:
            clause.say(verb, "marital_status", [Object("divorced")], stop, flags=_EVENT)
        return stop
    if low == "married" and at(words, i + 1) != "to" and alone:
        stop = trailing(clause, i + 1)
        clause.say(verb, "marital_status", [Object("married")], stop, flags=_EVENT)
        return stop
    if low in {"married", "engaged"} and at(words, i + 1) != "to" and len(clause.subjects) == 2:
        second = person(clause.subjects[1], clause.reading)
        stop = trailing(clause, i + 1)
        if second is not None and clause.persons():
            inner = Clause(clause.reading, words, clause.subjects[:1], clause.start, clause.times)
            inner.say(verb, "married_to" if low == "married" else "engaged_to", [second], stop, flags=_EVENT)
        return stop
    noun = read_noun(words, i)
    if (
        noun is not None
        and noun.head in {"job", "position", "internship", "offer"}
        and at(words, noun.stop) in {"at", "with"}
    ):
        employer = read_noun(words, noun.stop + 1)
        found = organization(employer, clause.reading) if employer else None
        if employer is not None and found is not None and noun.head != "offer":
            stop = trailing(clause, employer.stop)
            clause.say(verb, "works_at", [found], stop, flags=_EVENT)
            role = read_noun(words, stop + 1) if at(words, stop) == "as" else None
            if role is not None and role.det in {"a", "an"} and is_role(role):
                stop = trailing(clause, role.stop)
                clause.say(verb, "works_as", [Object(role.text)], stop, flags=_EVENT)
            return stop
    return None


def _part(clause: Clause, verb: Verb) -> int | None:
    """As in "broke up", "my parents divorced": with whom is not named, or is the other subject."""
    words, i = clause.words, verb.stop
    if verb.lemma == "break" and at(words, i) == "off":
        return withdrawn.called_off(clause, verb)
    if verb.lemma in {"break", "split"} and at(words, i) != "up":
        return None
    i += verb.lemma in {"break", "split"}
    if _parted_something(clause, i):
        return None
    if at(words, i) in {"with", "from"} and (noun := read_noun(words, i + 1)) is not None:
        found = person(noun, clause.reading)
        if found is None or not clause.persons():
            return None
        known = [f for p in _COUPLE if (f := clause.reading.known.find(_name(clause), p, found.text))]
        stop = trailing(clause, noun.stop)
        predicate = known[0].predicate if known else "dating" if verb.lemma in {"break", "split"} else "married_to"
        clause.say(verb, predicate, [found], stop, flags=_END)
        return stop
    if verb.lemma == "divorce" and read_noun(words, i) is not None and not is_time(words, i):
        return None
    stop = trailing(clause, i)
    _couple_parts(clause, verb, stop, ("married_to",) if verb.lemma == "divorce" else _COUPLE)
    return stop


def _parted_something(clause: Clause, i: int) -> bool:
    """As in "broke up the fight", "broke up laughing", "split up to search the woods"."""
    low = at(clause.words, i)
    doing = any(form == "ing" for _, form in FORMS.get(low, ())) or low in _LAUGHING
    return not is_time(clause.words, i) and (doing or low == "to" or low in ARTICLES | POSSESSIVES)


def _name(clause: Clause) -> str:
    who = clause.who(clause.subjects[0])
    return who[0] if who else ""


def _couple_parts(clause: Clause, verb: Verb, stop: int, predicates: tuple[str, ...]) -> None:
    if len(clause.subjects) == 2:
        second = person(clause.subjects[1], clause.reading)
        if second is not None and clause.persons():
            inner = Clause(clause.reading, clause.words, clause.subjects[:1], clause.start, clause.times)
            known = [f for p in predicates if (f := clause.reading.known.find(_name(inner), p, second.text))]
            predicate = known[0].predicate if known else predicates[0]
            inner.say(verb, predicate, [second], stop, flags=_END)
    else:
        _end_known(clause, verb, stop, *predicates)


def _died(clause: Clause, verb: Verb) -> int | None:
    """A pet that died is one's pet no longer."""
    if verb.lemma == "pass" and at(clause.words, verb.stop) != "away":
        return None
    stop = trailing(clause, verb.stop + (verb.lemma == "pass"))
    gone.lost_pet(clause, verb, stop)
    return stop


def _give_away(clause: Clause, verb: Verb) -> int | None:
    """As in "gave away my bike", "donated my car": no longer owned."""
    words, i, behind = clause.words, verb.stop, False
    if verb.lemma == "give":
        if at(words, i) == "up":
            return _give_up(clause, verb)
        first = read_noun(words, i)  # "gave my old Nikon away"
        behind = first is not None and at(words, first.stop) == "away"
        if at(words, i) != "away" and not behind:
            return None
        i += at(words, i) == "away"
    noun = read_noun(words, i)
    found = goods(noun, clause.reading) if noun is not None and noun.owner is not None else None
    if noun is None or found is None:
        return i
    stop = trailing(clause, noun.stop + behind)
    clause.say(verb, "owns", [found], stop, flags=_END)
    return stop


def _give_up(clause: Clause, verb: Verb) -> int | None:
    noun = read_noun(clause.words, verb.stop + 1)
    if noun is not None and noun.head in _JOBS and noun.owner is not None:
        stop = trailing(clause, noun.stop)
        _left(clause, verb, noun, stop)
        return stop
    return withdrawn.cancelled(clause, verb, verb.stop + 1) or undone.gave_up(clause, verb)


def _cancel(clause: Clause, verb: Verb) -> int | None:
    return withdrawn.cancelled(clause, verb, verb.stop) or withdrawn.called_off(clause, verb)


def _drop(clause: Clause, verb: Verb) -> int | None:
    dropped = withdrawn.dropped_out(clause, verb) or withdrawn.cancelled(clause, verb, verb.stop)
    return dropped or swaps.ditched(clause, verb)


def _lost(clause: Clause, verb: Verb) -> int | None:
    """As in "lost my job"."""
    noun = read_noun(clause.words, verb.stop)
    if noun is None or noun.head not in _JOBS or noun.owner is None:
        return None
    stop = trailing(clause, noun.stop)
    _left(clause, verb, noun, stop)
    return stop


__all__ = ["read"]
