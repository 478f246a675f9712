"""A verb of the table and its complements: "moved from Lyon to Oslo in May", "works as a nurse at St Mary's"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from triplemem.core.dates import When
from triplemem.extract.grammar import departures, gapping, giving, moving, opponents
from triplemem.extract.grammar.clause import Clause, is_time, skip_adverbs, skip_phrase
from triplemem.extract.grammar.counting import number
from triplemem.extract.grammar.dated import dated_object
from triplemem.extract.grammar.frames import FRAMES, Frame
from triplemem.extract.grammar.inflection import FORMS, ing_form
from triplemem.extract.grammar.kinds import KINDS
from triplemem.extract.grammar.nouns import PLURALS, ROLE_OF, SCHOOLS, TIES
from triplemem.extract.grammar.objects import Object, is_role, organization, unit
from triplemem.extract.grammar.phrases import Noun, at, is_word, read_noun, read_nouns, spelt
from triplemem.extract.grammar.tokens import WORD, Token
from triplemem.extract.grammar.trailing import trailing
from triplemem.extract.grammar.verbs import Verb, any_more
from triplemem.extract.grammar.words import PREPOSITIONS

_DUE = frozenset({"deadline", "launch", "release"})
_PUTTING_OFF = frozenset("move push delay postpone reschedule".split())
_ROUNDS = 12
_AUXILIARY = frozenset("be have do get see know make think say go".split())
_HOURS = frozenset(
    "nights weekends shifts days day evenings mornings week hours night a two three four five six".split()
)
_BREAKS = frozenset("and but so because when if though although while since until before after".split())
_LINKING = frozenset("as like since until before after than".split())
"""Prepositions whose phrases are no asides."""
_VAGUE = frozenset("it that this him her them you me us your".split())
_GERUNDS = frozenset("learn like love enjoy hate prefer adore dislike".split())


@dataclass(slots=True)
class Segment:
    """The complements said with one set of times."""

    found: list[tuple[Frame, list[Object], list[Noun]]] = field(default_factory=list)
    times: list[Token] = field(default_factory=list)
    contrary: bool = False


def read(clause: Clause, verb: Verb) -> int:
    """Claim what the verb's complements say; the word at which they stop."""
    if verb.lemma == "move" and (stop := moving.between_groups(clause, verb)):
        return stop
    if verb.lemma == "join" and departures.at_the_clock(clause.words, verb.stop):
        return verb.stop
    stop = _one(clause, verb)
    while (gap := _gap(clause, verb, stop)) is not None:
        somebody, again = gap
        stop = _one(Clause(clause.reading, clause.words, [somebody], somebody.start), again)
    return stop


def _gap(clause: Clause, verb: Verb, stop: int) -> tuple[Noun, Verb] | None:
    """As in "Tom works at Acme and Eva at Bolt": of whom the same verb is said, and the verb."""
    words = clause.words
    if verb.ended or verb.negated or verb.modal:
        return None  # whether that is said of both is not clear
    i = stop + (at(words, stop) == ",")
    i += at(words, i) in {"and", "but", "while"}
    noun = read_noun(words, i, subject=True) if i > stop else None
    if noun is None or not gapping.is_somebody(noun) or not clause.persons() or verb.lemma not in FRAMES:
        return None
    slot, n = _slot(words, noun.stop, FRAMES[verb.lemma])
    named = noun.stop + n < len(words) and words[noun.stop + n].capital
    same = slot is not None and slot in [words[j].low for j in range(verb.stop, stop)]
    return (noun, replace(verb, stop=noun.stop)) if same and named else None


