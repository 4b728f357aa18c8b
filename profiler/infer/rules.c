/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls are taken in the order of how many equivalents they have, so that the one that stands for
 * most others comes first. In a balanced policy the equivalents join it in one `any`, where that
 * gives a program nothing but another spelling: either none of them has an argument with
 * authority, or all have the same ones, and one condition holds for all.
 */
#include "profiler/infer/rules.h"

#include "profiler/infer/authority.h"
#include "profiler/infer/drafting.h"

#include <linux/sched.h>
#include <stdlib.h>
#include <string.h>

struct family drafting_family(const struct drafting *drafting, call_id call)
{
	struct family family;

	family.members = call_equivalents(call, drafting->abi, &family.count);
	return family;
}

const struct observed_call *drafting_observed(const struct drafting *drafting, call_id call)
{
	return observations_find(drafting->request->observations, drafting->abi, call);
}

static bool has_authority(const struct drafting *drafting, call_id call)
{
	unsigned int count;
	const struct call_arg *args = call_args(call, drafting->abi, &count);

	for (unsigned int i = 0; i < count; i++)
		if (arg_has_authority(call, &args[i]))
			return true;
	return false;
}

static struct draft_rule *draft_add(struct drafting *drafting, call_id call)
{
	struct draft_rule *draft = arena_alloc(drafting->arena, sizeof(*draft));

	draft->abi = drafting->abi;
	draft->call = call;
	draft->where_text = "";
	*VEC_PUSH(drafting->arena, drafting->drafts) = draft;
	return draft;
}

static void draft_note(struct drafting *drafting, struct draft_rule *draft, const char *note)
{
	*VEC_PUSH(drafting->arena, &draft->notes) = note;
}

static void draft_cover(struct drafting *drafting, struct draft_rule *draft,
			const struct observed_call *call)
{
	drafting->covered[call->call] = true;
	*VEC_PUSH(drafting->arena, &draft->evidence) = call;
}

void draft_set_condition(struct drafting *drafting, struct draft_rule *draft, struct expr *where)
{
	struct text text = {0};

	draft->where = where;
	if (!where)
		return;
	ast_print_expr(where, &text);
	draft->where_text = arena_copy(drafting->arena, text.bytes ? text.bytes : "", text.length);
	text_release(&text);
}

static bool is_hidden(const struct family *family, call_id call)
{
	for (unsigned int i = 0; i < family->count; i++)
		if (family->members[i].call == call)
			return family->members[i].sight == EQUIVALENT_HIDDEN;
	return false;
}

static void note_saturation(struct drafting *drafting, struct draft_rule *draft)
{
	const char *name = call_get(draft->call)->name;

	draft_note(drafting, draft,
		   arena_printf(drafting->arena, "more than %d combinations of values were seen",
				RECORDING_TUPLES_MAX));
	diag_warning(drafting->request->diags, DIAG_RECORDING, (struct span){0},
		     "%s was seen with more than %d combinations of values: its rule is wider than "
		     "what was seen",
		     name, RECORDING_TUPLES_MAX);
}

/* A rule for CALL alone. */
static void draft_single(struct drafting *drafting, const struct observed_call *call)
{
	struct draft_rule *draft = draft_add(drafting, call->call);
	struct family family = drafting_family(drafting, call->call);
	struct infer_table table;

	draft_cover(drafting, draft, call);
	infer_table_begin(&table, call->call, drafting->abi, drafting->request->detail);
	if (table.column_count == 0) {
		if (drafting->request->detail != INFER_NAMES_ONLY &&
		    is_hidden(&family, call->call) && family.count > 1)
			draft_note(drafting, draft,
				   "its flags stand behind a pointer, where no filter sees them");
		return;
	}
	if (!infer_table_add(drafting->arena, &table, call)) {
		draft_note(drafting, draft,
			   "recorded without the arguments that could restrain it");
		diag_warning(drafting->request->diags, DIAG_RECORDING, (struct span){0},
			     "%s was recorded without the arguments that could restrain it",
			     call_get(call->call)->name);
		return;
	}
	draft_set_condition(drafting, draft,
			    infer_condition(drafting->arena, &table, drafting->request->detail));
	if (table.saturated)
		note_saturation(drafting, draft);
}

