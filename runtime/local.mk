# pale-run: no libc, no start files, no sanitizers, small whatever the build's own flags ask for.
# CFLAGS and LDFLAGS stand last in automake's commands, so they are replaced for its objects.
bin_PROGRAMS += pale-run
pale_run_SOURCES = \
	runtime/arch.h runtime/arch_aarch64.h runtime/arch_arm.h runtime/arch_i386.h \
	runtime/arch_mips.h runtime/arch_x86_64.h runtime/bundle.h runtime/calls.h \
	runtime/maps.h runtime/privileges.h \
	runtime/shim.h runtime/simulate.h runtime/sys.h \
	runtime/bundle_check.c runtime/descriptors.c runtime/errno_name.c runtime/exec.c \
	runtime/filter.c runtime/load.c runtime/main.c runtime/maps.c runtime/namespaces.c \
	runtime/options.c runtime/privileges.c runtime/processes.c runtime/signals.c \
	runtime/simulate.c runtime/text.c runtime/values.c
pale_run_CPPFLAGS = -I$(top_srcdir) -DPALE_VERSION='"$(PACKAGE_VERSION)"'
pale_run_CFLAGS = -std=gnu11 $(WARN_CFLAGS)
shim_cflags = -Os -ffreestanding -fno-pie -fno-stack-protector -fno-asynchronous-unwind-tables \
	-fno-unwind-tables -fomit-frame-pointer -ffunction-sections -fdata-sections
# One segment for code and constants: fewer pages to map is a faster start.
shim_ldflags = -nostdlib -static -s -Wl,--gc-sections,--build-id=none \
	-Wl,-z,noexecstack,-z,noseparate-code
pale_run_LINK = $(CC) $(shim_ldflags) -o $@
$(pale_run_OBJECTS): override CFLAGS = $(shim_cflags)

# For the test that builds it for i386.
print-shim-flags:
	@echo 'shim flags: $(shim_cflags) $(shim_ldflags)'
# The same for every machine of build-aux/targets.tsv, into cross/ABI/pale-run.
cross:
	@CC='$(CC)' $(top_srcdir)/build-aux/cross.sh cross $(pale_run_CPPFLAGS) $(pale_run_CFLAGS) \
		-Werror $(shim_cflags) $(shim_ldflags)
.PHONY: cross print-shim-flags
EXTRA_DIST += build-aux/cross.sh build-aux/targets.tsv build-aux/toolchains.sh
