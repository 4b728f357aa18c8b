/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/live_process.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

int live_process_own(void)
{
	return (int)getpid();
}

/* Programs have memory of their own, and threads of the kernel have none. */
bool live_process_read(int pid, struct live_process *process)
{
	char path[64], line[256], state = '?';
	bool has_memory = false;
	FILE *status;

	*process = (struct live_process){.seccomp = -1};
	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	status = fopen(path, "re");
	if (!status)
		return false;
	while (fgets(line, sizeof(line), status)) {
		sscanf(line, "Tgid: %d", &process->group);
		sscanf(line, "TracerPid: %d", &process->tracer);
		sscanf(line, "Seccomp: %d", &process->seccomp);
		sscanf(line, "State: %c", &state);
		has_memory |= !strncmp(line, "VmSize:", 7);
	}
	fclose(status);
	process->is_dead = state == 'Z' || state == 'X';
	process->is_kernel = !has_memory && !process->is_dead;
	return true;
}
