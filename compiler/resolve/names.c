/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/names.h"

#include "compiler/resolve/difference.h"
#include "compiler/resolve/report.h"
#include "policy-lang/catalog/constant.h"

#include <string.h>

bool name_wants_guess(const struct resolver *resolver, const struct diag *diag)
{
	return diag && resolver->diags->errors <= DIAG_ERRORS_MAX &&
	       resolver->demoted <= DIAG_ERRORS_MAX;
}

static void guess_calls(struct word_guess *guess)
{
	for (size_t id = 0; id < call_count(); id++) {
		const struct call *call = call_get((call_id)id);

		word_guess_offer(guess, call->name);
		for (size_t i = 0; call->aliases && call->aliases[i]; i++)
			word_guess_offer(guess, call->aliases[i]);
	}
}

static void report_unknown_call(struct resolver *resolver, const struct ast_name *name)
{
	struct word_guess guess = {.word = name->text};
	struct diag *diag =
		resolver_error(resolver, DIAG_CALL_UNKNOWN, name->span,
			       "no kernel that pale knows has a system call '%s'", name->text);

	if (!name_wants_guess(resolver, diag))
		return;
	guess_calls(&guess);
	resolver_suggest(resolver, diag, guess.best);
	if (!guess.best)
		resolver_note(resolver, diag, (struct span){0},
			      "where newer kernels have it, `optional %s` is no error", name->text);
}

call_id name_resolve_call(struct resolver *resolver, const struct ast_name *name, bool optional)
{
	call_id call = call_find(name->text);

	if (call != CALL_NONE && call_number(call, resolver->abi->id) >= 0)
		return call;
	if (call != CALL_NONE) {
		call_id synonym = call_find_synonym(call, resolver->abi->id);

		if (synonym == CALL_NONE)
			return call;
		call = synonym;
	} else {
		call = call_find_alias(name->text);
	}
	if (call != CALL_NONE)
		resolver_remark(resolver, DIAG_ALIAS, name->span, "the kernel calls '%s' %s",
				name->text, call_get(call)->name);
	else if (optional)
		resolver_remark(resolver, DIAG_CALL_UNKNOWN, name->span,
				"the catalogue has no '%s', which is optional", name->text);
	else
		report_unknown_call(resolver, name);
	return call;
}

bool argument_exists(const struct resolver *resolver, call_id call, const char *name)
{
	return call_arg_find(call, resolver->abi->id, name) >= 0;
}

int argument_register(const char *name)
{
	if (strncmp(name, "arg", 3) != 0 || name[3] < '0' || name[3] >= '0' + CALL_ARGS_MAX ||
	    name[4])
		return -1;
	return name[3] - '0';
}

static void note_arguments(struct resolver *resolver, call_id call, struct diag *diag)
{
	unsigned int count;
	const struct call_arg *args = call_args(call, resolver->abi->id, &count);
	const char *names = "";

	for (unsigned int i = 0; i < count; i++)
		names = arena_printf(resolver->arena, "%s%s%s", names, i ? ", " : "", args[i].name);
	if (count)
		resolver_note(resolver, diag, (struct span){0}, "its arguments are %s", names);
	else
		resolver_note(resolver, diag, (struct span){0}, "it has no arguments");
}

static void guess_arguments(const struct resolver *resolver, call_id call, struct word_guess *guess)
{
	unsigned int count;
	const struct call_arg *args = call_args(call, resolver->abi->id, &count);

	for (unsigned int i = 0; i < count; i++) {
		word_guess_offer(guess, args[i].name);
		if (args[i].kernel_name)
			word_guess_offer(guess, args[i].kernel_name);
	}
}

/* Whether the call's arguments on the ABI stand behind a pointer or a multiplexer. */
static bool is_hidden(const struct resolver *resolver, call_id call)
{
	unsigned int count;
	const struct equivalent *list = call_equivalents(call, resolver->abi->id, &count);

	for (unsigned int i = 0; i < count; i++)
		if (list[i].call == call)
			return list[i].sight == EQUIVALENT_HIDDEN;
	return false;
}

/* Whether `any` has another call for what NAME asks of CALL. */
static bool has_fallback(const struct resolver *resolver, call_id call, const char *name)
{
	unsigned int count;
	const struct equivalent *list = call_equivalents(call, resolver->abi->id, &count);

	for (unsigned int i = 0; i < count; i++)
		if (call_arg_find(list[i].call, resolver->abi->id, name) >= 0)
			return true;
	return false;
}

