# From nothing: `make run` starts everything, `make test` tests everything. Both install what they need into .venv.
SHELL := /bin/sh
PYTHON ?= $(or $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done),python3)
VENV := .venv
BIN := $(VENV)/bin
INSTALL := PIP_ROOT_USER_ACTION=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes
# Tests use the cores there are, up to four; `make test ARGS="tests/duties -x"` for a part.
ARGS ?= -n auto --maxprocesses 4

.PHONY: run test check e2e bench faults lock messages help
help:
	@echo "make run | test | check | e2e | bench | faults      maintainers: make lock | messages"

run: $(VENV)/.run
	@exec $(BIN)/python manage.py up

test: $(VENV)/.dev
	@$(BIN)/python -m pytest $(ARGS)

check: export DJANGO_SETTINGS_MODULE = config.settings.test
check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m tools.hygiene
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(BIN)/python -m tools.messages check
	$(BIN)/python -m tools.deploy_check

e2e: $(VENV)/.dev
	@sh tools/e2e_packages.sh
	@if ls tests/e2e/test_*.py >/dev/null 2>&1; then $(BIN)/python -m pytest -m e2e tests/e2e; \
	else echo "There are no browser tests."; fi

bench: $(VENV)/.dev
	@for script in tests/bench/[a-z]*.py; do \
		name=$$(basename $$script .py); echo "== $$name"; $(BIN)/python -m tests.bench.$$name || exit 1; done

# Kills workers and brokers; RABBITMQ_URL adds that broker. Prints figures, takes minutes, no part of `make test`.
faults: $(VENV)/.dev
	@$(BIN)/python -m tests.faults.reminding

# For maintainers. uv writes neither hosts nor paths into the locks, other tools do; see tools/hygiene.py.
lock:
	@command -v uv >/dev/null || { echo "Needs uv: pip install uv"; exit 1; }
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --extra dev \
		-c requirements.lock pyproject.toml -o requirements-dev.lock
	$(PYTHON) -m tools.hygiene

messages: $(VENV)/.dev
	@command -v xgettext >/dev/null || { echo "Needs gettext: sudo apt-get install gettext"; exit 1; }
	DJANGO_SETTINGS_MODULE=config.settings.test $(BIN)/python manage.py makemessages -l zh_Hans --no-obsolete --no-location \
		--no-wrap -i '.venv' -i 'var' -i 'staticfiles' -i 'tests' -i 'tools' -i 'docs'

$(VENV)/.run: requirements.lock
	@sh tools/prerequisites.sh $(PYTHON)
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@echo "Installing the locked requirements into $(VENV), about half a minute …"
	@$(INSTALL) -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo "Installing the tools for tests and checks, about half a minute …"
	@$(INSTALL) -r requirements-dev.lock
	@touch $@
