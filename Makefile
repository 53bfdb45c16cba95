# Every command, and nothing else. `make demo` and `make test` need Python ≥ 3.11 and make.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
# Programs that tests and the demo start load what was compiled once.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test lint bars torture mutants train same bench lock words assets system clean

demo: $(VENV)/.run            ## an observatory in demo/, from sample material to a bulletin
	$(BIN)/python -m fanal.testing.demo demo

test: $(VENV)/.dev system lint  ## everything that CI runs
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder -m "not bars and not torture"

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

bars: $(VENV)/.dev system       ## every figure that we promise, measured
	$(BIN)/python -m pytest -m bars -s

torture: $(VENV)/.dev system    ## long crash and fuzz runs
	$(BIN)/python -m pytest -m torture -s

mutants: $(VENV)/.dev           ## small faults in 200 lines: do the tests notice them? (an hour)
	$(BIN)/python tests/mutants

train: $(VENV)/.dev            ## the tagger of the door, anew from gold/train (a quarter of an hour)
	$(BIN)/python training/door.py

same: $(VENV)/.dev              ## after a move: is what the demo makes the same as at BEFORE=commit?
	$(BIN)/python tests/acceptance/same_demo.py $(BEFORE)

bench: $(VENV)/.dev             ## speed, against peers and limits
	$(BIN)/python -m bench

lock:                           ## anew, after a change of pyproject.toml (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header pyproject.toml requirements-build.in -o requirements.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --extra dev --extra spark -c requirements.lock pyproject.toml requirements-build.in \
	  -o requirements-dev.lock

words: $(VENV)/.dev             ## after a change of what people read: the catalogues, compiled
	$(BIN)/python docs/words.py

assets:                         ## what pages load, from npm packages by name (needs node ≥ 20.11)
	cd assets && npm ci --silent && node build.mjs

system:                         ## a browser, a database and a JRE for the tests that use them
	@sh tests/system.sh

clean:
	rm -rf $(VENV) demo build dist

$(VENV)/.run: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@
