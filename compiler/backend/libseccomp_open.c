/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/backend/libseccomp.h"
#include "compiler/backend/seccomp_functions.h"

#include <dlfcn.h>
#include <errno.h>

/* The interface of versions 2.0 to 2.6; a later one may change structures. */
#define SONAME "libseccomp.so.2"

/*
 * Actions and attributes count by this level and not by what the kernel of the machine that compiles
 * has: the filter may be for another one. 4 has them all; what is above concerns loading.
 */
#define API_LEVEL 6

static int load_functions(void *handle, struct seccomp_functions *functions, const char **missing)
{
#define LOAD(name)                                                                                 \
	*(void **)&functions->name = dlsym(handle, #name);                                         \
	if (!functions->name) {                                                                    \
		*missing = #name;                                                                  \
		return -ENOENT;                                                                    \
	}
	SECCOMP_FUNCTIONS(LOAD)
#undef LOAD
	return 0;
}

int libseccomp_open(struct arena *arena, struct libseccomp *library, const char **why)
{
	struct seccomp_functions *functions = arena_alloc(arena, sizeof(*functions));
	const struct scmp_version *version;
	const char *missing;

	*library = (struct libseccomp){.handle = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL)};
	if (!library->handle) {
		const char *reason = dlerror();

		*why = arena_printf(arena, "libseccomp cannot be loaded: %s",
				    reason ? reason : SONAME);
		return -ENOENT;
	}
	if (load_functions(library->handle, functions, &missing)) {
		*why = arena_printf(arena, SONAME " is too old: it has no %s", missing);
		libseccomp_close(library);
		return -ENOENT;
	}
	version = functions->seccomp_version();
	library->functions = functions;
	library->version = arena_printf(arena, "libseccomp %u.%u.%u", version->major,
					version->minor, version->micro);
	/* A lower one is the most that an older library knows. */
	for (unsigned int level = API_LEVEL; level && functions->seccomp_api_set(level); level--)
		;
	return 0;
}

void libseccomp_close(struct libseccomp *library)
{
	if (library->handle)
		dlclose(library->handle);
	*library = (struct libseccomp){0};
}
