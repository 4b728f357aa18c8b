/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/differences.h"

#include "compiler/resolve/abi_list.h"
#include "compiler/resolve/difference.h"

#include <stdlib.h>
#include <string.h>

/* Makes many calls: what else makes one of them does not stand for it. */
static bool is_multiplexer(call_id call)
{
	for (call_id other = 0; other < call_count(); other++)
		for (unsigned int id = 0; id < ABI_COUNT; id++)
			if (call_multiplexer(other, (enum abi_id)id) == call)
				return true;
	return false;
}

/* A call that stands for CALL on all of ABIS, with arguments that a filter sees; or NULL. */
static const char *find_other(call_id call, abi_set abis)
{
	unsigned int count, others;
	const struct equivalent *list = call_equivalents(call, abi_first(abis)->id, &count);

	if (is_multiplexer(call))
		return NULL;
	for (unsigned int i = 0; i < count; i++) {
		abi_set has = 0;

		for (unsigned int id = 0; id < ABI_COUNT; id++) {
			const struct equivalent *there =
				call_equivalents(call, (enum abi_id)id, &others);

			for (unsigned int j = 0; j < others; j++)
				if (there[j].call == list[i].call)
					has |= ABI_BIT(id);
		}
		if (list[i].sight == EQUIVALENT_PLAIN && !(abis & ~has))
			return call_get(list[i].call)->name;
	}
	return NULL;
}

static void add(struct arena *arena, struct difference_list *list, struct difference difference)
{
	if (difference.abis)
		*VEC_PUSH(arena, &list->items) = difference;
}

/* An argument that is a pair on some ABIs and one register on others. */
static void add_pairs(struct arena *arena, const struct differences *noted, call_id call,
		      struct difference_list *list)
{
	for (unsigned int i = 0; i < CALL_ARGS_MAX; i++) {
		abi_set split = noted->split[call][i];
		unsigned int count;

		if (!split || !noted->whole[call][i])
			continue;
		add(arena, list,
		    (struct difference){
			    .kind = DIFFERENCE_PAIR,
			    .abis = split,
			    .name = call_get(call)->name,
			    .argument = call_args(call, abi_first(split)->id, &count)[i].name});
	}
}

static int compare(const void *left, const void *right)
{
	const struct difference *a = left, *b = right;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->abis != b->abis)
		return a->abis < b->abis ? -1 : 1;
	return strcmp(a->name, b->name);
}

struct difference_list differences_list(struct arena *arena, const struct policy_rules *rules)
{
	const struct differences *noted = rules->differences;
	abi_set all = policy_rules_abis(rules);
	struct difference_list list = {0};

	for (call_id call = 0; call < call_count(); call++) {
		const char *name = call_get(call)->name;
		abi_set absent = noted->absent[call];

		add(arena, &list,
		    (struct difference){.kind = DIFFERENCE_HIDDEN,
					.abis = noted->hidden[call] == all ? 0
									   : noted->hidden[call],
					.name = name,
					.argument = noted->hidden_arguments[call]});
		add_pairs(arena, noted, call, &list);
		if (absent && absent != all)
			add(arena, &list,
			    (struct difference){.kind = DIFFERENCE_ABSENT,
						.abis = absent,
						.name = name,
						.other = find_other(call, absent)});
	}
	for (constant_id id = 0; id < constant_count(); id++)
		if (noted->constants[id] != all)
			add(arena, &list,
			    (struct difference){.kind = DIFFERENCE_CONSTANT,
						.abis = noted->constants[id],
						.name = constant_get(id)->name});
	if (list.items.count)
		qsort(list.items.items, list.items.count, sizeof(*list.items.items), compare);
	return list;
}

/* Columns that a line may have. */
#define LINE_COLUMNS 100

/* A list of words in lines of their own, which fold. */
struct folder {
	struct text *out;
	size_t column; /* 0 before the first word */
};

