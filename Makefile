# make run       install what is missing and serve on http://localhost:8501   (make run PORT=8601 for another port)
# make test      install what the tests need and run everything
# make check     the quick part of the tests, in a minute: style, types, imports, core
# make watch FILE=tests/core/people      run these tests again on every change
# make pictures  take the README's pictures again
PORT ?= 8501
PYTHON ?= python3
FILE ?= tests/core
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest --durations 10

.PHONY: run test check system-packages style types watch pictures benchmark sample clean
.DEFAULT_GOAL := run

run: .venv/runtime
	@$(BIN)/python -m core.store check --port $(PORT)
	$(BIN)/streamlit run app.py --server.port $(PORT)

test:
	@$(MAKE) --no-print-directory -j2 --output-sync .venv/development system-packages
	@$(MAKE) --no-print-directory -j2 --output-sync style types
	$(PYTEST) tests --ignore tests/browser -n 2 --dist worksteal
	$(PYTEST) tests/browser -n 2 --dist worksteal -m "not timed"
	$(PYTEST) tests/browser -m timed

check: .venv/development
	@$(MAKE) --no-print-directory -j2 --output-sync style types
	$(PYTEST) tests/core tests/test_architecture.py -n 2 --dist loadfile -m "not slow"

system-packages:
	.ci/system-packages

style: .venv/development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: .venv/development
	$(BIN)/mypy

watch: .venv/development
	$(BIN)/python -m tests.watch $(FILE)

pictures: .venv/development
	$(BIN)/python -m tests.look overview matching job_map openings policies meeting --plain --out sample_data/pictures
	$(BIN)/python -m tests.look "meeting?present=1&slide=3" "meeting?present=1&slide=7" --size 1920x1080 --plain --out sample_data/pictures

benchmark: .venv/development
	for script in tests/benchmarks/bench_*.py; do echo "== $$script"; PYTHONPATH=. $(BIN)/python $$script || exit 1; done

sample: .venv/runtime
	$(BIN)/python sample_data/generate.py

clean:
	rm -rf .venv var .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed (PYTHON=python3.12 make run names another)"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "On Debian: apt-get install python3-venv"; rm -rf .venv; exit 1; }

.venv/runtime: .venv/bin/python requirements.txt constraints.txt
	$(BIN)/python -m pip install --disable-pip-version-check -q -r requirements.txt -c constraints.txt
	@touch $@

.venv/development: .venv/bin/python requirements.txt requirements-dev.txt constraints.txt
	$(BIN)/python -m pip install --disable-pip-version-check -q -r requirements-dev.txt -c constraints.txt
	@touch .venv/runtime $@
