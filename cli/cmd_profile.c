/* SPDX-License-Identifier: Apache-2.0 */
/* pale profile: runs a program and records the system calls that it makes. */
#include "cli/command.h"
#include "cli/diagnostics.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/ready.h"
#include "cli/recording_input.h"
#include "cli/requests.h"
#include "profiler/container.h"
#include "profiler/tracer.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

enum {
	EXIT_NOT_EXECUTABLE = 126, /* as env(1) has them */
	EXIT_NOT_FOUND = 127,
	EXIT_SIGNAL = 128,
};

enum {
	KEY_TRACER = OPTION_LONG_ONLY,
	KEY_PID,
	KEY_CGROUP,
	KEY_CONTAINER,
	KEY_EXACT,
	KEY_FOR,
	KEY_FROM_EXEC,
	KEY_LABEL,
	KEY_READY,
	KEY_REPLAY,
	KEY_SERVING,
};

static const struct option_row profile_rows[] = {
	{'o', "output", "FILE", "writes the recording there instead of to COMMAND.rec.json"},
	{'q', "quiet", NULL, "neither progress nor summary; warnings stay"},
	{KEY_TRACER, "tracer", "NAME", "auto, ebpf or ptrace"},
	{KEY_PID, "pid", "PID", "records a process that runs already, and what it starts"},
	{KEY_CGROUP, "cgroup", "DIR", "records all that runs in a cgroup and below it"},
	{KEY_CONTAINER, "container", "ID",
	 "records a container that runs, by its id, the beginning of it, or its name"},
	{KEY_FROM_EXEC, "from-exec", NULL,
	 "of a process or group: what is there already, or joins, from its next exec on"},
	{KEY_READY, "ready", "FD",
	 "writes a line to descriptor FD once nothing is missed any more"},
	{KEY_FOR, "for", "SECONDS", "ends the recording after so long"},
	{KEY_LABEL, "label", "KEY=VALUE",
	 "notes it in the recording, for pale merge --label; may be repeated"},
	{KEY_SERVING, "serving", "RULE",
	 "when a process begins to serve: listen (the default), call:NAME, after:SECONDS, signal "
	 "(SIGUSR1 to pale), or none"},
	{KEY_EXACT, "exact", NULL, "ptrace: stops at every call, so that counts are exact"},
	{KEY_REPLAY, "replay", "RECORDING",
	 "ptrace: lets pass what RECORDING knows, and stops for news alone"},
	{0},
};

static const struct usage profile_usage = {
	.synopsis =
		"profile [-o FILE] [-q] [OPTION...] [--] COMMAND [ARGUMENT...]\n"
		"pale profile [-o FILE] [-q] [OPTION...] --pid PID | --cgroup DIR | --container ID",
	.description =
		"Runs COMMAND and records the system calls that it and all that it starts make,\n"
		"from its own exec on. Ends when all of them have ended, with COMMAND's exit\n"
		"status, or 128 and the signal that killed it. SIGINT, SIGQUIT, SIGTERM and SIGHUP\n"
		"go on to COMMAND, and the recording is written; a second one within three seconds\n"
		"kills what is left. A recording that is there already is replaced.\n"
		"\n"
		"Exit status of pale itself: 2 usage, 3 the environment, 126 COMMAND cannot be\n"
		"executed, 127 it is not found; nothing is written then.\n",
	.rows = profile_rows,
	.operands_end_options = true,
};

struct profile {
	const char *output;
	bool quiet;
	const struct tracer *tracer;
	char **command;
	const char *serving;   /* the rule as given */
	const char *container; /* its whole id, or NULL */
	struct ready ready;    /* --ready */
	struct trace_request request;
	struct recording_input given; /* what --replay and --label gave */
	bool progress_shown;
};

/* Words of the command line that are looked at when all of it is read. */
struct profile_words {
	const char *tracer;
	const char *pid;
	const char *container;
	const char *replay;
};

