# interruption-handler: `make demo` runs the main job, `make test` passes the tests. Everything that is missing is installed first.

SWIFT ?= swift
CHECKED := --explicit-target-dependency-import-check error
RELEASE := -c release --static-swift-stdlib
SWIFT_FILES := Package.swift Sources Tests IntegrationTests Benchmarks Fuzzing scripts/sanitizers
PACKAGES := libcurl4-openssl-dev libxml2-dev libyaml-dev

SOAK_MINUTES ?= 10

.PHONY: demo build test sanitize sanitize-threads fuzz reliability lint format docs manifests bench soak sbom packages python help

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

## make sanitize   the same tests with AddressSanitizer and LeakSanitizer, the handler in the stories too (SANITIZE_SKIP, SANITIZE_STORIES)
sanitize: packages python
	@scripts/sanitize address

## make sanitize-threads  unit tests of what threads share, with ThreadSanitizer
JUDGED_BY_THREADS := ^(TransportTests.(StreamGate|AnswerCollector|Cancellation|CloseTests)|KubernetesTests.SharedRefresh|StatusTests.LineSink|InterruptionTests)
sanitize-threads: packages python
	@SANITIZE_UNITS='$(or $(SANITIZE_UNITS),$(JUDGED_BY_THREADS))' SANITIZE_STORIES=$(SANITIZE_STORIES) scripts/sanitize thread

## make fuzz       every fuzz target for FUZZ_SECONDS (60)
fuzz: packages
	@scripts/fuzz

## make reliability  every fault in every phase, and 400 restarts; writes docs/reliability.md anew (about 20 minutes)
reliability: packages
	$(SWIFT) build --build-tests
	MACHINE_ORDERS=1000000 $(SWIFT) test --skip-build --filter 'InterruptionTests.*Random orders of events'
	RELIABILITY_PAGE=$(CURDIR)/docs/reliability.md $(SWIFT) test --skip-build --filter '^Stories\..Under every fault'
	RELIABILITY_PAGE=$(CURDIR)/docs/reliability.md $(SWIFT) test --skip-build --filter '^Stories\..Killed anywhere'

## make lint       formatting, as strict as CI
lint:
	swift format lint --strict --parallel --recursive $(SWIFT_FILES)

## make format     formats in place
format:
	swift format --in-place --parallel --recursive $(SWIFT_FILES)

## make docs       writes docs/settings.md and the chart in docs/the-machine.md from the code
docs: build
	@scripts/settings-page > docs/settings.md.new && mv docs/settings.md.new docs/settings.md
	$(SWIFT) build --build-tests
	WRITE_PAGES=1 $(SWIFT) test --skip-build --filter 'InterruptionTests.*page about the machine'

## make manifests  renders and validates everything under deploy
manifests: python
	@scripts/check-manifests

## make bench      measures what docs/benchmarks.md says, and writes it anew (about 30 minutes)
bench: build
	$(SWIFT) build $(RELEASE) --product interruption-fleet
	@scripts/bench

## make soak       notices, faults and rotations against the real release binary for SOAK_MINUTES (10): nothing may grow or be missed
soak: packages
	$(SWIFT) build $(RELEASE) --product interruption-handler
	$(SWIFT) build $(RELEASE) --product interruption-soak
	.build/release/interruption-soak --handler .build/release/interruption-handler --minutes $(SOAK_MINUTES)

## make sbom       writes .build/sbom.cdx.json: what is shipped, as CycloneDX 1.6
sbom: build python
	@scripts/write-sbom
