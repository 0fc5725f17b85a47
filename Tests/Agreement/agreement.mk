# The machine and the simple semantics on random cases, to the last word of each error.
#
#     make agreement [CASES=1000000] [SEED=1]

CASES ?= 1000000

.PHONY: agreement
agreement:
	$(SWIFT) build -c release --product agreement
	.build/release/agreement --seed $(SEED) --cases $(CASES)
