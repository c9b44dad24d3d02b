# Requires Python 3.11 or newer and make. Packages are installed into .venv, and data are written to var.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes

# Lint does not use the database and the secret key in var.
SCRATCH := DATABASE_URL=sqlite://:memory: SECRET_KEY=lint ENV_FILE=/dev/null

# Otherwise each process of the tests would compile the project again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup run lint schema-diff format test fuzz reliability bench bench-mirror bench-freshness
.PHONY: build sbom check-wheel lock audit pin-image clean

help: ## Show this help
	@echo "spacedb: a server for spacecraft data, compatible with Launch Library 2"
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F '|' '{ printf "%-16s %s\n", $$1, $$2 }'

setup: .venv/dev.stamp ## Install everything for development into .venv

run: .venv/run.stamp ## Start the server with the starter catalogue on http://127.0.0.1:8000/ (PORT=... for another port)
	exec $(BIN)/python -m spacedb run

lint: .venv/dev.stamp schema-diff ## Check style, types, import layers, migrations, deployment settings and the OpenAPI document
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(SCRATCH) $(BIN)/mypy
	$(BIN)/lint-imports
	$(SCRATCH) $(BIN)/python manage.py makemigrations --check --dry-run
	$(SCRATCH) SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))') \
		DEBUG=false HTTPS=true ALLOWED_HOSTS=spacedb.example \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

schema-diff: .venv/dev.stamp ## Compare the OpenAPI document with the one of Launch Library
	@$(SCRATCH) $(BIN)/python -m scripts.schema_diff

format: .venv/dev.stamp ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test: .venv/dev.stamp ## Run the tests on SQLite, then on PostgreSQL
	$(BIN)/pytest -n auto --dist worksteal --database=sqlite
	$(BIN)/pytest -n auto --dist worksteal --database=postgresql

fuzz: .venv/dev.stamp .venv-fuzz/stamp ## Send random requests to a server (REQUESTS=100000, DATABASE=postgresql, SEED=1)
	$(BIN)/python -m tests.reliability fuzz --count=$(or $(REQUESTS),100000) --seed=$(or $(SEED),1) \
		--database=$(or $(DATABASE),sqlite)

reliability: .venv/dev.stamp ## Run a check of the reliability of a server (CHECK=reload, DATABASE=postgresql)
	$(BIN)/python -m tests.reliability $(or $(CHECK),--help) --database=$(or $(DATABASE),sqlite)

bench: .venv/dev.stamp .venv-bench/stamp ## Run the benchmarks (PARTS="memory" for some parts, DATABASE=postgresql)
	$(BIN)/python -m benchmarks $(PARTS) --database=$(or $(DATABASE),sqlite) --baseline=$(or $(BASELINE),compare)

bench-mirror: .venv/dev.stamp ## Measure the CPU time and memory of mirroring 100,000 flights (DATABASE=postgresql)
	$(BIN)/python -m benchmarks.mirror --database=$(or $(DATABASE),sqlite)

bench-freshness: .venv/dev.stamp ## Measure requests and ages while the mirror follows a simulated source for 30 days
	$(BIN)/python -m benchmarks.freshness

build: .venv/dev.stamp ## Build the wheel, the source distribution and the SBOM in dist
	rm -rf dist
	$(BIN)/python -m hatchling build
	@$(MAKE) --no-print-directory sbom

sbom: .venv/dev.stamp ## Write the software bill of materials (CycloneDX) of requirements.lock to dist
	@mkdir -p dist
	PYTHONWARNINGS=ignore $(BIN)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml \
		--mc-type application --output-reproducible --output-file dist/spacedb-server.cdx.json

check-wheel: build ## Install the wheel into a new environment, and request pages from it (needs a package index)
	$(BIN)/python -m scripts.check_wheel dist/*.whl

# A universal resolution for all supported Python versions and platforms. The hashes are valid for any package index.
LOCK = $(BIN)/uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 \
	--fork-strategy fewest --generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links

lock: .venv/bin/python ## Update the lock files from pyproject.toml
	$(BIN)/python -m pip --disable-pip-version-check install --quiet --upgrade uv
	$(LOCK) --output-file requirements.lock
	$(LOCK) --group dev --constraint requirements.lock --output-file requirements-dev.lock
	$(subst pyproject.toml,,$(LOCK)) --group fuzz --output-file requirements-fuzz.lock
	$(subst pyproject.toml,,$(LOCK)) --group bench --output-file requirements-bench.lock

audit: .venv/dev.stamp ## Look for known vulnerabilities of the locked dependencies (needs PyPI)
	@$(BIN)/python -m scripts.audit requirements.lock requirements-dev.lock

pin-image: ## Update the digest of the base image in the Dockerfile (needs docker and its registry)
	digest=$$(docker buildx imagetools inspect python:3.14-slim --format '{{.Manifest.Digest}}') && \
		sed -i.bak "s|^\(ARG PYTHON_IMAGE=[^@]*\)@.*|\1@$$digest|" Dockerfile && rm Dockerfile.bak

clean: ## Remove .venv and caches (keeps the database in var)
	rm -rf .venv .venv-bench .venv-fuzz dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis var/static
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "spacedb requires Python 3.11 or newer, but $(PYTHON) is $$($(PYTHON) --version 2>&1)."; \
		echo "Choose another interpreter with: make PYTHON=python3.13 ..."; exit 1; }
	$(PYTHON) -m venv .venv

# A stamp is newer than the lock file that was installed. The dev lock file includes requirements.lock.
.venv/run.stamp: requirements.lock | .venv/bin/python
	$(PIP) -r requirements.lock
	@touch $@

.venv/dev.stamp: requirements-dev.lock requirements.lock | .venv/bin/python
	$(PIP) -r requirements-dev.lock
	@touch .venv/run.stamp $@

# Schemathesis has an environment of its own: its plugin would slow down pytest, and its packages restrict those of the
# project. Datasette is installed apart for the second reason.
.venv-%/stamp: requirements-%.lock
	$(PYTHON) -m venv .venv-$*
	.venv-$*/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes -r $<
	@touch $@
