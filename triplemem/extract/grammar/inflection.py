"""The forms of the verbs that we read, and from a form back to its verb."""

from __future__ import annotations

from triplemem.extract.grammar.frames import BARE, FRAMES

BE = frozenset({"am", "is", "are", "was", "were", "be", "been", "being", "'s"})
HAVE = frozenset({"have", "has", "had"})
DO = frozenset({"do", "does", "did"})

# base: past, participle
_IRREGULAR = {
    "lead": "led led", "run": "ran run", "take": "took taken", "come": "came come", "grow": "grew grown",
    "get": "got got", "break": "broke broken", "split": "split split", "go": "went gone", "meet": "met met",
    "buy": "bought bought", "sell": "sold sold", "speak": "spoke spoken", "learn": "learned learned",
    "read": "read read", "eat": "ate eaten", "drink": "drank drunk", "drive": "drove driven", "write": "wrote written",
    "build": "built built", "win": "won won", "bear": "bore born", "leave": "left left", "quit": "quit quit",
    "give": "gave given", "begin": "began begun", "become": "became become", "lay": "laid laid", "let": "let let",
    "oversee": "oversaw overseen", "teach": "taught taught", "sing": "sang sung", "mean": "meant meant",
    "make": "made made", "dwell": "dwelt dwelt", "know": "knew known", "lose": "lost lost", "do": "did done",
    "bring": "brought brought", "throw": "threw thrown",
}  # fmt: skip
_DOUBLED = frozenset("swap drop run get split begin win let quit step stop enrol cancel expel".split())
_ALSO = {"learnt": ("learn", "past part"), "travelled": ("travel", "past part"), "travelling": ("travel", "ing"),
         "gotten": ("get", "part"), "dwelled": ("dwell", "past part"), "enrolled": ("enrol", "past part"),
         "focussed": ("focus", "past part"), "canceled": ("cancel", "past part"), "canceling": ("cancel", "ing"),
         "parted": ("part", "past part")}  # fmt: skip
"""Further spellings; of "part" this form alone, for the others are nouns."""


def _regular(base: str) -> tuple[str, str, str, str]:
    """The third person, the past, the participle, the -ing form."""
    last = base[-1]
    doubled = base + last if base in _DOUBLED else base
    if last == "y" and base[-2] not in "aeiou":
        third, past = base[:-1] + "ies", base[:-1] + "ied"
    elif base.endswith(("s", "sh", "ch", "x", "z", "o")):
        third, past = base + "es", base + "ed"
    else:
        third, past = base + "s", base + "d" if last == "e" else doubled + "ed"
    if base.endswith("ie"):
        ing = base[:-2] + "ying"
    else:
        ing = base[:-1] + "ing" if last == "e" and not base.endswith(("ee", "ye")) else doubled + "ing"
    return third, past, past, ing


def ing_form(base: str) -> str:
    """The -ing form of a verb, of the table or not."""
    if len(base) > 2 and base[-1] in "bdgmnprt" and base[-2] in "aeiou" and base[-3] not in "aeiou" and len(base) < 5:
        return base + base[-1] + "ing"
    return _regular(base)[3] if len(base) > 1 else base


def _forms() -> dict[str, tuple[tuple[str, str], ...]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for base in (*FRAMES, *BARE):
        third, past, part, ing = _regular(base)
        if base in _IRREGULAR:
            past, part = _IRREGULAR[base].split()
        for word, form in ((base, "base"), (third, "s"), (past, "past"), (part, "part"), (ing, "ing")):
            readings = found.setdefault(word, [])
            if (base, form) not in readings:
                readings.append((base, form))
    for word, (base, forms) in _ALSO.items():
        found.setdefault(word, []).extend((base, form) for form in forms.split() if base in {*FRAMES, *BARE, "part"})
    return {word: tuple(readings) for word, readings in found.items()}


FORMS = _forms()
"""Word to (verb, form): form is base, s, past, part or ing."""
