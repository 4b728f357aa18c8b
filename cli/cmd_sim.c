/* SPDX-License-Identifier: Apache-2.0 */
/* pale sim: what a filter answers to calls. */
#include "cli/command.h"
#include "cli/filter_input.h"
#include "cli/output.h"
#include "compiler/resolve/call_words.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct option_row rows[] = {
	POLICY_INPUT_ROWS,
	{0},
};

static const struct usage usage = {
	.synopsis = "sim [OPTION]... FILE CALL...",
	.description =
		"Runs the filter of a policy, a bundle or a file of struct sock_filter for each CALL,\n"
		"and prints the call, its answer and the number of instructions executed, with tabs\n"
		"between. A CALL is written as in an expectation, 'socket(AF_INET, SOCK_STREAM)',\n"
		"where what is left out is 0; or it is a number with registers as the filter sees them,\n"
		"'41(2, 0xffffffff00000001)', or a range of numbers, '0..460'.\n"
		"Calls are made on the first ABI of --arch, else on the first that the filter serves.\n",
	.rows = rows,
};

static const struct abi *first_abi(abi_set abis)
{
	for (int id = 0; id < ABI_COUNT; id++)
		if (abis & ABI_BIT(id))
			return abi_get((enum abi_id)id);
	return NULL;
}

/* The filter of FILE that serves ABI; a bare filter is taken at the caller's word. */
static const struct filter *filter_for(const struct filter_input *input, const struct abi *abi)
{
	for (size_t i = 0; i < input->filters.count; i++) {
		const struct filter *filter = input->filters.items[i];

		if (!filter->abis || filter->abis & ABI_BIT(abi->id))
			return filter;
	}
	/* Another ABI on the machine that the first filter is for: that is a foreign call. */
	return input->filters.items[0];
}

static void print_run(const struct filter *filter, const struct abi *abi, const char *call,
		      const uint32_t words[16], struct text *out)
{
	struct filter_run run = filter_simulate(filter, words);

	text_printf(out, "%s\t", call);
	seccomp_action_print(run.action, abi->id, out);
	text_printf(out, "\t%u\n", run.executed);
}

/* The registers of `N(R, ...)`, from TEXT behind the bracket on. False where they are none. */
static bool read_registers(const char *text, const struct abi *abi, uint32_t words[16])
{
	char *end;

	if (!strcmp(text, ")"))
		return true;
	for (unsigned int i = 0; i < 6; i++) {
		unsigned long long value;

		text += strspn(text, " ");
		if (!isdigit((unsigned char)text[*text == '-']))
			return false;
		value = strtoull(text, &end, 0);
		words[abi_word_low(abi, i) / 4] = (uint32_t)value;
		words[abi_word_high(abi, i) / 4] = (uint32_t)(value >> 32);
		if (!strcmp(end, ")"))
			return errno == 0;
		if (*end != ',')
			return false;
		text = end + 1;
	}
	return false;
}

/* `N(R, ...)`, what stands behind the bracket being REST. */
static int run_registers(const struct filter *filter, const struct abi *abi, const char *text,
			 const char *rest, struct text *out)
{
	uint32_t words[16] = {(uint32_t)strtoull(text, NULL, 0), abi->audit_arch};

	if (!read_registers(rest, abi, words)) {
		command_error("'%s' is no number with up to six registers", text);
		return COMMAND_USAGE;
	}
	print_run(filter, text, words, out);
	return COMMAND_GOOD;
}

/* `N`, `N..M` or `N(R, ...)`. Numbers are as the filter sees them, with x32's bit. */
static int run_numbers(const struct filter *filter, const struct abi *abi, const char *text,
		       struct text *out)
{
	char *end;
	unsigned long long first, last;

	errno = 0;
	first = last = strtoull(text, &end, 0);
	if (!strncmp(end, "..", 2))
		last = strtoull(end + 2, &end, 0);
	if (*end == '(' && first == last && first <= UINT32_MAX)
		return run_registers(filter, abi, text, end + 1, out);
	if (*end || errno || first > last || last > UINT32_MAX || last - first > 1000000) {
		command_error("'%s' is no number or range of numbers", text);
		return COMMAND_USAGE;
	}
	for (; first <= last; first++) {
		uint32_t words[16] = {(uint32_t)first, abi->audit_arch};
		char name[24];

		snprintf(name, sizeof(name), "%llu", first);
		print_run(filter, abi, name, words, out);
	}
	return COMMAND_GOOD;
}

static int run_calls(struct filter_input *input, char **calls, struct text *out)
{
	abi_set abis = input->policy.abis ? input->policy.abis : input->filters.items[0]->abis;
	const struct abi *abi = first_abi(abis);
	const struct filter *filter;

	if (!abi) {
		command_error("nothing in a bare filter tells its ABI: name it with --arch");
		return COMMAND_USAGE;
	}
	filter = filter_for(input, abi);
	for (; *calls; calls++) {
		uint32_t words[16];
		int status = COMMAND_GOOD;

		if (isdigit((unsigned char)**calls))
			status = run_numbers(filter, abi, *calls, out);
		else if (call_words_read(&input->policy.arena, &input->policy.sources,
					 &input->policy.diags, abi, *calls, words))
			print_run(filter, abi, *calls, words, out);
		else
			status = COMMAND_USAGE;
		if (status != COMMAND_GOOD)
			return status;
	}
	return COMMAND_GOOD;
}

static int simulate(struct filter_input *input, const char *path, char **calls)
{
	abi_set wanted = input->policy.abis;
	struct text out = {0};
	int status = filter_input_load(input, path);

	if (status != COMMAND_GOOD)
		return status;
	input->policy.abis = wanted;
	input->policy.diags.list.count = 0; /* the policy's own were printed */
	status = run_calls(input, calls, &out);
	if (status == COMMAND_GOOD)
		return output_text("-", &out);
	text_release(&out);
	return policy_input_finish(&input->policy, status);
}

int cmd_sim(int argc, char **argv)
{
	struct options options = {.argc = argc, .argv = argv, .usage = &usage};
	struct filter_input input;
	int status = filter_input_init(&input);

	if (status)
		return command_path_error("memory", status);
	if (!options_take(&options, policy_input_take, &input.policy, &status))
		goto out;
	if (options.index + 2 <= argc)
		status = simulate(&input, argv[options.index], argv + options.index + 1);
	else
		status = options_misuse(&options, "sim takes a file and calls");
out:
	filter_input_release(&input);
	return status;
}
