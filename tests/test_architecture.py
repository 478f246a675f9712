"""The shape of the code, from its own syntax trees: what ARCHITECTURE.md promises is checked here."""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "triplemem"
MODULES = sorted(PACKAGE.rglob("*.py"))

# From the bottom up. A module imports from lower layers and from its own part; never sideways, never upwards.
USE_CASES = set(
    "asking correct erase experiences explain ingest move page prompts_store read recall sessions upkeep".split()
)
LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"types", "errors"}),
    frozenset({"core"}),
    frozenset({"resources", "config"}),
    frozenset({"transactions"}),
    frozenset({"ports"}),
    frozenset({"repair"}),
    frozenset({"ledger", "optimize"}),
    frozenset({"extract", "stores", "models", "embedders"} | USE_CASES),
    frozenset({"memory"}),
    frozenset({"admin"}),
    frozenset({"compose", "aio"}),
    frozenset({"", "cli", "mcp", "integrations"}),
    frozenset({"__main__"}),
)
LEVEL = {part: level for level, parts in enumerate(LAYERS) for part in parts}
SHORTHANDS = {("memory", "compose"), ("admin", "compose")}  # Memory.open and Admin.open: late imports
ADAPTERS = {"extract", "stores", "models", "embedders"}
MAX_LINES = 500
IMPURE = {
    "asyncio", "datetime.now", "io", "logging", "os", "pathlib", "random", "secrets", "shutil", "socket", "sqlite3",
    "subprocess", "tempfile", "threading", "time", "urllib", "uuid", "importlib",
}  # fmt: skip


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def part_of(module: str) -> str:
    return module.partition(".")[0]


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def imports_of(path: Path) -> Iterator[tuple[str, int]]:
    """Every module that `path` imports, at any depth, but for those under `if TYPE_CHECKING`."""
    tree = tree_of(path)
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    package = ("triplemem", *path.relative_to(PACKAGE).parent.parts)
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*base, *filter(None, [node.module])])
            yield from ((f"{module}.{alias.name}", node.lineno) for alias in node.names)


def own_imports(path: Path) -> Iterator[tuple[str, int]]:
    known = {name_of(module) for module in MODULES}
    for target, line in imports_of(path):
        if target != "triplemem" and not target.startswith("triplemem."):
            continue
        inside = target.partition(".")[2]
        while inside and inside not in known:  # a name inside a module
            inside = inside.rpartition(".")[0]
        yield inside, line


def identify(path: Path) -> str:
    return name_of(path) or "__init__"


@pytest.mark.parametrize("path", MODULES, ids=identify)
def test_imports_point_downwards_only(path: Path) -> None:
    here = part_of(name_of(path))
    assert here in LEVEL, f"{here!r} has no layer: give it one here and in ARCHITECTURE.md"
    wrong = [
        f"{path.name}:{line} imports {target or 'triplemem'}"
        for target, line in own_imports(path)
        if part_of(target) != here
        and LEVEL[part_of(target)] >= LEVEL[here]
        and (here, part_of(target)) not in SHORTHANDS
    ]
    assert not wrong, wrong


@pytest.mark.parametrize("path", MODULES, ids=identify)
def test_only_the_composition_root_names_adapters(path: Path) -> None:
    here = part_of(name_of(path))
    if here in ADAPTERS or here == "compose":
        return
    named = {target for target, _ in own_imports(path) if part_of(target) in ADAPTERS}
    allowed = {"models.scripted", "extract.scripted"} if here == "" else set()
    assert named <= allowed


@pytest.mark.parametrize("path", [p for p in MODULES if part_of(name_of(p)) == "core"], ids=identify)
def test_core_has_no_io_no_clock_and_no_randomness(path: Path) -> None:
    imported = {target for target, _ in imports_of(path)}
    assert not {name for name in imported if name.partition(".")[0] in IMPURE}
    called = {ast.unparse(node.func) for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)}
    impure = re.compile(r"(datetime|date)\.(now|today|utcnow)$|^(open|print|input)$|\.(read|write)_(text|bytes)$")
    assert not {name for name in called if impure.search(name)}


def broad_handlers(path: Path) -> Iterator[int]:
    for node in ast.walk(tree_of(path)):
        if not isinstance(node, ast.ExceptHandler):
            continue
        caught = {ast.unparse(node.type)} if node.type else {"BaseException"}
        if isinstance(node.type, ast.Tuple):
            caught = {ast.unparse(element) for element in node.type.elts}
        raises = any(isinstance(inner, ast.Raise) for statement in node.body for inner in ast.walk(statement))
        if caught & {"Exception", "BaseException"} and not raises:
            yield node.lineno


# A caller's extractor or model may raise anything, and API.md says that it leaves a failed job: the one place.
FOREIGN_CODE = {"ingest"}


@pytest.mark.parametrize("path", MODULES, ids=identify)
def test_nothing_catches_everything_and_swallows_it(path: Path) -> None:
    if part_of(name_of(path)) not in FOREIGN_CODE:
        assert not list(broad_handlers(path))
    else:
        assert len(list(broad_handlers(path))) <= 1


@pytest.mark.parametrize("path", MODULES, ids=identify)
def test_the_environment_is_read_in_config_only(path: Path) -> None:
    if name_of(path) == "config":
        return
    read = {ast.unparse(node) for node in ast.walk(tree_of(path)) if isinstance(node, ast.Attribute)}
    assert not {name for name in read if name in {"os.environ", "os.getenv", "os.environb"}}
    assert not {target for target, _ in imports_of(path)} & {"os.environ", "os.getenv"}


