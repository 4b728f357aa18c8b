/* SPDX-License-Identifier: Apache-2.0 */
/* What whoever records calls a run, so that runs can be chosen by it. */
#include "profiler/recording/recording.h"

#include <string.h>

bool recorded_label_is_good(const struct recorded_label *label)
{
	size_t length = strspn(label->key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					   "0123456789_./-");

	return length > 0 && length <= RECORDING_LABEL_KEY_MAX && !label->key[length] &&
	       strlen(label->value) <= RECORDING_LABEL_VALUE_MAX;
}

bool recorded_label_parse(struct arena *arena, const char *text, struct recorded_label *label)
{
	const char *equals = strchr(text, '=');

	if (!equals)
		return false;
	label->key = arena_copy(arena, text, (size_t)(equals - text));
	label->value = recording_escape(arena, equals + 1, strlen(equals + 1));
	return recorded_label_is_good(label);
}

bool recorded_run_has_label(const struct recorded_run *run, const struct recorded_label *label)
{
	for (size_t i = 0; i < run->labels.count; i++)
		if (strcmp(run->labels.items[i].key, label->key) == 0)
			return strcmp(run->labels.items[i].value, label->value) == 0;
	return false;
}
