/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes as a program without libraries: whatever they are, the analysis ends, and says or finds. */
#include "profiler/static/static.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
	STEPS = 1 << 18,
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static int analyse(struct arena *arena, const char *path)
{
	const struct static_options options = {.steps = STEPS, .sysroot = "/nowhere"};
	struct static_evidence evidence = {0};
	struct sources sources = {.arena = arena};
	struct diags diags = {.arena = arena, .sources = &sources};
	int error = static_add(arena, &evidence, path, &options, &diags);

	if (error == -ENOEXEC && !diags.errors)
		abort();
	if (error == 0 && evidence.programs.count != 1)
		abort();
	for (size_t i = 0; i < evidence.calls.count; i++)
		if (!evidence.calls.items[i]->sites.count)
			abort();
	return error;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct arena arena;
	char path[64];
	int fd = memfd_create("program", MFD_CLOEXEC);

	if (fd < 0 || arena_init(&arena) < 0)
		abort();
	if (write(fd, bytes, length) != (ssize_t)length)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (!static_unavailable(&arena))
		analyse(&arena, path);
	arena_release(&arena);
	close(fd);
	return 0;
}
