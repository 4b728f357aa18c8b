/* SPDX-License-Identifier: Apache-2.0 */
/* What differs, in lines for people. */
#include "cli/diff_report.h"

#include "compiler/resolve/abi_list.h"

#include <inttypes.h>
#include <string.h>

enum {
	COLUMNS = 100,
	SPANS_MAX = 12, /* of numbers, in a line */
};

/* Text in lines of COLUMNS, the second and later ones further in. */
struct wrapped {
	struct text *out;
	size_t column;
};

static void add_word(struct wrapped *line, const char *word)
{
	size_t length = strlen(word);

	if (line->column + length + 1 > COLUMNS) {
		text_add_string(line->out, "\n     ");
		line->column = 5;
	}
	text_printf(line->out, " %s", word);
	line->column += length + 1;
}

/* A text of several words. */
static void add_words(struct arena *arena, struct wrapped *line, const char *text)
{
	while (*text) {
		size_t length = strcspn(text, " ");

		add_word(line, arena_copy(arena, text, length));
		text += length + strspn(text + length, " ");
	}
}

static const char *span_text(struct arena *arena, struct number_span span)
{
	if (span.first == span.last)
		return arena_printf(arena, "0x%" PRIx32, span.first);
	return arena_printf(arena, "0x%" PRIx32 "..0x%" PRIx32, span.first, span.last);
}

static void add_numbers(struct arena *arena, struct wrapped *line, const struct change *change)
{
	size_t count = change->numbers.count, shown = count > SPANS_MAX ? SPANS_MAX : count;

	add_word(line, "numbers");
	for (size_t i = 0; i < shown; i++)
		add_word(line,
			 arena_printf(arena, "%s%s", span_text(arena, change->numbers.items[i]),
				      i + 1 < shown ? "," : ""));
	if (shown < count)
		add_word(line,
			 arena_printf(arena, "and %zu more ranges of numbers", count - shown));
}

/* Calls without a condition can be all there are: `every call` says that. */
static void add_subjects(struct arena *arena, struct wrapped *line, const struct diff_group *group)
{
	for (size_t i = 0; i < group->changes.count; i++) {
		const struct change *change = group->changes.items[i];
		const char *comma = i + 1 < group->changes.count ? "," : "";

		if (!change->abi)
			add_word(line, change->all ? "every call" : "some calls");
		else if (change->call == CALL_NONE)
			add_numbers(arena, line, change);
		else
			add_word(line,
				 arena_printf(arena, "%s%s", call_get(change->call)->name, comma));
	}
}

static void print_group(struct arena *arena, const struct diff_group *group, struct text *out)
{
	static const char signs[] = {
		[CHANGE_ADDED] = '+', [CHANGE_REMOVED] = '-', [CHANGE_OTHER] = '!'};
	struct wrapped line = {out, 3};
	const char *answer = group->kind == CHANGE_REMOVED ? group->from : group->to;

	text_printf(out, "  %c", signs[group->kind]);
	if (group->kind == CHANGE_OTHER)
		answer = arena_printf(arena, "%s -> %s:", group->from, group->to);
	add_word(&line, answer);
	add_subjects(arena, &line, group);
	if (group->where) {
		add_word(&line, "where");
		add_words(arena, &line, group->where);
	}
	if (group->more && group->where)
		add_words(arena, &line, arena_printf(arena, "and %s", group->more));
	else if (group->more)
		add_words(arena, &line, arena_printf(arena, "for %s", group->more));
	text_printf(out, "\n        %s", diff_report_call(arena, group->example));
	if (group->example->given)
		text_printf(out, " (where %s)", group->example->given);
	text_printf(out, ": %s -> %s\n", group->from, group->to);
}

static void print_heading(struct arena *arena, const struct diff_report *report, abi_set abis,
			  struct text *out)
{
	if (!abis)
		text_add_string(out, "by way of any other ABI:\n");
	else
		text_printf(out, "on %s:\n", abi_list(arena, abis, report->compared));
}

void diff_report_print(struct arena *arena, const struct diff_report *report, struct text *out)
{
	abi_set last = 0;

	if (diff_report_is_empty(report))
		text_add_string(out, report->equal ? "equal\n" : "no wider\n");
	if (report->sandbox_differs)
		text_add_string(out, "the sandboxes differ\n");
	if (report->only_a)
		text_printf(out, "only the first has a filter for %s\n",
			    abi_list(arena, report->only_a, ABI_ALL));
	if (report->only_b)
		text_printf(out, "only the second has a filter for %s\n",
			    abi_list(arena, report->only_b, ABI_ALL));
	for (size_t i = 0; i < report->groups.count; i++) {
		const struct diff_group *group = &report->groups.items[i];

		if (i == 0 || group->abis != last)
			print_heading(arena, report, group->abis, out);
		last = group->abis;
		print_group(arena, group, out);
	}
}
