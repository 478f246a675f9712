"""Text as the engine compares it, and the places in a text that erasing and evidence point at.

`fold` is the normalisation of an entity's key, `skeleton` the stronger one of a tombstone. `find_quote` and
`names_in` compare folded text and answer with spans of the original. Nothing here raises on any `str`, lone
surrogates and NUL included, and all of it is linear in the text.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

ERASED = "[erased]"
WORD, UNSPACED, SYMBOL, MARK = "w", "c", "e", "p"

Span = tuple[int, int]

_UNSPACED = (  # scripts written without spaces, and Hangul, whose particles hang on the noun
    (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1100, 0x11FF), (0x1780, 0x17FF), (0x2E80, 0x2FDF), (0x3005, 0x3007),
    (0x3021, 0x312F), (0x3130, 0x318F), (0x31A0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA960, 0xA97F),
    (0xAC00, 0xD7FF), (0xF900, 0xFAFF), (0x20000, 0x3FFFD),
)  # fmt: skip


class _Classes(dict[int, str]):
    """The class of each code point, one character long, worked out when it is first seen."""

    def __missing__(self, code: int) -> str:
        self[code] = found = _class_of(chr(code))
        return found


def _class_of(char: str) -> str:
    category = unicodedata.category(char)
    if char.isalnum() or category[0] == "M":
        unspaced = any(low <= ord(char) <= high for low, high in _UNSPACED)
        return UNSPACED if unspaced else WORD
    if char.isspace() or category in ("Cc", "Cf", "Cs", "Co"):
        return " "
    if char < "\x80":
        return char
    return SYMBOL if category in ("So", "Sk", "Sm", "Sc", "Cn") else MARK


CLASSES = _Classes()
"""For `str.translate`: ``w`` letters, digits and their marks, ``c`` the same of scripts without spaces, ``e`` emoji
and other symbols, ``p`` punctuation beyond ASCII, ASCII symbols as they are, and a space for all else."""


def fold(text: str) -> str:
    """The key of a name (DESIGN §5): NFKC, casefold, white space folded and trimmed. Accents stay."""
    if text.isascii():
        return " ".join(text.lower().split())
    folded = text.casefold()
    for _ in range(4):  # two rounds are enough for nearly every code point
        again = unicodedata.normalize("NFKC", folded).casefold()
        if again == folded:
            break
        folded = again
    return " ".join(folded.split())


def skeleton(text: str) -> str:
    """The stronger key of a tombstone (DESIGN §3): `fold`, without invisibles, with look-alikes made Latin.

    Controls, formats (zero widths, bidi, tags), variation selectors and fillers go. Look-alikes in other scripts
    become the Latin letter, and the digits of every script ASCII digits. An accent that composes stays (``é`` is not
    ``e``: another value); a mark that has no composed form, as in struck-out or stacked text, is decoration and goes.
    """
    folded = fold(text)
    if folded.isascii():
        return " ".join(folded.translate(INVISIBLE).split())
    apart = unicodedata.normalize("NFD", folded).translate(INVISIBLE).translate(_LATIN)
    return fold(unicodedata.normalize("NFC", apart).translate(_DECORATION))


def plain(text: str) -> str:
    """The text without characters that nobody sees: hyphens that may break a word, zero widths, bidi marks.

    Joiners stay where they may shape what is seen: beside anything but Latin letters.
    """
    return text if text.isascii() else _JOINED.sub("", text.translate(_UNSEEN))


def ends(text: str, limit: int) -> str:
    """The text; of one of more than ``limit`` characters the first half of so many and the last half, apart.

    So a question is read whether it stands before or after what was pasted beside it.
    """
    half = limit // 2
    return text if len(text) <= limit else text[:half] + _APART + text[-half:]


_APART = "\n" * 4
"""More than what parts the words of a name."""

_JOINED = re.compile(r"(?<=[A-Za-z])[\u200c\u200d]++(?=[A-Za-z])")


class _Unseen(dict[int, str | None]):
    def __missing__(self, code: int) -> str | None:
        gone = unicodedata.category(chr(code)) == "Cf" and code not in (0x200C, 0x200D)
        self[code] = found = None if gone else chr(code)
        return found


_UNSEEN = _Unseen()


class _Invisible(dict[int, str | None]):
    def __missing__(self, code: int) -> str | None:
        gone = unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs") or _is_filler(code)
        self[code] = found = None if gone else chr(code)
        return found


class _Latin(dict[int, str]):
    def __missing__(self, code: int) -> str:
        digit = unicodedata.decimal(chr(code), -1)
        self[code] = found = LOOK_ALIKES.get(chr(code)) or (str(digit) if digit >= 0 else chr(code))
        return found


def _is_filler(code: int) -> bool:
    return (
        code in (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0)
        or 0x180B <= code <= 0x180F
        or 0xFE00 <= code <= 0xFE0F
        or 0xE0000 <= code <= 0xE0FFF
    )


# Casefolded, each before the Latin it looks like. Where only the capital looks alike (Н, Η, Ν, В) it counts: names
# begin with capitals.
LOOK_ALIKES = {
    pair[0]: pair[1]
    for pair in (
        "аa вb ԁd еe һh іi јj ӏl кk мm нh оo рp ԛq сc ѕs тt уy ԝw хx үy ѵv гr ғf "
        "αa βb εe ζz ηh ιi κk μm νn οo ρp τt υy χx ωw ϲc ϳj "
        "օo սu հh ոn ցg զq յj "
        "Ꭺa Ᏼb Ꮯc Ꭰd Ꭼe Ꮐg Ꮋh Ꭵi Ꭻj Ꮶk Ꮮl Ꮇm Ꮲp Ꭱr Ꮪs Ꭲt Ꮩv Ꮃw Ꮓz "
        "ıi ɑa ɡg ɩi ᴀa ʙb ᴄc ᴅd ᴇe ꜰf ɢg ʜh ɪi ᴊj ᴋk ʟl ᴍm ɴn ᴏo ᴘp ʀr ꜱs ᴛt ᴜu ᴠv ᴡw ʏy ᴢz ǀl "
        "’' ‘' ʼ' ‛' ′' ʹ' “\" ”\" „\" ‟\" ‐- ‒- –- —- −- ⁄/ ∕/"
    ).split()
}
INVISIBLE = _Invisible()
"""For `str.translate`: controls, formats, fillers and variation selectors go, all else stays."""
_LATIN = _Latin()
_DECORATION = dict.fromkeys(
    code
    for low, high in ((0x0300, 0x036F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F))
    for code in range(low, high + 1)
)

# --- sentences ----------------------------------------------------------------------------------------------------

_ABBREVIATIONS = frozenset(
    "mr mrs ms mx dr prof st sr jr vs etc eg ie e.g i.e a.k.a cf al fig no vol inc ltd co corp dept approx est ca gen "
    "gov sen rep rev hon capt col lt sgt mt ft ave blvd rd jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_MAYBE_LAST = frozenset(
    "etc inc ltd co corp jr sr no al st ave rd jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
_STOP = re.compile(
    r"(?P<line>\n\s*+)"
    r"|(?P<erased>\[erased\]\s++)"
    r"|(?P<end>(?<![.!?…])[.!?…]++[\"'”’»)\]]{0,4}+)(?P<gap>[^\S\n]++)"
    r"|(?P<wide>[。！？｡]++[」』”’）]{0,4}+\s*+)"
)
_LAST_WORD = re.compile(r"[^\s(\[\"“]{0,16}\Z")
_BULLET = re.compile(r"\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})\Z")


def encodes(text: str) -> bool:
    """Is the text whole: without half a character (a lone surrogate)?"""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def sentences(text: str) -> list[Span]:
    """The spans of the sentences: in order, without a gap, over the whole text; white space belongs to the one before.

    Abbreviations, initials, decimals and the numbers of lists end nothing. A line ends one, unless the next line goes
    on in lower case and is not blank. An empty text has none.
    """
    cuts, line = [0], 0
    for match in _STOP.finditer(text):
        at = match.end()
        if match["line"] is not None:
            cut, line = _line_ends(text, match), at
        elif match["end"] is not None:
            cut = _stop_ends(text, match, max(line, cuts[-1]))
        else:
            cut = True
        if cut and cuts[-1] < at < len(text) and text[cuts[-1] : at].strip():
            cuts.append(at)
    return list(pairwise([*cuts, len(text)])) if text else []


def _line_ends(text: str, match: re.Match[str]) -> bool:
    following = text[match.end() : match.end() + 1]
    return match[0].count("\n") > 1 or not following.islower()


def _stop_ends(text: str, match: re.Match[str], since: int) -> bool:
    """Does this stop end a sentence, rather than an abbreviation, an initial or the number of a list item?"""
    following = text[match.end() : match.end() + 1]
    if following.islower():
        return False
    if match["end"] != ".":
        return True
    found = _LAST_WORD.search(text, max(since, match.start() - 17), match.start())
    word = found[0] if found else ""
    begins = match.start() - len(word)
    if begins - since < 40 and not text[since:begins].strip() and _BULLET.match(word):
        return False
    folded = word.casefold().strip(".")
    if len(word) == 1 and word.isupper() and word != "I":
        return False
    return folded not in _ABBREVIATIONS or (folded in _MAYBE_LAST and following.isupper() and len(folded) > 2)


def erase_sentences(text: str, spans: list[Span]) -> str:
    """The text with each sentence that overlaps a span as ``[erased]``; adjacent ones are one. No span, no change."""
    hit = _overlapped(sentences(text), [span for span in spans if span[0] < span[1]])
    if not any(erased for _, erased in hit):
        return text
    parts: list[str] = []
    for (start, end), erased in hit:
        said = text[start:end]
        parts.append(_erased(said) if erased else said)
    return re.sub(r"\[erased\](?:\s*+\[erased\])+", ERASED, "".join(parts))


def _erased(sentence: str) -> str:
    kept = sentence.rstrip()
    return sentence[: len(sentence) - len(sentence.lstrip())] + ERASED + sentence[len(kept) :]


def _overlapped(found: list[Span], spans: list[Span]) -> list[tuple[Span, bool]]:
    """Each sentence, and whether a span reaches into it."""
    starts = [start for start, _ in found]
    hits = [0] * (len(found) + 1)
    for low, high in spans:
        if found and high > 0 and low < found[-1][1]:
            hits[max(bisect_right(starts, low) - 1, 0)] += 1
            hits[bisect_right(starts, high - 1)] -= 1
    depth, marked = 0, []
    for span, change in zip(found, hits, strict=False):
        depth += change
        marked.append((span, depth > 0))
    return marked


# --- names --------------------------------------------------------------------------------------------------------

_NAME_WORD = re.compile(
    r"(?P<lead>(?:(?<![wc])[^wcei ]{1,2}+)?+)(?P<word>w++(?:i++w++)*+|c|e)(?=(?P<trail>[^wcei ]{0,3}+))"
)
_GAP = 3


class _NameClasses(_Classes):
    """`CLASSES`, and ``i`` for what is invisible."""

    def __missing__(self, code: int) -> str:
        if unicodedata.category(chr(code)) == "Cf" or _is_filler(code):
            self[code] = "i"
            return "i"
        return super().__missing__(code)


_NAME_CLASSES = _NameClasses()


def name_ngrams(text: str, max_words: int) -> Iterator[tuple[str, int, int]]:
    """Every run of 1 to ``max_words`` words as it is written, with its span: the names that a text may hold.

    A word comes bare and with the symbols on it ("C" and "C++", "+1555"), and goes on over what nobody sees; each
    character of a script without spaces is a word, and so is an emoji. More than three characters between two words
    break a run.
    """
    words = [
        (match.start(), match.start("word"), match.end("word"), match.end("trail"))
        for match in _NAME_WORD.finditer(text.translate(_NAME_CLASSES))
    ]
    for first, (lead, start, _, _) in enumerate(words):
        reach = start
        for _, begin, end, trail in words[first : first + max_words]:
            if begin - reach > _GAP:
                break
            reach = end
            for low in range(start, lead - 1, -1):
                for high in range(end, trail + 1):
                    yield text[low:high], low, high


# --- finding ------------------------------------------------------------------------------------------------------

_QUOTES = "\"'`´‘’‚‛“”„‟‹›«»′″‵‶「」『』〝〞＂＇ʼ"
_PIECES = re.compile(
    rf"(?P<plain>[!#-&(-\-/-_a-~]++)|(?P<dots>\.{{3,}}+|…)|(?P<space>\s++)|(?P<quotes>[{re.escape(_QUOTES)}]++)"
    r"|(?P<other>.)",
    re.DOTALL,
)
_ELLIPSIS = re.compile(r"(?:[\[(]\s{0,2})?(?:\.\s?\.\s?\.[.\s]*+|…)(?:\s{0,2}[\])])?")
_LATIN_RUN = re.compile(r"[0-9a-z]*+")


class _Folded:
    """A text folded for comparison, which knows where in the original each of its characters stands."""

    def __init__(self, text: str, *, loose: bool) -> None:
        """Fold ``text``; if ``loose``, without quotation marks and ellipses."""
        self.at: list[int] = []
        parts: list[str] = []
        left_out = False
        for match in _PIECES.finditer(text):
            start, end = match.span()
            if left_out and end - start == 1 and unicodedata.combining(match[0]):
                continue  # the accent of a quotation mark
            left_out = loose and match["quotes"] is not None
            if match["plain"] is not None:
                parts.append(match[0].lower())
                self.at.extend(range(start, end))
                continue
            if match["space"] is not None or (loose and match["dots"] is not None):
                folded = "" if parts and parts[-1].endswith(" ") else " "
            elif left_out:
                folded = ""
            elif end - start == 1:
                folded = _fold_char(match[0])
            else:
                folded = match[0]
            if folded:
                parts.append(folded)
                self.at.extend([start] * len(folded) if end - start != len(folded) else range(start, end))
        self.text = "".join(parts)
        self.source = text

    def span(self, start: int, end: int) -> Span:
        """The span of the original that a span of the folded text stands for."""
        return self.at[start], self.at[end - 1] + 1

    def whole(self, start: int, end: int) -> bool:
        """Are the ends those of characters: not within a ligature, nor between a letter and its accent?"""
        if start and self.at[start] == self.at[start - 1]:
            return False
        if end == len(self.text):
            return True
        return self.at[end] != self.at[end - 1] and not unicodedata.combining(self.text[end])

    def bounded(self, start: int, end: int) -> bool:
        """Does no word go on beyond the ends?"""
        before, after = self.text[max(start - 1, 0) : start], self.text[end : end + 1]
        first, last = self.text[start], self.text[end - 1]
        if after in {"+", "#"} and last.isalnum():
            return False
        return not (_goes_on(before, first) or _goes_on(last, after))


def _fold_char(char: str) -> str:
    if char in _APOSTROPHES:
        return "'"
    if unicodedata.category(char) in ("Cf", "Cs") or _is_filler(ord(char)):
        return ""
    folded = unicodedata.normalize("NFKD", char).casefold()
    return unicodedata.normalize("NFKD", folded).replace("\u00a0", " ")


_APOSTROPHES = "’‘ʼ＇"


def _goes_on(left: str, right: str) -> bool:
    if not left or not right:
        return False
    return left.translate(CLASSES) == WORD == right.translate(CLASSES)


def find_quote(quote: str, text: str) -> Span | None:
    """Where the quote stands in the text, as a span of the text; None if it does not.

    Spaces, case, quotation marks and ellipses aside: a "..." or "…" in the quote may stand for any gap. A place where
    it is whole words is preferred.
    """
    pieces = (_Folded(piece, loose=True).text.strip() for piece in _ELLIPSIS.split(quote))
    parts = [piece for piece in pieces if piece]
    if not parts:
        return None
    folded = _Folded(text, loose=True)
    found = None
    for start, end in _matches(folded, parts[0]):
        chain = _chain(folded, parts[1:], end)
        if chain is None:
            break
        span = (_closest(folded, parts, start, chain), chain)
        if folded.bounded(*span):
            return folded.span(*span)
        found = found or span
    return None if found is None else folded.span(*found)


_ATTEMPTS = 200


def _matches(folded: _Folded, part: str, limit: int = _ATTEMPTS) -> Iterator[Span]:
    """The first places of a part, at most ``limit``, at which it begins and ends with characters."""
    at = -1
    for _ in range(limit):
        at = folded.text.find(part, at + 1)
        if at < 0:
            return
        if folded.whole(at, at + len(part)):
            yield at, at + len(part)


def _chain(folded: _Folded, parts: list[str], end: int) -> int | None:
    """Where the last of the parts ends, each found after the one before; None if one is missing."""
    for part in parts:
        at = folded.text.find(part, end)
        while at >= 0 and not folded.whole(at, at + len(part)):
            at = folded.text.find(part, at + 1)
        if at < 0:
            return None
        end = at + len(part)
    return end


def _closest(folded: _Folded, parts: list[str], start: int, end: int) -> int:
    """The latest start from which the parts still reach ``end``: the shortest passage that holds the quote."""
    at = end
    for part in reversed(parts):
        at = folded.text.rfind(part, start, at)
    return at if at >= 0 and folded.whole(at, at + len(parts[0])) else start


def names_in(text: str, name: str) -> list[Span]:
    """The spans in which the name stands in the text as whole words, under `fold`; they do not overlap."""
    wanted = _Folded(name, loose=False).text.strip()
    if not wanted:
        return []
    folded, found, at = _Folded(text, loose=False), [], 0
    while (at := folded.text.find(wanted, at)) >= 0:
        end = at + len(wanted)
        if folded.whole(at, end) and folded.bounded(at, end):
            found.append(folded.span(at, end))
            at = end
        else:
            at = max(_LATIN_RUN.match(folded.text, at + 1).end(), at + 1)  # type: ignore[union-attr]
    return found


def spoken_in(text: str, name: str) -> list[Span]:
    """The spans in which a text names what is called so, also as a tombstone knows it: under `skeleton`.

    More than `names_in` finds: "O’Neil" of "O'Neil", and what has invisible or look-alike characters in it.
    """
    found, wanted = names_in(text, name), skeleton(name)
    if wanted and not (text.isascii() and name.isascii()) and wanted in skeleton(text):
        most = sum(1 for _ in name_ngrams(name, 1)) or 1
        found += [(low, high) for run, low, high in name_ngrams(text, most) if skeleton(run) == wanted]
    return found
