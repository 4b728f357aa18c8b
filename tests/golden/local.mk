# Policies with what pale says about them and makes of them: see tests/golden/run.
dist_check_SCRIPTS += tests/golden/run
TESTS += tests/golden/run
