# interruption-handler: `make demo` runs the main job, `make test` passes the tests. Everything that is missing is installed first.

SWIFT ?= swift
CHECKED := --explicit-target-dependency-import-check error
# Dead code goes, and nothing is exported from an executable: 23.5 MiB instead of 25.5 (docs/benchmarks.md).
RELEASE := -c release --static-swift-stdlib -Xlinker --gc-sections -Xlinker --icf=safe -Xlinker --no-export-dynamic
PACKAGES := libcurl4-openssl-dev libxml2-dev libyaml-dev

.PHONY: demo build test lint format docs manifests bench packages python help

help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

packages:
	@scripts/install-packages $(PACKAGES)

python:
	@scripts/python-environment

## make demo       a spot notice empties a simulated node, watched live (builds first)
demo: build
	@scripts/demo

## make build      release executables in .build/release, Swift runtime linked in
build: packages
	$(SWIFT) build $(RELEASE) --product interruption-handler
	$(SWIFT) build $(RELEASE) --product interruption-lab

## make test       every test: units, and the real binary against simulators and third parties' servers
test: packages python
	$(SWIFT) build --build-tests $(CHECKED)
	$(SWIFT) test --skip-build --skip '^Stories\.'
	$(SWIFT) test --skip-build --filter '^Stories\.'

## make lint       formatting, as strict as CI
lint:
	swift format lint --strict --parallel --recursive Package.swift Sources Tests IntegrationTests

## make format     formats in place
format:
	swift format --in-place --parallel --recursive Package.swift Sources Tests IntegrationTests

## make docs       writes docs/settings.md from the code
docs: build
	@scripts/settings-page > docs/settings.md.new && mv docs/settings.md.new docs/settings.md

## make manifests  renders and validates everything under deploy
manifests: python
	@scripts/check-manifests

## make bench      measures what docs/benchmarks.md says, and writes it anew (about 30 minutes)
bench: build
	@scripts/bench
