/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pale-oci-hook: records the containers that ask for it. A container runtime runs it as createRuntime
 * and as poststop hook, with the container's state on standard input.
 */
#include "cli/command.h"
#include "cli/hook/recorder_process.h"
#include "policy-lang/base/text.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
	"usage: pale-oci-hook [--recordings DIR] [--state DIR] [--pale PROGRAM] <STATE\n"
	"\n"
	"Run by a container runtime as createRuntime and as poststop hook. A container with the\n"
	"annotation " RECORD_ANNOTATION
	"=NAME is recorded from its program's exec on, by its control\n"
	"group, or by its first process where it has none of its own; one without is let be.\n"
	"\n"
	"  --recordings DIR   for NAME-ID-TIME.rec.json and .log (/var/lib/pale/recordings)\n"
	"  --state DIR        for what the one hook tells the other (/run/pale)\n"
	"  --pale PROGRAM     the recorder (" PALE_BINDIR "/pale)\n"
	"  --help             shows this\n";

enum {
	KEY_RECORDINGS = 256,
	KEY_STATE,
	KEY_PALE,
	KEY_HELP,
};

static const struct option options[] = {
	{"recordings", required_argument, NULL, KEY_RECORDINGS},
	{"state", required_argument, NULL, KEY_STATE},
	{"pale", required_argument, NULL, KEY_PALE},
	{"help", no_argument, NULL, KEY_HELP},
	{0},
};

static int read_state(struct arena *arena, struct container_state *state)
{
	struct text bytes = {0};
	char buffer[4096];
	const char *why = NULL;
	ssize_t got;

	while ((got = read(STDIN_FILENO, buffer, sizeof(buffer))) > 0 ||
	       (got < 0 && errno == EINTR)) {
		if (got > 0)
			text_add(&bytes, buffer, (size_t)got);
		if (bytes.length > STATE_BYTES_MAX)
			break;
	}
	if (got < 0 || bytes.failed || bytes.length > STATE_BYTES_MAX)
		why = "standard input cannot be read, or has more than a container's state";
	if (!why)
		why = container_state_read(arena, bytes.bytes ? bytes.bytes : "", bytes.length,
					   state);
	text_release(&bytes);
	if (why)
		command_error("%s", why);
	return why ? COMMAND_USAGE : COMMAND_GOOD;
}

static int run_hook(struct arena *arena, const struct hook_folders *folders)
{
	struct container_state state;
	int status = read_state(arena, &state);

	if (status != COMMAND_GOOD || !state.record)
		return status;
	switch (state.status) {
	case CONTAINER_STARTING:
		if (state.pid)
			return recorder_process_start(arena, folders, &state);
		command_error("container %s has no process yet: take createRuntime hooks",
			      state.id);
		return COMMAND_USAGE;
	case CONTAINER_STOPPED:
		return recorder_process_stop(arena, folders, &state);
	case CONTAINER_OTHER:
		break;
	}
	command_error("container %s runs already: take createRuntime and poststop hooks", state.id);
	return COMMAND_USAGE;
}

int main(int argc, char **argv)
{
	struct hook_folders folders = {
		.pale = PALE_BINDIR "/pale",
		.recordings = "/var/lib/pale/recordings",
		.state = "/run/pale",
	};
	struct arena arena = {0};
	int key, status;

	while ((key = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (key) {
		case KEY_RECORDINGS:
			folders.recordings = optarg;
			break;
		case KEY_STATE:
			folders.state = optarg;
			break;
		case KEY_PALE:
			folders.pale = optarg;
			break;
		case KEY_HELP:
			fputs(help, stdout);
			return fflush(stdout) ? COMMAND_ENVIRONMENT : COMMAND_GOOD;
		default:
			return COMMAND_USAGE;
		}
	}
	if (optind != argc) {
		command_error("no operand is taken: the container's state is standard input");
		return COMMAND_USAGE;
	}
	status = arena_init(&arena);
	if (status) {
		command_error("%s", strerror(-status));
		return COMMAND_ENVIRONMENT;
	}
	status = run_hook(&arena, &folders);
	arena_release(&arena);
	return status;
}
