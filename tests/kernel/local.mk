# Tests that ask this machine's kernel. Each exits 77, having said why, where it cannot.
if HAVE_CMOCKA
check_PROGRAMS += tests/kernel/test_filter
TESTS += tests/kernel/test_filter
tests_kernel_test_filter_SOURCES = tests/kernel/test_filter.c
tests_kernel_test_filter_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_kernel_test_filter_LDADD = libcompiler.a libpolicy.a libcatalog.a libbase.a $(CMOCKA_LIBS)

check_PROGRAMS += tests/kernel/test_ptrace
TESTS += tests/kernel/test_ptrace
tests_kernel_test_ptrace_SOURCES = tests/kernel/test_ptrace.c tests/kernel/acts.c tests/kernel/acts.h
tests_kernel_test_ptrace_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_kernel_test_ptrace_LDADD = libprofiler.a libcompiler.a libpolicy.a libcatalog.a libbase.a \
	$(JANSSON_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/kernel/test_adaptive
TESTS += tests/kernel/test_adaptive
tests_kernel_test_adaptive_SOURCES = tests/kernel/test_adaptive.c tests/kernel/adaptive_acts.c \
	tests/kernel/adaptive_acts.h tests/kernel/recorded_lines.c tests/kernel/recorded_lines.h
tests_kernel_test_adaptive_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_kernel_test_adaptive_LDADD = libprofiler.a libcompiler.a libpolicy.a libcatalog.a libbase.a \
	$(JANSSON_LIBS) $(CMOCKA_LIBS)

if HAVE_EBPF
check_PROGRAMS += tests/kernel/test_ebpf_objects
TESTS += tests/kernel/test_ebpf_objects
endif
tests_kernel_test_ebpf_objects_SOURCES = tests/kernel/test_ebpf_objects.c
tests_kernel_test_ebpf_objects_CPPFLAGS = $(UNIT_CPPFLAGS) $(LIBBPF_CFLAGS)
tests_kernel_test_ebpf_objects_LDADD = libprofiler.a libcompiler.a libpolicy.a libcatalog.a libbase.a \
	$(JANSSON_LIBS) $(LIBBPF_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/kernel/test_attach
TESTS += tests/kernel/test_attach
tests_kernel_test_attach_SOURCES = tests/kernel/test_attach.c
tests_kernel_test_attach_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_kernel_test_attach_LDADD = libprofiler.a libcompiler.a libpolicy.a libcatalog.a libbase.a \
	$(JANSSON_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += tests/kernel/test_damage
TESTS += tests/kernel/test_damage
tests_kernel_test_damage_SOURCES = tests/kernel/test_damage.c
tests_kernel_test_damage_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_kernel_test_damage_LDADD = libcompiler.a libpolicy.a libcatalog.a libbase.a $(CMOCKA_LIBS)
endif
# What pale-run does to itself, and what it refuses.
check_PROGRAMS += tests/kernel/shim_probe
tests_kernel_shim_probe_SOURCES = tests/kernel/shim_probe.c
# What libpale does to a program that asks it to.
check_PROGRAMS += tests/kernel/apply_probe
tests_kernel_apply_probe_SOURCES = tests/kernel/apply_probe.c
tests_kernel_apply_probe_CFLAGS = $(AM_CFLAGS) -pthread
tests_kernel_apply_probe_LDADD = libpale.a
# Values that are known only at load, as a program sees them.
check_PROGRAMS += tests/kernel/loads_probe
tests_kernel_loads_probe_SOURCES = tests/kernel/loads_probe.c
tests_kernel_loads_probe_LDADD = libpale.a
SHIM_TESTS = tests/kernel/libpale tests/kernel/libpale_machines tests/kernel/loads tests/kernel/phases tests/kernel/run_command tests/kernel/shim_build tests/kernel/shim_cross \
	tests/kernel/shim_process tests/kernel/shim_sandbox
TESTS += $(SHIM_TESTS)
EXTRA_DIST += $(SHIM_TESTS) tests/kernel/shim_lib.sh

# Filters and pale-run on the kernels of other machines, in system emulation: a file for each.
EMULATED_MACHINES = \
	tests/kernel/emulated/aarch64.machine tests/kernel/emulated/arm.machine \
	tests/kernel/emulated/bare.machine tests/kernel/emulated/debian.machine \
	tests/kernel/emulated/host.machine \
	tests/kernel/emulated/mips.machine \
	tests/kernel/emulated/mips64.machine tests/kernel/emulated/mipsel.machine \
	tests/kernel/emulated/mipsel64.machine
TEST_EXTENSIONS = .machine
MACHINE_LOG_COMPILER = $(srcdir)/tests/kernel/emulated/run
TESTS += $(EMULATED_MACHINES)
EXTRA_DIST += $(EMULATED_MACHINES) \
	tests/kernel/emulated/ebpf.sh \
	tests/kernel/emulated/facts.def tests/kernel/emulated/filters.sh \
	tests/kernel/emulated/fragments/malta \
	tests/kernel/emulated/fragments/mips tests/kernel/emulated/fragments/mips64 \
	tests/kernel/emulated/guest.c tests/kernel/emulated/guest.h tests/kernel/emulated/guest.sh \
	tests/kernel/emulated/init.c tests/kernel/emulated/judge.awk \
	tests/kernel/emulated/kernels.sh tests/kernel/emulated/policies/main.pale \
	tests/kernel/emulated/policies/open.pale \
	tests/kernel/emulated/phases.sh tests/kernel/emulated/policies/phases.pale \
	tests/kernel/emulated/policies/plain.pale tests/kernel/emulated/policies/sandbox.pale \
	tests/kernel/emulated/policies/time.pale tests/kernel/emulated/policies/user.pale tests/kernel/emulated/probe.c \
	tests/kernel/emulated/raw.h tests/kernel/emulated/raw_aarch64.h \
	tests/kernel/emulated/raw_arm.h tests/kernel/emulated/raw_i386.h \
	tests/kernel/emulated/raw_x86_64.h tests/kernel/emulated/raw_mips32.h \
	tests/kernel/emulated/raw_mips64.h tests/kernel/emulated/run tests/kernel/emulated/shim.sh \
	tests/kernel/emulated/subject.c tests/kernel/emulated/trace.sh \
	tests/kernel/emulated/trace_probe.c tests/kernel/emulated/trace_subject.c \
	tests/kernel/emulated/trials.c \
	tests/kernel/emulated/trials.def tests/kernel/emulated/trials.h
