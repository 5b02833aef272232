# What people type. Everything is installed into .venv, made on first use: nothing but python3,
# make and a package index is needed. A stamp says which extras of setup.py are in it.

PYTHON ?= python3
VENV   := .venv
RUN    := $(VENV)/bin/python
STAMP  := $(VENV)/.installed-
NEWS   := $(VENV)/news.txt

.PHONY: help demo demo-check test test-vm chaos docs session pictures machines stubs bench clean
.PHONY: check check-style check-types check-news check-machines check-stubs check-man check-docs
.DELETE_ON_ERROR:

help:
	@echo "make demo        an agent on this machine, a mux in front of it; try it by hand"
	@echo "make demo-check  the same, ends by itself"
	@echo "make test        all tests; some of them:  make test T=tests.wire"
	@echo "make test-vm     the tests that boot a virtual machine"
	@echo "make chaos       ten minutes in which everything goes wrong at once"
	@echo "make check       style, types, documentation, news fragments"
	@echo "make docs        the documentation, into docs/_build/html"
	@echo "make session     record anew what the command prints, into docs/howto"
	@echo "make pictures    draw the pictures of the page anew, into docs/pictures"
	@echo "make machines    draw the state machines anew, into docs/machines"
	@echo "make stubs       write anew what type checkers know of a guest's methods"
	@echo "make man         write the man pages of txqga anew, and its reference"
	@echo "make bench       every benchmark, one after the other"
	@echo "make clean       remove what these made, .venv too"

demo: $(STAMP)mux
	@$(RUN) -m demo

demo-check: $(STAMP)mux
	@$(RUN) -m demo --check

test: $(STAMP)test
	@$(RUN) -m tests.run $(T)

test-vm: $(STAMP)test
	@$(RUN) -m tests.run $(or $(T),tests.vm)

chaos: $(STAMP)test
	@$(RUN) -m tests.chaos $(if $(SEED),--seed $(SEED))

check: check-style check-types check-news check-machines check-stubs check-man check-docs

check-style: $(STAMP)check
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .

check-types: $(STAMP)test $(STAMP)check $(STAMP)docs
	$(RUN) -m mypy

check-news: $(STAMP)docs
	$(RUN) -m towncrier build --draft --version next > $(NEWS) 2>&1 || { cat $(NEWS); exit 1; }

check-machines: $(STAMP)test
	$(RUN) -m docs.machines --check

check-stubs: $(STAMP)test
	$(RUN) -m docs.stubs --check

check-man: $(STAMP)test
	$(RUN) -m docs.man --check

check-docs: $(STAMP)docs
	$(RUN) -m sphinx -q -W --keep-going -E -b html docs docs/_build/html

docs: $(STAMP)docs
	$(RUN) -m sphinx -q -W --keep-going -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

session: $(STAMP)test
	$(RUN) -m docs.session

pictures: $(STAMP)test
	$(RUN) -m docs.pictures

machines: $(STAMP)mux
	$(RUN) -m docs.machines

stubs: $(STAMP)mux
	$(RUN) -m docs.stubs

man: $(STAMP)cli
	$(RUN) -m docs.man

bench: $(STAMP)test
	@set -e; for each in tests/benchmarks/*_speed.py tests/benchmarks/*_scale.py \
	    tests/benchmarks/mux_hostile.py; do \
	    echo "== $$each"; $(RUN) $$each; \
	done

clean:
	rm -rf $(VENV) build docs/_build *.egg-info .mypy_cache .ruff_cache .hypothesis
	rm -rf _trial_temp* twisted/plugins/dropin.cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP)%: setup.py pyproject.toml txqga/__init__.py | $(RUN)
	@echo "Installing txqga[$*] into $(VENV) ..."
	@$(RUN) -m pip install -qq --disable-pip-version-check --editable '.[$*]'
	@touch $@

$(RUN):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || { \
	    echo "txqga needs Python 3.10 or later as $(PYTHON); name another:  make PYTHON=..." >&2; \
	    exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2> /dev/null || { \
	    echo "$(PYTHON) cannot make virtual environments." >&2; \
	    echo "On Debian and Ubuntu:  apt install python3-venv" >&2; \
	    exit 1; }
	@$(PYTHON) -m venv $(VENV)
