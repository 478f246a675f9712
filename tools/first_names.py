"""Make the list of first names that the grammar knows, of the names that Faker has for the languages in Latin script.

    python -m tools.first_names WORDS OUT

``WORDS``: a Hunspell dictionary of English (``en_US.dic``); a name that is a plain word there is left out, for at the
start of a sentence a capital proves nothing. Needs the package ``faker`` (40.63.0 made the list that ships). ``OUT``
has three lines: names of women, of men, and of either.
"""

from __future__ import annotations

import pkgutil
import re
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

from triplemem.extract.grammar.inflection import FORMS
from triplemem.extract.grammar.nouns import LANGUAGES, PLACES, TOOLS
from triplemem.extract.grammar.words import COMMON

LATIN = re.compile(r"[A-ZÀ-Þ][a-zß-ɏ'’-]{2,}")
LISTS = {
    "f": ("first_names_female", "first_romanized_names_female"),
    "m": ("first_names_male", "first_romanized_names_male"),
    "": ("first_names", "first_names_unisex", "first_romanized_names"),
}


def names_of(provider: type, lists: Iterable[str]) -> Iterator[str]:
    """The names in these lists of a language, those in Latin letters."""
    for name in lists:
        listed = getattr(provider, name, ())
        for one in () if isinstance(listed, property) else listed:
            said = str(one[-1] if isinstance(one, tuple | list) else one)
            if LATIN.fullmatch(said):
                yield said


def plain_words(dictionary: Path) -> set[str]:
    """What a dictionary has in lower case."""
    lines = dictionary.read_text(encoding="utf-8", errors="replace").splitlines()
    return {word for line in lines if (word := line.split("/")[0].strip())[:1].islower()}


def make(dictionary: Path) -> dict[str, set[str]]:
    """Names in lower case: of women, of men, of either."""
    import faker.providers.person as people  # type: ignore[import-not-found,unused-ignore]

    taken = plain_words(dictionary) | PLACES | TOOLS | LANGUAGES | COMMON | FORMS.keys()
    found: dict[str, set[str]] = {kind: set() for kind in LISTS}
    for module in pkgutil.iter_modules(people.__path__):
        provider = import_module(f"{people.__name__}.{module.name}").Provider
        for kind, lists in LISTS.items():
            found[kind].update(name.lower() for name in names_of(provider, lists) if name.lower() not in taken)
    both = found["f"] & found["m"]
    either = (found[""] - found["f"] - found["m"]) | both
    return {"f": found["f"] - both, "m": found["m"] - both, "": either}


def main(dictionary: str, out: str) -> None:
    """Write the list."""
    names = make(Path(dictionary))
    Path(out).write_text("\n".join(" ".join(sorted(names[kind])) for kind in LISTS) + "\n", encoding="utf-8")
    print({kind or "either": len(found) for kind, found in names.items()})


if __name__ == "__main__":
    main(*sys.argv[1:])
