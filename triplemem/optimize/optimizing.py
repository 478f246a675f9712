"""One optimizer at work: what a model is asked about a prompt, and the edit that code makes of its answers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import fields
from typing import Any, get_args

from triplemem.core.render import tokens_of
from triplemem.core.schema import strict
from triplemem.core.trajectories import check_trajectories
from triplemem.errors import ConfigError
from triplemem.optimize import gradient, metaprompt, prompt_memory
from triplemem.optimize.disposing import Disposing
from triplemem.optimize.edit import Edit
from triplemem.optimize.shown import block, shown_prompt, shown_trajectories
from triplemem.optimize.talk import Talk
from triplemem.ports import Model
from triplemem.resources import prompt as prompt_file
from triplemem.types import Optimizer, Prompt, Trajectory

_KINDS: dict[str, Any] = {"gradient": gradient, "metaprompt": metaprompt, "prompt_memory": prompt_memory}


def _nothing(texts: Collection[str]) -> set[str]:
    return set()


def propose(
    model: Model,
    prompt: Prompt,
    trajectories: Iterable[Trajectory],
    *,
    kind: Optimizer = "gradient",
    refused: Callable[[Collection[str]], set[str]] = _nothing,
    **config: Any,
) -> Edit:
    """What ``model`` would change of ``prompt``, after what was said of ``trajectories``; nothing is applied.

    Trajectories share a budget of tokens. Where they do not fit, feedback and edited answers stay whole as long as that
    is possible, then the last turns of each; the head of a conversation goes first (`optimize.shown`).
    ``refused``: which of these were rejected before? It is asked once, of all lines and sentences that would be new.
    ``config``: ``max_trajectory_tokens``, and of ``gradient`` and
    ``metaprompt`` ``max_reflection_steps`` and ``min_reflection_steps``; `ConfigError` names what there is. Without
    trajectories no model is asked. Raises `ModelUnavailable` or `ModelRefused`, each with the usage so far.
    """
    optimizer, options = configured(kind, config)
    given = check_trajectories(trajectories)
    if not given:
        return Edit(prompt.text)
    disposing = Disposing(prompt, refused)
    shown = shown_trajectories(given, options.max_trajectory_tokens)
    said = f"{shown_prompt(prompt, disposing.rules)}\n{block(shown)}"
    talk = Talk(model, system(kind), said, room=2 * tokens_of(prompt.text))
    why: str = optimizer.run(talk, disposing, shown, options)
    if len(shown) < len(given):
        disposing.leave_out(f"{len(given) - len(shown)} trajectories", "there was no room to show them")
    return disposing.edit(talk.usage, why)


def configured(kind: object, config: Mapping[str, Any]) -> tuple[Any, Any]:
    """The module of an optimizer and its options; `ConfigError` names the valid ones."""
    if not isinstance(kind, str) or kind not in _KINDS:
        raise ConfigError(f"there is no optimizer {kind!r}: {', '.join(map(repr, get_args(Optimizer)))}")
    optimizer = _KINDS[kind]
    valid = [one.name for one in fields(optimizer.Config)]
    unknown = sorted(set(config) - set(valid))
    if unknown:
        said = ", ".join(map(repr, unknown))
        raise ConfigError(f"the optimizer {kind!r} has no option {said}: its options are {', '.join(sorted(valid))}")
    options = optimizer.Config(**config)
    options.check()
    return optimizer, options


def system(kind: str) -> str:
    """The part of its prompts that an optimizer always sends, the same bytes whatever it works on."""
    return "\n\n".join(prompt_file(name) for name in _KINDS[kind].SYSTEM)


def prompt_hash(kind: Optimizer = "gradient") -> str:
    """Sixteen hexadecimal digits that tell an optimizer's prompts, with the forms of its answers, from any other."""
    from triplemem.optimize import answer

    optimizer, _ = configured(kind, {})
    files = [prompt_file(name) for name in (*optimizer.SYSTEM, *optimizer.FURTHER, "repair")]
    forms = [json.dumps(strict(getattr(answer, name).model_json_schema())) for name in optimizer.FORMS]
    return hashlib.sha256("\x1f".join([*files, *forms]).encode()).hexdigest()[:16]
