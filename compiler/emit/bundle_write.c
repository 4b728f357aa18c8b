/* SPDX-License-Identifier: Apache-2.0 */
/* Makes the bundle. The layout stands in runtime/bundle.h. */
#include "compiler/emit/emit.h"
#include "runtime/bundle.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void put16(struct text *out, uint16_t value)
{
	text_add_char(out, (char)(value & 0xff));
	text_add_char(out, (char)(value >> 8));
}

static void put32(struct text *out, uint32_t value)
{
	put16(out, (uint16_t)(value & 0xffff));
	put16(out, (uint16_t)(value >> 16));
}

static void put64(struct text *out, uint64_t value)
{
	put32(out, (uint32_t)value);
	put32(out, (uint32_t)(value >> 32));
}

/* Writes over four bytes that are there already. */
static void set32(struct text *out, size_t at, uint32_t value)
{
	if (out->failed)
		return;
	for (unsigned int i = 0; i < 4; i++)
		out->bytes[at + i] = (char)(value >> (8 * i) & 0xff);
}

/* One bundle while it is written. */
struct writer {
	struct text *out;
	uint32_t sections;
	uint32_t section_count;
};

static void begin_section(struct writer *writer, enum bundle_section_kind kind)
{
	size_t entry = BUNDLE_HEADER_SIZE + (size_t)writer->sections * BUNDLE_SECTION_ENTRY_SIZE;

	assert(writer->sections < writer->section_count);
	set32(writer->out, entry + BUNDLE_SECTION_AT_KIND, kind);
	set32(writer->out, entry + BUNDLE_SECTION_AT_OFFSET, (uint32_t)writer->out->length);
}

static void end_section(struct writer *writer)
{
	struct text *out = writer->out;
	size_t entry = BUNDLE_HEADER_SIZE + (size_t)writer->sections * BUNDLE_SECTION_ENTRY_SIZE;

	if (!out->failed)
		set32(out, entry + BUNDLE_SECTION_AT_SIZE,
		      (uint32_t)out->length - bundle_get32((const unsigned char *)out->bytes +
							   entry + BUNDLE_SECTION_AT_OFFSET));
	while (!out->failed && out->length % 8)
		text_add_char(out, '\0');
	writer->sections++;
}

/* A filter with the place that it gets among the others. */
struct placed_filter {
	const struct filter *filter;
	uint32_t phase;
	uint32_t machine;
};

static int compare_placed(const void *left, const void *right)
{
	const struct placed_filter *a = left, *b = right;

	if (a->phase != b->phase)
		return a->phase < b->phase ? -1 : 1;
	if (a->machine != b->machine)
		return a->machine < b->machine ? -1 : 1;
	return (int)a->filter->big_endian - (int)b->filter->big_endian;
}

static int compare_abis(const void *left, const void *right)
{
	const struct abi *const *a = left, *const *b = right;

	if ((*a)->audit_arch != (*b)->audit_arch)
		return (*a)->audit_arch < (*b)->audit_arch ? -1 : 1;
	return (*a)->number_first < (*b)->number_first ? -1 : 1;
}

static size_t filter_list_abis(const struct filter *filter, const struct abi **abis)
{
	size_t count = 0;

	for (int id = 0; id < ABI_COUNT; id++)
		if (filter->abis & ABI_BIT(id))
			abis[count++] = abi_get((enum abi_id)id);
	qsort(abis, count, sizeof(*abis), compare_abis);
	return count;
}

/* All sections, those of other kinds than filters being fewer than these. */
struct placed_filters {
	struct placed_filter items[BUNDLE_SECTIONS_MAX];
	size_t count;
};
enum {
	OTHER_SECTIONS = 4
};

