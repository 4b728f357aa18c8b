/* SPDX-License-Identifier: Apache-2.0 */
/* Where the loader looks for a library; ld.so(8) has the order. */
#ifndef PALE_PROFILER_STATIC_SEARCH_H
#define PALE_PROFILER_STATIC_SEARCH_H

#include "profiler/static/image.h"
#include "profiler/static/static.h"

struct search {
	struct arena *arena;
	const struct static_options *options;
	uint16_t machine;
	VEC(const char *) folders; /* of the whole system, the sysroot before them */
	size_t tries;
	bool exhausted; /* too many files were looked for: nothing is found any more */
};

/* Reads the system's list of folders. */
void search_begin(struct search *search);
/* PATH behind the sysroot. */
const char *search_rooted(const struct search *search, const char *path);
/*
 * The file that NAME, needed by NEEDER, stands for; NULL where none of the machine is found. PROGRAM
 * is the one whose RPATH counts for its libraries too.
 */
const char *search_library(struct search *search, const char *name, const struct image *needer,
			   const struct image *program);

#endif
