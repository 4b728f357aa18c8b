/* SPDX-License-Identifier: Apache-2.0 */
/* pale asm: a filter from its text. */
#include "cli/command.h"
#include "cli/inputs.h"
#include "cli/output.h"
#include "cli/policy_input.h"
#include "compiler/cbpf/asm_read.h"
#include "compiler/emit/emit.h"

#include <errno.h>
#include <string.h>

static const struct option_row rows[] = {
	{'o', "output", "FILE", "where to; FILE.bpf without"},
	{POLICY_INPUT_ARCH, "arch", "LIST", "ABIs of the machine whose byte order it gets"},
	{POLICY_INPUT_JSON, "json", NULL, "prints diagnostics as JSON"},
	{0},
};

static const struct usage usage = {
	.synopsis = "asm [OPTION]... FILE",
	.description = "Assembles a filter, in the syntax of the kernel's bpf_asm, into an array\n"
		       "of struct sock_filter.\n",
	.rows = rows,
};

struct asm_command {
	struct policy_input input;
	const char *output;
};

static int take_option(void *user, const struct options *options, int key)
{
	struct asm_command *command = user;

	if (key != 'o')
		return policy_input_option(&command->input, options, key);
	command->output = options->value;
	return COMMAND_GOOD;
}

/* The byte order of the ABIs, the host's without. False where they have both. */
static bool find_byte_order(abi_set abis, bool *big_endian)
{
	const struct abi *first = abi_first(abis);

	*big_endian = first ? first->big_endian : __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
	for (int id = 0; id < ABI_COUNT; id++)
		if (abis & ABI_BIT(id) && abi_get((enum abi_id)id)->big_endian != *big_endian)
			return false;
	return true;
}

/* FILE.asm becomes FILE.bpf; standard input goes to standard output. */
static const char *default_output(struct arena *arena, const char *path)
{
	size_t length = strlen(path);

	if (!strcmp(path, "-"))
		return "-";
	if (length > 4 && !strcmp(path + length - 4, ".asm"))
		length -= 4;
	return arena_printf(arena, "%.*s.bpf", (int)length, path);
}

static int assemble(struct asm_command *command, const char *path, bool big_endian)
{
	struct policy_input *input = &command->input;
	struct filter *filter;
	struct text bytes = {0};
	uint32_t file;
	int status, error = sources_read(&input->sources, path, &file);

	if (error == -EFBIG) {
		command_error("%s: larger than the %u bytes that a text may have", path,
			      SOURCE_SIZE_MAX);
		return COMMAND_USAGE;
	}
	if (error)
		return command_path_error(path, error);
	filter = asm_read(&input->arena, &input->sources, file, &input->diags);
	status = policy_input_finish(input, COMMAND_GOOD);
	if (status != COMMAND_GOOD || !filter)
		return status;
	filter->big_endian = big_endian;
	if (!command->output)
		command->output = default_output(&input->arena, path);
	status = inputs_spare(command->output, &input->sources, NULL, 0);
	if (status != COMMAND_GOOD)
		return status;
	bytes.failed |= raw_write(filter, &bytes) != 0;
	return output_text(command->output, &bytes);
}

int cmd_asm(int argc, char **argv)
{
	struct options options = {.argc = argc, .argv = argv, .usage = &usage};
	struct asm_command command = {0};
	int status = policy_input_init(&command.input);
	bool big_endian;

	if (status)
		return command_path_error("memory", status);
	if (!options_take(&options, take_option, &command, &status))
		goto out;
	if (options.index + 1 != argc)
		status = options_misuse(&options, "asm takes one file");
	else if (!find_byte_order(command.input.abis, &big_endian))
		status = options_misuse(&options, "--arch has ABIs of both byte orders");
	else
		status = assemble(&command, argv[options.index], big_endian);
out:
	policy_input_release(&command.input);
	return status;
}
