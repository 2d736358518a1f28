# Fovea in one word each. Every target sets up what it needs, and does nothing the second time.

PYTHON ?= python3
PORT ?= 8501
BIN := .venv/bin
UV := $(CURDIR)/.tools/bin/uv
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help app setup test slow check format assignments bench browser docs icons editor models pictures lock ray clean

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## +/\t/' | expand -t 12

app: .venv/.app  ## serve the labs at http://localhost:8501 (PORT=...)
	@$(BIN)/fovea app --port $(PORT)

setup: .venv/.app  ## make .venv with what the app needs

# Each worker takes one half of the suite in order, and whoever is done takes from the other: so a server is seldom
# started twice. The few long tests share by group.
test: .venv/.dev browser  ## run the suite, browser tests included
	$(BIN)/pytest --numprocesses $(WORKERS) --dist worksteal -m "not slow"

slow: .venv/.dev browser  ## run the tests that `make test` leaves out for their length
	$(BIN)/pytest --numprocesses $(WORKERS) --dist loadgroup -m slow

check: .venv/.dev  ## format, lint, types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: .venv/.dev  ## rewrite the code in the house's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/.dev browser  ## measure, side by side, and write benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks

assignments: .venv/.app  ## make the students' notebooks, and prove them: solution, stub, plain Python (SETS="ps1 ps2")
	$(BIN)/fovea release $(SETS)

models: .venv/.app  ## train the built-in models anew, a few minutes (MODELS="digits scenes" for some of them)
	$(BIN)/python -m core.models $(MODELS)

pictures: .venv/.dev browser  ## take the pictures of the labs from the running app
	$(BIN)/python -m tests.take_pictures

docs: .venv/.dev  ## make the documentation site, build/docs
	@$(BIN)/python -m docs.build

icons: .venv/.dev  ## cut the icon font down anew, after a new icon or a new Streamlit
	$(BIN)/python -m pages._kit.icons

editor:  ## build the code cell's editor anew, after a change in pages/_kit/editor (needs node)
	@rm -rf build/editor && mkdir -p build && cp -R pages/_kit/editor build/editor
	@cd build/editor && npm ci --ignore-scripts --no-audit --no-fund && node build.mjs $(CURDIR)/pages/_kit/static

lock: $(UV)  ## pin the dependencies of pyproject.toml anew, with hashes
	$(COMPILE) pyproject.toml --extra postgres --output-file locks/app.txt
	$(COMPILE) pyproject.toml --extra postgres --extra ray --constraints locks/app.txt --output-file locks/ray.txt
	$(COMPILE) pyproject.toml --group dev --constraints locks/app.txt --output-file locks/dev.txt

clean:  ## remove what the targets made
	rm -rf .venv .tools *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate

# uv is installed beside the project: it needs no venv package of the system, and pip lets a target folder be.
$(UV): locks/uv.txt
	@echo "Fetching uv, which makes the environment ..."
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Fovea needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	@rm -rf .tools
	@PIP_ROOT_USER_ACTION=ignore $(PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes --target .tools --requirement locks/uv.txt
	@touch $@

.venv/bin/python: | $(UV)
	@$(UV) venv --quiet --python $(PYTHON) .venv

.venv/.app: locks/app.txt pyproject.toml | $(UV) .venv/bin/python
	@echo "Installing what the app needs (about 5 GB with torch, a few minutes the first time) ..."
	@$(UV) pip install --python $(BIN)/python --require-hashes --requirement locks/app.txt
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: locks/dev.txt .venv/.app | $(UV)
	@echo "Installing what the tests need ..."
	@$(UV) pip install --python $(BIN)/python --require-hashes --requirement locks/dev.txt
	@touch $@

ray: .venv/.ray  ## add to .venv what a machine of a Ray cluster needs

.venv/.ray: locks/ray.txt .venv/.app | $(UV)
	@$(UV) pip install --python $(BIN)/python --require-hashes --requirement locks/ray.txt
	@touch $@

browser: .venv/.dev
	@$(BIN)/python tests/find_browser.py || $(MAKE) --no-print-directory install-browser

.PHONY: install-browser
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
install-browser:
	@echo "Installing a browser for the tests ..."
	@if command -v apt-get >/dev/null && apt-cache policy chromium 2>/dev/null | grep -q 'Candidate: [0-9]'; then :; elif command -v apt-get >/dev/null; then $(SUDO) apt-get update -qq; fi
	@if [ -e /etc/debian_version ] && ! grep -qi ubuntu /etc/os-release; then $(SUDO) apt-get install -y -qq chromium >/dev/null; else $(BIN)/playwright install --with-deps chromium; fi
	@$(BIN)/python tests/find_browser.py
