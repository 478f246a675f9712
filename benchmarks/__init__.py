"""One script per figure of the README; `make bench` runs them all."""
