# Two readings of one policy.
DIFFERENTIAL_TESTS = tests/differential/hostile tests/differential/policies
dist_check_SCRIPTS += $(DIFFERENTIAL_TESTS)
TESTS += $(DIFFERENTIAL_TESTS)
SANITIZER_TESTS += tests/differential/hostile
EXTRA_DIST += \
	tests/differential/abis.py \
	tests/differential/bpf.py \
	tests/differential/catalogue.py \
	tests/differential/hostile.py \
	tests/differential/policies.py \
	tests/differential/policy.py \
	tests/differential/random_policy.py
