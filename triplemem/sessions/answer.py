"""The answer a model is asked for when it summarises; loaded when it is asked, and not before."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from triplemem.core.part import Part


class Answer(Part):
    """The summary, old and new."""

    summary: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