static void cover_family(struct drafting *drafting, struct draft_rule *draft,
			 const struct family *family)
{
	for (unsigned int i = 0; i < family->count; i++) {
		const struct observed_call *call =
			drafting_observed(drafting, family->members[i].call);

		if (call && !drafting->covered[call->call])
			draft_cover(drafting, draft, call);
	}
}

/* `any CALL`, where no equivalent has an argument with authority. */
static bool draft_plain_family(struct drafting *drafting, const struct observed_call *call)
{
	struct family family = drafting_family(drafting, call->call);
	struct draft_rule *draft;

	for (unsigned int i = 0; i < family.count; i++)
		if (has_authority(drafting, family.members[i].call))
			return false;
	draft = draft_add(drafting, call->call);
	draft->any = family.count > 1;
	cover_family(drafting, draft, &family);
	for (unsigned int i = 0; i < family.count; i++)
		drafting->covered[family.members[i].call] = true;
	return true;
}

/*
 * Whether libc makes the same with clone when clone3 answers ENOSYS. It drops
 * CLONE_CLEAR_SIGHAND, which only saves work, and cannot do without the other flags above 32 bits
 * (CLONE_INTO_CGROUP) or a chosen pid.
 */
static bool can_fall_back(const struct observed_call *call)
{
	if (strcmp(call_get(call->call)->name, "clone3") != 0 || call->saturated || call->deep ||
	    call->behind.count == 0)
		return false;
	for (size_t i = 0; i < call->behind.count; i++)
		if (call->behind.items[i].values[0] & ~(UINT32_MAX | CLONE_CLEAR_SIGHAND))
			return false;
	return true;
}

/* The member that `any` is to name: one whose arguments are seen, CALL itself if it can be. */
static call_id family_head(const struct drafting *drafting, const struct family *family,
			   call_id call)
{
	if (!is_hidden(family, call))
		return has_authority(drafting, call) ? call : CALL_NONE;
	for (unsigned int i = 0; i < family->count; i++)
		if (family->members[i].sight == EQUIVALENT_PLAIN &&
		    has_authority(drafting, family->members[i].call))
			return family->members[i].call;
	return CALL_NONE;
}

/* All that was seen of the family in one table; false where one condition cannot hold for all. */
bool drafting_gather_family(struct drafting *drafting, const struct family *family,
			    struct infer_table *table)
{
	for (unsigned int i = 0; i < family->count; i++) {
		const struct equivalent *member = &family->members[i];
		const struct observed_call *call = drafting_observed(drafting, member->call);

		if (member->sight == EQUIVALENT_HIDDEN) {
			if (observed_call_is_seen(call)) {
				if (!can_fall_back(call))
					return false;
				infer_table_add_behind(drafting->arena, table, call);
			}
			continue;
		}
		if (!has_authority(drafting, member->call))
			continue;
		if (!infer_table_fits(table, member->call, drafting->abi) ||
		    (call && !infer_table_add(drafting->arena, table, call)))
			return false;
	}
	return true;
}

/* CLONE_CLEAR_SIGHAND and above are nothing that clone takes. */
void drafting_narrow_to_clone(struct infer_table *table, call_id head)
{
	if (strcmp(call_get(head)->name, "clone") != 0)
		return;
	for (size_t i = 0; i < table->rows.count; i++)
		table->rows.items[i].values[0] &= UINT32_MAX;
	table->some[0] &= UINT32_MAX;
}

bool drafting_table_forks(const struct infer_table *table)
{
	for (size_t i = 0; i < table->rows.count; i++)
		if (!(table->rows.items[i].values[0] & CLONE_THREAD))
			return true;
	return false;
}

/*
 * fork and vfork do what a clone without threads does, and which of them is taken is libc's to
 * say; without flags, no condition on clone's covers them.
 */
