/* SPDX-License-Identifier: Apache-2.0 */
/* The one reading of a bundle: pale-run's and the tools'. Freestanding. */
#include "runtime/bundle.h"

static uint32_t round_up(uint32_t size)
{
	return (size + 7) & ~(uint32_t)7;
}

static const char *check_text(const unsigned char *text, uint32_t length)
{
	for (uint32_t i = 0; i < length; i++)
		if (text[i] < 0x20 || text[i] == 0x7f)
			return "a name in it has a control character";
	return NULL;
}

static const char *check_name(const unsigned char *bytes, uint32_t size, struct bundle_view *view)
{
	if (view->name)
		return "it has two names";
	if (size > BUNDLE_NAME_MAX)
		return "its name is too long";
	view->name = bytes;
	view->name_length = size;
	return check_text(bytes, size);
}

static const char *check_abis(const struct bundle_filter *filter)
{
	for (uint32_t i = 0; i < filter->abi_count; i++) {
		const unsigned char *abi = filter->abis + i * BUNDLE_ABI_SIZE;
		const unsigned char *before = abi - BUNDLE_ABI_SIZE;
		uint32_t arch = bundle_get32(abi + BUNDLE_ABI_AT_ARCH);
		uint32_t first = bundle_get32(abi + BUNDLE_ABI_AT_FIRST);

		if (bundle_arch_machine(arch) != filter->machine ||
		    bundle_arch_big_endian(arch) != filter->big_endian)
			return "a filter serves an ABI of another machine";
		if (first > bundle_get32(abi + BUNDLE_ABI_AT_LAST) ||
		    bundle_get32(abi + BUNDLE_ABI_AT_RESERVED))
			return "a filter's ABI is malformed";
		if (i == 0)
			continue;
		if (arch < bundle_get32(before + BUNDLE_ABI_AT_ARCH) ||
		    (arch == bundle_get32(before + BUNDLE_ABI_AT_ARCH) &&
		     first <= bundle_get32(before + BUNDLE_ABI_AT_LAST)))
			return "a filter's ABIs are not in order";
	}
	return NULL;
}

/* By phase, then machine, then byte order. */
static bool filters_ordered(const struct bundle_filter *first, const struct bundle_filter *second)
{
	if (first->phase != second->phase)
		return first->phase < second->phase;
	if (first->machine != second->machine)
		return first->machine < second->machine;
	return first->big_endian < second->big_endian;
}

static const char *check_filter(const unsigned char *bytes, uint32_t size, struct bundle_view *view)
{
	struct bundle_filter *filter = &view->filters[view->filter_count];
	uint32_t machine, order;

	if (size < BUNDLE_FILTER_HEAD_SIZE)
		return "a filter is cut short";
	machine = bundle_get32(bytes + BUNDLE_FILTER_AT_MACHINE);
	order = bundle_get32(bytes + BUNDLE_FILTER_AT_BYTE_ORDER);
	filter->abi_count = bundle_get32(bytes + BUNDLE_FILTER_AT_ABI_COUNT);
	filter->instruction_count = bundle_get32(bytes + BUNDLE_FILTER_AT_INSTRUCTION_COUNT);
	/* The lesser number of a family is none. */
	if (machine == 0 || machine > UINT16_MAX || bundle_arch_machine(machine) != machine ||
	    order > 1)
		return "a filter is for an unknown kind of machine";
	filter->patch_count = bundle_get32(bytes + BUNDLE_FILTER_AT_PATCH_COUNT);
	filter->phase = bundle_get32(bytes + BUNDLE_FILTER_AT_PHASE);
	if (filter->abi_count == 0 || filter->abi_count > BUNDLE_ABIS_MAX)
		return "a filter's number of ABIs is out of range";
	if (filter->instruction_count == 0 || filter->instruction_count > BUNDLE_INSTRUCTIONS_MAX)
		return "a filter's number of instructions is out of range";
	if (filter->patch_count > filter->instruction_count)
		return "a filter's number of patches is out of range";
	if (size != BUNDLE_FILTER_HEAD_SIZE + filter->abi_count * BUNDLE_ABI_SIZE +
			    filter->instruction_count * BUNDLE_INSTRUCTION_SIZE +
			    filter->patch_count * BUNDLE_PATCH_SIZE)
		return "a filter's size does not fit its contents";
	filter->machine = machine;
	filter->big_endian = order == 1;
	filter->abis = bytes + BUNDLE_FILTER_HEAD_SIZE;
	filter->instructions = filter->abis + filter->abi_count * BUNDLE_ABI_SIZE;
	filter->patches =
		filter->instructions + filter->instruction_count * BUNDLE_INSTRUCTION_SIZE;
	if (view->filter_count > 0 && !filters_ordered(&filter[-1], filter))
		return "its filters are not in order";
	view->filter_count++;
	return check_abis(filter);
}

