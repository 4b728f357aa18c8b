/* SPDX-License-Identifier: Apache-2.0 */
/* A valid policy that is made of the input's bytes: see policy_trial.h for what must hold. */
#include "tests/fuzz/policy_trial.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dice dice = dice_of_bytes(data, size);
	struct trial_counts counts = {0};
	struct random_policy policy;
	struct arena arena;

	if (arena_init(&arena))
		abort();
	random_policy_make(&arena, &dice, &policy);
	policy_trial(&policy, &dice, &counts);
	text_release(&policy.text);
	arena_release(&arena);
	return 0;
}
