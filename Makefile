# `make run` and `make test` need Python 3.11 or newer and make; everything else goes into .venv.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q

.PHONY: run test lock clean

run: .venv/.run
	$(BIN)/khabar run data/samples --out out/samples

test: .venv/.test
	$(BIN)/ruff check pipeline models tests
	$(BIN)/python -m pytest

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "khabar needs Python 3.11 or newer, this is " + sys.version.split()[0] + "; name another with make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv

.venv/.run: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) install -c constraints.txt -e .
	touch $@

.venv/.test: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) install -c constraints.txt -e '.[test]'
	touch $@ .venv/.run

# Write constraints.txt anew from what is installed. torch stays a range: camel-tools asks for it, no stage imports it,
# and its builds differ from platform to platform.
lock: .venv/.test
	$(PIP) install -U --upgrade-strategy eager -e '.[test]'
	$(BIN)/python -m pip freeze --exclude-editable | grep -viE '^(torch|nvidia|triton|cuda)' > constraints.txt

clean:
	rm -rf .venv out build dist
