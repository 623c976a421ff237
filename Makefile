# One front door. `make` alone lists what there is; every target bootstraps what it needs, and a repeat is cheap.

PY ?= python3
PYTHONS ?= 3.12 3.13 3.14
# Plain `=`: the environment variable LANGUAGE is gettext's and means something else; `make LANGUAGE=en` still wins.
LANGUAGE = ko
OUT ?= demo-output
SITE := site
# The CPU build by its full name, because the plain name may bring gigabytes of another one. Where the only build is for
# the CPU: `make training TORCH=torch`.
TORCH ?= torch==2.13.0+cpu
# What decides: values, assessments, responses, governance and the engine. Not one branch of it is untested.
CORE := */kakao_asi/*.py,*/assessments/*,*/responses/*,*/governance/*,*/lifecycle/*
BIN := .venv/bin
DEMO_BIN := .venv-demo/bin
# The one place that knows how the story is started; examples/story belongs to it.
DEMO = $(DEMO_BIN)/python -m examples.story

# The blocks of one document go on from one another, so they stay on one worker; tests go wherever there is room.
TESTS := -q -n auto tests
DOCUMENTS := -q -n auto --dist loadfile docs README.md README.ko.md

# Documents whose code needs a training framework; elsewhere their blocks say that they are skipped.
TRAINING_DOCUMENTS := $(wildcard docs/how-to/train-with-*.md docs/ko/how-to/train-with-*.md)

UV_IN := $(BIN)/uv pip install -q --python
# Folders of programs count once they hold some.
TYPED := src $(wildcard typing_tests/*.py conftest.py tests/conftest.py) \
	$(foreach folder,examples benchmarks tools,$(if $(wildcard $(folder)/*.py $(folder)/*/*.py),$(folder)))
SPELLED := $(wildcard src docs examples benchmarks tools tests changelog.d *.md)

export UV_PYTHON_DOWNLOADS := never
export UV_COMPILE_BYTECODE := 1
export UV_LINK_MODE := copy
export NO_MKDOCS_2_WARNING := 1
export PYTHONUTF8 := 1
# Tests start child processes that import the package again; the bytecode cache keeps them cheap.
unexport PYTHONDONTWRITEBYTECODE

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.NOTPARALLEL:
.DEFAULT_GOAL := help

CHECKS := format lint imports dependencies spelling types pyright verifytypes docstrings changelog api coverage \
	pythons oldest docs-strict examples training wheel

.PHONY: help demo test check docs bench soak constraints clean mermaid pages $(CHECKS)

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-13s %s\n", $$1, $$2}'

# --- the doors ---------------------------------------------------------------------------------------------------

demo: .venv-demo/ready ## tell one system's story and the public incidents (LANGUAGE=ko|en, OUT=folder)
	@$(DEMO) --lang $(LANGUAGE) --out $(OUT)

test: .venv/ready ## run the tests and the documents' code blocks, on every core
	@echo "==> tests"
	@$(BIN)/python -m pytest $(TESTS)
	@$(BIN)/python -m pytest $(DOCUMENTS)

check: $(CHECKS) ## run every check below, cheap ones first; ends with the suite on the built wheel

docs: .venv/ready mermaid ## build the English and Korean pages with offline diagrams into site/
	@$(MAKE) --no-print-directory docs-strict

bench: .venv/ready ## measure ratios against plain-Python twins (never a gate on milliseconds)
	@echo "==> benchmarks"
	@$(BIN)/python -m benchmarks

soak: .venv/ready ## the long runs: kills, power-loss states, large random searches
	@echo "==> soak tests"
	@HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest tests -m soak

# --- the checks, in the order of `make check` --------------------------------------------------------------------

format: .venv/ready ## check: ruff format
	@echo "==> ruff format"
	@$(BIN)/ruff format --check .

lint: .venv/ready ## check: ruff, all rules
	@echo "==> ruff check"
	@$(BIN)/ruff check .

imports: .venv/ready ## check: floors and doors (import-linter)
	@echo "==> import contracts"
	@$(BIN)/lint-imports --no-cache --no-logo

dependencies: .venv/ready ## check: what src imports is what pyproject.toml declares (deptry)
	@echo "==> declared dependencies"
	@$(BIN)/deptry src

spelling: .venv/ready ## check: English spelling (codespell)
	@echo "==> spelling"
	@$(BIN)/codespell $(SPELLED)

types: .venv/ready ## check: mypy strict
	@echo "==> mypy --strict"
	@$(BIN)/mypy $(TYPED)

pyright: .venv/ready ## check: pyright strict on typing_tests/
	@echo "==> pyright strict on typing_tests/"
	@PATH="$(CURDIR)/$(BIN):$$PATH" pyright

