"""The statements of ``sql/*.sql``, one a file, read when first used."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def sql(name: str) -> str:
    """The text of ``sql/NAME.sql``."""
    return (files("triplemem") / "sql" / f"{name}.sql").read_text(encoding="utf-8").strip()