/* Adds the filters of one phase to PLACED. The reason where that cannot be, or NULL. */
static const char *place_phase(const struct filter *const *filters, size_t filter_count,
			       uint32_t phase, struct placed_filters *placed)
{
	const struct abi *abis[ABI_COUNT];

	if (filter_count == 0)
		return "a bundle needs a filter";
	if (filter_count > BUNDLE_SECTIONS_MAX - OTHER_SECTIONS - placed->count)
		return "there are too many filters for one bundle";
	for (size_t i = 0; i < filter_count; i++) {
		const struct filter *filter = filters[i];
		size_t count = filter_list_abis(filter, abis);

		if (count == 0)
			return "nothing says which ABIs the filter is for";
		if (filter->count == 0 || filter->count > BUNDLE_INSTRUCTIONS_MAX)
			return "a filter has 1 to 4096 instructions";
		placed->items[placed->count++] = (struct placed_filter){
			filter, phase, bundle_arch_machine(abis[0]->audit_arch)};
	}
	return NULL;
}

/* Sorts the filters into PLACED. The reason where they do not go together, or NULL. */
static const char *place_filters(const struct bundle_contents *contents,
				 struct placed_filters *placed)
{
	const char *why = place_phase(contents->filters, contents->filter_count, 0, placed);

	for (size_t i = 0; i < contents->phase_count && !why; i++)
		why = place_phase(contents->phases[i].filters, contents->phases[i].filter_count,
				  (uint32_t)i + 1, placed);
	if (why)
		return why;
	qsort(placed->items, placed->count, sizeof(*placed->items), compare_placed);
	for (size_t i = 1; i < placed->count; i++)
		if (compare_placed(&placed->items[i - 1], &placed->items[i]) == 0)
			return "two filters are for the same kind of machine";
	return NULL;
}

static void put_filter(struct writer *writer, const struct placed_filter *placed)
{
	const struct filter *filter = placed->filter;
	const struct abi *abis[ABI_COUNT];
	size_t count = filter_list_abis(filter, abis);
	struct text *out = writer->out;

	begin_section(writer, BUNDLE_SECTION_FILTER);
	put32(out, placed->machine);
	put32(out, filter->big_endian);
	put32(out, (uint32_t)count);
	put32(out, filter->count);
	put32(out, filter->patch_count);
	put32(out, placed->phase);
	for (size_t i = 0; i < count; i++) {
		put32(out, abis[i]->audit_arch);
		put32(out, abis[i]->number_first);
		put32(out, abis[i]->number_last);
		put32(out, 0);
	}
	for (uint32_t i = 0; i < filter->count; i++) {
		put16(out, filter->instructions[i].code);
		text_add_char(out, (char)filter->instructions[i].jt);
		text_add_char(out, (char)filter->instructions[i].jf);
		put32(out, filter->instructions[i].k);
	}
	for (uint32_t i = 0; i < filter->patch_count; i++) {
		put32(out, filter->patches[i].instruction);
		put16(out, (uint16_t)(2 * filter->patches[i].load + filter->patches[i].high));
		put16(out, filter->loads[filter->patches[i].load].bits);
	}
	end_section(writer);
}

static const char *check_lists(const struct sandbox *sandbox)
{
	bool user = sandbox->namespaces & BUNDLE_NAMESPACE_USER;

	if (!user && (sandbox->uid_maps.count || sandbox->gid_maps.count))
		return "maps of ids need a user namespace";
	if (sandbox->uid_maps.count > BUNDLE_MAPS_MAX || sandbox->gid_maps.count > BUNDLE_MAPS_MAX)
		return "a map of ids has at most 100 ranges";
	if (sandbox->limits.count > BUNDLE_LIMITS_MAX)
		return "a resource is limited twice";
	if (sandbox->groups.count > BUNDLE_GROUPS_MAX)
		return "there are at most 1024 groups";
	if (sandbox->hostname && !*sandbox->hostname)
		return "the host name is empty";
	if (sandbox->hostname && strlen(sandbox->hostname) > BUNDLE_HOSTNAME_MAX)
		return "a host name has at most 64 bytes";
	return NULL;
}

