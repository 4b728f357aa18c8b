/* SPDX-License-Identifier: Apache-2.0 */
/* pale run: a program behind a policy or a bundle. pale-run does the work, in this process. */
#include "cli/command.h"
#include "cli/kinds.h"
#include "cli/run.h"
#include "cli/shim_find.h"
#include "compiler/partition.h"
#include "runtime/bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
	KEY_LEARN = OPTION_LONG_ONLY,
	KEY_REPORT,
	KEY_KEEP_FD,
	KEY_LOAD,
};

static const struct option_row run_rows[] = {
	{KEY_KEEP_FD, "keep-fd", "N", "lets COMMAND inherit descriptor N; others are closed"},
	{KEY_LOAD, "load", "NAME=N", "gives a value that the policy leaves open; N may be @pid"},
	{KEY_LEARN, "learn", "REC",
	 "lets through what the policy denies, and records it in REC: never for hostile code"},
	{KEY_REPORT, "report", NULL, "says what is denied, by which rule, and what would allow it"},
	POLICY_INPUT_ROWS,
	{0},
};

static const struct usage run_usage = {
	.synopsis = "run [OPTION]... FILE.pale [--] COMMAND [ARGUMENT...]\n"
		    "       pale run [OPTION]... BUNDLE [--] COMMAND [ARGUMENT...]",
	.description =
		"Runs COMMAND behind a policy, which is compiled first, or behind a bundle that\n"
		"`pale compile` wrote. --arch, -D and -I are for policies. COMMAND takes the place of\n"
		"pale: pale-run(1) applies the bundle, and ends as it does. Of a policy with phases it\n"
		"applies the first: COMMAND itself goes on to the others, by pale_apply(3).\n"
		"\n"
		"With --learn or --report pale stays, and sees by ptrace each call that the policy\n"
		"does not allow; allowed calls run at full speed. --report denies them, and prints\n"
		"to standard error each kind once. --learn makes them all the same and adds them to\n"
		"REC, for `pale generate OLD REC`: nothing is enforced then, so never run hostile\n"
		"code with it.\n"
		"\n"
		"Exit status before that: 2 usage or a mistake in the policy, 1 an expectation of the\n"
		"policy fails, 3 the environment.\n",
	.rows = run_rows,
	.operands_end_options = true,
};

/* The bundle with a filter that tells pale what it denies. RULES may be NULL. */
static int bundle_watch(struct run *run, struct bundle_contents *contents,
			const struct policy_rules *rules, struct text *bundle)
{
	const char *why = NULL;
	int status = run_watch_filters(run, contents, rules);

	if (status == COMMAND_GOOD && bundle_write(contents, bundle, &why) == -EINVAL) {
		command_error("%s: this makes no bundle: %s", run->path, why);
		return COMMAND_USAGE;
	}
	return status;
}

/* The bytes of the source as they are, once they have passed the check that pale-run makes. */
static int bundle_take(struct run *run, const struct source *source, struct text *bundle)
{
	struct bundle_contents contents;
	const char *why;

	if (run->input.abis || run->input.definitions.count || run->input.folders.count) {
		command_error("%s: -D, -I and --arch are for policies, and this is a bundle",
			      run->path);
		return COMMAND_USAGE;
	}
	if (bundle_read(&run->input.arena, source->text, source->length, &contents, &why)) {
		command_error("%s: %s", run->path, why);
		return COMMAND_USAGE;
	}
	if (run_is_watched(run))
		return bundle_watch(run, &contents, NULL, bundle);
	text_add(bundle, source->text, source->length);
	return COMMAND_GOOD;
}

static const struct policy_rules *select_machine(struct arena *arena,
						 const struct policy_rules *rules, abi_set machine)
{
	struct policy_rules *part = arena_alloc(arena, sizeof(*part));

	*part = policy_rules_select(arena, rules, machine);
	return part;
}

/* Of a policy for many machines, this one's part is all that can run here. */
static int policy_keep_host(struct run *run, struct policy_filters *made)
{
	const struct abi *host = abi_host();
	abi_set machine = host ? abi_machine(host) : 0;

	made->rules = select_machine(&run->input.arena, made->rules, machine);
	for (size_t i = 0; i < made->later.count; i++)
		made->later.items[i].rules =
			select_machine(&run->input.arena, made->later.items[i].rules, machine);
	if (made->rules->rulesets.count)
		return COMMAND_GOOD;
	command_error("%s: the policy is for no ABI of this machine%s%s: name one with `arch` or "
		      "--arch",
		      run->path, host ? ", which is " : "", host ? abi_machine_name(host) : "");
	return COMMAND_USAGE;
}

static int bundle_compile(struct run *run, uint32_t file, struct text *bundle)
{
	const struct compile_options options = {0};
	struct policy_filters made = {0};
	struct bundle_contents contents;
	const char *why = NULL;
	int status = policy_input_parse(&run->input, file);

	if (status == COMMAND_GOOD)
		status = policy_filters_resolve(&run->input, &made);
	if (status == COMMAND_GOOD)
		status = policy_keep_host(run, &made);
	if (status == COMMAND_GOOD)
		status = policy_filters_compile(&run->input, &options, &made);
	status = policy_input_finish(&run->input, status);
	if (status != COMMAND_GOOD)
		return status;
	contents = policy_filters_bundle(&run->input.arena, &made);
	if (run_is_watched(run))
		return bundle_watch(run, &contents, made.rules, bundle);
	if (bundle_write(&contents, bundle, &why) == -EINVAL) {
		command_error("%s: this policy makes no bundle: %s", run->path, why);
		return COMMAND_USAGE;
	}
	return COMMAND_GOOD;
}

