# Recordings on disk.
libprofiler_a_SOURCES += \
	profiler/recording/call_table.c profiler/recording/call_table.h \
	profiler/recording/equal.c \
	profiler/recording/escape.c \
	profiler/recording/hash.c profiler/recording/hash.h \
	profiler/recording/json.c profiler/recording/json.h \
	profiler/recording/label.c \
	profiler/recording/operation.c profiler/recording/operation.h \
	profiler/recording/part.c profiler/recording/part.h \
	profiler/recording/pool.c profiler/recording/pool.h \
	profiler/recording/read.c profiler/recording/read.h \
	profiler/recording/read_call.c \
	profiler/recording/read_run.c \
	profiler/recording/recording.c profiler/recording/recording.h \
	profiler/recording/write.c
