"""How good an answer of the support assistant is, by a rule that no model is shown."""

import re

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_OTHER_DATE = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}\b|\b{_MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\b"
    r"|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b",
    re.I,
)
_MONEY = re.compile(r"refund|\bmoney\b|reimburs|\bprice\b[^.]*\bback\b|\bpay\b[^.]*\bback\b", re.I)
_OURS = re.compile(  # what "we" do about it, unless it is handed on
    r"\b(?:we|i)(?:\s+(?:will|can|have|are|am|would)|[’'](?:ll|ve|re|m|d))\s+(?:\w+ly\s+|already\s+|now\s+|be\s+\w+\s+to\s+|like\s+to\s+)?"
    r"(?:refund|reimburs|process|issu|initiat|arrang|giv|pay|send|start|credit|return|offer)\w*",
    re.I,
)
_HANDED_ON = re.compile(r"\breturns team\b|\brequest\b", re.I)
_PROMISE = re.compile(
    r"\byou(?:\s+will|[’']ll|\s+are\s+going\s+to)\s+(?:\w+ly\s+)?(?:receive|get|have|be\s+(?:refunded|reimbursed|paid|credited))\b"
    r"|\b(?:refund|money|amount|price)(?!\s+request)\b[^.!?]{0,40}\b(?:will\s+be|is\s+being|is|has\s+been|have\s+been|are\s+being)"
    r"\s+(?:\w+ly\s+)?(?:refunded|issued|processed|paid|credited|reimbursed|returned|on\s+(?:its|the)\s+way)\b"
    r"|\bwill\s+(?:\w+ly\s+)?(?:refund|reimburse)\b"
    r"|\b(?:entitled|eligible)\b",
    re.I,
)
_OPEN = re.compile(r"\b(?:not|cannot|whether|if|may|might|decides?|decision|unable|without|never)\b|n[’']t\b", re.I)


def checker(answer: str, ticket: str) -> float:
    """From 0 to 1: a third each for the reference, for dates, and for promising no refund."""
    return (_referred(answer, ticket) + _dated(answer) + _promises_nothing(answer)) / 3


def _referred(answer: str, ticket: str) -> bool:
    """Is the last line the reference, and nothing else?"""
    return answer.strip().splitlines()[-1:] == [f"Ref: TCK-{ticket}"]


def _dated(answer: str) -> bool:
    """Is every date there is written as YYYY-MM-DD?"""
    return _OTHER_DATE.search(answer) is None


def _promises_nothing(answer: str) -> bool:
    """Does no sentence about money promise any?"""
    sentences = [one for one in re.split(r"(?<=[.!?])\s+", answer) if _MONEY.search(one) and not _OPEN.search(one)]
    return not any(_PROMISE.search(one) or (_OURS.search(one) and not _HANDED_ON.search(one)) for one in sentences)