def _one(clause: Clause, verb: Verb) -> int:
    words, frames = clause.words, FRAMES.get(verb.lemma, {})
    verb.ended = verb.ended or (verb.negated and any_more(words, verb.stop))
    if clause.subjects[0].head in _DUE and verb.lemma in {"move", "push", "delay", "postpone"}:
        return _new_deadline(clause, verb)
    if verb.lemma in _PUTTING_OFF and (stop := rescheduled(clause, verb)) is not None:
        return stop
    if verb.lemma == "date" and len(clause.subjects) == 2 and not _object_follows(words, verb.stop):
        return _pair(clause, verb)
    segments = [Segment(times=list(clause.times))]
    i = stop = verb.stop
    direct = True
    for _ in range(_ROUNDS):
        if i >= len(words):
            break
        segment = segments[-1]
        if is_time(words, i):
            if (found := _dated(frames, words[i], verb)) is not None:
                segment.found.append((found, dated_object(words[i], forward=True), []))
            else:
                segment.times.append(words[i])
            i = stop = i + 1
            continue
        after = skip_adverbs(words, i)
        if after > i:
            i = stop = after
            continue
        if direct and verb.lemma == "share" and (home := read_noun(words, i)) is not None:
            i, direct = home.stop, False
            continue
        slot, n = _slot(words, i, frames)
        if slot is not None and is_time(words, i + n) and frames[slot][0].kind == "DATE" and verb.passive:
            i += n
            segment.found.append((frames[slot][0], dated_object(words[i], forward=True), []))
            i = stop = i + 1
            continue
        if slot is not None:
            took = _take(clause, verb, frames[slot], i + n, segment)
            i = stop = took if took > i + n else skip_phrase(words, i + n - 1)
        elif direct and "" in frames and (took := _direct(clause, verb, frames[""], i, segment)) > i:
            i = stop = took
        elif segment.found and "" in frames and _and_another(words, i):
            segments.append(Segment())
            i = stop = max(_direct(clause, verb, frames[""], i + 1, segments[-1]), i + 1)
        elif segment.found and (further := _further(words, i, verb, frames)) is not None:
            contrary, i = further
            segments.append(Segment(contrary=contrary))
        elif at(words, i) in {",", "since"} and is_time(words, i + 1):
            i += 1
        elif at(words, i) == "not" or (at(words, i) == "," and at(words, i + 1) == "not"):
            i = stop = _contrast(words, i)
        elif at(words, i) in _HOURS:
            i = stop = i + 1
        elif at(words, i) in PREPOSITIONS - _LINKING:
            i = stop = skip_phrase(words, i)
        else:
            break
        direct = False
    for segment in segments:
        _say(clause, verb, segment, stop)
    return stop


def _say(clause: Clause, verb: Verb, segment: Segment, stop: int) -> None:
    """Claim what was found with one set of times."""
    said = verb
    if segment.contrary:
        said = replace(verb, negated=False, ended=False, past=verb.past and not verb.ended)
    for frame, objects, nouns in _judged(clause, verb, segment):
        if frame.kind != "DATE":
            clause.say(said, frame.predicate, objects, stop, flags=frame.flags, beside=segment.times, about=nouns)
        elif (
            not (((verb.past or verb.perfect) and "moved" not in frame.flags) or verb.modal or verb.negated)
            and clause.things()
        ):
            clause.claim(frame.predicate, objects, clause.quote(stop))


def _further(words: Sequence[Token], i: int, verb: Verb, frames: dict[str, list[Frame]]) -> tuple[bool, int] | None:
    """Whether what is joined to the complements says the contrary, and where it begins; None if nothing is."""
    joint, start = at(words, i), skip_adverbs(words, i + 1)
    if joint in {"and", "but", "then", ","} and _slot(words, start, frames)[0] is not None:
        now = verb.ended and joint != "but" and at(words, i + 1) in {"now", "just", "only"}
        contrary = now or (joint == "but" and (verb.ended or verb.negated))
        apart = contrary and verb.ended and verb.past and not now
        return None if apart else (contrary, start)  # "used to work at Acme but now …" is a sentence of its own
    if (verb.ended or verb.negated) and not verb.past and _but(words, i, frames):
        return True, skip_adverbs(words, i + 2)
    return None


