# What a developer or an office types. Everything sets itself up: on a fresh clone `make demo` and `make test` are enough.

PYTHON := .venv/bin/python
SOHOA  := .venv/bin/sohoa
# Tesseract's own threads slow two readers side by side down; sohoa uses processes instead.
export OMP_THREAD_LIMIT := 1

.DEFAULT_GOAL := help
.PHONY: help setup check test servers servers-stop test-servers test-servers-all soak demo bench bench-servers bench-looking \
	bench-search bench-accuracy bench-secrecy train-reader format docs lock clean image-proof bundle bundle-proof

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

servers:  ## Install and start Redis, MinIO, Elasticsearch and PostgreSQL here, for tests and trials
	@tools/setup.sh servers
	@$(PYTHON) -m tools.servers start

servers-stop:  ## Stop what `make servers` started, and nothing else
	@$(PYTHON) -m tools.servers stop

test-servers: servers  ## The tests on real servers
	SOHOA_REQUIRE_SERVERS=1 $(PYTHON) -m pytest -n auto --dist loadfile --max-worker-restart 0 tests/servers -m "not slow_servers"

test-servers-all: servers  ## The same with RabbitMQ and SeaweedFS, and the long faults
	@$(PYTHON) -m tools.servers start all
	SOHOA_REQUIRE_SERVERS=1 $(PYTHON) -m pytest -n auto --dist loadfile --max-worker-restart 0 tests/servers

soak: servers  ## A large batch on real servers with random kills; RECORDS=10000 MINUTES=20 KILL_EVERY=20, figures into docs/
	@tools/setup.sh bench
	$(PYTHON) -m tests.soak.server_soak --records $(or $(RECORDS),10000) --minutes $(or $(MINUTES),20) \
		--kill-every $(or $(KILL_EVERY),20) --out $(or $(OUT),docs)

bench-servers: servers  ## Throughput beside servers and on a folder; SAMPLES=100 TURNS=3
	@tools/setup.sh bench
	$(PYTHON) -m tests.bench.servers --samples $(or $(SAMPLES),100) --turns $(or $(TURNS),3) --out docs/benchmark-servers.json

bench-looking: servers  ## What it takes to count and to look through a store of so many records; RECORDS="10000 40000"
	@tools/setup.sh bench
	$(PYTHON) -m tests.bench.looking --records $(or $(RECORDS),10000 40000) --out docs/benchmark-looking.json

image-proof:  ## Build docker/Dockerfile without a container engine and digitize in the image (root, Debian; 3 minutes)
	@tools/release/image_proof.sh

bundle:  ## One archive that installs sohoa without internet, into build/ (root, Debian; 1 minute)
	@tools/release/bundle.sh

bundle-proof:  ## Install the newest archive of `make bundle` without network and digitize there (root, Debian; 2 minutes)
	@tools/release/bundle_proof.sh

bench:  ## Set up, then speed and word F1 beside OCRmyPDF and bare Tesseract
	@tools/setup.sh bench
	$(PYTHON) -m tests.bench

bench-secrecy:  ## Marks of secrecy: 200 stamped samples, 500 plain pages; OPTIONS="--scans FOLDER"
	@tools/setup.sh dev
	$(PYTHON) -m tests.bench.secrecy $(OPTIONS)

bench-accuracy:  ## Every reader over samples of each class and real scans: OPTIONS="--scans FOLDER --each 3"
	@tools/setup.sh bench
	$(PYTHON) -m tests.bench.accuracy $(OPTIONS)

PAGES := 20000
INDEX := sqlite
bench-search:  ## Fill a search index with made-up pages and measure it: PAGES=1000000 INDEX=elastic, OPTIONS="--reindex 150000"
	@tools/setup.sh bench
	$(PYTHON) -m tools.bench_search --index $(INDEX) --pages $(PAGES) $(OPTIONS)

train-reader:  ## Train the line network (an hour on two cores): TEXT="FILE..." NAMES=FILE PAGES=FOLDER, OPTIONS="--lines 60000"
	@tools/setup.sh train
	env -u OMP_THREAD_LIMIT $(PYTHON) -m tools.train_reader --text $(TEXT) --names $(NAMES) $(if $(PAGES),--pages $(PAGES)) $(OPTIONS) \
		-o $(or $(OUT),build/lines.onnx)

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
