# Fuzz targets for libFuzzer and AFL++, of which afl-clang-fast takes -fsanitize=fuzzer too; `./dev fuzz`
# builds them in trees of their own, with coverage in every object, and tests/fuzz/run runs them. Each
# target adds
#	fuzz_targets += tests/fuzz/fuzz_x
#	tests_fuzz_fuzz_x_SOURCES = tests/fuzz/fuzz_x.c
#	tests_fuzz_fuzz_x_LDFLAGS = $(fuzz_link_flags)
#	tests_fuzz_fuzz_x_LDADD = libpolicy.a libbase.a
# and may have seeds in tests/fuzz/corpus/fuzz_x/, and more made in tests/fuzz/run.
fuzz_targets =
fuzz_link_flags = $(AM_LDFLAGS) -fsanitize=fuzzer
EXTRA_PROGRAMS += $(fuzz_targets)
# With pale, which makes seeds; not with all, since pale-run cannot have AFL++'s coverage.
fuzz-programs: $(BUILT_SOURCES)
	$(MAKE) $(AM_MAKEFLAGS) pale$(EXEEXT) $(fuzz_targets)
fuzz-list:
	@echo $(fuzz_targets)
.PHONY: fuzz-programs fuzz-list
fuzz_targets += tests/fuzz/fuzz_compile
tests_fuzz_fuzz_compile_SOURCES = tests/fuzz/fuzz_compile.c tests/oracle.h
tests_fuzz_fuzz_compile_LDFLAGS = $(fuzz_link_flags)
tests_fuzz_fuzz_compile_LDADD = libcompiler.a libpolicy.a libcatalog.a libbase.a
fuzz_targets += tests/fuzz/fuzz_parse
tests_fuzz_fuzz_parse_SOURCES = tests/fuzz/fuzz_parse.c
tests_fuzz_fuzz_parse_LDFLAGS = $(fuzz_link_flags)
tests_fuzz_fuzz_parse_LDADD = libpolicy.a libbase.a
fuzz_targets += tests/fuzz/fuzz_recording
tests_fuzz_fuzz_recording_SOURCES = tests/fuzz/fuzz_recording.c
tests_fuzz_fuzz_recording_LDFLAGS = $(fuzz_link_flags)
tests_fuzz_fuzz_recording_LDADD = libprofiler.a libpolicy.a libcatalog.a libbase.a $(JANSSON_LIBS)

# The same over files, as a test: with any compiler, and with sanitizers.
check_PROGRAMS += tests/fuzz/replay_parse
TESTS += tests/fuzz/replay_parse
EXTRA_DIST += tests/fuzz/corpus tests/fuzz/run
SANITIZER_TESTS += tests/fuzz/replay_parse
tests_fuzz_replay_parse_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz_parse.c
tests_fuzz_replay_parse_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"fuzz_parse"'
tests_fuzz_replay_parse_LDADD = libpolicy.a libbase.a
fuzz_targets += tests/fuzz/fuzz_bundle
tests_fuzz_fuzz_bundle_SOURCES = tests/fuzz/fuzz_bundle.c
tests_fuzz_fuzz_bundle_LDFLAGS = $(fuzz_link_flags)
tests_fuzz_fuzz_bundle_LDADD = libcompiler.a libpolicy.a libcatalog.a libbase.a
check_PROGRAMS += tests/fuzz/replay_recording
TESTS += tests/fuzz/replay_recording
SANITIZER_TESTS += tests/fuzz/replay_recording
tests_fuzz_replay_recording_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz_recording.c
tests_fuzz_replay_recording_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"fuzz_recording"'
tests_fuzz_replay_recording_LDADD = libprofiler.a libpolicy.a libcatalog.a libbase.a $(JANSSON_LIBS)
fuzz_targets += tests/fuzz/fuzz_asm
tests_fuzz_fuzz_asm_SOURCES = tests/fuzz/fuzz_asm.c
tests_fuzz_fuzz_asm_LDFLAGS = $(fuzz_link_flags)
tests_fuzz_fuzz_asm_LDADD = libcompiler.a libcatalog.a libbase.a
check_PROGRAMS += tests/fuzz/replay_asm
TESTS += tests/fuzz/replay_asm
SANITIZER_TESTS += tests/fuzz/replay_asm
tests_fuzz_replay_asm_SOURCES = tests/fuzz/replay.c tests/fuzz/fuzz_asm.c
tests_fuzz_replay_asm_CPPFLAGS = $(AM_CPPFLAGS) -DFUZZ_TARGET='"fuzz_asm"'
tests_fuzz_replay_asm_LDADD = libcompiler.a libcatalog.a libbase.a

# Random policies, filters and changes: a library for whoever wants some.
check_LIBRARIES += libpolicies.a
libpolicies_a_SOURCES = \
	tests/differential/mutation.c tests/differential/mutation.h \
	tests/fuzz/any_filter.c tests/fuzz/any_filter.h tests/opcodes.h \
	tests/fuzz/dice.h \
	tests/fuzz/policy_trial.c tests/fuzz/policy_trial.h \
	tests/fuzz/random_calls.c tests/fuzz/random_calls.h \
	tests/fuzz/random_condition.c tests/fuzz/random_condition.h \
	tests/fuzz/random_policy.c tests/fuzz/random_policy.h
policies_libraries = libpolicies.a libcompiler.a libpolicy.a libcatalog.a libbase.a
fuzz_targets += tests/fuzz/fuzz_disasm
tests_fuzz_fuzz_disasm_SOURCES = tests/fuzz/fuzz_disasm.c
tests_fuzz_fuzz_disasm_LDFLAGS = $(fuzz_link_flags)
tests_fuzz_fuzz_disasm_LDADD = $(policies_libraries)
fuzz_targets += tests/fuzz/fuzz_filter
tests_fuzz_fuzz_filter_SOURCES = tests/fuzz/fuzz_filter.c
tests_fuzz_fuzz_filter_LDFLAGS = $(fuzz_link_flags)
tests_fuzz_fuzz_filter_LDADD = $(policies_libraries)
fuzz_targets += tests/fuzz/fuzz_prove
tests_fuzz_fuzz_prove_SOURCES = tests/fuzz/fuzz_prove.c
tests_fuzz_fuzz_prove_LDFLAGS = $(fuzz_link_flags)
tests_fuzz_fuzz_prove_LDADD = $(policies_libraries)
fuzz_targets += tests/fuzz/fuzz_policy
tests_fuzz_fuzz_policy_SOURCES = tests/fuzz/fuzz_policy.c
tests_fuzz_fuzz_policy_LDFLAGS = $(fuzz_link_flags)
tests_fuzz_fuzz_policy_LDADD = $(policies_libraries)
check_PROGRAMS += tests/fuzz/random_policies
TESTS += tests/fuzz/random_policies
tests_fuzz_random_policies_SOURCES = tests/fuzz/random_policies.c
tests_fuzz_random_policies_LDADD = $(policies_libraries)
fuzz_targets += tests/fuzz/fuzz_static
tests_fuzz_fuzz_static_SOURCES = tests/fuzz/fuzz_static.c
tests_fuzz_fuzz_static_LDFLAGS = $(fuzz_link_flags)
tests_fuzz_fuzz_static_LDADD = libprofiler.a libpolicy.a libcatalog.a libbase.a $(LIBELF_LIBS)
