# What a policy denies, seen while a program runs behind it.
libprofiler_a_SOURCES += \
	profiler/denials/advice.c profiler/denials/advice.h \
	profiler/denials/answer.c \
	profiler/denials/call_text.c profiler/denials/call_text.h \
	profiler/denials/count.c profiler/denials/count.h \
	profiler/denials/denials.c profiler/denials/denials.h \
	profiler/denials/registers.c profiler/denials/registers.h \
	profiler/denials/run.h \
	profiler/denials/stops.c
