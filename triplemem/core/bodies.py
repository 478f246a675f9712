"""What the body of a record has to be, by its kind: checked where a record comes from outside.

Pure: what the logs are derived from (`core.prompts`, `core.experience`, a session's summary) need not look again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import fields
from typing import Any, get_args

from triplemem.core.experience import BEGAN, ENDED, HAPPENED, JUDGED, OUTCOMES, RESULT, RETURNED, SCORED, STEP, TOOL
from triplemem.core.experience import KIND as EXPERIENCE
from triplemem.core.numeric import finite
from triplemem.core.prompts import PROMPT, PROPOSAL, RULE
from triplemem.core.records import EMBED, SUMMARY
from triplemem.core.text import encodes
from triplemem.types import ProposalState, Usage

Check = Callable[[Any], bool]


def check_body(kind: str, body: str) -> None:
    """`ValueError` unless it is JSON with the parts that records of this kind have; further parts may be there."""
    try:
        _check(kind, json.loads(body))
    except RecursionError:
        raise ValueError(f"a bad record: the body of this {kind} is nested too deeply") from None
    except ValueError as error:
        raise ValueError(f"a bad record: {error}") from None


def _check(kind: str, said: object) -> None:
    if not isinstance(said, dict):
        raise ValueError("its body is not an object")  # noqa: TRY004 - told with its line
    if not encodes(json.dumps(said, ensure_ascii=False)):
        raise ValueError("half a character (a lone surrogate) in its body")
    _check_parts(said, _PARTS.get(kind, {}), _needed(kind, said))


def _needed(kind: str, said: Mapping[str, Any]) -> Collection[str]:
    did = said.get("did")
    more = _FURTHER.get((kind, did), ()) if isinstance(did, str) else ()
    return [*_NEEDED.get(kind, ()), *more]


def _check_parts(said: Mapping[str, Any], parts: Mapping[str, Check], needed: Collection[str]) -> None:
    missing = [name for name in needed if name not in said]
    if missing:
        raise ValueError(f"its body lacks {', '.join(map(repr, missing))}")
    wrong = [name for name, fits in parts.items() if name in said and not fits(said[name])]
    if wrong:
        raise ValueError(f"{', '.join(map(repr, wrong))} in its body: not what it has to be")


# ── what a part has to be ────────────────────────────────────────────────────────────────────────


def _text(value: object) -> bool:
    return isinstance(value, str)


def _number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


def _score(value: object) -> bool:
    return finite(value) and 0 <= value <= 1


def _seconds(value: object) -> bool:
    return finite(value) and value >= 0


def _one_of(*names: str) -> Check:
    return lambda value: isinstance(value, str) and value in names


def _several(fits: Check) -> Check:
    return lambda value: isinstance(value, list) and all(map(fits, value))


def _having(*needed: str, **parts: Check) -> Check:
    """An object with these parts, of which these have to be there."""

    def fits(value: Any) -> bool:
        return (
            isinstance(value, dict)
            and all(name in value for name in needed)
            and all(check(value[name]) for name, check in parts.items() if name in value)
        )

    return fits


def _text_or_none(value: object) -> bool:
    return value is None or isinstance(value, str)


def _pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and isinstance(value[0], str) and _packed(value[1])


def _packed(value: Any) -> bool:
    """JSON as `core.experience.packed` leaves it."""
    if isinstance(value, dict):
        return _object(value)
    return not isinstance(value, list) or all(map(_packed, value))


def _object(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"pairs"} and _several(_pair)(value["pairs"])


def _usage(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() <= _COUNTS and all(map(_number, value.values()))


_COUNTS = {one.name for one in fields(Usage)}
_CHANGE = _having("kind", kind=_one_of("add", "change", "remove"), reason=_text, record=_number, rule=_number)


# ── what each kind has ───────────────────────────────────────────────────────────────────────────

_LOG: dict[str, Check] = {
    **dict.fromkeys(("thought", "action", "result", "error", "session", "tool", EMBED), _text),
    "score": _score,
    "outcome": _one_of(*OUTCOMES),
    "call": _number,
    "arguments": _object,
    "seconds": _seconds,
}
_PARTS: dict[str, dict[str, Check]] = {
    PROMPT: {
        **dict.fromkeys(("did", "text", "when_to_update", "update_instructions", "reason"), _text),
        "rules": _several(_number),
        "proposal": _number,
        "to": _number,
    },
    RULE: {
        **dict.fromkeys(("text", "when", EMBED), _text),
        "evidence": _several(_having("trajectory", trajectory=_text, quote=_text_or_none)),
        "rule": _number,
    },
    PROPOSAL: {
        "did": _one_of("proposed", "decided"),
        **dict.fromkeys(("text", "reason", "optimizer"), _text),
        **dict.fromkeys(("base", "proposal", "to"), _number),
        **dict.fromkeys(("score_before", "score_after"), finite),
        "state": _one_of(*get_args(ProposalState)),
        "changes": _several(_CHANGE),
        "reasons": _several(_text),
        "usage": _usage,
    },
    EXPERIENCE: {**_LOG, "did": _one_of(BEGAN)},
    HAPPENED: {**_LOG, "did": _one_of(STEP, TOOL, RETURNED)},
    JUDGED: {**_LOG, "did": _one_of(RESULT, ENDED, SCORED)},
    SUMMARY: {"did": _text, "text": _text, "by": _text, "room": _number},
}
_NEEDED = {
    PROMPT: ("did", "rules", "text"),
    RULE: ("text",),
    PROPOSAL: ("did",),
    EXPERIENCE: ("did", EMBED),
    HAPPENED: ("did",),
    JUDGED: ("did",),
    SUMMARY: ("text",),
}
_FURTHER = {
    (PROMPT, "accepted"): ("proposal",),
    (PROMPT, "rolled_back"): ("to",),
    (PROPOSAL, "proposed"): ("base", "changes", "reasons", "state", "text"),
    (PROPOSAL, "decided"): ("proposal",),
    (HAPPENED, TOOL): ("call", "tool"),
    (HAPPENED, RETURNED): ("call",),
}