static int choose_tracer(const struct options *options, const char *name, struct profile *profile)
{
	const char *why = NULL;
	int error;

	if (strcmp(name, "auto") == 0) {
		profile->tracer = tracer_choose(&profile->request, &why);
		if (!profile->tracer) {
			command_error("no tracer works here: %s", why);
			return COMMAND_ENVIRONMENT;
		}
		if (why && !profile->quiet)
			command_error("note: recording with %s, since %s", profile->tracer->name,
				      why);
		return COMMAND_GOOD;
	}
	profile->tracer = tracer_find(name);
	if (!profile->tracer)
		return options_misuse(options, "there is no tracer '%s'", name);
	error = profile->tracer->probe(&profile->request, &why);
	if (!error)
		return COMMAND_GOOD;
	command_error("the %s tracer cannot do this here: %s", name, why ? why : strerror(-error));
	return COMMAND_ENVIRONMENT;
}

/* Only where nobody but us decides what the terminal shows: not under an editor or a pager. */
static bool terminal_is_free(void)
{
	struct termios settings;

	return tcgetpgrp(STDERR_FILENO) == getpgrp() && tcgetattr(STDERR_FILENO, &settings) == 0 &&
	       (settings.c_lflag & ICANON);
}

static void show_progress(void *user, const struct recorder_figures *figures)
{
	struct profile *profile = user;

	if (!terminal_is_free())
		return;
	fprintf(stderr,
		"\r\033[Kpale: %" PRIu64 " calls, %" PRIu64 " different, %" PRIu64 " processes ",
		figures->calls, figures->different, figures->processes);
	profile->progress_shown = true;
}

static void clear_progress(const struct profile *profile)
{
	if (profile->progress_shown && terminal_is_free())
		fputs("\r\033[K", stderr);
}

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

static void print_outcome(const struct profile *profile, const struct recorder_figures *figures,
			  const struct recorded_run *run)
{
	for (size_t i = 0; i < run->unseen.count; i++) {
		const struct recorded_unseen *unseen = &run->unseen.items[i];

		command_error("warning: %s%s%s%s", unseen->path ? unseen->path : "",
			      unseen->path ? ": " : "", unseen_kind_text(unseen->kind),
			      unseen->count > 1 ? " (more than once)" : "");
	}
	if (!profile->quiet)
		command_error("%" PRIu64 " call%s, %" PRIu64 " different, by %" PRIu64
			      " process%s; recorded in %s",
			      figures->calls, plural(figures->calls), figures->different,
			      figures->processes, figures->processes == 1 ? "" : "es",
			      strcmp(profile->output, "-") == 0 ? "standard output"
								: profile->output);
}

static int save_run(const struct profile *profile, struct recorder *recorder,
		    const struct trace_result *result)
{
	struct recorder_figures figures = recorder_figures(recorder);
	struct recorded_run *run = recorder_finish(recorder, result->end, result->end_value);
	struct recording recording = {.runs = {&run, 1, 1}};
	int status = recording_output(&recording, profile->output);

	if (status != COMMAND_GOOD)
		return status;
	print_outcome(profile, &figures, run);
	if (run->lost) {
		command_error("%" PRIu64 " calls were lost: the recording is not whole", run->lost);
		return COMMAND_ENVIRONMENT;
	}
	/* Nobody waits for the end of what ran before. */
	if (profile->request.scope != SCOPE_COMMAND)
		return COMMAND_GOOD;
	return result->end == RECORDED_END_KILLED ? EXIT_SIGNAL + result->end_value
						  : result->end_value;
}

/* What failed, and with what that the user gave. */
static void trace_error(const struct profile *profile, const char *step, int error)
{
	const char *why = strerror(-error);

	if (profile->request.scope == SCOPE_PID)
		command_error("process %d: %s: %s", (int)profile->request.pid, step, why);
	else if (profile->request.scope == SCOPE_CGROUP && error == -ENOTSUP)
		command_error("%s: it is in no hierarchy of control groups",
			      profile->request.cgroup);
	else if (profile->request.scope == SCOPE_CGROUP)
		command_error("%s: %s: %s", profile->request.cgroup, step, why);
	else
		command_error("%s: %s", step, why);
}

