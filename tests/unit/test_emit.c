/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bundles and bare filters: what is written is read back the same, and what is not just so is
 * refused with its reason.
 */
#include "compiler/emit/emit.h"
#include "runtime/bundle.h"

#include <errno.h>
#include <linux/audit.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct sock_filter allow_all[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 4),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0xc000003e, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
};
static const struct filter native = {
	.instructions = allow_all,
	.count = 4,
	.abis = ABI_BIT(ABI_X86_64) | ABI_BIT(ABI_X86) | ABI_BIT(ABI_X32),
};
static const struct filter *const natives[] = {&native, &native};

static uint32_t groups[] = {4, 1000};
static struct id_map uid_maps[] = {{0, 100000, 65536, false, false}, {65536, 0, 1, true, false}};
static struct id_map gid_maps[] = {{0, 0, 1, true, true}};
static struct resource_limit limits[] = {{7, 100, UINT64_MAX}, {0, 1, 2}};

static struct sandbox full_sandbox(void)
{
	return (struct sandbox){
		.namespaces = BUNDLE_NAMESPACES,
		.uid_maps = {uid_maps, 2, 2},
		.gid_maps = {gid_maps, 1, 1},
		.hostname = "pale",
		.has_capabilities = true,
		.capabilities = (uint64_t)1 << 40 | 1,
		.limits = {limits, 2, 2},
		.has_user = true,
		.user = 33,
		.has_group = true,
		.group = 34,
		.has_groups = true,
		.groups = {groups, 2, 2},
	};
}

static int setup(void **state)
{
	struct arena *arena = calloc(1, sizeof(*arena));

	*state = arena;
	return arena && arena_init(arena) == 0 ? 0 : -1;
}

static int teardown(void **state)
{
	arena_release(*state);
	free(*state);
	return 0;
}

static struct text write_bundle(const char *name, const struct sandbox *sandbox)
{
	struct bundle_contents contents = {name, natives, 1, sandbox, NULL, 0};
	struct text out = {0};
	const char *why = NULL;

	assert_int_equal(bundle_write(&contents, &out, &why), 0);
	assert_null(why);
	return out;
}

static void test_round_trip(void **state)
{
	struct sandbox sandbox = full_sandbox();
	struct text out = write_bundle("web server \xc3\xa9", &sandbox);
	struct text again = write_bundle("web server \xc3\xa9", &sandbox);
	struct bundle_contents back;
	const char *why = NULL;

	assert_int_equal(out.length, again.length);
	assert_memory_equal(out.bytes, again.bytes, out.length);
	assert_true(bundle_recognise(out.bytes, out.length));
	assert_int_equal(bundle_read(*state, out.bytes, out.length, &back, &why), 0);
	assert_string_equal(back.name, "web server \xc3\xa9");
	assert_int_equal(back.filter_count, 1);
	assert_int_equal(back.filters[0]->abis, native.abis);
	assert_int_equal(back.filters[0]->count, 4);
	assert_memory_equal(back.filters[0]->instructions, allow_all, sizeof(allow_all));
	assert_int_equal(back.sandbox->namespaces, BUNDLE_NAMESPACES);
	assert_int_equal(back.sandbox->uid_maps.count, 2);
	assert_int_equal(back.sandbox->uid_maps.items[0].outside, 100000);
	assert_int_equal(back.sandbox->uid_maps.items[0].count, 65536);
	assert_false(back.sandbox->uid_maps.items[0].outside_self);
	assert_true(back.sandbox->uid_maps.items[1].outside_self);
	assert_false(back.sandbox->uid_maps.items[1].inside_self);
	assert_true(back.sandbox->gid_maps.items[0].inside_self);
	assert_string_equal(back.sandbox->hostname, "pale");
	assert_true(back.sandbox->has_capabilities);
	assert_true(back.sandbox->capabilities == ((uint64_t)1 << 40 | 1));
	/* In the order of the resources, whatever was given. */
	assert_int_equal(back.sandbox->limits.items[0].resource, 0);
	assert_int_equal(back.sandbox->limits.items[1].resource, 7);
	assert_true(back.sandbox->limits.items[1].hard == UINT64_MAX);
	assert_int_equal(back.sandbox->user, 33);
	assert_int_equal(back.sandbox->group, 34);
	assert_int_equal(back.sandbox->groups.count, 2);
	assert_int_equal(back.sandbox->groups.items[1], 1000);
	text_release(&out);
	text_release(&again);
}

