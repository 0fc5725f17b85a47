# The generated decisions against the engine: natively under sanitizers, and as this machine's kernel verifies and compiles them.
#
#     make differential-kernel [SANDBOX_POLICIES=1000] [SANDBOX_EVENTS=1000000] [SEED=1]

SANDBOX_POLICIES ?= 1000
SANDBOX_EVENTS ?= 1000000

.PHONY: differential-kernel
differential-kernel: setup
	$(SWIFT) build -c release --product sandbox-agreement
	.build/release/sandbox-agreement --seed $(SEED) --policies $(SANDBOX_POLICIES) --events $(SANDBOX_EVENTS)
