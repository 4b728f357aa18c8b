/* SPDX-License-Identifier: Apache-2.0 */
/* In a build without a disassembler. */
#include "profiler/static/static.h"

#include <assert.h>
#include <errno.h>

bool static_available(void)
{
	return false;
}

int static_add(struct arena *arena, struct static_evidence *evidence, const char *path,
	       const struct static_options *options, struct diags *diags)
{
	(void)arena;
	(void)evidence;
	(void)path;
	(void)options;
	(void)diags;
	assert(!"nobody asks where static_available() says no");
	return -ENOSYS;
}