def _but(words: Sequence[Token], i: int, frames: dict[str, list[Frame]]) -> bool:
    """As in "no longer works at Acme, but at Bolt", up to the end of the sentence."""
    if at(words, i) != "," or at(words, i + 1) != "but":
        return False
    start = skip_adverbs(words, i + 2)
    slot, n = _slot(words, start, frames)
    noun = read_noun(words, start + n) if slot is not None else None
    rest = skip_adverbs(words, noun.stop) if noun is not None else 0
    goes_on = at(words, rest) == "," and at(words, rest + 1) in _BREAKS | {"which"}
    goes_on = goes_on or at(words, rest) in {"-", "–", "—"}
    return noun is not None and (goes_on or all(word.kind != WORD for word in words[rest:]))


def _judged(clause: Clause, verb: Verb, segment: Segment) -> list[tuple[Frame, list[Object], list[Noun]]]:
    """What was found, without what the whole of the clause speaks against."""
    if verb.lemma == "move":
        return moving.judged(clause, segment.found)
    if verb.lemma == "join":
        return [
            entry for entry in segment.found if not any(departures.is_program(clause.words, noun) for noun in entry[2])
        ]
    if verb.lemma == "play":
        return [entry for entry in segment.found if not opponents.against(clause, entry[2], segment.times)]
    return segment.found


def _new_deadline(clause: Clause, verb: Verb) -> int:
    """As in "Harbor's deadline moved to 15 July"."""
    words, subject = clause.words, clause.subjects[0]
    owner = subject.owner or subject.of
    if owner is None and subject.det == "the" and subject.head != "deadline":
        owner = subject  # "the launch was moved from 9 to 16 June"
    for i in range(verb.stop, min(verb.stop + 4, len(words))):
        if (
            is_time(words, i)
            and owner is not None
            and not owner.pronoun
            and verb.asserts
            and at(words, i - 1) in {"to", "until"}
        ):
            inner = Clause(clause.reading, words, [owner], clause.start)
            inner.claim("due_on", dated_object(words[i], forward=True), clause.quote(i + 1))
            return i + 1
        when = words[i].when if is_time(words, i) else None
        if when is not None and when.relation == "span" and owner is not None and not owner.pronoun and verb.asserts:
            return _moved(clause, verb, owner, when, i + 1)
    return verb.stop


def rescheduled(clause: Clause, verb: Verb) -> int | None:
    """As in "They moved the launch from 3 May to 10 May"; None if nothing that is due is moved."""
    noun = read_noun(clause.words, verb.stop)
    if noun is not None and noun.head == "forward" and len(noun.words) > 1:
        noun.words, noun.stop = noun.words[:-1], noun.stop - 1  # "brought the launch forward"
    if noun is None or noun.head not in _DUE or verb.passive:
        return None
    inner = Clause(clause.reading, clause.words, [noun], clause.start)
    return _new_deadline(inner, replace(verb, stop=noun.stop))


def _moved(clause: Clause, verb: Verb, owner: Noun, when: When, stop: int) -> int:
    """As in "moved from 3 June to 10 June": the one is over, the other is so."""
    today, ahead = clause.reading.now.date(), when.unit(forward=True)
    back = when.unit(forward=False)
    forward = ahead is None or back is None or ahead.first - today <= today - back.first
    first, last = when.unit(forward=forward), when.last(forward=forward)
    inner = Clause(clause.reading, clause.words, [owner], clause.start)
    name = clause.who(owner) if owner is not clause.subjects[0] else (owner.text, None, "")
    if first is None or last is None or name is None or verb.future:
        return stop
    clause.reading.say(name[0], "due_on", first.start, inner.quote(stop), ended=True)
    clause.reading.say(name[0], "due_on", last.start, inner.quote(stop))
    return stop


def _object_follows(words: Sequence[Token], i: int) -> bool:
    return is_word(words, i) and read_noun(words, i) is not None and at(words, i) not in {"each", "now"}


def _pair(clause: Clause, verb: Verb) -> int:
    """As in "Anna and I are dating"."""
    stop = trailing(clause, verb.stop)
    second = KINDS["PERSON"](clause.subjects[1], clause.reading)
    if second is not None and clause.persons() and (verb.progressive or verb.perfect or verb.ended):
        inner = Clause(clause.reading, clause.words, clause.subjects[:1], clause.start, clause.times)
        inner.say(verb, "dating", [second], stop)
    return stop


