/* SPDX-License-Identifier: Apache-2.0 */
/* Where the arguments of calls stand in struct seccomp_data, on each ABI, and what they are called. */
#include "policy-lang/catalog/call.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void test_argument_places(void **state)
{
	static const struct {
		enum abi_id abi;
		const char *call, *argument;
		struct arg_place place; /* low, high, bits, signed, split */
	} cases[] = {
		{ABI_X86_64, "read", "fd", {0, 0, 32, true, false}},
		{ABI_X86_64, "read", "count", {2, 2, 64, false, false}},
		{ABI_X86, "read", "count", {2, 2, 32, false, false}},
		{ABI_X86_64, "openat", "mode", {3, 3, 16, false, false}},
		{ABI_X86_64, "nice", "inc", {0, 0, 32, true, false}},
		{ABI_X86_64, "pread64", "offset", {3, 3, 64, true, false}},
		{ABI_X86, "pread64", "offset", {3, 4, 64, true, true}},
		{ABI_X32, "pread64", "offset", {3, 3, 64, true, false}},
		{ABI_X86, "truncate64", "length", {1, 2, 64, true, true}},
		{ABI_X86, "truncate", "length", {1, 1, 32, true, false}},
		{ABI_X86, "fadvise64", "advice", {4, 4, 32, true, false}},
		{ABI_X86, "fadvise64_64", "len", {3, 4, 64, true, true}},
		{ABI_X86, "fadvise64_64", "advice", {5, 5, 32, true, false}},
		{ABI_X86, "sync_file_range", "nbytes", {3, 4, 64, true, true}},
		{ABI_X86, "sync_file_range", "flags", {5, 5, 32, false, false}},
		{ABI_X86, "fallocate", "len", {4, 5, 64, true, true}},
		{ABI_X86, "readahead", "count", {3, 3, 32, false, false}},
		{ABI_X86, "fanotify_mark", "mask", {2, 3, 64, false, true}},
		{ABI_X86, "fanotify_mark", "dirfd", {4, 4, 32, true, false}},
		{ABI_X86_64, "fanotify_mark", "dirfd", {3, 3, 32, true, false}},
		/* The order of the last two differs: CONFIG_CLONE_BACKWARDS. */
		{ABI_X86_64, "clone", "tls", {4, 4, 64, false, false}},
		{ABI_X86, "clone", "tls", {3, 3, 32, false, false}},
		{ABI_X86_64, "clone", "flags", {0, 0, 32, false, false}},
		/* Old uids. */
		{ABI_X86, "setuid", "uid", {0, 0, 16, false, false}},
		{ABI_X86, "setuid32", "uid", {0, 0, 32, false, false}},
		{ABI_X86_64, "setuid", "uid", {0, 0, 32, false, false}},
		/* x32: native entries read whole registers, its own ones half. */
		{ABI_X32, "mmap", "length", {1, 1, 64, false, false}},
		{ABI_X32, "ioctl", "argp", {2, 2, 32, false, false}},
		{ABI_X86_64, "ioctl", "argp", {2, 2, 64, false, false}},
		{ABI_X32, "ptrace", "request", {0, 0, 32, true, false}},
		{ABI_X86_64, "ptrace", "request", {0, 0, 64, true, false}},
		{ABI_X86_64, "preadv2", "flags", {5, 5, 32, true, false}},
		{ABI_X86, "preadv2", "flags", {5, 5, 32, true, false}},
		{ABI_X32, "preadv2", "flags", {4, 4, 32, true, false}},
		/* Pairs on 32-bit ABIs: x86's follow each other, arm's and o32's begin at even registers. */
		{ABI_ARM, "pread64", "offset", {4, 5, 64, true, true}},
		{ABI_MIPSEL, "pread64", "offset", {4, 5, 64, true, true}},
		{ABI_MIPS, "pread64", "offset", {5, 4, 64, true, true}},
		{ABI_MIPS, "ftruncate64", "length", {3, 2, 64, true, true}},
		{ABI_ARM, "ftruncate64", "length", {2, 3, 64, true, true}},
		{ABI_ARM, "readahead", "count", {4, 4, 32, false, false}},
		{ABI_MIPS, "readahead", "offset", {3, 2, 64, true, true}},
		{ABI_ARM, "fallocate", "offset", {2, 3, 64, true, true}},
		{ABI_MIPS, "fallocate", "len", {5, 4, 64, true, true}},
		{ABI_ARM, "fanotify_mark", "mask", {2, 3, 64, false, true}},
		{ABI_MIPS, "fanotify_mark", "mask", {3, 2, 64, false, true}},
		{ABI_MIPS, "fanotify_mark", "dirfd", {4, 4, 32, true, false}},
		{ABI_MIPS, "lookup_dcookie", "cookie", {1, 0, 64, false, true}},
		{ABI_ARM, "arm_fadvise64_64", "advice", {1, 1, 32, true, false}},
		{ABI_ARM, "arm_fadvise64_64", "len", {4, 5, 64, true, true}},
		{ABI_ARM, "arm_sync_file_range", "flags", {1, 1, 32, false, false}},
		{ABI_ARM, "arm_sync_file_range", "offset", {2, 3, 64, true, true}},
		{ABI_PPC64LE, "sync_file_range2", "offset", {2, 2, 64, true, false}},
		{ABI_MIPSEL, "sync_file_range", "nbytes", {4, 5, 64, true, true}},
		{ABI_MIPS, "fadvise64", "offset", {3, 2, 64, true, true}},
		{ABI_MIPS, "_llseek", "offset_high", {1, 1, 32, false, false}},
		{ABI_AARCH64, "pread64", "offset", {3, 3, 64, true, false}},
		{ABI_MIPS64, "pread64", "offset", {3, 3, 64, true, false}},
		{ABI_MIPS64N32, "pread64", "offset", {3, 3, 64, true, false}},
		{ABI_S390X, "pread64", "offset", {3, 3, 64, true, false}},
		/* Halves that are arguments of their own, the low one first in each byte order. */
		{ABI_ARM, "preadv", "offset", {3, 4, 64, true, true}},
		{ABI_MIPS, "preadv", "offset", {3, 4, 64, true, true}},
		{ABI_MIPS64N32, "preadv2", "offset", {3, 4, 64, true, true}},
		{ABI_MIPS64N32, "preadv2", "flags", {5, 5, 32, true, false}},
		{ABI_AARCH64, "preadv", "offset", {3, 3, 64, true, false}},
		{ABI_AARCH64, "preadv2", "flags", {5, 5, 32, true, false}},
		/* n32: off_t is one argument, longs of compat entries have 32 bits, others 64. */
		{ABI_MIPS64N32, "ioctl", "argp", {2, 2, 32, false, false}},
		{ABI_MIPSEL64N32, "mmap", "length", {1, 1, 64, false, false}},
		{ABI_MIPSEL64N32, "munmap", "length", {1, 1, 64, false, false}},
		{ABI_MIPS64N32, "rt_sigprocmask", "sigsetsize", {3, 3, 32, false, false}},
		{ABI_MIPS64, "rt_sigprocmask", "sigsetsize", {3, 3, 64, false, false}},
		/* CONFIG_CLONE_BACKWARDS, _BACKWARDS2 and none. */
		{ABI_AARCH64, "clone", "tls", {3, 3, 64, false, false}},
		{ABI_MIPS, "clone", "tls", {3, 3, 32, false, false}},
		{ABI_PPC64LE, "clone", "tls", {3, 3, 64, false, false}},
		{ABI_LOONGARCH64, "clone", "tls", {4, 4, 64, false, false}},
		{ABI_S390X, "clone", "flags", {1, 1, 32, false, false}},
		{ABI_ARM, "setuid", "uid", {0, 0, 16, false, false}},
		{ABI_MIPS, "setuid", "uid", {0, 0, 32, false, false}},
		{ABI_ARM, "cacheflush", "end", {1, 1, 32, false, false}},
		{ABI_MIPS, "cacheflush", "nbytes", {1, 1, 32, false, false}},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		call_id id = call_find(cases[i].call);
		int index = call_arg_find(id, cases[i].abi, cases[i].argument);
		struct arg_place place;

		if (index < 0)
			fail_msg("%s has no %s", cases[i].call, cases[i].argument);
		place = call_arg_place(id, cases[i].abi, (unsigned int)index);
		if (place.low != cases[i].place.low || place.high != cases[i].place.high ||
		    place.bits != cases[i].place.bits ||
		    place.is_signed != cases[i].place.is_signed ||
		    place.split != cases[i].place.split)
			fail_msg("%s %s: %s stands in %u/%u with %u bits",
				 abi_get(cases[i].abi)->name, cases[i].call, cases[i].argument,
				 place.low, place.high, place.bits);
	}
}

