/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a bundle back, for the tools that show, simulate and run it. */
#include "compiler/emit/emit.h"
#include "runtime/bundle.h"

#include <errno.h>
#include <string.h>

bool bundle_recognise(const void *bytes, size_t size)
{
	return size >= 8 && memcmp(bytes, BUNDLE_MAGIC, 8) == 0;
}

static const char *read_abis(const struct bundle_filter *from, struct filter *to)
{
	for (uint32_t i = 0; i < from->abi_count; i++) {
		const unsigned char *at = from->abis + (size_t)i * BUNDLE_ABI_SIZE;
		uint32_t first = bundle_get32(at + BUNDLE_ABI_AT_FIRST);
		const struct abi *abi = abi_identify(bundle_get32(at + BUNDLE_ABI_AT_ARCH), first);

		if (!abi || abi->number_first != first ||
		    abi->number_last != bundle_get32(at + BUNDLE_ABI_AT_LAST) ||
		    abi->big_endian != from->big_endian)
			return "a filter serves an ABI that is not known here";
		to->abis |= ABI_BIT(abi->id);
	}
	return NULL;
}

/* The values that are given at load have names that all filters share, and widths of their own. */
static void read_patches(struct arena *arena, const struct bundle_view *view,
			 const struct bundle_filter *from, struct filter *to)
{
	struct filter_load *loads = arena_alloc_array(arena, view->load_count + 1, sizeof(*loads));
	struct filter_patch *patches =
		arena_alloc_array(arena, from->patch_count + 1, sizeof(*patches));

	for (uint32_t i = 0; i < view->load_count; i++)
		loads[i] = (struct filter_load){
			(const char *)arena_copy(arena, view->loads + (size_t)i * BUNDLE_LOAD_SIZE,
						 BUNDLE_LOAD_SIZE),
			64};
	for (uint32_t i = 0; i < from->patch_count; i++) {
		const unsigned char *at = from->patches + (size_t)i * BUNDLE_PATCH_SIZE;
		uint32_t load = bundle_get16(at + BUNDLE_PATCH_AT_LOAD);

		patches[i] = (struct filter_patch){bundle_get32(at + BUNDLE_PATCH_AT_INSTRUCTION),
						   load / 2, load & 1};
		loads[load / 2].bits = (uint8_t)bundle_get16(at + BUNDLE_PATCH_AT_BITS);
	}
	to->loads = loads;
	to->load_count = view->load_count;
	to->patches = patches;
	to->patch_count = from->patch_count;
}

static const char *read_filter(struct arena *arena, const struct bundle_view *view,
			       const struct bundle_filter *from, struct filter *to)
{
	to->big_endian = from->big_endian;
	to->count = from->instruction_count;
	to->instructions = arena_alloc_array(arena, to->count, sizeof(*to->instructions));
	for (uint32_t i = 0; i < to->count; i++) {
		const unsigned char *at = from->instructions + (size_t)i * BUNDLE_INSTRUCTION_SIZE;

		to->instructions[i] = (struct sock_filter){
			.code = bundle_get16(at + BUNDLE_INSTRUCTION_AT_CODE),
			.jt = at[BUNDLE_INSTRUCTION_AT_JT],
			.jf = at[BUNDLE_INSTRUCTION_AT_JF],
			.k = bundle_get32(at + BUNDLE_INSTRUCTION_AT_K),
		};
	}
	read_patches(arena, view, from, to);
	return read_abis(from, to);
}

/* What runs a filter here relies on it to be one that the kernel takes, which a bundle may not be. */
static const char *check_filter(struct arena *arena, const struct filter *filter)
{
	const char *why;
	uint32_t at;

	if (filter_check(filter, &at, &why) == 0)
		return NULL;
	return arena_printf(arena, "in a filter, instruction %u: %s", at, why);
}

static struct id_map read_map(const unsigned char *at)
{
	uint32_t flags = bundle_get32(at + BUNDLE_MAP_AT_FLAGS);

	return (struct id_map){
		.inside = bundle_get32(at + BUNDLE_MAP_AT_INSIDE),
		.outside = bundle_get32(at + BUNDLE_MAP_AT_OUTSIDE),
		.count = bundle_get32(at + BUNDLE_MAP_AT_COUNT),
		.outside_self = flags & BUNDLE_MAP_OUTSIDE_SELF,
		.inside_self = flags & BUNDLE_MAP_INSIDE_SELF,
	};
}

