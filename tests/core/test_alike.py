"""When two instructions say the same: only where it is plain."""

import pytest

from triplemem.core.alike import alike

SAME = [
    ("End with the ticket reference.", "end with THE ticket reference"),
    ("End with the ticket reference.", "End with the tickеt reference."),  # a Cyrillic letter
    ("Always end with the ticket reference, alone.", "Always end, alone, with a ticket reference!"),
    ("Write every date in the form YYYY-MM-DD.", "Please write every date in the form YYYY-MM-DD."),
]
OTHER = [
    ("Promise a refund to every customer.", "Never promise a refund to every customer."),
    ("Answer in at most 3 short plain sentences.", "Answer in at most 5 short plain sentences."),
    ("Greet the customer by the first name.", "Greet the customer by the last name."),
    ("Be brief.", "Be kind."),
    ("Write dates as YYYY-MM-DD.", "Write amounts as EUR."),
    ("!!!", "???"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_is_worded_a_little_differently_is_the_same(one: str, other: str) -> None:
    assert alike(one, other)
    assert alike(other, one)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_what_asks_for_something_else_is_not(one: str, other: str) -> None:
    assert not alike(one, other)
    assert not alike(other, one)
