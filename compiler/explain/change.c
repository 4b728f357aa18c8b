/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/explain/change.h"

#include "compiler/explain/budget.h"
#include "compiler/explain/read_back.h"

#include <inttypes.h>
#include <linux/seccomp.h>
#include <stdlib.h>

enum {
	WORD_POINTER = 2,    /* the first of two */
	PAIRS_A_STEP = 16,   /* to look through: what a step on diagrams takes */
	CHANGES_MAX = 16384, /* nobody reads more, and they are compared with each other */
};

/* Pairs of answers that were met: the values of the diagram that is told about. 0 is "the same". */
struct answer_pair {
	uint32_t from;
	uint32_t to;
};
struct telling {
	struct arena *arena;
	struct diagrams *diagrams;
	const struct change_request *request;
	struct changes *changes;
	VEC(struct answer_pair) pairs;
	diagram pairs_of; /* which pair each call gets */
};

enum change_kind change_kind_of(const struct change *change)
{
	bool before = change->from == SECCOMP_RET_ALLOW || change->from == SECCOMP_RET_LOG;
	bool after = change->to == SECCOMP_RET_ALLOW || change->to == SECCOMP_RET_LOG;

	if (before == after)
		return CHANGE_OTHER;
	return after ? CHANGE_ADDED : CHANGE_REMOVED;
}

/* 0: it is stopped, 1: somebody else decides, 2: it passes. */
static int freedom(uint32_t answer)
{
	switch (answer & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_LOG:
		return 2;
	case SECCOMP_RET_TRACE:
	case SECCOMP_RET_USER_NOTIF:
		return 1;
	default:
		return 0;
	}
}

bool change_is_wider(const struct change *change)
{
	return freedom(change->to) > freedom(change->from);
}

static uint32_t join_pair(void *user, uint32_t from, uint32_t to)
{
	struct telling *telling = user;

	if (from == to)
		return 0;
	budget_take(telling->diagrams, telling->pairs.count / PAIRS_A_STEP);
	for (size_t i = 0; i < telling->pairs.count; i++)
		if (telling->pairs.items[i].from == from && telling->pairs.items[i].to == to)
			return (uint32_t)i + 1;
	*VEC_PUSH(telling->arena, &telling->pairs) = (struct answer_pair){from, to};
	return (uint32_t)telling->pairs.count;
}

/* Whether there is no going on: a limit was passed, and what was made is of no use. */
static bool is_spent(struct telling *telling)
{
	if (telling->changes->items.count > CHANGES_MAX)
		telling->diagrams->overflow = true;
	return !budget_take(telling->diagrams, 0);
}

static struct change *add_change(struct telling *telling, const struct abi *abi, uint32_t pair)
{
	struct change *change = VEC_PUSH(telling->arena, &telling->changes->items);

	change->abi = abi;
	change->call = CALL_NONE;
	change->from = telling->pairs.items[pair - 1].from;
	change->to = telling->pairs.items[pair - 1].to;
	return change;
}

static void add_given(struct telling *telling, struct change *change, const char *what, bool is,
		      uint64_t value)
{
	change->given = arena_printf(telling->arena, "%s%s%s is %s0x%" PRIx64,
				     change->given ? change->given : "",
				     change->given ? " and " : "", what, is ? "" : "not ", value);
}

static void add_atom(struct telling *telling, struct change *change, variable_id variable, bool is)
{
	const struct diagram_atom *atom = &telling->diagrams->atoms[variable - VARIABLE_ATOMS];

	add_given(telling, change,
		  arena_printf(telling->arena, "%s'%s'", atom->high ? "the upper half of " : "",
			       atom->name),
		  is, change->example[atom->word] & atom->mask);
}

/*
 * A call of SET, and under which truths of what registers do not show it is one: the way through the
 * diagram is that of diagram_witness().
 */
static void show_example(struct telling *telling, struct change *change, diagram set)
{
	const struct diagrams *diagrams = telling->diagrams;
	bool big_endian = change->abi && change->abi->big_endian, asks_pointer = false;
	const uint32_t *words = change->example;

	diagram_witness(diagrams, set, change->example, NULL);
	while (!diagram_is_leaf(diagrams, set)) {
		variable_id variable = diagram_variable(diagrams, set);
		bool high = diagram_low(diagrams, set) == DIAGRAM_NONE;

		if (variable >= VARIABLE_ATOMS)
			add_atom(telling, change, variable, high);
		else if (variable_word(variable) == WORD_POINTER ||
			 variable_word(variable) == WORD_POINTER + 1)
			asks_pointer = true;
		set = high ? diagram_high(diagrams, set) : diagram_low(diagrams, set);
	}
	if (asks_pointer)
		add_given(telling, change, "the instruction pointer", true,
			  (uint64_t)words[WORD_POINTER + !big_endian] << 32 |
				  words[WORD_POINTER + big_endian]);
}

