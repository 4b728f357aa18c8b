# The tracer that works everywhere.
libprofiler_a_SOURCES += \
	profiler/ptrace/adapt.c profiler/ptrace/adapt.h \
	profiler/ptrace/attach.c \
	profiler/ptrace/calls.c \
	profiler/ptrace/follow.c profiler/ptrace/follow.h \
	profiler/ptrace/inject.c profiler/ptrace/inject.h \
	profiler/ptrace/learned.c profiler/ptrace/learned.h \
	profiler/ptrace/machine.h \
	profiler/ptrace/machine_arm.c \
	profiler/ptrace/machine_mips.c \
	profiler/ptrace/machine_none.c \
	profiler/ptrace/machine_x86.c \
	profiler/ptrace/run.h \
	profiler/ptrace/signals.c \
	profiler/ptrace/stops.c \
	profiler/ptrace/tasks.c profiler/ptrace/tasks.h \
	profiler/ptrace/tracer.c profiler/ptrace/tracer.h
