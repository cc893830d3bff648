# `make build` and `make test` do all set-up themselves; a second run skips what is done.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SET_UP := $(VENV)/.set-up
ENGINES := $(VENV)/.engines

export DO_NOT_TRACK := 1

.PHONY: build test test-full static bench engines lint types sql-lint pytest audit lock clean

build: $(SET_UP)
	$(BIN)/mktg build --target sample --quiet

test: $(SET_UP)
	@$(MAKE) --no-print-directory --jobs 2 static
	@$(MAKE) --no-print-directory pytest MARKED="$(MARKED)"

# What needs no run: side by side, since each of them takes one processor.
static: lint types sql-lint

# With the tests that are marked as full, each of which takes minutes, and thousands of random worlds.
test-full: MARKED := -m ''
test-full: export MKTG_EXAMPLES ?= 1000
test-full: test

# No mart may take longer beside its query by hand than it did; `mktg bench --accept` says what is right.
bench: $(SET_UP)
	$(BIN)/mktg bench --baseline scripts/marketing_analytics/bench/baseline.json

# The adapters of the warehouses and what checks them; the tests skip what is not there.
engines: $(ENGINES)

# Known weaknesses of the dependencies, and a bill of what the package is made of. The two tools have
# an environment of their own, in their newest version: they are no part of what they look at.
audit:
	@$(PYTHON) -m venv target/audit
	@target/audit/bin/python -m pip install --quiet --disable-pip-version-check 'pip-audit>=2.10,<3' 'cyclonedx-bom>=7,<8'
	target/audit/bin/pip-audit --disable-pip --require-hashes --requirement requirements.lock --requirement requirements-engines.lock
	target/audit/bin/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible --output-file target/sbom.json

lint: $(SET_UP)
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(SET_UP)
	$(BIN)/mypy

sql-lint: $(SET_UP)
	$(BIN)/sqlfluff lint --processes 0 models tests/data_tests/singular

# In the order of the folders, which begins with the long ones: none of them runs alone at the end.
# TESTS names some of the folders of tests/python.
pytest: $(SET_UP)
	$(BIN)/pytest --numprocesses auto --dist loadfile --no-loadscope-reorder $(MARKED) $(TESTS:%=tests/python/%)

# pip compiles bytecode while it installs, without which every dbt command costs a second more.
$(SET_UP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 to 3.14 is needed, this is " + sys.version.split()[0]) if not (3, 11) <= sys.version_info < (3, 15) else None'
	@echo "Setting up $(VENV) (once)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# The lock is complete and its versions go together, but for the override in pyproject.toml, which pip
# does not know: hence no look at the dependencies.
$(ENGINES): $(SET_UP) requirements-engines.lock
	@echo "Adding the other engines to $(VENV) (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --requirement requirements-engines.lock
	@touch $@

# Pins every version with its hash; needs uv. The files name no registry, and agree on what both have.
LOCK := uv pip compile pyproject.toml --extra dev --generate-hashes --universal --no-strip-extras \
  --no-annotate --no-header --no-emit-index-url --no-emit-find-links --upgrade
lock:
	$(LOCK) --extra engines-all --output-file requirements-engines.lock
	$(LOCK) --constraint requirements-engines.lock --output-file requirements.lock

clean:
	rm -rf $(VENV) logs target/*
