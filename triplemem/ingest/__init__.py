"""Writing: episodes made durable first, then read by an extractor, whose every proposal is checked."""

from triplemem.ingest.backfill import backfill
from triplemem.ingest.batches import Limits
from triplemem.ingest.episodes import add
from triplemem.ingest.jobs import list_jobs, process, total_usage
from triplemem.ingest.rereading import begin_again, rehearse
from triplemem.ingest.triplets import add_triplets
from triplemem.ingest.worker import Worker

__all__ = [
    "Limits",
    "Worker",
    "add",
    "add_triplets",
    "backfill",
    "begin_again",
    "list_jobs",
    "process",
    "rehearse",
    "total_usage",
]