static void put_map(struct text *out, const struct id_map *map)
{
	put32(out, map->inside);
	put32(out, map->outside);
	put32(out, map->count);
	put32(out, (map->outside_self ? BUNDLE_MAP_OUTSIDE_SELF : 0) |
			   (map->inside_self ? BUNDLE_MAP_INSIDE_SELF : 0));
}

/* The maps as given, or the runner's own id, so that files keep their owner inside. */
static void put_maps(struct text *out, const struct id_map *maps, size_t count, bool user)
{
	static const struct id_map self = {.count = 1, .outside_self = true, .inside_self = true};

	for (size_t i = 0; i < count; i++)
		put_map(out, &maps[i]);
	if (user && count == 0)
		put_map(out, &self);
}

static int compare_limits(const void *left, const void *right)
{
	const struct resource_limit *a = left, *b = right;

	return a->resource < b->resource ? -1 : a->resource > b->resource;
}

static void put_limits(struct text *out, const struct sandbox *sandbox)
{
	struct resource_limit limits[BUNDLE_LIMITS_MAX];

	if (sandbox->limits.count == 0)
		return;
	memcpy(limits, sandbox->limits.items, sandbox->limits.count * sizeof(limits[0]));
	qsort(limits, sandbox->limits.count, sizeof(limits[0]), compare_limits);
	for (size_t i = 0; i < sandbox->limits.count; i++) {
		put32(out, limits[i].resource);
		put32(out, 0);
		put64(out, limits[i].soft);
		put64(out, limits[i].hard);
	}
}

/* Whether the map holds the runner's own id and nothing else, for which nobody needs privileges. */
static bool map_is_own(const struct id_map *maps, size_t count)
{
	return count == 0 || (count == 1 && maps[0].outside_self);
}

/*
 * Whoever becomes another user keeps none of the groups that were meant for the old one, unless
 * the policy lists them. With the runner's own ids alone in a user namespace there is no other user
 * to become, and the kernel lets nobody set groups; for other maps it wants CAP_SETGID anyway.
 */
static bool sets_groups(const struct sandbox *sandbox)
{
	bool own = (sandbox->namespaces & BUNDLE_NAMESPACE_USER) &&
		   map_is_own(sandbox->uid_maps.items, sandbox->uid_maps.count) &&
		   map_is_own(sandbox->gid_maps.items, sandbox->gid_maps.count);

	return sandbox->has_groups || ((sandbox->has_user || sandbox->has_group) && !own);
}

static void put_sandbox(struct writer *writer, const struct sandbox *sandbox)
{
	bool user = sandbox->namespaces & BUNDLE_NAMESPACE_USER;
	size_t group_count = sandbox->has_groups ? sandbox->groups.count : 0;
	struct text *out = writer->out;

	begin_section(writer, BUNDLE_SECTION_SANDBOX);
	put32(out, sandbox->namespaces);
	put32(out, (sandbox->has_capabilities ? BUNDLE_SANDBOX_CAPABILITIES : 0) |
			   (sandbox->has_user ? BUNDLE_SANDBOX_USER : 0) |
			   (sandbox->has_group ? BUNDLE_SANDBOX_GROUP : 0) |
			   (sets_groups(sandbox) ? BUNDLE_SANDBOX_GROUPS : 0));
	put64(out, sandbox->has_capabilities ? sandbox->capabilities : 0);
	put32(out, sandbox->has_user ? sandbox->user : 0);
	put32(out, sandbox->has_group ? sandbox->group : 0);
	put32(out, user && !sandbox->uid_maps.count ? 1 : (uint32_t)sandbox->uid_maps.count);
	put32(out, user && !sandbox->gid_maps.count ? 1 : (uint32_t)sandbox->gid_maps.count);
	put32(out, (uint32_t)sandbox->limits.count);
	put32(out, (uint32_t)group_count);
	put32(out, sandbox->hostname ? (uint32_t)strlen(sandbox->hostname) : 0);
	put32(out, 0);
	put_maps(out, sandbox->uid_maps.items, sandbox->uid_maps.count, user);
	put_maps(out, sandbox->gid_maps.items, sandbox->gid_maps.count, user);
	put_limits(out, sandbox);
	for (size_t i = 0; i < group_count; i++)
		put32(out, sandbox->groups.items[i]);
	if (sandbox->hostname)
		text_add_string(out, sandbox->hostname);
	end_section(writer);
}

