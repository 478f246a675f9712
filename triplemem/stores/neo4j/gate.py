"""Which queries from outside may run: judged by their text and by their plan, before they run. Pure.

A session that only reads is not enough: Neo4j lets one load files and addresses, end other people's transactions,
list settings and call procedures of any kind. So a query runs if its plan says that it reads, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

PROCEDURES = frozenset(
    """
    db.index.fulltext.queryNodes db.index.fulltext.queryRelationships db.index.vector.queryNodes
    db.index.vector.queryRelationships db.labels db.relationshipTypes db.propertyKeys db.schema.visualization
    """.split()
)
"""The procedures that may be called: they read the graph, or what it is made of."""

OPERATORS = {
    "LoadCSV": "LOAD CSV reads files and addresses",
    "Show": "SHOW tells about the server",
    "Terminate": "TERMINATE ends what others are doing",
    "Kill": "it ends what others are doing",
    "Transaction": "CALL … IN TRANSACTIONS outlives its time limit",
    "AdministrationCommand": "it administers the server",
}
"""How operators begin that have no place in a question, and why."""

FUNCTIONS = frozenset("date datetime duration localdatetime localtime point time vector".split())
"""The name spaces of functions that are Neo4j's own; others belong to plugins, and may do anything."""

_TOKEN = re.compile(
    r"""
    (?P<space> \s+ | //[^\r\n]* | /\*.*?\*/ )
  | (?P<text> '(?:[^'\\]|\\.)*' | "(?:[^"\\]|\\.)*" )
  | (?P<parameter> \$ (?:\w+|`(?:[^`]|``)*`) )
  | (?P<name> `(?:[^`]|``)*` | [^\W\d]\w* )
  | (?P<number> \d[\w.]* )
  | (?P<sign> . )
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A piece of a query: its kind (text, parameter, name, number, sign) and the piece itself."""

    kind: str
    said: str

    def word(self) -> str:
        """In capitals what may be a key word; what stands in backticks is none."""
        return self.said.upper() if self.kind == "name" and self.said[0] != "`" else ""


def tokens(query: str) -> list[Token]:
    """The query in pieces, without what stands between them, comments among it."""
    found = (Token(str(match.lastgroup), match[0]) for match in _TOKEN.finditer(query))
    return [token for token in found if token.kind != "space"]


def refused_text(query: str, *, everywhere: bool = False) -> str | None:
    """Why the query's text is refused, in one line; None if its plan may be asked for.

    Unless ``everywhere``, it has to use ``$namespace``: a reminder, and no proof that it reads nothing else.
    """
    pieces = tokens(query)
    if not pieces:
        return "the query is empty"
    if "\\u" in query or "\\U" in query:
        return "escapes like \\u0041 are refused: write the character itself, or give the text as a parameter"
    mode = _mode(pieces)
    if mode:
        return f"{mode} is refused: it is for Neo4j Browser"
    if any(_is_use(pieces, place) for place in range(len(pieces))):
        return "USE is refused: a query asks the database that the store is in"
    for name in _functions(pieces):
        return f"the function {name} is refused: it is no function of Neo4j's own"
    if not everywhere and Token("parameter", "$namespace") not in pieces:
        return (
            "the query does not use $namespace, so it would read every namespace: add {namespace: $namespace} to its "
            "patterns, or give --all-namespaces"
        )
    return None


def _mode(pieces: Sequence[Token]) -> str | None:
    """EXPLAIN or PROFILE, if the query begins with it, be it after CYPHER and its options."""
    place = 0
    if pieces[0].word() == "CYPHER":
        place = 1
        while place < len(pieces) and pieces[place].kind == "number":
            place += 1
        while place + 2 < len(pieces) and pieces[place + 1].said == "=":
            place += 3
    word = pieces[place].word() if place < len(pieces) else ""
    return word if word in ("EXPLAIN", "PROFILE") else None


def _is_use(pieces: Sequence[Token], place: int) -> bool:
    """Is this the clause USE? A property, a label or a parameter of this name is not."""
    if pieces[place].word() != "USE" or place + 1 == len(pieces):
        return False
    before = pieces[place - 1].said if place else ""
    return before not in (".", ":", "|", "&", "!") and pieces[place + 1].kind == "name"


def _functions(pieces: Sequence[Token]) -> Iterator[str]:
    """The functions with a dotted name that are not Neo4j's own; called procedures are seen in the plan."""
    for place, piece in enumerate(pieces):
        if piece.kind != "name" or (place and pieces[place - 1].said == "."):
            continue
        names, after = [piece.said.strip("`")], place + 1
        while after + 1 < len(pieces) and pieces[after].said == "." and pieces[after + 1].kind == "name":
            names.append(pieces[after + 1].said.strip("`"))
            after += 2
        called = len(names) > 1 and after < len(pieces) and pieces[after].said == "("
        if called and names[0].lower() not in FUNCTIONS and not (place and pieces[place - 1].word() == "CALL"):
            yield ".".join(names)


def refused_plan(plan: Mapping[str, Any] | None, kind: str | None) -> str | None:
    """Why the plan (as the driver gives it for EXPLAIN) is refused, in one line; None if the query only reads."""
    if kind != "r":
        what = {"w": "it writes", "rw": "it writes", "s": "it changes or administers the database"}.get(kind or "")
        return f"{what or 'nothing says that it reads'}: only queries that read are run"
    if plan is None:
        return "the server gives no plan of it, so nothing says that it only reads"
    databases = set()
    for node in walk(plan):
        operator, _, database = str(node.get("operatorType", "")).partition("@")
        databases.add(database)
        for begin, why in OPERATORS.items():
            if operator.startswith(begin):
                return f"{why}: only queries that read the graph are run"
        if operator.startswith("ProcedureCall") and _procedure(node) not in PROCEDURES:
            return f"the procedure {_procedure(node)} is refused: those that read the graph are {', '.join(_listed())}"
    return "it reads more than one database" if len(databases) > 1 else None


def walk(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every operator of a plan."""
    yield plan
    for child in plan.get("children") or ():
        yield from walk(child)


def _procedure(node: Mapping[str, Any]) -> str:
    """The name of the procedure that an operator calls: ``db.labels`` of ``db.labels() :: (label :: STRING)``."""
    return str((node.get("args") or {}).get("Details", "")).partition("(")[0].strip().replace("`", "")


def _listed() -> list[str]:
    return sorted(PROCEDURES)
