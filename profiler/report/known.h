/* SPDX-License-Identifier: Apache-2.0 */
/* What is worth asking of every policy: the tables of dangerous calls, weaknesses, and groups. */
#ifndef PALE_PROFILER_REPORT_KNOWN_H
#define PALE_PROFILER_REPORT_KNOWN_H

#include "policy-lang/catalog/call.h"

struct known_entry {
	const char *name;      /* "mounts", "CVE-2022-0185" */
	const char *reference; /* of a weakness, a commit of the kernel or a notice; else NULL */
	const char *where;     /* of a weakness, the part of the kernel; else NULL */
	const char *entry;     /* see entry.h; NULL: no filter can close it */
	const char *why;
};
extern const struct known_entry known_dangers[];
extern const size_t known_danger_count;
extern const struct known_entry known_weaknesses[];
extern const size_t known_weakness_count;

enum call_group {
#define CALL_GROUP(id, text) CALL_GROUP_##id,
#include "profiler/report/call_groups.def"
	CALL_GROUP_COUNT
};
const char *call_group_text(enum call_group group);
/* Every call of the catalogue is in one: CALL_GROUP_COUNT for one that was forgotten. */
enum call_group call_group_of(call_id call);

#endif