/* In the fixed size that names of values and of phases have. */
static void put_fixed_name(struct text *out, const char *name)
{
	size_t length = strlen(name);

	text_add_string(out, name);
	while (!out->failed && length++ < BUNDLE_LOAD_SIZE)
		text_add_char(out, '\0');
}

static void put_loads(struct writer *writer, const struct filter *filter)
{
	begin_section(writer, BUNDLE_SECTION_LOADS);
	for (uint32_t i = 0; i < filter->load_count; i++)
		put_fixed_name(writer->out, filter->loads[i].name);
	end_section(writer);
}

static void put_phases(struct writer *writer, const struct bundle_contents *contents)
{
	begin_section(writer, BUNDLE_SECTION_PHASES);
	for (size_t i = 0; i < contents->phase_count; i++)
		put_fixed_name(writer->out, contents->phases[i].name);
	end_section(writer);
}

static void put_bundle(const struct bundle_contents *contents, const struct placed_filters *placed,
		       struct writer *writer)
{
	struct text *out = writer->out;

	text_add(out, BUNDLE_MAGIC, 8);
	put32(out, BUNDLE_VERSION);
	put32(out, 0); /* size and checksum come last */
	put32(out, 0);
	put32(out, writer->section_count);
	put64(out, 0);
	for (uint32_t i = 0; i < writer->section_count * BUNDLE_SECTION_ENTRY_SIZE; i++)
		text_add_char(out, '\0');
	if (contents->name && *contents->name) {
		begin_section(writer, BUNDLE_SECTION_NAME);
		text_add_string(out, contents->name);
		end_section(writer);
	}
	for (size_t i = 0; i < placed->count; i++)
		put_filter(writer, &placed->items[i]);
	if (contents->sandbox)
		put_sandbox(writer, contents->sandbox);
	if (contents->filters[0]->load_count)
		put_loads(writer, contents->filters[0]);
	if (contents->phase_count)
		put_phases(writer, contents);
}

int bundle_write(const struct bundle_contents *contents, struct text *out, const char **why)
{
	struct placed_filters placed = {.count = 0};
	struct text whole = {0};
	struct writer writer = {.out = &whole};
	struct bundle_view view;
	uint32_t size;

	*why = place_filters(contents, &placed);
	if (!*why && contents->sandbox)
		*why = check_lists(contents->sandbox);
	if (*why)
		return -EINVAL;
	writer.section_count =
		(uint32_t)placed.count + (contents->name && *contents->name ? 1 : 0) +
		(contents->sandbox ? 1 : 0) + (contents->filters[0]->load_count ? 1 : 0) +
		(contents->phase_count ? 1 : 0);
	put_bundle(contents, &placed, &writer);
	if (whole.failed) {
		text_release(&whole);
		return -ENOMEM;
	}
	size = (uint32_t)whole.length;
	set32(&whole, BUNDLE_AT_SIZE, size);
	set32(&whole, BUNDLE_AT_CRC, bundle_crc((const unsigned char *)whole.bytes, size));
	/* What pale-run would refuse is never written; realloc() aligns for its check. */
	*why = bundle_check((const unsigned char *)whole.bytes, size, &view);
	if (!*why)
		text_add(out, whole.bytes, whole.length);
	text_release(&whole);
	if (*why)
		return -EINVAL;
	return out->failed ? -ENOMEM : 0;
}