/* One number for the widths of a family, and none for what is no AUDIT_ARCH. */
static void test_machines(void **state)
{
	static const struct {
		uint32_t arch;
		uint32_t machine;
		bool big_endian;
	} machines[] = {
		{AUDIT_ARCH_I386, EM_X86_64, false},
		{AUDIT_ARCH_X86_64, EM_X86_64, false},
		{AUDIT_ARCH_ARM, EM_AARCH64, false},
		{AUDIT_ARCH_AARCH64, EM_AARCH64, false},
		{AUDIT_ARCH_ARMEB, EM_AARCH64, true},
		{AUDIT_ARCH_MIPS, EM_MIPS, true},
		{AUDIT_ARCH_MIPSEL64, EM_MIPS, false},
		{AUDIT_ARCH_MIPS64N32, EM_MIPS, true},
		{AUDIT_ARCH_PPC, EM_PPC64, true},
		{AUDIT_ARCH_PPC64LE, EM_PPC64, false},
		{AUDIT_ARCH_SPARC, EM_SPARCV9, true},
		{AUDIT_ARCH_SPARC64, EM_SPARCV9, true},
		{AUDIT_ARCH_RISCV32, EM_RISCV, false},
		{AUDIT_ARCH_RISCV64, EM_RISCV, false},
		{AUDIT_ARCH_S390, EM_S390, true},
		{AUDIT_ARCH_S390X, EM_S390, true},
		{AUDIT_ARCH_PARISC64, EM_PARISC, true},
		{AUDIT_ARCH_LOONGARCH64, EM_LOONGARCH, false},
		{AUDIT_ARCH_X86_64 | 1 << 16, 0, false},
		{0, 0, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
		assert_int_equal(bundle_arch_machine(machines[i].arch), machines[i].machine);
		assert_int_equal(bundle_arch_big_endian(machines[i].arch), machines[i].big_endian);
	}
}

/* The bytes that doc/bundle.md promises; the checksum was computed with zlib's crc32(). */
static void test_layout(void **state)
{
	static const unsigned char expected[] = {
		0x7f, 'P',  'A',  'L',  'E', 13, 10,   26, /* magic */
		4,    0,    0,    0,    96,  0,  0,    0,  /* version, size */
		0x1b, 0x86, 0x78, 0x58, 1,   0,  0,    0,  /* checksum, sections */
		0,    0,    0,    0,    0,   0,  0,    0,  /* reserved */
		2,    0,    0,    0,    48,  0,  0,    0,
		48,   0,    0,    0,    0,   0,  0,    0, /* filter at 48 */
		62,   0,    0,    0,    0,   0,  0,    0,
		1,    0,    0,    0,    1,   0,  0,    0, /* x86, little, 1, 1 */
		0,    0,    0,    0,    0,   0,  0,    0, /* no patches */
		0x3e, 0,    0,    0xc0, 0,   0,  0,    0,
		255,  255,  255,  0x3f, 0,   0,  0,    0,    /* x86_64 */
		6,    0,    0,    0,    0,   0,  0xff, 0x7f, /* ret ALLOW */
	};
	struct sock_filter allow[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
	struct filter filter = {.instructions = allow, .count = 1, .abis = ABI_BIT(ABI_X86_64)};
	const struct filter *filters[] = {&filter};
	struct bundle_contents contents = {NULL, filters, 1, NULL, NULL, 0};
	struct text out = {0};
	const char *why;

	(void)state;
	assert_int_equal(bundle_write(&contents, &out, &why), 0);
	assert_int_equal(out.length, sizeof(expected));
	assert_memory_equal(out.bytes, expected, sizeof(expected));
	text_release(&out);
}

/* Nor does one to an id that a map gives; the runner's own leads nowhere else. */
static void test_groups_behind_maps(struct arena *arena)
{
	static struct id_map own[] = {{0, 0, 1, true, false}};
	static struct id_map other[] = {{0, 100000, 65536, false, false}};
	static struct id_map several[] = {{0, 0, 1, true, false}, {1, 100000, 9, false, false}};
	const struct {
		struct id_map *uids, *gids;
		size_t uid_count, gid_count;
		bool sets;
	} rows[] = {{NULL, NULL, 0, 0, false},  {own, own, 1, 1, false},
		    {other, other, 1, 1, true}, {own, other, 1, 1, true},
		    {other, NULL, 1, 0, true},  {several, own, 2, 1, true},
		    {NULL, other, 0, 1, true},  {NULL, several, 0, 2, true}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sandbox sandbox = {
			.namespaces = BUNDLE_NAMESPACE_USER,
			.uid_maps = {rows[i].uids, rows[i].uid_count, rows[i].uid_count},
			.gid_maps = {rows[i].gids, rows[i].gid_count, rows[i].gid_count},
			.has_group = true,
		};
		struct text out = write_bundle(NULL, &sandbox);
		struct bundle_contents back;
		const char *why;

		assert_int_equal(bundle_read(arena, out.bytes, out.length, &back, &why), 0);
		assert_int_equal(back.sandbox->has_groups, rows[i].sets);
		assert_int_equal(back.sandbox->groups.count, 0);
		text_release(&out);
	}
}

/* What nobody has to write down. */
static void test_defaults(void **state)
{
	struct sandbox sandbox = {.namespaces = BUNDLE_NAMESPACE_USER};
	struct text out = write_bundle(NULL, &sandbox);
	struct bundle_contents back;
	const char *why;

	assert_int_equal(bundle_read(*state, out.bytes, out.length, &back, &why), 0);
	assert_null(back.name);
	assert_int_equal(back.sandbox->uid_maps.count, 1);
	assert_int_equal(back.sandbox->uid_maps.items[0].count, 1);
	assert_true(back.sandbox->uid_maps.items[0].inside_self);
	assert_true(back.sandbox->uid_maps.items[0].outside_self);
	assert_int_equal(back.sandbox->gid_maps.count, 1);
	assert_false(back.sandbox->has_groups);
	text_release(&out);

	/* A change of user outside of a user namespace leaves no groups behind. */
	sandbox = (struct sandbox){.has_user = true, .user = 33};
	out = write_bundle(NULL, &sandbox);
	assert_int_equal(bundle_read(*state, out.bytes, out.length, &back, &why), 0);
	assert_true(back.sandbox->has_groups);
	assert_int_equal(back.sandbox->groups.count, 0);
	text_release(&out);
	test_groups_behind_maps(*state);
}

static void expect_refusal(const struct bundle_contents *contents, const char *reason)
{
	struct text out = {0};
	const char *why = NULL;

	text_add_string(&out, "before");
	assert_int_equal(bundle_write(contents, &out, &why), -EINVAL);
	assert_non_null(why);
	assert_string_equal(why, reason);
	assert_string_equal(out.bytes, "before");
	text_release(&out);
}

static void test_write_refuses(void **state)
{
	static struct resource_limit twice[] = {{7, 1, 1}, {7, 2, 2}};
	static struct resource_limit upside_down[] = {{7, 2, 1}};
	struct filter nowhere = {.instructions = allow_all, .count = 4};
	struct filter empty = {.instructions = allow_all, .abis = ABI_BIT(ABI_X86)};
	const struct filter *filters[] = {&nowhere};
	struct bundle_contents contents = {NULL, filters, 1, NULL, NULL, 0};
	struct sandbox sandbox = {.hostname = "x"};
	char long_name[300];

	(void)state;
	expect_refusal(&contents, "nothing says which ABIs the filter is for");
	filters[0] = &empty;
	expect_refusal(&contents, "a filter has 1 to 4096 instructions");
	contents.filter_count = 0;
	expect_refusal(&contents, "a bundle needs a filter");
	contents = (struct bundle_contents){NULL, natives, 2, NULL, NULL, 0};
	expect_refusal(&contents, "two filters are for the same kind of machine");
	contents = (struct bundle_contents){NULL, natives, 1, &sandbox, NULL, 0};
	expect_refusal(&contents, "it sets a host name without a uts namespace");
	sandbox.namespaces = BUNDLE_NAMESPACE_UTS;
	sandbox.hostname = "";
	expect_refusal(&contents, "the host name is empty");
	sandbox = (struct sandbox){.uid_maps = {uid_maps, 2, 2}};
	expect_refusal(&contents, "maps of ids need a user namespace");
	sandbox = (struct sandbox){.limits = {twice, 2, 2}};
	expect_refusal(&contents, "its resource limits are not in order");
	sandbox = (struct sandbox){.limits = {upside_down, 1, 1}};
	expect_refusal(&contents, "a resource limit is malformed");
	sandbox = (struct sandbox){.namespaces = 1};
	expect_refusal(&contents, "it wants an unknown namespace");
	contents.sandbox = NULL;
	contents.name = "bell\a";
	expect_refusal(&contents, "a name in it has a control character");
	memset(long_name, 'x', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	contents.name = long_name;
	expect_refusal(&contents, "its name is too long");
}

/* The sections of the full bundle: the name at 80, the filter at 96, the sandbox at 200. */
enum {
	FILTER_AT = 96,
	SANDBOX_AT = 200,
	UID_MAPS_AT = SANDBOX_AT + BUNDLE_SANDBOX_HEAD_SIZE,
	LIMITS_AT = UID_MAPS_AT + 3 * BUNDLE_MAP_SIZE,
};

/* Fields set to what they may not be, with a checksum that is right. */
static const struct damage {
	uint32_t at;
	uint32_t value;
	const char *reason;
} damages[] = {
	{0, 0, "it is not a bundle"},
	{BUNDLE_AT_VERSION, 0, "its version is not known here"},
	{BUNDLE_AT_VERSION, 1,
	 "its version is older than what is read here: compile the policy again"},
	{BUNDLE_AT_VERSION, 2,
	 "its version is older than what is read here: compile the policy again"},
	{BUNDLE_AT_VERSION, 3,
	 "its version is older than what is read here: compile the policy again"},
	{BUNDLE_AT_VERSION, 5,
	 "its version is newer than what is read here: compile the policy again, or update"},
	{BUNDLE_AT_VERSION, 2 << 24,
	 "its numbers are big-endian, and a bundle's are little-endian: it is damaged"},
	{BUNDLE_AT_SIZE, 8, "there is something behind its end"},
	{BUNDLE_AT_SIZE, 4096, "it is cut short"},
	{BUNDLE_AT_SECTION_COUNT, 65, "it has too many sections"},
	{BUNDLE_AT_SECTION_COUNT, 0, "there is something behind its last section"},
	{BUNDLE_AT_SECTION_COUNT, 2, "a section lies outside of the file"},
	{BUNDLE_AT_RESERVED, 1, "a reserved field is not zero"},
	{BUNDLE_AT_RESERVED + 4, 1, "a reserved field is not zero"},
	{32 + BUNDLE_SECTION_AT_KIND, 6, "it has a section of a kind not known here"},
	{32 + BUNDLE_SECTION_AT_KIND, 0, "it has a section of a kind not known here"},
	{48 + BUNDLE_SECTION_AT_KIND, 0, "its sections are not in order"},
	{48 + BUNDLE_SECTION_AT_KIND, 1, "it has two names"},
	{64 + BUNDLE_SECTION_AT_KIND, 2, "a filter is for an unknown kind of machine"},
	{64 + BUNDLE_SECTION_AT_KIND, 4,
	 "its list of values that are to be given has a wrong size"},
	{48 + BUNDLE_SECTION_AT_OFFSET, 104, "a section lies outside of the file"},
	{48 + BUNDLE_SECTION_AT_SIZE, 0, "a section lies outside of the file"},
	{48 + BUNDLE_SECTION_AT_SIZE, 0xffffffff, "a section lies outside of the file"},
	{48 + BUNDLE_SECTION_AT_SIZE, 9, "there is something between its sections"},
	{48 + BUNDLE_SECTION_AT_RESERVED, 1, "a reserved field is not zero"},
	{80, 'w' | 7 << 8, "a name in it has a control character"},
	{88, 1 << 24, "there is something between its sections"},
	{FILTER_AT + BUNDLE_FILTER_AT_MACHINE, 0, "a filter is for an unknown kind of machine"},
	{FILTER_AT + BUNDLE_FILTER_AT_MACHINE, 3, "a filter is for an unknown kind of machine"},
	{FILTER_AT + BUNDLE_FILTER_AT_MACHINE, 62 << 16,
	 "a filter is for an unknown kind of machine"},
	{FILTER_AT + BUNDLE_FILTER_AT_MACHINE, 183, "a filter serves an ABI of another machine"},
	{FILTER_AT + BUNDLE_FILTER_AT_BYTE_ORDER, 2, "a filter is for an unknown kind of machine"},
	{FILTER_AT + BUNDLE_FILTER_AT_BYTE_ORDER, 1, "a filter serves an ABI of another machine"},
	{FILTER_AT + BUNDLE_FILTER_AT_ABI_COUNT, 0, "a filter's number of ABIs is out of range"},
	{FILTER_AT + BUNDLE_FILTER_AT_ABI_COUNT, 9, "a filter's number of ABIs is out of range"},
	{FILTER_AT + BUNDLE_FILTER_AT_ABI_COUNT, 2, "a filter's size does not fit its contents"},
	{FILTER_AT + BUNDLE_FILTER_AT_INSTRUCTION_COUNT, 0,
	 "a filter's number of instructions is out of range"},
	{FILTER_AT + BUNDLE_FILTER_AT_INSTRUCTION_COUNT, 4097,
	 "a filter's number of instructions is out of range"},
	{FILTER_AT + BUNDLE_FILTER_AT_INSTRUCTION_COUNT, 5,
	 "a filter's size does not fit its contents"},
	{FILTER_AT + BUNDLE_FILTER_HEAD_SIZE + BUNDLE_ABI_AT_ARCH, 0x40000028,
	 "a filter serves an ABI of another machine"},
	{FILTER_AT + BUNDLE_FILTER_HEAD_SIZE + BUNDLE_ABI_AT_ARCH, 0x41000003,
	 "a filter serves an ABI of another machine"},
	{FILTER_AT + BUNDLE_FILTER_HEAD_SIZE + BUNDLE_ABI_AT_ARCH, 0xc000003e,
	 "a filter's ABIs are not in order"},
	{FILTER_AT + BUNDLE_FILTER_HEAD_SIZE + BUNDLE_ABI_AT_RESERVED, 1,
	 "a filter's ABI is malformed"},
	{FILTER_AT + 40 + BUNDLE_ABI_AT_FIRST, 0x40000000, "a filter's ABI is malformed"},
	{FILTER_AT + 56 + BUNDLE_ABI_AT_FIRST, 5, "a filter's ABIs are not in order"},
	{SANDBOX_AT + BUNDLE_SANDBOX_AT_NAMESPACES, 1, "it wants an unknown namespace"},
	{SANDBOX_AT + BUNDLE_SANDBOX_AT_NAMESPACES, BUNDLE_NAMESPACES & ~BUNDLE_NAMESPACE_USER,
	 "a user namespace and maps of ids come together or not at all"},
	{SANDBOX_AT + BUNDLE_SANDBOX_AT_NAMESPACES, BUNDLE_NAMESPACES & ~BUNDLE_NAMESPACE_UTS,
	 "it sets a host name without a uts namespace"},
	{SANDBOX_AT + BUNDLE_SANDBOX_AT_FLAGS, 31, "its sandbox has an unknown flag"},
	{SANDBOX_AT + BUNDLE_SANDBOX_AT_FLAGS, 14, "its sandbox has a value without its flag"},
	{SANDBOX_AT + BUNDLE_SANDBOX_AT_FLAGS, 13, "its sandbox has a value without its flag"},
	{SANDBOX_AT + BUNDLE_SANDBOX_AT_FLAGS, 11, "its sandbox has a value without its flag"},
	{SANDBOX_AT + BUNDLE_SANDBOX_AT_FLAGS, 7, "its sandbox has a value without its flag"},
	{SANDBOX_AT + BUNDLE_SANDBOX_AT_USER, 0xffffffff, "its user or group is out of range"},
	{SANDBOX_AT + BUNDLE_SANDBOX_AT_GROUP, 0xffffffff, "its user or group is out of range"},
	{SANDBOX_AT + BUNDLE_SANDBOX_AT_UID_MAP_COUNT, 101, "a list in its sandbox is too long"},
	{SANDBOX_AT + BUNDLE_SANDBOX_AT_UID_MAP_COUNT, 0xffffffff,
	 "a list in its sandbox is too long"},
	{SANDBOX_AT + BUNDLE_SANDBOX_AT_GID_MAP_COUNT, 0,
	 "its sandbox's size does not fit its contents"},
	{SANDBOX_AT + BUNDLE_SANDBOX_AT_LIMIT_COUNT, 17, "a list in its sandbox is too long"},
	{SANDBOX_AT + BUNDLE_SANDBOX_AT_GROUP_COUNT, 1025, "a list in its sandbox is too long"},
	{SANDBOX_AT + BUNDLE_SANDBOX_AT_HOSTNAME_LENGTH, 65, "a list in its sandbox is too long"},
	{SANDBOX_AT + BUNDLE_SANDBOX_AT_HOSTNAME_LENGTH, 3,
	 "its sandbox's size does not fit its contents"},
	{SANDBOX_AT + BUNDLE_SANDBOX_AT_RESERVED, 1, "a reserved field is not zero"},
	{UID_MAPS_AT + BUNDLE_MAP_AT_COUNT, 0, "a map of ids is out of range"},
	{UID_MAPS_AT + BUNDLE_MAP_AT_COUNT, 0xffffffff, "a map of ids is out of range"},
	{UID_MAPS_AT + BUNDLE_MAP_AT_INSIDE, 0xffffffff, "a map of ids is out of range"},
	{UID_MAPS_AT + BUNDLE_MAP_AT_FLAGS, 4, "a map of ids is malformed"},
	{UID_MAPS_AT + BUNDLE_MAP_AT_FLAGS, 1, "a map of ids is malformed"},
	{UID_MAPS_AT + 16 + BUNDLE_MAP_AT_OUTSIDE, 1, "a map of ids is malformed"},
	{UID_MAPS_AT + 16 + BUNDLE_MAP_AT_FLAGS, 3, "a map of ids is malformed"},
	{LIMITS_AT + BUNDLE_LIMIT_AT_RESOURCE, 16, "a resource limit is malformed"},
	{LIMITS_AT + BUNDLE_LIMIT_AT_RESERVED, 1, "a resource limit is malformed"},
	{LIMITS_AT + BUNDLE_LIMIT_AT_SOFT, 3, "a resource limit is malformed"},
	{LIMITS_AT + BUNDLE_LIMIT_AT_RESOURCE, 7, "its resource limits are not in order"},
	{LIMITS_AT + 48, 0xffffffff, "its groups are out of range"},
	{LIMITS_AT + 56, 'p' | 10 << 8, "a name in it has a control character"},
};

static void set32(struct text *text, uint32_t at, uint32_t value)
{
	for (unsigned int i = 0; i < 4; i++)
		text->bytes[at + i] = (char)(value >> (8 * i) & 0xff);
}

static void test_read_refuses(void **state)
{
	struct sandbox sandbox = full_sandbox();

	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		struct text out = write_bundle("webserver", &sandbox);
		struct bundle_contents back;
		const char *why = NULL;

		set32(&out, damages[i].at, damages[i].value);
		set32(&out, BUNDLE_AT_CRC,
		      bundle_crc((unsigned char *)out.bytes, (uint32_t)out.length));
		if (bundle_read(*state, out.bytes, out.length, &back, &why) != -EINVAL ||
		    strcmp(why, damages[i].reason) != 0)
			fail_msg("damage %zu at %u: expected '%s', got '%s'", i, damages[i].at,
				 damages[i].reason, why ? why : "no refusal");
		text_release(&out);
	}
}

static void test_every_length_and_byte(void **state)
{
	struct sandbox sandbox = full_sandbox();
	struct text out = write_bundle("webserver", &sandbox);
	struct bundle_contents back;
	const char *why;

	for (size_t length = 0; length < out.length; length++)
		assert_int_equal(bundle_read(*state, out.bytes, length, &back, &why), -EINVAL);
	for (size_t at = 0; at < out.length; at++)
		for (unsigned int bit = 0; bit < 8; bit++) {
			out.bytes[at] ^= (char)(1 << bit);
			assert_int_equal(bundle_read(*state, out.bytes, out.length, &back, &why),
					 -EINVAL);
			out.bytes[at] ^= (char)(1 << bit);
		}
	assert_int_equal(bundle_read(*state, out.bytes, out.length, &back, &why), 0);
	text_add_char(&out, '\0');
	assert_int_equal(bundle_read(*state, out.bytes, out.length, &back, &why), -EINVAL);
	text_release(&out);
}

static void test_size_limit(void **state)
{
	struct bundle_contents back;
	const char *why = NULL;
	char *huge = calloc(1, BUNDLE_SIZE_MAX + 1);

	memcpy(huge, BUNDLE_MAGIC, 8);
	assert_int_equal(bundle_read(*state, huge, BUNDLE_SIZE_MAX + 1, &back, &why), -EINVAL);
	assert_string_equal(why, "it is too large");
	free(huge);
}

static void test_raw(void **state)
{
	static const unsigned char little[] = {0x20, 0, 0, 0, 4, 0, 0, 0};
	static const unsigned char big[] = {0, 0x20, 0, 0, 0, 0, 0, 4};
	struct filter filter = native, back;
	struct text out = {0};
	const char *why = NULL;

	assert_int_equal(raw_write(&filter, &out), 0);
	assert_int_equal(out.length, 32);
	assert_memory_equal(out.bytes, little, 8);
	assert_false(bundle_recognise(out.bytes, out.length));
	assert_int_equal(raw_read(*state, out.bytes, out.length, false, &back, &why), 0);
	assert_int_equal(back.count, 4);
	assert_int_equal(back.abis, 0);
	assert_memory_equal(back.instructions, allow_all, sizeof(allow_all));
	assert_int_equal(raw_read(*state, out.bytes, out.length, true, &back, &why), -EINVAL);
	assert_string_equal(why, "it is a filter for a machine of the other byte order");
	assert_int_equal(raw_read(*state, out.bytes, 31, false, &back, &why), -EINVAL);
	assert_string_equal(why, "its size is not a whole number of instructions");
	assert_int_equal(raw_read(*state, out.bytes, 0, false, &back, &why), -EINVAL);
	assert_string_equal(why, "it is empty");
	/* Without its return it is no filter in either order. */
	assert_int_equal(raw_read(*state, out.bytes, 16, false, &back, &why), -EINVAL);
	assert_string_not_equal(why, "it is a filter for a machine of the other byte order");

	out.length = 0;
	filter.big_endian = true;
	assert_int_equal(raw_write(&filter, &out), 0);
	assert_memory_equal(out.bytes, big, 8);
	assert_int_equal(raw_read(*state, out.bytes, out.length, true, &back, &why), 0);
	assert_true(back.big_endian);
	assert_memory_equal(back.instructions, allow_all, sizeof(allow_all));
	text_release(&out);
}

/* A filter that compares with two values that are known only at load, one of them in halves. */
static struct sock_filter open_code[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 16),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 4),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 28),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 2),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
};
static const struct filter_load open_loads[] = {{"self", 32}, {"base", 64}};
static const struct filter_patch open_patches[] = {{1, 0, false}, {3, 1, true}, {4, 1, false}};
static const struct filter open_filter = {
	.instructions = open_code,
	.count = 7,
	.abis = ABI_BIT(ABI_X86_64),
	.loads = open_loads,
	.load_count = 2,
	.patches = open_patches,
	.patch_count = 3,
};

