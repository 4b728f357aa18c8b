/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A rule of all observations, for some of them. It stays one of the same calls, and its condition is
 * inferred in the same way from fewer values. Sets of values split the same rows in the same order,
 * and masks have the same bits or fewer, so that what comes out allows no more. Where nothing can be
 * inferred, the condition stays as it is.
 */
#include "profiler/infer/drafting.h"

#include <string.h>

/* The calls behind DRAFT that are among the observations, into EVIDENCE of NARROW. */
static void take_evidence(const struct drafting *drafting, const struct draft_rule *draft,
			  struct draft_rule *narrow)
{
	narrow->evidence.items = NULL;
	narrow->evidence.count = narrow->evidence.capacity = 0;
	for (size_t i = 0; i < draft->evidence.count; i++) {
		const struct observed_call *call =
			drafting_observed(drafting, draft->evidence.items[i]->call);

		if (call)
			*VEC_PUSH(drafting->arena, &narrow->evidence) = call;
	}
}

/* The table of DRAFT's arguments; false where it cannot be had. */
static bool gather_table(struct drafting *drafting, const struct draft_rule *draft,
			 struct infer_table *table)
{
	struct family family = drafting_family(drafting, draft->call);

	infer_table_begin(table, draft->call, drafting->abi, drafting->request->detail);
	if (draft->any) {
		if (!drafting_gather_family(drafting, &family, table))
			return false;
		drafting_narrow_to_clone(table, draft->call);
		return true;
	}
	for (size_t i = 0; i < draft->evidence.count; i++)
		if (!infer_table_add(drafting->arena, table, draft->evidence.items[i]))
			return false;
	return true;
}

static void narrow_condition(struct drafting *drafting, struct draft_rule *draft)
{
	struct infer_table table;
	struct expr *where;

	if (!draft->where || !gather_table(drafting, draft, &table))
		return;
	where = infer_condition(drafting->arena, &table, drafting->request->detail);
	if (where)
		draft_set_condition(drafting, draft, where);
}

/* Whether a class that was seen has the call among its companions. */
static bool is_companion(const struct drafting *drafting, call_id call)
{
	const struct draft_request *request = drafting->request;
	const char *wanted = call_get(call)->name;
	const struct companion_class *class;

	if (request->detail != INFER_BALANCED)
		return false;
	for (size_t i = 0; (class = companion_class(i)) != NULL; i++) {
		if (class->level > request->widen ||
		    !companion_class_is_triggered(class, request->observations, drafting->abi))
			continue;
		for (const char *const *name = class->names; *name; name++)
			if (strcmp(*name, wanted) == 0)
				return true;
	}
	return false;
}

static bool saw_forks(struct drafting *drafting)
{
	struct family family = drafting_family(drafting, call_find("clone"));
	struct infer_table table;

	if (drafting->request->detail != INFER_BALANCED)
		return false;
	infer_table_begin(&table, call_find("clone"), drafting->abi, drafting->request->detail);
	return drafting_gather_family(drafting, &family, &table) && drafting_table_forks(&table);
}

static void narrow_rule(struct drafting *drafting, const struct draft_rule *draft)
{
	struct draft_rule *narrow = arena_alloc(drafting->arena, sizeof(*narrow));

	*narrow = *draft;
	take_evidence(drafting, draft, narrow);
	/* What the kernel lacks stays so, whatever else would allow it. */
	if (draft->action == DRAFT_ALLOW && !narrow->evidence.count) {
		if (draft->where ||
		    !(is_companion(drafting, draft->call) || (draft->forks && saw_forks(drafting))))
			return;
		narrow->companion = true;
	}
	narrow_condition(drafting, narrow);
	*VEC_PUSH(drafting->arena, drafting->drafts) = narrow;
}

void infer_narrow_rules(const struct draft_request *request, const draft_list *all,
			draft_list *drafts)
{
	struct drafting drafting = {.request = request, .arena = request->arena, .drafts = drafts};

	for (size_t i = 0; i < all->count; i++) {
		drafting.abi = all->items[i]->abi;
		narrow_rule(&drafting, all->items[i]);
	}
}
