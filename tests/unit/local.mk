# Unit tests with cmocka. Each part adds its own lines:
#	check_PROGRAMS += tests/unit/test_x
#	UNIT_TESTS += tests/unit/test_x
#	tests_unit_test_x_SOURCES = tests/unit/test_x.c
#	tests_unit_test_x_CPPFLAGS = $(UNIT_CPPFLAGS)
#	tests_unit_test_x_LDADD = libbase.a $(CMOCKA_LIBS)
# inside the condition, so that a build without cmocka still works.
UNIT_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)
UNIT_TESTS =
if HAVE_CMOCKA
UNIT_TESTS += tests/unit/test_arguments
check_PROGRAMS += tests/unit/test_arguments
tests_unit_test_arguments_SOURCES = tests/unit/test_arguments.c
tests_unit_test_arguments_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_arguments_LDADD = libcatalog.a $(CMOCKA_LIBS)

UNIT_TESTS += tests/unit/test_asm
check_PROGRAMS += tests/unit/test_asm
tests_unit_test_asm_SOURCES = tests/unit/test_asm.c
tests_unit_test_asm_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_asm_LDADD = libcompiler.a libcatalog.a libbase.a $(CMOCKA_LIBS)

UNIT_TESTS += tests/unit/test_catalog
check_PROGRAMS += tests/unit/test_catalog
tests_unit_test_catalog_SOURCES = tests/unit/test_catalog.c
tests_unit_test_catalog_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_catalog_LDADD = libcatalog.a $(CMOCKA_LIBS)
UNIT_TESTS += tests/unit/test_constants
check_PROGRAMS += tests/unit/test_constants
tests_unit_test_constants_SOURCES = tests/unit/test_constants.c
tests_unit_test_constants_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_constants_LDADD = libcatalog.a $(CMOCKA_LIBS)
UNIT_TESTS += tests/unit/test_output
check_PROGRAMS += tests/unit/test_output
tests_unit_test_output_SOURCES = tests/unit/test_output.c
tests_unit_test_output_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_output_LDADD = libcli.a libbase.a $(CMOCKA_LIBS)
UNIT_TESTS += tests/unit/test_comparison
check_PROGRAMS += tests/unit/test_comparison
tests_unit_test_comparison_SOURCES = tests/unit/test_comparison.c
tests_unit_test_comparison_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_comparison_LDADD = libcompiler.a libpolicy.a libcatalog.a libbase.a $(CMOCKA_LIBS)
UNIT_TESTS += tests/unit/test_compile
check_PROGRAMS += tests/unit/test_compile
tests_unit_test_compile_SOURCES = tests/unit/test_compile.c tests/oracle.h
tests_unit_test_compile_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_compile_LDADD = libcompiler.a libpolicy.a libcatalog.a libbase.a $(CMOCKA_LIBS)
UNIT_TESTS += tests/unit/test_reading
check_PROGRAMS += tests/unit/test_reading
tests_unit_test_reading_SOURCES = tests/unit/test_reading.c tests/unit/read_text.h
tests_unit_test_reading_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_reading_LDADD = libcompiler.a libpolicy.a libcatalog.a libbase.a $(CMOCKA_LIBS)
UNIT_TESTS += tests/unit/test_reading_files
check_PROGRAMS += tests/unit/test_reading_files
tests_unit_test_reading_files_SOURCES = tests/unit/test_reading_files.c
tests_unit_test_reading_files_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_reading_files_LDADD = libcompiler.a libpolicy.a libcatalog.a libbase.a \
	$(CMOCKA_LIBS)
UNIT_TESTS += tests/unit/test_reading_sets
check_PROGRAMS += tests/unit/test_reading_sets
tests_unit_test_reading_sets_SOURCES = tests/unit/test_reading_sets.c tests/unit/read_text.h
tests_unit_test_reading_sets_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_reading_sets_LDADD = libcompiler.a libpolicy.a libcatalog.a libbase.a \
	$(CMOCKA_LIBS)
