# The page about recordings.
libprofiler_a_SOURCES += \
	profiler/report/arguments.c profiler/report/arguments.h \
	profiler/report/call_groups.def \
	profiler/report/entry.c profiler/report/entry.h \
	profiler/report/html.c profiler/report/html.h \
	profiler/report/judgement.c profiler/report/judgement.h \
	profiler/report/known.c profiler/report/known.h \
	profiler/report/page.c profiler/report/page.h \
	profiler/report/report.h \
	profiler/report/section_calls.c \
	profiler/report/section_entries.c \
	profiler/report/section_executables.c \
	profiler/report/section_head.c \
	profiler/report/section_limits.c \
	profiler/report/section_phases.c \
	profiler/report/section_runs.c \
	profiler/report/section_surface.c \
	profiler/report/style.h \
	profiler/report/survey.c profiler/report/survey.h \
	profiler/report/vulnerabilities.def
nodist_libprofiler_a_SOURCES = profiler/report/style_data.c

EXTRA_DIST += profiler/report/style.css build-aux/embed_style.awk
profiler/report/style_data.c: profiler/report/style.css build-aux/embed_style.awk
	$(AM_V_GEN)$(MKDIR_P) profiler/report && \
	$(AWK) -f $(srcdir)/build-aux/embed_style.awk $(srcdir)/profiler/report/style.css >$@.tmp && \
	mv $@.tmp $@
CLEANFILES += profiler/report/style_data.c
