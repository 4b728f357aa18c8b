# What `./dev bench` measures with. Times decide no test.
bench_targets = tests/bench/bench_filter
tests_bench_bench_filter_SOURCES = tests/bench/bench_filter.c
tests_bench_bench_filter_LDADD = libcompiler.a libpolicy.a libcatalog.a libbase.a
bench_targets += tests/bench/bench_calls
tests_bench_bench_calls_SOURCES = tests/bench/bench_calls.c
if HAVE_EBPF
bench_targets += tests/bench/bench_empty
endif
tests_bench_bench_empty_SOURCES = tests/bench/bench_empty.c
tests_bench_bench_empty_CPPFLAGS = $(AM_CPPFLAGS) $(LIBBPF_CFLAGS)
tests_bench_bench_empty_LDADD = $(LIBBPF_LIBS)
bench_targets += tests/bench/bench_kernel
tests_bench_bench_kernel_SOURCES = tests/bench/bench_kernel.c
bench_targets += tests/bench/bench_launch
tests_bench_bench_launch_SOURCES = tests/bench/bench_launch.c
tests_bench_bench_launch_LDADD = libcompiler.a libpolicy.a libcatalog.a libbase.a
bench_targets += tests/bench/bench_recordings
tests_bench_bench_recordings_SOURCES = tests/bench/bench_recordings.c
tests_bench_bench_recordings_LDADD = libprofiler.a libpolicy.a libcatalog.a libbase.a $(JANSSON_LIBS)
if HAVE_LIBSECCOMP
bench_targets += tests/bench/bench_libseccomp
endif
tests_bench_bench_libseccomp_SOURCES = tests/bench/bench_libseccomp.c
tests_bench_bench_libseccomp_CPPFLAGS = $(AM_CPPFLAGS) $(LIBSECCOMP_CFLAGS)
tests_bench_bench_libseccomp_LDADD = $(LIBSECCOMP_LIBS)
EXTRA_PROGRAMS += tests/bench/bench_calls tests/bench/bench_empty tests/bench/bench_filter tests/bench/bench_kernel tests/bench/bench_launch tests/bench/bench_recordings tests/bench/bench_libseccomp
bench-programs: $(bench_targets)
.PHONY: bench-programs
EXTRA_DIST += tests/bench/ptrace tests/bench/run tests/bench/tracers
