"""What asserts nothing: questions, conditions, wishes, commands, what others say, jokes marked as such."""

from __future__ import annotations

import re
from collections.abc import Sequence

from triplemem.extract.grammar.afterthoughts import clause_start, doubt_apart, hedged, is_denied, is_tail, saying_apart
from triplemem.extract.grammar.awaited import is_awaited
from triplemem.extract.grammar.inflection import FORMS
from triplemem.extract.grammar.phrases import at
from triplemem.extract.grammar.tails import mocked_before, taken_back
from triplemem.extract.grammar.tokens import PUNCT, WORD, Token
from triplemem.extract.grammar.words import ARTICLES, POSSESSIVES, PRONOUNS

_JOKE = re.compile(
    r"\b(?:just kidding|jk|kidding|joking|just a joke|not really|april fools?|sarcasm|as a joke|in my dream)\b"
    r"|(?<=[.!]\s)not!|(?<=[.!\n]\s)(?:lol,? )?not\W*\Z|(?<!\?\s)\blol,? (?:no|nope|nah)\W*\Z"
    r"|\bor (?:did|does|is|was|has|have|do|are|were) (?:he|she|they|it|i|we)\?|/s(?:\s|$)",
    re.I,
)
_TASK = re.compile(
    r"\s*(?:(?:can|could|would) you |please )*(?:translate|summari[sz]e|correct|proofread|rewrite|rephrase|paraphrase"
    r"|fix|edit|classify|analy[sz]e|write|explain|parse|extract|improve|shorten|continue|complete)\b[^:\n]{0,80}:"
    r"|\s*(?:(?:hey|hi|ok|okay),? )?(?:(?:can|could|would|will) you |please )*(?:(?:translate|summari[sz]e|proofread"
    r"|rewrite|rephrase|paraphrase|shorten|classify|parse) (?:this|that|it|these)\b|(?:translate|summari[sz]e|proofread"
    r"|rewrite|rephrase|paraphrase|shorten|classify|parse|correct|edit) "
    r"(?:the following|(?:this|the|my) (?:text|essay|draft|story|notes|paragraph|sentences?))\b)"
    r"[^.?!:\n]{0,80}[.?!\n]",
    re.I,
)
CONDITIONS = frozenset(
    "if unless whether suppose supposing imagine assuming hypothetically otherwise lest provided pretend".split()
)
_DOUBT = frozenset(
    """apparently allegedly supposedly reportedly maybe perhaps probably possibly presumably rumour rumor rumored
    rumoured
    rumours rumors hopefully seemingly purportedly doubt doubts gossip arguably almost wish wishes wishing dreamed
    dreamt dream guess""".split()
)
FICTION = frozenset("movie film book novel story game show series play dream episode sequel script sketch song".split())
_OPENING_DOUBT = frozenset("likely".split())
SAYING = frozenset(
    """say says said saying tell tells told claim claims claimed think thinks thought believe believes believed hear
    hears heard assume assumes assumed suspect suspects suspected suggest suggests suggested insist insists insisted
    report reported mention mentions mentioned announce announced hope hopes hoped expect expects expected read
    wonder wonders wondered argue argued reckon reckons figure figured swear swears joke jokes joked joking pretend
    pretends pretended ask asks asked want wants wanted fear feared imagine imagined guess guesses guessed worry
    worries seem seems seemed look looks sound sounds""".split()
)
_MINE = frozenset(
    "think believe know say said told tell mention mentioned announce announced thought mean meant report "
    "reported swear insist reckon".split()
)
_ASKING = frozenset(
    "do does did is are was were can could would will have has had who what where when why how which should shall "
    "may might am whose whom isn't".split()
)
_COMMANDS = frozenset(
    "please let don't tell ask give send call remind make check look try keep take put stop forget remember note "
    "help show find get go come read write wait imagine consider suppose ensure pick choose be say add move meet "
    "join use leave play".split()
)
_OPINIONS = (
    "i think", "i believe", "i know", "i guess that", "i mean", "i must say", "i have to say", "i can confirm",
    "i can tell you", "i told you", "i said", "i already told you", "i mentioned", "i'd say", "i reckon",
    "i should mention", "i should say", "i should add", "i should note", "i want to mention", "i also think",
    "i wanted to tell you", "i wanted to say", "i wanted to mention", "i wanted to let you know",
    "i just wanted to say", "i am happy to say", "i am happy to announce", "i am proud to say", "i am glad to say",
    "i am happy to report", "i am sad to say", "i am afraid", "i am sure", "i am pretty sure", "i am certain",
    "i am excited to announce", "i am excited to say", "i am pleased to announce", "i am delighted to say",
    "i am thrilled to announce", "i am sorry to say", "i am glad", "i am proud",
    "i am so happy", "i am happy", "i am so glad", "i am so proud", "i am sad", "i am so sad", "i am upset",
    "i am gutted", "i am devastated", "i am heartbroken", "i am shocked", "i am relieved", "i am thrilled",
    "i am excited", "i am so excited", "i am delighted",
    "i just want you to know", "you should know", "you may know", "you probably know", "you know",
    "did i mention", "please note", "please remember", "please keep in mind", "please be aware", "remember",
    "note", "keep in mind", "be aware", "don't forget", "do not forget", "just remember", "for the record",
    "for what it's worth", "it turns out", "turns out", "it turned out", "the thing is", "the truth is",
    "the good news is", "the bad news is", "good news is", "the news is", "fun fact is", "the fact is", "my point is",
    "let me tell you", "let me add", "just so you know", "so you know", "in case you forgot", "as you know",
    "as i said", "as i mentioned", "as mentioned", "to be clear", "to be honest", "in fact", "of course", "by the way",
    "before that", "after that", "since then", "prior to that",
    "as a reminder", "quick reminder", "quick update", "small update", "just a reminder", "heads up", "guess what",
    "you will not believe it", "you will not believe this",
    "believe it or not", "in other news", "at the moment", "these days", "right now", "for now", "at present",
    "in my spare time", "in my free time", "on weekends", "on the weekend", "in the evenings", "on the side",
    "on top of that", "in addition", "at work", "at home", "in general", "for years", "as for me", "for my part",
    "at last", "after all", "so far",
    "in the meantime", "for lunch", "every morning", "every day", "every week", "every weekend",
    "every summer", "until recently", "up until recently", "not long ago", "a while ago", "a while back",
    "some time ago", "long ago", "back then", "in the past", "at one point", "no worries", "not sure if i mentioned",
    "one more thing", "small correction", "quick correction", "good news", "bad news", "big news", "sad news",
    "happy news", "great news", "exciting news", "fun fact", "quick note", "side note", "on a personal note",
    "on that note", "on a side note", "speaking of which", "update", "correction", "reminder", "that said",
    "having said that", "funny story", "long story short", "as of late", "thank you", "for context", "some context",
    "some background", "a bit about me", "about me", "more importantly", "most importantly",
)  # fmt: skip
_PLANS = frozenset(
    """plan plans goal goals todo to-do idea ideas option options resolution resolutions dream next step task tasks
    advice question topic headline title wishlist agenda""".split()
)
_WAGERS = frozenset(
    """bet bets wager false prediction predictions forecast trivia quiz riddle guess theory hypothesis scenario lie lies
    myth fiction fake dare horoscope cookie conspiracy""".split()
)
_HEADING = 7
_SUBJECTS = PRONOUNS | POSSESSIVES | ARTICLES - {"a", "an", "some"} | {"you", "not", "anyone", "anybody", "someone"}
_FEELINGS = frozenset(
    """afraid sure certain glad proud happy sad upset gutted devastated heartbroken shocked relieved thrilled excited
    delighted""".split()
)
_WHOEVER = frozenset({"whoever", "whomever"})
_MARKED = frozenset("kidding joking jk".split())
_OPENERS: dict[str, list[tuple[str, ...]]] = {}
for _phrase in sorted(_OPINIONS, key=len, reverse=True):
    _words = tuple(_phrase.replace("it's", "it 's").replace("don't", "do not").replace("i'd", "i 'd").split())
    _OPENERS.setdefault(_words[0], []).append(_words)
