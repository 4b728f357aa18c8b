# Exports, enforced by those that they are for.
consumer_tools = tests/consumers/judge tests/consumers/read_filter
check_PROGRAMS += $(consumer_tools)
consumer_libs = libcompiler.a libpolicy.a libcatalog.a libbase.a
tests_consumers_judge_SOURCES = tests/consumers/judge.c \
	tests/consumers/decision.c tests/consumers/decision.h
tests_consumers_judge_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
tests_consumers_judge_LDADD = libcli.a $(consumer_libs) $(JANSSON_LIBS)
tests_consumers_read_filter_SOURCES = tests/consumers/read_filter.c
dist_check_SCRIPTS += tests/consumers/enforce tests/consumers/lxc tests/consumers/recorded tests/consumers/runc \
	tests/consumers/manifests tests/consumers/oci_hook tests/consumers/usage
TESTS += tests/consumers/lxc tests/consumers/manifests tests/consumers/oci_hook \
	tests/consumers/recorded tests/consumers/runc \
	tests/consumers/usage
EXTRA_DIST += tests/consumers/lib.sh tests/consumers/policies tests/consumers/probe.c

EXTRA_DIST += tests/consumers/lottery.c tests/consumers/lottery.h
EXTRA_DIST += tests/consumers/random_export.c tests/consumers/replay.c tests/consumers/replay.h
if HAVE_LIBSECCOMP
check_PROGRAMS += tests/consumers/random_export
TESTS += tests/consumers/random_export
tests_consumers_random_export_SOURCES = tests/consumers/random_export.c \
	tests/consumers/decision.c tests/consumers/decision.h \
	tests/consumers/lottery.c tests/consumers/lottery.h \
	tests/consumers/replay.c tests/consumers/replay.h
tests_consumers_random_export_CPPFLAGS = $(AM_CPPFLAGS) $(LIBSECCOMP_CFLAGS) $(JANSSON_CFLAGS)
tests_consumers_random_export_LDADD = $(consumer_libs) $(LIBSECCOMP_LIBS) $(JANSSON_LIBS)
endif
