/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue's questions and answers; its numbers are checked in tests/catalog/. */
#include "policy-lang/catalog/call.h"
#include "policy-lang/catalog/constant.h"

#include <linux/audit.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void test_abi_names(void **state)
{
	(void)state;
	assert_ptr_equal(abi_find("x86_64"), abi_get(ABI_X86_64));
	assert_ptr_equal(abi_find("amd64"), abi_get(ABI_X86_64));
	assert_ptr_equal(abi_find("i386"), abi_get(ABI_X86));
	assert_ptr_equal(abi_find("x32"), abi_get(ABI_X32));
	assert_null(abi_find("X86"));
	assert_null(abi_find(""));
}

static void test_abi_identify(void **state)
{
	static const struct {
		uint32_t arch, number;
		int abi; /* -1: none */
	} cases[] = {
		{AUDIT_ARCH_X86_64, 0, ABI_X86_64},
		{AUDIT_ARCH_X86_64, 0x3fffffff, ABI_X86_64},
		{AUDIT_ARCH_X86_64, 0x40000000, ABI_X32},
		{AUDIT_ARCH_X86_64, 0x40000223, ABI_X32},
		{AUDIT_ARCH_X86_64, 0xffffffff, ABI_X32},
		{AUDIT_ARCH_I386, 0, ABI_X86},
		{AUDIT_ARCH_I386, 0x40000000, ABI_X86},
		{AUDIT_ARCH_I386, 0xffffffff, ABI_X86},
		{AUDIT_ARCH_ARM, 0xf0002, ABI_ARM},
		{AUDIT_ARCH_AARCH64, 0, ABI_AARCH64},
		{0x00000008, 4000, ABI_MIPS},
		{0x40000008, 4000, ABI_MIPSEL},
		{0x80000008, 5000, ABI_MIPS64},
		{0xc0000008, 5000, ABI_MIPSEL64},
		{0xa0000008, 6000, ABI_MIPS64N32},
		{0xe0000008, 6000, ABI_MIPSEL64N32},
		{0xc00000f3, 0, ABI_RISCV64},
		{0xc0000015, 0, ABI_PPC64LE},
		{0x80000016, 0, ABI_S390X},
		{0xc0000102, 0, ABI_LOONGARCH64},
		{AUDIT_ARCH_ARMEB, 0, -1},
		{0, 0, -1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct abi *abi = abi_identify(cases[i].arch, cases[i].number);

		assert_int_equal(abi ? (int)abi->id : -1, cases[i].abi);
	}
}

/* Offsets of linux/seccomp.h's struct seccomp_data, in both byte orders. */
static void test_abi_words(void **state)
{
	(void)state;
	assert_int_equal(abi_word_low(abi_get(ABI_X86_64), 0), 16);
	assert_int_equal(abi_word_high(abi_get(ABI_X86_64), 0), 20);
	assert_int_equal(abi_word_low(abi_get(ABI_X86_64), 5), 56);
	assert_int_equal(abi_word_low(abi_get(ABI_MIPS), 2), 36);
	assert_int_equal(abi_word_high(abi_get(ABI_MIPS), 2), 32);
}

static void test_calls_round_trip(void **state)
{
	(void)state;
	for (call_id id = 0; id < call_count(); id++) {
		if (id > 0)
			assert_true(strcmp(call_get((call_id)(id - 1))->name, call_get(id)->name) <
				    0);
		assert_int_equal(call_find(call_get(id)->name), id);
		for (enum abi_id abi = 0; abi < ABI_COUNT; abi++) {
			int64_t number = call_number(id, abi);

			if (number < 0)
				continue;
			assert_int_equal(call_by_number(abi, (uint32_t)number), id);
			assert_true(number >= abi_get(abi)->number_first);
			assert_true(number <= abi_get(abi)->number_last);
		}
	}
	assert_int_equal(call_find("opena"), CALL_NONE);
	assert_int_equal(call_find(""), CALL_NONE);
	assert_int_equal(call_find("zzz"), CALL_NONE);
	assert_int_equal(call_by_number(ABI_X86_64, 400), CALL_NONE);
	assert_int_equal(call_by_number(ABI_X86_64, 0x40000000), CALL_NONE);
	assert_int_equal(call_by_number(ABI_X32, 0), CALL_NONE);
	assert_int_equal(call_by_number(ABI_X32, 0xffffffff), CALL_NONE);
}

static void test_call_aliases(void **state)
{
	(void)state;
	assert_int_equal(call_find_alias("fstatat"), call_find("newfstatat"));
	assert_int_equal(call_find_alias("pread"), call_find("pread64"));
	assert_int_equal(call_find_alias("openat"), CALL_NONE);
	/* An alias is no name of its own, and no call's name is an alias. */
	for (call_id id = 0; id < call_count(); id++) {
		const char *const *alias = call_get(id)->aliases;

		assert_int_equal(call_find_alias(call_get(id)->name), CALL_NONE);
		for (; alias && *alias; alias++) {
			assert_int_equal(call_find_alias(*alias), id);
			assert_int_equal(call_find(*alias), CALL_NONE);
		}
	}
}

/* What every signature must be for the rest of pale to rely on it. */
static void test_signatures_hold(void **state)
{
	(void)state;
	for (call_id id = 0; id < call_count(); id++)
		for (enum abi_id abi = 0; abi < ABI_COUNT; abi++) {
			unsigned int count, members, next = 0;
			const struct call_arg *args = call_args(id, abi, &count);

			if (call_number(id, abi) < 0)
				continue;
			assert_true(count <= CALL_ARGS_MAX);
			for (unsigned int i = 0; i < count; i++) {
				struct arg_place place = call_arg_place(id, abi, i);

				assert_int_equal(call_arg_find(id, abi, args[i].name), i);
				assert_true(place.low < CALL_ARGS_MAX &&
					    place.high < CALL_ARGS_MAX);
				assert_true(place.low >= next && place.high >= next);
				assert_int_equal(place.split, place.low != place.high);
				next = 1u + (place.low > place.high ? place.low : place.high);
				if (args[i].family)
					constant_family(args[i].family, &members);
				assert_true(!args[i].family || members > 0);
				assert_true(!args[i].mask || args[i].family);
				assert_true(args[i].kind != ARG_POINTER ||
					    args[i].use == ARG_OPAQUE);
			}
		}
}

static void test_since(void **state)
{
	static const struct {
		enum abi_id abi;
		struct kernel_version baseline;
		uint32_t highest;
	} cases[] = {
		{ABI_X86_64, {7, 0}, 471},
		{ABI_X86_64, {99, 0}, 471},
		{ABI_X86_64, {6, 19}, 470},
		{ABI_X86_64, {6, 6}, 453},
		{ABI_X86_64, {6, 1}, 450},
		{ABI_X86_64, {5, 0}, 334},
		{ABI_X86, {6, 6}, 452},
		{ABI_X86, {4, 3}, 375},
		{ABI_X86, {4, 2}, 358},
		{ABI_X32, {7, 0}, 0x40000223},
		/* Before the ABI's first kernel: the calls of that one. */
		{ABI_X32, {2, 6}, 0x40000220},
		{ABI_AARCH64, {2, 6}, 272},
		{ABI_LOONGARCH64, {5, 10}, 450},
		{ABI_LOONGARCH64, {6, 5}, 451},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(call_highest(cases[i].abi, cases[i].baseline), cases[i].highest);
	assert_int_equal(call_newest_kernel().major, 7);
	assert_int_equal(call_newest_kernel().minor, 0);
	assert_int_equal(call_get(call_find("openat2"))->since.minor, 6);
	assert_int_equal(call_since(call_find("socket"), ABI_X86).major, 4);
	assert_int_equal(call_since(call_find("socket"), ABI_X86_64).major, 0);
	assert_int_equal(call_since(call_find("read"), ABI_X32).minor, 4);
	assert_true(kernel_version_compare((struct kernel_version){5, 9},
					   (struct kernel_version){5, 10}) < 0);
	assert_true(kernel_version_compare((struct kernel_version){6, 0},
					   (struct kernel_version){5, 19}) > 0);
	assert_int_equal(kernel_version_compare((struct kernel_version){6, 1},
						(struct kernel_version){6, 1}),
			 0);
}

/* Calls that came to some ABIs in a later release than to the others. */
static void test_since_elsewhere(void **state)
{
	static const struct {
		const char *call;
		enum abi_id abi;
		struct kernel_version since;
	} cases[] = {
		{"accept4", ABI_X86_64, {2, 6}},
		{"accept4", ABI_ARM, {2, 6}},
		{"accept4", ABI_X86, {4, 3}},
		{"clone3", ABI_X86_64, {5, 3}},
		{"clone3", ABI_MIPS, {5, 4}},
		{"clone3", ABI_MIPSEL64N32, {5, 4}},
		{"semget", ABI_X86_64, {0, 0}},
		{"semget", ABI_MIPS, {5, 1}},
		{"semget", ABI_MIPS64, {0, 0}},
		{"socket", ABI_S390X, {4, 3}},
		{"socket", ABI_X86, {4, 3}},
		{"socket", ABI_MIPS, {0, 0}},
		{"kexec_file_load", ABI_X86_64, {3, 17}},
		{"kexec_file_load", ABI_AARCH64, {5, 0}},
		{"kexec_file_load", ABI_S390X, {4, 17}},
		{"memfd_secret", ABI_X86_64, {5, 14}},
		{"memfd_secret", ABI_S390X, {6, 4}},
		{"map_shadow_stack", ABI_X86_64, {6, 6}},
		{"map_shadow_stack", ABI_ARM, {6, 7}},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		call_id call = call_find(cases[i].call);

		assert_int_not_equal(call, CALL_NONE);
		assert_true(call_number(call, cases[i].abi) >= 0);
		if (kernel_version_compare(call_since(call, cases[i].abi), cases[i].since))
			fail_msg("%s on %s since %d.%d", cases[i].call, abi_get(cases[i].abi)->name,
				 call_since(call, cases[i].abi).major,
				 call_since(call, cases[i].abi).minor);
	}
}

/* The members as words, with ! behind those whose arguments are out of sight. */
static void test_equivalents(void **state)
{
	static const struct {
		enum abi_id abi;
		const char *call, *members;
	} cases[] = {
		{ABI_X86_64, "open", "creat open openat openat2!"},
		{ABI_X86_64, "openat2", "creat open openat openat2!"},
		{ABI_X86_64, "read", "read"},
		{ABI_X86_64, "stat", "lstat newfstatat stat statx"},
		{ABI_X86_64, "fstat", "fstat newfstatat statx"},
		{ABI_X86, "stat", "fstatat64 lstat lstat64 oldlstat oldstat stat stat64 statx"},
		{ABI_X86_64, "clone", "clone clone3! fork vfork"},
		{ABI_X86_64, "clock_gettime", "clock_gettime"},
		{ABI_X86, "clock_gettime", "clock_gettime clock_gettime64"},
		{ABI_X86_64, "mmap", "mmap"},
		{ABI_X86, "mmap", "mmap! mmap2"},
		{ABI_X86, "select", "_newselect pselect6 pselect6_time64 select!"},
		{ABI_X86_64, "select", "pselect6 select"},
		{ABI_X86_64, "socket", "socket"},
		{ABI_X86, "socket", "socket socketcall!"},
		{ABI_X86, "accept", "accept4 socketcall!"},
		{ABI_X86, "semop", "ipc! semtimedop_time64"},
		{ABI_X86, "getuid", "getuid getuid32"},
		{ABI_X86_64, "waitpid", "wait4 waitid"},
		{ABI_X86_64, "mmap2", "mmap"},
		{ABI_X86_64, "unlink", "unlink unlinkat"},
		{ABI_X86_64, "rmdir", "rmdir unlinkat"},
		{ABI_X86_64, "sgetmask", ""},
		{ABI_X32, "epoll_wait", "epoll_pwait epoll_pwait2 epoll_wait"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char members[512] = "";
		unsigned int count;
		const struct equivalent *list =
			call_equivalents(call_find(cases[i].call), cases[i].abi, &count);

		for (unsigned int k = 0; k < count; k++) {
			strcat(members, k ? " " : "");
			strcat(members, call_get(list[k].call)->name);
			strcat(members, list[k].sight == EQUIVALENT_HIDDEN ? "!" : "");
		}
		assert_string_equal(members, cases[i].members);
	}
}

static void test_equivalents_are_mutual(void **state)
{
	(void)state;
	for (enum abi_id abi = 0; abi < ABI_COUNT; abi++)
		for (call_id id = 0; id < call_count(); id++) {
			unsigned int count, others;
			const struct equivalent *list = call_equivalents(id, abi, &count);
			bool own = call_number(id, abi) < 0;

			for (unsigned int i = 0; i < count; i++) {
				const struct equivalent *back =
					call_equivalents(list[i].call, abi, &others);
				bool found = false;

				assert_true(call_number(list[i].call, abi) >= 0);
				own = own || list[i].call == id;
				for (unsigned int k = 0; k < others; k++)
					found = found || back[k].call == id;
				assert_true(found || call_number(id, abi) < 0);
			}
			assert_true(own);
		}
}

/* The call that CALL does the work of with wider times, offsets or sizes, by its name; or CALL_NONE. */
static call_id narrower(call_id call)
{
	static const char *const suffixes[] = {"_time64", "_64", "64"};
	const char *name = call_get(call)->name;

	for (size_t i = 0; i < COUNT(suffixes); i++) {
		size_t length = strlen(name), end = strlen(suffixes[i]);
		char stem[64];
		call_id found;

		if (length <= end || strcmp(name + length - end, suffixes[i]))
			continue;
		assert_true(length - end < sizeof(stem));
		memcpy(stem, name, length - end);
		stem[length - end] = '\0';
		found = call_find(stem);
		if (found != CALL_NONE)
			return found;
	}
	return CALL_NONE;
}

static bool is_equivalent(call_id call, call_id other, enum abi_id abi)
{
	unsigned int count;
	const struct equivalent *list = call_equivalents(call, abi, &count);

	for (unsigned int i = 0; i < count; i++)
		if (list[i].call == other)
			return true;
	return false;
}

/* A rule on the narrow one alone lets the wide one by: X_time64, and the *64 calls of 32-bit ABIs. */
static void test_wide_calls_are_equivalents(void **state)
{
	unsigned int pairs = 0;

	(void)state;
	for (call_id wide = 0; wide < call_count(); wide++) {
		call_id narrow = narrower(wide);

		if (narrow == CALL_NONE)
			continue;
		for (enum abi_id abi = 0; abi < ABI_COUNT; abi++) {
			if (call_number(narrow, abi) < 0 || call_number(wide, abi) < 0)
				continue;
			pairs++;
			if (!is_equivalent(narrow, wide, abi) || !is_equivalent(wide, narrow, abi))
				fail_msg("%s and %s on %s", call_get(narrow)->name,
					 call_get(wide)->name, abi_get(abi)->name);
		}
	}
	/* x86, arm and both o32 have some thirty each. */
	assert_true(pairs > 100);
}

static void test_multiplexers(void **state)
{
	(void)state;
	assert_int_equal(call_multiplexer(call_find("socket"), ABI_X86), call_find("socketcall"));
	assert_int_equal(call_multiplexer(call_find("recvmmsg_time64"), ABI_X86),
			 call_find("socketcall"));
	assert_int_equal(call_multiplexer(call_find("shmat"), ABI_X86), call_find("ipc"));
	assert_int_equal(call_multiplexer(call_find("socket"), ABI_X86_64), CALL_NONE);
	assert_int_equal(call_multiplexer(call_find("read"), ABI_X86), CALL_NONE);
	assert_int_equal(call_multiplexer_values(call_find("socket")), 1u << 1);
	assert_int_equal(call_multiplexer_values(call_find("sendto")), 1u << 9 | 1u << 11);
	assert_int_equal(call_multiplexer_values(call_find("shmat")), 1u << 21);
	assert_int_equal(call_multiplexer_values(call_find("read")), 0);
}

/* ABIs are of one machine where they share its name, which says all that tells machines apart. */
static void test_machines(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < ABI_COUNT; i++) {
		const struct abi *abi = abi_get((enum abi_id)i);
		abi_set named = 0;

		for (unsigned int j = 0; j < ABI_COUNT; j++)
			if (!strcmp(abi_machine_name(abi),
				    abi_machine_name(abi_get((enum abi_id)j))))
				named |= ABI_BIT(j);
		assert_int_equal(named, abi_machine(abi));
		assert_ptr_equal(abi_first(ABI_BIT(i)), abi);
	}
	assert_int_equal(abi_machine(abi_get(ABI_X32)),
			 ABI_BIT(ABI_X86_64) | ABI_BIT(ABI_X86) | ABI_BIT(ABI_X32));
	assert_int_equal(abi_machine(abi_get(ABI_MIPSEL)),
			 ABI_BIT(ABI_MIPSEL) | ABI_BIT(ABI_MIPSEL64) | ABI_BIT(ABI_MIPSEL64N32));
	assert_null(abi_first(0));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_abi_names),
		cmocka_unit_test(test_abi_identify),
		cmocka_unit_test(test_machines),
		cmocka_unit_test(test_abi_words),
		cmocka_unit_test(test_calls_round_trip),
		cmocka_unit_test(test_call_aliases),
		cmocka_unit_test(test_signatures_hold),
		cmocka_unit_test(test_since),
		cmocka_unit_test(test_since_elsewhere),
		cmocka_unit_test(test_equivalents),
		cmocka_unit_test(test_equivalents_are_mutual),
		cmocka_unit_test(test_wide_calls_are_equivalents),
		cmocka_unit_test(test_multiplexers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
