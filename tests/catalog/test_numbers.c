/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every call number of every ABI beside libseccomp's: by name, and by number over the whole range,
 * so that neither a wrong row nor a missing one goes by. Calls that this libseccomp is too old to
 * know are compared with a list of their own.
 */
#include "policy-lang/catalog/call.h"

#include <seccomp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Newer than the tables of libseccomp 2.5.4, in part or whole; one number for all ABIs (without x32's bit) since Linux 5.1. */
static const struct {
	const char *name;
	int number;
} newer[] = {
	{"set_mempolicy_home_node", 450},
	{"cachestat", 451},
	{"fchmodat2", 452},
	{"map_shadow_stack", 453},
	{"futex_wake", 454},
	{"futex_wait", 455},
	{"futex_requeue", 456},
	{"statmount", 457},
	{"listmount", 458},
	{"lsm_get_self_attr", 459},
	{"lsm_set_self_attr", 460},
	{"lsm_list_modules", 461},
	{"mseal", 462},
	{"setxattrat", 463},
	{"getxattrat", 464},
	{"listxattrat", 465},
	{"removexattrat", 466},
	{"open_tree_attr", 467},
	{"file_getattr", 468},
	{"file_setattr", 469},
	{"listns", 470},
	{"rseq_slice_yield", 471},
	/* riscv64's, among the numbers that the generic table leaves to machines. */
	{"riscv_hwprobe", 258},
	/* In a gap that was left between two designs of x86_64's table. */
	{"uretprobe", 335},
	{"uprobe", 336},
};

/*
 * Those of them that some ABIs alone have; every ABI has the others. The first of the two probes is
 * "common" in Linux 6.12's arch/x86/entry/syscalls/syscall_64.tbl, which x32 shares.
 */
static const struct {
	const char *name;
	abi_set abis;
} partial[] = {
	{"riscv_hwprobe", ABI_BIT(ABI_RISCV64)},
	{"uretprobe", ABI_BIT(ABI_X86_64) | ABI_BIT(ABI_X32)},
	{"uprobe", ABI_BIT(ABI_X86_64)},
};

/* As far as numbers are swept above an ABI's base. */
#define NUMBER_SWEEP 1024

static unsigned int compared, listed, wrong;

/*
 * libseccomp's token of an ABI, whose names are the catalogue's. Where it is too old to know the ABI
 * (2.5.4 and loongarch64), that of one with the same generic table of calls.
 */
static uint32_t token_of(enum abi_id abi)
{
	uint32_t token = seccomp_arch_resolve_name(abi_get(abi)->name);

	return token || abi != ABI_LOONGARCH64 ? token : SCMP_ARCH_RISCV64;
}

/*
 * Calls that riscv64 has and loongarch64 never got (arch/loongarch/include/uapi/asm/unistd.h, and
 * arch/loongarch/kernel/Makefile.syscalls since Linux 6.11).
 */
static bool is_left_out(enum abi_id abi, const char *name)
{
	static const char *const names[] = {"getrlimit", "setrlimit", "memfd_secret",
					    "riscv_flush_icache", "riscv_hwprobe"};

	for (size_t i = 0; abi == ABI_LOONGARCH64 && i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

static int newer_number(const char *name)
{
	for (size_t i = 0; i < sizeof(newer) / sizeof(newer[0]); i++)
		if (strcmp(newer[i].name, name) == 0)
			return newer[i].number;
	return -1;
}

static void complain(enum abi_id abi, const char *name, int64_t ours, int64_t theirs)
{
	printf("%s %s: %lld here, %lld there\n", abi_get(abi)->name, name, (long long)ours,
	       (long long)theirs);
	wrong++;
}

/* libseccomp answers with a negative number of its own where an ABI lacks the call. */
static void check_name(call_id id, enum abi_id abi)
{
	const char *name = call_get(id)->name;
	int theirs = seccomp_syscall_resolve_name_arch(token_of(abi), name);
	int64_t ours = call_number(id, abi);

	if (is_left_out(abi, name)) {
		if (ours >= 0)
			complain(abi, name, ours, -1);
		return;
	}
	if (theirs < 0 && newer_number(name) >= 0)
		return;
	/* By name it speaks of the multiplexer alone; by number it knows the direct call. */
	if (theirs < __NR_SCMP_ERROR && call_multiplexer(id, abi) != CALL_NONE)
		return;
	if (theirs == __NR_SCMP_ERROR)
		complain(abi, name, ours, theirs);
	else if (theirs < 0 ? ours >= 0 : ours != theirs)
		complain(abi, name, ours, theirs);
	else
		compared++;
}

static bool is_there(enum abi_id abi, const char *name)
{
	for (size_t i = 0; i < sizeof(partial) / sizeof(partial[0]); i++)
		if (strcmp(partial[i].name, name) == 0)
			return partial[i].abis & ABI_BIT(abi);
	return true;
}

/* Absence is as wrong as another number: each newer call must be there, but for the partial ones. */
static void check_newer(enum abi_id abi)
{
	for (size_t i = 0; i < sizeof(newer) / sizeof(newer[0]); i++) {
		call_id id = call_find(newer[i].name);
		int64_t number = id == CALL_NONE ? -1 : call_number(id, abi);
		int64_t expected = is_there(abi, newer[i].name)
					   ? (int64_t)abi_get(abi)->number_base + newer[i].number
					   : -1;

		if (number != expected)
			complain(abi, newer[i].name, number, expected);
		else if (number >= 0)
			listed++;
	}
}

static void check_number(enum abi_id abi, uint32_t number)
{
	char *theirs = seccomp_syscall_resolve_num_arch(token_of(abi), (int)number);
	call_id ours = call_by_number(abi, number);
	const char *name = ours == CALL_NONE ? NULL : call_get(ours)->name;

	if (theirs && !name && is_left_out(abi, theirs)) {
		free(theirs);
		return;
	}
	if (theirs && (!name || strcmp(name, theirs) != 0)) {
		printf("%s %u: %s here, %s there\n", abi_get(abi)->name, number,
		       name ? name : "nothing", theirs);
		wrong++;
	} else if (theirs) {
		compared++;
	} else if (name && newer_number(name) < 0) {
		printf("%s %u: %s here, nothing there\n", abi_get(abi)->name, number, name);
		wrong++;
	}
	free(theirs);
}

int main(void)
{
	for (enum abi_id abi = 0; abi < ABI_COUNT; abi++) {
		uint32_t base = abi_get(abi)->number_base;

		if (token_of(abi) != abi_get(abi)->audit_arch && abi != ABI_X32 &&
		    seccomp_arch_resolve_name(abi_get(abi)->name)) {
			printf("%s has another AUDIT_ARCH there\n", abi_get(abi)->name);
			wrong++;
		}
		for (call_id id = 0; id < call_count(); id++)
			check_name(id, abi);
		check_newer(abi);
		for (uint32_t number = base; number < base + NUMBER_SWEEP; number++)
			check_number(abi, number);
		base = abi_get(abi)->number_private;
		for (uint32_t number = base; base && number < base + NUMBER_SWEEP; number++)
			check_number(abi, number);
	}
	printf("%zu calls on %d ABIs: %u comparisons with libseccomp, %u newer rows listed, %u wrong\n",
	       call_count(), ABI_COUNT, compared, listed, wrong);
	return wrong != 0;
}
