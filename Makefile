# Everything a person types. `make help` lists it.
.DEFAULT_GOAL := help
.PHONY: help setup run test test-domain test-full check fix demo bench bench-full lock
PYTHON_BIN := .venv/bin/python

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r name text; do printf '%-20s %s\n' "$$name" "$$text"; done

setup: ## Make .venv with the locked requirements
	@bin/setup

run: ## Start everything: database, demo data, web, worker, beat (PORT=8001 for another port)
	@bin/setup && exec $(PYTHON_BIN) -m config.launcher --with-parent

test: ## Set up what tests need and run them all but the largest
	@bin/setup --dev && bin/setup-browser && exec $(PYTHON_BIN) -m pytest $(ARGS)

test-domain: ## Run the tests of the rules alone, without a database
	@bin/setup --dev && exec $(PYTHON_BIN) -m pytest tests/domain $(ARGS)

test-full: ## Run every test, also the large ones
	@bin/setup --dev && bin/setup-browser && bin/setup-services && exec env FENQI_FULL=1 $(PYTHON_BIN) -m pytest -m "full or not full" $(ARGS)

check: ## Format, lint, types, import rules, templates, migrations, API description
	@bin/setup --dev && exec bin/check

fix: ## Mend what can be mended by itself
	@bin/setup --dev && $(PYTHON_BIN) -m ruff check --fix .; $(PYTHON_BIN) -m ruff format . && $(PYTHON_BIN) -m djlint --quiet --reformat templates

demo: ## Load the demo data where they are missing
	@bin/setup && exec $(PYTHON_BIN) -m config.launcher.once manage.py demo --if-missing

bench: ## Measure speed, in at most ten minutes
	@bin/setup && exec $(PYTHON_BIN) -m benchmarks $(ARGS)

bench-full: ## Measure speed with five million transfers
	@bin/setup && exec $(PYTHON_BIN) -m benchmarks --full $(ARGS)

lock: ## Compile requirements.in and requirements-dev.in to hashed locks (needs uv)
	@bin/lock $(ARGS)
