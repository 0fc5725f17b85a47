# make test-kernel         boots Debian's Linux 6.1, 6.12 and 6.18 under qemu and tries what the sandbox prevents
# make test-kernel-6.1     the oldest alone, as `make test` does where qemu can be installed

KERNELS := 6.1 6.12 6.18
KERNEL_TOOLS := qemu-system-x86_64:qemu-system-x86 busybox:busybox-static cpio:cpio

.PHONY: test-kernel setup-kernel
test-kernel: setup-kernel
	$(SWIFT) build -c release --static-swift-stdlib --product cedarc
	Tests/Kernel/run .build/release/cedarc $(KERNELS)

test-kernel-%: setup-kernel
	$(SWIFT) build -c release --static-swift-stdlib --product cedarc
	Tests/Kernel/run .build/release/cedarc $*

setup-kernel: setup
	@missing=""; for tool in $(KERNEL_TOOLS); do \
		command -v $${tool%%:*} >/dev/null || missing="$$missing $${tool##*:}"; done; \
	if [ -n "$$missing" ]; then \
		root=""; [ "$$(id -u)" = 0 ] || root=sudo; \
		$$root apt-get update -qq && $$root apt-get install -y -qq --no-install-recommends $$missing; \
	fi
