# make fuzz                            every target for ten minutes
# make fuzz SECONDS=60 FUZZ=JSON       one target for a minute
#
# Inputs that crash are written to Corpus/fuzz/TARGET/, which is read first in every run: what was fixed stays fixed.
# What else is found interesting stays in .build-fuzz/.

SECONDS ?= 600
FUZZ ?= Policies JSON Evaluator Machine
# `fuzzer,address` finds what unsafe code does wrong, and makes a run about four times as long. Leaks are not looked for: the finder
# does not see references that have bits of an enumeration in them.
FUZZ_SANITIZERS ?= fuzzer
FUZZ_BUILD = .build-fuzz

.PHONY: fuzz fuzz-build
fuzz: $(addprefix fuzz-run-,$(FUZZ))

# Optimized, as users run it, but with assertions. SwiftPM would give an executable a `main` of its own, so it builds static
# libraries, and the linker takes libFuzzer's. The sanitizers go to the compiler in one flag: of several it takes the last.
fuzz-build:
	$(SWIFT) build --package-path Tests/Fuzz --scratch-path $(FUZZ_BUILD) -c release \
		-Xswiftc -assert-config -Xswiftc Debug -Xswiftc -sanitize=$(FUZZ_SANITIZERS)
	mkdir -p $(FUZZ_BUILD)/bin
	for target in $(FUZZ); do \
		swiftc -sanitize=$(FUZZ_SANITIZERS) -o $(FUZZ_BUILD)/bin/$$target \
			-Xlinker --whole-archive $(FUZZ_BUILD)/release/libFuzz$$target.a -Xlinker --no-whole-archive || exit 1; \
	done

fuzz-run-%: fuzz-build
	mkdir -p $(FUZZ_BUILD)/corpus/$* Corpus/fuzz/$*
	ASAN_OPTIONS=detect_leaks=0 $(FUZZ_BUILD)/bin/$* -max_total_time=$(SECONDS) -max_len=4096 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
		-dict=Tests/Fuzz/cedar.dict -artifact_prefix=Corpus/fuzz/$*/ $(FUZZ_BUILD)/corpus/$* Corpus/fuzz/$*
