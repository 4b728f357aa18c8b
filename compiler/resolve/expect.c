/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/expect.h"

#include "compiler/resolve/action.h"
#include "compiler/resolve/names.h"
#include "compiler/resolve/report.h"
#include "compiler/resolve/where.h"

/* The call is missing on the resolver's ABI: an expectation that no ABI tests proves nothing. */
static void report_absent(struct resolver *resolver, const struct stmt *stmt, call_id call)
{
	bool somewhere = false;

	for (unsigned int id = 0; id < ABI_COUNT; id++)
		somewhere = somewhere || (resolver->abis & ABI_BIT(id) &&
					  call_number(call, (enum abi_id)id) >= 0);
	if (somewhere)
		resolver_remark(resolver, DIAG_CALL_ABSENT, stmt->expect.call.span,
				"there is no %s, of which nothing is expected",
				call_get(call)->name);
	else
		resolver_warning(resolver, DIAG_CALL_ABSENT, stmt->expect.call.span,
				 "there is no %s, so that this expects nothing",
				 call_get(call)->name);
}

/* The arguments as written, as a condition; NULL where one is wrong. */
static const struct condition *resolve_arguments(struct resolver *resolver, const struct stmt *stmt,
						 call_id call)
{
	const struct condition *whole = condition_true();
	size_t given = stmt->expect.arguments.count;
	unsigned int count;
	bool good = true;

	call_args(call, resolver->abi->id, &count);
	if (given > count) {
		resolver_error(resolver, DIAG_ARGUMENT_UNKNOWN,
			       stmt->expect.arguments.items[count]->span, "%s has %u argument%s",
			       call_get(call)->name, count, count == 1 ? "" : "s");
		return NULL;
	}
	for (unsigned int i = 0; i < given; i++) {
		const struct condition *one =
			where_resolve_value(resolver, call, i, stmt->expect.arguments.items[i]);

		if (one)
			whole = condition_and(resolver->arena, whole, one, stmt->span);
		good = good && one;
	}
	return good ? whole : NULL;
}

void resolve_expect(struct resolver *resolver, const struct stmt *stmt)
{
	call_id call = name_resolve_call(resolver, &stmt->expect.call, false);
	const struct condition *condition;
	struct expectation *expectation;
	seccomp_action action;
	int64_t number;

	if (!action_resolve(resolver, &stmt->expect.action, &action) || call == CALL_NONE)
		return;
	number = call_number(call, resolver->abi->id);
	if (number < 0) {
		report_absent(resolver, stmt, call);
		return;
	}
	condition = resolve_arguments(resolver, stmt, call);
	if (!condition || resolver->untaken || !resolver_work(resolver, 1))
		return;
	expectation = VEC_PUSH(resolver->arena, &resolver->rules->expectations);
	expectation->abi = resolver->abi;
	expectation->number = (uint32_t)number;
	expectation->action = action;
	expectation->span = stmt->span;
	expectation->condition = condition;
}