static void test_argument_names(void **state)
{
	unsigned int count;
	call_id ioctl = call_find("ioctl"), socket = call_find("socket");

	(void)state;
	assert_int_equal(call_arg_find(ioctl, ABI_X86_64, "request"), 1);
	assert_int_equal(call_arg_find(ioctl, ABI_X86_64, "cmd"), 1);
	assert_int_equal(call_arg_find(ioctl, ABI_X86_64, "op"), -1);
	assert_int_equal(call_arg_find(socket, ABI_X86, "family"), 0);
	assert_string_equal(call_args(socket, ABI_X86, &count)[1].family, "SOCK_");
	assert_int_equal(call_args(socket, ABI_X86, &count)[1].mask, 0xf);
	assert_int_equal(count, 3);
	/* The old entries that take everything behind one pointer. */
	call_args(call_find("mmap"), ABI_X86, &count);
	assert_int_equal(count, 1);
	call_args(call_find("select"), ABI_X86, &count);
	assert_int_equal(count, 1);
}

static void test_hidden_arguments(void **state)
{
	static const struct {
		enum abi_id abi;
		const char *call, *argument;
		bool hidden;
	} cases[] = {
		{ABI_X86, "mmap", "prot", true},
		{ABI_X86, "mmap", "len", true},
		{ABI_X86, "mmap", "arg", false},
		{ABI_X86, "mmap", "pro", false},
		{ABI_S390X, "mmap", "off", true},
		{ABI_X86_64, "mmap", "prot", false},
		{ABI_X86, "select", "exceptfds", true},
		{ABI_S390X, "select", "exceptfds", false},
		{ABI_MIPS, "sync_file_range", "flags", true},
		{ABI_MIPSEL, "fadvise64", "advice", true},
		{ABI_MIPS64, "fadvise64", "advice", false},
		{ABI_MIPS, "sync_file_range", "", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		call_id id = call_find(cases[i].call);

		assert_int_equal(call_arg_is_hidden(id, cases[i].abi, cases[i].argument),
				 cases[i].hidden);
		if (cases[i].hidden)
			assert_int_equal(call_arg_find(id, cases[i].abi, cases[i].argument), -1);
	}
	assert_int_equal(call_find_synonym(call_find("sync_file_range2"), ABI_ARM),
			 call_find("arm_sync_file_range"));
	assert_int_equal(call_find_synonym(call_find("sync_file_range2"), ABI_MIPS), CALL_NONE);
	assert_true(call_is_transparent(call_find("syscall")));
	assert_false(call_is_transparent(call_find("socketcall")));
}

/* The highest number leaves out what stands far above the others, for `unknown`. */
static void test_private_numbers(void **state)
{
	const struct kernel_version now = call_newest_kernel(), old = {4, 19};

	(void)state;
	assert_int_equal(call_number(call_find("cacheflush"), ABI_ARM), 0xf0002);
	assert_int_equal(call_number(call_find("set_tls"), ABI_ARM), 0xf0005);
	assert_true(call_highest(ABI_ARM, now) < 1000);
	assert_int_equal(call_highest(ABI_ARM, old), 399);
	assert_int_equal(call_highest(ABI_MIPS, now), call_highest(ABI_ARM, now) + 4000);
	assert_int_equal(call_highest(ABI_MIPS64N32, now), call_highest(ABI_ARM, now) + 6000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_argument_places),
		cmocka_unit_test(test_argument_names),
		cmocka_unit_test(test_hidden_arguments),
		cmocka_unit_test(test_private_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
