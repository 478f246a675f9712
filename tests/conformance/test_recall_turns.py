"""How turns lend to one another: those beside them, their session, who speaks, and what rests on them."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from tests.conformance.saying import at
from tests.conftest import Clock
from triplemem import Extraction, ExtractionRequest, Hit, Memory, Message, ProposedClaim, ScriptedExtractor, Triplet
from triplemem.core.instants import NOW, to_us
from triplemem.core.rows import EpisodeRow
from triplemem.ports import Reader

LOOKED_AT = 16
"""Of what stands before or after a turn so many are looked at for two that are no rendered triplets."""


@pytest.fixture
def memory(open_memory: Callable[..., Memory]) -> Any:
    return open_memory(extractor=ScriptedExtractor(lambda _: Extraction()))


def named(hits: list[Hit]) -> dict[str, Hit]:
    return {hit.episode.text: hit for hit in hits if hit.episode}


def test_the_answer_beside_a_question_is_found_by_it(memory: Memory) -> None:
    memory.add(
        [
            Message("Nothing much today.", speaker="Ann"),
            Message("Where will the zeppelin land?", speaker="Ann"),
            Message("Behind the mill.", speaker="Bob"),
            Message("Good.", speaker="Ann"),
        ],
        session="s",
        occurred_at=at(3),
    )
    memory.add([f"Some other talk, number {n}." for n in range(20)], session="t", occurred_at=at(4))
    hits = memory.recall("where did the zeppelin land?", 3)
    found = named(hits)
    assert "Behind the mill." in found
    assert found["Behind the mill."].arms["neighbours"] > 0
    assert "text" not in found["Behind the mill."].arms


def test_a_fact_has_of_what_stands_beside_the_turn_that_states_it(open_memory: Callable[..., Memory]) -> None:
    """Two facts of the same words: first is the one stated in a talk of what is asked about, not beside a question."""

    def read(request: ExtractionRequest) -> Extraction:
        said = [n for n, episode in enumerate(request.episodes) if episode.text.startswith("We")]
        place = {n: "the mill" if "land" in request.episodes[n - 1].text else "the barn" for n in said}
        return Extraction(claims=tuple(ProposedClaim(Triplet("Ann", "waits_at", place[n]), episode=n) for n in said))

    memory = open_memory(extractor=ScriptedExtractor(read))
    for session, before in enumerate(["The goats are hungry.", "The zeppelin will land.", "Who feeds the zeppelin?"]):
        talk = [Message(before, speaker="Bob"), Message("We wait there.", speaker="Ann")]
        memory.add(talk, session=str(session), occurred_at=at(3 + session))
    hits = {hit.fact.object.name: hit for hit in memory.recall("the zeppelin: wait where?") if hit.fact}
    assert hits["the mill"].score > hits["the barn"].score
    assert hits["the mill"].arms["neighbours"] > 0
    assert "neighbours" not in hits["the barn"].arms


@pytest.mark.parametrize("session", ["s", None])
def test_turns_lend_within_their_session_alone(memory: Memory, session: str | None) -> None:
    for n, text in enumerate(["The zeppelin landed.", "What a sight!"]):
        memory.add(text, speaker="Ann", session=session, occurred_at=at(3 + n))
    memory.add("What a sight!", speaker="Ann", session="elsewhere", occurred_at=at(3))
    hits = memory.recall("the zeppelin that landed")
    lent = {
        hit.episode.session: hit.arms.get("neighbours", 0) for hit in hits if hit.episode and hit.episode.text[0] == "W"
    }
    assert lent[session] > 0
    assert lent.get("elsewhere", 0) == 0


def test_rendered_triplets_in_between_do_not_part_two_turns(memory: Memory) -> None:
    memory.add("The zeppelin landed.", speaker="Ann", occurred_at=at(3))
    for n in range(3):
        memory.add_triplets([Triplet("Ann", "saw", f"kite {n}")], occurred_at=at(4))
    memory.add("What a sight!", speaker="Ann", occurred_at=at(5))
    assert named(memory.recall("the zeppelin landed", kinds=("episode",)))["What a sight!"].arms["neighbours"] > 0


def test_a_neighbour_that_a_filter_leaves_out_is_no_hit(memory: Memory) -> None:
    memory.add("The zeppelin landed.", speaker="Ann", session="s", occurred_at=at(3))
    memory.add("What a sight!", speaker="Bob", session="s", occurred_at=at(4))
    assert set(named(memory.recall("zeppelin", speaker="Ann"))) == {"The zeppelin landed."}
    assert set(named(memory.recall("zeppelin", as_of=at(3)))) == {"The zeppelin landed."}


def test_who_is_named_and_speaks_is_first_unless_others_are_named_too(memory: Memory) -> None:
    for who in ("Ann", "Bob"):
        memory.add("The garden needs water.", speaker=who, session=who, occurred_at=at(3))
    first, second = memory.recall("what did Bob say of the garden?")
    assert first.episode.speaker == "Bob" and first.arms["speaker"] > 0  # type: ignore[union-attr]
    assert "speaker" not in second.arms
    assert not [hit for hit in memory.recall("what did Ann and Bob say of the garden?") if "speaker" in hit.arms]


def test_a_session_that_speaks_of_it_lifts_its_turns(memory: Memory) -> None:
    memory.add([f"The zeppelin, part {n}." for n in range(4)], speaker="Ann", session="s", occurred_at=at(3))
    memory.add("The zeppelin, part 9.", speaker="Ann", session="t", occurred_at=at(3))
    memory.add([f"Rain, day {n}." for n in range(9)], speaker="Ann", session="u", occurred_at=at(3))
    hits = named(memory.recall("zeppelin", 20))
    assert hits["The zeppelin, part 1."].arms["session"] > 0


def test_a_fact_stands_before_the_turn_that_says_the_same(memory: Memory) -> None:
    memory.add_triplets([Triplet("Ann", "keeps", "bees")], text="Ann keeps bees.", occurred_at=at(3))
    assert [hit.kind for hit in memory.recall("who keeps bees?")] == ["fact", "episode"]


def test_what_no_fact_says_stands_before_facts_that_answer_nothing(memory: Memory) -> None:
    memory.add_triplets([Triplet("Ann", "likes", f"tea {n}") for n in range(30)], occurred_at=at(3))
    memory.add("The zeppelin landed behind the mill.", speaker="Ann", session="s", occurred_at=at(4))
    first = memory.recall("Ann, where did the zeppelin land?")[0]
    assert first.episode is not None and first.episode.text == "The zeppelin landed behind the mill."


@pytest.mark.parametrize(
    ("role", "text", "share"),
    [
        ("user", "Who leads ML?", 0.6),
        ("user", "Hi!\n(Who leads ML?!) 🙂 Thanks!", 0.6),
        ("assistant", "ML is led by Bob, noted.", 0.6),
        ("user", "The ML party was fun.", 0.85),
        ("document", "The ML party was fun.", 0.85),
    ],
)
def test_a_turn_gives_way_that_only_asks_or_is_an_assistants(
    memory: Memory, role: str, text: str, share: float
) -> None:
    memory.add_triplets([Triplet("Bob", "leads", "ML")], occurred_at=at(3))
    memory.add(Message(text, role=role), occurred_at=at(4))
    fact, turn = memory.recall("Who leads ML?")
    assert (fact.kind, turn.kind) == ("fact", "episode")
    (alone,) = memory.recall("Who leads ML?", kinds=("episode",))
    assert turn.score == pytest.approx(share * alone.score, abs=1e-5)


def test_a_turn_gives_way_to_facts_only_where_they_are_asked_for(memory: Memory) -> None:
    memory.add_triplets([Triplet("Ann", "keeps", "bees")], text="Ann keeps bees.", occurred_at=at(3))
    both = named(memory.recall("who keeps bees?"))["Ann keeps bees."]
    alone = named(memory.recall("who keeps bees?", kinds=("episode",)))["Ann keeps bees."]
    assert both.score == pytest.approx(0.6 * alone.score, abs=1e-5)


def test_a_turn_gives_way_from_when_its_facts_were_known(open_memory: Callable[..., Memory], clock: Clock) -> None:
    memory = open_memory()
    memory.add("Ann leads ML.", session="s", occurred_at=at(3), wait=False)
    unread = clock.tick()
    clock.tick()
    memory.process()
    then, now = (named(memory.recall("ML", known_at=known))["Ann leads ML."] for known in (unread, None))
    assert now.arms["text"] == pytest.approx(0.6 / 0.85 * then.arms["text"], abs=1e-5)


def test_which_turns_state_anything_is_told_as_it_was_known(open_memory: Callable[..., Memory], clock: Clock) -> None:
    memory = open_memory()
    memory.add("Rain again.", speaker="Ann", session="s", occurred_at=at(3))
    memory.add("Bob leads ML.", speaker="Ann", session="s", occurred_at=at(3), wait=False)
    unread = clock.tick()
    clock.tick()
    (fact,) = memory.process().added
    memory.add_triplets([Triplet("Ann", "keeps", "bees")], occurred_at=at(4))
    memory.retract(memory.explain(fact).claims[0])

    def work(view: Reader) -> list[set[str]]:
        rows = {row.id: row.text for row in view.episodes_between()}
        return [{rows[n] for n in view.episodes_stating(list(rows), known)} for known in (to_us(unread), NOW)]

    then, now = memory._space.engine.read(memory._space.path, work)
    assert then == set()
    assert "Bob leads ML." in now and "Rain again." not in now and len(now) == 2
    assert memory._space.engine.read(memory._space.path, lambda view: view.episodes_stating([], NOW)) == set()


def test_turns_give_way_alike_however_many_hits_are_asked_for(memory: Memory) -> None:
    memory.add_triplets([Triplet("Ann", "keeps", "bees")], text="Ann keeps bees.", occurred_at=at(3))
    memory.add("Bees again!", speaker="Ann", session="s", occurred_at=at(4))
    few, many = (memory.recall("who keeps bees?", k) for k in (10, 400))
    assert [(hit.kind, hit.score) for hit in few] == [(hit.kind, hit.score) for hit in many]


def test_what_it_is_the_sum_of_is_told(memory: Memory) -> None:
    memory.add_triplets([Triplet("Ann", "keeps", "bees")], text="Ann keeps bees.", occurred_at=at(3))
    memory.add("Bees again!", speaker="Ann", session="s", occurred_at=at(4))
    known = {"late", "text", "vector", "graph", "evidence", "neighbours", "session", "speaker", "date"}
    for hit in memory.recall("what of Ann's bees?"):
        assert hit.arms.keys() <= known
        assert hit.score == pytest.approx(sum(hit.arms.values()), abs=1e-5)
        assert all(hit.arms.values())


def test_what_stands_beside_each_turn_is_told_however_many_occurred_at_once(memory: Memory) -> None:
    """Against a plain list: turns of one session in the order of their times, then of their ids."""
    random = Random(5)
    for n in range(70):
        moment, session = at(3 + random.randrange(3)), random.choice(["s", None])
        if n % 5 == 0:
            memory.add_triplets([Triplet("Ann", "saw", f"kite {n}")], occurred_at=moment)
        else:
            memory.add(f"Turn {n}.", session=session, occurred_at=moment)

    def work(view: Reader) -> tuple[list[EpisodeRow], dict[int, tuple[list[int], list[int]]]]:
        rows = view.episodes_between()
        return rows, view.episodes_beside([row.id for row in rows], 2)

    rows, beside = memory._space.engine.read(memory._space.path, work)
    assert len(beside) == len(rows) == 70
    for row in rows:
        line = sorted((one.occurred_at, one.id, one.rendered) for one in rows if one.session == row.session)
        place = line.index((row.occurred_at, row.id, row.rendered))
        near = line[max(place - LOOKED_AT, 0) : place][::-1], line[place + 1 : place + 1 + LOOKED_AT]
        assert beside[row.id] == tuple([number for _, number, rendered in some if not rendered][:2] for some in near)


def test_turns_that_all_occurred_at_once_are_found_among_their_own(memory: Memory) -> None:
    memory.add([f"Number {n} is called." for n in range(300)], occurred_at=at(3))
    hits = named(memory.recall("who is number 77?", 5))
    assert "Number 77 is called." in hits
