"""Extraction by a language model: what it is shown, and what its answer means."""

from triplemem.extract.model.extractor import ModelExtractor

__all__ = ["ModelExtractor"]
