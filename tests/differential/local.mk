# Two readings of one policy.
DIFFERENTIAL_TESTS = tests/differential/decompile tests/differential/hostile tests/differential/policies
dist_check_SCRIPTS += $(DIFFERENTIAL_TESTS)
TESTS += $(DIFFERENTIAL_TESTS)
SANITIZER_TESTS += tests/differential/hostile
EXTRA_DIST += \
	tests/differential/abis.py \
	tests/differential/bpf.py \
	tests/differential/catalogue.py \
	tests/differential/decompile.py \
	tests/differential/hostile.py \
	tests/differential/libseccomp_random.c \
	tests/differential/policies.py \
	tests/differential/policy.py \
	tests/differential/random_policy.py

# Two compilers of one policy, by proof.
EXTRA_DIST += tests/differential/libseccomp.faults
dist_check_SCRIPTS += tests/differential/backend tests/differential/faults
if HAVE_LIBSECCOMP
check_PROGRAMS += tests/differential/libseccomp tests/differential/libseccomp_faults
TESTS += tests/differential/libseccomp tests/differential/faults tests/differential/backend
tests_differential_libseccomp_SOURCES = tests/differential/libseccomp.c \
	tests/consumers/lottery.c tests/consumers/lottery.h
tests_differential_libseccomp_LDADD = libcompiler.a libpolicy.a libcatalog.a libbase.a
tests_differential_libseccomp_faults_SOURCES = tests/differential/libseccomp_faults.c
tests_differential_libseccomp_faults_CPPFLAGS = $(AM_CPPFLAGS) $(LIBSECCOMP_CFLAGS)
tests_differential_libseccomp_faults_LDADD = libcompiler.a libpolicy.a libcatalog.a libbase.a \
	$(LIBSECCOMP_LIBS)
endif
# Wrong filters before the prover.
check_PROGRAMS += tests/differential/mutants
TESTS += tests/differential/mutants
tests_differential_mutants_SOURCES = tests/differential/mutants.c
tests_differential_mutants_LDADD = libpolicies.a libcompiler.a libpolicy.a libcatalog.a libbase.a
