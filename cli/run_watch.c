/* SPDX-License-Identifier: Apache-2.0 */
/* pale run --learn and --report: behind a policy, and pale sees what it denies. */
#include "cli/run.h"

#include "cli/command.h"
#include "cli/diagnostics.h"
#include "cli/output.h"
#include "cli/recording_input.h"
#include "compiler/cbpf/watch.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	EXIT_NOT_EXECUTABLE = 126, /* as pale-run(1) has it */
	EXIT_SIGNAL = 128,
};

/* What is in the recording already, if it is there; what is no recording is not to be replaced. */
static int read_former(struct recording_input *former, const char *path)
{
	struct stat file;
	int status;

	if (strcmp(path, "-") == 0 || (stat(path, &file) < 0 && errno == ENOENT))
		return COMMAND_GOOD;
	if (stat(path, &file) == 0 && (!S_ISREG(file.st_mode) || file.st_size == 0))
		return COMMAND_GOOD;
	status = recording_input_add(former, path);
	diagnostics_print(&former->diags, (struct diagnostics_style){0});
	return status;
}

static int check_recording(const char *path)
{
	struct recording_input former;
	int status, error = output_probe(path);

	if (error) {
		/* Before the program runs: it may run for hours. */
		command_error("cannot write %s: %s", path, strerror(-error));
		return COMMAND_ENVIRONMENT;
	}
	error = recording_input_init(&former);
	if (error)
		return command_path_error("memory", error);
	status = read_former(&former, path);
	recording_input_release(&former);
	return status;
}

int run_watch_prepare(struct run *run)
{
	if (run->report && !denials_can_enforce()) {
		command_error("--report is not there for this machine: pale cannot deny a call by "
			      "ptrace here (--learn can let it through)");
		return COMMAND_ENVIRONMENT;
	}
	return run->learn ? check_recording(run->learn) : COMMAND_GOOD;
}

int run_watch_filters(struct run *run, struct bundle_contents *contents,
		      const struct policy_rules *rules)
{
	const struct abi *host = abi_host();
	const struct filter **filters =
		arena_alloc_array(&run->input.arena, contents->filter_count, sizeof(*filters));
	enum filter_watch watch = run->learn ? FILTER_WATCH_ALL : FILTER_WATCH_DENIED;
	const char *why = "it has no filter for this machine";

	run->rules = rules;
	for (size_t i = 0; host && i < contents->filter_count; i++) {
		const struct filter *filter = contents->filters[i];

		filters[i] = filter;
		if (!(filter->abis & abi_machine(host)))
			continue;
		run->policy = filter;
		filters[i] = filter_watch(&run->input.arena, filter, watch, &why);
		if (!filters[i])
			run->policy = NULL;
	}
	if (!run->policy) {
		command_error("%s: --%s cannot watch it: %s", run->path,
			      run->learn ? "learn" : "report", why);
		return COMMAND_USAGE;
	}
	contents->filters = filters;
	return COMMAND_GOOD;
}

/* The values of --load by the policy's names. What is wrong with them pale-run says, and ends. */
static const struct denial_load *given_loads(struct run *run)
{
	const struct filter *policy = run->policy;
	struct denial_load *loads =
		arena_alloc_array(&run->input.arena, policy->load_count + 1, sizeof(*loads));

	for (uint32_t i = 0; i < policy->load_count; i++) {
		const char *name = policy->loads[i].name;
		size_t length = strlen(name);

		for (size_t j = 0; j < run->loads.count; j++) {
			const char *text = run->loads.items[j], *value = text + length + 1;
			bool minus;

			if (strncmp(text, name, length) != 0 || text[length] != '=')
				continue;
			minus = *value == '-';
			loads[i].is_pid = strcmp(value, "@pid") == 0;
			value += minus;
			loads[i].value = strtoull(
				value, NULL, value[0] == '0' && (value[1] | 32) == 'x' ? 16 : 10);
			if (minus)
				loads[i].value = -loads[i].value;
		}
	}
	return loads;
}

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