static const char *check_maps(const unsigned char *maps, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		const unsigned char *map = maps + i * BUNDLE_MAP_SIZE;
		uint32_t inside = bundle_get32(map + BUNDLE_MAP_AT_INSIDE);
		uint32_t outside = bundle_get32(map + BUNDLE_MAP_AT_OUTSIDE);
		uint32_t length = bundle_get32(map + BUNDLE_MAP_AT_COUNT);
		uint32_t flags = bundle_get32(map + BUNDLE_MAP_AT_FLAGS);

		/* The kernel wants neither end to wrap, nor the id (uid_t)-1 in a map. */
		if (length == 0 || length > UINT32_MAX - inside || length > UINT32_MAX - outside)
			return "a map of ids is out of range";
		if ((flags & ~(uint32_t)BUNDLE_MAP_FLAGS) || (flags && length != 1) ||
		    ((flags & BUNDLE_MAP_INSIDE_SELF) && inside) ||
		    ((flags & BUNDLE_MAP_OUTSIDE_SELF) && outside))
			return "a map of ids is malformed";
	}
	return NULL;
}

static const char *check_limits(const unsigned char *limits, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		const unsigned char *limit = limits + i * BUNDLE_LIMIT_SIZE;
		uint32_t resource = bundle_get32(limit + BUNDLE_LIMIT_AT_RESOURCE);

		if (resource >= BUNDLE_LIMITS_MAX ||
		    bundle_get32(limit + BUNDLE_LIMIT_AT_RESERVED) ||
		    bundle_get64(limit + BUNDLE_LIMIT_AT_SOFT) >
			    bundle_get64(limit + BUNDLE_LIMIT_AT_HARD))
			return "a resource limit is malformed";
		if (i > 0 &&
		    resource <= bundle_get32(limit - BUNDLE_LIMIT_SIZE + BUNDLE_LIMIT_AT_RESOURCE))
			return "its resource limits are not in order";
	}
	return NULL;
}

/* Fields that make no sense together, or would change the machine around the sandbox. */
static const char *check_sandbox_sense(const struct bundle_view *view)
{
	uint32_t flags = view->flags;
	bool user = view->namespaces & BUNDLE_NAMESPACE_USER;

	if (view->namespaces & ~(uint32_t)BUNDLE_NAMESPACES)
		return "it wants an unknown namespace";
	if (flags & ~(uint32_t)BUNDLE_SANDBOX_FLAGS)
		return "its sandbox has an unknown flag";
	if ((!(flags & BUNDLE_SANDBOX_CAPABILITIES) && view->capabilities) ||
	    (!(flags & BUNDLE_SANDBOX_USER) && view->user) ||
	    (!(flags & BUNDLE_SANDBOX_GROUP) && view->group) ||
	    (!(flags & BUNDLE_SANDBOX_GROUPS) && view->group_count))
		return "its sandbox has a value without its flag";
	/* -1 would leave the id as it is. */
	if (view->user == UINT32_MAX || view->group == UINT32_MAX)
		return "its user or group is out of range";
	if (user != (view->uid_map_count > 0) || user != (view->gid_map_count > 0))
		return "a user namespace and maps of ids come together or not at all";
	if (view->hostname_length && !(view->namespaces & BUNDLE_NAMESPACE_UTS))
		return "it sets a host name without a uts namespace";
	return NULL;
}

/* Takes LENGTH bytes off the front of what is left of the section. */
static const unsigned char *take(const unsigned char **at, uint32_t length)
{
	const unsigned char *taken = *at;

	*at += length;
	return taken;
}