verifytypes: .venv/ready ## check: every public name is fully typed (pyright --verifytypes)
	@echo "==> pyright --verifytypes"
	@PATH="$(CURDIR)/$(BIN):$$PATH" pyright --verifytypes kakao_asi --ignoreexternal

coverage: .venv/ready ## check: the suite with the long tests; every branch of the package is tested
	@echo "==> branch coverage"
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest $(TESTS) -m 'not soak'
	@$(BIN)/coverage run -m pytest $(DOCUMENTS)
	@$(BIN)/coverage combine -q
	@$(BIN)/coverage report --skip-covered
	@$(BIN)/coverage report --skip-covered --fail-under 100 --include '$(CORE)'

docstrings: .venv/ready ## check: every test says in a docstring what it proves (interrogate)
	@echo "==> docstrings of the tests"
	@$(BIN)/interrogate tests

changelog: .venv/ready ## check: the changelog fragments make a draft (towncrier)
	@echo "==> changelog draft"
	@$(BIN)/towncrier build --draft --version next --date unreleased > /dev/null

api: .venv/ready ## check: no break of the public API since the last tag (griffe)
	@echo "==> public API against the last tag"
	@tag=$$(git describe --tags --abbrev=0 2>/dev/null || true); \
	if [ -z "$$tag" ]; then echo "skipped: no release tag yet"; \
	elif compgen -G 'changelog.d/*.breaking.md' > /dev/null; then \
		$(BIN)/griffe check kakao_asi -s src -a "$$tag" || echo "breaks are announced by a changelog fragment"; \
	else $(BIN)/griffe check kakao_asi -s src -a "$$tag"; fi

pythons: .venv/ready ## check: the suite on the other Pythons that run here (PYTHONS="3.12 3.13")
	@folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; failed=0; \
	echo "==> the suite on Python $(PYTHONS), at the same time; each is shown when it ends"; \
	for version in $(PYTHONS); do \
		$(MAKE) --no-print-directory python-$$version > "$$folder/$$version" 2>&1 & \
		echo $$! > "$$folder/$$version.pid"; \
	done; \
	for version in $(PYTHONS); do \
		wait "$$(cat "$$folder/$$version.pid")" || failed=1; \
		cat "$$folder/$$version"; \
	done; \
	exit $$failed

# A version manager's shim may answer to the name and then refuse to run; so the interpreter is run, with every
# version it manages switched on, and only the path that it reports itself is used.
python-%: .venv/ready
	@echo "==> the suite on Python $*"
	@managed=$$(pyenv versions --bare 2>/dev/null | paste -sd: - || true); \
	found=$$(PYENV_VERSION="$$managed" python$* -c 'import sys; print(sys.executable)' 2>/dev/null || true); \
	if [ -z "$$found" ]; then echo "skipped: python$* not found"; exit 0; fi; \
	$(BIN)/uv venv -q --clear --python "$$found" .venv-py$*; \
	$(UV_IN) .venv-py$* -c constraints.txt --group tests -e .; \
	.venv-py$*/bin/python -m pytest -q tests

oldest: .venv/ready ## check: the suite on the oldest dependencies that pyproject.toml allows
	@echo "==> the suite on the oldest allowed dependencies"
	@$(BIN)/uv venv -q --clear --python $(BIN)/python .venv-oldest
	@$(UV_IN) .venv-oldest --resolution lowest-direct -e .
	@$(UV_IN) .venv-oldest --group tests
	@$(BIN)/uv pip list --python .venv-oldest 2>/dev/null | grep -E '^(attrs|cattrs|networkx|structlog|typing-extensions) '
	@.venv-oldest/bin/python -m pytest $(TESTS) -W ignore::ImportWarning # networkx 3.2 tells that pandas is absent

docs-strict: .venv/ready ## check: both languages build strictly, have the same pages and call nobody outside
	@echo "==> documents, English and Korean" # never with --quiet: it hides the warnings from --strict too
	@$(BIN)/mkdocs build --strict -f mkdocs.yml -d $(SITE)
	@$(BIN)/mkdocs build --strict -f mkdocs.ko.yml -d $(SITE)/ko
	@rm $(SITE)/ko/404.html # a host serves the one at the root
	@$(BIN)/python tools/check_site.py $(SITE)

examples: .venv-demo/ready ## check: the examples run in both languages with nothing but the five dependencies
	@echo "==> examples"
	@folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	for language in en ko; do \
		$(DEMO) --lang $$language --out "$$folder/$$language" > "$$folder/$$language.txt"; \
		echo "$(notdir $(DEMO)) --lang $$language: $$(wc -l < "$$folder/$$language.txt") lines"; \
	done

