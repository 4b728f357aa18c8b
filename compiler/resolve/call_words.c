/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/call_words.h"

#include "compiler/resolve/constant_expr.h"
#include "compiler/resolve/names.h"
#include "compiler/resolve/report.h"

#include <string.h>

static const char expect_prefix[] = "expect allow ";

/* The text becomes an expectation, whose grammar and constants are those that a call is read by. */
static const struct stmt *read_expectation(struct resolver *resolver, const char *text)
{
	const char *policy = arena_printf(resolver->arena, "%s%s;", expect_prefix, text);
	uint32_t length = (uint32_t)strlen(policy);
	uint32_t file = sources_add(resolver->sources, "call", policy, length);
	const struct span whole = {file, 0, length};
	unsigned int errors = resolver->diags->errors;
	const struct stmt *stmt;

	resolver->ast = policy_parse(resolver->arena, resolver->sources, file, resolver->diags);
	if (resolver->diags->errors > errors)
		return NULL;
	stmt = resolver->ast->statements.items.count == 1 ? resolver->ast->statements.items.items[0]
							  : NULL;
	if (!stmt || stmt->kind != STMT_EXPECT) {
		diag_error(resolver->diags, DIAG_SYNTAX, whole,
			   "this is no call with its arguments");
		return NULL;
	}
	return stmt;
}

/* Moves SPAN, in the expectation, to what the caller wrote of it, which is source CALL. */
static void move_span(struct span *span, uint32_t call, uint32_t length)
{
	uint32_t before = sizeof(expect_prefix) - 1;

	if (span->file + 1 != call)
		return;
	span->file = call;
	span->begin = span->begin < before ? 0 : span->begin - before;
	span->end = span->end < before ? 0 : span->end - before;
	if (span->begin > length)
		span->begin = length;
	if (span->end > length)
		span->end = length;
}

/* Shows the diagnostics from number FIRST on at what the caller wrote. */
static void move_reports(struct sources *sources, struct diags *diags, size_t first,
			 const char *text)
{
	uint32_t length = (uint32_t)strlen(text);
	uint32_t call = sources_add(sources, "call", text, length);

	for (size_t i = first; i < diags->list.count; i++) {
		struct diag *diag = diags->list.items[i];

		move_span(&diag->span, call, length);
		for (size_t j = 0; j < diag->notes.count; j++)
			move_span(&diag->notes.items[j].span, call, length);
	}
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
	call_id call = name_resolve_call(resolver, name, false);

	if (call == CALL_NONE)
		return CALL_NONE;
	if (call_number(call, resolver->abi->id) < 0) {
		resolver_error(resolver, DIAG_CALL_ABSENT, name->span, "%s has no call '%s'",
			       resolver->abi->name, name->text);
		return CALL_NONE;
	}
	return call;
}

static bool resolve_words(struct resolver *resolver, const struct stmt *stmt, uint32_t words[16])
{
	call_id call = find_call(resolver, &stmt->expect.call);
	enum abi_id abi = resolver->abi->id;
	unsigned int count;

	if (call == CALL_NONE)
		return false;
	call_args(call, abi, &count);
	if (stmt->expect.arguments.count > count) {
		resolver_error(resolver, DIAG_ARGUMENT_UNKNOWN,
			       stmt->expect.arguments.items[count]->span, "%s has %u argument%s",
			       call_get(call)->name, count, count == 1 ? "" : "s");
		return false;
	}
	memset(words, 0, 16 * sizeof(*words));
	words[0] = (uint32_t)call_number(call, abi);
	words[1] = resolver->abi->audit_arch;
	for (unsigned int i = 0; i < stmt->expect.arguments.count; i++)
		if (!place_value(resolver, call, i, stmt->expect.arguments.items[i], words))
			return false;
	return true;
}

bool call_words_read(struct arena *arena, struct sources *sources, struct diags *diags,
		     const struct abi *abi, const char *text, uint32_t words[16])
{
	struct policy_rules none = {.asked = ABI_BIT(abi->id)};
	struct resolver resolver = {
		.arena = arena, .sources = sources, .diags = diags, .abi = abi, .rules = &none};
	size_t reported = diags->list.count;
	const struct stmt *stmt = read_expectation(&resolver, text);
	bool good = stmt && resolve_words(&resolver, stmt, words);

	move_reports(sources, diags, reported, text);
	return good;
}
