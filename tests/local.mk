# All tests. A program or script exits 0, or 77 having said why it cannot run.
AM_TESTS_ENVIRONMENT = \
	PALE='$(abs_top_builddir)/pale$(EXEEXT)'; \
	PALE_RUN='$(abs_top_builddir)/pale-run$(EXEEXT)'; \
	top_srcdir='$(abs_top_srcdir)'; \
	top_builddir='$(abs_top_builddir)'; \
	CC='$(CC)'; CLANG='$(CLANG)'; CLANG_FORMAT='$(CLANG_FORMAT)'; \
	SANITIZERS='$(sanitizers)'; MISSING_LIBRARIES='$(missing_libraries)'; \
	export MISSING_LIBRARIES; \
	export PALE PALE_RUN top_srcdir top_builddir CC CLANG CLANG_FORMAT SANITIZERS;
if SANITIZERS
sanitizers = yes
else
sanitizers = no
endif
EXTRA_DIST += tests/lib.sh tests/recording.py build-aux/packages.txt

# Those that a build with sanitizers runs too: what reads input that may be hostile.
SANITIZER_TESTS = $(UNIT_TESTS) tests/golden/run \
	tests/e2e/against tests/e2e/bad_bundles tests/e2e/bad_filters tests/e2e/bad_input tests/e2e/bad_programs tests/e2e/check \
	tests/e2e/commands tests/e2e/diff tests/e2e/examples tests/e2e/fmt tests/e2e/formats tests/e2e/generate tests/e2e/recording \
	tests/e2e/report \
	tests/e2e/terminal

include tests/unit/local.mk
include tests/catalog/local.mk
include tests/golden/local.mk
include tests/consumers/local.mk
include tests/differential/local.mk
include tests/builds/local.mk
include tests/e2e/local.mk
include tests/kernel/local.mk
include tests/programs/local.mk
include tests/repo/local.mk
include tests/fuzz/local.mk
include tests/bench/local.mk

dist_check_SCRIPTS += tests/e2e/examples
TESTS += tests/e2e/examples
