"""The answer a model is asked for when it summarises; loaded when it is asked, and not before."""

from __future__ import annotations

from triplemem.core.part import Part


class Answer(Part):
    """The summary, old and new."""

    summary: str
