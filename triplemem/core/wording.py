"""A rule as it is known again, however it is written: without markup, quotes, and the punctuation that only parts."""

from __future__ import annotations

import re

from triplemem.core.text import skeleton

_TAG = re.compile(r"</?(?:b|code|em|i|mark|strong|u)>", re.IGNORECASE)
_RUN = re.compile(r"\*+|_+|~~|`+|\n\s*\n")
_QUOTES = "\"'«»‹›「」『』"
_QUOTE = re.compile(
    rf"(?P<kept>(?<![^\s(])[{_QUOTES}][^\w\s{_QUOTES}]+[{_QUOTES}](?!\w))|(?<!\w)[{_QUOTES}]|[{_QUOTES}](?!\w)"
)
_BULLET = re.compile(r"^(?:(?:[-*•+]|>(?!\s*\d)|#{1,6}|\(?\d{1,3}[.)]|\[[ x]?\])\s+)+")
_DASH = re.compile(r"(?<!\d)\s-+\s(?!\d)")
_STOP = re.compile(r"(?<=[^\s.,;:!?。、])[.,;:!?。、]++(?=[\s)\]}]|$)|(?<!\s)\s++[.!?]++$")  # a run is tried once
_WRAPPED = re.compile(r"[(\[]([^()\[\]]*)[)\]]")


def rule_key(text: str) -> str:
    """The text of a rule as its tombstone knows it, which digests it further.

    Markup and the marks of lists go, quotes but for those around a mark, the punctuation after a word, a dash between
    words, and the stop at the end, even after a space: only quotes tell "End with !" from "End with ?". All else that
    may make another rule stays: signs, numbers, what joins a word, any other mark that stands alone.
    """
    said = _QUOTE.sub(lambda found: found["kept"] or "", skeleton(unmarked(text))).strip()
    said = _STOP.sub("", _DASH.sub(" ", _BULLET.sub("", said))).strip()
    wrapped = _WRAPPED.fullmatch(said)
    return " ".join((wrapped[1] if wrapped else said).split())


def unmarked(text: str) -> str:
    """The text without the marks by which Markdown and HTML emphasize; code stands in quotes."""
    text = _TAG.sub("", text)
    begun: dict[str, int] = {}
    gone: dict[int, str] = {}
    for found in _RUN.finditer(text):
        run, start, end = found[0], found.start(), found.end()
        before, after = text[start - 1 : start] if start else "", text[end : end + 1]
        if run[0] == "\n":
            begun.clear()
        elif run[0] == "`":
            gone[start] = run
        elif run in begun and before.strip() and not after.isalnum():
            opened = begun.pop(run)
            if run != "__" or any(map(str.isspace, text[opened:start])):  # not a name such as __init__
                gone |= {opened: run, start: run}
        elif after.strip(" .,;:!?/\\\n\t") and not before.isalnum():
            begun[run] = start
    return _RUN.sub(lambda found: _left(found[0], found.start() in gone), text)


def _left(run: str, gone: bool) -> str:
    return run if not gone else '"' if run[0] == "`" else ""
