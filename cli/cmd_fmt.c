/* SPDX-License-Identifier: Apache-2.0 */
/* pale fmt: a policy in the one style there is. */
#include "cli/command.h"
#include "cli/output.h"
#include "cli/policy_input.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
	FMT_CHECK = OPTION_LONG_ONLY
};

static const struct usage fmt_usage = {
	.synopsis = "fmt [--check | -i] FILE.pale",
	.description =
		"Prints the policy FILE.pale (- is standard input) in the one style there is:\n"
		"comments, blank lines and the spelling of numbers stay, the rest follows from\n"
		"what the policy says. Includes are not followed.\n"
		"\n"
		"With --check nothing is printed, and the exit status is 1 where the file would\n"
		"change.\n",
	.rows = (const struct option_row[]){
		{FMT_CHECK, "check", NULL,
		 "only says, by the exit status, whether it would change"},
		{'i', "in-place", NULL, "replaces the file, whole or not at all"},
		{POLICY_INPUT_JSON, "json", NULL, "prints diagnostics as JSON"},
		{0},
	}};

struct fmt_options {
	const char *path;
	bool check;
	bool in_place;
};

/* Reads and parses the file into INPUT. Returns the command's exit status. */
static int fmt_load(struct policy_input *input, const char *path, const struct source **source)
{
	uint32_t file;
	int error = sources_read(&input->sources, path, &file);

	if (error == -EFBIG) {
		command_error("%s: larger than the %u bytes that a policy may have", path,
			      SOURCE_SIZE_MAX);
		return COMMAND_USAGE;
	}
	if (error)
		return command_path_error(path, error);
	input->ast = policy_parse(&input->arena, &input->sources, file, &input->diags);
	*source = sources_get(&input->sources, file);
	return input->diags.errors ? COMMAND_USAGE : COMMAND_GOOD;
}

/* Whether the text says what the tree says: a formatter that changes a policy must not be used. */
static bool fmt_is_faithful(struct policy_input *input, const struct text *text)
{
	uint32_t file =
		sources_add(&input->sources, "<formatted>", text->bytes, (uint32_t)text->length);
	struct diags diags = {.arena = &input->arena, .sources = &input->sources};
	const struct policy_ast *again = policy_parse(&input->arena, &input->sources, file, &diags);

	return !diags.errors && ast_equal(input->ast, again);
}

/* Does with the formatted text what the options say. */
static int fmt_deliver(const struct fmt_options *options, const struct source *source,
		       const struct text *text)
{
	bool same = source->length == text->length &&
		    memcmp(source->text, text->bytes, text->length) == 0;

	if (options->check)
		return same ? COMMAND_GOOD : COMMAND_NO;
	if (options->in_place && same)
		return COMMAND_GOOD;
	return output_write_or_complain(options->in_place ? options->path : "-", text->bytes,
					text->length);
}

static int fmt_run(struct policy_input *input, const struct fmt_options *options)
{
	const struct source *source = NULL;
	struct text text = {0};
	int status = fmt_load(input, options->path, &source);

	if (status != COMMAND_GOOD)
		return status;
	ast_print(input->ast, &text);
	text_add(&text, "", 0);
	if (text.failed) {
		command_error("%s: %s", options->path, strerror(ENOMEM));
		status = COMMAND_ENVIRONMENT;
	} else if (text.length > SOURCE_SIZE_MAX) {
		command_error(
			"%s: formatted, it is larger than the %u bytes that a policy may have",
			options->path, SOURCE_SIZE_MAX);
		status = COMMAND_USAGE;
	} else if (!fmt_is_faithful(input, &text)) {
		command_error("%s: formatting would change what it says; nothing is written, and "
			      "this is a mistake in pale",
			      options->path);
		status = COMMAND_ENVIRONMENT;
	} else {
		/* Adding a source may have moved the others. */
		source = sources_get(&input->sources, input->ast->file);
		status = fmt_deliver(options, source, &text);
	}
	text_release(&text);
	return status;
}

/* Fills FMT from the command line. False where the command is over, with its status in *STOP. */
static bool fmt_parse_options(struct options *options, struct fmt_options *fmt,
			      struct policy_input *input, int *stop)
{
	int key;

	while ((key = options_next(options)) != OPTIONS_END) {
		switch (key) {
		case FMT_CHECK:
			fmt->check = true;
			break;
		case 'i':
			fmt->in_place = true;
			break;
		case POLICY_INPUT_JSON:
			*stop = policy_input_option(input, options, key);
			break;
		default:
			*stop = options->status;
			return false;
		}
	}
	if (options->argc - options->index != 1)
		*stop = options_misuse(options, "fmt takes one file");
	else if (fmt->check && fmt->in_place)
		*stop = options_misuse(options, "--check and --in-place exclude each other");
	else if (fmt->in_place && strcmp(options->argv[options->index], "-") == 0)
		*stop = options_misuse(options, "standard input cannot be replaced in place");
	else
		fmt->path = options->argv[options->index];
	return fmt->path;
}

int cmd_fmt(int argc, char **argv)
{
	struct options options = {.argc = argc, .argv = argv, .usage = &fmt_usage};
	struct fmt_options fmt = {0};
	struct policy_input input;
	int status = COMMAND_GOOD;
	int error = policy_input_init(&input);

	if (error) {
		command_error("%s", strerror(-error));
		return COMMAND_ENVIRONMENT;
	}
	if (fmt_parse_options(&options, &fmt, &input, &status))
		status = policy_input_finish(&input, fmt_run(&input, &fmt));
	policy_input_release(&input);
	return status;
}