# By pip: the installer that the other targets use does not look where a machine keeps wheels of its own.
training: ## check: the adapters in real training loops; skipped where the frameworks cannot be installed
	@echo "==> training frameworks"
	@if ! $(MAKE) --no-print-directory .venv-training/ready > .venv-training.log 2>&1; then \
		tail -n 3 .venv-training.log; \
		echo "skipped: the training frameworks cannot be installed here ($(TORCH)); see .venv-training.log"; \
	else \
		OMP_NUM_THREADS=1 .venv-training/bin/python -m pytest -q -o filterwarnings=ignore -m 'not soak' \
			tests/training_frameworks $(TRAINING_DOCUMENTS); \
		OMP_NUM_THREADS=1 .venv-training/bin/python -m pytest -q -o filterwarnings=ignore -k train-with \
			tests/project/test_document_outputs.py; \
	fi

wheel: .venv/ready ## check: the wheel's file list, its import in a clean environment, the suite against it
	@echo "==> the wheel"
	@rm -rf dist && $(BIN)/uv build -q --wheel -o dist
	@$(BIN)/python tools/check_wheel.py dist/*.whl
	@$(BIN)/uv venv -q --clear --python $(BIN)/python .venv-wheel
	@$(UV_IN) .venv-wheel -c constraints.txt dist/*.whl
	@.venv-wheel/bin/python -I -c "import kakao_asi; print('imported', kakao_asi.__version__, 'from the wheel')"
	@$(UV_IN) .venv-wheel -c constraints.txt --group tests
	@.venv-wheel/bin/python -m pytest $(TESTS)
	@.venv-wheel/bin/python -m pytest $(DOCUMENTS)

# --- environments and other files --------------------------------------------------------------------------------

.venv/ready: pyproject.toml constraints.txt
	@$(PY) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed; name one with make PY=...")'
	@echo "==> .venv: the development environment"
	@$(PY) -m venv .venv && $(BIN)/python -m pip install -qq 'pip>=25.1'
	@$(BIN)/python -m pip install -qq -c constraints.txt --group dev -e . && touch $@

.venv-demo/ready: pyproject.toml constraints.txt
	@$(PY) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed; name one with make PY=...")'
	@echo "==> .venv-demo: the five run-time dependencies and nothing else"
	@$(PY) -m venv --clear .venv-demo && $(DEMO_BIN)/python -m pip install -qq -c constraints.txt -e . && touch $@

.venv-training/ready: pyproject.toml constraints.txt constraints-training.txt
	@$(PY) -m venv --clear .venv-training && .venv-training/bin/python -m pip install -qq 'pip>=25.1'
	@.venv-training/bin/python -m pip install -qq --no-compile -c constraints.txt -c constraints-training.txt \
		'$(TORCH)' --group training-frameworks --group tests -e . && touch $@

constraints: .venv/ready ## write constraints.txt anew from the bounds in pyproject.toml
	@echo "==> constraints.txt"
	@rm -f uv.lock; trap 'rm -f uv.lock' EXIT; \
	{ echo '# Versions that are known to work together. Made by `make constraints`; do not edit by hand.'; \
	$(BIN)/uv export -q --no-hashes --no-emit-project --no-annotate --no-header --group dev; } > constraints.new
	@mv constraints.new constraints.txt

pages: .venv/ready ## look at the HTML of the reports in headless Chromium with axe-core, at two widths
	@command -v npm > /dev/null || { echo "skipped: npm not found, it fetches axe-core"; exit 0; }; \
	echo "==> pages in a browser"; \
	folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	npm pack --silent --pack-destination "$$folder" 'axe-core@^4.14' > /dev/null; \
	tar -xzf "$$folder"/axe-core-*.tgz -C "$$folder"; \
	PYTHONPATH=. $(BIN)/python tools/check_pages.py "$$folder/package"

mermaid: docs/assets/js/mermaid.min.js

docs/assets/js/mermaid.min.js:
	@command -v npm > /dev/null || { echo "npm is needed once, to fetch the diagram script; \`make docs-strict\` builds without it"; exit 1; }
	@echo "==> mermaid, for diagrams that draw offline"
	@mkdir -p $(@D); folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	npm pack --silent --pack-destination "$$folder" 'mermaid@>=11.16.1 <12' > /dev/null; \
	tar -xzf "$$folder"/mermaid-*.tgz -C "$$folder" package/dist/mermaid.min.js; \
	mv "$$folder/package/dist/mermaid.min.js" $@

clean: ## remove every environment and everything that was built
	@rm -rf .venv .venv-* build dist $(SITE) docs/assets/js .coverage .hypothesis .import_linter_cache \
		.mypy_cache .pytest_cache .ruff_cache uv.lock
