/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/shim_find.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

static const char *shim_beside(struct arena *arena)
{
	char self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self));
	const char *slash;

	if (length <= 0 || (size_t)length == sizeof(self))
		return NULL;
	slash = memrchr(self, '/', (size_t)length);
	if (!slash)
		return NULL;
	return arena_printf(arena, "%.*s/pale-run", (int)(slash - self), self);
}

const char *shim_find(struct arena *arena)
{
	const char *beside = shim_beside(arena);

	if (beside && access(beside, X_OK) == 0)
		return beside;
	return access(PALE_BINDIR "/pale-run", X_OK) == 0 ? PALE_BINDIR "/pale-run" : NULL;
}
