"""The built-in extractor: English messages to claims, by rules alone."""

from __future__ import annotations

from dataclasses import replace

from triplemem.core.text import plain, sentences
from triplemem.extract.grammar.corrections import read_contrast, read_correction, read_misspoken
from triplemem.extract.grammar.days import read_days
from triplemem.extract.grammar.gates import asserts, gate, is_joke, is_task
from triplemem.extract.grammar.memory import Known, Reading
from triplemem.extract.grammar.naming import read_naming
from triplemem.extract.grammar.sentence import read_sentence
from triplemem.extract.grammar.tokens import quotations, tokens_of
from triplemem.extract.grammar.topics import announced, bring_up
from triplemem.extract.grammar.voices import Voices
from triplemem.types import Episode, Extraction, ExtractionRequest

READ_ROLES = frozenset({"user", "document"})
MAX_SENTENCES = 1500
MAX_TEXT = 128 * 1024
"""A longer text is read up to here."""


class GrammarExtractor:
    """Reads what users and documents state. It keeps nothing, and gives the same answer to the same request."""

    name = "grammar"

    def extract(self, request: ExtractionRequest) -> Extraction:
        """What the episodes state, each with its quote; nothing of what they ask, wish, doubt or pass on."""
        readings = [
            _read(episode, number, request)
            for number, episode in enumerate(request.episodes)
            if episode.role in READ_ROLES
        ]
        return Extraction(
            claims=tuple(claim for reading in readings for claim in reading.claims),
            ends=tuple(end for reading in readings for end in reading.ends),
            retractions=tuple(retraction for reading in readings for retraction in reading.retractions),
            same_as=tuple(pair for reading in readings for pair in reading.same_as),
        )


def _read(episode: Episode, number: int, request: ExtractionRequest) -> Reading:
    text = plain(episode.text[:MAX_TEXT])
    reading = Reading(replace(episode, text=text), number, Known(request.known, episode.speaker))
    if is_joke(text) or is_task(text):
        return reading
    quoted, voices = quotations(text), Voices(episode.speaker)
    for start, end in sentences(text)[:MAX_SENTENCES]:
        words = tokens_of(text, start, end, quoted, episode.occurred_at)
        if voices.is_other(text, start, end) or not words:
            continue
        reading.sentence += 1
        if read_naming(reading, words):
            continue
        if not asserts(words, text, start, end):
            if text[start:end].rstrip().endswith("?"):
                bring_up(reading, words)
            continue
        said = words[: gate(words)]
        if read_correction(reading, words):
            continue
        ended, claimed = len(reading.ends), len(reading.claims)
        if (begin := read_days(reading, said)) < len(said):
            words = words[:begin]
        if not words:
            continue
        bring_up(reading, announced(words))
        read_sentence(reading, words)
        read_misspoken(reading, words, ended)
        read_contrast(reading, words, claimed)
        if (len(reading.ends), len(reading.claims)) == (ended, claimed):
            bring_up(reading, words)
    return reading