UNIT_TESTS += tests/unit/test_number
check_PROGRAMS += tests/unit/test_number
tests_unit_test_number_SOURCES = tests/unit/test_number.c
tests_unit_test_number_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_number_LDADD = libcompiler.a libpolicy.a libcatalog.a libbase.a $(CMOCKA_LIBS)
UNIT_TESTS += tests/unit/test_resolve
check_PROGRAMS += tests/unit/test_resolve
tests_unit_test_resolve_SOURCES = tests/unit/test_resolve.c tests/unit/resolve_text.h
tests_unit_test_resolve_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_resolve_LDADD = libcompiler.a libpolicy.a libcatalog.a libbase.a $(CMOCKA_LIBS)
UNIT_TESTS += tests/unit/test_emit
check_PROGRAMS += tests/unit/test_emit
tests_unit_test_emit_SOURCES = tests/unit/test_emit.c
tests_unit_test_emit_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_emit_LDADD = libcompiler.a libpolicy.a libcatalog.a libbase.a $(CMOCKA_LIBS)
UNIT_TESTS += tests/unit/test_diag
check_PROGRAMS += tests/unit/test_diag
tests_unit_test_diag_SOURCES = tests/unit/test_diag.c
tests_unit_test_diag_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_diag_LDADD = libbase.a $(CMOCKA_LIBS)
UNIT_TESTS += tests/unit/test_include
check_PROGRAMS += tests/unit/test_include
tests_unit_test_include_SOURCES = tests/unit/test_include.c
tests_unit_test_include_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_include_LDADD = libpolicy.a libbase.a $(CMOCKA_LIBS)
UNIT_TESTS += tests/unit/test_library
check_PROGRAMS += tests/unit/test_library
tests_unit_test_library_SOURCES = tests/unit/test_library.c
tests_unit_test_library_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_library_LDADD = libcompiler.a libpolicy.a libcatalog.a libbase.a $(CMOCKA_LIBS)
UNIT_TESTS += tests/unit/test_parse
check_PROGRAMS += tests/unit/test_parse
tests_unit_test_parse_SOURCES = tests/unit/test_parse.c
tests_unit_test_parse_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_parse_LDADD = libpolicy.a libbase.a $(CMOCKA_LIBS)
UNIT_TESTS += tests/unit/test_prove
check_PROGRAMS += tests/unit/test_prove
tests_unit_test_prove_SOURCES = tests/unit/test_prove.c
tests_unit_test_prove_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_prove_LDADD = libcompiler.a libpolicy.a libcatalog.a libbase.a $(CMOCKA_LIBS)
UNIT_TESTS += tests/unit/test_print
check_PROGRAMS += tests/unit/test_print
tests_unit_test_print_SOURCES = tests/unit/test_print.c
tests_unit_test_print_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_print_LDADD = libpolicy.a libbase.a $(CMOCKA_LIBS)
UNIT_TESTS += tests/unit/test_infer
check_PROGRAMS += tests/unit/test_infer
tests_unit_test_infer_SOURCES = tests/unit/test_infer.c
tests_unit_test_infer_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_infer_LDADD = libprofiler.a libcompiler.a libpolicy.a libcatalog.a libbase.a \
	$(JANSSON_LIBS) $(CMOCKA_LIBS)
UNIT_TESTS += tests/unit/test_ptrace_tasks
check_PROGRAMS += tests/unit/test_ptrace_tasks
tests_unit_test_ptrace_tasks_SOURCES = tests/unit/test_ptrace_tasks.c
tests_unit_test_ptrace_tasks_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_ptrace_tasks_LDADD = libprofiler.a $(CMOCKA_LIBS)
UNIT_TESTS += tests/unit/test_recording
check_PROGRAMS += tests/unit/test_recording
tests_unit_test_recording_SOURCES = tests/unit/test_recording.c
tests_unit_test_recording_CPPFLAGS = $(UNIT_CPPFLAGS)
tests_unit_test_recording_LDADD = libprofiler.a libpolicy.a libcatalog.a libbase.a \
	$(JANSSON_LIBS) $(CMOCKA_LIBS)
if HAVE_LIBSECCOMP
UNIT_TESTS += tests/unit/test_export
check_PROGRAMS += tests/unit/test_export
tests_unit_test_export_SOURCES = tests/unit/test_export.c
tests_unit_test_export_CPPFLAGS = $(UNIT_CPPFLAGS) $(LIBSECCOMP_CFLAGS)
tests_unit_test_export_LDADD = libcompiler.a libpolicy.a libcatalog.a libbase.a $(CMOCKA_LIBS) \
	$(LIBSECCOMP_LIBS)
endif
endif
TESTS += $(UNIT_TESTS)
