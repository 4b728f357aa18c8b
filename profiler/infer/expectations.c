/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was seen, as expectations: each is proved whenever the policy is compiled, so that who changes
 * a rule later hears of it. Calls with conditions come first, then those that were seen most often.
 */
#include "profiler/infer/authority.h"
#include "profiler/infer/compose.h"
#include "profiler/infer/names.h"
#include "profiler/infer/statics.h"

#include <stdlib.h>
#include <string.h>

enum {
	CONDITIONAL_MAX = 20, /* of all ABIs together */
	PLAIN_MAX = 8,
	DENIED_MAX = 12,
	TUPLES_MAX = 2, /* of one call */
	BLOCK_INDENT = 8,
};

static const struct span nowhere;

/* Calls that reach into the kernel or other processes, the worst first. */
static const char *const dangerous[] = {
	"ptrace",
	"init_module",
	"kexec_load",
	"bpf",
	"mount",
	"process_vm_writev",
	"perf_event_open",
	"userfaultfd",
	"unshare",
	"setns",
	"keyctl",
	"add_key",
	"pivot_root",
	"finit_module",
	"delete_module",
	"reboot",
	"swapon",
	"umount2",
	"open_by_handle_at",
};

struct expectation {
	struct stmt *stmt;
	const char *text; /* of it, to compare */
	uint64_t count;
	bool conditional;
};
typedef VEC(struct expectation) expectation_list;

/* LEFT | RIGHT as people write it, where RIGHT is a chain itself. */
static struct expr *join(struct arena *arena, struct expr *left, struct expr *right)
{
	if (right->kind != EXPR_BINARY)
		return expr_new_binary(arena, EXPR_OP_BIT_OR, left, right, nowhere);
	return expr_new_binary(arena, EXPR_OP_BIT_OR, join(arena, left, right->left), right->right,
			       nowhere);
}

/* What of an argument's value is flags beside a value, by name: SOCK_STREAM | SOCK_CLOEXEC. */
static struct expr *name_argument(struct arena *arena, const struct infer_column *column,
				  uint64_t value)
{
	uint64_t ones = column->bits == 64 ? UINT64_MAX : ((uint64_t)1 << column->bits) - 1;
	struct expr *main;

	if (column->flags)
		return value && value != ones ? infer_name_flags(arena, column, value)
					      : infer_name_value(arena, column, value);
	if (!column->mask || !(value & ~column->mask))
		return infer_name_value(arena, column, value);
	main = infer_name_value(arena, column, value & column->mask);
	return join(arena, main, infer_name_flags(arena, column, value & ~(uint64_t)column->mask));
}

static bool is_bound(const struct composition *composition, const struct observed_call *call,
		     unsigned int index)
{
	unsigned int count;
	const struct call_arg *arg = &call_args(call->call, call->abi, &count)[index];

	if (arg->use == ARG_OPAQUE || arg->kind == ARG_POINTER || !(call->ruled >> index & 1))
		return false;
	return composition->options->detail == INFER_EXACT || arg_has_authority(call->call, arg);
}

/* Protocols have names of the internet's alone. */
static const char *argument_family(const struct call_arg *arg, const struct observed_tuple *tuple)
{
	enum {
		INET = 2,
		INET6 = 10
	};

	return strcmp(arg->name, "protocol") != 0 || tuple->values[0] == INET ||
			       tuple->values[0] == INET6
		       ? arg->family
		       : NULL;
}

static struct stmt *expect_new(const struct composition *composition, const char *call,
			       enum action_kind action)
{
	struct stmt *stmt = stmt_new(composition->arena, STMT_EXPECT, nowhere);

	stmt->expect.action.kind = action;
	if (action == ACTION_DENY)
		stmt->expect.action.value = expr_new_name(composition->arena, "EPERM", nowhere);
	stmt->expect.call.text = call;
	return stmt;
}

static void bind_arguments(const struct composition *composition, struct stmt *stmt,
			   const struct observed_call *call, const struct observed_tuple *tuple)
{
	struct arena *arena = composition->arena;
	unsigned int count, last = 0;
	const struct call_arg *args = call_args(call->call, call->abi, &count);

	for (unsigned int i = 0; i < count; i++)
		if (is_bound(composition, call, i))
			last = i + 1;
	stmt->expect.has_arguments = last > 0;
	for (unsigned int i = 0; i < last; i++) {
		struct arg_place place = call_arg_place(call->call, call->abi, i);
		struct infer_column column = {
			.name = args[i].name,
			.family = argument_family(&args[i], tuple),
			.mask = args[i].mask,
			.abi = call->abi,
			.bits = place.bits,
			.is_signed = place.is_signed,
			.flags = args[i].use == ARG_FLAGS,
		};
		struct expr *argument;

		if (is_bound(composition, call, i)) {
			argument = name_argument(arena, &column, tuple->values[i]);
		} else {
			argument = arena_alloc(arena, sizeof(*argument));
			argument->kind = EXPR_WILDCARD;
			argument->depth = 1;
		}
		*VEC_PUSH(arena, &stmt->expect.arguments) = argument;
	}
}

