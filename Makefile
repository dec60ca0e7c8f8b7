# Everything here needs make and Python 3.11 or newer; what it installs goes into .venv.

.DEFAULT_GOAL := help
.PHONY: help demo serve test check bench lock up down logs partners secrets clean python
.DELETE_ON_ERROR:

export PIP_DISABLE_PIP_VERSION_CHECK := 1

PYTHONS := $(or $(PYTHON),python3.13 python3.12 python3.11 python3)
RUN := .venv/bin/python
INSTALLED := .venv/.installed
INSTALLED_DEV := .venv/.installed-dev

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s%s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# The recipes that run long are replaced by their program (exec), so that a signal to it is not a signal to a shell.

demo: $(INSTALLED) ## Take real failed samples from the laboratory to police and insurer (FRESH=1: start empty)
	@exec $(RUN) -m demo $(if $(FRESH),--fresh)

serve: $(INSTALLED) ## Run the bus and every service on this machine, until Ctrl-C
	@exec $(RUN) -m services $(ARGS)

test: $(INSTALLED_DEV) ## Run the tests (ARGS="-k recall": some of them)
	@exec $(RUN) -m pytest --numprocesses=auto --maxprocesses=4 --dist=loadfile $(ARGS)

check: $(INSTALLED_DEV) ## Check format, lint, types, imports, generated files and that versions make the tables
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m mypy
	.venv/bin/lint-imports
	$(RUN) -m services.reference --check
	$(RUN) -m services.schema
	$(RUN) -m monitoring.dashboards --check

bench: $(INSTALLED_DEV) ## Measure how fast the exchange is on this machine
	@exec $(RUN) -m bench $(ARGS)

LOCK = uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header $(if $(UPGRADE),--upgrade)

lock: ## Write both requirements locks anew from pyproject.toml (UPGRADE=1: with the newest versions)
	@command -v uv >/dev/null || { echo "The locks are made by uv, which is not on the PATH: install it first." >&2; exit 1; }
	$(LOCK) --output-file requirements.lock
	$(LOCK) --extra dev --constraint requirements.lock --output-file requirements-dev.lock

COMPOSE = $(shell if docker compose version >/dev/null 2>&1; then echo docker compose; \
	elif command -v docker-compose >/dev/null 2>&1; then echo docker-compose; fi)
HAS_COMPOSE = test -n "$(COMPOSE)" || { echo "Neither 'docker compose' nor docker-compose is installed here." >&2; exit 1; }

# Each node reads its configuration anew. Not by `kill -s HUP`: the engine takes any signal that it is told to send for a
# stop, and from then on does not start the container again when it dies.
NODES = nodes=$$(sed -n 's/^SHIAN_NODES=//p' .env 2>/dev/null | tail -n 1 | tr ',' ' '); nodes=$${nodes:-nats}
RELOAD = for node in $$nodes; do $(COMPOSE) exec -T $$node nats-server --signal reload=1 || exit 1; done

up: secrets ## Start the city's composition: bus, databases, services, monitoring (CLUSTER=1: three nodes)
	@$(HAS_COMPOSE)
	@$(if $(CLUSTER),docker/cluster.sh .env)
	SHIAN_REVISION=$$(git rev-parse --short HEAD 2>/dev/null || echo unknown) $(COMPOSE) build keys
	$(NODES); $(COMPOSE) up --detach $$nodes && { $(RELOAD); } && $(COMPOSE) up --detach

down: ## Stop the composition; its data stay in their volumes
	@$(HAS_COMPOSE)
	$(COMPOSE) down

logs: ## Follow what the composition says (ARGS=sampling: one service)
	@$(HAS_COMPOSE)
	@exec $(COMPOSE) logs --follow --tail=100 $(ARGS)

partners: ## Let the running composition take in the partners file
	@$(HAS_COMPOSE)
	$(NODES); $(COMPOSE) run --rm keys && { $(RELOAD); } && $(COMPOSE) run --rm streams

secrets:
	@docker/secrets.sh secrets .env

clean: ## Remove .venv and every cache; var/, .env and secrets/ stay
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Sets $$python to the first Python that is new enough and can make an environment, else says what is missing.
FIND_PYTHON = python= bare= old=; \
	for candidate in $(PYTHONS); do \
		version=$$("$$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue; \
		if ! "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then old=$$version; continue; fi; \
		if "$$candidate" -c 'import ensurepip, venv' 2>/dev/null; then python=$$candidate; break; fi; \
		bare=$${bare:-$$version}; \
	done; \
	if [ -z "$$python" ]; then \
		if [ -n "$$bare" ]; then \
			echo "Python $$bare is here but cannot make an environment: install python3-venv (or python$$bare-venv)."; \
		elif [ -n "$$old" ]; then \
			echo "Shian needs Python 3.11 or newer, and the newest of $(PYTHONS) here is $$old."; \
		else \
			echo "Shian needs Python 3.11 or newer, and none of $(PYTHONS) is here."; \
		fi >&2; \
		exit 1; \
	fi

python:
	@$(FIND_PYTHON); echo "$$python"

# An environment that is there is kept, unless its Python is gone or too old.
$(INSTALLED): requirements.lock pyproject.toml
	@if ! $(RUN) -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
		$(FIND_PYTHON); \
		echo "Making .venv with $$python"; \
		"$$python" -m venv --clear .venv; \
	fi
	@echo "Installing requirements.lock into .venv"
	@$(RUN) -m pip install --quiet --require-hashes --no-deps --requirement requirements.lock
	@$(RUN) -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(INSTALLED_DEV): requirements-dev.lock $(INSTALLED)
	@echo "Installing requirements-dev.lock into .venv"
	@$(RUN) -m pip install --quiet --require-hashes --no-deps --requirement requirements-dev.lock
	@touch $@
