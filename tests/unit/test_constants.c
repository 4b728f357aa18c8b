/* SPDX-License-Identifier: Apache-2.0 */
/* Constants: values on each ABI, families, names of values; tests/catalog/constants has them all. */
#include "policy-lang/catalog/constant.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void test_constants(void **state)
{
	static const struct {
		enum abi_id abi;
		const char *name;
		int64_t value;
	} cases[] = {
		{ABI_X86_64, "O_RDONLY", 0},
		/* glibc's is 0 on 64-bit ABIs; the kernel's never is. */
		{ABI_X86_64, "O_LARGEFILE", 0x8000},
		{ABI_X86_64, "O_TMPFILE", 0x410000},
		{ABI_X86_64, "AT_FDCWD", -100},
		{ABI_X86, "AT_FDCWD", -100},
		{ABI_X86_64, "CLONE_IO", 0x80000000},
		{ABI_X86_64, "FS_IOC_GETFLAGS", 0x80086601},
		{ABI_X86, "FS_IOC_GETFLAGS", 0x80046601},
		{ABI_X32, "FS_IOC_GETFLAGS", 0x80046601},
		{ABI_X86, "F_GETLK64", 12},
		{ABI_X86_64, "CAP_SYS_ADMIN", 21},
		{ABI_X86_64, "ENOSYS", 38},
		{ABI_X86_64, "SOL_TCP", 6},
	};
	uint64_t value;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		constant_id id = constant_find(cases[i].name);

		assert_int_not_equal(id, CONSTANT_NONE);
		assert_true(constant_value(id, cases[i].abi, &value));
		assert_int_equal(value, (uint64_t)cases[i].value);
	}
	assert_false(constant_value(constant_find("F_GETLK64"), ABI_X86_64, &value));
	assert_int_equal(constant_find("O_RDONL"), CONSTANT_NONE);
	assert_int_equal(constant_find(""), CONSTANT_NONE);
	assert_int_equal(constant_find("_"), CONSTANT_NONE);
}

