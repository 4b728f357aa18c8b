/* SPDX-License-Identifier: Apache-2.0 */
/* What a few calls hide behind a pointer, where no filter sees it but a recorder can. */
#include "profiler/recorder/recorder.h"

#include <string.h>

/* struct clone_args of <linux/sched.h>: flags 0, exit_signal 32, set_tid_size 72. */
static const struct behind_field clone3_fields[] = {
	{"flags", ARG_FLAGS, 0, 1, 0},
	{"exit_signal", ARG_VALUE, 0, 1, 32},
	{"set_tid_size", ARG_OPAQUE, 0, 1, 72},
};

/* struct open_how of <linux/openat2.h>: flags 0, mode 8, resolve 16. */
static const struct behind_field openat2_fields[] = {
	{"flags", ARG_FLAGS, 2, 3, 0},
	{"mode", ARG_OPAQUE, 2, 3, 8},
	{"resolve", ARG_FLAGS, 2, 3, 16},
};

const struct behind_field *call_behind(call_id call, unsigned int *count)
{
	const char *name = call_get(call)->name;

	if (strcmp(name, "clone3") == 0) {
		*count = sizeof(clone3_fields) / sizeof(clone3_fields[0]);
		return clone3_fields;
	}
	if (strcmp(name, "openat2") == 0) {
		*count = sizeof(openat2_fields) / sizeof(openat2_fields[0]);
		return openat2_fields;
	}
	*count = 0;
	return NULL;
}
