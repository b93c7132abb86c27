# DataMind: `make run` starts it, `make test` proves it, `make check` reads it.

PYTHON ?= python3
PORT ?=
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
export UV_SYSTEM_CERTS := 1
export UV_PYTHON_DOWNLOADS := never
export UV_NO_PROGRESS := 1
ifneq ($(PORT),)
export PORT
endif

.PHONY: help run stack secrets test check format lock bench faults eval clean

help:  ## What can be made
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

run: $(VENV)/run.stamp  ## Start DataMind on 127.0.0.1:8501 (PORT=8600 moves it)
	@$(BIN)/python -m app.run

stack: $(VENV)/dev.stamp  ## Start it as in production: PostgreSQL, Redis, nginx, two of each process
	@$(BIN)/python -m stack $(if $(PORT),--port $(PORT))

secrets:  ## Make the secrets that compose.yaml hands over as files
	@sh scripts/make-secrets.sh secrets

test: $(VENV)/dev.stamp  ## Prove it: everything, with real servers and a real browser
	@sh scripts/test-deps.sh
	@$(BIN)/python -m pytest

check: $(VENV)/dev.stamp  ## All that is static: style, types, walls, container files
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/hadolint Dockerfile
	@$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec compose.yaml
	@$(BIN)/python scripts/check_docs.py
	@$(BIN)/python scripts/scan_secrets.py
	@$(BIN)/python scripts/audit_dependencies.py
	@echo "Everything that is static holds."

format: $(VENV)/dev.stamp  ## Put the code into shape
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(VENV)/dev.stamp  ## Measure speed and memory
	@for file in bench/[a-z]*.py; do case $$file in bench/timing.py) ;; *) echo "== $$file"; $(BIN)/python -m $$(echo $${file%.py} | tr / .) ;; esac; done

faults: $(VENV)/dev.stamp  ## Kill processes fifty times in the middle of checks; accidents in a whole stack
	@FAULT_KILLS=50 $(BIN)/python -m pytest -s tests/faults
	@$(BIN)/python -m stack.faults

eval: $(VENV)/run.stamp  ## Ask the analysts the demo's verified questions, and compare
	@$(BIN)/python -m workers.evaluate

lock: $(VENV)/uv.stamp  ## Pin the newest versions, with hashes
	@$(UV) pip compile --python $(BIN)/python --universal --python-version 3.11 --generate-hashes --no-header --upgrade -q pyproject.toml -o requirements.lock
	@$(UV) pip compile --python $(BIN)/python --universal --python-version 3.11 --generate-hashes --no-header --upgrade -q pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock

clean:  ## Remove the environment and caches; var/ with your data stays
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# --- the environment, made once and again when a lock changes ----------------------------

$(VENV)/uv.stamp:
	@sh scripts/make-venv.sh "$(PYTHON)" "$(VENV)"
	@touch $@

$(VENV)/run.stamp: $(VENV)/uv.stamp requirements.lock
	@sh scripts/install.sh "$(VENV)" requirements.lock
	@touch $@

$(VENV)/dev.stamp: $(VENV)/run.stamp requirements-dev.lock
	@sh scripts/install.sh "$(VENV)" requirements-dev.lock
	@touch $@
