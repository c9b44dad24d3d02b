# spacedb needs Python 3.11 or newer and make, nothing else; what it installs goes to .venv, what it writes to var.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes

# Lint and tests leave the database and the key in var alone.
SCRATCH := DATABASE_URL=sqlite://:memory: SECRET_KEY=lint ENV_FILE=/dev/null

.PHONY: help setup run lint schema-diff format test bench bench-mirror lock clean

help: ## Show this help
	@echo "spacedb: a Launch Library 2.3.0 compatible server for spacecraft"
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F '|' '{ printf "%-14s %s\n", $$1, $$2 }'

setup: .venv/dev.stamp ## Install everything for development into .venv

run: .venv/run.stamp ## Start the server with the starter catalogue on http://127.0.0.1:8000/ (PORT=... for another)
	$(BIN)/python manage.py migrate --no-input --verbosity 0
	$(BIN)/python manage.py ingest --if-empty fixtures/
	exec $(BIN)/gunicorn spacedb.wsgi:application

lint: .venv/dev.stamp schema-diff ## Check style, types, import layers, migrations, deployment settings and the OpenAPI document
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(SCRATCH) $(BIN)/mypy
	$(BIN)/lint-imports
	$(SCRATCH) $(BIN)/python manage.py makemigrations --check --dry-run
	$(SCRATCH) SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') \
		DEBUG=false HTTPS=true ALLOWED_HOSTS=spacedb.example \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

schema-diff: .venv/dev.stamp ## Compare our OpenAPI document with the official one
	@$(SCRATCH) $(BIN)/python -m scripts.schema_diff

format: .venv/dev.stamp ## Put the code into the style that lint checks
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test: .venv/dev.stamp ## Run the tests on SQLite, then on PostgreSQL
	$(BIN)/pytest -n auto --database=sqlite
	$(BIN)/pytest -n auto --database=postgresql

bench: .venv/dev.stamp ## Measure against textbook REST framework, nginx, json-server (PARTS="memory", DATABASE=postgresql)
	$(BIN)/python -m benchmarks $(PARTS) --database=$(or $(DATABASE),sqlite)

bench-mirror: .venv/run.stamp ## Mirror 100,000 synthetic flights on loopback and print the peak memory
	$(BIN)/python -m benchmarks.mirror

# One resolution for every Python and platform that is supported; the hashes bind whatever index serves the files.
LOCK = $(BIN)/uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 \
	--fork-strategy fewest --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links

lock: .venv/bin/python ## Resolve the dependencies in pyproject.toml anew into the two lock files
	$(BIN)/python -m pip --disable-pip-version-check install --quiet --upgrade uv
	$(LOCK) --output-file requirements.lock
	$(LOCK) --group dev --constraint requirements.lock --output-file requirements-dev.lock

clean: ## Remove .venv and caches (the database in var stays)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis var/static
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "spacedb needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) --version 2>&1)."; \
		echo "Name another with: make PYTHON=python3.13 ..."; exit 1; }
	$(PYTHON) -m venv .venv

# The stamps are newer than the lock they installed. The dev lock holds all of the other at the same versions.
.venv/run.stamp: requirements.lock | .venv/bin/python
	$(PIP) -r requirements.lock
	@touch $@

.venv/dev.stamp: requirements-dev.lock requirements.lock | .venv/bin/python
	$(PIP) -r requirements-dev.lock
	@touch .venv/run.stamp $@
