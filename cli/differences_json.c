/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/differences.h"

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

static json_t *json_difference(const struct difference *difference)
{
	static const char *const kinds[] = {
		[DIFFERENCE_HIDDEN] = "hidden",
		[DIFFERENCE_CONSTANT] = "constant",
		[DIFFERENCE_PAIR] = "pair",
		[DIFFERENCE_ABSENT] = "absent",
	};

	return json_pack("{s:s, s:s, s:s?, s:s?, s:o}", "kind", kinds[difference->kind], "name",
			 difference->name, "argument", difference->argument, "other",
			 difference->other, "abis", json_abis(difference->abis));
}

bool differences_print_json(const struct policy_rules *rules, const struct difference_list *list,
			    struct text *out)
{
	json_t *array = json_array(), *all;
	char *bytes = NULL;

	for (size_t i = 0; i < list->items.count; i++)
		json_array_append_new(array, json_difference(&list->items.items[i]));
	all = json_pack("{s:o, s:o, s:o, s:o}", "abis", json_abis(policy_rules_abis(rules)),
			"asked", json_abis(rules->asked), "failed", json_abis(rules->failed),
			"differences", array);
	if (all)
		bytes = json_dumps(all, JSON_INDENT(2));
	if (bytes)
		text_printf(out, "%s\n", bytes);
	free(bytes);
	json_decref(all);
	return bytes && !out->failed;
}
