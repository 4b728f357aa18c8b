/* SPDX-License-Identifier: Apache-2.0 */
/* What differs, as JSON: doc/diff.md has the shape. */
#include "cli/diff_report.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

static json_t *json_abis(abi_set abis)
{
	json_t *array = json_array();

	for (unsigned int id = 0; id < ABI_COUNT; id++)
		if (abis & ABI_BIT(id))
			json_array_append_new(array, json_string(abi_get((enum abi_id)id)->name));
	return array;
}

static json_t *json_calls(const struct diff_group *group)
{
	json_t *array = json_array();

	for (size_t i = 0; i < group->changes.count; i++)
		if (group->changes.items[i]->call != CALL_NONE)
			json_array_append_new(
				array, json_string(call_get(group->changes.items[i]->call)->name));
	return array;
}

static json_t *json_numbers(const struct diff_group *group)
{
	json_t *array = json_array();

	for (size_t i = 0; i < group->changes.count; i++) {
		const struct change *change = group->changes.items[i];

		for (size_t j = 0; change->call == CALL_NONE && j < change->numbers.count; j++)
			json_array_append_new(array,
					      json_pack("[I, I]",
							(json_int_t)change->numbers.items[j].first,
							(json_int_t)change->numbers.items[j].last));
	}
	return array;
}

/* Registers are strings, since not all programs read 64-bit numbers from JSON. */
static json_t *json_example(struct arena *arena, const struct diff_group *group)
{
	const struct change *change = group->example;
	json_t *registers = json_array();

	for (unsigned int i = 0; i < CALL_ARGS_MAX; i++) {
		const struct abi *abi = change->abi ? change->abi : abi_get(ABI_X86_64);
		uint64_t low = change->example[abi_word_low(abi, i) / 4];
		uint64_t high = change->example[abi_word_high(abi, i) / 4];

		json_array_append_new(registers, json_string(arena_printf(arena, "0x%" PRIx64,
									  high << 32 | low)));
	}
	return json_pack(
		"{s:s?, s:I, s:I, s:s, s:o, s:s?}", "abi", change->abi ? change->abi->name : NULL,
		"arch", (json_int_t)change->example[WORD_ARCH], "number",
		(json_int_t)change->example[WORD_NR], "call", diff_report_call(arena, change),
		"registers", registers, "given", change->given);
}

static json_t *json_group(struct arena *arena, const struct diff_group *group)
{
	static const char *const kinds[] = {
		[CHANGE_ADDED] = "added", [CHANGE_REMOVED] = "removed", [CHANGE_OTHER] = "changed"};

	return json_pack("{s:o, s:s, s:s, s:s, s:o, s:o, s:s?, s:s?, s:b, s:o}", "abis",
			 json_abis(group->abis), "kind", kinds[group->kind], "from", group->from,
			 "to", group->to, "calls", json_calls(group), "numbers",
			 json_numbers(group), "where", group->where, "more", group->more, "all",
			 group->example->all, "example", json_example(arena, group));
}

bool diff_report_print_json(struct arena *arena, const struct diff_report *report, const char *a,
			    const char *b, struct text *out)
{
	json_t *groups = json_array(), *all;
	char *bytes = NULL;

	for (size_t i = 0; i < report->groups.count; i++)
		json_array_append_new(groups, json_group(arena, &report->groups.items[i]));
	all = json_pack("{s:i, s:s, s:s, s:b, s:b, s:o, s:o, s:o, s:o}", "version", 1, "a", a, "b",
			b, "equal", report->equal, "sandbox_differs", report->sandbox_differs,
			"compared", json_abis(report->compared), "only_a",
			json_abis(report->only_a), "only_b", json_abis(report->only_b),
			"differences", groups);
	if (all && report->wider_only)
		json_object_set_new(all, "wider", json_boolean(!diff_report_is_empty(report)));
	if (all)
		bytes = json_dumps(all, JSON_INDENT(2));
	if (bytes)
		text_printf(out, "%s\n", bytes);
	free(bytes);
	json_decref(all);
	return bytes && !out->failed;
}
