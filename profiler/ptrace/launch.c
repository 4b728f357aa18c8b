/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/ptrace/launch.h"

#include "profiler/ptrace/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

/* In the child. It goes on once the parent has seized it and closes its end of GATE. */
static _Noreturn void launch_child(char *const *command, const struct signals_before *before,
				   int gate, int report)
{
	char byte;
	int error;

	if (read(gate, &byte, 1) != 1)
		_exit(127); /* the parent could not seize it, or is gone */
	ptrace_return_signals(before);
	execvp(command[0], command);
	error = errno;
	if (write(report, &error, sizeof(error)) != (ssize_t)sizeof(error))
		_exit(126);
	_exit(127);
}

static void close_both(const int ends[2])
{
	close(ends[0]);
	close(ends[1]);
}

static int seize_and_release(pid_t pid, unsigned long options, int gate, const char **step)
{
	if (ptrace(PTRACE_SEIZE, pid, NULL, (void *)(uintptr_t)options) < 0) {
		*step = "tracing the program with ptrace";
		return -errno;
	}
	if (write(gate, "", 1) != 1) {
		*step = "starting the program";
		return -errno;
	}
	return 0;
}

int ptrace_launch(char *const *command, const struct signals_before *before, unsigned long options,
		  struct launched *launched, const char **step)
{
	int gate[2], report[2], error;
	pid_t pid;

	*step = "starting the program";
	if (pipe2(gate, O_CLOEXEC) < 0)
		return -errno;
	if (pipe2(report, O_CLOEXEC) < 0) {
		error = -errno;
		close_both(gate);
		return error;
	}
	pid = fork();
	error = -errno;
	if (pid == 0) {
		close(gate[1]);
		close(report[0]);
		launch_child(command, before, gate[0], report[1]);
	}
	close(report[1]);
	if (pid > 0)
		error = seize_and_release(pid, options, gate[1], step);
	close_both(gate);
	if (error) {
		close(report[0]);
		if (pid > 0)
			waitpid(pid, NULL, 0); /* the gate closed unopened: it has left */
		return error;
	}
	*launched = (struct launched){pid, report[0]};
	return 0;
}

int launched_exec_error(const struct launched *launched)
{
	int error;

	return read(launched->report, &error, sizeof(error)) == (ssize_t)sizeof(error) ? error : 0;
}

void launched_close(struct launched *launched)
{
	close(launched->report);
	launched->report = -1;
}
