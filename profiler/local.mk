# The profiler: tracers, recordings, and inference to a policy.
noinst_LIBRARIES += libprofiler.a
libprofiler_a_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS) $(CAPSTONE_CFLAGS) $(LIBBPF_CFLAGS)
libprofiler_a_SOURCES = \
	profiler/container.c profiler/container.h \
	profiler/control_groups.c profiler/control_groups.h \
	profiler/dangers.def \
	profiler/launch.c profiler/launch.h \
	profiler/process_info.c profiler/process_info.h \
	profiler/serving.c profiler/serving.h \
	profiler/signals.c profiler/signals.h \
	profiler/tracer.c profiler/tracer.h
include profiler/denials/local.mk
include profiler/ebpf/local.mk
include profiler/infer/local.mk
include profiler/ptrace/local.mk
include profiler/recorder/local.mk
include profiler/recording/local.mk
include profiler/report/local.mk
include profiler/static/local.mk
