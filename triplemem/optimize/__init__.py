"""Prompts that improve: a model proposes an edit from trajectories and their feedback, code checks every word of it."""

from triplemem.optimize.blaming import blame
from triplemem.optimize.edit import Edit, applied
from triplemem.optimize.optimizing import prompt_hash, propose

__all__ = ["Edit", "applied", "blame", "prompt_hash", "propose"]