/* The call has the argument on this ABI, but struct seccomp_data does not. */
static void report_hidden(struct resolver *resolver, call_id call, const struct expr *name)
{
	unsigned int count;
	const struct call_arg *args = call_args(call, resolver->abi->id, &count);
	bool behind = count == 1 && args[0].kind == ARG_POINTER;
	struct diag *diag;

	difference_note_hidden(resolver, call, name->text);
	diag = resolver_error(resolver, DIAG_ARGUMENT_HIDDEN, name->span,
			      "a filter cannot see '%s' of %s", name->text, call_get(call)->name);

	resolver_note(resolver, diag, (struct span){0},
		      behind ? "it is passed in memory, behind a pointer, and memory can change"
			     : "it is passed in a seventh register, and a filter is shown six");
	resolver_note(resolver, diag, (struct span){0},
		      has_fallback(resolver, call, name->text)
			      ? "`any` denies what hides its arguments and asks its equivalents"
			      : "write the rule under `when arch`, without this condition here");
}

void argument_report_unknown(struct resolver *resolver, call_id call, const struct expr *name)
{
	struct word_guess guess = {.word = name->text};
	struct diag *diag;

	if (call_arg_is_hidden(call, resolver->abi->id, name->text)) {
		report_hidden(resolver, call, name);
		return;
	}
	diag = resolver_error(resolver, DIAG_ARGUMENT_UNKNOWN, name->span,
			      "%s has no argument '%s'", call_get(call)->name, name->text);
	if (!name_wants_guess(resolver, diag))
		return;
	guess_arguments(resolver, call, &guess);
	resolver_suggest(resolver, diag, guess.best);
	note_arguments(resolver, call, diag);
	if (is_hidden(resolver, call))
		resolver_note(resolver, diag, (struct span){0},
			      "`any` denies what hides its arguments and asks its equivalents");
	else if (constant_find(name->text) != CONSTANT_NONE)
		resolver_note(resolver, diag, (struct span){0},
			      "the argument goes to the left, the constant to the right");
}

static void guess_constants(struct word_guess *guess)
{
	for (size_t id = 0; id < constant_count(); id++)
		word_guess_offer(guess, constant_get((constant_id)id)->name);
}

static void guess_bindings(const struct scope *scope, bool group, struct word_guess *guess)
{
	for (const struct binding *at = scope->newest; at; at = at->older)
		if ((at->kind == BINDING_GROUP) == group)
			word_guess_offer(guess, at->name);
}

void name_report_unknown(struct resolver *resolver, call_id call, const struct expr *name)
{
	struct word_guess guess = {.word = name->text};
	struct diag *diag;

	if (name_report_early(resolver, name->span, name->text, false))
		return;
	diag = resolver_error(resolver, DIAG_CONSTANT_UNKNOWN, name->span,
			      "neither the policy nor the kernel gives '%s' a value", name->text);
	if (!name_wants_guess(resolver, diag))
		return;
	guess_bindings(&resolver->scope, false, &guess);
	if (call != CALL_NONE)
		guess_arguments(resolver, call, &guess);
	guess_constants(&guess);
	resolver_suggest(resolver, diag, guess.best);
}

static const struct ast_name *find_definition(const struct stmt_list *list, const char *name,
					      bool group);

/* The name that the statement, or one inside it, gives. */
static const struct ast_name *definition_in(const struct stmt *stmt, const char *name, bool group)
{
	const struct ast_name *found = NULL;

	switch (stmt->kind) {
	case STMT_LET:
	case STMT_PARAM:
		return !group && strcmp(stmt->let.name.text, name) == 0 ? &stmt->let.name : NULL;
	case STMT_GROUP:
		return group && strcmp(stmt->group.name.text, name) == 0 ? &stmt->group.name : NULL;
	case STMT_WHEN:
		found = find_definition(&stmt->when.then, name, group);
		if (!found && stmt->when.has_otherwise)
			found = find_definition(&stmt->when.otherwise, name, group);
		return found;
	case STMT_INCLUDE:
		return stmt->included ? find_definition(&stmt->included->statements, name, group)
				      : NULL;
	default:
		return NULL;
	}
}

static const struct ast_name *find_definition(const struct stmt_list *list, const char *name,
					      bool group)
{
	for (size_t i = 0; i < list->items.count; i++) {
		const struct ast_name *found = definition_in(list->items.items[i], name, group);

		if (found)
			return found;
	}
	return NULL;
}

bool name_report_early(struct resolver *resolver, struct span use, const char *name, bool group)
{
	const struct ast_name *found;
	struct diag *diag;

	if (resolver->shipped || resolver->diags->errors > DIAG_ERRORS_MAX)
		return false;
	found = find_definition(&resolver->ast->statements, name, group);
	if (!found)
		return false;
	diag = resolver_error(resolver, DIAG_UNDEFINED, use, "'%s%s' is not defined at this place",
			      group ? "@" : "", name);
	resolver_note(resolver, diag, found->span,
		      "this defines it: from here to the end of its block");
	return true;
}