static int profile_command(struct profile *profile, struct arena *arena)
{
	struct recorder *recorder = recorder_new(
		arena, &(struct recorder_subject){
			       .tracer = profile->tracer->name,
			       .scope = profile->request.scope,
			       .scope_name = profile->container ? profile->container
								: profile->request.cgroup,
			       .command = profile->command,
			       .serving_rule = profile->serving,
			       .results_seen = profile->tracer->results_seen,
			       .labels = profile->given.labels.items,
			       .label_count = profile->given.labels.count,
		       });
	struct trace_request *request = &profile->request;
	struct trace_result result;
	int error;

	if (!recorder) {
		command_error("the kernel gives no random bytes for the recording's id");
		return COMMAND_ENVIRONMENT;
	}
	if (!profile->quiet && isatty(STDERR_FILENO)) {
		request->progress = show_progress;
		request->progress_user = profile;
	}
	requests_outlive();
	error = profile->tracer->run(request, recorder, &result);
	clear_progress(profile);
	if (error) {
		trace_error(profile, result.step, error);
		return COMMAND_ENVIRONMENT;
	}
	if (result.exec_error) {
		command_error("cannot run %s: %s", profile->command[0],
			      strerror(result.exec_error));
		return result.exec_error == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
	}
	if (result.hung_up)
		command_error("warning: " TRACE_HUNG_UP);
	return save_run(profile, recorder, &result);
}

/* NAME.rec.json in the current folder. NULL without memory. */
static char *default_output(const struct profile *profile)
{
	const char *whole = profile->container        ? profile->container
			    : profile->request.cgroup ? profile->request.cgroup
						      : profile->command[0];
	const char *slash = whole ? strrchr(whole, '/') : NULL;
	const char *name = slash && slash[1] ? slash + 1 : whole;
	char *path;

	if (!whole)
		return asprintf(&path, "%d.rec.json", profile->request.pid) < 0 ? NULL : path;

	return asprintf(&path, "%s.rec.json", name) < 0 ? NULL : path;
}

static int profile_run(struct profile *profile)
{
	char *made = profile->output ? NULL : default_output(profile);
	struct arena arena = {0};
	int status = COMMAND_ENVIRONMENT, error;

	if (made)
		profile->output = made;
	error = profile->output ? output_probe(profile->output) : -ENOMEM;
	if (error) {
		/* Before the program runs: it may run for hours. */
		command_error("cannot write %s: %s", profile->output ? profile->output : "anything",
			      strerror(-error));
		goto out;
	}
	error = arena_init(&arena);
	if (error) {
		command_error("%s", strerror(-error));
		goto out;
	}
	status = profile_command(profile, &arena);
out:
	arena_release(&arena);
	free(made);
	return status;
}

static int choose_container(const struct options *options, struct profile *profile,
			    const char *name)
{
	struct container container;
	int error = container_find(&profile->given.arena, name, &container);

	if (error == -ENOENT)
		command_error(
			"no container runs here that is called '%s', or has an id that begins so",
			name);
	else if (error == -ERANGE)
		return options_misuse(options,
				      "--container '%s' is too short: give %d characters at least "
				      "of an id, such as that of %.12s",
				      name, CONTAINER_BEGINNING_LEAST, container.id);
	else if (error == -ENOTUNIQ)
		command_error("more than one container has an id that begins with '%s'", name);
	else if (error)
		command_error("looking for the container: %s", strerror(-error));
	if (error)
		return COMMAND_ENVIRONMENT;
	profile->request.cgroup = container.cgroup;
	profile->container = container.id;
	return COMMAND_GOOD;
}

/* What is to be recorded, from OPTIONS' operands and options. */
static int choose_scope(const struct options *options, struct profile *profile,
			const struct profile_words *words)
{
	const char *pid = words->pid;
	int operands = options->argc - options->index;
	int scopes = (operands > 0) + (pid != NULL) + (profile->request.cgroup != NULL) +
		     (words->container != NULL);

	profile->command = options->argv + options->index;
	if (scopes == 0)
		return options_misuse(options, "which command?");
	if (scopes > 1)
		return options_misuse(options,
				      "a command, --pid, --cgroup or --container: one of them");
	if (profile->request.cgroup || words->container) {
		profile->request.scope = SCOPE_CGROUP;
	} else if (pid) {
		char *end;
		long number = strtol(pid, &end, 10);

		if (end == pid || *end || number <= 0 || number > INT_MAX)
			return options_misuse(
				options, "--pid takes a process's number from 1 up, not '%s'", pid);
		profile->request.scope = SCOPE_PID;
		profile->request.pid = (pid_t)number;
	}
	profile->request.command = profile->command;
	return COMMAND_GOOD;
}

