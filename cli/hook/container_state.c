/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/hook/container_state.h"

#include <jansson.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

enum {
	ID_MAX = 150, /* with what is added to it, below NAME_MAX */
};

static bool is_file_name(const char *text, size_t most)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789._+-";
	size_t length = strlen(text);

	return length > 0 && length <= most && strspn(text, letters) == length && text[0] != '.' &&
	       text[0] != '-';
}

static enum container_status status_of(const char *word)
{
	/* createRuntime says "creating"; a prestart hook, and some runtimes always, say "created". */
	if (strcmp(word, "creating") == 0 || strcmp(word, "created") == 0)
		return CONTAINER_STARTING;
	return strcmp(word, "stopped") == 0 ? CONTAINER_STOPPED : CONTAINER_OTHER;
}

static const char *read_members(struct arena *arena, json_t *root, struct container_state *state)
{
	const char *id = json_string_value(json_object_get(root, "id"));
	const char *status = json_string_value(json_object_get(root, "status"));
	json_t *pid = json_object_get(root, "pid");
	json_t *record = json_object_get(json_object_get(root, "annotations"), RECORD_ANNOTATION);

	if (!id || !status)
		return "standard input has no \"id\" and \"status\" of a container";
	if (!is_file_name(id, ID_MAX))
		return "the container's id is no name for a file";
	if (pid && (!json_is_integer(pid) || json_integer_value(pid) < 0 ||
		    json_integer_value(pid) > INT_MAX))
		return "the container's \"pid\" is none";
	if (record &&
	    (!json_is_string(record) || !is_file_name(json_string_value(record), RECORD_NAME_MAX)))
		return "the annotation " RECORD_ANNOTATION
		       " takes a name of up to 64 letters, digits and ._+-, which begins with none "
		       "of .-";
	*state = (struct container_state){
		.id = arena_printf(arena, "%s", id),
		.status = status_of(status),
		.pid = pid ? (pid_t)json_integer_value(pid) : 0,
		.record = record ? arena_printf(arena, "%s", json_string_value(record)) : NULL,
	};
	return NULL;
}

const char *container_state_read(struct arena *arena, const char *bytes, size_t length,
				 struct container_state *state)
{
	const char *why = "standard input has no JSON of a container's state";
	json_t *root = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, NULL);

	if (json_is_object(root))
		why = read_members(arena, root, state);
	json_decref(root);
	return why;
}
