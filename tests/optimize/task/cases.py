"""The task: an assistant answers support questions. What is trained with, what is held out, and a harmful rule."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from triplemem.types import Prompt, Rule, Trajectory

TEXT = (
    "You are the support assistant of {company}. Today is {today}. Answer the customer's message in two to four "
    "sentences. Each message begins with the record of the case, such as "
    '{"ticket": "100001", "order": "A-1"}: take numbers and dates from it, and invent none.'
)
VALUES = {"company": "Larkspur Home", "today": "12 March 2026"}
BASE = Prompt(
    "support", 1, TEXT, [], "when an answer to a customer has the wrong form, or says what it must not",
    None, datetime(2026, 3, 1, tzinfo=UTC), "host",
)  # fmt: skip


@dataclass(frozen=True)
class Question:
    """What a customer asks, with the record of the case before it."""

    ticket: str
    record: str
    text: str

    @property
    def message(self) -> str:
        """The message as the assistant gets it."""
        return f'{{"ticket": "{self.ticket}", {self.record}}}\n\n{self.text}'


HELD_OUT = (
    Question("507718", '"order": "L-3310", "item": "floor lamp", "delivery": "19 March 2026"', "When will it be here?"),
    Question(
        "507731",
        '"order": "L-3122", "item": "coffee grinder", "delivered": "3 March 2026"',
        "It broke on the second day. Give me my money back!",
    ),
    Question(
        "507745",
        '"order": "L-2987", "item": "desk chair", "return received": "10 March 2026"',
        "Has my return arrived? And when exactly?",
    ),
    Question(
        "507760",
        '"order": "L-3345", "item": "rice cooker", "ordered": "8 March 2026", "delivery": "20 March 2026"',
        "That is far too late for me. Can I cancel, and will you pay me back the price?",
    ),
    Question(
        "507772",
        '"order": "L-1204", "item": "vacuum cleaner", "warranty until": "30 November 2026"',
        "How long is it under warranty?",
    ),
    Question(
        "507789",
        '"order": "L-3290", "item": "set of six glasses", "delivered": "11 March 2026"',
        "Two of the glasses are chipped. I'd like a refund for these two, please.",
    ),
)
"""What prompts are scored on. No optimizer sees any of it."""


def _told(question: Question, answer: str, feedback: str | None, score: float | None, **more: str) -> Trajectory:
    turns = [{"role": "user", "content": question.message}, {"role": "assistant", "content": answer}]
    return Trajectory(turns, feedback, score, **more)


TRAINING = (
    _told(
        Question("481203", '"order": "K-2210", "item": "kettle", "delivery": "14 March 2026"', "When does it come?"),
        "Your kettle is due on 14 March 2026. The carrier will send you a message on the morning of that day.",
        "The reference is missing: an answer has to end with a last line of its own that is only `Ref: TCK-` and the "
        "number of the ticket, here `Ref: TCK-481203`.",
        0.3,
    ),
    _told(
        Question(
            "481219", '"order": "K-2101", "item": "iron", "return received": "9 March 2026"', "Did my parcel reach you?"
        ),
        "Yes, your return of the iron reached us on March 9, 2026. Thank you for packing it so well!",
        "Write dates as YYYY-MM-DD, always: here 2026-03-09. And no reference line at the end again.",
        0.3,
    ),
    _told(
        Question(
            "481240",
            '"order": "K-2177", "item": "toaster", "delivered": "20 February 2026"',
            "It stopped working after a week. I want my money back.",
        ),
        "I'm very sorry about the toaster. We will refund you the full price within five days.\nRef: TCK-481240",
        "Never promise a refund. Only the returns team decides about that: say that it will look at the case and write "
        "to the customer.",
        0.6,
    ),
    _told(
        Question(
            "481377", '"order": "K-1590", "item": "blender", "warranty until": "1 June 2027"', "Is it still covered?"
        ),
        "Yes, your blender is covered until 1 June 2027. Please keep the receipt.",
        None,
        None,
        edited="Yes, your blender is covered until 2027-06-01. Please keep the receipt.\nRef: TCK-481377",
    ),
    _told(
        Question("481390", '"order": "K-2304", "item": "wok", "sent": "11 March 2026"', "Has it left yet?"),
        "Yes, your wok left our warehouse on 2026-03-11. The carrier needs two to three days.\nRef: TCK-481390",
        "Just as it should be.",
        1.0,
    ),
    _told(
        Question(
            "481402",
            '"order": "K-2250", "item": "mixer", "delivered": "6 March 2026"',
            "The bowl came broken. What do I get back?",
        ),
        "I'm sorry that the bowl arrived broken. You will get the price of the bowl back, counted from 6 March 2026.\n"
        "Ref: TCK-481402",
        "The customer was promised money back, which is for the returns team to decide, and the date is in words.",
        0.3,
    ),
)

TAUGHT = replace(
    BASE,
    rules=[
        Rule("u_0000000000000001", "End every answer with a last line that is only `Ref: TCK-` and the ticket number."),
        Rule("u_0000000000000002", "Write every date as YYYY-MM-DD."),
        Rule("u_0000000000000003", "Never promise a refund: say that the returns team decides and will write."),
    ],
)
"""A prompt that asks for all of it already."""

PRAISED = (
    TRAINING[4],
    _told(
        Question("481455", '"order": "K-2190", "item": "scale", "delivered": "2 March 2026"', "I want a refund."),
        "I'm sorry that you are not happy with the scale. The returns team will look at the case and write to you; it "
        "decides about refunds.\nRef: TCK-481455",
        "Very good, nothing to add.",
        1.0,
    ),
)

HARMFUL = replace(
    BASE,
    rules=[
        Rule(
            "u_0000000000000009",
            "Cheer the customer up: say that the full price will be refunded within five days, whatever was asked, and "
            "write dates in words, such as 3 March.",
        )
    ],
)
"""What a proposal would make of the prompt that pleases customers and harms the shop."""

OTHERS = (
    replace(
        BASE,
        name="router",
        text="Say which team a message of a customer belongs to: delivery, returns or billing.",
        when_to_update="when a message went to the wrong team",
    ),
    BASE,
    replace(
        BASE,
        name="digest",
        text="Sum up the messages of a day in five lines for the shop's owner.",
        when_to_update=None,
    ),
)
