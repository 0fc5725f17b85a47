# make test-kernel         boots Debian's Linux 6.1, 6.12 and 6.18 under qemu, tries what the sandbox prevents, and writes the table of the README
# make test-kernel-6.1     the oldest alone, the others are 6.12 and 6.18
# make test-live           what the running kernel can enforce without LSM programs, in cgroups of its own

KERNELS := 6.1 6.12 6.18
KERNEL_TOOLS := qemu-system-x86_64:qemu-system-x86 busybox:busybox-static cpio:cpio
# With the flags of every other release build, so that one serves for all; the libraries that it needs go with it.
KERNEL_CEDARC = .build/release/cedarc

.PHONY: test-kernel test-oldest-kernel test-live setup-kernel kernel-cedarc
test-kernel: setup-kernel kernel-cedarc
	Tests/Kernel/run $(KERNEL_CEDARC) $(KERNELS); status=$$?; Tests/Kernel/make-table README.md $(KERNELS) && exit $$status

test-kernel-%: setup-kernel kernel-cedarc
	Tests/Kernel/run $(KERNEL_CEDARC) $*

# For `make test`: where qemu or a kernel cannot be had, it says so, and the other tests count.
test-oldest-kernel: setup
	@if $(MAKE) setup-kernel; then $(MAKE) test-kernel-$(firstword $(KERNELS)); \
	else echo "kernel-$(firstword $(KERNELS)): skipped: qemu cannot be installed"; fi

test-live: setup kernel-cedarc
	Tests/Kernel/live $(KERNEL_CEDARC)

kernel-cedarc: setup
	$(SWIFT) build -c release --product cedarc

setup-kernel: setup
	@missing=""; for tool in $(KERNEL_TOOLS); do \
		command -v $${tool%%:*} >/dev/null || missing="$$missing $${tool##*:}"; done; \
	if [ -n "$$missing" ]; then \
		root=""; [ "$$(id -u)" = 0 ] || root=sudo; \
		$$root apt-get update -qq && $$root apt-get install -y -qq --no-install-recommends $$missing; \
	fi