static struct resource_limit read_limit(const unsigned char *at)
{
	return (struct resource_limit){
		.resource = bundle_get32(at + BUNDLE_LIMIT_AT_RESOURCE),
		.soft = bundle_get64(at + BUNDLE_LIMIT_AT_SOFT),
		.hard = bundle_get64(at + BUNDLE_LIMIT_AT_HARD),
	};
}

static struct sandbox *read_sandbox(struct arena *arena, const struct bundle_view *view)
{
	struct sandbox *sandbox = arena_alloc(arena, sizeof(*sandbox));

	sandbox->namespaces = view->namespaces;
	for (uint32_t i = 0; i < view->uid_map_count; i++)
		*VEC_PUSH(arena, &sandbox->uid_maps) =
			read_map(view->uid_maps + (size_t)i * BUNDLE_MAP_SIZE);
	for (uint32_t i = 0; i < view->gid_map_count; i++)
		*VEC_PUSH(arena, &sandbox->gid_maps) =
			read_map(view->gid_maps + (size_t)i * BUNDLE_MAP_SIZE);
	if (view->hostname_length)
		sandbox->hostname = arena_copy(arena, view->hostname, view->hostname_length);
	sandbox->has_capabilities = view->flags & BUNDLE_SANDBOX_CAPABILITIES;
	sandbox->capabilities = view->capabilities;
	for (uint32_t i = 0; i < view->limit_count; i++)
		*VEC_PUSH(arena, &sandbox->limits) =
			read_limit(view->limits + (size_t)i * BUNDLE_LIMIT_SIZE);
	sandbox->has_user = view->flags & BUNDLE_SANDBOX_USER;
	sandbox->user = view->user;
	sandbox->has_group = view->flags & BUNDLE_SANDBOX_GROUP;
	sandbox->group = view->group;
	sandbox->has_groups = view->flags & BUNDLE_SANDBOX_GROUPS;
	for (uint32_t i = 0; i < view->group_count; i++)
		*VEC_PUSH(arena, &sandbox->groups) = bundle_get32(view->groups + (size_t)i * 4);
	return sandbox;
}

/* EACH has as many of FILTERS as the first phase, whose stand in front. */
static const struct bundle_phase *read_phases(struct arena *arena, const struct bundle_view *view,
					      const struct filter *const *filters, size_t each)
{
	struct bundle_phase *phases =
		arena_alloc_array(arena, view->phase_count + 1, sizeof(*phases));

	for (uint32_t i = 0; i < view->phase_count; i++)
		phases[i] = (struct bundle_phase){
			(const char *)arena_copy(arena,
						 view->phases + (size_t)i * BUNDLE_PHASE_SIZE,
						 BUNDLE_PHASE_SIZE),
			filters + (i + 1) * each, each};
	return phases;
}

int bundle_read(struct arena *arena, const void *bytes, size_t size,
		struct bundle_contents *contents, const char **why)
{
	struct bundle_view view;
	const struct filter **filters;
	unsigned char *copy;

	*contents = (struct bundle_contents){0};
	if (size > BUNDLE_SIZE_MAX) {
		*why = "it is too large";
		return -EINVAL;
	}
	/* The check wants its bytes aligned, which the caller's may not be. */
	copy = arena_alloc(arena, size + 1);
	if (size)
		memcpy(copy, bytes, size);
	*why = bundle_check(copy, (uint32_t)size, &view);
	if (*why)
		return -EINVAL;
	filters = arena_alloc_array(arena, view.filter_count, sizeof(*filters));
	/* The check has seen that each phase has as many as the first. */
	contents->filter_count = view.filter_count / (view.phase_count + 1);
	for (uint32_t i = 0; i < view.filter_count; i++) {
		struct filter *filter = arena_alloc(arena, sizeof(*filter));

		*why = read_filter(arena, &view, &view.filters[i], filter);
		if (!*why)
			*why = check_filter(arena, filter);
		if (*why)
			return -EINVAL;
		filters[i] = filter;
	}
	if (view.name)
		contents->name = arena_copy(arena, view.name, view.name_length);
	contents->filters = filters;
	contents->phase_count = view.phase_count;
	contents->phases = read_phases(arena, &view, filters, contents->filter_count);
	if (view.has_sandbox)
		contents->sandbox = read_sandbox(arena, &view);
	return 0;
}
