"""Extraction by a language model: one call for the turns of a request, and at most one more to repair its answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from triplemem.core.fitting import Unfit
from triplemem.core.parts import heading_of, parts, tokens
from triplemem.core.schema import strict
from triplemem.errors import ConfigError, ModelError, ModelRefused
from triplemem.extract.model.prompt import Turn, before, prefix, prompt_hash, said, variable
from triplemem.ports import BatchModel, Model, ModelReply, ModelRequest
from triplemem.repair import answer_of, ask
from triplemem.types import Extraction, ExtractionRequest, Usage

MAX_ANSWER = 8_192
"""Tokens that an answer may take; one that is asked for again because it broke off may take twice as many."""
OVERLAP = 300
"""Characters of the part before that a part of a long text is shown with, beside its heading."""


class Call(NamedTuple):
    """What one call reads, and the lines that it is shown before."""

    turns: list[Turn]
    context: list[str]


class ModelExtractor:
    """Asks a model what episodes state. Every word of its answer is checked by the engine.

    ``part``: how many characters one call reads at most; a longer text is read in parts, one call each.
    """

    def __init__(self, model: Model, *, part: int = 20_000) -> None:
        self.model, self.part = model, part
        self.name = f"model:{model.name}"

    @property
    def prompt_hash(self) -> str:
        """The hash of the prompt and of the schema of its answer; it is kept with every claim."""
        return prompt_hash(_form())

    def extract(self, request: ExtractionRequest) -> Extraction:
        """What the episodes state, in one call where they are not too long for it.

        Raises `ModelUnavailable` or `ModelRefused`, each with the usage of the calls that were made; a plain
        `ModelError` if it would take more calls, or by their length more tokens, than it may.
        """
        from triplemem.extract.model.meaning import Meaning

        calls = list(self.calls(request))
        left = None if request.max_calls is None else request.max_calls - len(calls)
        if left is not None and left < 0:
            raise ModelError(f"reading this takes {len(calls)} calls, and {request.max_calls} are left")
        self._affordable(calls, request)
        meaning, usage = Meaning(request.episodes, request.known), Usage()
        found: list[Extraction] = []
        for number, call in enumerate(calls):
            try:
                room = None if request.max_tokens is None else request.max_tokens - usage.tokens
                repair = left is None or left > 0
                answer, took = ask(self.model, self.asked(call, request), repair=repair, room=room)
            except ModelError as error:
                error.usage = usage + (error.usage or Usage())
                raise
            usage += took
            if left is not None:
                left -= took.calls - 1
            found.append(meaning.of(answer, call.turns, number))
        return _joined(found, usage)

    def _affordable(self, calls: Sequence[Call], request: ExtractionRequest) -> None:
        """A plain `ModelError` if the last of several calls would begin with more tokens used than may be."""
        if request.max_tokens is None or len(calls) < 2:
            return
        texts = (said for call in calls[:-1] for said in (prefix(), self.asked(call, request).messages[0]["content"]))
        needed = sum(tokens(text) for text in texts)
        if needed >= request.max_tokens:
            raise ModelError(
                f"reading this takes {len(calls)} calls and over {needed} tokens, and {request.max_tokens} are left"
            )

    # answers that come later

    def requests(self, request: ExtractionRequest) -> list[ModelRequest]:
        """What the model is asked, in as many calls as it takes."""
        return [self.asked(call, request) for call in self.calls(request)]

    def submit(self, requests: Mapping[str, ModelRequest]) -> str:
        """Hand requests in as one batch; `ConfigError` if the model takes none."""
        return self._batching().submit(requests)

    def collect(self, batch: str) -> Mapping[str, ModelReply | ModelError] | None:
        """The answers of a batch, or None while it is not over."""
        return self._batching().collect(batch)

    def read(self, request: ExtractionRequest, replies: Sequence[ModelReply]) -> Extraction:
        """What the answers to `requests` mean. What cannot be used is not asked for again here: `ModelRefused`."""
        from triplemem.extract.model.meaning import Meaning

        calls = list(self.calls(request))
        if len(calls) != len(replies):
            raise ModelRefused("the text is no longer what was read")
        meaning = Meaning(request.episodes, request.known)
        found: list[Extraction] = []
        for number, (call, reply) in enumerate(zip(calls, replies, strict=True)):
            try:
                answer = answer_of(reply, _schema())
            except Unfit as fault:
                raise ModelRefused(f"the answer was unusable: {fault}") from None
            found.append(meaning.of(answer, call.turns, number))
        return _joined(found, Usage())

    def _batching(self) -> BatchModel:
        if not callable(getattr(self.model, "submit", None)) or not callable(getattr(self.model, "collect", None)):
            raise ConfigError(f"the model {self.model.name!r} takes no batches: it has no submit() and collect()")
        return self.model  # type: ignore[return-value]

    # one call after the other

    def calls(self, request: ExtractionRequest) -> Iterator[Call]:
        """What each call reads: all the turns at once, or one part of a long text after the other."""
        episodes = request.episodes
        context = before(request.context)
        pieces = [parts(episode.text, self.part) for episode in episodes]
        if len(episodes) > 1 and all(len(some) <= 1 for some in pieces):
            yield Call([Turn(place, episode.text) for place, episode in enumerate(episodes)], context)
            return
        for place, (episode, texts) in enumerate(zip(episodes, pieces, strict=True)):
            earlier = context
            for text in texts:
                yield Call([Turn(place, text)], earlier)
                heading = heading_of(text)
                tail = f"{heading}\n…{text[-OVERLAP:]}" if heading else f"…{text[-OVERLAP:]}"
                earlier = [said(episode, tail)]

    def asked(self, call: Call, request: ExtractionRequest) -> ModelRequest:
        """The request as the model gets it."""
        text = variable(call.turns, request.episodes, call.context, request.known, request.predicates)
        return ModelRequest(prefix(), [{"role": "user", "content": text}], _schema(), MAX_ANSWER)


@cache
def _form() -> str:
    """The schema of the answer as text."""
    return json.dumps(strict(_schema().model_json_schema()))


def _schema() -> Any:
    from triplemem.extract.model.answer import Answer

    return Answer


def _joined(found: Sequence[Extraction], usage: Usage) -> Extraction:
    return Extraction(
        tuple(one for each in found for one in each.claims),
        tuple(one for each in found for one in each.ends),
        tuple(one for each in found for one in each.retractions),
        tuple(one for each in found for one in each.same_as),
        tuple(one for each in found for one in each.predicates),
        usage,
    )
