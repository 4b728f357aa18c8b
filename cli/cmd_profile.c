/* SPDX-License-Identifier: Apache-2.0 */
/* pale profile: runs a program and records the system calls that it makes. */
#include "cli/command.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/recording_input.h"
#include "profiler/tracer.h"

#include <errno.h>
#include <inttypes.h>
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
};

static const struct option_row profile_rows[] = {
	{'o', "output", "FILE", "writes the recording there instead of to COMMAND.rec.json"},
	{'q', "quiet", NULL, "neither progress nor summary; warnings stay"},
	{KEY_TRACER, "tracer", "NAME", "auto or ptrace; ebpf comes in a later version"},
	{KEY_PID, "pid", "PID", "comes in a later version"},
	{KEY_CGROUP, "cgroup", "DIR", "comes in a later version"},
	{0},
};

static const struct usage profile_usage = {
	.synopsis = "profile [-o FILE] [-q] [--tracer NAME] [--] COMMAND [ARGUMENT...]",
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
	bool progress_shown;
};

static int choose_tracer(const struct options *options, const char *name, struct profile *profile)
{
	const char *why = NULL;

	if (strcmp(name, "ebpf") == 0)
		return options_misuse(options, "the ebpf tracer is not there yet: a later version "
					       "brings it; take auto or ptrace");
	if (strcmp(name, "auto") == 0) {
		profile->tracer = tracer_choose(&why);
		if (profile->tracer)
			return COMMAND_GOOD;
		command_error("no tracer works here: %s", why);
		return COMMAND_ENVIRONMENT;
	}
	profile->tracer = tracer_find(name);
	return profile->tracer ? COMMAND_GOOD
			       : options_misuse(options, "there is no tracer '%s'", name);
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
	return result->end == RECORDED_END_KILLED ? EXIT_SIGNAL + result->end_value
						  : result->end_value;
}

static int profile_command(struct profile *profile, struct arena *arena)
{
	struct recorder *recorder = recorder_new(arena, profile->tracer->name, profile->command);
	struct trace_request request = {.command = profile->command};
	struct trace_result result;
	int error;

	if (!recorder) {
		command_error("the kernel gives no random bytes for the recording's id");
		return COMMAND_ENVIRONMENT;
	}
	if (!profile->quiet && isatty(STDERR_FILENO)) {
		request.progress = show_progress;
		request.progress_user = profile;
	}
	error = profile->tracer->run(&request, recorder, &result);
	clear_progress(profile);
	if (error) {
		command_error("%s: %s", result.step, strerror(-error));
		return COMMAND_ENVIRONMENT;
	}
	if (result.exec_error) {
		command_error("cannot run %s: %s", profile->command[0],
			      strerror(result.exec_error));
		return result.exec_error == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
	}
	return save_run(profile, recorder, &result);
}

/* NAME.rec.json in the current folder. NULL without memory. */
static char *default_output(const char *command)
{
	const char *slash = strrchr(command, '/');
	const char *name = slash ? slash + 1 : command;
	char *path;

	return asprintf(&path, "%s.rec.json", name) < 0 ? NULL : path;
}

static int profile_run(struct profile *profile)
{
	char *made = profile->output ? NULL : default_output(profile->command[0]);
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

int cmd_profile(int argc, char **argv)
{
	struct options options = {.argc = argc, .argv = argv, .usage = &profile_usage};
	struct profile profile = {0};
	const char *tracer = "auto";
	int key, status;

	while ((key = options_next(&options)) != OPTIONS_END) {
		switch (key) {
		case 'o':
			profile.output = options.value;
			break;
		case 'q':
			profile.quiet = true;
			break;
		case KEY_TRACER:
			tracer = options.value;
			break;
		case KEY_PID:
		case KEY_CGROUP:
			return options_misuse(&options,
					      "--%s is not there yet: a later version brings it",
					      key == KEY_PID ? "pid" : "cgroup");
		default:
			return options.status;
		}
	}
	if (options.index == argc)
		return options_misuse(&options, "which command?");
	profile.command = argv + options.index;
	status = choose_tracer(&options, tracer, &profile);
	return status == COMMAND_GOOD ? profile_run(&profile) : status;
}
