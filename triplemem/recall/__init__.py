"""Recall: the facts and episodes that answer a question, and the same as a fenced block for a prompt."""

from triplemem.recall.block import context
from triplemem.recall.filters import Filters
from triplemem.recall.search import recall

__all__ = ["Filters", "context", "recall"]
