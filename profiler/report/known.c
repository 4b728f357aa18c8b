/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/report/known.h"

#include <stdlib.h>
#include <string.h>

const struct known_entry known_dangers[] = {
#define DANGER(name, entry, why) {name, NULL, NULL, entry, why},
#include "profiler/dangers.def"
#undef DANGER
};
const size_t known_danger_count = sizeof(known_dangers) / sizeof(known_dangers[0]);

const struct known_entry known_weaknesses[] = {
#define VULNERABILITY(name, reference, where, entry, why) {name, reference, where, entry, why},
#include "profiler/report/vulnerabilities.def"
#undef VULNERABILITY
};
const size_t known_weakness_count = sizeof(known_weaknesses) / sizeof(known_weaknesses[0]);

static const char *const group_texts[CALL_GROUP_COUNT] = {
#define CALL_GROUP(id, text) [CALL_GROUP_##id] = (text),
#include "profiler/report/call_groups.def"
};

struct call_in_group {
	const char *name;
	enum call_group group;
};
static const struct call_in_group calls[] = {
#define CALL_IN(id, call) {#call, CALL_GROUP_##id},
#include "profiler/report/call_groups.def"
};

const char *call_group_text(enum call_group group)
{
	return group_texts[group];
}

static int compare(const void *name, const void *entry)
{
	return strcmp(name, ((const struct call_in_group *)entry)->name);
}

enum call_group call_group_of(call_id call)
{
	const struct call_in_group *found =
		bsearch(call_get(call)->name, calls, sizeof(calls) / sizeof(calls[0]),
			sizeof(calls[0]), compare);

	return found ? found->group : CALL_GROUP_COUNT;
}
