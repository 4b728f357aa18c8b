# Counts what tracers report.
libprofiler_a_SOURCES += \
	profiler/recorder/address.c profiler/recorder/address.h \
	profiler/recorder/behind.c \
	profiler/recorder/recorder.c profiler/recorder/recorder.h \
	profiler/recorder/slots.c profiler/recorder/slots.h
