/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any filter that seccomp takes: the simulator runs it, and where the prover can follow it, the diagram
 * that it makes of it has the simulator's answer for calls of the filter's own numbers.
 */
#include "compiler/prove/program.h"
#include "tests/fuzz/any_filter.h"
#include "tests/fuzz/random_calls.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	CALLS = 100,
	STEPS_MAX = 1 << 16, /* what takes more is refused, as it would be later */
	SIZE_MAX_TRIED = 4096,
};

static void check_calls(struct diagrams *diagrams, const struct filter *filter, bool read,
			diagram answer, struct dice *dice)
{
	struct random_calls calls = {.dice = dice, .diagrams = diagrams, .filter = filter};

	for (int i = 0; i < CALLS; i++) {
		uint32_t words[WORD_COUNT];
		struct filter_run run;

		random_call_near(&calls, words);
		run = filter_simulate(filter, words);
		if (run.executed > filter->count || run.last >= filter->count)
			abort();
		if (read && diagram_evaluate(diagrams, answer, words, NULL) != run.action)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dice dice = dice_of_seed(size);
	struct program_reading reading;
	struct diagrams diagrams;
	struct filter filter;
	struct arena arena;
	bool read;

	if (arena_init(&arena))
		abort();
	if (size <= SIZE_MAX_TRIED && any_filter_read(&arena, data, size, &filter)) {
		diagrams_init(&diagrams, &arena);
		diagrams.steps_max = STEPS_MAX;
		read = program_read(&arena, &diagrams, &filter, &reading);
		if (!read && !reading.refusal)
			abort();
		check_calls(&diagrams, &filter, read, reading.answer, &dice);
	}
	arena_release(&arena);
	return 0;
}