static const char *check_sandbox_lists(const unsigned char *bytes, struct bundle_view *view)
{
	const unsigned char *at = bytes + BUNDLE_SANDBOX_HEAD_SIZE;
	const char *why;

	view->uid_maps = take(&at, view->uid_map_count * BUNDLE_MAP_SIZE);
	view->gid_maps = take(&at, view->gid_map_count * BUNDLE_MAP_SIZE);
	view->limits = take(&at, view->limit_count * BUNDLE_LIMIT_SIZE);
	view->groups = take(&at, view->group_count * 4);
	view->hostname = at;
	why = check_maps(view->uid_maps, view->uid_map_count);
	if (!why)
		why = check_maps(view->gid_maps, view->gid_map_count);
	if (!why)
		why = check_limits(view->limits, view->limit_count);
	for (uint32_t i = 0; i < view->group_count && !why; i++)
		if (bundle_get32(view->groups + (size_t)i * 4) == UINT32_MAX)
			why = "its groups are out of range";
	return why ? why : check_text(view->hostname, view->hostname_length);
}

static const char *check_sandbox(const unsigned char *bytes, uint32_t size,
				 struct bundle_view *view)
{
	const char *why;

	if (view->has_sandbox)
		return "it has two sandboxes";
	if (size < BUNDLE_SANDBOX_HEAD_SIZE)
		return "its sandbox is cut short";
	view->has_sandbox = true;
	view->namespaces = bundle_get32(bytes + BUNDLE_SANDBOX_AT_NAMESPACES);
	view->flags = bundle_get32(bytes + BUNDLE_SANDBOX_AT_FLAGS);
	view->capabilities = bundle_get64(bytes + BUNDLE_SANDBOX_AT_CAPABILITIES);
	view->user = bundle_get32(bytes + BUNDLE_SANDBOX_AT_USER);
	view->group = bundle_get32(bytes + BUNDLE_SANDBOX_AT_GROUP);
	view->uid_map_count = bundle_get32(bytes + BUNDLE_SANDBOX_AT_UID_MAP_COUNT);
	view->gid_map_count = bundle_get32(bytes + BUNDLE_SANDBOX_AT_GID_MAP_COUNT);
	view->limit_count = bundle_get32(bytes + BUNDLE_SANDBOX_AT_LIMIT_COUNT);
	view->group_count = bundle_get32(bytes + BUNDLE_SANDBOX_AT_GROUP_COUNT);
	view->hostname_length = bundle_get32(bytes + BUNDLE_SANDBOX_AT_HOSTNAME_LENGTH);
	if (view->uid_map_count > BUNDLE_MAPS_MAX || view->gid_map_count > BUNDLE_MAPS_MAX ||
	    view->limit_count > BUNDLE_LIMITS_MAX || view->group_count > BUNDLE_GROUPS_MAX ||
	    view->hostname_length > BUNDLE_HOSTNAME_MAX)
		return "a list in its sandbox is too long";
	if (bundle_get32(bytes + BUNDLE_SANDBOX_AT_RESERVED))
		return "a reserved field is not zero";
	if (size != BUNDLE_SANDBOX_HEAD_SIZE + view->uid_map_count * BUNDLE_MAP_SIZE +
			    view->gid_map_count * BUNDLE_MAP_SIZE +
			    view->limit_count * BUNDLE_LIMIT_SIZE + view->group_count * 4 +
			    view->hostname_length)
		return "its sandbox's size does not fit its contents";
	why = check_sandbox_sense(view);
	return why ? why : check_sandbox_lists(bytes, view);
}

static bool letter_good(unsigned char letter, bool first)
{
	return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
	       letter == '_' || (!first && letter >= '0' && letter <= '9');
}

static bool name_good(const unsigned char *name)
{
	uint32_t length = 0;

	while (length < BUNDLE_LOAD_NAME_MAX && letter_good(name[length], length == 0))
		length++;
	for (uint32_t i = length; i < BUNDLE_LOAD_SIZE; i++)
		if (length == 0 || name[i])
			return false;
	return true;
}

static bool names_equal(const unsigned char *a, const unsigned char *b)
{
	for (uint32_t i = 0; i < BUNDLE_LOAD_SIZE; i++)
		if (a[i] != b[i])
			return false;
	return true;
}

/* Whether name INDEX is another than those before it. */
static bool name_new(const unsigned char *names, uint32_t index)
{
	for (uint32_t i = 0; i < index; i++)
		if (names_equal(names + i * BUNDLE_LOAD_SIZE, names + index * BUNDLE_LOAD_SIZE))
			return false;
	return true;
}

