# The catalogue beside what others say: libseccomp's numbers, the running kernel's signatures, the
# headers' constants, libcap's capabilities, the registers of the kernel's entries.
dist_check_SCRIPTS += tests/catalog/constants tests/catalog/entries tests/catalog/list
TESTS += tests/catalog/constants tests/catalog/entries tests/catalog/list
EXTRA_DIST += tests/catalog/entries.py tests/catalog/entries.tsv
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
if HAVE_LIBCAP
if HAVE_CMOCKA
check_PROGRAMS += tests/catalog/test_capabilities
TESTS += tests/catalog/test_capabilities
tests_catalog_test_capabilities_SOURCES = tests/catalog/test_capabilities.c
tests_catalog_test_capabilities_CPPFLAGS = $(UNIT_CPPFLAGS) $(LIBCAP_CFLAGS)
tests_catalog_test_capabilities_LDADD = libcatalog.a $(LIBCAP_LIBS) $(CMOCKA_LIBS)
endif
endif
