# Figures; Benchmarks/README.md says what they mean.
#
#     make bench                 a table for each question: decide, parse, load, update, validate, threads
#     make bench-peers           beside the reference engine, with ratios and a plot [ROUNDS=5] [BENCH_SECONDS=0.5] [ONLY="acl one"]
#     make bench-allocations     how many blocks of memory a decision allocates
#     make bench-instructions    puts the instructions of a decision on record
#     make bench-sandbox         the generated `decide` in the kernel: beside one written by hand, and with many rules beside few
#     make bench-lynxd           the daemon beside a server that does nothing, under load [LYNXD_OPTIONS="--rounds 5"]
#     make check-instructions    fails where a decision takes over 5 % more or less than on record

# Measured by others; used where it is there.
SHARED_SCENARIOS ?= ../shared/bench/scenarios.tar.xz
ROUNDS ?= 5
BENCH_SECONDS ?= 0.5
ONLY ?=

BENCH := .build/bench

.PHONY: bench bench-lynxd bench-sandbox bench-peers bench-allocations bench-instructions check-instructions

bench: $(BENCH)/generated.stamp
	$(SWIFT) package --package-path Benchmarks --scratch-path .build/benchmarks benchmark --no-progress --grouping metric $(if $(TARGET),--target $(TARGET))

bench-peers: .venv/cedarpy-$(CEDARPY_VERSION) $(BENCH)/generated.stamp $(BENCH)/shared.stamp
	$(SWIFT) build -c release --product cedarc
	.venv/bin/python Benchmarks/peers.py --cedarc .build/release/cedarc --out $(BENCH)/peers.json \
		--rounds $(ROUNDS) --seconds $(BENCH_SECONDS) $(if $(ONLY),--only $(ONLY) --) $(BENCH)/shared $(BENCH)/generated
	.venv/bin/python Benchmarks/plot.py $(BENCH)/peers.json > $(BENCH)/cost.svg
	@if [ -z "$(ONLY)" ]; then cp $(BENCH)/cost.svg Benchmarks/cost.svg; echo "Benchmarks/cost.svg"; else echo "$(BENCH)/cost.svg"; fi

bench-sandbox: setup
	$(SWIFT) build -c release --product cedarc
	python3 Benchmarks/Sandbox/measure.py .build/release/cedarc

# The one who asks takes a part of a processor too.
bench-lynxd: setup $(LYNXD_STAMP)
	$(SWIFT) build -c release --product lynxd
	$(SWIFT) build -c release --product lynxd-empty
	mkdir -p $(BENCH)
	clang -O2 -Wall -Wextra -Werror -o $(BENCH)/ask Benchmarks/Daemon/ask.c
	.venv/bin/python Benchmarks/Daemon/measure.py .build/release/lynxd .build/release/lynxd-empty $(BENCH)/ask $(LYNXD_OPTIONS)

bench-allocations: $(BENCH)/generated.stamp
	$(SWIFT) build -c release --product cedarc
	clang -O2 -Wall -Werror -shared -fPIC -o $(BENCH)/allocations.so Benchmarks/allocations.c
	@for scenario in $(if $(ONLY),$(ONLY),one ext acl-1000 rbac-1000 abac-1000 tinytodo-50 gdrive-50 github-50); do \
		folder=$(BENCH)/generated/$$scenario; \
		printf '%-14s ' $$scenario; \
		LD_PRELOAD=$(CURDIR)/$(BENCH)/allocations.so .build/release/cedarc bench --seconds 0.2 \
			-p $$folder/policies.cedar --entities $$folder/entities.json --requests $$folder/requests.json \
			| sed -n 's/^allocations *//p'; \
	done

# The shared runtime's debug information is more than valgrind can read: the program has a runtime of its own. Built in a folder of its
# own too, or every build of the other kind would start anew.
INSTRUCTIONS = python3 Benchmarks/instructions.py --program .build/static/release/decide --record Benchmarks/instructions.tsv

ifeq ($(shell uname -s),Linux)
bench-instructions check-instructions: .build/valgrind.stamp $(BENCH)/generated.stamp
	$(SWIFT) build -c release --static-swift-stdlib --scratch-path .build/static --product decide
	$(INSTRUCTIONS) $(if $(filter bench-instructions,$@),--write,--check) $(BENCH)/generated
else
bench-instructions check-instructions:
	@echo "skipped: callgrind counts on Linux only"
endif

$(BENCH)/generated.stamp: Benchmarks/scenarios.py
	python3 Benchmarks/scenarios.py $(BENCH)/generated
	touch $@

$(BENCH)/shared.stamp: $(wildcard $(SHARED_SCENARIOS))
	mkdir -p $(BENCH)/shared
	@if [ -e "$(SHARED_SCENARIOS)" ]; then tar -xJf "$(SHARED_SCENARIOS)" -C $(BENCH)/shared; \
	else echo "skipped: $(SHARED_SCENARIOS) is not there"; fi
	touch $@

.build/valgrind.stamp:
	@missing=""; for tool in valgrind python3; do command -v $$tool >/dev/null || missing="$$missing $$tool"; done; \
	if [ -n "$$missing" ]; then \
		root=""; [ "$$(id -u)" = 0 ] || root=sudo; \
		$$root apt-get update -qq && $$root apt-get install -y -qq $$missing; \
	fi
	mkdir -p .build
	touch $@
