/* SPDX-License-Identifier: Apache-2.0 */
#include "policy-lang/phases.h"

static void gather(struct arena *arena, const struct stmt_list *list, struct phase_list *phases)
{
	for (size_t i = 0; i < list->items.count; i++) {
		const struct stmt *stmt = list->items.items[i];

		if (stmt->kind == STMT_PHASE)
			*VEC_PUSH(arena, &phases->items) = stmt;
		if (stmt->kind == STMT_INCLUDE && stmt->included)
			gather(arena, &stmt->included->statements, phases);
	}
}

struct phase_list phases_list(struct arena *arena, const struct policy_ast *ast)
{
	struct phase_list phases = {0};

	gather(arena, &ast->statements, &phases);
	return phases;
}

const char *phase_name(const struct stmt *phase)
{
	return phase ? phase->group.name.text : PHASE_START;
}
