# The differential run: random cases, answered by this engine and by the reference engine behind the Python package cedarpy.
#
#     make differential [COUNT=20000] [SEED=1]

COUNT ?= 20000
SEED ?= 1
CEDARPY_VERSION := 4.12.2
DIFFERENTIAL_PYTHON := .venv/bin/python

.PHONY: differential
differential: .venv/cedarpy-$(CEDARPY_VERSION)
	swift build -c release --product differential
	swift run -c release --skip-build differential --seed $(SEED) --count $(COUNT) | $(DIFFERENTIAL_PYTHON) Tests/Differential/compare.py

.venv/cedarpy-$(CEDARPY_VERSION):
	@python3 -c 'import ensurepip' 2>/dev/null || { \
		root=""; [ "$$(id -u)" = 0 ] || root=sudo; \
		$$root apt-get update -qq && $$root apt-get install -y -qq python3-venv; \
	}
	python3 -m venv .venv
	$(DIFFERENTIAL_PYTHON) -m pip install --quiet cedarpy==$(CEDARPY_VERSION)
	touch $@
