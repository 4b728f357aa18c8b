# Programs that are built with what make install leaves, each in the way of one build system.
BUILD_TESTS = \
	tests/builds/autoconf \
	tests/builds/cmake \
	tests/builds/documents \
	tests/builds/libpale \
	tests/builds/make \
	tests/builds/meson \
	tests/builds/server
dist_check_SCRIPTS += $(BUILD_TESTS)
TESTS += $(BUILD_TESTS)
EXTRA_DIST += tests/builds/lib.sh
