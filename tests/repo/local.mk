# Checks of the repository itself; each also runs by hand.
REPO_TESTS = \
	tests/repo/completion \
	tests/repo/diagnostics \
	tests/repo/format \
	tests/repo/headers \
	tests/repo/hygiene \
	tests/repo/includes \
	tests/repo/libraries \
	tests/repo/manuals \
	tests/repo/scripts \
	tests/repo/sizes \
	tests/repo/widening
dist_check_SCRIPTS += $(REPO_TESTS)
TESTS += $(REPO_TESTS)
EXTRA_DIST += tests/repo/sizes.allowed
