# `make run` and `make test` are all a fresh machine needs; docs/running.md tells the rest.
# The recipes are single commands without shell signs, so that make starts them itself and
# passes SIGTERM on; -I keeps the script's folder off the import path.
PYTHON ?= python3
SETUP := $(PYTHON) -I fundraise/local/bootstrap.py

.PHONY: run test lint bench prove lock setup

run:
	@$(SETUP) run

test:
	@$(SETUP) test $(ARGS)

lint:
	@$(SETUP) lint

bench:
	@$(SETUP) bench $(ARGS)

prove:
	@$(SETUP) prove $(ARGS)

lock:
	@$(SETUP) lock $(ARGS)

setup:
	@$(SETUP) setup
