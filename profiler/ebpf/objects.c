/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/ebpf/objects.h"

#include "profiler/ebpf/trace.skel.h"

#include <assert.h>
#include <bpf/bpf.h>
#include <bpf/skel_internal.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Where the objects' descriptors go, by what SOURCE has: the two are in the same order. */
struct places {
	const struct bpf_map *maps[EBPF_MAPS];
	const struct bpf_program *programs[EBPF_PROGRAMS];
};

static struct places places_of(const struct trace_bpf *source)
{
	return (struct places){
		.maps =
			{
				[EBPF_MAP_TASKS] = source->maps.tasks,
				[EBPF_MAP_RECORDS] = source->maps.records,
				[EBPF_MAP_TUPLES] = source->maps.tuples,
				[EBPF_MAP_OPERATIONS] = source->maps.operations,
				[EBPF_MAP_NEWS] = source->maps.news,
				[EBPF_MAP_SHARED] = source->maps.bss,
			},
		.programs =
			{
				[EBPF_TRACE_EXIT] = source->progs.trace_exit,
				[EBPF_TRACE_EXEC] = source->progs.trace_exec,
				[EBPF_TRACE_FORK] = source->progs.trace_fork,
				[EBPF_TRACE_ATTACH] = source->progs.trace_attach,
				[EBPF_TRACE_OPERATION] = source->progs.trace_operation,
				[EBPF_TRACE_OPERATION_SQE] = source->progs.trace_operation_sqe,
				[EBPF_TRACE_ENTER] = source->progs.trace_enter,
				[EBPF_WALK_MEET] = source->progs.walk_meet,
				[EBPF_WALK_BEGIN] = source->progs.walk_begin,
				[EBPF_WALK_FLUSH] = source->progs.walk_flush,
				[EBPF_WALK_LIST] = source->progs.walk_list,
			},
	};
}

/* Keeps FD where MAP belongs, or closes it. */
static void keep_map(struct ebpf_objects *objects, const struct places *places,
		     const struct bpf_map *map, int fd)
{
	for (size_t i = 0; i < EBPF_MAPS; i++)
		if (places->maps[i] == map) {
			objects->maps[i] = fd;
			return;
		}
	close(fd);
}

static void keep_program(struct ebpf_objects *objects, const struct places *places,
			 const struct bpf_program *program, int fd)
{
	for (size_t i = 0; i < EBPF_PROGRAMS; i++)
		if (places->programs[i] == program) {
			objects->programs[i] = fd;
			return;
		}
	close(fd);
}

static int load_by_library(struct ebpf_objects *objects, struct trace_bpf *source)
{
	struct places places = places_of(source);
	int error = bpf_object__load(source->obj);

	for (size_t i = 0; !error && i < EBPF_MAPS; i++) {
		objects->maps[i] = fcntl(bpf_map__fd(places.maps[i]), F_DUPFD_CLOEXEC, 0);
		error = objects->maps[i] < 0 ? -errno : 0;
	}
	for (size_t i = 0; !error && i < EBPF_PROGRAMS; i++) {
		if (!bpf_program__autoload(places.programs[i]))
			continue;
		objects->programs[i] =
			fcntl(bpf_program__fd(places.programs[i]), F_DUPFD_CLOEXEC, 0);
		error = objects->programs[i] < 0 ? -errno : 0;
	}
	return error;
}

static bool is_map(int fd, const struct bpf_map *map)
{
	struct bpf_map_info info = {0};
	uint32_t size = sizeof(info);

	return bpf_obj_get_info_by_fd(fd, &info, &size) == 0 && info.type == bpf_map__type(map) &&
	       info.value_size == bpf_map__value_size(map) &&
	       info.max_entries == bpf_map__max_entries(map);
}

static bool is_program(int fd, const struct bpf_program *program)
{
	struct bpf_prog_info info = {0};
	uint32_t size = sizeof(info);

	return bpf_obj_get_info_by_fd(fd, &info, &size) == 0 &&
	       info.type == (uint32_t)bpf_program__type(program) &&
	       strncmp(info.name, bpf_program__name(program), sizeof(info.name) - 1) == 0;
}

