# Exports, enforced by those that they are for.
noinst_HEADERS += tests/consumers/decision.h tests/consumers/replay.h
if HAVE_LIBSECCOMP
check_PROGRAMS += tests/consumers/random_export
TESTS += tests/consumers/random_export
tests_consumers_random_export_SOURCES = tests/consumers/random_export.c \
	tests/consumers/decision.c tests/consumers/replay.c
tests_consumers_random_export_CPPFLAGS = $(AM_CPPFLAGS) $(LIBSECCOMP_CFLAGS) $(JANSSON_CFLAGS)
tests_consumers_random_export_LDADD = libcompiler.a libpolicy.a libcatalog.a libbase.a \
	$(LIBSECCOMP_LIBS) $(JANSSON_LIBS)
endif
