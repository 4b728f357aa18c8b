/* SPDX-License-Identifier: Apache-2.0 */
/* Starts the command: its process is known to the kernel's side before it comes to its exec. */
#include "profiler/ebpf/run.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* In the child. It goes on once the parent has made it known and opens GATE. */
static _Noreturn void launch_child(const struct ebpf_run *run, int gate, int report)
{
	char *const *command = run->request->command;
	char byte;
	int error;

	if (read(gate, &byte, 1) != 1)
		_exit(127); /* the parent could not, or is gone */
	ebpf_signals_return(run);
	execvp(command[0], command);
	error = errno;
	if (write(report, &error, sizeof(error)) != (ssize_t)sizeof(error))
		_exit(126);
	_exit(127);
}

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

int ebpf_launch(struct ebpf_run *run, int *gate)
{
	int gates[2], reports[2], error;
	pid_t pid;

	run->result->step = "starting the program";
	if (pipe2(gates, O_CLOEXEC) < 0)
		return -errno;
	if (pipe2(reports, O_CLOEXEC) < 0) {
		error = -errno;
		close(gates[0]);
		close(gates[1]);
		return error;
	}
	pid = fork();
	error = pid < 0 ? -errno : 0;
	if (pid == 0) {
		close(gates[1]);
		close(reports[0]);
		launch_child(run, gates[0], reports[1]);
	}
	close(gates[0]);
	close(reports[1]);
	if (!error)
		error = make_known(run, pid, run->filters);
	if (error) {
		close(gates[1]);
		close(reports[0]);
		if (pid > 0)
			waitpid(pid, NULL, 0); /* the gate closed unopened: it has left */
		return error;
	}
	run->child = pid;
	run->report = reports[0];
	*gate = gates[1];
	return 0;
}

int ebpf_launch_go(int gate)
{
	int error = write(gate, "", 1) == 1 ? 0 : -errno;

	close(gate);
	return error;
}