static struct text open_bundle(void)
{
	const struct filter *filters[] = {&open_filter};
	struct bundle_contents contents = {NULL, filters, 1, NULL, NULL, 0};
	struct text out = {0};
	const char *why;

	assert_int_equal(bundle_write(&contents, &out, &why), 0);
	return out;
}

static void test_loads(void **state)
{
	static const uint64_t values[] = {(uint64_t)-7, 0x123456789abcdef0};
	struct text out = open_bundle();
	struct bundle_contents back;
	const struct filter *filter;
	const char *why;

	assert_int_equal(bundle_read(*state, out.bytes, out.length, &back, &why), 0);
	filter = back.filters[0];
	assert_int_equal(filter->load_count, 2);
	assert_string_equal(filter->loads[0].name, "self");
	assert_int_equal(filter->loads[0].bits, 32);
	assert_string_equal(filter->loads[1].name, "base");
	assert_int_equal(filter->loads[1].bits, 64);
	assert_int_equal(filter->patch_count, 3);
	assert_memory_equal(filter->patches, open_patches, sizeof(open_patches));
	filter = filter_fill(*state, filter, values);
	assert_int_equal(filter->instructions[1].k, (uint32_t)-7);
	assert_int_equal(filter->instructions[3].k, 0x12345678);
	assert_int_equal(filter->instructions[4].k, 0x9abcdef0);
	assert_int_equal(filter->load_count + filter->patch_count, 0);
	text_release(&out);
}

