/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/action.h"

#include "compiler/resolve/constant_expr.h"
#include "compiler/resolve/names.h"
#include "compiler/resolve/report.h"
#include "policy-lang/catalog/constant.h"

#include <assert.h>
#include <linux/seccomp.h>
#include <string.h>

/* MAX_ERRNO of the kernel's <linux/err.h>: seccomp cuts what is above down to it. */
enum {
	ERRNO_MAX = 4095
};

static const char errno_family[] = "E";

static bool is_errno_name(const char *name)
{
	constant_id id = constant_find(name);

	return id != CONSTANT_NONE && strcmp(constant_get(id)->family, errno_family) == 0;
}

/* The name is no errno, nor one that the policy gives: says what it is, and what is near. */
static void report_no_errno(struct resolver *resolver, const struct expr *name)
{
	struct word_guess guess = {.word = name->text};
	struct diag *diag = resolver_error(resolver, DIAG_ACTION_VALUE, name->span,
					   "'%s' is no errno", name->text);
	const constant_id *errnos;
	unsigned int count;

	if (!name_wants_guess(resolver, diag))
		return;
	errnos = constant_family(errno_family, &count);
	for (unsigned int i = 0; i < count; i++)
		word_guess_offer(&guess, constant_get(errnos[i])->name);
	resolver_suggest(resolver, diag, guess.best);
}

static bool resolve_errno(struct resolver *resolver, const struct expr *value, uint32_t *data)
{
	struct number number;
	struct diag *diag;

	if (value->kind == EXPR_NAME && !is_errno_name(value->text) &&
	    !scope_find(&resolver->scope, value->text, false)) {
		report_no_errno(resolver, value);
		return false;
	}
	if (!constant_number(resolver, CALL_NONE, value, &number))
		return false;
	*data = (uint32_t)number.bits;
	if (!number.negative && number.bits >= 1 && number.bits <= ERRNO_MAX)
		return true;
	diag = resolver_error(resolver, DIAG_ACTION_VALUE, value->span,
			      "an errno is a name or 1 to %d", ERRNO_MAX);
	if (number_is_zero(number))
		resolver_note(resolver, diag, (struct span){0},
			      "with 0 the call would not be made and would seem to have worked");
	else
		resolver_note(resolver, diag, (struct span){0},
			      "the kernel would answer with another number");
	return false;
}

static bool resolve_data(struct resolver *resolver, const struct ast_action *action, uint32_t *data)
{
	struct number number;

	if (!constant_number(resolver, CALL_NONE, action->value, &number))
		return false;
	*data = (uint32_t)number.bits;
	if (!number.negative && number.bits <= SECCOMP_RET_DATA)
		return true;
	resolver_error(resolver, DIAG_ACTION_VALUE, action->value->span,
		       "the value of `%s` is 0 to %u",
		       action->kind == ACTION_TRAP ? "trap" : "trace", SECCOMP_RET_DATA);
	return false;
}

bool action_resolve(struct resolver *resolver, const struct ast_action *action,
		    seccomp_action *result)
{
	static const seccomp_action kinds[] = {
		[ACTION_ALLOW] = SECCOMP_RET_ALLOW,
		[ACTION_DENY] = SECCOMP_RET_ERRNO,
		[ACTION_KILL_PROCESS] = SECCOMP_RET_KILL_PROCESS,
		[ACTION_KILL_THREAD] = SECCOMP_RET_KILL_THREAD,
		[ACTION_TRAP] = SECCOMP_RET_TRAP,
		[ACTION_TRACE] = SECCOMP_RET_TRACE,
		[ACTION_LOG] = SECCOMP_RET_LOG,
		[ACTION_NOTIFY] = SECCOMP_RET_USER_NOTIF,
	};
	uint32_t data = 0;

	*result = kinds[action->kind];
	if (action->kind == ACTION_DENY && !resolve_errno(resolver, action->value, &data))
		return false;
	if ((action->kind == ACTION_TRAP || action->kind == ACTION_TRACE) &&
	    !resolve_data(resolver, action, &data))
		return false;
	*result |= data;
	return true;
}

seccomp_action action_absent(const struct resolver *resolver)
{
	uint64_t value = 0;
	bool known = constant_value(constant_find("ENOSYS"), resolver->abi->id, &value);

	assert(known);
	(void)known;
	return SECCOMP_RET_ERRNO | (uint32_t)value;
}

bool action_lets_through(seccomp_action action)
{
	uint32_t kind = action & SECCOMP_RET_ACTION_FULL;

	return kind == SECCOMP_RET_ALLOW || kind == SECCOMP_RET_LOG;
}
