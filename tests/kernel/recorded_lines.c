/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/kernel/recorded_lines.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int order_lines(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_call(struct arena *arena, line_list *lines, const struct recorded_call *call)
{
	const char *head = arena_printf(arena, "%s %s %s%s", recorded_phase_word(call->phase),
					abi_get(call->abi)->name, call->name ? call->name : "?",
					call->saturated ? " saturated" : "");

	if (call->tuples.count == 0)
		*VEC_PUSH(arena, lines) = head;
	for (size_t i = 0; i < call->tuples.count; i++) {
		const char *line = head;

		for (size_t j = 0, ruled = 0; j < call->args.count; j++)
			if (call->args.items[j].ruled)
				line = arena_printf(arena, "%s %" PRIx64, line,
						    call->tuples.items[i].values[ruled++]);
		*VEC_PUSH(arena, lines) = line;
	}
}

line_list recorded_lines(struct arena *arena, const struct recorded_run *run)
{
	line_list lines = {0};
	size_t kept = 0;

	for (size_t i = 0; i < run->executables.count; i++)
		for (size_t j = 0; j < run->executables.items[i]->calls.count; j++)
			add_call(arena, &lines, run->executables.items[i]->calls.items[j]);
	qsort(lines.items, lines.count, sizeof(*lines.items), order_lines);
	for (size_t i = 0; i < lines.count; i++)
		if (i == 0 || strcmp(lines.items[i], lines.items[kept - 1]) != 0)
			lines.items[kept++] = lines.items[i];
	lines.count = kept;
	return lines;
}

size_t recorded_lines_differ(const line_list *exact, const line_list *adaptive)
{
	size_t i = 0, j = 0, different = 0;

	while (i < exact->count || j < adaptive->count) {
		int order = i == exact->count      ? 1
			    : j == adaptive->count ? -1
						   : strcmp(exact->items[i], adaptive->items[j]);

		if (order)
			printf("%s: %s\n", order < 0 ? "not seen" : "seen by it alone",
			       order < 0 ? exact->items[i] : adaptive->items[j]);
		different += order != 0;
		i += order <= 0;
		j += order >= 0;
	}
	return different;
}

uint64_t recorded_calls(const struct recorded_run *run)
{
	uint64_t count = 0;

	for (size_t i = 0; i < run->executables.count; i++)
		for (size_t j = 0; j < run->executables.items[i]->calls.count; j++)
			count += run->executables.items[i]->calls.items[j]->count;
	return count;
}
