# The profiler: tracers, recordings, and inference to a policy.
noinst_LIBRARIES += libprofiler.a
libprofiler_a_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
libprofiler_a_SOURCES = \
	profiler/behind.c \
	profiler/escape.c \
	profiler/infer.h \
	profiler/infer_authority.c profiler/infer_authority.h \
	profiler/infer_companions.c profiler/infer_companions.h \
	profiler/infer_condition.c profiler/infer_condition.h \
	profiler/infer_evidence.c profiler/infer_evidence.h \
	profiler/infer_gather.c profiler/infer_gather.h \
	profiler/infer_names.c profiler/infer_names.h \
	profiler/infer_policy.c \
	profiler/infer_rules.c profiler/infer_rules.h \
	profiler/process_info.c profiler/process_info.h \
	profiler/ptrace_launch.c profiler/ptrace_launch.h \
	profiler/ptrace_run.h \
	profiler/ptrace_signals.c \
	profiler/ptrace_stops.c \
	profiler/ptrace_tasks.c profiler/ptrace_tasks.h \
	profiler/ptrace_tracer.c profiler/ptrace_tracer.h \
	profiler/recorder.c profiler/recorder.h \
	profiler/recording.c profiler/recording.h \
	profiler/recording_json.c profiler/recording_json.h \
	profiler/recording_read.c \
	profiler/recording_write.c \
	profiler/tracer.c profiler/tracer.h