static const char *check_loads(const unsigned char *bytes, uint32_t size, struct bundle_view *view)
{
	if (view->loads)
		return "it has two lists of values that are to be given";
	view->loads = bytes;
	view->load_count = size / BUNDLE_LOAD_SIZE;
	if (size % BUNDLE_LOAD_SIZE || view->load_count > BUNDLE_LOADS_MAX)
		return "its list of values that are to be given has a wrong size";
	for (uint32_t i = 0; i < view->load_count; i++) {
		if (!name_good(bytes + i * BUNDLE_LOAD_SIZE))
			return "the name of a value that is to be given is malformed";
		if (!name_new(bytes, i))
			return "two values that are to be given have one name";
	}
	return NULL;
}

static bool name_is_start(const unsigned char *name)
{
	for (uint32_t i = 0; i < sizeof(BUNDLE_PHASE_START); i++)
		if (name[i] != (unsigned char)BUNDLE_PHASE_START[i])
			return false;
	return true;
}

static const char *check_phases(const unsigned char *bytes, uint32_t size, struct bundle_view *view)
{
	if (view->phases)
		return "it has two lists of phases";
	view->phases = bytes;
	view->phase_count = size / BUNDLE_PHASE_SIZE;
	if (size % BUNDLE_PHASE_SIZE || view->phase_count > BUNDLE_PHASES_MAX)
		return "its list of phases has a wrong size";
	for (uint32_t i = 0; i < view->phase_count; i++) {
		const unsigned char *name = bytes + i * BUNDLE_PHASE_SIZE;

		if (!name_good(name) || name_is_start(name))
			return "the name of a phase is malformed";
		if (!name_new(bytes, i))
			return "two phases have one name";
	}
	return NULL;
}

static bool filters_alike(const struct bundle_filter *a, const struct bundle_filter *b)
{
	if (a->machine != b->machine || a->big_endian != b->big_endian ||
	    a->abi_count != b->abi_count)
		return false;
	for (uint32_t i = 0; i < a->abi_count * BUNDLE_ABI_SIZE; i++)
		if (a->abis[i] != b->abis[i])
			return false;
	return true;
}

/* Each phase has the filters of the first, in their order. */
static const char *check_phase_filters(const struct bundle_view *view)
{
	static const char different[] = "its phases are not for the same machines";
	uint32_t each = 0, at = 0;

	while (each < view->filter_count && view->filters[each].phase == 0)
		each++;
	for (uint32_t phase = 0; phase <= view->phase_count; phase++)
		for (uint32_t i = 0; i < each; i++, at++)
			if (at >= view->filter_count || view->filters[at].phase != phase ||
			    !filters_alike(&view->filters[at], &view->filters[i]))
				return different;
	return each && at == view->filter_count ? NULL : different;
}

/* A value's patches all ask the same of it; of those before patch INDEX the first is asked. */
static bool patch_agrees(const struct bundle_filter *filter, uint32_t index)
{
	const unsigned char *patch = filter->patches + index * BUNDLE_PATCH_SIZE;
	uint32_t bits = bundle_get16(patch + BUNDLE_PATCH_AT_BITS);
	uint32_t load = bundle_get16(patch + BUNDLE_PATCH_AT_LOAD) / 2;
	const unsigned char *other = filter->patches;

	while (bundle_get16(other + BUNDLE_PATCH_AT_LOAD) / 2 != load)
		other += BUNDLE_PATCH_SIZE;
	return bundle_get16(other + BUNDLE_PATCH_AT_BITS) == bits &&
	       (bits == 16 || bits == 32 || bits == 64);
}

/* Each goes into a comparison for equality (BPF_JMP | BPF_JEQ | BPF_K), where a 0 keeps its place. */
static const char *check_patches(const struct bundle_view *view, const struct bundle_filter *filter)
{
	for (uint32_t i = 0; i < filter->patch_count; i++) {
		const unsigned char *patch = filter->patches + i * BUNDLE_PATCH_SIZE;
		uint32_t at = bundle_get32(patch + BUNDLE_PATCH_AT_INSTRUCTION);
		const unsigned char *insn;

		if (at >= filter->instruction_count ||
		    bundle_get16(patch + BUNDLE_PATCH_AT_LOAD) / 2 >= view->load_count ||
		    !patch_agrees(filter, i))
			return "a filter's patch is malformed";
		insn = filter->instructions + at * BUNDLE_INSTRUCTION_SIZE;
		if (bundle_get16(insn + BUNDLE_INSTRUCTION_AT_CODE) != 0x15 ||
		    bundle_get32(insn + BUNDLE_INSTRUCTION_AT_K))
			return "a filter's patch is malformed";
		if (i > 0 && at <= bundle_get32(patch - BUNDLE_PATCH_SIZE))
			return "a filter's patches are not in order";
	}
	return NULL;
}