static void fold(struct folder *folder, const char *word)
{
	size_t length = strlen(word);

	if (!folder->column) {
		text_add_string(folder->out, "    ");
		folder->column = 4;
	} else if (folder->column + 2 + length >= LINE_COLUMNS) {
		text_add_string(folder->out, ",\n    ");
		folder->column = 4;
	} else {
		text_add_string(folder->out, ", ");
		folder->column += 2;
	}
	text_add_string(folder->out, word);
	folder->column += length;
}

static void fold_end(struct folder *folder)
{
	if (folder->column)
		text_add_char(folder->out, '\n');
	folder->column = 0;
}

/* "not on x86, s390x", or where that is shorter "only on aarch64". */
static const char *where_absent(struct arena *arena, abi_set abis, abi_set all)
{
	if (__builtin_popcount(all & ~abis) < __builtin_popcount(abis))
		return arena_printf(arena, "only on %s", abi_list(arena, all & ~abis, ABI_ALL));
	return arena_printf(arena, "not on %s", abi_list(arena, abis, ABI_ALL));
}

static const char *describe(struct arena *arena, const struct difference *difference, abi_set all)
{
	const char *abis = abi_list(arena, difference->abis, all);

	switch (difference->kind) {
	case DIFFERENCE_HIDDEN:
		return arena_printf(arena, "no filter sees them on %s", abis);
	case DIFFERENCE_CONSTANT:
		return arena_printf(arena, "no such constants on %s", abis);
	case DIFFERENCE_PAIR:
		return arena_printf(arena, "a pair of registers on %s", abis);
	case DIFFERENCE_ABSENT:
		return where_absent(arena, difference->abis, all);
	}
	return "";
}

static const char *subject(struct arena *arena, const struct difference *difference)
{
	if (difference->argument)
		return arena_printf(arena, "%s of %s", difference->argument, difference->name);
	return difference->name;
}

/* One alone has a line, as `open: not on aarch64 (any open has openat)`. */
static void print_one(struct arena *arena, const struct difference *difference, abi_set all,
		      struct text *out)
{
	const char *abis = abi_list(arena, difference->abis, all);

	text_printf(out, "%s: ", subject(arena, difference));
	switch (difference->kind) {
	case DIFFERENCE_HIDDEN:
		text_printf(out, "no filter sees it on %s", abis);
		break;
	case DIFFERENCE_CONSTANT:
		text_printf(out, "no such constant on %s", abis);
		break;
	default:
		text_add_string(out, describe(arena, difference, all));
	}
	if (difference->other)
		text_printf(out, " (any %s has %s)", difference->name, difference->other);
	text_add_char(out, '\n');
}

/* Several that differ on the same ABIs stand below a line that says so. */
static void print_group(struct arena *arena, const struct difference *items, size_t count,
			abi_set all, struct text *out)
{
	struct folder folder = {.out = out};
	bool others = false;

	text_printf(out, "%s:\n", describe(arena, items, all));
	for (size_t i = 0; i < count; i++) {
		others |= items[i].other != NULL;
		if (!items[i].other)
			fold(&folder, subject(arena, &items[i]));
	}
	fold_end(&folder);
	if (!others)
		return;
	text_add_string(out, "  where `any` has another:\n");
	for (size_t i = 0; i < count; i++)
		if (items[i].other)
			fold(&folder,
			     arena_printf(arena, "%s (%s)", items[i].name, items[i].other));
	fold_end(&folder);
}

void differences_print(struct arena *arena, const struct policy_rules *rules,
		       const struct difference_list *list, struct text *out)
{
	abi_set all = policy_rules_abis(rules);

	if (rules->failed)
		text_printf(out, "would not compile for %s\n", abi_list(arena, rules->failed, all));
	for (size_t i = 0; i < list->items.count;) {
		const struct difference *first = &list->items.items[i];
		size_t count = 1;

		while (i + count < list->items.count && first[count].kind == first->kind &&
		       first[count].abis == first->abis)
			count++;
		if (count == 1)
			print_one(arena, first, all, out);
		else
			print_group(arena, first, count, all, out);
		i += count;
	}
}
