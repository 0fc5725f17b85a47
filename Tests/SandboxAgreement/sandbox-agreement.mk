# The generated decisions against the engine: natively under sanitizers, and as this machine's kernel verifies and compiles them.
#
#     make differential-kernel [SANDBOX_POLICIES=1000] [SANDBOX_EVENTS=1000000] [SEED=1]

SANDBOX_POLICIES ?= 1000
SANDBOX_EVENTS ?= 1000000

.PHONY: differential-kernel
differential-kernel: setup
	$(SWIFT) build -c release --product sandbox-agreement
	.build/release/sandbox-agreement --seed $(SEED) --policies $(SANDBOX_POLICIES) --events $(SANDBOX_EVENTS)

# Whatever bytes make of an event, decided on natively under libFuzzer and sanitizers, by a policy of the corpus and by random ones.
#
#     make fuzz-sandbox [SECONDS=600] [SANDBOX_SEEDS="1 2 3"]

SANDBOX_SEEDS ?= 1 2 3
SANDBOX_FUZZ := .build/fuzz-sandbox

.PHONY: fuzz-sandbox
fuzz-sandbox: setup
	$(SWIFT) build -c release --product sandbox-agreement
	for seed in $(SANDBOX_SEEDS); do \
		folder=$(SANDBOX_FUZZ)/$$seed; mkdir -p $$folder/corpus; \
		.build/release/sandbox-agreement --write $$folder --only $$seed || exit 1; \
		clang -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -Wall -Wno-unused-function \
			"-DTABLES=$$(cat $$folder/names)" -Ibpf-templates -I$$folder Tests/SandboxCases/Programs/fuzz.c -o $$folder/fuzz 2>$$folder/log || { cat $$folder/log; exit 1; }; \
		TABLES=$$folder/tables $$folder/fuzz -max_total_time=$$(( $(SECONDS) / $(words $(SANDBOX_SEEDS)) )) -max_len=6000 -use_value_profile=1 \
			-detect_leaks=0 -artifact_prefix=$$folder/ -dict=$$folder/words $$folder/corpus || exit 1; \
	done
