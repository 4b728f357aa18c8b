/* SPDX-License-Identifier: Apache-2.0 */
/* The command's process is known to the kernel's side before it comes to its exec. */
#include "profiler/ebpf/run.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

/* PID is recorded from its exec on. */
static int make_known(const struct ebpf_run *run, pid_t pid, int filters)
{
	struct trace_task state = {.membership = TRACE_LAUNCHED, .filters = filters};
	int fd = (int)syscall(SYS_pidfd_open, pid, 0), error = 0;

	if (fd < 0)
		return -errno;
	if (bpf_map_update_elem(run->objects.maps[EBPF_MAP_TASKS], &fd, &state, BPF_ANY) < 0)
		error = -errno;
	close(fd);
	return error;
}

int ebpf_launch(struct ebpf_run *run)
{
	int error;

	run->result->step = "starting the program";
	error = launch_held(run->request->command, &run->before, &run->launched);
	if (error)
		return error;
	error = make_known(run, run->launched.pid, run->filters);
	if (error) {
		launch_abandon(&run->launched);
		run->launched.pid = 0;
	}
	return error;
}
