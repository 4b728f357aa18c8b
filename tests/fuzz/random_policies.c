/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Proves random policies, and counts. See policy_trial.h for what must hold of each.
 *
 *	random_policies [COUNT [SEED]]		those of SEED, SEED + 1 and so on
 *	random_policies --seconds N [SEED]	as many as there is time for
 *	random_policies --show SEED		prints one as it is made, with what is to be defined
 *
 * Without arguments, as a test, it takes 200 that are always the same and 100 of this minute.
 */
#include "tests/fuzz/policy_trial.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void try_seed(uint64_t seed, bool show, struct trial_counts *counts)
{
	struct dice dice = dice_of_seed(seed);
	struct random_policy policy;
	struct arena arena;

	if (arena_init(&arena))
		abort();
	random_policy_make(&arena, &dice, &policy);
	if (show) {
		fputs(policy.text.bytes, stdout);
		for (size_t i = 0; i < policy.definition_count; i++)
			printf("# -D %s=%s\n", policy.definitions[i].name,
			       policy.definitions[i].value);
	} else {
		policy_trial(&policy, &dice, counts);
	}
	text_release(&policy.text);
	arena_release(&arena);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* COUNT policies, or as many as can be begun within SECONDS. */
static void try_seeds(uint64_t seed, uint64_t count, double seconds, struct trial_counts *counts)
{
	double end = now() + seconds;

	printf("seeds from %" PRIu64 "\n", seed);
	fflush(stdout);
	for (uint64_t i = 0; i < count && now() < end; i++)
		try_seed(seed + i, false, counts);
}

static void report(const struct trial_counts *counts, double seconds)
{
	printf("%" PRIu64 " policies in %.0f s: %" PRIu64 " proved, %" PRIu64 " refused, %" PRIu64
	       " lines left out\n",
	       counts->policies, seconds, counts->proved, counts->refused, counts->dropped);
	for (int code = 0; code < DIAG_CODE_COUNT; code++)
		if (counts->refusals[code])
			printf("  refused [%s]: %" PRIu64 "\n",
			       diag_code_text((enum diag_code)code), counts->refusals[code]);
	printf("%" PRIu64 " filters of %" PRIu64 " instructions, %" PRIu64
	       " calls simulated, %" PRIu64 " expectations\n%" PRIu64 " tighter phases, %" PRIu64
	       " wider\npolicies for",
	       counts->filters, counts->instructions, counts->calls, counts->expectations,
	       counts->tighter, counts->wider);
	for (int abi = 0; abi < ABI_COUNT; abi++)
		printf(" %s: %" PRIu64 "%s", abi_get((enum abi_id)abi)->name, counts->abis[abi],
		       abi + 1 < ABI_COUNT ? "," : "\n");
}

int main(int argc, char **argv)
{
	struct trial_counts counts = {0};
	double started = now();
	bool timed = argc > 2 && !strcmp(argv[1], "--seconds");
	uint64_t seed = argc > 2 + timed ? strtoull(argv[2 + timed], NULL, 0) : 1;

	if (argc > 2 && !strcmp(argv[1], "--show")) {
		try_seed(seed, true, &counts);
		return 0;
	}
	if (timed) {
		try_seeds(seed, UINT64_MAX, strtod(argv[2], NULL), &counts);
	} else if (argc > 1) {
		try_seeds(seed, strtoull(argv[1], NULL, 0), 1e9, &counts);
	} else {
		try_seeds(1, 200, 1e9, &counts);
		try_seeds((uint64_t)time(NULL) / 60 * 1000, 100, 1e9, &counts);
	}
	report(&counts, now() - started);
	/* A generator that makes nothing but mistakes would show nothing. */
	return counts.proved * 2 < counts.policies;
}
