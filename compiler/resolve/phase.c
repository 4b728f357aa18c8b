/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/phase.h"

#include "compiler/resolve/report.h"
#include "policy-lang/phases.h"

#include <string.h>

static void check_name(struct resolver *resolver, const struct phase_list *phases, size_t index)
{
	const struct ast_name *name = &phases->items.items[index]->group.name;
	struct diag *diag;

	if (!strcmp(name->text, PHASE_START)) {
		diag = resolver_error(resolver, DIAG_DUPLICATE, name->span,
				      "no phase can be called '%s'", name->text);
		resolver_note(resolver, diag, (struct span){0},
			      "that is the first one, which stands outside of phases");
	}
	if (strlen(name->text) > PHASE_NAME_MAX)
		resolver_error(resolver, DIAG_LIMIT, name->span,
			       "the name of a phase has %d letters at most", PHASE_NAME_MAX);
	for (size_t i = 0; i < index; i++) {
		const struct ast_name *other = &phases->items.items[i]->group.name;

		if (strcmp(other->text, name->text) != 0)
			continue;
		diag = resolver_error(resolver, DIAG_DUPLICATE, name->span,
				      "there is a phase '%s' already", name->text);
		resolver_note(resolver, diag, other->span, "here");
		return;
	}
}

void phases_check(struct resolver *resolver)
{
	struct phase_list phases = phases_list(resolver->arena, resolver->ast);

	if (phases.items.count > PHASES_MAX)
		resolver_error(resolver, DIAG_LIMIT,
			       phases.items.items[PHASES_MAX]->group.name.span,
			       "a policy has %d phases at most besides the first", PHASES_MAX);
	for (size_t i = 0; i < phases.items.count && i <= PHASES_MAX; i++)
		check_name(resolver, &phases, i);
}
