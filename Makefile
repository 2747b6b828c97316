# The habits of this house, one line each: `make help`. Every target does its own set-up.

# Any Python from 3.11 on: `make test PYTHON=python3.13` to choose.
PYTHON ?= $(shell for p in python3.11 python3 python3.12 python3.13; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)

BIN := .venv/bin
READY := .venv/ready
PYTEST := $(BIN)/python -m pytest
ENGINE29 := $(or $(STACKFERRY_ENGINE29_BIN),.cache/engine29)

# How many made-up stacks `conformance` tries beside the files, and how long `fuzz` runs.
CASES ?= 2000
N ?= 1000
FROM ?= 0
SECONDS ?= 60

# What the container image is built on (any image with Python and pip; by default python:3.x-slim), and its name.
BASE ?=
IMAGE ?= stackferry

.DEFAULT_GOAL := help
.PHONY: help demo test-cluster test-minikube virtualbox engine engine29 buildkit compose5 compose-load checkov schemas image release check test lint golden conformance simulate faults fuzz bench docs docs-check clean

help:  ## show this list
	@grep -hE '^[a-z0-9-]+:.*## ' Makefile | sed -E 's/^([a-z0-9-]+):.*## /\1|/' | awk -F'|' '{ printf "  make %-12s %s\n", $$1, $$2 }'

demo: $(READY)  ## turn the five-service stack of fixtures/demo into manifests, and look at them
	@PATH="$(CURDIR)/$(BIN):$$PATH" bash fixtures/demo/run.sh

engine:  ## a Docker Engine for the tests: the one that answers, else installed and started (Debian, root)
	@tests/engine/up.sh

engine29:  ## build an engine of the v29 line into .cache/engine29, for `make test` (Go, gcc; 4 to 11 minutes)
	tests/engine/build29.sh $(ENGINE29)

check: lint  ## lint and the fast tests, which need no engine: in less than a minute, before each commit
	$(PYTEST) -n auto -q -m 'not (engine or slow or corpus or real or cluster or minikube)'

buildkit: $(READY)  ## build the BuildKit that tests of Dockerfiles ask, once, where there is Go (half a minute)
	@$(BIN)/python tests/buildkit/build.py

checkov: $(READY)  ## install Checkov, outside the tree, for tests of the security rules (from PyPI, two minutes)
	@$(BIN)/python tests/conformance/lint/checkov.py

schemas: $(READY)  ## fetch the schemas of SARIF and JUnit, outside the tree, for tests of the formats (Go, PyPI)
	@$(BIN)/python tests/schemas.py

compose5: $(READY)  ## build docker compose 5 and its loader, which ours equals, once, where there is Go (minutes)
	@$(BIN)/python tests/compose5/build.py

image: $(READY)  ## build the container image, called IMAGE=stackferry, on BASE=python:3.13-slim (docker, PyPI)
	@$(BIN)/python .ci/release/image.py $(if $(BASE),--base $(BASE)) --name $(IMAGE)

release: $(READY)  ## prepare a release in dist/, up to publishing: changelog, sdist, wheel, image (docker, PyPI; 3 minutes)
	@$(BIN)/python .ci/release/release.py $(if $(BASE),--base $(BASE))

test-cluster: $(READY)  ## build a real Kubernetes once (Go, 8 minutes), and run stacks on it (Debian, root; 5 minutes)
	@tests/cluster/prepare.sh $(BIN)/python
	$(PYTEST) -n 2 -rs tests/cluster

test-minikube: $(READY)  ## build minikube and all of its node once (Go, 12 minutes), and start it on a stand-in of VirtualBox (Debian, root; 3 minutes)
	@tests/minikube/prepare.sh $(BIN)/python
	$(PYTEST) -n 2 -rs tests/minikube

virtualbox: $(READY)  ## compare that stand-in with the real VirtualBox of Debian unstable, in a folder of its own (root; 2 minutes)
	@tests/packages.sh virtualbox mmdebstrap=mmdebstrap ip=iproute2
	$(BIN)/python tests/minikube/virtualbox/report.py

compose-load: $(READY)
	@$(BIN)/python tests/compose5/build.py --loader

test: $(READY) engine buildkit compose-load  ## run all tests; those on an engine also on v29, once there is one (make engine29)
	$(PYTEST) -n auto
	tests/engine/on29.sh $(PYTEST) -n auto -m engine tests/emulator

lint: $(READY)  ## ruff, mypy --strict and the import contracts
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

golden: $(READY)  ## rewrite the expected files under fixtures/, then show what changed
	$(PYTEST) -n auto --update-golden
	git --no-pager diff --stat -- fixtures

conformance: $(READY) compose5  ## differences from docker compose (CASES=2000 made up), a swarm, hadolint, BuildKit and Checkov
	$(BIN)/python tests/conformance/report.py --generated $(CASES)
	$(BIN)/python tests/swarm/report.py
	$(BIN)/python tests/shell/report.py
	STACKFERRY_SLOW=1 $(PYTEST) tests/swarm/test_names.py
	$(BIN)/python tests/conformance/dockerfile/search.py --generated $(CASES) --mutated $(CASES)
	$(BIN)/python tests/conformance/lint/report.py
	$(BIN)/python tests/conformance/lint/search.py buildkit --generated $(CASES) --mutated $(CASES)
	$(BIN)/python tests/conformance/lint/security.py

simulate: $(READY)  ## N=1000 seeds of the emulator with faults, in virtual time, FROM=0
	$(BIN)/python tests/simulation/run.py $(N) $(FROM)

faults: $(READY) engine  ## kill managers, tasks and an engine of its own, fill a disk: what is left (4 minutes, root)
	$(BIN)/python tests/faults/run.py

fuzz: $(READY)  ## try bad input for SECONDS=60, and keep what breaks us as fixtures
	$(BIN)/python tests/fuzz/run.py --seconds $(SECONDS)

bench: $(READY)  ## time and memory against the real docker compose, as ratios
	$(BIN)/python -m benchmarks

docs: $(READY)  ## rewrite the pages under docs/ that are made from the code
	$(BIN)/python docs/generate.py

docs-check: $(READY)
	$(BIN)/python docs/generate.py --check
	$(BIN)/towncrier build --draft --version next

clean:  ## remove everything that make made
	rm -rf .venv .cache build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): pyproject.toml stackferry/__init__.py
	@test -n "$(PYTHON)" || { echo "stackferry needs Python 3.11 or newer (Debian: apt-get install python3)"; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip' 2>/dev/null || { echo "$(PYTHON) cannot make virtual environments (Debian: apt-get install python3-venv)"; exit 1; }
	"$(PYTHON)" -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@
