# `make run` shows the demo; `make test` proves everything. Each target sets up what it needs.
PYTHON ?= python3
VENV ?= .venv
PY := $(VENV)/bin/python
RUNS_ON := $(VENV)/.installed
BUILT_WITH := $(VENV)/.installed-dev

.DEFAULT_GOAL := help
.PHONY: help run test check bench demo fresh

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' Makefile

run: $(RUNS_ON) ## the demo port on your screen; Ctrl-C ends it, the data stay in ./var
	@ZONEWATCH_DEMO=1 $(PY) app.py run

test: $(BUILT_WITH) ## every test: pure, sources, SQLite, PostgreSQL, ends, browser
	@$(PY) tests/run.py

check: $(BUILT_WITH) ## ruff, mypy, the floors
	$(PY) -m ruff check .
	$(PY) -m mypy --strict zones data
	$(PY) -m pytest tests/contract/test_floors.py

bench: $(BUILT_WITH) ## the figures: ratios, never a timed test
	@$(PY) -m tests.bench

demo: $(RUNS_ON) ## write the demo port's files to ./var/demo-files without starting anything
	@$(PY) app.py demo --to var/demo-files

fresh: ## throw the demo and its data away (asks first)
	@if [ -d var ]; then printf 'Delete ./var with all messages and the database? [y/N] '; read answer; [ "$$answer" = y ] && rm -rf var && echo 'deleted; `make run` starts over' || echo 'nothing was deleted'; else echo 'nothing to delete'; fi

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Name another: make run PYTHON=python3.11")'
	@echo 'making $(VENV)'
	@$(PYTHON) -m venv $(VENV)

$(RUNS_ON): requirements.txt | $(VENV)/bin/python
	@echo 'installing what it runs on'
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(BUILT_WITH): requirements.txt requirements-dev.txt | $(VENV)/bin/python
	@echo 'installing what it is tested with'
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $(RUNS_ON) $@