static void test_load_fits(void **state)
{
	static const struct {
		uint8_t bits;
		uint64_t value;
		bool fits;
	} rows[] = {
		{16, 0, true},
		{16, 0xffff, true},
		{16, 0x10000, false},
		{16, (uint64_t)-1, false},
		{16, (uint64_t)-0x8000, false},
		{32, 0xffffffff, true},
		{32, 0x100000000, false},
		{32, (uint64_t)INT32_MIN, true},
		{32, (uint64_t)INT32_MIN - 1, false},
		{32, UINT64_MAX, true},
		{64, UINT64_MAX, true},
		{64, 0x8000000000000000, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct filter_load load = {"v", rows[i].bits};

		assert_int_equal(filter_load_fits(&load, rows[i].value), rows[i].fits);
	}
}

/* What is wrong with loads and patches is named, by whoever reads the bundle. */
static void test_loads_refused(void **state)
{
	enum {
		FILTER = BUNDLE_HEADER_SIZE + 2 * BUNDLE_SECTION_ENTRY_SIZE,
		CODE = FILTER + BUNDLE_FILTER_HEAD_SIZE + BUNDLE_ABI_SIZE,
		PATCHES = CODE + 7 * BUNDLE_INSTRUCTION_SIZE,
		LOADS = PATCHES + 3 * BUNDLE_PATCH_SIZE,
	};
	static const struct {
		uint32_t at;
		uint32_t value;
		const char *why;
	} rows[] = {
		{FILTER + BUNDLE_FILTER_AT_PATCH_COUNT, 8,
		 "a filter's number of patches is out of range"},
		{FILTER + BUNDLE_FILTER_AT_PATCH_COUNT, 2,
		 "a filter's size does not fit its contents"},
		{FILTER + BUNDLE_FILTER_AT_PHASE, 1, "its phases are not for the same machines"},
		{CODE + BUNDLE_INSTRUCTION_SIZE + BUNDLE_INSTRUCTION_AT_K, 1,
		 "a filter's patch is malformed"},
		{PATCHES + BUNDLE_PATCH_AT_INSTRUCTION, 0, "a filter's patch is malformed"},
		{PATCHES + BUNDLE_PATCH_AT_INSTRUCTION, 7, "a filter's patch is malformed"},
		{PATCHES + BUNDLE_PATCH_AT_INSTRUCTION, UINT32_MAX,
		 "a filter's patch is malformed"},
		{PATCHES + BUNDLE_PATCH_AT_INSTRUCTION, 3, "a filter's patches are not in order"},
		{PATCHES + BUNDLE_PATCH_AT_LOAD, 4 | 32 << 16, "a filter's patch is malformed"},
		{PATCHES + BUNDLE_PATCH_AT_LOAD, 0 | 31 << 16, "a filter's patch is malformed"},
		{PATCHES + BUNDLE_PATCH_SIZE + BUNDLE_PATCH_AT_LOAD, 3 | 32 << 16,
		 "a filter's patch is malformed"},
		{LOADS, 0x00000000, "the name of a value that is to be given is malformed"},
		{LOADS, 0x666c6531, "the name of a value that is to be given is malformed"},
		{LOADS + 60, 0x00000001, "the name of a value that is to be given is malformed"},
		{LOADS, 0x65736162, "two values that are to be given have one name"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text out = open_bundle();
		struct bundle_contents back;
		const char *why;

		set32(&out, rows[i].at, rows[i].value);
		set32(&out, BUNDLE_AT_CRC,
		      bundle_crc((unsigned char *)out.bytes, (uint32_t)out.length));
		assert_int_equal(bundle_read(*state, out.bytes, out.length, &back, &why), -EINVAL);
		assert_string_equal(why, rows[i].why);
		text_release(&out);
	}
}

/* A policy of three phases for two machines: the filters are told apart by what they return. */
static struct sock_filter arm_code[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_LOG)};
static struct sock_filter late_code[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP)};
static struct sock_filter last_code[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_THREAD)};
static const struct filter arm = {
	.instructions = arm_code, .count = 1, .abis = ABI_BIT(ABI_AARCH64)};