/*
 * The loading program writes the descriptors that it made behind its context: maps in the object's
 * order, then the programs that were to be loaded. That is libbpf's own arrangement, of the version
 * that runs; what stands there is taken for nothing that the kernel does not say it is.
 */
static int take_loaded(struct ebpf_objects *objects, const struct trace_bpf *source,
		       const struct bpf_map_desc *maps)
{
	struct places places = places_of(source);
	const struct bpf_prog_desc *programs;
	struct bpf_program *program;
	struct bpf_map *map;

	bpf_object__for_each_map(map, source->obj)
	{
		if (!is_map(maps->map_fd, map))
			return -EPROTO;
		keep_map(objects, &places, map, maps->map_fd);
		maps++;
	}
	programs = (const struct bpf_prog_desc *)maps;
	bpf_object__for_each_program(program, source->obj)
	{
		if (!bpf_program__autoload(program))
			continue;
		if (!is_program(programs->prog_fd, program))
			return -EPROTO;
		keep_program(objects, &places, program, programs->prog_fd);
		programs++;
	}
	return 0;
}

/* Has libbpf write a program that loads the others, and the kernel run it. */
static int load_by_kernel(struct ebpf_objects *objects, struct trace_bpf *source)
{
	/* More than there are of both. */
	struct {
		struct bpf_loader_ctx context;
		struct bpf_map_desc descriptors[2 * EBPF_MAPS + EBPF_PROGRAMS];
	} room = {.context = {.sz = sizeof(room)}};
	DECLARE_LIBBPF_OPTS(gen_loader_opts, made);
	struct bpf_load_and_run_opts options = {.ctx = &room.context};
	int error;

	error = bpf_object__gen_loader(source->obj, &made);
	if (!error)
		error = bpf_object__load(source->obj);
	if (error)
		return error;
	options.data = made.data;
	options.data_sz = made.data_sz;
	options.insns = made.insns;
	options.insns_sz = made.insns_sz;
	error = bpf_load_and_run(&options);
	return error ? error : take_loaded(objects, source, room.descriptors);
}

void ebpf_objects_init(struct ebpf_objects *objects)
{
	*objects = (struct ebpf_objects){0};
	for (size_t i = 0; i < EBPF_MAPS; i++)
		objects->maps[i] = -1;
	for (size_t i = 0; i < EBPF_PROGRAMS; i++)
		objects->programs[i] = -1;
}

static size_t shared_size(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (sizeof(struct trace_shared) + page - 1) & -page;
}

int ebpf_objects_load(struct ebpf_objects *objects, struct trace_bpf *source,
		      enum ebpf_loader loader)
{
	void *shared = MAP_FAILED;
	int error;

	_Static_assert(offsetof(struct trace_bpf__bss, shared) == 0, "it is all of the map");
	ebpf_objects_init(objects);
	error = loader == EBPF_LOADER_KERNEL ? load_by_kernel(objects, source)
					     : load_by_library(objects, source);
	if (!error) {
		shared = mmap(NULL, shared_size(), PROT_READ | PROT_WRITE, MAP_SHARED,
			      objects->maps[EBPF_MAP_SHARED], 0);
		error = shared == MAP_FAILED ? -errno : 0;
	}
	if (shared != MAP_FAILED)
		objects->shared = shared;
	if (error)
		ebpf_objects_release(objects);
	return error;
}

void ebpf_objects_release(struct ebpf_objects *objects)
{
	if (objects->shared)
		munmap(objects->shared, shared_size());
	for (size_t i = 0; i < EBPF_MAPS; i++)
		if (objects->maps[i] >= 0)
			close(objects->maps[i]);
	for (size_t i = 0; i < EBPF_PROGRAMS; i++)
		if (objects->programs[i] >= 0)
			close(objects->programs[i]);
	ebpf_objects_init(objects);
}
