# From recordings to a policy.
libprofiler_a_SOURCES += \
	profiler/infer/authority.c profiler/infer/authority.h \
	profiler/infer/companions.c profiler/infer/companions.h \
	profiler/infer/compose.h \
	profiler/infer/condition.c profiler/infer/condition.h \
	profiler/infer/cut.c profiler/infer/cut.h \
	profiler/infer/dangers.c profiler/infer/dangers.h \
	profiler/infer/drafting.h \
	profiler/infer/evidence.c profiler/infer/evidence.h \
	profiler/infer/expectations.c \
	profiler/infer/gather.c profiler/infer/gather.h \
	profiler/infer/infer.h \
	profiler/infer/names.c profiler/infer/names.h \
	profiler/infer/narrow.c \
	profiler/infer/necessities.c \
	profiler/infer/policy.c \
	profiler/infer/rule_list.c \
	profiler/infer/rules.c profiler/infer/rules.h \
	profiler/infer/statics.c profiler/infer/statics.h \
	profiler/infer/table.c profiler/infer/table.h \
	profiler/infer/unsure.c \
	profiler/infer/widen.c profiler/infer/widen.h