static void draft_other_forks(struct drafting *drafting, call_id head,
			      const struct infer_table *table)
{
	static const char *const names[] = {"fork", "vfork"};

	if (drafting->request->widen < INFER_WIDEN_EQUIVALENTS ||
	    strcmp(call_get(head)->name, "clone") != 0 || !drafting_table_forks(table))
		return;
	for (size_t i = 0; i < 2; i++) {
		call_id call = call_find(names[i]);
		const struct observed_call *seen = drafting_observed(drafting, call);
		struct draft_rule *draft;

		if (drafting->covered[call] || call_number(call, drafting->abi) < 0)
			continue;
		draft = draft_add(drafting, call);
		draft->forks = true;
		if (seen)
			draft_cover(drafting, draft, seen);
		else
			draft->companion = true;
		drafting->covered[call] = true;
	}
}

/* `any CALL where ...`, where the arguments with authority have the same names throughout. */
static bool draft_conditional_family(struct drafting *drafting, const struct observed_call *call)
{
	struct family family = drafting_family(drafting, call->call);
	call_id head = family_head(drafting, &family, call->call);
	struct infer_table table;
	struct draft_rule *draft;
	struct expr *where;

	if (family.count < 2 || head == CALL_NONE)
		return false;
	infer_table_begin(&table, head, drafting->abi, drafting->request->detail);
	if (!drafting_gather_family(drafting, &family, &table))
		return false;
	drafting_narrow_to_clone(&table, head);
	where = infer_condition(drafting->arena, &table, drafting->request->detail);
	if (!where)
		return false;
	draft = draft_add(drafting, head);
	draft->any = true;
	draft_set_condition(drafting, draft, where);
	if (table.saturated)
		note_saturation(drafting, draft);
	for (unsigned int i = 0; i < family.count; i++) {
		const struct observed_call *member =
			drafting_observed(drafting, family.members[i].call);

		if (!member || drafting->covered[member->call])
			continue;
		if (family.members[i].sight == EQUIVALENT_HIDDEN) {
			draft_note(drafting, draft,
				   arena_printf(drafting->arena,
						"%s gets ENOSYS, since its flags stand behind a "
						"pointer: libc then takes another",
						call_get(member->call)->name));
			draft_cover(drafting, draft, member);
		} else if (has_authority(drafting, member->call)) {
			draft_cover(drafting, draft, member);
		}
	}
	draft_other_forks(drafting, head, &table);
	return true;
}

/* The kernel had no such call: a program that was told so has gone another way. */
static void draft_absent(struct drafting *drafting, const struct observed_call *call)
{
	struct draft_rule *draft;

	if (!call->count || call->absent < call->count)
		return;
	drafting->covered[call->call] = true;
	/* `unknown deny ENOSYS` holds for what is newer than the baseline. */
	if ((uint32_t)call_number(call->call, drafting->abi) >
	    call_highest(drafting->abi, drafting->request->baseline))
		return;
	draft = draft_add(drafting, call->call);
	draft->action = DRAFT_ABSENT;
	draft_cover(drafting, draft, call);
	draft_note(drafting, draft, "the recording kernel had no such call");
}

/*
 * Whether CALL may stand for its equivalents. Without widening, and exactly, only clone3 does that:
 * clone is what it falls back to at each level, or a wider one would take clone3 away. To allow clone3
 * itself is to allow new namespaces, which no run has shown.
 */
static bool may_stand_for_others(const struct drafting *drafting, const struct observed_call *call)
{
	const struct observed_call *clone3 = drafting_observed(drafting, call_find("clone3"));
	const char *name = call_get(call->call)->name;

	if (drafting->request->detail == INFER_BALANCED &&
	    drafting->request->widen >= INFER_WIDEN_EQUIVALENTS)
		return true;
	return (strcmp(name, "clone") == 0 || strcmp(name, "clone3") == 0) &&
	       observed_call_is_seen(clone3);
}

static void draft_call(struct drafting *drafting, const struct observed_call *call)
{
	enum infer_detail detail = drafting->request->detail;

	if (drafting->covered[call->call])
		return;
	if (detail == INFER_NAMES_ONLY && draft_plain_family(drafting, call))
		return;
	if (detail != INFER_NAMES_ONLY && may_stand_for_others(drafting, call) &&
	    (draft_plain_family(drafting, call) || draft_conditional_family(drafting, call)))
		return;
	draft_single(drafting, call);
}

