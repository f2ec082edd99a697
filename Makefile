# Two commands do everything: `make report` and `make test`. `make` alone lists them all.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
EVALUATIONS := $(wildcard notebooks/0[1-9]_*.ipynb)
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)

.DEFAULT_GOAL := help
.PHONY: help report test test-browser test-full check fuzz bench lab data lock clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

report: $(READY) ## run every evaluation and write its report under reports/ (the main job)
	@for notebook in $(EVALUATIONS); do $(BIN)/navoutcomes run "$$notebook" || exit $$?; done

test: $(READY) ## run the tests (about ten minutes once installed)
	$(BIN)/python -m pytest -n 2 -m "not full and not browser"

test-browser: $(READY) ## open JupyterLab in a real browser and run a notebook there (Debian: chromium libatomic1 poppler-utils)
	$(BIN)/python -m pytest tests/browser -m browser

test-full: $(READY) ## run everything, also the long simulations
	$(BIN)/python -m pytest -n 2 -m "not browser"

check: $(READY) ## lint, types and floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest tests/floors -n 2

fuzz: $(READY) ## mangle files of every kind for 30 minutes and read them (FUZZ_MINUTES=5 for less)
	$(BIN)/python tests/fuzz/run.py --minutes $(or $(FUZZ_MINUTES),30)

bench: $(READY) .venv-peers/.ready ## time every estimator beside its peers; writes benchmarks/RESULTS.md (an hour)
	cd benchmarks && ../$(BIN)/python run.py

lab: $(READY) ## open JupyterLab on the notebooks
	$(BIN)/jupyter lab --notebook-dir=notebooks $(AS_ROOT)

data: $(READY) ## make the synthetic data again
	$(BIN)/python -m navoutcomes.records.synthetic.extracts data/synthetic

lock: ## write the lock again (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
		--extra dev pyproject.toml --output-file requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
		benchmarks/peers.in --output-file benchmarks/peers.lock

clean: ## remove the environment and what was made
	rm -rf $(VENV) .venv-peers reports .pytest_cache .mypy_cache .ruff_cache .hypothesis build *.egg-info

$(READY): requirements.lock pyproject.toml
	@echo "Setting up .venv with $(PYTHON): one to two minutes the first time."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --progress-bar on --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --no-deps --no-build-isolation --config-settings editable_mode=compat --editable .
	@touch $(READY)

.venv-peers/.ready: benchmarks/peers.lock
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --progress-bar on --require-hashes --no-binary coxstream --requirement benchmarks/peers.lock
	@touch $@