static void set_example(struct telling *telling, struct change *change, diagram set)
{
	diagram shown = change->all ? set : change->wording.rest;

	if (!change->all && change->wording.where)
		shown = diagram_without(telling->diagrams, set, change->wording.rest);
	show_example(telling, change, shown);
	change->example[WORD_NR] = change->numbers.items[0].first;
	change->example[WORD_ARCH] = change->abi->audit_arch;
}

/* One call, or numbers without a name, whose pairs of answers are PAIRS. */
static void tell_numbers(struct telling *telling, const struct abi *abi, call_id call,
			 const struct number_span *numbers, size_t count, diagram pairs)
{
	struct phrasing phrasing = {
		.arena = telling->arena,
		.diagrams = telling->diagrams,
		.form = {abi, call},
		.limit = telling->request->limit,
	};
	struct value_list values = {0};

	apply_values(telling->arena, telling->diagrams, pairs, &values);
	for (size_t i = 0; i < values.items.count && !is_spent(telling); i++) {
		diagram set = diagram_where(telling->diagrams, pairs, values.items.items[i]);
		struct change *change;

		if (values.items.items[i] == 0)
			continue;
		change = add_change(telling, abi, values.items.items[i]);
		change->call = call;
		change->all = set == DIAGRAM_ALL;
		for (size_t j = 0; j < count; j++)
			*VEC_PUSH(telling->arena, &change->numbers) = numbers[j];
		if (!change->all)
			change->wording = condition_say(&phrasing, set);
		set_example(telling, change, set);
	}
}

/* The numbers of an ABI that have a name, in order. */
struct named_number {
	uint32_t number;
	call_id call;
};
struct named_numbers {
	VEC(struct named_number) items;
};

static int compare_numbers(const void *a, const void *b)
{
	const struct named_number *left = a, *right = b;

	return (left->number > right->number) - (left->number < right->number);
}

static void named_numbers_of(struct arena *arena, const struct abi *abi,
			     struct named_numbers *named)
{
	for (size_t call = 0; call < call_count(); call++) {
		int64_t number = call_number((call_id)call, abi->id);

		if (number >= 0)
			*VEC_PUSH(arena, &named->items) =
				(struct named_number){(uint32_t)number, (call_id)call};
	}
	qsort(named->items.items, named->items.count, sizeof(*named->items.items), compare_numbers);
}

/* Numbers without a name that have the same pairs. */
struct nameless {
	diagram pairs;
	VEC(struct number_span) numbers;
};
struct nameless_list {
	VEC(struct nameless) items;
};

static void nameless_add(struct telling *telling, struct nameless_list *list, uint32_t first,
			 uint32_t last, diagram pairs)
{
	struct nameless *nameless = NULL;

	for (size_t i = 0; i < list->items.count && !nameless; i++)
		if (list->items.items[i].pairs == pairs)
			nameless = &list->items.items[i];
	if (!nameless) {
		nameless = VEC_PUSH(telling->arena, &list->items);
		nameless->pairs = pairs;
	}
	*VEC_PUSH(telling->arena, &nameless->numbers) = (struct number_span){first, last};
}

/* A piece of numbers, taken apart into those with a name and the others between them. */
static void tell_piece(struct telling *telling, const struct abi *abi,
		       const struct number_piece *piece, const struct named_numbers *named,
		       struct nameless_list *nameless)
{
	uint64_t next = piece->first;

	for (size_t i = 0; i < named->items.count && !is_spent(telling); i++) {
		struct named_number one = named->items.items[i];
		struct number_span span = {one.number, one.number};

		if (one.number < next || one.number > piece->last)
			continue;
		if (one.number > next)
			nameless_add(telling, nameless, (uint32_t)next, one.number - 1,
				     piece->answer);
		tell_numbers(telling, abi, one.call, &span, 1, piece->answer);
		next = one.number + (uint64_t)1;
	}
	if (next <= piece->last)
		nameless_add(telling, nameless, (uint32_t)next, piece->last, piece->answer);
}

static void tell_abi(struct telling *telling, const struct abi *abi)
{
	struct number_pieces pieces = {0};
	struct named_numbers named = {0};
	struct nameless_list nameless = {0};
	diagram of_arch = answer_of_arch(telling->diagrams, telling->pairs_of, abi->audit_arch);

	if (!answer_pieces(telling->arena, telling->diagrams, of_arch, abi->number_first,
			   abi->number_last, &pieces)) {
		telling->changes->refusal = "their answers change with the call's number too often";
		return;
	}
	named_numbers_of(telling->arena, abi, &named);
	for (size_t i = 0; i < pieces.items.count && !is_spent(telling); i++)
		if (pieces.items.items[i].answer != DIAGRAM_NONE)
			tell_piece(telling, abi, &pieces.items.items[i], &named, &nameless);
	for (size_t i = 0; i < nameless.items.count && !is_spent(telling); i++)
		tell_numbers(telling, abi, CALL_NONE, nameless.items.items[i].numbers.items,
			     nameless.items.items[i].numbers.count, nameless.items.items[i].pairs);
}

