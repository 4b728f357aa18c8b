/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/diff_report.h"

#include "compiler/resolve/ruleset.h"

#include <inttypes.h>
#include <string.h>

/* One change, with the ABIs on which it is said in the same words. */
struct diff_line {
	abi_set abis; /* where it is so: all that were compared if all that have the call have it */
	abi_set own;  /* where it is so, and no more */
	abi_set joined;
	const struct change *change;
	const char *from;
	const char *to;
	const char *where;
	const char *more;
	const char *subject;
	uint32_t hash;
};
struct diff_lines {
	VEC(struct diff_line) items;
};

static const char *kept(struct arena *arena, struct text *text)
{
	const char *copy = arena_copy(arena, text->bytes ? text->bytes : "", text->length);

	text_release(text);
	return copy;
}

static const char *action_text(struct arena *arena, const struct change *change, uint32_t action)
{
	struct text text = {0};

	if (change->abi)
		seccomp_action_print(action, change->abi->id, &text);
	else
		seccomp_action_print_for(action, ABI_ALL, &text);
	return kept(arena, &text);
}

static const char *subject_text(struct arena *arena, const struct change *change)
{
	struct text text = {0};

	if (change->call != CALL_NONE)
		return call_get(change->call)->name;
	for (size_t i = 0; i < change->numbers.count; i++)
		text_printf(&text, "%" PRIu32 "..%" PRIu32 " ", change->numbers.items[i].first,
			    change->numbers.items[i].last);
	return kept(arena, &text);
}

static uint32_t hash_text(uint32_t hash, const char *text)
{
	for (; text && *text; text++)
		hash = (hash ^ (unsigned char)*text) * 16777619u;
	return (hash ^ 0xff) * 16777619u;
}

static struct diff_line line_of(struct arena *arena, const struct change *change)
{
	struct diff_line line = {
		.abis = change->abi ? ABI_BIT(change->abi->id) : 0,
		.own = change->abi ? ABI_BIT(change->abi->id) : 0,
		.change = change,
		.from = action_text(arena, change, change->from),
		.to = action_text(arena, change, change->to),
		.subject = subject_text(arena, change),
	};
	struct text where = {0};

	if (!change->all)
		line.more = change->wording.more;
	if (!change->all && change->wording.where) {
		ast_print_expr(change->wording.where, &where);
		line.where = kept(arena, &where);
	}
	line.hash = hash_text(2166136261u, line.from);
	line.hash = hash_text(hash_text(line.hash, line.to), line.subject);
	line.hash = hash_text(hash_text(line.hash, line.where), line.more);
	return line;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool same_words(const struct diff_line *a, const struct diff_line *b)
{
	return change_kind_of(a->change) == change_kind_of(b->change) &&
	       !strcmp(a->from, b->from) && !strcmp(a->to, b->to) &&
	       same_text(a->where, b->where) && same_text(a->more, b->more) &&
	       !a->change->abi == !b->change->abi;
}

static void add_line(struct arena *arena, struct diff_lines *lines, const struct change *change)
{
	struct diff_line line = line_of(arena, change);

	for (size_t i = 0; i < lines->items.count; i++) {
		struct diff_line *other = &lines->items.items[i];

		if (other->hash != line.hash || (other->abis & line.abis) ||
		    strcmp(other->subject, line.subject) != 0 || !same_words(other, &line))
			continue;
		other->abis |= line.abis;
		other->own = other->abis;
		return;
	}
	*VEC_PUSH(arena, &lines->items) = line;
}

/* A call that some of the ABIs lack is said with those that all have, where it changes alike. */
static void widen(struct diff_line *line, abi_set compared)
{
	abi_set with = 0;

	if (line->change->call == CALL_NONE)
		return;
	for (int id = 0; id < ABI_COUNT; id++)
		if (compared & ABI_BIT(id) && call_number(line->change->call, (enum abi_id)id) >= 0)
			with |= ABI_BIT(id);
	if (line->abis == with)
		line->abis = compared;
}

/*
 * Drops the ABIs for which a group would say nothing, since they lack each of its calls: those are
 * in none of the lines that it joins.
 */
static void narrow(struct diff_lines *lines)
{
	for (size_t i = 0; i < lines->items.count; i++) {
		struct diff_line *line = &lines->items.items[i];
		abi_set abis = line->own;

		for (size_t j = 0; j < lines->items.count && abis != line->abis; j++) {
			const struct diff_line *other = &lines->items.items[j];

			if (other->abis == line->abis && same_words(other, line))
				abis |= other->own;
		}
		line->joined = abis;
	}
	for (size_t i = 0; i < lines->items.count; i++)
		lines->items.items[i].abis = lines->items.items[i].joined;
}

static void add_to_group(struct arena *arena, struct diff_report *report,
			 const struct diff_line *line)
{
	struct diff_group *group = NULL;

	for (size_t i = 0; i < report->groups.count && !group; i++) {
		struct diff_group *other = &report->groups.items[i];
		const struct diff_line head = {.change = other->example,
					       .from = other->from,
					       .to = other->to,
					       .where = other->where,
					       .more = other->more};

		if (other->abis == line->abis && same_words(&head, line))
			group = other;
	}
	if (!group) {
		group = VEC_PUSH(arena, &report->groups);
		group->abis = line->abis;
		group->kind = change_kind_of(line->change);
		group->from = line->from;
		group->to = line->to;
		group->where = line->where;
		group->more = line->more;
		group->example = line->change;
	}
	*VEC_PUSH(arena, &group->changes) = line->change;
}

void diff_report_group(struct arena *arena, const struct changes *changes,
		       struct diff_report *report)
{
	struct diff_lines lines = {0};