_PAST_THEN = frozenset("back then in the past at one point until recently long ago".split())


def is_joke(text: str) -> bool:
    """Is the message marked as one?"""
    return _JOKE.search(text) is not None


def is_task(text: str) -> bool:
    """Does the message ask for work on a text that follows: "Translate to French: …"?"""
    return _TASK.match(text) is not None


def asserts(words: Sequence[Token], text: str, start: int, end: int) -> bool:
    """May this sentence assert anything at all?"""
    tail = text[max(start, end - 40) : end].rstrip().rstrip("\"'”’)")
    if not words or tail.endswith("?") or tail.endswith(("?!", "!?", "?…")) or "?" in tail[-4:]:
        return False
    if text.startswith(">", start) or "[erased]" in text[start:end]:
        return False
    told = 2 if at(words, 0) == "guess" and at(words, 1) == "what" else 0
    lows = {word.low for word in words[told:] if word.kind == WORD}
    if _in_fiction(words) or lows & CONDITIONS or lows & _MARKED or _doubted(words, told):
        return False
    return not (
        _asks(words)
        or taken_back(words)
        or hedged(words)
        or _planned(words)
        or mocked_before(words, text[max(0, start - 20) : start])
        or any(word.low in '"“”`' for word in words if word.kind == PUNCT)
    )


