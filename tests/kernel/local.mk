# Tests that ask this machine's kernel. Each exits 77, having said why, where it cannot.
if HAVE_CMOCKA
check_PROGRAMS += tests/kernel/test_filter
TESTS += tests/kernel/test_filter
tests_kernel_test_filter_SOURCES = tests/kernel/test_filter.c
tests_kernel_test_filter_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_kernel_test_filter_LDADD = libcompiler.a libpolicy.a libcatalog.a libbase.a $(CMOCKA_LIBS)
endif
