# make run    set up, build the graph from the shipped plans, serve the page on 127.0.0.1:8000 (PORT=8080 changes it)
# make test   set up, then lint, types, tests and notebooks
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: run build test check format unit notebooks quality bench vocab clean help

help:
	@sed -n 's/^# make/make/p' Makefile

$(STAMP): pyproject.toml
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
	  echo "Cần Python 3.11 (Python 3.11 is needed): không thấy $(PYTHON). Đặt PYTHON=… nếu tên khác (set PYTHON=…)."; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "torch==2.13.0"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	@touch $(STAMP)

build: $(STAMP)
	$(BIN)/cchc build

run: build
	$(BIN)/cchc serve --port $(PORT)

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

unit: $(STAMP)
	$(BIN)/pytest -n 2

notebooks: $(STAMP)
	$(BIN)/python -m notebooks.run

test: check unit notebooks

quality: $(STAMP)
	$(BIN)/python -m tests.quality.report

bench: $(STAMP)
	$(BIN)/python -m benchmarks

vocab: $(STAMP)
	$(BIN)/python -m ontology.make_vocab

clean:
	rm -rf $(VENV) data .mypy_cache .ruff_cache .pytest_cache build *.egg-info