/* The run behind what REC had already. */
static int save_learned(struct run *run, struct recorder *recorder,
			const struct denials_result *result)
{
	struct recorded_run *recorded =
		recorder_finish(recorder, result->trace.end, result->trace.end_value);
	struct recording added = {.runs = {&recorded, 1, 1}};
	struct recording_input all;
	int status, error = recording_input_init(&all);

	recorded->only_denied = true;
	if (error)
		return command_path_error("memory", error);
	status = read_former(&all, run->learn);
	if (status == COMMAND_GOOD) {
		recording_merge(&all.arena, &all.recording, &added, "this run", &all.diags);
		diagnostics_print(&all.diags, (struct diagnostics_style){0});
		status = all.diags.errors ? COMMAND_USAGE
					  : recording_output(&all.recording, run->learn);
	}
	recording_input_release(&all);
	if (status != COMMAND_GOOD)
		return status;
	command_error("the policy denies %" PRIu64 " call%s of what ran, of %zu kind%s, which "
		      "went through; recorded in %s",
		      result->calls, plural(result->calls), result->count, plural(result->count),
		      strcmp(run->learn, "-") == 0 ? "standard output" : run->learn);
	return COMMAND_GOOD;
}

static void say_unseen(const struct denials_result *result, struct recorder *recorder)
{
	if (result->own_filter) {
		recorder_unseen(recorder, UNSEEN_OWN_FILTER, EXECUTABLE_NONE);
		command_error("warning: the program installed a seccomp filter of its own: what "
			      "that denies is not seen here");
	}
	if (result->untraced) {
		recorder_unseen(recorder, UNSEEN_UNTRACED_CHILD, EXECUTABLE_NONE);
		command_error(
			"warning: the program made children with CLONE_UNTRACED that could not be "
			"traced: what the policy denies them gives ENOSYS, and is not seen "
			"here");
	}
	if (result->ptraces)
		command_error("warning: the program used ptrace, which the policy allows, and got "
			      "EPERM: nobody but pale may trace it here");
	if (result->trace.hung_up)
		command_error("warning: " TRACE_HUNG_UP);
	if (result->listeners)
		command_error(
			"warning: the program wanted to answer calls itself "
			"(SECCOMP_FILTER_FLAG_NEW_LISTENER), and got EBUSY: its answers would "
			"come before the policy's here");
}

static int watch(struct run *run, struct recorder *recorder, char *const *shim)
{
	struct run_report report = {.run = run};
	struct denials_request request = {
		.shim = shim,
		.policy = run->policy,
		.loads = given_loads(run),
		.let_through = run->learn != NULL,
		.denied = run->report ? run_report_denied : NULL,
		.user = &report,
	};
	struct denials_result result;
	int status = COMMAND_GOOD, error;

	if (run->learn)
		command_error("learning: what the policy denies goes through, and is recorded; "
			      "never run hostile code so");
	error = denials_run(&run->input.arena, &request, recorder, &result);
	if (!error && result.trace.exec_error)
		return command_path_error(shim[0], -result.trace.exec_error);
	/* What was printed as it came is told to the end, whatever became of the run. */
	if (run->report)
		run_report_finish(&report, &result);
	if (error) {
		command_error("%s: %s", result.trace.step, strerror(-error));
		return COMMAND_ENVIRONMENT;
	}
	if (result.launch_denied) {
		command_error("cannot run '%s': the policy does not allow execve", run->command[0]);
		return EXIT_NOT_EXECUTABLE;
	}
	say_unseen(&result, recorder);
	if (result.trace.killed)
		recorder_unseen(recorder, UNSEEN_CUT_SHORT, EXECUTABLE_NONE);
	if (run->learn)
		status = save_learned(run, recorder, &result);
	if (status != COMMAND_GOOD)
		return status;
	return result.trace.end == RECORDED_END_KILLED ? EXIT_SIGNAL + result.trace.end_value
						       : result.trace.end_value;
}

int run_watch(struct run *run, char *const *shim)
{
	struct recorder *recorder = recorder_new(&run->input.arena, &(struct recorder_subject){
									    .tracer = "learn",
									    .scope = SCOPE_COMMAND,
									    .command = run->command,
								    });

	if (!recorder) {
		command_error("the kernel gives no random bytes for the recording's id");
		return COMMAND_ENVIRONMENT;
	}
	return watch(run, recorder, shim);
}