static const char *stmt_text(struct arena *arena, struct stmt *stmt)
{
	struct policy_ast one = {0};
	struct text text = {0};
	const char *copy;

	*VEC_PUSH(arena, &one.statements.items) = stmt;
	ast_print(&one, &text);
	copy = arena_copy(arena, text.bytes ? text.bytes : "", text.length);
	text_release(&text);
	return copy;
}

static void list_add(const struct composition *composition, expectation_list *list,
		     struct stmt *stmt, uint64_t count, bool conditional)
{
	const char *text = stmt_text(composition->arena, stmt);

	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].text, text) == 0)
			return;
	*VEC_PUSH(composition->arena, list) = (struct expectation){stmt, text, count, conditional};
}

static int order_tuples(const void *left, const void *right)
{
	const struct observed_tuple *a = left, *b = right;

	return a->count != b->count ? (a->count > b->count ? -1 : 1)
				    : memcmp(a->values, b->values, sizeof(a->values));
}

/* The values that were seen most often. */
static void expect_values(const struct composition *composition, expectation_list *list,
			  const struct observed_call *call)
{
	size_t count = call->tuples.count;
	struct observed_tuple *tuples =
		arena_alloc_array(composition->arena, count + 1, sizeof(*tuples));

	if (count)
		memcpy(tuples, call->tuples.items, count * sizeof(*tuples));
	qsort(tuples, count, sizeof(*tuples), order_tuples);
	for (size_t i = 0; i < count && i < TUPLES_MAX && tuples[i].count; i++) {
		struct stmt *stmt =
			expect_new(composition, call_get(call->call)->name, ACTION_ALLOW);

		bind_arguments(composition, stmt, call, &tuples[i]);
		list_add(composition, list, stmt, tuples[i].count, true);
	}
}

/* Whether `any` of DRAFT answers the call with ENOSYS, since its arguments are hidden. */
static bool is_put_off(const struct draft_rule *draft, const struct observed_call *call)
{
	unsigned int count;
	const struct equivalent *members = call_equivalents(draft->call, draft->abi, &count);

	for (unsigned int i = 0; draft->any && draft->where && i < count; i++)
		if (members[i].call == call->call)
			return members[i].sight == EQUIVALENT_HIDDEN;
	return false;
}

static void expect_draft(const struct composition *composition, expectation_list *list,
			 const struct draft_rule *draft)
{
	for (size_t i = 0; draft->action == DRAFT_ALLOW && i < draft->evidence.count; i++) {
		const struct observed_call *call = draft->evidence.items[i];

		if (!observed_call_is_seen(call) || is_put_off(draft, call))
			continue;
		if (draft->where)
			expect_values(composition, list, call);
		else
			list_add(composition, list,
				 expect_new(composition, call_get(call->call)->name, ACTION_ALLOW),
				 call->count, false);
	}
}

static int order_worth(const void *left, const void *right)
{
	const struct expectation *a = left, *b = right;

	if (a->conditional != b->conditional)
		return a->conditional ? -1 : 1;
	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return strcmp(a->text, b->text);
}

static int order_text(const void *left, const void *right)
{
	return strcmp(((const struct expectation *)left)->text,
		      ((const struct expectation *)right)->text);
}

/* The best of what was seen on ABI, in the order of their text. */
static expectation_list expect_abi(const struct composition *composition, enum abi_id abi,
				   size_t share)
{
	expectation_list all = {0}, chosen = {0};
	size_t conditional = 0, plain = 0;

	for (size_t i = 0; i < composition->drafts.count; i++)
		if (composition->drafts.items[i]->abi == abi)
			expect_draft(composition, &all, composition->drafts.items[i]);
	if (!all.count)
		return chosen;
	qsort(all.items, all.count, sizeof(*all.items), order_worth);
	for (size_t i = 0; i < all.count; i++) {
		size_t *used = all.items[i].conditional ? &conditional : &plain;
		size_t most = all.items[i].conditional ? CONDITIONAL_MAX : PLAIN_MAX;

		if ((*used)++ < (most + share - 1) / share)
			*VEC_PUSH(composition->arena, &chosen) = all.items[i];
	}
	qsort(chosen.items, chosen.count, sizeof(*chosen.items), order_text);
	return chosen;
}

