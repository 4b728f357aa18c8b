/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/scope.h"

#include <assert.h>
#include <string.h>

enum {
	SCOPE_BUCKETS = 1024
};

static size_t name_bucket(const char *name)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (const char *at = name; *at; at++)
		hash = (hash ^ (unsigned char)*at) * 16777619u;
	return (hash ^ hash >> 16) % SCOPE_BUCKETS;
}

const struct binding *scope_find(const struct scope *scope, const char *name, bool group)
{
	const struct binding *binding;

	if (!scope->buckets)
		return NULL;
	for (binding = scope->buckets[name_bucket(name)]; binding; binding = binding->next)
		if ((binding->kind == BINDING_GROUP) == group && strcmp(binding->name, name) == 0)
			return binding;
	return NULL;
}

struct binding *scope_add(struct scope *scope, struct arena *arena, enum binding_kind kind,
			  const char *name, struct span span)
{
	struct binding *binding = arena_alloc(arena, sizeof(*binding));
	struct binding **bucket;

	assert(!scope_find(scope, name, kind == BINDING_GROUP));
	if (!scope->buckets)
		scope->buckets = arena_alloc_array(arena, SCOPE_BUCKETS, sizeof(*scope->buckets));
	bucket = &scope->buckets[name_bucket(name)];
	binding->kind = kind;
	binding->name = name;
	binding->span = span;
	binding->next = *bucket;
	binding->older = scope->newest;
	*bucket = binding;
	scope->newest = binding;
	return binding;
}

void scope_reset(struct scope *scope, struct binding *mark)
{
	while (scope->newest != mark) {
		struct binding *binding = scope->newest;
		struct binding **bucket = &scope->buckets[name_bucket(binding->name)];

		/* The newest of all is the newest of its bucket. */
		assert(*bucket == binding);
		*bucket = binding->next;
		scope->newest = binding->older;
	}
}
