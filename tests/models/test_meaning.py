"""What an answer means: ids, turns, dates, voices, and proposals that the words bear out."""

from datetime import UTC, datetime
from typing import Any

import pytest

from triplemem import Entity, Episode, Extraction, Fact, Predicate
from triplemem.extract.model.answer import Answer
from triplemem.extract.model.meaning import Meaning
from triplemem.extract.model.prompt import Turn

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def episode(text: str, speaker: str | None = "Ann", role: str = "user") -> Episode:
    return Episode("e_1", ("a",), text, speaker, role, "s", NOW, NOW, None)


def fact(number: int, subject: str, object_: str) -> Fact:
    ends = Entity("n_1", subject, None), Entity("n_2", object_, None)
    return Fact(f"f_{number}", ("a",), ends[0], "likes", ends[1], "", (), None, None, "current", 1, None)


def meant(
    texts: list[str], known: list[Fact] | None = None, call: int = 0, role: str = "user", **said: Any
) -> Extraction:
    episodes = [episode(text, None if role == "assistant" else "Ann", role) for text in texts]
    turns = [Turn(place, text) for place, text in enumerate(texts)]
    answer = Answer.model_validate({"reasoning": "", "claims": [], **said})
    return Meaning(episodes, known or []).of(answer, turns, call)


def claim(**more: Any) -> dict[str, Any]:
    return {"subject": "I", "predicate": "likes", "object": "tea", "turn": 1, "quote": "tea", **more}


@pytest.mark.parametrize(
    ("said", "means"),
    [("k1", "f_10"), ("k2", "f_20"), ("K2 ", "f_20"), ("k3", "k3"), ("k0", "k0"), ("k01", "k01"), ("f_10", "f_10"),
     ("2", "2"), ("x" * 99, "x" * 40)],
)  # fmt: skip
def test_a_short_id_is_a_fact_that_was_shown_and_nothing_else_is(said: str, means: str) -> None:
    known = [fact(10, "Ann", "tea"), fact(20, "Bob", "rum")]
    found = meant(["tea"], known, claims=[claim(ends=[said])], ends=[{"fact": said, "turn": 1, "quote": "tea"}])
    assert found.claims[0].ends == (means,)
    assert found.ends[0].fact_id == means


@pytest.mark.parametrize(
    ("turn", "quote", "place"),
    [(1, "tea", 0), (2, "rum", 1), (1, "rum", 1), (9, "rum", 1), (0, "tea", 0), ("t2", "rum", 1), (2, "nowhere", 1)],
)
def test_a_quote_finds_the_turn_that_has_it(turn: Any, quote: str, place: int) -> None:
    found = meant(["I like tea", "I like rum"], claims=[claim(turn=turn, quote=quote)])
    assert found.claims[0].episode == place


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("", None),
        ("2026-03", "2026-03"),
        (" 2026 ", "2026"),
        ("2026-03-01T10:00:00", "2026-03-01"),
        ("2026-03-01 10:00", "2026-03-01"),
        ("2026-03-01T10:00:00+02:00", "2026-03-01T10:00:00+02:00"),
        ("soon", "soon"),
    ],
)
def test_a_date_stays_as_it_is_but_for_a_time_that_could_be_anywhere(said: str, means: str | None) -> None:
    found = meant(["tea"], claims=[claim(valid_from=said)])
    assert found.claims[0].triplet.valid_from == means


def test_a_span_is_a_pair() -> None:
    assert meant(["tea"], claims=[claim(during="2018/2020")]).claims[0].triplet.during == ("2018", "2020")
    assert meant(["tea"], claims=[claim(during="2018")]).claims[0].triplet.during == "2018"
    assert meant(["tea"], claims=[claim(during="2018/")]).claims[0].triplet.during == "2018"


def test_the_marks_of_two_calls_are_not_one() -> None:
    first, second = (meant(["tea"], call=n, claims=[claim(together="a")]).claims[0].triplet for n in (0, 1))
    assert first.together != second.together


@pytest.mark.parametrize(("role", "subject"), [("user", "I"), ("assistant", "assistant"), ("document", "I")])
def test_an_assistant_is_not_the_user(role: str, subject: str) -> None:
    assert meant(["tea"], role=role, claims=[claim()]).claims[0].triplet.subject == subject


def test_nulls_and_fields_that_nobody_asked_for_are_left_out() -> None:
    found = meant(["tea"], claims=[claim(valid_from=None, ends=None, mood="good")], ends=None)
    assert found.claims[0].triplet.valid_from is None
    assert (found.claims[0].ends, found.ends) == ((), ())


def test_names_are_one_only_if_both_are_said_or_shown() -> None:
    pairs = [("Robert", "Bob"), ("Bob", "Ann"), ("Bob", "Zed"), ("Bob", "Tea House"), ("Rob", "Bob")]
    found = meant(
        ["Robert, called Bob"], [fact(1, "Cy", "Tea House")], same_as=[{"name": a, "other": b} for a, b in pairs]
    )
    assert found.same_as == (("Robert", "Bob"), ("Bob", "Ann"), ("Bob", "Tea House"))


def test_a_predicate_is_defined_only_where_it_is_used() -> None:
    definitions = [{"name": name, "cardinality": "one_subject"} for name in ("sponsors", "owns everything")]
    found = meant(["tea"], claims=[claim(predicate="Sponsors")], predicates=definitions)
    assert found.predicates == (Predicate("sponsors", "one_subject"),)


def test_an_answer_of_a_looser_form_is_understood() -> None:
    """As servers give it that hold no model to a schema."""
    said = claim(object=42, valid_from=2024, ends="k1", corrects="", reasoning=None)
    del said["turn"]
    known = [fact(10, "Ann", "tea")]
    ends = [{"fact": "k1", "quote": "rum", "at": 2023}]
    defined = [{"name": "likes", "cardinality": "one"}]
    found = meant(["I like tea", "I like rum"], known, reasoning=None, claims=[said], ends=ends, predicates=defined)
    assert found.predicates == (Predicate("likes", "many"),)
    triplet = found.claims[0].triplet
    assert (triplet.object, triplet.valid_from) == ("42", "2024")
    assert (found.claims[0].ends, found.claims[0].corrects) == (("f_10",), ())
    assert (found.ends[0].episode, found.ends[0].at) == (1, "2023")
