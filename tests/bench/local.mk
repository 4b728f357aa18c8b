# What `./dev bench` measures with. Times decide no test.
bench_targets =
EXTRA_PROGRAMS += $(bench_targets)
bench-programs: $(bench_targets)
.PHONY: bench-programs