def _slot(words: Sequence[Token], i: int, frames: dict[str, list[Frame]]) -> tuple[str | None, int]:
    """The preposition of a frame that stands there, and of how many words it is."""
    one = at(words, i)
    two = f"{one} {at(words, i + 1)}"
    if two in frames:
        return two, 2
    if one == "back" and at(words, i + 1) in frames:
        return at(words, i + 1), 2
    return (one, 1) if one and one in frames else (None, 0)


def _dated(frames: dict[str, list[Frame]], token: Token, verb: Verb) -> Frame | None:
    """The frame whose object is a date: "scheduled for 2026-03-31"."""
    first = token.text.split()[0].lower()
    for frame in frames.get(first, ()):
        if frame.kind == "DATE" and ("passive" in frame.flags) == verb.passive:
            return frame
    if verb.lemma == "schedule" and verb.passive:
        return next((frame for frame in frames.get("for", ()) if frame.kind == "DATE"), None)
    return None


def _usable(frame: Frame, clause: Clause, verb: Verb) -> bool:
    flags = frame.flags
    if ("passive" in flags) != verb.passive or (verb.able and frame.kind not in {"LANGUAGE", "GAME"}):
        return False
    if "ing" in flags and not (verb.progressive or verb.begun or verb.ended or verb.form == "ing"):
        return False
    lasting = verb.perfect and verb.progressive
    if (
        "habit" in flags
        and not (verb.ended or verb.begun or lasting)
        and (verb.past or verb.progressive or verb.future or verb.perfect)
    ):
        return False
    return clause.fits(flags)


def _direct(clause: Clause, verb: Verb, frames: list[Frame], i: int, segment: Segment) -> int:
    """Read a direct object, which may stand behind somebody who gets it; the word behind it."""
    start = giving.thing(clause.words, i, verb.lemma)
    taken = [] if start > i and verb.lemma in giving.FOR_OTHERS else frames
    return max(start, _take(clause, verb, taken, start, segment))


def _take(clause: Clause, verb: Verb, frames: list[Frame], i: int, segment: Segment) -> int:
    """Read the noun phrases at ``i`` and keep the first frame that takes them; the word behind them."""
    words = clause.words
    i += at(words, i) == "how" and verb.lemma == "learn"
    if at(words, i) == "to":
        return _infinitive(clause, verb, frames[0], i, segment) if verb.lemma in _GERUNDS else i
    if verb.lemma == "turn":
        return _age(clause, frames[0], i, segment)
    nouns, stop, sure = read_nouns(words, i)
    if not nouns or (verb.lemma == "win" and at(words, stop) == "over"):
        return i
    nouns = [one for noun in nouns for one in _each(noun)]
    nouns = gapping.without_gapped(words, verb.stop, i, nouns)
    nouns = _without_verbs(nouns) if verb.progressive else nouns
    stop = min(stop, nouns[-1].stop)
    for frame in frames:
        if frame.kind == "DATE" or not _usable(frame, clause, verb) or not sure:
            continue
        if frame.kind in {"PLACE", "ROLE", "POST"} and len(nouns) > 1 and not _listed(words, nouns):
            nouns = nouns[:1]
        objects = [found for noun in nouns if (found := _object(frame, noun, clause))]
        if len(objects) != len(nouns):
            fitting = next((n for n, noun in enumerate(nouns) if _object(frame, noun, clause) is None), len(nouns))
            objects, nouns = objects[:fitting], nouns[: max(fitting, 1)]
        if any(
            earlier.predicate == frame.predicate and earlier.flags == frame.flags for earlier, _, _ in segment.found
        ):
            return stop
        if verb.lemma == "start" and frame.predicate == "works_at":
            objects = [
                o._replace(predicate="studies_at") if n.head in SCHOOLS else o
                for o, n in zip(objects, nouns, strict=False)
            ]
        if objects:
            if any(found.predicate == "reports_to" for found in objects):  # of "Oleg and Femi" the one that is known
                objects = [found for found in objects if found.predicate is not None]
            segment.found.append((frame, objects, nouns))
            if frame.kind in {"ROLE", "POST"}:
                stop = _role_of(clause, verb, frame, nouns[0], segment, nouns[-1].stop if len(nouns) == 1 else stop)
            return stop
    return stop