def _planned(words: Sequence[Token]) -> bool:
    """As in "The plan: quit Acme, buy a van", "True or false: Bob quit": to be done, or to be found out."""
    colon = next((i for i, word in enumerate(words[:_HEADING]) if word.low == ":"), 0)
    heads = [i for i in range(colon) if i == colon - 1 or words[i + 1].low in {"of", "for", "from", "on", "about"}]
    return any(word.low in _PLANS for word in words[:colon]) or any(words[i].low in _WAGERS for i in heads)


def _doubted(words: Sequence[Token], told: int) -> bool:
    """Is the whole sentence in doubt, rather than only what an "and" or a "but" adds to it?"""
    return any(
        word.low in _DOUBT and word.kind == WORD and not doubt_apart(words, i)
        for i, word in enumerate(words[told:], told)
    )


def _in_fiction(words: Sequence[Token]) -> bool:
    """As in "in the movie, Bob lives in Atlantis"."""
    for i, word in enumerate(words[:-2]):
        if word.low == "in" and words[i + 1].low in {"the", "this", "that", "a", "my"} and words[i + 2].low in FICTION:
            return i == 0 or i + 3 >= len(words) or words[i + 3].kind == PUNCT
    return False


def _asks(words: Sequence[Token]) -> bool:
    """A question without its mark, or a command."""
    i = 0
    while i < len(words) and (
        words[i].low in {"and", "but", "so", "or", "oh", "well", "hey"} or words[i].kind == PUNCT
    ):
        i += 1
    first = at(words, i)
    if opener(words, i):
        return False
    if first in {"when", "where", "why", "how", "who", "which", "what", "whose"}:
        return True
    if first == "had" and i + 1 < len(words) and not words[i + 1].capital and at(words, i + 1) not in _SUBJECTS:
        return False  # "Had lunch with Ewa"
    if first in _ASKING and (at(words, i + 1) not in {"not"} or first == "do"):
        return words[i].kind == WORD and not (
            words[i].capital and at(words, i + 1) in {"leads", "is", "'s"} and first == "may"
        )
    if (first in _COMMANDS and not words[i].capital and i == 0) or first in {"please", "let"}:
        return True
    return first in _COMMANDS and i + 1 < len(words) and not _third(words, i + 1)


def _third(words: Sequence[Token], i: int) -> bool:
    """Does a finite third person follow: was the word before it a name?"""
    return any(form == "s" for _, form in FORMS.get(at(words, i), ())) or at(words, i) in {"is", "'s", "has", "was"}