static diagram calls_of(struct diagrams *diagrams, abi_set abis)
{
	diagram calls = DIAGRAM_NONE;

	for (int id = 0; id < ABI_COUNT; id++)
		if (abis & ABI_BIT(id))
			calls = diagram_or(diagrams, calls,
					   answer_calls_of_abi(diagrams, abi_get((enum abi_id)id)));
	return calls;
}

/* The pairs of calls by way of no ABI that was told about. */
static diagram other_pairs(struct telling *telling)
{
	diagram known =
		calls_of(telling->diagrams, telling->request->abis | telling->request->ignored);

	return diagram_select(telling->diagrams, known, DIAGRAM_NONE, telling->pairs_of);
}

static void tell_others(struct telling *telling)
{
	struct diagrams *diagrams = telling->diagrams;
	diagram known = calls_of(diagrams, telling->request->abis | telling->request->ignored);
	diagram pairs = other_pairs(telling);
	struct value_list values = {0};

	apply_values(telling->arena, diagrams, pairs, &values);
	for (size_t i = 0; i < values.items.count && !is_spent(telling); i++) {
		diagram set = diagram_where(diagrams, pairs, values.items.items[i]);
		struct change *change;

		if (values.items.items[i] == 0)
			continue;
		change = add_change(telling, NULL, values.items.items[i]);
		change->all = set == diagram_not(diagrams, known);
		change->wording.rest = change->all ? DIAGRAM_NONE : set;
		show_example(telling, change, set);
	}
}

/* The calls that CHANGE tells about, from its words alone. */
static bool change_calls(struct telling *telling, const struct change *change, diagram *calls)
{
	struct diagrams *diagrams = telling->diagrams;
	struct call_form form = {change->abi, change->call};
	struct field number = field_of_word(WORD_NR, 32), arch = field_of_word(WORD_ARCH, 32);
	diagram numbers = DIAGRAM_NONE, said = DIAGRAM_NONE;

	for (size_t i = 0; i < change->numbers.count; i++)
		numbers =
			diagram_or(diagrams, numbers,
				   diagram_range(diagrams, &number, change->numbers.items[i].first,
						 change->numbers.items[i].last));
	*calls = diagram_and(
		diagrams, numbers,
		diagram_range(diagrams, &arch, change->abi->audit_arch, change->abi->audit_arch));
	if (change->all)
		return true;
	if (change->wording.where &&
	    !read_back(telling->arena, diagrams, &form, change->wording.where, &said))
		return false;
	*calls = diagram_and(diagrams, *calls, diagram_or(diagrams, said, change->wording.rest));
	return true;
}

/* Whether the changes from FIRST on are what differs, put together from what they say. */
static bool is_exact(struct telling *telling, size_t first)
{
	struct diagrams *diagrams = telling->diagrams;
	diagram told = telling->request->others ? other_pairs(telling) : DIAGRAM_NONE;
	diagram wanted = telling->pairs_of, calls;

	if (!telling->request->others)
		wanted = diagram_select(diagrams, calls_of(diagrams, telling->request->abis),
					wanted, DIAGRAM_NONE);
	else
		wanted = diagram_select(diagrams, calls_of(diagrams, telling->request->ignored),
					DIAGRAM_NONE, wanted);
	for (size_t i = first; i < telling->changes->items.count; i++) {
		const struct change *change = &telling->changes->items.items[i];

		if (!change->abi)
			continue;
		if (is_spent(telling) || !change_calls(telling, change, &calls))
			return false;
		told = diagram_select(
			diagrams, calls,
			diagram_leaf(diagrams, join_pair(telling, change->from, change->to)), told);
	}
	return told == wanted;
}

void changes_find(struct arena *arena, struct diagrams *diagrams,
		  const struct change_request *request, struct changes *changes)
{
	struct telling telling = {
		.arena = arena, .diagrams = diagrams, .request = request, .changes = changes};
	size_t first = changes->items.count;

	telling.pairs_of = apply_join(arena, diagrams, request->a, request->b, join_pair, &telling);
	for (int id = 0; id < ABI_COUNT && !changes->refusal && !is_spent(&telling); id++)
		if (request->abis & ABI_BIT(id))
			tell_abi(&telling, abi_get((enum abi_id)id));
	if (request->others && !changes->refusal && !is_spent(&telling))
		tell_others(&telling);
	if (!changes->refusal &&
	    (is_spent(&telling) || !is_exact(&telling, first) || diagrams->overflow))
		changes->refusal = "what differs between them is too involved to be put in words "
				   "within the limits [limit]";
}