/* Whether `any CALL` gives nothing but another spelling: then it covers its equivalents. */
static bool is_plain_family(const struct drafting *drafting, const struct family *family)
{
	for (unsigned int i = 0; i < family->count; i++)
		if (family->members[i].sight == EQUIVALENT_HIDDEN ||
		    has_authority(drafting, family->members[i].call))
			return false;
	return family->count > 1;
}

static void draft_companion(struct drafting *drafting, call_id call, bool widened)
{
	struct family family = drafting_family(drafting, call);
	struct draft_rule *draft;

	if (drafting->covered[call] || call_number(call, drafting->abi) < 0)
		return;
	draft = draft_add(drafting, call);
	draft->companion = true;
	draft->widened = widened;
	draft->any = is_plain_family(drafting, &family);
	for (unsigned int i = 0; draft->any && i < family.count; i++)
		drafting->covered[family.members[i].call] = true;
	drafting->covered[call] = true;
}

static void draft_companions(struct drafting *drafting)
{
	const struct draft_request *request = drafting->request;
	const struct companion_class *class;

	for (size_t i = 0; (class = companion_class(i)) != NULL; i++) {
		if (class->level > request->widen ||
		    !companion_class_is_triggered(class, request->observations, drafting->abi))
			continue;
		for (const char *const *name = class->names; *name; name++)
			draft_companion(drafting, call_find(*name),
					class->level > INFER_WIDEN_EQUIVALENTS);
	}
}

/* How often the call was seen on all ABIs: the order must not hang on one. */
static uint64_t total_count(const struct drafting *drafting, call_id call)
{
	uint64_t total = 0;

	for (int abi = 0; abi < ABI_COUNT; abi++) {
		const struct observed_call *seen =
			observations_find(drafting->request->observations, (enum abi_id)abi, call);

		if (seen)
			total = count_add(total, seen->count);
	}
	return total;
}

struct ranked_call {
	const struct observed_call *call;
	unsigned int equivalents;
	uint64_t total;
};

static int order_ranks(const void *left, const void *right)
{
	const struct ranked_call *a = left, *b = right;

	if (a->equivalents != b->equivalents)
		return a->equivalents > b->equivalents ? -1 : 1;
	if (a->total != b->total)
		return a->total > b->total ? -1 : 1;
	return (a->call->call > b->call->call) - (a->call->call < b->call->call);
}

static int order_drafts(const void *left, const void *right)
{
	const struct draft_rule *a = *(struct draft_rule *const *)left;
	const struct draft_rule *b = *(struct draft_rule *const *)right;

	return (a->call > b->call) - (a->call < b->call);
}

void infer_draft_rules(const struct draft_request *request, enum abi_id abi, draft_list *drafts)
{
	const struct observations *observations = request->observations;
	struct drafting drafting = {.request = request, .arena = request->arena, .abi = abi};
	size_t first = drafts->count, count = 0;
	struct ranked_call *ranks =
		arena_alloc_array(request->arena, observations->calls.count + 1, sizeof(*ranks));

	drafting.drafts = drafts;
	drafting.covered = arena_alloc_array(request->arena, call_count(), sizeof(bool));
	for (size_t i = 0; i < observations->calls.count; i++) {
		const struct observed_call *call = observations->calls.items[i];

		if (call->abi != abi)
			continue;
		ranks[count++] =
			(struct ranked_call){call, drafting_family(&drafting, call->call).count,
					     total_count(&drafting, call->call)};
	}
	qsort(ranks, count, sizeof(*ranks), order_ranks);
	/* Before others can stand for them. */
	for (size_t i = 0; i < count; i++)
		draft_absent(&drafting, ranks[i].call);
	for (size_t i = 0; i < count; i++)
		draft_call(&drafting, ranks[i].call);
	if (request->detail == INFER_BALANCED)
		draft_companions(&drafting);
	if (drafts->count > first)
		qsort(drafts->items + first, drafts->count - first, sizeof(*drafts->items),
		      order_drafts);
}
