"""The built-in English grammar: precise, in the standard library, no model.

A sentence is taken apart into words (`tokens`); whole sentences and clauses that assert nothing are set aside
(`gates`); then subject, verb and complements are read from left to right (`sentence`). What a verb says is a table
(`frames`), and so is what a noun means (`nouns`).
"""

from triplemem.extract.grammar.extractor import GrammarExtractor

__all__ = ["GrammarExtractor"]