	report->equal = diff_report_is_empty(report) && !changes->items.count;
	for (size_t i = 0; i < changes->items.count; i++)
		if (!report->wider_only || change_is_wider(&changes->items.items[i]))
			add_line(arena, &lines, &changes->items.items[i]);
	for (size_t i = 0; i < lines.items.count; i++)
		widen(&lines.items.items[i], report->compared);
	narrow(&lines);
	/* By ABIs as they come, and of each what was added, removed and changed. */
	for (size_t i = 0; i < lines.items.count; i++) {
		abi_set abis = lines.items.items[i].abis;
		bool done = false;

		for (size_t j = 0; j < i; j++)
			done |= lines.items.items[j].abis == abis;
		for (int kind = CHANGE_ADDED; !done && kind <= CHANGE_OTHER; kind++)
			for (size_t j = i; j < lines.items.count; j++)
				if (lines.items.items[j].abis == abis &&
				    (int)change_kind_of(lines.items.items[j].change) == kind)
					add_to_group(arena, report, &lines.items.items[j]);
	}
}

bool diff_report_is_empty(const struct diff_report *report)
{
	return !report->only_a && !report->only_b && !report->sandbox_differs &&
	       !report->groups.count;
}

static unsigned int registers_read(const struct change *change)
{
	unsigned int count, registers = 0;

	if (change->call == CALL_NONE)
		return CALL_ARGS_MAX;
	call_args(change->call, change->abi->id, &count);
	for (unsigned int i = 0; i < count; i++) {
		struct arg_place place = call_arg_place(change->call, change->abi->id, i);
		unsigned int last = place.low > place.high ? place.low : place.high;

		registers = last + 1 > registers ? last + 1 : registers;
	}
	return registers;
}

const char *diff_report_call(struct arena *arena, const struct change *change)
{
	const uint32_t *words = change->example;
	const char *call;

	if (!change->abi)
		return arena_printf(arena, "arch 0x%" PRIx32 ", number 0x%" PRIx32,
				    words[WORD_ARCH], words[WORD_NR]);
	call = change->call == CALL_NONE ? arena_printf(arena, "0x%" PRIx32 "(", words[WORD_NR])
					 : arena_printf(arena, "%s(", call_get(change->call)->name);
	for (unsigned int i = 0; i < registers_read(change); i++) {
		uint64_t low = words[abi_word_low(change->abi, i) / 4];
		uint64_t high = words[abi_word_high(change->abi, i) / 4];

		call = arena_printf(arena, "%s%s0x%" PRIx64, call, i ? ", " : "", high << 32 | low);
	}
	return arena_printf(arena, "%s)", call);
}
