# One word per job. `make setup` is part of all of them: it makes .venv and installs exactly what uv.lock says.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PYTEST := $(BIN)/python -m pytest

.DEFAULT_GOAL := help
.PHONY: help setup demo check test test-long bench words screenshots axe

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(STAMP)  ## make .venv and install what uv.lock says
$(STAMP): uv.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv==0.13.9"
	@UV_PROJECT_ENVIRONMENT=$(VENV) $(BIN)/uv sync --frozen --quiet
	@touch $(STAMP)

demo: setup  ## four living halls on http://127.0.0.1:5000
	$(BIN)/idarati demo $(ARGS)

check: setup  ## lint, types, import directions, fast tests (under a minute)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PYTEST) -q -n 3 --dist worksteal -m "not slow and not long and not browser and not postgres"

test: setup  ## everything but the long runs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PYTEST) -q -n 3 --dist worksteal -m "not long"

test-long: setup  ## the long runs: more kills, more days, more screens
	$(PYTEST) -q -n 2 --dist worksteal -m long

bench: setup  ## the figures of docs/bench.md, measured on this machine
	$(BIN)/python -m tests.bench $(ARGS)

words: setup  ## make the message catalogues from server/translations/words
	$(BIN)/python -m server.translations.build

screenshots: setup  ## every page, language and size as pictures in screenshots/
	$(BIN)/python -m tests.browser.screenshots $(ARGS)

axe: setup  ## the table of docs/accessibility.md, made by looking at every page with axe
	npm ci --prefix tests/access --silent --no-audit --no-fund
	$(BIN)/python -m tests.access.table