static const char *check_version(uint32_t version)
{
	if (version == BUNDLE_VERSION)
		return NULL;
	if (version == 0)
		return "its version is not known here";
	if (version < BUNDLE_VERSION)
		return "its version is older than what is read here: compile the policy again";
	if (version << 24 >> 24 == 0)
		return "its numbers are big-endian, and a bundle's are little-endian: it is damaged";
	return "its version is newer than what is read here: compile the policy again, or update";
}

static const char *check_header(const unsigned char *bytes, uint32_t size)
{
	const char *why;
	uint32_t sections;

	for (uint32_t i = 0; i < 8; i++)
		if (i >= size || bytes[i] != (unsigned char)BUNDLE_MAGIC[i])
			return "it is not a bundle";
	if (size < BUNDLE_HEADER_SIZE)
		return "it is cut short";
	if (size > BUNDLE_SIZE_MAX)
		return "it is too large";
	why = check_version(bundle_get32(bytes + BUNDLE_AT_VERSION));
	if (why)
		return why;
	if (bundle_get32(bytes + BUNDLE_AT_SIZE) > size)
		return "it is cut short";
	if (bundle_get32(bytes + BUNDLE_AT_SIZE) < size)
		return "there is something behind its end";
	if (bundle_get32(bytes + BUNDLE_AT_CRC) != bundle_crc(bytes, size))
		return "its checksum is wrong";
	if (bundle_get64(bytes + BUNDLE_AT_RESERVED))
		return "a reserved field is not zero";
	sections = bundle_get32(bytes + BUNDLE_AT_SECTION_COUNT);
	if (sections > BUNDLE_SECTIONS_MAX)
		return "it has too many sections";
	if (size < BUNDLE_HEADER_SIZE + sections * BUNDLE_SECTION_ENTRY_SIZE)
		return "its section table is cut short";
	return NULL;
}

static const char *check_section(const unsigned char *bytes, uint32_t kind, uint32_t size,
				 struct bundle_view *view)
{
	switch (kind) {
	case BUNDLE_SECTION_NAME:
		return check_name(bytes, size, view);
	case BUNDLE_SECTION_FILTER:
		return check_filter(bytes, size, view);
	case BUNDLE_SECTION_SANDBOX:
		return check_sandbox(bytes, size, view);
	case BUNDLE_SECTION_LOADS:
		return check_loads(bytes, size, view);
	case BUNDLE_SECTION_PHASES:
		return check_phases(bytes, size, view);
	default:
		return "it has a section of a kind not known here";
	}
}

const char *bundle_check(const unsigned char *bytes, uint32_t size, struct bundle_view *view)
{
	const unsigned char *entry = bytes + BUNDLE_HEADER_SIZE;
	const char *why = check_header(bytes, size);
	uint32_t sections, kind_before = 0, next;

	if (why)
		return why;
	*view = (struct bundle_view){0};
	sections = bundle_get32(bytes + BUNDLE_AT_SECTION_COUNT);
	next = BUNDLE_HEADER_SIZE + sections * BUNDLE_SECTION_ENTRY_SIZE;
	for (uint32_t i = 0; i < sections; i++, entry += BUNDLE_SECTION_ENTRY_SIZE) {
		uint32_t kind = bundle_get32(entry + BUNDLE_SECTION_AT_KIND);
		uint32_t length = bundle_get32(entry + BUNDLE_SECTION_AT_SIZE);
		uint32_t end;

		if (bundle_get32(entry + BUNDLE_SECTION_AT_RESERVED))
			return "a reserved field is not zero";
		if (kind < kind_before)
			return "its sections are not in order";
		if (bundle_get32(entry + BUNDLE_SECTION_AT_OFFSET) != next || length == 0 ||
		    length > size - next)
			return "a section lies outside of the file";
		end = round_up(next + length);
		if (end > size)
			return "it is cut short";
		for (uint32_t at = next + length; at < end; at++)
			if (bytes[at])
				return "there is something between its sections";
		why = check_section(bytes + next, kind, length, view);
		if (why)
			return why;
		kind_before = kind;
		next = end;
	}
	if (next != size)
		return "there is something behind its last section";
	why = view->filter_count ? check_phase_filters(view) : "it has no filter";
	for (uint32_t i = 0; i < view->filter_count && !why; i++)
		why = check_patches(view, &view->filters[i]);
	return why;
}
