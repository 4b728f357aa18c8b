/* SPDX-License-Identifier: Apache-2.0 */
/* Calls that give a program no more than others that it was seen to make. */
#ifndef PALE_PROFILER_INFER_COMPANIONS_H
#define PALE_PROFILER_INFER_COMPANIONS_H

#include "profiler/infer/gather.h"
#include "profiler/infer/infer.h"

enum {
	COMPANIONS_MAX = 32, /* names in one class, the NULL behind them counted */
	TRIGGERS_MAX = 12,
};
/* A trigger that is no call: files were opened with O_CREAT. */
#define INFER_FILES_MADE "O_CREAT"

/*
 * Calls by the kernel's names, NULL-terminated, none of which has an argument with authority: who
 * makes one of TRIGGERS may make them all. Without triggers, the names themselves are those.
 */
struct companion_class {
	enum infer_widen level; /* and in each wider one */
	const char *names[COMPANIONS_MAX];
	const char *triggers[TRIGGERS_MAX];
};

/* NULL behind the last class. */
const struct companion_class *companion_class(size_t index);
/* Whether one of its triggers was seen on ABI. */
bool companion_class_is_triggered(const struct companion_class *class,
				  const struct observations *observations, enum abi_id abi);

/* One of NAMES (NULL-terminated) was seen on ABI, and the kernel had it. */
bool infer_saw_one(const struct observations *observations, enum abi_id abi,
		   const char *const *names);

#endif