def opener(words: Sequence[Token], i: int) -> int:
    """The length of a phrase that only opens an assertion: "I think that", "by the way"."""
    if i >= len(words) or words[i].kind != WORD:
        return 0
    if words[i].low == "i" and at(words, i + 1) == "told" and at(words, i + 3) == "that":
        return 4
    for phrase in _OPENERS.get(words[i].low, ()):
        if i + len(phrase) <= len(words) and all(words[i + n].low == word for n, word in enumerate(phrase)):
            n = len(phrase)
            if at(words, i + n) == "that":
                return n + 1
            if phrase[0] in {"remember", "note", "update", "correction", "reminder"} and at(words, i + n) not in {
                ",",
                ":",
                "-",
                "–",
                "—",
                "i",
                "my",
            }:
                return 0
            if phrase[-1] in _FEELINGS and at(words, i + n) in {"of", "for", "with", "about", "to"}:
                return 0  # "I'm afraid of wasps"
            if phrase in {("i", "know"), ("you", "know"), ("i", "said"), ("i", "mean")} and at(words, i + n) in {
                "of",
                "about",
                "to",
                "how",
                "it",
                "so",
            }:
                return 0
            return n
    return 0


def gate(words: Sequence[Token]) -> int:
    """From which word on nothing is asserted, because somebody else says it, wishes it or doubts it."""
    i = 0
    while i < len(words):
        low = words[i].low
        if is_denied(words, i) or low in _WHOEVER or is_awaited(words, i):
            return i
        if (n := opener(words, i)) and (
            i == 0 or words[i - 1].kind == PUNCT or words[i - 1].low in {"and", "but", "so"}
        ):
            i += n
            continue
        if (low == "according" and at(words, i + 1) == "to") or low == "rumor":
            return 0
        if low in SAYING and words[i].kind == WORD and not _said_by_me(words, i) and not _no_saying(words, i):
            clause = clause_start(words, i)
            if saying_apart(words, clause, i):
                return 0 if _closed_by_hearsay(words, i + 1) else clause
            return 0 if clause == 0 or i >= len(words) - 3 or is_tail(words, clause, i) else clause
        if low in _DOUBT and i > 0 and words[i].kind == WORD and doubt_apart(words, i):
            return 0 if _closed_by_hearsay(words, i + 1) else clause_start(words, i)
        i += 1
    return len(words)


def _closed_by_hearsay(words: Sequence[Token], i: int) -> bool:
    """As in "Bob left, and nobody told me, they say": does a tail of all of it stand at the end?"""
    for j in range(max(i, len(words) - 4), len(words)):
        start = clause_start(words, j) if words[j].low in SAYING and not _said_by_me(words, j) else 0
        if start > i and at(words, start - 1) == "," and not saying_apart(words, start, j):
            return True
    return False


def _said_by_me(words: Sequence[Token], i: int) -> bool:
    """As in "I think", "I told you", "I have already said"."""
    if words[i].low not in _MINE:
        return False
    for j in range(i - 1, max(i - 5, -1), -1):
        if words[j].low == "i":
            return not any(word.low in {"not", "never"} for word in words[j:i])
        if words[j].low not in {"have", "'d", "had", "also", "already", "do", "just", "should", "must", "can"}:
            return False
    return False


def _no_saying(words: Sequence[Token], i: int) -> bool:
    """As in "report to", "reading Dune", "looks after": the word says something else."""
    low, following, before = words[i].low, at(words, i + 1), at(words, i - 1)
    if low == "report" and at(words, i - 2) in ARTICLES | POSSESSIVES and _finite(words, i + 1):
        return True  # "the deadline for the tax report moved"
    if before == "you" and at(words, i - 2) in {"before", "since", "as", "case"}:
        return True  # "before you ask"
    if low in {"report", "claim"} and following in {"is", "was", "'s", "will"}:
        return True
    if low in {"read", "report", "reports", "reported"}:
        return following == "to" or (low == "read" and before in {"i", "have", "to"})
    if low.startswith("look") or low in {"sound", "sounds"}:
        return following in {"after", "forward", "for", "at", "into"} or before in {"the", "a"}
    if low in {"claim", "claims", "report", "mention", "joke", "hope", "fear", "guess"} and before in {
        "the",
        "a",
        "my",
        "no",
        "of",
    }:
        return True
    if low in {"fear", "fears", "feared"}:
        return following not in {"that"}
    if low in {"want", "wants", "wanted", "ask", "asks", "asked"}:
        return False
    return False


def _finite(words: Sequence[Token], i: int) -> bool:
    """Does a verb stand there that has its subject before it?"""
    return at(words, i) in {"is", "was", "'s", "has", "will"} or any(
        form in {"s", "past"} for _, form in FORMS.get(at(words, i), ())
    )
