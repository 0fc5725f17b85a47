# make demo    installs what is missing, builds, and lets real policies decide real requests
# make test    the same set-up, then every test
# make test-sanitizers    every test under the address and the thread sanitizer
# make docs    the pages of the library's documentation, in .build/docs
# More in CONTRIBUTING.md.

SWIFT ?= swift
# The cases of the Cedar project, where they lie beside this folder; tests that need them are skipped elsewhere.
CONFORMANCE ?= ../shared/conformance

.PHONY: demo test test-sanitizers conformance docs setup clean
.DEFAULT_GOAL := demo

demo: setup
	$(SWIFT) build -c release --product cedarc
	Corpus/demo/run .build/release/cedarc

test: setup
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build
	$(MAKE) conformance
	$(MAKE) check-instructions
	$(MAKE) test-lynxd
	$(MAKE) test-live
	$(MAKE) test-oldest-kernel

# Every test under the address sanitizer, and again under the thread sanitizer. Optimized, or they take hours, but with assertions.
# Leaks are not looked for: pointers in Swift's strings and enums carry marks, and what they alone hold is taken for leaked.
SANITIZERS ?= address thread
SANITIZED = -c release --sanitize=$$sanitizer --scratch-path .build/$$sanitizer \
	-Xswiftc -DSANITIZED -Xswiftc -enable-testing -Xswiftc -assert-config -Xswiftc Debug
test-sanitizers: setup
	for sanitizer in $(SANITIZERS); do \
		$(SWIFT) build --build-tests $(SANITIZED) || exit 1; \
		ASAN_OPTIONS=detect_leaks=0 $(SWIFT) test --skip-build $(SANITIZED) || exit 1; \
	done

# Every suite in release mode, on the project's own cases and on the shared ones.
conformance: setup
	$(SWIFT) build -c release --product conformance
	.build/release/conformance Corpus
	@if [ -d "$(CONFORMANCE)" ]; then .build/release/conformance "$(CONFORMANCE)"; \
	else echo "skipped: $(CONFORMANCE) is not there"; fi

# Swift's own tools make the pages; a plugin would be one more package for everybody who links the library.
docs: setup
	$(SWIFT) build --target LynxCedar
	rm -rf .build/symbols .build/docs
	mkdir -p .build/symbols
	$(SWIFT) symbolgraph-extract -module-name LynxCedar -I .build/debug/Modules -output-dir .build/symbols \
		-target "$$($(SWIFT) -print-target-info | sed -n 's/.*"unversionedTriple": "\(.*\)".*/\1/p')" \
		-minimum-access-level public -skip-synthesized-members
	docc convert Sources/LynxCedar/LynxCedar.docc --additional-symbol-graph-dir .build/symbols \
		--fallback-display-name LynxCedar --fallback-bundle-identifier LynxCedar --output-path .build/docs
	@echo "python3 -m http.server -d .build/docs 8000, then http://localhost:8000/documentation/lynxcedar"

include Tests/Differential/differential.mk
include Tests/Agreement/agreement.mk
include Tests/SandboxAgreement/sandbox-agreement.mk
include Tests/Fuzz/fuzz.mk
include Tests/Kernel/kernel.mk
include Tests/Daemon/lynxd.mk
# After the comparison with the reference, whose virtual environment it uses.
include Benchmarks/benchmarks.mk

# What the builds and tests use beside Swift; installed only where it is missing.
setup:
	@command -v $(SWIFT) >/dev/null || { echo "Swift 6.2 or later is needed: https://www.swift.org/install/linux" >&2; exit 1; }
	@missing=""; for tool in git:git tar:tar xz:xz-utils clang:clang; do \
		command -v $${tool%%:*} >/dev/null || missing="$$missing $${tool##*:}"; done; \
	for header in bpf/libbpf.h:libbpf-dev libelf.h:libelf-dev zlib.h:zlib1g-dev; do \
		[ -e "/usr/include/$${header%%:*}" ] || missing="$$missing $${header##*:}"; done; \
	if [ -n "$$missing" ]; then \
		root=""; [ "$$(id -u)" = 0 ] || root=sudo; \
		$$root apt-get update -qq && $$root apt-get install -y -qq $$missing; \
	fi

clean:
	rm -rf .build .build-fuzz .venv
