/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trace_probe COMMAND...: traces the command by ptrace twice, exactly and adaptively, and compares
 * what was seen. Exits with 0 where that is the same and the adaptive tracer looked at fewer calls.
 */
#include "profiler/ptrace/tracer.h"
#include "tests/kernel/recorded_lines.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static struct recorded_run *trace(struct arena *arena, char *const *command, bool exact)
{
	struct recorder *recorder = recorder_new(
		arena, &(struct recorder_subject){
			       .tracer = "ptrace", .command = command, .results_seen = true});
	struct trace_request request = {.command = command, .exact = exact};
	struct trace_result result;
	int error;

	if (!recorder)
		return NULL;
	error = ptrace_tracer.run(&request, recorder, &result);
	if (error || result.exec_error || result.end != RECORDED_END_EXITED || result.end_value) {
		printf("%s: %s %d, exec %d, ended %d with %d\n", exact ? "exact" : "adaptive",
		       result.step ? result.step : "run", error, result.exec_error, result.end,
		       result.end_value);
		return NULL;
	}
	return recorder_finish(recorder, result.end, result.end_value);
}

int main(int argc, char **argv)
{
	struct arena arena = {0};
	struct recorded_run *exact, *adaptive;
	line_list a, b;

	if (argc < 2 || arena_init(&arena) < 0)
		return 2;
	exact = trace(&arena, argv + 1, true);
	adaptive = exact ? trace(&arena, argv + 1, false) : NULL;
	if (!adaptive)
		return 3;
	a = recorded_lines(&arena, exact);
	b = recorded_lines(&arena, adaptive);
	if (recorded_lines_differ(&a, &b))
		return 4;
	printf("the same %zu, %s\n", a.count,
	       adaptive->counts_are_least && recorded_calls(adaptive) < recorded_calls(exact) / 2
		       ? "fewer looked at"
		       : "as many looked at");
	return 0;
}
