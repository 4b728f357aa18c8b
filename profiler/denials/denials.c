/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/denials/denials.h"

#include "profiler/denials/registers.h"
#include "profiler/denials/run.h"
#include "profiler/process_info.h"
#include "profiler/ptrace/follow.h"

#include <errno.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <unistd.h>

enum {
	/* EXITKILL: whatever becomes of the tracer, nobody runs on with nobody to answer for him. */
	TRACE_OPTIONS = PTRACE_O_TRACESECCOMP | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK |
			PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXIT |
			PTRACE_O_EXITKILL,
};

bool denials_can_enforce(void)
{
	return registers_can_skip();
}

/* What is in force on this process is in force on the program too, and pale-run's comes to it. */
static int count_own_filters(void)
{
	struct process_status own;

	if (process_read_status(getpid(), &own) < 0)
		return 0;
	/* Where there is one and no count, the kernel gives none. */
	return own.seccomp && !own.filters ? 0 : own.filters + 1;
}

static void give_result(struct denials_run *run)
{
	struct denial_table *table = &run->table;
	struct denial *items =
		arena_alloc_array(run->arena, table->kinds.count + 1, sizeof(*items));

	for (size_t i = 0; i < table->kinds.count; i++)
		items[i] = table->kinds.items[i]->denial;
	run->result->items = items;
	run->result->count = table->kinds.count;
}

int denials_run(struct arena *arena, const struct denials_request *request,
		struct recorder *recorder, struct denials_result *result)
{
	struct trace_request traced = {.command = request->shim};
	struct denials_run run = {
		.base = {.request = &traced,
			 .recorder = recorder,
			 .result = &result->trace,
			 .handle_stop = denials_handle_stop,
			 .sandboxed = true},
		.request = request,
		.result = result,
		.arena = arena,
		.own_filters = count_own_filters(),
	};
	int dumpable = prctl(PR_GET_DUMPABLE) == 1;
	struct signals_before before;

	*result = (struct denials_result){0};
	run.loads = arena_alloc_array(arena, request->policy->load_count + 1, sizeof(*run.loads));
	if (task_table_init(&run.base.tasks) < 0) {
		result->trace.step = "keeping track of processes";
		return -ENOMEM;
	}
	signals_take(&traced, &run.base.taken, &before);
	run.base.error = ptrace_launch(&run.base, request->shim, &before, TRACE_OPTIONS);
	if (!run.base.error) {
		/* Nobody behind the policy shall debug who answers for it. */
		prctl(PR_SET_DUMPABLE, 0);
		ptrace_follow(&run.base);
		launched_close(&run.base.launched);
		prctl(PR_SET_DUMPABLE, dumpable);
	}
	task_table_release(&run.base.tasks);
	signals_return(&before);
	give_result(&run);
	return run.base.error;
}
