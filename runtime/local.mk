# pale-run: no libc, no start files, no sanitizers, small whatever the build's own flags ask for.
# CFLAGS and LDFLAGS stand last in automake's commands, so they are replaced for its objects.
bin_PROGRAMS += pale-run
pale_run_SOURCES = \
	runtime/arch.h runtime/arch_aarch64.h runtime/arch_arm.h runtime/arch_i386.h \
	runtime/arch_mips.h runtime/arch_x86_64.h runtime/bundle.h runtime/calls.h \
	runtime/maps.h runtime/privileges.h \
	runtime/shim.h runtime/simulate.h runtime/sys.h \
	runtime/bundle.c runtime/bundle_check.c runtime/descriptors.c runtime/errno_name.c \
	runtime/exec.c \
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

# libpale: the same for a process that applies a bundle to itself. One set of objects, which can be
# linked into whatever program, static or shared.
lib_LIBRARIES = libpale.a
include_HEADERS = runtime/libpale/pale.h
libpale_a_SOURCES = \
	runtime/libpale/apply.c runtime/libpale/arch_libc.h runtime/libpale/names.h \
	runtime/libpale/plan.c runtime/libpale/plan.h runtime/libpale/threads.c \
	runtime/bundle.c runtime/bundle.h runtime/bundle_check.c runtime/calls.h \
	runtime/privileges.c runtime/privileges.h
libpale_a_CPPFLAGS = -D_GNU_SOURCE -DPALE_LIBRARY -I$(top_srcdir) \
	-include $(top_srcdir)/runtime/libpale/names.h
libpale_a_CFLAGS = -std=gnu11 $(WARN_CFLAGS) $(SANITIZE_CFLAGS) -fPIC -fvisibility=hidden
# The number behind .so changes when programs must be linked anew.
libpale_soname = libpale.so.0
libpale.so: $(libpale_a_OBJECTS)
	$(AM_V_CCLD)$(CC) $(SANITIZE_CFLAGS) $(CFLAGS) $(LDFLAGS) -shared -Wl,-soname,$(libpale_soname) \
		-Wl,-z,relro,-z,now -o $@ $(libpale_a_OBJECTS)
	$(AM_V_at)ln -sf libpale.so $(libpale_soname)
noinst_DATA = libpale.so
CLEANFILES += libpale.so $(libpale_soname)
pkgconfigdir = $(libdir)/pkgconfig
nodist_pkgconfig_DATA = runtime/libpale/pale.pc
CLEANFILES += runtime/libpale/pale.pc
runtime/libpale/pale.pc: runtime/libpale/pale.pc.in Makefile
	$(AM_V_GEN)$(MKDIR_P) runtime/libpale && sed \
		-e 's|[@]prefix@|$(prefix)|' -e 's|[@]exec_prefix@|$(exec_prefix)|' \
		-e 's|[@]bindir@|$(bindir)|' -e 's|[@]libdir@|$(libdir)|' \
		-e 's|[@]includedir@|$(includedir)|' -e 's|[@]datadir@|$(datadir)|' -e 's|[@]VERSION@|$(VERSION)|' \
		$(srcdir)/runtime/libpale/pale.pc.in >$@
EXTRA_DIST += runtime/libpale/pale.pc.in
install-exec-local: libpale.so
	$(MKDIR_P) "$(DESTDIR)$(libdir)"
	$(INSTALL_PROGRAM) libpale.so "$(DESTDIR)$(libdir)/libpale.so.$(VERSION)"
	ln -sf libpale.so.$(VERSION) "$(DESTDIR)$(libdir)/$(libpale_soname)"
	ln -sf $(libpale_soname) "$(DESTDIR)$(libdir)/libpale.so"
uninstall-hook:
	rm -f "$(DESTDIR)$(libdir)/libpale.so" "$(DESTDIR)$(libdir)/$(libpale_soname)" \
		"$(DESTDIR)$(libdir)/libpale.so.$(VERSION)"
