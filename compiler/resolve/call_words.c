/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/call_words.h"

#include "compiler/resolve/constant_expr.h"
#include "compiler/resolve/report.h"

#include <string.h>

/* The text becomes an expectation, whose grammar and constants are those that a call is read by. */
static const struct stmt *read_expectation(struct arena *arena, struct sources *sources,
					   struct diags *diags, const char *text)
{
	const char *policy = arena_printf(arena, "expect allow %s;", text);
	unsigned int errors = diags->errors;
	uint32_t file = sources_add(sources, "call", policy, (uint32_t)strlen(policy));
	const struct span whole = {file, 0, (uint32_t)strlen(policy)};
	const struct policy_ast *ast = policy_parse(arena, sources, file, diags);
	const struct stmt *stmt;

	if (diags->errors > errors)
		return NULL;
	stmt = ast->statements.items.count == 1 ? ast->statements.items.items[0] : NULL;
	if (!stmt || stmt->kind != STMT_EXPECT) {
		diag_error(diags, DIAG_SYNTAX, whole, "this is no call with its arguments");
		return NULL;
	}
	return stmt;
}

/* Writes VALUE where the kernel's entry for the ABI reads argument INDEX. */
static bool place_value(struct resolver *resolver, call_id call, unsigned int index,
			const struct expr *expr, uint32_t words[16])
{
	struct arg_place place = call_arg_place(call, resolver->abi->id, index);
	struct number number;
	uint64_t bits;

	if (expr->kind == EXPR_WILDCARD)
		return true;
	if (!constant_number(resolver, call, expr, &number))
		return false;
	if (!number_has_pattern(number, place.bits)) {
		resolver_error(resolver, DIAG_ACTION_VALUE, expr->span,
			       "this does not fit into the %u bits of the argument", place.bits);
		return false;
	}
	bits = number.bits & number_ones(place.bits);
	words[abi_word_low(resolver->abi, place.low) / 4] = (uint32_t)bits;
	if (place.split)
		words[abi_word_low(resolver->abi, place.high) / 4] = (uint32_t)(bits >> 32);
	else if (resolver->abi->long_bits == 64)
		words[abi_word_high(resolver->abi, place.low) / 4] = (uint32_t)(bits >> 32);
	return true;
}

static call_id find_call(struct resolver *resolver, const struct ast_name *name)
{
	call_id call = call_find(name->text);

	if (call == CALL_NONE)
		call = call_find_alias(name->text);
	if (call == CALL_NONE) {
		resolver_error(resolver, DIAG_CALL_UNKNOWN, name->span, "there is no call '%s'",
			       name->text);
		return CALL_NONE;
	}
	if (call_number(call, resolver->abi->id) < 0) {
		resolver_error(resolver, DIAG_CALL_ABSENT, name->span, "%s has no call '%s'",
			       resolver->abi->name, name->text);
		return CALL_NONE;
	}
	return call;
}

bool call_words_read(struct arena *arena, struct sources *sources, struct diags *diags,
		     const struct abi *abi, const char *text, uint32_t words[16])
{
	const struct stmt *stmt = read_expectation(arena, sources, diags, text);
	struct resolver resolver = {.arena = arena, .sources = sources, .diags = diags, .abi = abi};
	unsigned int count;
	call_id call;

	if (!stmt)
		return false;
	call = find_call(&resolver, &stmt->expect.call);
	if (call == CALL_NONE)
		return false;
	call_args(call, abi->id, &count);
	if (stmt->expect.arguments.count > count) {
		resolver_error(&resolver, DIAG_ARGUMENT_UNKNOWN, stmt->span,
			       "%s has %u arguments on %s", call_get(call)->name, count, abi->name);
		return false;
	}
	memset(words, 0, 16 * sizeof(*words));
	words[0] = (uint32_t)call_number(call, abi->id);
	words[1] = abi->audit_arch;
	for (unsigned int i = 0; i < stmt->expect.arguments.count; i++)
		if (!place_value(&resolver, call, i, stmt->expect.arguments.items[i], words))
			return false;
	return true;
}
