# `make build` and `make test` do all set-up themselves; a second run skips what is done.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SET_UP := $(VENV)/.set-up

export DO_NOT_TRACK := 1

.PHONY: build test lint types sql-lint pytest lock clean

build: $(SET_UP)
	$(BIN)/mktg build --target sample --quiet

test: $(SET_UP) lint types sql-lint pytest

lint: $(SET_UP)
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(SET_UP)
	$(BIN)/mypy

sql-lint: $(SET_UP)
	$(BIN)/sqlfluff lint models tests/data_tests/singular

pytest: $(SET_UP)
	$(BIN)/pytest --numprocesses auto --dist loadfile

# pip compiles bytecode while it installs, without which every dbt command costs a second more.
$(SET_UP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 to 3.14 is needed, this is " + sys.version.split()[0]) if not (3, 11) <= sys.version_info < (3, 15) else None'
	@echo "Setting up $(VENV) (once)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# Pins every version with its hash; needs uv. The file names no registry.
lock:
	uv pip compile pyproject.toml --extra dev --generate-hashes --universal --no-strip-extras \
	  --no-annotate --no-header --no-emit-index-url --no-emit-find-links \
	  --upgrade --output-file requirements.lock

clean:
	rm -rf $(VENV) logs target/*
