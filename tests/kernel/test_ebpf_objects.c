/* SPDX-License-Identifier: Apache-2.0 */
/* Whoever works out where the kernel has its members, the same comes to be in the kernel. */
#include "profiler/ebpf/objects.h"

#include "profiler/ebpf/trace.skel.h"

#include <bpf/bpf.h>
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static int print_nothing(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level;
	(void)format;
	(void)args;
	return 0;
}

static size_t descriptors_count(void)
{
	DIR *folder = opendir("/proc/self/fd");
	size_t count = 0;

	assert_non_null(folder);
	while (readdir(folder))
		count++;
	closedir(folder);
	return count;
}

/* Everything that the scope of a control group needs, with numbers that can be found again. */
static int load(struct ebpf_objects *objects, enum ebpf_loader loader)
{
	struct trace_bpf *source = trace_bpf__open();
	int error;

	assert_non_null(source);
	bpf_program__set_autoload(source->progs.trace_operation, false);
	bpf_program__set_autoload(source->progs.trace_operation_sqe, false);
	bpf_program__set_autoload(source->progs.walk_begin, false);
	source->rodata->scope = TRACE_CGROUP;
	source->rodata->phases = 1;
	source->rodata->cgroup_id = 4711;
	source->bss->shared.calls[59].listens = 0x1234;
	source->bss->shared.calls[TRACE_ABIS * TRACE_CALLS - 1].waits = 0x5678;
	error = ebpf_objects_load(objects, source, loader);
	trace_bpf__destroy(source);
	return error;
}

static struct bpf_prog_info program_info(int fd)
{
	struct bpf_prog_info info = {0};
	unsigned int size = sizeof(info);

	assert_int_equal(bpf_obj_get_info_by_fd(fd, &info, &size), 0);
	return info;
}

static struct bpf_map_info map_info(int fd)
{
	struct bpf_map_info info = {0};
	unsigned int size = sizeof(info);

	assert_int_equal(bpf_obj_get_info_by_fd(fd, &info, &size), 0);
	return info;
}

/* What the kernel made of program FD, for the caller to free. */
static struct bpf_insn *instructions(int fd, size_t *count)
{
	struct bpf_prog_info info = program_info(fd);
	struct bpf_insn *all = calloc(1, info.xlated_prog_len);
	unsigned int size = sizeof(info);

	assert_non_null(all);
	*count = info.xlated_prog_len / sizeof(*all);
	info = (struct bpf_prog_info){.xlated_prog_len = info.xlated_prog_len,
				      .xlated_prog_insns = (uintptr_t)all};
	assert_int_equal(bpf_obj_get_info_by_fd(fd, &info, &size), 0);
	return all;
}

/* All but where maps and functions are: members at the same places, and the same constants. */
static void compare_instructions(int one, int other)
{
	size_t count, other_count;
	struct bpf_insn *left = instructions(one, &count);
	struct bpf_insn *right = instructions(other, &other_count);

	assert_int_equal(count, other_count);
	for (size_t i = 0; i < count; i++) {
		bool address = left[i].code == (BPF_LD | BPF_DW | BPF_IMM) || !left[i].code ||
			       left[i].code == (BPF_JMP | BPF_CALL);

		assert_int_equal(left[i].code, right[i].code);
		assert_int_equal(left[i].dst_reg, right[i].dst_reg);
		assert_int_equal(left[i].src_reg, right[i].src_reg);
		assert_int_equal(left[i].off, right[i].off);
		if (!address)
			assert_int_equal(left[i].imm, right[i].imm);
	}
	free(left);
	free(right);
}

static void compare_programs(const struct ebpf_objects *one, const struct ebpf_objects *other)
{
	size_t compared = 0;

	for (size_t i = 0; i < EBPF_PROGRAMS; i++) {
		struct bpf_prog_info left, right;

		assert_int_equal(one->programs[i] < 0, other->programs[i] < 0);
		if (one->programs[i] < 0)
			continue;
		left = program_info(one->programs[i]);
		right = program_info(other->programs[i]);
		assert_string_equal(left.name, right.name);
		assert_int_equal(left.type, right.type);
		assert_int_equal(left.nr_func_info, right.nr_func_info);
		assert_int_equal(left.attach_btf_id, right.attach_btf_id);
		compare_instructions(one->programs[i], other->programs[i]);
		compared++;
	}
	assert_int_equal(compared, 8);
}

static void test_loaders(void **state)
{
	size_t before = descriptors_count();
	struct ebpf_objects by[EBPF_LOADERS];

	(void)state;
	for (int loader = 0; loader < EBPF_LOADERS; loader++)
		assert_int_equal(load(&by[loader], (enum ebpf_loader)loader), 0);
	compare_programs(&by[EBPF_LOADER_KERNEL], &by[EBPF_LOADER_LIBRARY]);
	for (size_t i = 0; i < EBPF_MAPS; i++) {
		struct bpf_map_info left = map_info(by[0].maps[i]), right = map_info(by[1].maps[i]);

		assert_int_equal(left.type, right.type);
		assert_int_equal(left.value_size, right.value_size);
		assert_int_equal(left.max_entries, right.max_entries);
		assert_int_equal(left.map_flags, right.map_flags);
	}
	for (int loader = 0; loader < EBPF_LOADERS; loader++) {
		const struct trace_shared *shared = by[loader].shared;

		assert_int_equal(shared->calls[59].listens, 0x1234);
		assert_int_equal(shared->calls[TRACE_ABIS * TRACE_CALLS - 1].waits, 0x5678);
		ebpf_objects_release(&by[loader]);
	}
	assert_int_equal(descriptors_count(), before);
	assert_true(fcntl(STDIN_FILENO, F_GETFD) >= 0);
}

/* A program that the kernel has no event for is refused by both, and leaves nothing behind. */
static void test_refused(void **state)
{
	(void)state;
	for (int loader = 0; loader < EBPF_LOADERS; loader++) {
		struct trace_bpf *source = trace_bpf__open();
		size_t before = descriptors_count();
		struct ebpf_objects objects;

		assert_non_null(source);
		/* No kernel has both names of the event. */
		bpf_program__set_autoload(source->progs.trace_operation, true);
		bpf_program__set_autoload(source->progs.trace_operation_sqe, true);
		assert_true(ebpf_objects_load(&objects, source, (enum ebpf_loader)loader) < 0);
		assert_null(objects.shared);
		for (size_t i = 0; i < EBPF_MAPS; i++)
			assert_int_equal(objects.maps[i], -1);
		trace_bpf__destroy(source);
		assert_true(descriptors_count() <= before);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_loaders),
		cmocka_unit_test(test_refused),
	};

	if (geteuid() != 0 || access("/sys/kernel/btf/vmlinux", R_OK) < 0) {
		printf("SKIP: eBPF programs are loaded by root, where the kernel tells its types\n");
		return 77;
	}
	libbpf_set_print(print_nothing);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
