/* SPDX-License-Identifier: Apache-2.0 */
/* Actions as the kernel numbers them, and what holds for calls that no rule matches. */
#include "compiler/prove/reader.h"

#include "policy-lang/catalog/constant.h"

#include <linux/seccomp.h>
#include <string.h>

enum {
	ERRNO_MAX = 4095,
	DATA_MAX = 65535
};

/* The errno NAME on this ABI. */
static bool errno_by_name(struct reader *reader, const char *name, struct span span,
			  struct read_number *number)
{
	constant_id id = constant_find(name);

	if (id == CONSTANT_NONE || strcmp(constant_get(id)->family, "E") != 0)
		return reader_fail(reader, span, "no errno");
	return reader_constant(reader, name, span, number);
}

/* A name is one of the policy's numbers, or an errno. */
static bool errno_read(struct reader *reader, const struct expr *expr, struct read_number *number)
{
	struct read_scope scope = reader_scope(reader);
	const struct read_binding *binding = NULL;

	if (expr->kind == EXPR_NAME)
		binding = reader_binding(reader, scope, expr->text);
	if (binding && binding->kind == READ_WORD)
		return errno_by_name(reader, binding->word, expr->span, number);
	if (binding || expr->kind != EXPR_NAME)
		return reader_number(reader, scope, expr, number);
	return errno_by_name(reader, expr->text, expr->span, number);
}

static bool deny_read(struct reader *reader, const struct expr *expr, uint32_t *value)
{
	struct read_number number;

	if (!errno_read(reader, expr, &number))
		return false;
	if (number.negative || number.bits < 1 || number.bits > ERRNO_MAX)
		return reader_fail(reader, expr->span, "no errno");
	*value = SECCOMP_RET_ERRNO | (uint32_t)number.bits;
	return true;
}

static bool data_read(struct reader *reader, const struct expr *expr, uint32_t base,
		      uint32_t *value)
{
	struct read_number number;

	if (!reader_number(reader, reader_scope(reader), expr, &number))
		return false;
	if (number.negative || number.bits > DATA_MAX)
		return reader_fail(reader, expr->span, "a value above 65535");
	*value = base | (uint32_t)number.bits;
	return true;
}

bool reader_action(struct reader *reader, const struct ast_action *action, uint32_t *value)
{
	static const uint32_t plain[] = {
		[ACTION_ALLOW] = SECCOMP_RET_ALLOW,
		[ACTION_KILL_PROCESS] = SECCOMP_RET_KILL_PROCESS,
		[ACTION_KILL_THREAD] = SECCOMP_RET_KILL_THREAD,
		[ACTION_LOG] = SECCOMP_RET_LOG,
		[ACTION_NOTIFY] = SECCOMP_RET_USER_NOTIF,
	};

	switch (action->kind) {
	case ACTION_DENY:
		return deny_read(reader, action->value, value);
	case ACTION_TRAP:
		return data_read(reader, action->value, SECCOMP_RET_TRAP, value);
	case ACTION_TRACE:
		return data_read(reader, action->value, SECCOMP_RET_TRACE, value);
	default:
		*value = plain[action->kind];
		return true;
	}
}

bool reader_no_call(struct reader *reader, struct span span, uint32_t *value)
{
	struct read_number number;

	if (!errno_by_name(reader, "ENOSYS", span, &number))
		return false;
	*value = SECCOMP_RET_ERRNO | (uint32_t)number.bits;
	return true;
}

/* Takes what STMT says, unless it was said before in the same place: the policy, or its phase. */
bool reader_standing(struct reader *reader, const struct stmt *stmt)
{
	struct read_standing *standing =
		&reader->standing[stmt->kind == STMT_DEFAULT   ? READ_UNMATCHED
				  : stmt->kind == STMT_UNKNOWN ? READ_UNKNOWN
							       : READ_FOREIGN];
	const struct stmt **said = reader->inside ? &standing->of_phase : &standing->of_policy;

	if (*said)
		return reader_fail(reader, stmt->span, "what was said before");
	*said = stmt;
	return reader_action(reader, &stmt->action,
			     reader->inside ? &standing->phase_action : &standing->policy_action);
}

/* What is said of KIND, if anything is. */
static bool standing_said(const struct reader *reader, enum read_standing_kind kind,
			  uint32_t *action, struct span *span)
{
	const struct read_standing *standing = &reader->standing[kind];

	if (standing->of_phase) {
		*action = standing->phase_action;
		*span = standing->of_phase->span;
	} else if (standing->of_policy) {
		*action = standing->policy_action;
		*span = standing->of_policy->span;
	}
	return standing->of_phase || standing->of_policy;
}

bool reader_standing_finish(struct reader *reader, const struct policy_ast *ast)
{
	struct abi_reading *out = reader->out;

	if (!reader->standing[READ_UNMATCHED].of_policy)
		return reader_fail(reader, ast->statements.span, "no `default`");
	standing_said(reader, READ_UNMATCHED, &out->unmatched, &out->unmatched_span);
	if (!standing_said(reader, READ_FOREIGN, &out->foreign, &out->foreign_span))
		out->foreign = SECCOMP_RET_KILL_PROCESS;
	if (standing_said(reader, READ_UNKNOWN, &out->unknown, &out->unknown_span))
		return true;
	switch (out->unmatched & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ERRNO:
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_LOG:
		return reader_no_call(reader, ast->statements.span, &out->unknown);
	default:
		out->unknown = out->unmatched;
		return true;
	}
}
