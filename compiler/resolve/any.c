/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/any.h"

#include "compiler/resolve/difference.h"
#include "compiler/resolve/names.h"
#include "compiler/resolve/report.h"
#include "compiler/resolve/rule.h"
#include "compiler/resolve/where.h"

/* What the messages about one item have to say. */
struct any_summary {
	const char *hidden;         /* names of calls, with commas between them; or NULL */
	const char *left_out;       /* so too */
	const struct expr *missing; /* an argument that a member lacks */
	call_id lacking;            /* that member */
	call_id narrow; /* a member that has the argument in too few bits; or CALL_NONE */
	bool covered;   /* some member takes the condition */
};

static const char *name_list(struct resolver *resolver, const char *list, call_id call)
{
	if (!list)
		return call_get(call)->name;
	return arena_printf(resolver->arena, "%s, %s", list, call_get(call)->name);
}

static void resolve_member(struct resolver *resolver, const struct equivalent *equivalent,
			   const struct expr *where, struct any_summary *summary)
{
	struct group_member member = {.call = equivalent->call, .condition = condition_true()};
	int64_t number = call_number(equivalent->call, resolver->abi->id);
	const struct expr *missing = NULL;

	if (number < 0)
		return;
	member.number = (uint32_t)number;
	if (where)
		missing = where_missing_argument(resolver, equivalent->call, where);
	if (missing && equivalent->sight == EQUIVALENT_HIDDEN) {
		member.hidden = true;
		summary->hidden = name_list(resolver, summary->hidden, equivalent->call);
	} else if (missing) {
		summary->missing = missing;
		summary->lacking = equivalent->call;
		summary->left_out = name_list(resolver, summary->left_out, equivalent->call);
		return;
	} else if (where) {
		resolver->narrowed = false;
		member.condition = where_resolve(resolver, equivalent->call, where);
		summary->covered |= !resolver->narrowed;
		if (resolver->narrowed)
			summary->narrow = equivalent->call;
	}
	if (member.condition && member.condition->kind != CONDITION_FALSE)
		rule_emit(resolver, &member);
}

static void report_members(struct resolver *resolver, const struct rule_item *item,
			   const struct any_summary *summary, bool restricts)
{
	if (summary->left_out && resolver->group && !resolver->shipped)
		resolver->group->left_out = summary->left_out;
	if (resolver->shipped)
		return;
	if (summary->hidden && !summary->covered)
		resolver_warning(resolver, DIAG_EQUIVALENT, item->span,
				 "what this rule asks for can be seen in no form of the call: %s "
				 "gets ENOSYS, and there is nothing to fall back to",
				 summary->hidden);
	else if (summary->hidden)
		resolver_remark(resolver, DIAG_EQUIVALENT, item->span,
				"what this rule asks for cannot be seen in %s: denied with ENOSYS, "
				"so that libc falls back",
				summary->hidden);
	if (summary->left_out && restricts)
		resolver_warning(resolver, DIAG_EQUIVALENT, item->span,
				 "no argument '%s': this rule does not hold for %s",
				 summary->missing->text, summary->left_out);
	else if (summary->left_out)
		resolver_remark(resolver, DIAG_EQUIVALENT, item->span,
				"no argument '%s': this rule leaves out %s", summary->missing->text,
				summary->left_out);
}

void any_resolve(struct resolver *resolver, const struct rule_item *item, call_id call,
		 const struct expr *where, bool restricts)
{
	struct any_summary summary = {.narrow = CALL_NONE};
	unsigned int count;
	const struct equivalent *list = call_equivalents(call, resolver->abi->id, &count);
	const struct expr *raw = where ? where_find_register(resolver, call, where) : NULL;

	if (raw) {
		resolver_error(resolver, DIAG_ARGUMENT_UNKNOWN, raw->span,
			       "'%s' is another argument in each call that `any` stands for: "
			       "name the argument",
			       raw->text);
		return;
	}
	if (count == 0)
		difference_note_absent(resolver, call);
	if (count == 0 && !resolver->shipped)
		resolver_remark(resolver, DIAG_CALL_ABSENT, item->span,
				"there is neither %s nor an equivalent, which are left out",
				call_get(call)->name);
	resolver->one_of_any = true;
	for (unsigned int i = 0; i < count && !resolver->exhausted; i++)
		resolve_member(resolver, &list[i], where, &summary);
	resolver->one_of_any = false;
	/* Too wide for all of them is a mistake, which the last one shows. */
	if (summary.narrow != CALL_NONE && !summary.covered)
		where_resolve(resolver, summary.narrow, where);
	if (where && count > 0 && !summary.covered && summary.missing) {
		/* A condition that no member can take is a mistake, not a choice. */
		argument_report_unknown(
			resolver, call_number(call, resolver->abi->id) < 0 ? summary.lacking : call,
			summary.missing);
		return;
	}
	report_members(resolver, item, &summary, restricts);
}
