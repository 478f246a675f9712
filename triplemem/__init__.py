"""triplemem: what is true now, what was true then, and what we believed then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from triplemem.admin import Admin
    from triplemem.aio import AsyncMemory
    from triplemem.compose import Store, connect
    from triplemem.errors import (
        ConfigError,
        Conflict,
        InvalidInput,
        InvalidNamespace,
        InvalidTime,
        ModelError,
        ModelRefused,
        ModelUnavailable,
        NotFound,
        StoreError,
        StoreMismatch,
        StoreUnavailable,
        TriplememError,
    )
    from triplemem.extract.scripted import ScriptedExtractor
    from triplemem.memory import Memory
    from triplemem.models.anthropic import AnthropicModel
    from triplemem.models.scripted import ScriptedModel
    from triplemem.ports import Embedder, Extractor, Model, ModelReply, ModelRequest
    from triplemem.types import (
        AddResult,
        Background,
        Change,
        Claim,
        Correction,
        End,
        Entity,
        Episode,
        Erasure,
        Evidence,
        Experience,
        Explanation,
        Extraction,
        ExtractionRequest,
        Fact,
        Grounds,
        Hit,
        Job,
        Message,
        Period,
        Predicate,
        ProcessResult,
        Prompt,
        Proposal,
        ProposedClaim,
        ProposedEnd,
        ProposedRetraction,
        Refusal,
        Retraction,
        Rule,
        RuleChange,
        SessionInfo,
        Step,
        Tombstone,
        ToolCall,
        ToolStats,
        Trajectory,
        Triplet,
        Usage,
    )

__all__ = [
    "AddResult",
    "Admin",
    "AnthropicModel",
    "AsyncMemory",
    "Background",
    "Change",
    "Claim",
    "ConfigError",
    "Conflict",
    "Correction",
    "Embedder",
    "End",
    "Entity",
    "Episode",
    "Erasure",
    "Evidence",
    "Experience",
    "Explanation",
    "Extraction",
    "ExtractionRequest",
    "Extractor",
    "Fact",
    "Grounds",
    "Hit",
    "InvalidInput",
    "InvalidNamespace",
    "InvalidTime",
    "Job",
    "Memory",
    "Message",
    "Model",
    "ModelError",
    "ModelRefused",
    "ModelReply",
    "ModelRequest",
    "ModelUnavailable",
    "NotFound",
    "Period",
    "Predicate",
    "ProcessResult",
    "Prompt",
    "Proposal",
    "ProposedClaim",
    "ProposedEnd",
    "ProposedRetraction",
    "Refusal",
    "Retraction",
    "Rule",
    "RuleChange",
    "ScriptedExtractor",
    "ScriptedModel",
    "SessionInfo",
    "Step",
    "Store",
    "StoreError",
    "StoreMismatch",
    "StoreUnavailable",
    "Tombstone",
    "ToolCall",
    "ToolStats",
    "Trajectory",
    "TriplememError",
    "Triplet",
    "Usage",
    "connect",
]

_ELSEWHERE = {
    "Admin": "admin",
    "AnthropicModel": "models.anthropic",
    "AsyncMemory": "aio",
    "Memory": "memory",
    "ScriptedExtractor": "extract.scripted",
    "ScriptedModel": "models.scripted",
    "Store": "compose",
    "connect": "compose",
    **dict.fromkeys(("Embedder", "Extractor", "Model", "ModelReply", "ModelRequest"), "ports"),
}


def __getattr__(name: str) -> Any:
    """Each name from its module when it is first asked for, so that importing the package is quick."""
    from importlib import import_module

    if name not in __all__:
        raise AttributeError(f"module 'triplemem' has no attribute {name!r}")
    where = _ELSEWHERE.get(name)
    if where is None:
        where = "errors" if hasattr(import_module("triplemem.errors"), name) else "types"
    value = getattr(import_module(f"triplemem.{where}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