def _and_another(words: Sequence[Token], i: int) -> bool:
    """As in "use Grafana for dashboards and PagerDuty for alerts": does another name follow, for something else?"""
    noun = read_noun(words, i + 1, subject=True) if at(words, i) == "and" else None
    return noun is not None and noun.proper and at(words, noun.stop) == "for" and any(w.low == "for" for w in words[:i])


def _each(noun: Noun) -> list[Noun]:
    """As in "with our two kids, Asta and Viggo": those who are named are meant."""
    return noun.names if noun.head in PLURALS and len(noun.names) > 1 else [noun]


def _without_verbs(nouns: list[Noun]) -> list[Noun]:
    """Of "learning Finnish and reading Dune" what is learned; all of "learning singing and dancing"."""
    doing = [any(form == "ing" for _, form in FORMS.get(noun.words[0].low, ())) if noun.words else False
             for noun in nouns]  # fmt: skip
    return nouns if doing[0] or True not in doing else nouns[: doing.index(True)]


def _infinitive(clause: Clause, verb: Verb, frame: Frame, i: int, segment: Segment) -> int:
    """As in "likes to cook" is "likes cooking"; a long phrase is none that one likes."""
    words = clause.words
    if not is_word(words, i + 1) or not _usable(frame, clause, verb) or at(words, i + 1) in _AUXILIARY:
        return i
    stop = i + 2
    while is_word(words, stop) and stop < i + 7 and at(words, stop) not in _BREAKS:
        stop += 1
    if (is_word(words, stop) and at(words, stop) not in _BREAKS) or any(word.low in _VAGUE for word in words[i:stop]):
        return stop
    rest = spelt(words[i + 2 : stop])
    segment.found.append((frame, [Object(f"{ing_form(at(words, i + 1))} {rest}".strip())], []))
    return stop


def _listed(words: Sequence[Token], nouns: list[Noun]) -> bool:
    """As in "Rome, Paris and Oslo" is a list; "Lyon, France" is one place."""
    return at(words, nouns[-1].start - 1) in {"and", "&", "or"} or any(
        at(words, noun.start - 1) in {"and", "&"} for noun in nouns[1:]
    )


def _object(frame: Frame, noun: Noun, clause: Clause) -> Object | None:
    return KINDS[frame.kind](noun, clause.reading)


def _role_of(clause: Clause, verb: Verb, frame: Frame, noun: Noun, segment: Segment, stop: int) -> int:
    """As in "became head of ML", "promoted to CTO of Acme": the office, not a job title."""
    relation = ROLE_OF.get(noun.head)
    if relation is None or noun.of is None:
        if verb.passive and verb.lemma in {"make", "name", "elect"} and not is_role(noun) and noun.head not in TIES:
            segment.found.pop()
        return stop
    found = unit(noun.of, clause.reading) or organization(noun.of, clause.reading)
    segment.found.pop()
    if found is not None:
        flags = frame.flags - {"passive"}
        segment.found.append((Frame("UNIT", relation, flags), [Object(found.text)], []))
    return stop


def _age(clause: Clause, frame: Frame, i: int, segment: Segment) -> int:
    low = number(clause.words, i)
    after = at(clause.words, i + 1)
    if (
        low.isascii()
        and low.isdigit()
        and 1 <= int(low) <= 119
        and (after in {"", ".", "!", ",", "and", "years", ";", "this"} or is_time(clause.words, i + 1))
    ):
        segment.found.append((frame, [Object(low)], []))
        return i + 1 + 2 * (after == "years")
    return i


def _contrast(words: Sequence[Token], i: int) -> int:
    """Behind ", not Milan"."""
    j = i + 1 + (at(words, i) == ",")
    while at(words, j) in PREPOSITIONS:
        j += 1
    noun = read_noun(words, j)
    return noun.stop if noun is not None else j