/* "2.5": in milliseconds, not 0. */
static int take_duration(const struct options *options, uint64_t *milliseconds)
{
	char *end;
	double seconds = strtod(options->value, &end);

	if (end == options->value || *end || !(seconds >= 0.001) || seconds > 1e9)
		return options_misuse(options, "--for takes seconds, 0.001 to 1000000000, not '%s'",
				      options->value);
	*milliseconds = (uint64_t)(seconds * 1000);
	return COMMAND_GOOD;
}

/* Labels are the new run's, not what is asked of RECORDING. */
static int read_known(struct profile *profile, const char *path)
{
	struct recording_input *known = &profile->given;
	size_t labels = known->labels.count;
	int status;

	known->labels.count = 0;
	status = recording_input_add(known, path);
	known->labels.count = labels;
	diagnostics_print(&known->diags, (struct diagnostics_style){0});
	if (status == COMMAND_GOOD)
		profile->request.known = &known->recording;
	return status;
}

enum {
	OPTIONS_READ = -1,
};

/* OPTIONS_READ, or the exit status. */
static int profile_options(struct options *options, struct profile *profile,
			   struct profile_words *words)
{
	int key, status;

	while ((key = options_next(options)) != OPTIONS_END) {
		switch (key) {
		case 'o':
			profile->output = options->value;
			break;
		case 'q':
			profile->quiet = true;
			break;
		case KEY_TRACER:
			words->tracer = options->value;
			break;
		case KEY_PID:
			words->pid = options->value;
			break;
		case KEY_CGROUP:
			profile->request.cgroup = options->value;
			break;
		case KEY_CONTAINER:
			words->container = options->value;
			break;
		case KEY_EXACT:
			profile->request.exact = true;
			break;
		case KEY_FOR:
			status = take_duration(options, &profile->request.milliseconds);
			if (status != COMMAND_GOOD)
				return status;
			break;
		case KEY_FROM_EXEC:
			profile->request.from_exec = true;
			break;
		case KEY_READY:
			if (!ready_take(&profile->ready, options->value))
				return options_misuse(options, "'%s' is no open descriptor",
						      options->value);
			profile->request.ready = ready_say;
			profile->request.ready_user = &profile->ready;
			break;
		case KEY_LABEL:
			status = recording_input_label(&profile->given, options);
			if (status != COMMAND_GOOD)
				return status;
			break;
		case KEY_REPLAY:
			words->replay = options->value;
			break;
		case KEY_SERVING:
			profile->serving = options->value;
			break;
		default:
			return options->status;
		}
	}
	return OPTIONS_READ;
}

static int profile_chosen(struct profile *profile, struct options *options)
{
	struct profile_words words = {.tracer = "auto"};
	const char *why;
	int status = profile_options(options, profile, &words);

	if (status != OPTIONS_READ)
		return status;
	status = choose_scope(options, profile, &words);
	if (status != COMMAND_GOOD)
		return status;
	if ((profile->request.from_exec || profile->request.ready) &&
	    profile->request.scope == SCOPE_COMMAND)
		return options_misuse(options,
				      "a command is recorded from its exec on, and whole: "
				      "--from-exec and --ready are for --pid and --cgroup");
	if (profile->request.exact && words.replay)
		return options_misuse(options, "--exact sees every call, and --replay not");
	if (!serving_rule_parse(&profile->given.arena, profile->serving, &profile->request.serving,
				&why))
		return options_misuse(options, "--serving: %s", why);
	if (words.container)
		status = choose_container(options, profile, words.container);
	if (status == COMMAND_GOOD && words.replay)
		status = read_known(profile, words.replay);
	if (status == COMMAND_GOOD)
		status = choose_tracer(options, words.tracer, profile);
	return status == COMMAND_GOOD ? profile_run(profile) : status;
}

int cmd_profile(int argc, char **argv)
{
	struct options options = {.argc = argc, .argv = argv, .usage = &profile_usage};
	struct profile profile = {.serving = "listen"};
	int status = recording_input_init(&profile.given);

	if (status) {
		command_error("%s", strerror(-status));
		return COMMAND_ENVIRONMENT;
	}
	status = profile_chosen(&profile, &options);
	recording_input_release(&profile.given);
	return status;
}
