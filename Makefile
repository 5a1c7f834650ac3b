# What a developer or an office types. Everything sets itself up: on a fresh clone `make demo` and `make test` are enough.

PYTHON := .venv/bin/python
SOHOA  := .venv/bin/sohoa
# Tesseract's own threads slow two readers side by side down; sohoa uses processes instead.
export OMP_THREAD_LIMIT := 1

.DEFAULT_GOAL := help
.PHONY: help setup check test servers servers-stop test-servers test-servers-all demo bench bench-search format docs lock clean

help:  ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup:  ## Install what sohoa needs to run, into .venv (twice is quick and harmless)
	@tools/setup.sh run

demo:  ## Set up, make samples, digitize them, show what was read and where it lies
	@tools/setup.sh run
	@$(SOHOA) demo

check:  ## Style, types, layers, documents: under a minute
	@tools/setup.sh dev
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	.venv/bin/lint-imports
	$(PYTHON) -m pytest -q tests/house

test:  ## Set up, then every test
	@tools/setup.sh dev
	$(PYTHON) -m pytest -n auto --dist loadfile --max-worker-restart 0

servers:  ## Install and start Redis, MinIO and Elasticsearch on this machine, for tests and trials
	@tools/setup.sh servers
	@$(PYTHON) -m tools.servers start

servers-stop:  ## Stop what `make servers` started, and nothing else
	@$(PYTHON) -m tools.servers stop

test-servers: servers  ## The tests on real servers
	SOHOA_REQUIRE_SERVERS=1 $(PYTHON) -m pytest -n auto --dist loadfile --max-worker-restart 0 tests/servers -m "not slow_servers"

test-servers-all: servers  ## The same with RabbitMQ and SeaweedFS, and the long faults
	@$(PYTHON) -m tools.servers start all
	SOHOA_REQUIRE_SERVERS=1 $(PYTHON) -m pytest -n auto --dist loadfile --max-worker-restart 0 tests/servers

bench:  ## Set up, then speed and word F1 beside OCRmyPDF and bare Tesseract
	@tools/setup.sh bench
	$(PYTHON) -m tests.bench

PAGES := 20000
INDEX := sqlite
bench-search:  ## Fill a search index with made-up pages and measure it: PAGES=1000000 INDEX=elastic, OPTIONS="--reindex 150000"
	@tools/setup.sh bench
	$(PYTHON) -m tools.bench_search --index $(INDEX) --pages $(PAGES) $(OPTIONS)

format:  ## Lay the code out
	@tools/setup.sh dev
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

docs:  ## Write the pages of docs/ that are made from the code
	@tools/setup.sh dev
	$(PYTHON) -m tools.write_docs

lock:  ## Pin every dependency with its digest (needs a package index)
	@tools/lock.sh

clean:  ## Take away what set-up and tests made; never a home with records
	rm -rf .venv .tools build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
