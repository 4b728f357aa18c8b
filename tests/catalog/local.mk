# The catalogue beside what others say: libseccomp's numbers, the running kernel's signatures, the
# headers' constants.
dist_check_SCRIPTS += tests/catalog/constants tests/catalog/list
TESTS += tests/catalog/constants tests/catalog/list
check_PROGRAMS += tests/catalog/test_signatures
TESTS += tests/catalog/test_signatures
tests_catalog_test_signatures_SOURCES = tests/catalog/test_signatures.c
tests_catalog_test_signatures_LDADD = libcatalog.a
if HAVE_LIBSECCOMP
check_PROGRAMS += tests/catalog/test_numbers
TESTS += tests/catalog/test_numbers
tests_catalog_test_numbers_SOURCES = tests/catalog/test_numbers.c
tests_catalog_test_numbers_CPPFLAGS = $(AM_CPPFLAGS) $(LIBSECCOMP_CFLAGS)
tests_catalog_test_numbers_LDADD = libcatalog.a $(LIBSECCOMP_LIBS)
endif
