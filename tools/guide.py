"""The guide that Neo4j Browser plays, made of the views: `python -m tools.guide` writes it, `make docs` runs that."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent.parent / "cypher" / "browser"
GUIDE = FOLDER / "guide.html"
SLIDES = {
    "What is there": "glance hubs around connection who_is_who sessions experiences",
    "What was there": "history timeline believed changes late",
    "How we know": "why rests_on contradictions kept_out",
    "What it was told": "instructions",
}
"""Which views stand on which page, in this order."""
PARAMETER = re.compile(r"^// :param (\w+) => (.+)$", re.M)


class View(NamedTuple):
    """A view: its file's name, title, what it shows, its parameters with an example each, and the whole text."""

    name: str
    title: str
    about: str
    parameters: dict[str, str]
    text: str


def view(path: Path) -> View:
    """A view, from its file."""
    text = path.read_text("utf-8").strip()
    title, about = (line.removeprefix("// ") for line in text.splitlines()[:2])
    return View(path.stem, title, about, dict(PARAMETER.findall(text)), text)


def views() -> dict[str, View]:
    """Every view by its name."""
    return {path.stem: view(path) for path in sorted(FOLDER.glob("*.cypher"))}


def guide() -> str:
    """The page."""
    there = views()
    parts = ['<article class="guide">', "<title>triplemem</title>", '<carousel class="deck container-fluid">']
    parts += _slide("Begin here", _begin(there))
    for title, names in SLIDES.items():
        parts += _slide(title, [line for name in names.split() for line in _view(there[name])])
    return "\n".join([*parts, "</carousel>", "</article>", ""])


def _slide(title: str, lines: list[str]) -> Iterator[str]:
    yield from ('<slide class="row-fluid">', '<div class="col-sm-12">', f"<h3>{title}</h3>")
    yield from lines
    yield from ("</div>", "</slide>")


def _begin(there: dict[str, View]) -> list[str]:
    given = {name: example for one in there.values() for name, example in one.parameters.items()}
    examples = ", ".join(f"{name}: {example}" for name, example in given.items())
    return [
        "<p>A click puts a block into the editor; Ctrl+Enter runs it. First the parameters of every view:</p>",
        _block(f":params {{{examples}}}"),
        "<p>Then how it looks: people blue, places green, what holds now yellow, what is over grey.</p>",
        _block(":style http://localhost:7475/style.grass"),
        "<p>The style cannot dash a line, so what is over is a thin grey arrow named ENDED, whose caption is its "
        "predicate. Dropping <code>style.grass</code> on this window does the same; dropping one of the "
        "<code>.cypher</code> files saves it as a favourite.</p>",
        "<p>Every node has an <code>id</code>, the one that <code>triplemem explain</code> and the other commands "
        "print. Times on facts and messages are microseconds since 1970; those on arrows are times.</p>",
    ]


def _view(one: View) -> Iterator[str]:
    yield f"<h4>{escape(one.title, quote=False)}</h4>"
    yield f"<p>{escape(one.about, quote=False)}</p>"
    for name, example in one.parameters.items():
        if name != "namespace":
            yield _block(f":param {name} => {example}")
    yield _block(one.text)


def _block(text: str) -> str:
    return f'<figure><pre class="pre-scrollable code runnable">{escape(text, quote=False)}</pre></figure>'


if __name__ == "__main__":
    GUIDE.write_text(guide(), "utf-8", newline="\n")
