/* SPDX-License-Identifier: Apache-2.0 */
/* Random rules: the same ones again from the same seed. */
#ifndef PALE_TESTS_LOTTERY_H
#define PALE_TESTS_LOTTERY_H

#include "compiler/resolve/ruleset.h"

struct lottery {
	uint64_t state;
	struct arena *arena;
};

uint32_t draw(struct lottery *lottery, uint32_t below);

/* Which words a policy tests. */
struct words {
	bool high; /* those that only a 64-bit ABI has come too */
	bool big_endian;
};

const struct condition *draw_condition(struct lottery *lottery, unsigned int depth,
				       const struct words *words);
/* PLAIN ones are those of which any two policies have some in common. */
seccomp_action draw_action(struct lottery *lottery, bool plain);

#endif
