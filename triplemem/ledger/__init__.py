"""The ledger and what is derived from it: shared by every use case, and by no adapter."""
