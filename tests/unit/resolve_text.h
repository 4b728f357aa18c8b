/* SPDX-License-Identifier: Apache-2.0 */
/* For tests: a policy text, resolved. */
#ifndef PALE_TESTS_RESOLVE_TEXT_H
#define PALE_TESTS_RESOLVE_TEXT_H

#include "compiler/resolve/resolve.h"

struct resolved {
	struct arena arena;
	struct sources sources;
	struct library library;
	struct diags diags;
	const struct policy_rules *rules;
};

/* Parses and resolves TEXT for ABIS. The test looks at diags.errors. */
static inline void resolved_init(struct resolved *resolved, abi_set abis, const char *text)
{
	struct resolve_options options = {.abis = abis};
	uint32_t file, length = 0;

	*resolved = (struct resolved){0};
	if (arena_init(&resolved->arena))
		return;
	while (text[length])
		length++;
	resolved->sources.arena = &resolved->arena;
	resolved->diags.arena = &resolved->arena;
	resolved->diags.sources = &resolved->sources;
	file = sources_add(&resolved->sources, "test.pale", text, length);
	resolved->rules = policy_resolve(
		&resolved->arena, &resolved->sources, &resolved->library,
		policy_parse(&resolved->arena, &resolved->sources, file, &resolved->diags),
		&options, &resolved->diags);
}

static inline void resolved_release(struct resolved *resolved)
{
	arena_release(&resolved->arena);
}

#endif
