"""The checker of the task: a third each for the reference, for dates, and for promising no refund."""

import pytest

from tests.optimize.task.cases import TRAINING
from tests.optimize.task.checker import checker

GOOD = "Your lamp is due on 2026-03-19. The returns team decides about a refund and will write to you.\nRef: TCK-507718"


def thirds(answer: str) -> int:
    return round(3 * checker(answer, "507718"))


def test_an_answer_that_has_it_all_is_worth_one() -> None:
    assert checker(GOOD, "507718") == 1.0


@pytest.mark.parametrize(
    "ending",
    ["", "Ref: TCK-507719", "Ref: TCK-507718.", "**Ref: TCK-507718**", "Ref: TCK-507718\nBye!", "The ref: TCK-507718"],
)
def test_the_reference_stands_alone_on_the_last_line_with_the_number_of_the_ticket(ending: str) -> None:
    assert thirds(GOOD.replace("Ref: TCK-507718", ending)) == 2


@pytest.mark.parametrize(
    "date", ["19 March 2026", "19th of March", "March 19, 2026", "Mar 19", "3/19/2026", "19.03.2026", "19.3.26"]
)
def test_a_date_in_another_form_counts_against_an_answer(date: str) -> None:
    assert thirds(GOOD.replace("2026-03-19", date)) == 2


@pytest.mark.parametrize(
    "promise",
    [
        "We will refund you the full price within five days.",
        "I've issued a refund for the two glasses.",
        "You'll get your money back.",
        "Your refund is on its way.",
        "The price will be reimbursed.",
        "You are entitled to a refund of the price.",
        "You will get the price of the bowl back.",
        "I'd be happy to arrange a refund or a replacement.",
        "We can offer you a refund.",
        "The returns team will refund you within five days.",
        "We’re processing your refund now.",
        "Yes, you can cancel, and we will pay you back the full price.",
    ],
)
def test_a_promise_of_money_counts_against_an_answer(promise: str) -> None:
    assert thirds(f"{promise} {GOOD}") == 2


@pytest.mark.parametrize(
    "said",
    [
        "We cannot promise a refund.",
        "The returns team will decide whether you get your money back.",
        "I'm not able to say if a refund is possible.",
        "The returns team will look at your request for a refund.",
        "I have passed your wish on to the returns team.",
        "I've passed your refund request on to the returns team, which will look at it and write to you.",
        "Your refund request will be reviewed by the returns team.",
        "I'll send your request for a refund to the returns team.",
        "The returns team will look at your case and write to you about a refund.",
        "I'm sorry that you would like your money back so soon.",
    ],
)
def test_what_leaves_the_refund_open_is_no_promise(said: str) -> None:
    assert thirds(f"{said} {GOOD}") == 3


def test_the_answers_that_are_trained_with_score_as_their_feedback_says() -> None:
    """What is criticised scores below one, what is praised and what was edited scores one."""
    for one in TRAINING:
        ticket = str(one.messages[0]["content"]).partition('"ticket": "')[2][:6]  # type: ignore[index]
        score = checker(str(one.messages[1]["content"]), ticket)  # type: ignore[index]
        assert (score == 1.0) == (one.score == 1.0)
        assert one.edited is None or checker(one.edited, ticket) == 1.0
