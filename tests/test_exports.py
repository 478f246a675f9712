"""`triplemem.__all__` is what API.md names: nothing more, nothing less."""

import inspect

import pytest

import triplemem
from triplemem import errors
from triplemem.types import agent, facts

NAMES = """
    AddResult Admin AnthropicModel AsyncMemory Background Change Claim ConfigError Conflict connect Correction
    Embedder End Entity Episode Erasure Evidence Experience Explanation Extraction ExtractionRequest Extractor Fact
    Grounds Hit InvalidInput InvalidNamespace InvalidTime Job Memory Message Model ModelError ModelRefused
    ModelReply ModelRequest ModelUnavailable NotFound Period Predicate ProcessResult Prompt Proposal ProposedClaim
    ProposedEnd ProposedRetraction Refusal Retraction Rule RuleChange ScriptedExtractor ScriptedModel SessionInfo
    Step Store StoreError StoreMismatch StoreUnavailable Tombstone ToolCall ToolStats Trajectory TriplememError
    Triplet Usage
""".split()


def classes_of(module: object) -> set[str]:
    members = inspect.getmembers(module, inspect.isclass)
    return {name for name, value in members if value.__module__ == module.__name__}  # type: ignore[attr-defined]


def test_the_exported_names_are_those_of_the_contract() -> None:
    assert set(triplemem.__all__) == set(NAMES)


def test_the_exported_names_are_sorted() -> None:
    assert list(triplemem.__all__) == sorted(triplemem.__all__)


@pytest.mark.parametrize("name", NAMES)
def test_every_exported_name_can_be_imported_and_is_documented(name: str) -> None:
    assert inspect.getdoc(getattr(triplemem, name))


@pytest.mark.parametrize("module", [facts, agent, errors], ids=["facts", "agent", "errors"])
def test_no_public_class_of_a_module_is_forgotten(module: object) -> None:
    assert classes_of(module) <= set(triplemem.__all__)


def test_dir_and_star_import_agree_with_the_list() -> None:
    there: dict[str, object] = {}
    exec("from triplemem import *", there)
    assert set(triplemem.__all__) <= set(there)
    assert set(triplemem.__all__) <= set(dir(triplemem))


def test_a_name_that_does_not_exist_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        _ = triplemem.nothing_of_the_kind
