# What a program's code could call.
libprofiler_a_SOURCES += \
	profiler/static/static.h
if HAVE_CAPSTONE
libprofiler_a_SOURCES += \
	profiler/static/body.c profiler/static/body.h \
	profiler/static/bounds.c \
	profiler/static/disassembler.c profiler/static/disassembler.h \
	profiler/static/dynamic.c \
	profiler/static/final.c \
	profiler/static/flow.c profiler/static/flow.h \
	profiler/static/functions.c \
	profiler/static/image.c profiler/static/image.h \
	profiler/static/object.h \
	profiler/static/operation.h \
	profiler/static/operation_aarch64.c \
	profiler/static/operation_x86.c \
	profiler/static/pointers.c \
	profiler/static/reach.c profiler/static/reach.h \
	profiler/static/scan.c \
	profiler/static/link_scope.c profiler/static/link_scope.h \
	profiler/static/search.c profiler/static/search.h \
	profiler/static/static.c \
	profiler/static/symbols.c \
	profiler/static/tables.c \
	profiler/static/value.c profiler/static/value.h
else
libprofiler_a_SOURCES += profiler/static/absent.c
endif