static const struct filter late = {
	.instructions = late_code, .count = 1, .abis = ABI_BIT(ABI_X86_64)};
static const struct filter late_arm = {
	.instructions = late_code, .count = 1, .abis = ABI_BIT(ABI_AARCH64)};
static const struct filter last = {
	.instructions = last_code, .count = 1, .abis = ABI_BIT(ABI_X86_64)};
static const struct filter first = {
	.instructions = allow_all, .count = 4, .abis = ABI_BIT(ABI_X86_64)};

static struct text phased_bundle(void)
{
	static const struct filter *const started[] = {&arm, &first};
	static const struct filter *const served[] = {&late_arm, &late};
	static const struct filter *const ended[] = {&last, &late_arm};
	static const struct bundle_phase phases[] = {{"serving", served, 2}, {"ending", ended, 2}};
	static const struct bundle_contents contents = {"p", started, 2, NULL, phases, 2};
	struct text out = {0};
	const char *why = NULL;

	assert_int_equal(bundle_write(&contents, &out, &why), 0);
	return out;
}

static void test_phases(void **state)
{
	struct text out = phased_bundle(), again = {0};
	struct bundle_contents back;
	struct bundle_view view;
	const char *why = NULL;

	assert_int_equal(bundle_read(*state, out.bytes, out.length, &back, &why), 0);
	assert_int_equal(back.filter_count, 2);
	assert_int_equal(back.phase_count, 2);
	assert_string_equal(back.phases[0].name, "serving");
	assert_string_equal(back.phases[1].name, "ending");
	assert_int_equal(back.filters[0]->instructions[0].code, BPF_LD | BPF_W | BPF_ABS);
	assert_int_equal(back.filters[1]->instructions[0].k, SECCOMP_RET_LOG);
	assert_int_equal(back.phases[0].filter_count, 2);
	assert_int_equal(back.phases[0].filters[0]->instructions[0].k, SECCOMP_RET_TRAP);
	assert_int_equal(back.phases[1].filters[0]->instructions[0].k, SECCOMP_RET_KILL_THREAD);
	assert_int_equal(bundle_write(&back, &again, &why), 0);
	assert_int_equal(out.length, again.length);
	assert_memory_equal(out.bytes, again.bytes, out.length);

	assert_null(bundle_check((unsigned char *)out.bytes, (uint32_t)out.length, &view));
	assert_int_equal(bundle_find_filter(&view, 0, 62, false)->instruction_count, 4);
	assert_int_equal(bundle_find_filter(&view, 2, 62, false)->phase, 2);
	assert_null(bundle_find_filter(&view, 3, 62, false));
	assert_null(bundle_find_filter(&view, 1, 62, true));
	text_release(&out);
	text_release(&again);
}

