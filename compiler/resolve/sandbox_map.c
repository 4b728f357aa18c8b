/* SPDX-License-Identifier: Apache-2.0 */
/* `uid map INSIDE to OUTSIDE|self [count N];` and the same for gid. */
#include "compiler/resolve/report.h"
#include "compiler/resolve/sandbox_resolve.h"
#include "runtime/bundle.h"

/* Whether [a, a + a_count) and [b, b + b_count) share an id. */
static bool ids_overlap(uint32_t a, uint32_t a_count, uint32_t b, uint32_t b_count)
{
	return a < (uint64_t)b + b_count && b < (uint64_t)a + a_count;
}

static bool maps_overlap(const struct id_map *a, const struct id_map *b)
{
	if (ids_overlap(a->inside, a->count, b->inside, b->count))
		return true;
	/* Whose id "self" is, nobody knows yet; but it is one. */
	if (a->outside_self || b->outside_self)
		return a->outside_self && b->outside_self;
	return ids_overlap(a->outside, a->count, b->outside, b->count);
}

/* The count, 1 where none is written; no id may be (uid_t)-1. */
static bool read_count(struct setting_reader *reader, struct id_map *map)
{
	struct span span = setting_next_span(reader);
	uint32_t highest = map->inside;
	uint64_t count = 1;

	if (!map->outside_self && map->outside > highest)
		highest = map->outside;
	if (setting_take_word(reader, "count")) {
		span = setting_next_span(reader);
		if (!setting_read_number(reader, UINT32_MAX, "how many ids", &count))
			return false;
	}
	map->count = (uint32_t)count;
	if (count >= 1 && count <= UINT32_MAX - highest && (count == 1 || !map->outside_self))
		return true;
	resolver_error(reader->resolver, DIAG_SETTING_VALUE, span,
		       map->outside_self && count ? "`self` is one id"
		       : count                    ? "the ids end at 4294967294"
						  : "a map has one id at least");
	return false;
}

static bool read_id_map(struct setting_reader *reader, struct id_map *map)
{
	uint64_t inside, outside = 0;

	if (!setting_take_word(reader, "map")) {
		setting_report_wanted(reader, "`map`");
		return false;
	}
	if (!setting_read_number(reader, UINT32_MAX - 1, "the first id inside", &inside))
		return false;
	if (!setting_take_word(reader, "to")) {
		setting_report_wanted(reader, "`to`");
		return false;
	}
	map->outside_self = setting_take_word(reader, "self");
	if (!map->outside_self && !setting_read_number(reader, UINT32_MAX - 1,
						       "`self` or the first id outside", &outside))
		return false;
	map->inside = (uint32_t)inside;
	map->outside = (uint32_t)outside;
	return read_count(reader, map) && setting_read_end(reader);
}

void sandbox_read_map(struct setting_reader *reader, struct sandbox *sandbox, bool is_group)
{
	size_t count = is_group ? sandbox->gid_maps.count : sandbox->uid_maps.count;
	const struct id_map *maps = is_group ? sandbox->gid_maps.items : sandbox->uid_maps.items;
	struct id_map map = {0};

	if (!read_id_map(reader, &map))
		return;
	if (count == BUNDLE_MAPS_MAX) {
		resolver_error(reader->resolver, DIAG_LIMIT, reader->setting->span,
			       "a sandbox has %d maps at most", BUNDLE_MAPS_MAX);
		return;
	}
	for (size_t i = 0; i < count; i++)
		if (maps_overlap(&maps[i], &map)) {
			resolver_error(reader->resolver, DIAG_DUPLICATE, reader->setting->span,
				       "this map shares ids with one above it");
			return;
		}
	if (is_group)
		*VEC_PUSH(reader->resolver->arena, &sandbox->gid_maps) = map;
	else
		*VEC_PUSH(reader->resolver->arena, &sandbox->uid_maps) = map;
}

bool sandbox_has_id(const struct id_map *maps, size_t count, uint32_t inside)
{
	for (size_t i = 0; i < count; i++)
		if (ids_overlap(maps[i].inside, maps[i].count, inside, 1))
			return true;
	return false;
}