@pytest.mark.parametrize("path", MODULES, ids=identify)
def test_no_module_is_longer_than_a_sitting(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MAX_LINES


@pytest.mark.parametrize("path", MODULES, ids=identify)
def test_every_module_says_what_it_is(path: Path) -> None:
    tree = tree_of(path)
    assert not tree.body or ast.get_docstring(tree), f"{path.name} has no docstring"


def strings_of(path: Path) -> set[str]:
    nodes = ast.walk(tree_of(path))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def statement_names() -> set[str]:
    return {path.stem for path in (PACKAGE / "sql").rglob("*.sql")}


def test_every_sql_file_is_used() -> None:
    said = set().union(*(strings_of(path) for path in MODULES))
    unused = {name for name in statement_names() if not any(name == word or name == Path(word).stem for word in said)}
    assert not unused


def statements_asked_for() -> Iterator[tuple[str, int, str]]:
    """The literal names given to `sql()` and to the methods of the stores whose first parameter is a `statement`."""
    trees = {path.name: tree_of(path) for path in MODULES if part_of(name_of(path)) == "stores"}
    functions = [node for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    takers = {"sql"} | {f.name for f in functions if "statement" in [a.arg for a in f.args.args][:2]}
    for file, tree in trees.items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            if ast.unparse(node.func).rpartition(".")[2] in takers and isinstance(node.args[0].value, str):
                yield file, node.lineno, node.args[0].value


def test_every_sql_file_that_is_used_exists() -> None:
    asked = list(statements_asked_for())
    assert asked
    assert not [place for place in asked if place[2] not in statement_names()]


CYPHER = ROOT / "cypher"
GRAPH = [path for path in MODULES if name_of(path).startswith("stores.neo4j")]


def cypher_names() -> set[str]:
    """The statements; the views in `cypher/browser/` are for people."""
    names = {path.relative_to(CYPHER).with_suffix("").as_posix() for path in CYPHER.rglob("*.cypher")}
    return {name for name in names if not name.startswith("browser/")}


def patterns_of(path: Path) -> Iterator[re.Pattern[str]]:
    """The texts of a module, those that are put together when it runs as patterns."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield re.compile(re.escape(node.value))
        elif isinstance(node, ast.JoinedStr):
            parts = [str(part.value) if isinstance(part, ast.Constant) else None for part in node.values]
            if len("".join(filter(None, parts))) > len("write/"):  # f"write/{name}" names every file there
                yield re.compile("".join(r"\w+" if part is None else re.escape(part) for part in parts))


def test_every_cypher_file_is_used() -> None:
    said = [pattern for path in GRAPH for pattern in patterns_of(path)]
    assert not {
        name
        for name in cypher_names()
        if not any(one.fullmatch(name) or one.fullmatch(name.rpartition("/")[2]) for one in said)
    }


def test_every_cypher_file_that_is_used_exists() -> None:
    asked = []
    within = {"_ask": "read/", "_find_facts": "read/", "_set": "write/"}
    for path in GRAPH:
        for node in ast.walk(tree_of(path)):
            if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
                continue
            called, name = ast.unparse(node.func).rpartition(".")[2], node.args[0].value
            if called in {"cypher", "script", "_run", "run", *within}:
                asked.append((path.name, node.lineno, f"{within.get(called, '')}{name}"))
    assert len(asked) > 40
    assert not [place for place in asked if place[2] not in cypher_names()]


def test_cypher_lives_in_files_and_not_in_strings() -> None:
    statement = re.compile(
        r"\s*(MATCH|MERGE|CREATE|UNWIND|OPTIONAL MATCH|CALL)\s*[(\[{$].*\b(RETURN|SET|DELETE)\b", re.S
    )
    examples = {"cli.cypher"}
    wrong = [
        f"{name_of(path)}: {text[:60]!r}"
        for path in MODULES
        for text in strings_of(path)
        if statement.match(text) and name_of(path) not in examples
    ]
    assert not wrong


def test_every_prompt_file_is_used() -> None:
    said = set().union(*(strings_of(path) for path in MODULES))
    prompts = {path.stem for path in (PACKAGE / "prompts").rglob("*.md")}
    assert not {name for name in prompts if not any(name == Path(word).stem for word in said)}


def test_sql_lives_in_files_and_not_in_strings() -> None:
    """Questions about the file itself (`sqlite_schema`) apart."""
    statement = re.compile(
        r"\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|WITH|REPLACE)\s+\S+.*\b(FROM|INTO|SET|TABLE|AS)\b", re.S
    )
    wrong = [
        f"{name_of(path)}: {text[:60]!r}"
        for path in MODULES
        for text in strings_of(path)
        if statement.match(text) and "sqlite_" not in text
    ]
    assert not wrong


def test_the_layers_of_the_test_are_those_of_the_document() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    places = []
    for part in ("core", "ports", "ingest", "memory", "compose", "cli"):
        assert LEVEL[part] >= 0
        places.append(text.index(f"`{part}"))
    assert all(lower > 0 for lower in places)
    assert all(LEVEL[a] <= LEVEL[b] for a, b in pairwise(("core", "ports", "ingest", "memory", "compose", "cli")))