static void test_constant_names(void **state)
{
	static const struct {
		enum abi_id abi;
		const char *family;
		uint64_t value;
		const char *name; /* NULL: none */
	} cases[] = {
		{ABI_X86_64, "O_", 0x800, "O_NONBLOCK"},
		{ABI_X86_64, "UFFD_", 0x800, "O_NONBLOCK"},
		{ABI_X86_64, "E", 11, "EAGAIN"},
		{ABI_X86_64, "SIG", 6, "SIGABRT"},
		{ABI_X86_64, "MAP_", 0x20, "MAP_ANONYMOUS"},
		{ABI_X86_64, "AF_", 1, "AF_UNIX"},
		{ABI_X86_64, "AT_", 0x200, "AT_REMOVEDIR"},
		{ABI_X86_64, "AT_access", 0x200, "AT_EACCESS"},
		{ABI_X86_64, "ioctl", 0x541b, "FIONREAD"},
		{ABI_X86_64, "MS_", 1, "MS_RDONLY"},
		{ABI_X86_64, "MS_sync", 1, "MS_ASYNC"},
		{ABI_X86_64, "PR_", 1, "PR_SET_PDEATHSIG"},
		{ABI_X86_64, "shmctl", 11, "SHM_LOCK"},
		{ABI_X86_64, "semctl", 11, "GETPID"},
		{ABI_X86_64, "F_", 12, NULL},
		{ABI_X86, "F_", 12, "F_GETLK64"},
		{ABI_X86_64, "O_", 0x123456, NULL},
		{ABI_MIPS, "O_", 0x800, "O_NOCTTY"},
		{ABI_MIPS, "MAP_", 0x800, "MAP_ANONYMOUS"},
		{ABI_MIPS, "SIG", 10, "SIGBUS"},
		{ABI_MIPS, "E", 89, "ENOSYS"},
		{ABI_PPC64LE, "MAP_", 0x80, "MAP_LOCKED"},
		{ABI_PPC64LE, "ioctl", 0x402c7413, "TCGETS"},
		{ABI_AARCH64, "ARCH_", 0x1001, NULL},
		{ABI_X86_64, "no such family", 0, NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		constant_id id = constant_name(cases[i].family, cases[i].abi, cases[i].value);
		const char *name = id == CONSTANT_NONE ? "nothing" : constant_get(id)->name;

		assert_string_equal(name, cases[i].name ? cases[i].name : "nothing");
	}
}

/* What differs between machines, as their own headers and manuals have it; NONE: not there. */
static void test_constants_elsewhere(void **state)
{
	enum {
		NONE = -1
	};
	static const struct {
		const char *name;
		int64_t x86_64, arm, aarch64, mips, mips64, riscv64, ppc64le, s390x, loongarch64;
	} cases[] = {
		{"O_CREAT", 0x40, 0x40, 0x40, 0x100, 0x100, 0x40, 0x40, 0x40, 0x40},
		{"O_NONBLOCK", 0x800, 0x800, 0x800, 0x80, 0x80, 0x800, 0x800, 0x800, 0x800},
		{"O_DIRECTORY", 0x10000, 0x4000, 0x4000, 0x10000, 0x10000, 0x10000, 0x4000, 0x10000,
		 0x10000},
		{"O_NOFOLLOW", 0x20000, 0x8000, 0x8000, 0x20000, 0x20000, 0x20000, 0x8000, 0x20000,
		 0x20000},
		{"O_DIRECT", 0x4000, 0x10000, 0x10000, 0x8000, 0x8000, 0x4000, 0x20000, 0x4000,
		 0x4000},
		{"O_LARGEFILE", 0x8000, 0x20000, 0x20000, 0x2000, 0x2000, 0x8000, 0x10000, 0x8000,
		 0x8000},
		{"F_GETLK", 5, 5, 5, 14, 14, 5, 5, 5, 5},
		{"F_SETOWN", 8, 8, 8, 24, 24, 8, 8, 8, 8},
		{"F_GETLK64", NONE, 12, NONE, 33, NONE, NONE, NONE, NONE, NONE},
		{"MAP_ANONYMOUS", 0x20, 0x20, 0x20, 0x800, 0x800, 0x20, 0x20, 0x20, 0x20},
		{"MAP_LOCKED", 0x2000, 0x2000, 0x2000, 0x8000, 0x8000, 0x2000, 0x80, 0x2000,
		 0x2000},
		{"MAP_32BIT", 0x40, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE},
		{"MAP_ABOVE4G", 0x80, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE},
		{"PROT_BTI", NONE, NONE, 0x10, NONE, NONE, NONE, NONE, NONE, NONE},
		{"PROT_SAO", NONE, NONE, NONE, NONE, NONE, NONE, 0x10, NONE, NONE},
		{"SOCK_STREAM", 1, 1, 1, 2, 2, 1, 1, 1, 1},
		{"SOCK_NONBLOCK", 0x800, 0x800, 0x800, 0x80, 0x80, 0x800, 0x800, 0x800, 0x800},
		{"SOL_SOCKET", 1, 1, 1, 0xffff, 0xffff, 1, 1, 1, 1},
		{"SO_REUSEADDR", 2, 2, 2, 4, 4, 2, 2, 2, 2},
		{"SO_RCVTIMEO", 20, 20, 20, 0x1006, 0x1006, 20, 18, 20, 20},
		{"SO_PEERCRED", 17, 17, 17, 18, 18, 17, 21, 17, 17},
		{"SIGSYS", 31, 31, 31, 12, 12, 31, 31, 31, 31},
		{"SIGUSR1", 10, 10, 10, 16, 16, 10, 10, 10, 10},
		{"SIGEMT", NONE, NONE, NONE, 7, 7, NONE, NONE, NONE, NONE},
		{"SIG_BLOCK", 0, 0, 0, 1, 1, 0, 0, 0, 0},
		{"ENOSYS", 38, 38, 38, 89, 89, 38, 38, 38, 38},
		{"EDEADLOCK", 35, 35, 35, 56, 56, 35, 58, 35, 35},
		{"EDQUOT", 122, 122, 122, 1133, 1133, 122, 122, 122, 122},
		{"RLIMIT_NOFILE", 7, 7, 7, 5, 5, 7, 7, 7, 7},
		{"EFD_NONBLOCK", 0x800, 0x800, 0x800, 0x80, 0x80, 0x800, 0x800, 0x800, 0x800},
		{"TCGETS", 0x5401, 0x5401, 0x5401, 0x540d, 0x540d, 0x5401, 0x402c7413, 0x5401,
		 0x5401},
		{"TIOCGWINSZ", 0x5413, 0x5413, 0x5413, 0x40087468, 0x40087468, 0x5413, 0x40087468,
		 0x5413, 0x5413},
		{"FIONBIO", 0x5421, 0x5421, 0x5421, 0x667e, 0x667e, 0x5421, 0x8004667e, 0x5421,
		 0x5421},
		{"FS_IOC_GETFLAGS", 0x80086601, 0x80046601, 0x80086601, 0x40046601, 0x40086601,
		 0x80086601, 0x40086601, 0x80086601, 0x80086601},
		{"PTRACE_GETREGS", 12, 12, NONE, 12, 12, NONE, 12, NONE, NONE},
		{"PTRACE_GET_THREAD_AREA", 25, 22, NONE, 25, 25, NONE, NONE, NONE, NONE},
		{"PTRACE_SYSEMU", 31, NONE, 31, NONE, NONE, NONE, 29, 31, 31},
		{"ICACHE", NONE, NONE, NONE, 1, 1, NONE, NONE, NONE, NONE},
	};
	static const enum abi_id abis[] = {ABI_X86_64,  ABI_ARM,    ABI_AARCH64,
					   ABI_MIPS,    ABI_MIPS64, ABI_RISCV64,
					   ABI_PPC64LE, ABI_S390X,  ABI_LOONGARCH64};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		for (size_t j = 0; j < COUNT(abis); j++) {
			int64_t expected = (&cases[i].x86_64)[j];
			uint64_t value = 0;
			bool there = constant_value(constant_find(cases[i].name), abis[j], &value);

			if (there != (expected != NONE) || (there && value != (uint64_t)expected))
				fail_msg("%s on %s", cases[i].name, abi_get(abis[j])->name);
		}
}

/* Both byte orders of MIPS have the same values; the width of a long makes some differ. */
static void test_constants_of_both_orders(void **state)
{
	static const enum abi_id pairs[][2] = {{ABI_MIPS, ABI_MIPSEL},
					       {ABI_MIPS64, ABI_MIPSEL64},
					       {ABI_MIPS64N32, ABI_MIPSEL64N32}};

	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++)
		for (constant_id id = 0; id < constant_count(); id++) {
			uint64_t big = 0, little = 0;

			assert_int_equal(constant_value(id, pairs[i][0], &big),
					 constant_value(id, pairs[i][1], &little));
			assert_int_equal(big, little);
		}
}

static void test_constants_hold(void **state)
{
	(void)state;
	for (constant_id id = 0; id < constant_count(); id++) {
		const struct constant *constant = constant_get(id);
		unsigned int count;
		const constant_id *members = constant_family(constant->family, &count);
		bool found = false;

		if (id > 0)
			assert_true(strcmp(constant_get((constant_id)(id - 1))->name,
					   constant->name) < 0);
		assert_int_equal(constant_find(constant->name), id);
		for (unsigned int i = 0; i < count; i++)
			found = found || members[i] == id;
		assert_true(found);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_constants),
		cmocka_unit_test(test_constant_names),
		cmocka_unit_test(test_constants_elsewhere),
		cmocka_unit_test(test_constants_of_both_orders),
		cmocka_unit_test(test_constants_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