static bool list_has(const expectation_list *list, const char *text)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].text, text) == 0)
			return true;
	return false;
}

/* Whether all ABIs that have the call expect the same: where it is missing, nothing is asked. */
static bool is_common(const struct composition *composition, const expectation_list *lists,
		      const struct expectation *wanted)
{
	call_id call = call_find(wanted->stmt->expect.call.text);

	for (int abi = 0; abi < ABI_COUNT; abi++)
		if (composition->observations->abis & ABI_BIT(abi) &&
		    call_number(call, (enum abi_id)abi) >= 0 &&
		    !list_has(&lists[abi], wanted->text))
			return false;
	return true;
}

/* Whether no rule is about the call, and `default` answers it on each ABI. */
static bool is_denied(const struct composition *composition, call_id call)
{
	for (size_t i = 0; i < composition->drafts.count; i++)
		if (composition->drafts.items[i]->call == call)
			return false;
	if (statics_has(composition->options->statics, call))
		return false;
	for (int abi = 0; abi < ABI_COUNT; abi++) {
		int64_t number = call_number(call, (enum abi_id)abi);

		if (!(composition->observations->abis & ABI_BIT(abi)))
			continue;
		if (number < 0 ||
		    (uint32_t)number > call_highest((enum abi_id)abi, composition->baseline) ||
		    observations_find(composition->observations, (enum abi_id)abi, call))
			return false;
	}
	return true;
}

static void add_denials(struct composition *composition, struct stmt_list *list)
{
	size_t count = 0;

	for (size_t i = 0; i < sizeof(dangerous) / sizeof(dangerous[0]) && count < DENIED_MAX;
	     i++) {
		struct stmt *stmt;

		if (!is_denied(composition, call_find(dangerous[i])))
			continue;
		stmt = expect_new(composition, dangerous[i], ACTION_DENY);
		*VEC_PUSH(composition->arena, &list->items) = stmt;
		if (count++ == 0) {
			stmt->blank_before = true;
			compose_comment(composition, stmt,
					"what was not seen, and gives more than all that was");
		}
	}
}

static void add_own(struct composition *composition, struct stmt_list *list, enum abi_id abi,
		    const expectation_list *lists)
{
	struct stmt *when = NULL;

	for (size_t i = 0; i < lists[abi].count; i++) {
		const struct expectation *own = &lists[abi].items[i];

		if (is_common(composition, lists, own))
			continue;
		if (!when)
			when = compose_when(composition, list, abi);
		*VEC_PUSH(composition->arena, &when->when.then.items) = own->stmt;
	}
}

static void add_common(struct composition *composition, struct stmt_list *list,
		       const expectation_list *lists)
{
	expectation_list done = {0};

	for (int abi = 0; abi < ABI_COUNT; abi++) {
		for (size_t i = 0; i < lists[abi].count; i++) {
			const struct expectation *own = &lists[abi].items[i];

			if (!is_common(composition, lists, own) || list_has(&done, own->text))
				continue;
			*VEC_PUSH(composition->arena, &done) = *own;
			*VEC_PUSH(composition->arena, &list->items) = own->stmt;
		}
	}
}

void compose_expectations(struct composition *composition, struct stmt_list *list)
{
	expectation_list lists[ABI_COUNT] = {{0}};
	size_t first = list->items.count, share = 0;
	abi_set asking = 0;

	for (size_t i = 0; i < composition->drafts.count; i++)
		asking |= ABI_BIT(composition->drafts.items[i]->abi);
	share = asking ? (size_t)__builtin_popcountll(asking) : 1;
	for (int abi = 0; abi < ABI_COUNT; abi++)
		if (asking & ABI_BIT(abi))
			lists[abi] = expect_abi(composition, (enum abi_id)abi, share);
	add_common(composition, list, lists);
	for (int abi = 0; abi < ABI_COUNT; abi++)
		add_own(composition, list, (enum abi_id)abi, lists);
	if (list->items.count > first) {
		list->items.items[first]->blank_before = true;
		compose_comment(
			composition, list->items.items[first],
			"what was seen, proved whenever this is compiled: the most frequent "
			"values, and the most frequent calls");
	}
	add_denials(composition, list);
}
