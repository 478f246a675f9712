"""What a store is opened with: an option or a file that means nothing is said to, before anything is opened."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from triplemem import Admin, AsyncMemory, ConfigError, Memory, Predicate, connect


@pytest.mark.parametrize(
    "opened",
    [
        connect,
        lambda url, **options: Memory.open(url, namespace="a", **options),
        lambda url, **options: AsyncMemory.open(url, namespace="a", **options),
        Admin.open,
    ],
    ids=["connect", "Memory", "AsyncMemory", "Admin"],
)
def test_an_option_that_there_is_not_is_named_and_so_are_those_that_there_are(
    opened: Callable[..., Any], tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match=r"unknown option 'exctractor'.*embedder") as refused:
        opened(f"sqlite:///{tmp_path}/memory.db", exctractor="grammar")
    assert "\n" not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('[leads]\ncardinality = "many"', ["'leads'", "[[predicate]]"]),
        ('[predicate]\nname = "leads"', ["'predicate'", "[[predicate]]"]),
        ('predicate = ["leads"]', ["'predicate'", "[[predicate]]"]),
        ('[[predicates]]\nname = "leads"', ["'predicates'", "[[predicate]]"]),
        ('[[predicate]]\nname = "leads"\ncardinalty = "many"', ["'leads'", "'cardinalty'", "cardinality"]),
        ('[[predicate]]\nname = "leads"\ncardinality = "three"', ["'leads'", "'three'", "one_subject"]),
        ('[[predicate]]\nname = "leads"\nsynonyms = "heads"', ["'leads'", "synonyms"]),
        ('[[predicate]]\nname = "leads"\ninverse = 7', ["'leads'", "inverse"]),
        ('[[predicate]]\nname = "leads"\nsymmetric = "no"', ["'leads'", "symmetric"]),
        ('[[predicate]]\ncardinality = "many"', ["predicate", "empty"]),
        ("[[predicate]]\nname = 7", ["7"]),
        ("leads = ", ["not TOML"]),
    ],
)
def test_a_file_of_predicates_of_another_shape_says_what_is_wrong_with_it(
    tmp_path: Path, text: str, names: list[str]
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(ConfigError) as refused:
        connect("sqlite://", predicates=str(file))
    assert [name for name in [*names, "mine.toml"] if name not in str(refused.value)] == []
    assert "\n" not in str(refused.value)


def test_a_file_of_predicates_like_the_shipped_one_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    said = 'name = "Mentors of"\ncardinality = "one_subject"\nsynonyms = ["coaches"]\ninverse = "Mentored by"'
    file.write_text(f'version = 1\n[[predicate]]\n{said}\n[[predicate]]\nname = "best_*"\nphrase = "best"', "utf-8")
    with connect("sqlite://", predicates=file) as store:
        predicates = store.memory("a").predicates
        assert predicates.get("coaches") == Predicate("mentors_of", "one_subject", ("coaches",), "mentored_by", False)
        assert predicates.get("best_friend").cardinality == "many"
        assert "best_*" in [one.name for one in predicates.list()]


@pytest.mark.parametrize("opening", [connect, Admin.open])
def test_the_signatures_tell_an_editor_what_there_is(opening: Callable[..., Any]) -> None:
    kinds = {name: one.kind for name, one in inspect.signature(opening).parameters.items()}
    assert {"url", "auth", "database", "embedder"} <= kinds.keys()
    assert inspect.Parameter.VAR_KEYWORD not in kinds.values()
