/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

/* In the child. It goes on once the parent writes to GATE. */
static _Noreturn void launch_child(char *const *command, const struct signals_before *before,
				   int gate, int report)
{
	char byte;
	int error;

	if (read(gate, &byte, 1) != 1)
		_exit(127); /* the parent could not trace it, or is gone */
	signals_return(before);
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

int launch_held(char *const *command, const struct signals_before *before,
		struct launched *launched)
{
	int gate[2], report[2], error;
	pid_t pid;

	if (pipe2(gate, O_CLOEXEC) < 0)
		return -errno;
	if (pipe2(report, O_CLOEXEC) < 0) {
		error = -errno;
		close_both(gate);
		return error;
	}
	pid = fork();
	error = pid < 0 ? -errno : 0;
	if (pid == 0) {
		close(gate[1]);
		close(report[0]);
		launch_child(command, before, gate[0], report[1]);
	}
	close(gate[0]);
	close(report[1]);
	if (error) {
		close(gate[1]);
		close(report[0]);
		return error;
	}
	*launched = (struct launched){pid, gate[1], report[0]};
	return 0;
}

static void close_gate(struct launched *launched)
{
	if (launched->gate >= 0)
		close(launched->gate);
	launched->gate = -1;
}

int launch_go(struct launched *launched)
{
	int error = write(launched->gate, "", 1) == 1 ? 0 : -errno;

	close_gate(launched);
	return error;
}

void launch_abandon(struct launched *launched)
{
	launched_close(launched);
	waitpid(launched->pid, NULL, 0); /* the gate closed unopened: it has left */
}

int launched_exec_error(const struct launched *launched)
{
	int error;

	return read(launched->report, &error, sizeof(error)) == (ssize_t)sizeof(error) ? error : 0;
}

void launched_close(struct launched *launched)
{
	close_gate(launched);
	if (launched->report >= 0)
		close(launched->report);
	launched->report = -1;
}
