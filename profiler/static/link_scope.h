/* SPDX-License-Identifier: Apache-2.0 */
/* A program with its libraries, in the order in which the loader looks for symbols. */
#ifndef PALE_PROFILER_STATIC_LINK_SCOPE_H
#define PALE_PROFILER_STATIC_LINK_SCOPE_H

#include "profiler/static/object.h"
#include "profiler/static/static.h"

enum {
	SCOPE_OBJECTS_MAX = 1024,
};

/* Where a symbol is defined. */
struct link_scope_symbol {
	const char *name;
	uint64_t hash;
	uint32_t object, symbol;
	uint32_t next; /* the same name again, 1 above its index in `symbols`; 0 for none */
};

struct link_scope {
	VEC(struct object *) objects; /* the program first */
	size_t interpreter;           /* which of them the kernel starts; 0 for the program */
	VEC(struct link_scope_symbol) symbols;
	uint32_t *buckets; /* 1 above an index in `symbols`, or 0 */
	size_t bucket_count;
	VEC(const char *) missing;
	size_t missing_more; /* beyond STATIC_MISSING_MAX, each as often as it was needed */
};

/*
 * Loads PATH and what it needs. As static_add() returns; what was loaded until then must be given
 * back by link_scope_release() in each case.
 */
int link_scope_load(struct arena *arena, struct link_scope *scope, const char *path,
		    const struct static_options *options, struct diags *diags);
void link_scope_release(struct link_scope *scope);

/* The first definition of NAME; the others follow by `next`. NULL for none. */
const struct link_scope_symbol *link_scope_find(const struct link_scope *scope, const char *name);

#endif
