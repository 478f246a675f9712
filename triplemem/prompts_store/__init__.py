"""Named prompts with learned rules: every version kept, and what is proposed for them."""

from triplemem.prompts_store.prompts import Prompts, Rules

__all__ = ["Prompts", "Rules"]
