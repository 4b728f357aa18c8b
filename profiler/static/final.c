/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls that never return: what stands behind them is padding, or another part of the function that
 * is come to from elsewhere, with other values in its registers.
 */
#include "profiler/static/reach.h"

/* Whether some instruction of BODY can lead out of it with a return, now or by another function. */
static bool leads_out(const struct body *body)
{
	for (size_t i = 0; i < body->operations.count; i++) {
		const struct operation *operation = &body->operations.items[i];

		if (operation->returns || operation->kind == OP_JUMP_SLOT ||
		    operation->kind == OP_JUMP_REGISTER ||
		    ((operation->kind == OP_JUMP || operation->kind == OP_BRANCH) &&
		     body_find(body, operation->value) == SIZE_MAX))
			return true;
	}
	return false;
}

static bool ask(struct reach *reach, uint32_t object, uint64_t address, bool *never)
{
	const struct object *of = reach->scope->objects.items[object];
	uint32_t index = reach_find(reach, object, address);
	struct reach_function *function;

	*never = false;
	if (index == REACH_NONE || reach->functions.items[index].gap)
		return true;
	function = &reach->functions.items[index];
	if (function->returns == RETURNS_UNASKED) {
		if (!body_read(reach->arena, &reach->decoder, of, function->body, &reach->callee))
			return false;
		function->returns = leads_out(&reach->callee) ? RETURNS_MAYBE : RETURNS_NEVER;
	}
	*never = function->returns == RETURNS_NEVER;
	return true;
}

/* What a stub or a slot leads to: the symbol's first definition. */
static bool ask_slot(struct reach *reach, uint32_t object, uint64_t slot, bool *never)
{
	const struct object *of = reach->scope->objects.items[object];
	size_t at = object_pointer_from(of, slot);
	const struct link_scope_symbol *symbol;
	const struct object *definer;

	*never = false;
	if (at >= of->pointers.count || of->pointers.items[at].place != slot ||
	    !of->pointers.items[at].symbol)
		return true;
	symbol = link_scope_find(reach->scope,
				 of->symbols.items[of->pointers.items[at].symbol].name);
	if (!symbol)
		return true;
	definer = reach->scope->objects.items[symbol->object];
	return ask(reach, symbol->object, definer->symbols.items[symbol->symbol].address, never);
}

bool reach_mark_final(struct reach *reach, uint32_t index)
{
	uint32_t object = reach->functions.items[index].object;
	const struct object *of = reach->scope->objects.items[object];

	for (size_t i = 0; i < reach->body.operations.count; i++) {
		struct operation *operation = &reach->body.operations.items[i];
		uint64_t slot = operation->kind == OP_CALL_SLOT ? operation->value : 0;
		bool good = true;

		if (operation->kind == OP_CALL)
			slot = body_stub_slot(&reach->decoder, of, operation->value);
		if (slot)
			good = ask_slot(reach, object, slot, &operation->final);
		else if (operation->kind == OP_CALL)
			good = ask(reach, object, operation->value, &operation->final);
		if (!good)
			return false;
	}
	return true;
}
