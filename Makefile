# `make demo` and `make test` need Python 3.11-3.13 and nothing else.

# python3 first: it is the one of an environment that is active, and the one that CI has set up.
PYTHON ?= $(shell for p in python3 python3.12 python3.13 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
DEMO := demo
# Half of a test is Python, and the other half runs on two cores: two at a time pay off.
TEST_PROCESSES ?= 2
# Many a test begins a process of its own, which would compile all that it imports again.
unexport PYTHONDONTWRITEBYTECODE
# Whole files, in the order of tests/conftest.py.
SHARED_OUT := --numprocesses $(TEST_PROCESSES) --dist loadfile --no-loadscope-reorder

# Of 26,000 modules that are installed a few thousand are imported, which are compiled then.
INSTALL = pip install --quiet --no-compile

# PyTorch without CUDA, 0.2 GB in place of 3: from a folder that PIP_FIND_LINKS names, or from
# PyTorch's own index. Where neither has it, PyPI's serves.
TORCH_WITHOUT_CUDA = $(INSTALL) --no-index --no-deps 'torch>=2.6' 2>/dev/null
TORCH_FROM_ITS_INDEX = $(INSTALL) --timeout 10 --retries 0 \
	--index-url https://download.pytorch.org/whl/cpu 'torch>=2.6' 2>/dev/null

.PHONY: help demo test style types quick coverage docs package lowest stress format samples benchmark benchmark-quick long-run quality does-it-help studies clean

help:
	@echo "make demo       install, train on the embedded digits, draw an augmented set"
	@echo "make test       install and run everything that must hold"
	@echo "make quick      the quick tests only"
	@echo "make coverage   the quick tests, and which lines none of them runs"
	@echo "make docs       build the documentation into docs/_build/html"
	@echo "make package    build wheel and sdist into dist/, install each in an empty environment, draw with it"
	@echo "make lowest     the quick tests with the oldest Keras and TensorFlow that are allowed"
	@echo "make stress     kill 20 trainings at random moments and resume them bit-equal (ten minutes)"
	@echo "make format     put the code in order"
	@echo "make samples    make the pictures in samples/ and the carried models again (two hours; needs GANPROFILE_TEST_DATA)"
	@echo "make benchmark  measure speeds beside what users would pick instead, growth, costs, imports (needs GANPROFILE_TEST_DATA and hours)"
	@echo "make benchmark-quick  see in minutes that the measurements run"
	@echo "make long-run   watch memory, files and traces over 50,000 steps (ten minutes)"
	@echo "make quality    measure what the presets draw (three hours; needs GANPROFILE_TEST_DATA)"
	@echo "make does-it-help  the paired experiment on real data (a day; needs GANPROFILE_TEST_DATA)"
	@echo "make studies    the published studies again (three hours; needs GANPROFILE_TEST_DATA)"
	@echo "make clean      remove what these made"

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 is needed and was not found. Say which: make PYTHON=/path/to/python"; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: setup.cfg pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m $(INSTALL) --editable .
	@touch $@

$(VENV)/.installed-dev: setup.cfg pyproject.toml | $(VENV)/bin/python
	@$(BIN)/python -m $(TORCH_WITHOUT_CUDA) || $(BIN)/python -m $(TORCH_FROM_ITS_INDEX) || true
	$(BIN)/python -m $(INSTALL) --editable '.[dev]'
	@touch $@ $(VENV)/.installed

demo: $(VENV)/.installed
	@rm -rf $(DEMO)
	$(BIN)/ganprofile train --dataset digits --minutes 2 --output $(DEMO)/runs
	$(BIN)/ganprofile sample $(DEMO)/runs/* --text 2026 --output $(DEMO)/pictures
	$(BIN)/ganprofile sample $(DEMO)/runs/* --animate --output $(DEMO)/pictures
	$(BIN)/ganprofile generate $(DEMO)/runs/* --per-class 1000 --include-real --format imagefolder --output $(DEMO)/augmented
	@echo
	@echo "Look at:"
	@ls -1 $(DEMO)/runs/*/grid.png $(DEMO)/runs/*/samples/progress.gif $(DEMO)/runs/*/figures/*.png $(DEMO)/pictures/*
	@echo "The labelled set, half real and half drawn: $(DEMO)/augmented (manifest.csv says which is which)"
	@echo "Go on with your own: source $(BIN)/activate, then ganprofile --help"

test: $(VENV)/.installed-dev
	$(MAKE) --no-print-directory --jobs $(TEST_PROCESSES) style types docs
	$(BIN)/python -m pytest $(SHARED_OUT)

style: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/.installed-dev
	$(BIN)/mypy

quick: $(VENV)/.installed-dev
	$(BIN)/python -m pytest $(SHARED_OUT) -m "not slow"

coverage: $(VENV)/.installed-dev
	$(BIN)/python -m pytest $(SHARED_OUT) -m "not slow" --cov=ganprofile --cov-report=term:skip-covered

docs: $(VENV)/.installed-dev
	TF_CPP_MIN_LOG_LEVEL=3 $(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet docs docs/_build/html
	@echo "docs/_build/html/index.html"

package: $(VENV)/.installed-dev
	rm -rf dist
	$(BIN)/python -m build --outdir dist .
	@for file in dist/*.whl dist/*.tar.gz; do \
		rm -rf $(VENV)-package && $(PYTHON) -m venv $(VENV)-package && \
		$(VENV)-package/bin/python -m pip install --quiet "$$file" && \
		$(VENV)-package/bin/ganprofile sample digits-cgan --text 2026 --output dist/smoke --force || exit 1; \
	done
	@rm -rf $(VENV)-package
	@ls -l dist/*.whl dist/*.tar.gz

lowest: | $(VENV)/bin/python
	$(PYTHON) -m venv $(VENV)-lowest
	@$(VENV)-lowest/bin/python -m $(TORCH_WITHOUT_CUDA) || $(VENV)-lowest/bin/python -m $(TORCH_FROM_ITS_INDEX) || true
	$(VENV)-lowest/bin/python -m $(INSTALL) --editable '.[dev]' --constraint tools/lowest.txt
	$(VENV)-lowest/bin/python -m pytest $(SHARED_OUT) -m "not slow"

stress: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -m stress

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

samples: $(VENV)/.installed
	$(BIN)/python tools/make_samples.py
	$(BIN)/python -m tools.make_pictures

$(VENV)/.installed-peers: $(VENV)/.installed-dev
	$(BIN)/python -m $(INSTALL) --editable '.[benchmark]'
	@touch $@

benchmark-quick: $(VENV)/.installed-peers
	$(BIN)/python -m benchmarks.speed --quick
	$(BIN)/python benchmarks/growth.py --quick
	$(BIN)/python -m benchmarks.gpu --quick
	$(BIN)/python -m benchmarks.backends --quick --repeats 1

benchmark: $(VENV)/.installed-peers
	$(BIN)/python -m benchmarks.speed
	$(BIN)/python benchmarks/growth.py --output benchmarks/results/growth.json --figure docs/growth.png
	$(BIN)/python benchmarks/step_overhead.py --output benchmarks/results/step_overhead.json
	$(BIN)/python -m benchmarks.backends --output benchmarks/results/backends.json
	$(BIN)/python benchmarks/waiting.py --output benchmarks/results/waiting.json
	$(BIN)/python benchmarks/cost.py --output benchmarks/results/cost.json
	$(BIN)/python benchmarks/billion.py
	$(BIN)/python benchmarks/scaling.py --output benchmarks/results/scaling.json
	$(BIN)/python benchmarks/sizes.py --output benchmarks/results/sizes.json
	$(BIN)/python benchmarks/evaluation_cost.py --output benchmarks/results/evaluation_cost.json
	@test -z "$$GANPROFILE_TEST_DATA" || $(BIN)/python benchmarks/planted_copies.py --output benchmarks/results/planted_copies.json
	@test -z "$$GANPROFILE_TEST_DATA" || $(BIN)/python benchmarks/importing.py --output benchmarks/results/importing.json
	@test -z "$$GANPROFILE_TEST_DATA" || $(BIN)/python benchmarks/routes.py --output benchmarks/results/routes.json

long-run: $(VENV)/.installed-dev
	$(BIN)/python benchmarks/long_run.py --output benchmarks/results/long_run.json

quality: $(VENV)/.installed-dev
	$(BIN)/python benchmarks/quality.py --output benchmarks/results/quality.json
	$(BIN)/python benchmarks/augmentation_policy.py --output benchmarks/results/augmentation_policy.json

does-it-help: $(VENV)/.installed-dev
	$(BIN)/python benchmarks/does_it_help.py

studies: $(VENV)/.installed-dev
	$(BIN)/python benchmarks/studies.py
	$(BIN)/python benchmarks/studies.py --quick

clean:
	rm -rf $(VENV) $(VENV)-package $(VENV)-lowest $(DEMO) build dist docs/_build docs/_generated *.egg-info .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis
