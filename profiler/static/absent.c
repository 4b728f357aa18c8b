/* SPDX-License-Identifier: Apache-2.0 */
/* In a build without a disassembler. */
#include "profiler/static/static.h"

#include <assert.h>
#include <errno.h>

const char *static_unavailable(struct arena *arena)
{
	(void)arena;
	return "this pale was built without the disassembler library (capstone) that it needs";
}

int static_add(struct arena *arena, struct static_evidence *evidence, const char *path,
	       const struct static_options *options, struct diags *diags)
{
	(void)arena;
	(void)evidence;
	(void)path;
	(void)options;
	(void)diags;
	assert(!"nobody asks where static_unavailable() says why");
	return -ENOSYS;
}
