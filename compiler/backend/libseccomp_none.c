/* SPDX-License-Identifier: Apache-2.0 */
/* For a pale that was built where libseccomp was not. */
#include "compiler/backend/libseccomp.h"

#include <assert.h>
#include <errno.h>

int libseccomp_open(struct arena *arena, struct libseccomp *library, const char **why)
{
	(void)arena;
	*library = (struct libseccomp){0};
	*why = "this pale was built without libseccomp";
	return -ENOSYS;
}

void libseccomp_close(struct libseccomp *library)
{
	*library = (struct libseccomp){0};
}

struct filter *libseccomp_compile(struct arena *arena, const struct libseccomp *library,
				  const struct policy_rules *rules, enum libseccomp_level level,
				  struct diags *diags)
{
	(void)arena;
	(void)library;
	(void)rules;
	(void)level;
	(void)diags;
	assert(!"a library that was never opened");
	return NULL;
}
