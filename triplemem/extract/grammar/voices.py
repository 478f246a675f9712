"""Whose words a message holds: those of its speaker, or what somebody else wrote, an example, a text to work on."""

from __future__ import annotations

import re

from triplemem.core.text import fold
from triplemem.extract.grammar.names import is_name

_LABEL = re.compile(
    r"\s*(?:[-*•]\s+)?(?:[\[(][\d:. ,/apm-]{3,24}[\])]\s*|\d[\d/.:, ]{3,22}(?:[ap]m)?\s*[-–—]?\s*)?[<@*_]{0,2}"
    r"(?P<name>[^\W\d_][\w'’-]{0,30}(?: [A-Z][\w'’-]{0,30}){0,2})[*_]{0,2}(?:\s*:[*_]{0,2}(?=\s)|>\s)"
)
_WROTE = re.compile(
    r"\s*(?P<who>[^:.!?\n]{1,60}?) (?P<how>wrote|writes|said|says|replied|replies|texted|texts|posted|asked|asks"
    r"|answered|commented|emailed|messaged)(?: (?:me|us|back|to me|to us|this|today|yesterday)){0,2}\s*:(?=\s)"
)
_SAMPLE = re.compile(
    r"\s*(?:[-*•]\s*)?(?:an? |the |for |here is an? |here's an? )?(?:[a-z]+ )?(?:example|sample|input|output|prompt"
    r"|template)(?: (?:text|sentence|sentences|input|output|message|data|response|answer|\d{1,3})){0,2}\s*:(?=\s)",
    re.I,
)
_QUOTED = re.compile(
    r"\s*(?:[-*•]\s*)?(?P<whose>(?:[^\s:.!?]+ ){0,6})(?P<what>words|lyrics?|ad|advert|advertisement|translation|quote"
    r"|quotation|caption|subtitles?|slogan|motto|proverb|poem|transcript|excerpt|passage|dialogue|monologue|chorus"
    r"|verse|song|letter|email|voicemail)(?: (?:of|from|in|by|for) [^:.!?\n]{1,40})?\s*:(?=\s)",
    re.I,
)
_OF_OTHERS = re.compile(
    r"(?:\b(?:his|her|their|your|exact|literal|original|last|final)|['’]s) (?:own |very |exact )?$", re.I
)
_OUR_OWN = re.compile(r"\b(?:my|our)\b", re.I)
_SPEAKER = frozenset({"me", "user", "human"})
_MACHINES = frozenset({"assistant", "ai", "bot", "chatgpt"})
_BREAK = re.compile(r"\n[ \t]*\n")


class Voices:
    """Follows the labels of a message from sentence to sentence: "Eva: I live in Rome", "Example: …"."""

    def __init__(self, speaker: str | None) -> None:
        self.first = fold((speaker or "").partition(" ")[0])
        self.others = self.asked = False

    def is_other(self, text: str, start: int, end: int) -> bool:
        """Is this sentence somebody else's, or nobody's? What a label opens goes on up to a blank line."""
        if (whose := self._label(text[start:end])) is not None:
            self.others = whose
            wrote = _WROTE.match(text[start:end])
            self.asked = wrote is not None and wrote["how"].startswith("ask")
            return self._until_break(text, start, end, whose)
        return self._until_break(text, start, end, self.others)

    def _until_break(self, text: str, start: int, end: int, whose: bool) -> bool:
        said = text[start:end].rstrip()
        if self.asked and said.endswith(("?", '?"', "?”")):
            self.others = False  # whoever is asked answers
        if not said.endswith(":") and _BREAK.search(text, start + len(said), end):
            self.others = False
        return whose

    def _label(self, said: str) -> bool | None:
        """Whether the label that stands there is another's; None if there is none."""
        if _SAMPLE.match(said) or _quoted(said):
            return True
        if wrote := _WROTE.match(said):
            return not self._is_speaker(wrote["who"].split()[-1])
        found = _LABEL.match(said)
        first = found["name"].split()[0] if found is not None else ""
        if self._is_speaker(first) or first.lower() in _SPEAKER:
            return False
        if first.lower() in _MACHINES:
            return True
        return True if first[:1].isupper() and is_name(first.lower()) else None

    def _is_speaker(self, name: str) -> bool:
        return bool(name) and fold(name) in {"i", self.first}


def _quoted(said: str) -> bool:
    """As in "Kurt's exact words: …", "Lyrics of the day: …", "From the ad: …", but not "In my own words: …"."""
    found = _QUOTED.match(said)
    if found is None:
        return False
    whose, what = found["whose"], found["what"].lower()
    if what == "words":
        return _OF_OTHERS.search(whose) is not None and not _OUR_OWN.search(whose)
    return what in {"translation", "lyrics", "lyric", "ad", "advert"} or not _OUR_OWN.search(whose)
