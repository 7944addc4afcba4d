# Everything a person runs. `make help` lists it. Needs only Python 3.11+, git and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
# Hundreds of processes start in the tests, and each would compile anew where Python may not keep what it compiled.
COMPILE := $(BIN)/python -m compileall -q crawler scoring reports duwang
# Tests run on both cores of a small machine, neighbours on the same core, because they share what is slow to set up;
# PYTEST_ARGS=-x and the like may be added.
PYTEST_ARGS ?=
# --big measures memory at ten times the pages, --since a second crawl, --pages=300 is quick.
BENCH_ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo test check fix docs bench system lock clean

help: ## list the targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3.11" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check uv
	$(BIN)/uv pip install -q --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	$(COMPILE)
	@touch $(STAMP)

setup: $(STAMP) ## make the environment in .venv

demo: $(STAMP) ## audit the sample sites, check the sample reports, say where the results are
	$(BIN)/duwang demo

test: $(STAMP) ## run all tests this machine can run and name those left out
	$(COMPILE)
	$(BIN)/python -m pytest -n 2 --dist worksteal -rs $(PYTEST_ARGS)

check: $(STAMP) ## lint, types, import contracts, rule examples, schemas
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m scoring.rule_schema --check
	$(BIN)/python -m reports.schema_tool --check
	$(BIN)/python -m reports.word.forms
	$(BIN)/duwang rules test

fix: $(STAMP) ## mend what can be mended: format, import order, generated schemas and pages
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/python -m scoring.rule_schema --write
	$(BIN)/python -m reports.schema_tool --write
	$(BIN)/python -m reports.word.forms --write
	$(BIN)/duwang rules coverage -o docs/coverage.html

# Not --quiet: it would hide the warnings from --strict.
docs: $(STAMP) ## build the documentation site in site/, with every link checked; nothing is fetched
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict
	@echo "site/index.html"

bench: $(STAMP) ## measure reading against lxml alone, the store of a province, and the crawl against Scrapy's stock spider
	$(BIN)/python -m benchmarks.documents
	$(BIN)/python -m benchmarks.score
	$(BIN)/python -m benchmarks.words
	$(BIN)/python -m benchmarks.store
	$(BIN)/python -m benchmarks.crawl $(BENCH_ARGS)

system: ## install what optional tests need (Debian, root): Chromium, Chinese fonts, LibreOffice, PostgreSQL
	apt-get update -qq
	DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-wqy-microhei fonts-noto-cjk \
		libreoffice-writer-nogui libreoffice-calc-nogui postgresql

lock: $(STAMP) ## choose the newest allowed versions again (requirements.lock)
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links \
		--generate-hashes --group dev --custom-compile-command "make lock" pyproject.toml -o requirements.lock

clean: ## remove the environment and what runs left behind
	rm -rf $(VENV) demo-out site .mypy_cache .ruff_cache .pytest_cache