static int bundle_make(struct run *run, struct text *bundle)
{
	const struct source *source;
	const char *kind;
	uint32_t file;
	int error = sources_read(&run->input.sources, run->path, &file);

	if (error == -EFBIG) {
		command_error("%s: larger than any policy or bundle", run->path);
		return COMMAND_USAGE;
	}
	if (error)
		return command_path_error(run->path, error);
	source = sources_get(&run->input.sources, file);
	if (bundle_recognise(source->text, source->length))
		return bundle_take(run, source, bundle);
	kind = kind_no_policy(&run->input.arena, source);
	if (kind) {
		command_error("%s: %s", run->path, kind);
		return COMMAND_USAGE;
	}
	return bundle_compile(run, file, bundle);
}

/* A file in memory with the bundle, at its beginning. Returns its descriptor or negative errno. */
static int bundle_to_memory(const struct text *bundle)
{
	int fd = memfd_create("pale-bundle", 0);
	size_t done = 0;
	int error;

	if (fd < 0)
		return -errno;
	while (done < bundle->length) {
		ssize_t written =
			pwrite(fd, bundle->bytes + done, bundle->length - done, (off_t)done);

		if (written < 0 && errno != EINTR)
			goto fail;
		if (written > 0)
			done += (size_t)written;
	}
	return fd;
fail:
	error = -errno;
	close(fd);
	return error;
}

/* Becomes pale-run, or runs it and sees what is denied. Returns the exit status. */
static int shim_run(struct run *run, int bundle_fd)
{
	struct arena *arena = &run->input.arena;
	const char *shim = shim_find(arena);
	VEC(char *) words = {0};

	if (!shim) {
		command_error("pale-run is neither beside pale nor in %s", PALE_BINDIR);
		return COMMAND_ENVIRONMENT;
	}
	*VEC_PUSH(arena, &words) = arena_printf(arena, "%s", shim);
	*VEC_PUSH(arena, &words) = arena_printf(arena, "--bundle-fd=%d", bundle_fd);
	for (size_t i = 0; i < run->kept.count; i++)
		*VEC_PUSH(arena, &words) = arena_printf(arena, "--keep-fd=%s", run->kept.items[i]);
	for (size_t i = 0; i < run->loads.count; i++)
		*VEC_PUSH(arena, &words) = arena_printf(arena, "--load=%s", run->loads.items[i]);
	*VEC_PUSH(arena, &words) = arena_printf(arena, "--");
	for (char **word = run->command; *word; word++)
		*VEC_PUSH(arena, &words) = *word;
	*VEC_PUSH(arena, &words) = NULL;
	fflush(stdout);
	if (run_is_watched(run))
		return run_watch(run, words.items);
	words.items[0] = arena_printf(arena, "pale-run");
	execv(shim, words.items);
	return command_path_error(shim, -errno);
}

static int run_command(struct run *run)
{
	struct text bundle = {0};
	int status = run_is_watched(run) ? run_watch_prepare(run) : COMMAND_GOOD;
	int fd;

	if (status == COMMAND_GOOD)
		status = bundle_make(run, &bundle);
	if (status == COMMAND_GOOD && bundle.failed)
		status = command_path_error("memory", -ENOMEM);
	if (status == COMMAND_GOOD) {
		fd = bundle_to_memory(&bundle);
		if (fd < 0) {
			status = command_path_error("a file in memory", fd);
		} else {
			status = shim_run(run, fd);
			close(fd);
		}
	}
	text_release(&bundle);
	return status;
}

/* False where the command is over, with its status in *STOP. */
static bool run_parse_options(struct run *run, struct options *options, int *stop)
{
	int key;

	while ((key = options_next(options)) != OPTIONS_END) {
		switch (key) {
		case KEY_KEEP_FD:
			*VEC_PUSH(&run->input.arena, &run->kept) = options->value;
			break;
		case KEY_LOAD:
			*VEC_PUSH(&run->input.arena, &run->loads) = options->value;
			break;
		case KEY_LEARN:
			run->learn = options->value;
			break;
		case KEY_REPORT:
			run->report = true;
			break;
		case OPTIONS_STOP:
			*stop = options->status;
			return false;
		default:
			*stop = policy_input_option(&run->input, options, key);
			if (*stop != COMMAND_GOOD)
				return false;
		}
	}
	return true;
}

/* The operands: the policy or bundle, a -- that may be there, and the command. */
static int run_take_operands(struct run *run, const struct options *options)
{
	char **at = options->argv + options->index;

	if (!*at)
		return options_misuse(options, "run takes a policy or a bundle, and a command");
	run->path = *at++;
	if (*at && strcmp(*at, "--") == 0)
		at++;
	if (!*at)
		return options_misuse(options, "run takes a command behind %s", run->path);
	if (run->learn && run->report)
		return options_misuse(options, "--report denies, and --learn lets through: one of "
					       "them");
	run->command = at;
	return COMMAND_GOOD;
}

int cmd_run(int argc, char **argv)
{
	struct options options = {.argc = argc, .argv = argv, .usage = &run_usage};
	struct run run = {0};
	int status = policy_input_init(&run.input);

	if (status)
		return command_path_error("memory", status);
	if (run_parse_options(&run, &options, &status)) {
		status = run_take_operands(&run, &options);
		if (status == COMMAND_GOOD)
			status = run_command(&run);
	}
	policy_input_release(&run.input);
	return status;
}
