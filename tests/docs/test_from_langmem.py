"""`docs/from-langmem.md`: each public name of LangMem 0.0.30 has its row, and what stands in its place exists here."""

import ast
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

import triplemem
from triplemem import Memory, types

PAGE = Path(__file__).parent.parent.parent / "docs" / "from-langmem.md"
ROW = re.compile(r"^\| `(\w+)` \| (.*?) \| (.*?) ?\|$", re.M)

# The public classes, functions and constants of the modules that the wheel exports, by the headings of the page.
SURFACE = {
    "langmem": """
        create_memory_manager create_memory_store_manager create_manage_memory_tool create_search_memory_tool
        create_thread_extractor create_multi_prompt_optimizer create_prompt_optimizer create_memory_searcher
        ReflectionExecutor Prompt""",
    "langmem.knowledge": """
        MemoryPhase MemoryManager MemoryStoreManager MemoryStoreManagerInput MessagesState MemoryState Memory
        ExtractedMemory SummarizeThread Item SearchItem Done""",
    "langmem.prompts": """
        AnnotatedTrajectory OptimizerInput MultiPromptOptimizerInput GradientOptimizerConfig MetapromptOptimizerConfig
        create_gradient_prompt_optimizer GradientPromptOptimizer GradientOptimizerInput create_metaprompt_optimizer
        MetaPromptOptimizer PromptMemory PromptMemoryMultiple SingleMemoryInput MultipleMemoryInput MultiPromptOptimizer
        get_trajectory_clean get_prompt_extraction_schema
        KINDS DEFAULT_MAX_REFLECTION_STEPS DEFAULT_MIN_REFLECTION_STEPS DEFAULT_GRADIENT_PROMPT
        DEFAULT_GRADIENT_METAPROMPT DEFAULT_METAPROMPT""",
    "langmem.short_term": """
        summarize_messages asummarize_messages SummarizationNode SummarizationResult RunningSummary
        PreprocessedMessages DEFAULT_INITIAL_SUMMARY_PROMPT DEFAULT_EXISTING_SUMMARY_PROMPT
        DEFAULT_FINAL_SUMMARY_PROMPT TokenCounter""",
    "langmem.reflection": "LocalReflectionExecutor RemoteReflectionExecutor Executor MemoryItem PendingTask SENTINEL",
    "langmem.utils": """
        NamespaceTemplate get_conversation get_dialated_windows format_sessions get_var_healer dumps
        ConfigurationError""",
}
PARTS = dict(re.findall(r"^## `([\w.]+)`.*?\n(.*?)(?=^## |\Z)", PAGE.read_text("utf-8"), re.M | re.S))

OPTIONS = {"max_reflection_steps", "min_reflection_steps"}
"""Keywords that go on to an optimizer: `triplemem.optimize` refuses what it does not know."""


def spans() -> list[str]:
    """What is written as code of ours: the second and third column, and the prose."""
    text = PAGE.read_text("utf-8")
    rows = {row[0]: " ".join(row[1:]) for row in ROW.findall(text)}
    prose = ROW.sub("", text)
    return [span for part in (*rows.values(), prose) for span in re.findall(r"`([^`]+)`", part)]


def calls() -> list[tuple[str, list[str]]]:
    """The calls of ours by their dotted names, each with its keywords."""
    found = []
    for span in spans():
        if re.match(r"(memory|store)\.|connect\(|Memory\.", span):
            call = ast.parse(span, mode="eval").body
            assert isinstance(call, ast.Call), span
            found.append((ast.unparse(call.func), [word.arg or "" for word in call.keywords]))
    return found


def names() -> set[str]:
    """The names of classes of ours that stand alone, in the second column."""
    return {span for _, here, _ in ROW.findall(PAGE.read_text("utf-8")) for span in re.findall(r"`([A-Z]\w+)`", here)}


@pytest.mark.parametrize("module", SURFACE)
def test_every_public_name_has_its_row(module: str) -> None:
    rows = [name for name, _, _ in ROW.findall(PARTS[module])]
    assert sorted(rows) == sorted(SURFACE[module].split())


@pytest.mark.parametrize("row", ROW.findall(PAGE.read_text("utf-8")), ids=lambda row: row[0])
def test_a_row_names_what_is_here_or_says_why_nothing_is(row: tuple[str, str, str]) -> None:
    _, here, different = row
    assert here.startswith("`") or (here == "–" and len(different) > 20)


def test_every_class_that_stands_for_one_of_theirs_exists() -> None:
    assert len(names()) > 10
    assert not {name for name in names() if not hasattr(triplemem, name) and not hasattr(types, name)}


def test_there_are_calls_on_the_page() -> None:
    assert len({name for name, _ in calls()}) > 15


@pytest.mark.parametrize(("name", "keywords"), calls(), ids=lambda value: value if isinstance(value, str) else "")
def test_every_call_on_the_page_can_be_made(name: str, keywords: list[str], memory: Memory) -> None:
    parameters = inspect.signature(named(name, memory)).parameters
    takes_more = any(one.kind is one.VAR_KEYWORD for one in parameters.values())
    assert set(keywords) - set(parameters) <= (OPTIONS if takes_more else set())


def named(name: str, memory: Memory) -> Any:
    """What a dotted name stands for."""
    if name == "connect":
        return triplemem.connect
    if name.startswith(("Memory.", "store.")):
        owner: Any = Memory if name.startswith("Memory.") else triplemem.Store
        return getattr(owner, name.partition(".")[2])
    parts = re.sub(r"\('s'\)", "", name).split(".")[1:]
    found: Any = memory
    for n, part in enumerate(parts):
        found = getattr(found, part)
        if part == "session" and n + 1 < len(parts):
            found = found("s")
    return found