static void test_phases_refused(void **state)
{
	enum {
		NAME = BUNDLE_HEADER_SIZE + 8 * BUNDLE_SECTION_ENTRY_SIZE,
		SMALL = BUNDLE_FILTER_HEAD_SIZE + BUNDLE_ABI_SIZE + BUNDLE_INSTRUCTION_SIZE,
		FIRST = NAME + 8,
		ARM = FIRST + SMALL + 3 * BUNDLE_INSTRUCTION_SIZE,
		LATE = ARM + SMALL,
		ENDED = LATE + 2 * SMALL,
		PHASES = ENDED + 2 * SMALL,
	};
	static const struct {
		uint32_t at;
		uint32_t value;
		const char *why;
	} rows[] = {
		{FIRST + BUNDLE_FILTER_AT_PHASE, 1, "its filters are not in order"},
		{ARM + BUNDLE_FILTER_AT_PHASE, 1, "its filters are not in order"},
		{LATE + BUNDLE_FILTER_AT_PHASE, 0, "its filters are not in order"},
		{ENDED + BUNDLE_FILTER_AT_PHASE, 1, "its filters are not in order"},
		{ENDED + SMALL + BUNDLE_FILTER_AT_PHASE, 3,
		 "its phases are not for the same machines"},
		{ENDED + BUNDLE_FILTER_HEAD_SIZE + BUNDLE_ABI_AT_ARCH, 0x40000003,
		 "its phases are not for the same machines"},
		{ENDED + BUNDLE_FILTER_HEAD_SIZE + BUNDLE_ABI_AT_LAST, 7,
		 "its phases are not for the same machines"},
		{PHASES, 0, "the name of a phase is malformed"},
		{PHASES, '1', "the name of a phase is malformed"},
		{PHASES + 60, 1, "the name of a phase is malformed"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text out = phased_bundle();
		struct bundle_contents back;
		const char *why = NULL;

		set32(&out, rows[i].at, rows[i].value);
		set32(&out, BUNDLE_AT_CRC,
		      bundle_crc((unsigned char *)out.bytes, (uint32_t)out.length));
		if (bundle_read(*state, out.bytes, out.length, &back, &why) != -EINVAL ||
		    strcmp(why, rows[i].why) != 0)
			fail_msg("row %zu: expected '%s', got '%s'", i, rows[i].why,
				 why ? why : "no refusal");
		text_release(&out);
	}
}

/* What a writer can be given that makes no bundle. */
static void test_phases_not_written(void **state)
{
	static const struct filter *const one[] = {&first};
	static const struct filter *const other[] = {&late_arm};
	const struct {
		struct bundle_phase phases[2];
		size_t count;
		const char *why;
	} rows[] = {
		{{{"serving", other, 1}}, 1, "its phases are not for the same machines"},
		{{{"serving", one, 0}}, 1, "a bundle needs a filter"},
		{{{"start", one, 1}}, 1, "the name of a phase is malformed"},
		{{{"two words", one, 1}}, 1, "the name of a phase is malformed"},
		{{{"a", one, 1}, {"a", one, 1}}, 2, "two phases have one name"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bundle_contents contents = {NULL,           one,          1, NULL,
						   rows[i].phases, rows[i].count};

		expect_refusal(&contents, rows[i].why);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_round_trip, setup, teardown),
		cmocka_unit_test(test_machines),
		cmocka_unit_test(test_layout),
		cmocka_unit_test_setup_teardown(test_defaults, setup, teardown),
		cmocka_unit_test(test_write_refuses),
		cmocka_unit_test_setup_teardown(test_read_refuses, setup, teardown),
		cmocka_unit_test_setup_teardown(test_every_length_and_byte, setup, teardown),
		cmocka_unit_test_setup_teardown(test_size_limit, setup, teardown),
		cmocka_unit_test_setup_teardown(test_raw, setup, teardown),
		cmocka_unit_test_setup_teardown(test_loads, setup, teardown),
		cmocka_unit_test(test_load_fits),
		cmocka_unit_test_setup_teardown(test_loads_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_phases, setup, teardown),
		cmocka_unit_test_setup_teardown(test_phases_refused, setup, teardown),
		cmocka_unit_test(test_phases_not_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
