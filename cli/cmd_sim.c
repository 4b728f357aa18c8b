/* SPDX-License-Identifier: Apache-2.0 */
/* pale sim: what a filter answers to calls. */
#include "cli/command.h"
#include "cli/filter_input.h"
#include "cli/loads.h"
#include "cli/output.h"
#include "compiler/resolve/call_words.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	KEY_LOAD = OPTION_LONG_ONLY,
	KEY_PHASE,
};

static const struct option_row rows[] = {
	{KEY_LOAD, "load", "NAME=N", "gives a value that the policy leaves open"},
	{KEY_PHASE, "phase", "NAME", "of a policy or bundle with phases, the one that runs"},
	POLICY_INPUT_ROWS,
	{0},
};

static const struct usage usage = {
	.synopsis = "sim [OPTION]... FILE CALL...",
	.description =
		"Runs the filter of a policy, a bundle or a file of struct sock_filter for each CALL,\n"
		"and prints the call, its answer and the number of instructions executed, with tabs\n"
		"between. A CALL is written as in an expectation, 'socket(AF_INET, SOCK_STREAM)',\n"
		"where what is left out is 0; as a number with registers, '41(2, 0xffffffff00000001)',\n"
		"each of 64 bits; or as a number or a range of numbers, '0..460'. Numbers are those\n"
		"that a filter sees. Calls are made on the ABI of --arch, else on this machine's if\n"
		"FILE is for it, else on the first that FILE is for.\n",
	.rows = rows,
};

/* One call: the filter that sees it, and as which ABI's. */
struct simulation {
	struct filter_input *input;
	const struct filter *filter;
	const struct abi *abi;
	struct text *out;
};

static void print_run(const struct simulation *simulation, const char *call,
		      const uint32_t words[16])
{
	struct filter_run run = filter_simulate(simulation->filter, words);

	text_printf(simulation->out, "%s\t", call);
	seccomp_action_print(run.action, simulation->abi->id, simulation->out);
	text_printf(simulation->out, "\t%u\n", run.executed);
}

/* `N` or `N..M`. Numbers are as the filter sees them, with x32's bit. */
static int run_numbers(const struct simulation *simulation, const char *text)
{
	char *end;
	unsigned long long first, last;

	errno = 0;
	first = last = strtoull(text, &end, 0);
	if (!strncmp(end, "..", 2))
		last = strtoull(end + 2, &end, 0);
	if (*end || errno || first > last || last > UINT32_MAX || last - first > 1000000) {
		command_error("'%s' is no number or range of numbers", text);
		return COMMAND_USAGE;
	}
	for (; first <= last; first++) {
		uint32_t words[16] = {(uint32_t)first, simulation->abi->audit_arch};
		char name[24];

		snprintf(name, sizeof(name), "%llu", first);
		print_run(simulation, name, words);
	}
	return COMMAND_GOOD;
}

/* One register and what ends it; false where there is none. Negative ones have all upper bits. */
static bool read_register(const char **at, uint64_t *value)
{
	const char *begin = *at + strspn(*at, " ");
	bool negative = *begin == '-';
	char *end;

	if (!isdigit((unsigned char)begin[negative]))
		return false;
	errno = 0;
	*value = strtoull(begin + negative, &end, 0);
	if (negative)
		*value = -*value;
	*at = end + strspn(end, " ");
	return errno == 0 && (**at == ',' || **at == ')');
}

/* `N(R, R, ...)`: the number and up to six registers, as the kernel shows them to a filter. */
static int run_registers(const struct simulation *simulation, const char *text)
{
	const struct abi *abi = simulation->abi;
	uint32_t words[16] = {0, abi->audit_arch};
	unsigned int index = 0;
	unsigned long long number;
	uint64_t value;
	char *end;
	const char *at;

	errno = 0;
	number = strtoull(text, &end, 0);
	at = end + 1 + strspn(end + 1, " ");
	if (*end != '(' || errno || number > UINT32_MAX)
		goto fail;
	words[0] = (uint32_t)number;
	for (bool more = *at != ')'; more; more = *at++ == ',') {
		if (index == CALL_ARGS_MAX || !read_register(&at, &value))
			goto fail;
		words[abi_word_low(abi, index) / 4] = (uint32_t)value;
		words[abi_word_high(abi, index++) / 4] = (uint32_t)(value >> 32);
	}
	if (index == 0)
		at++;
	if (*at)
		goto fail;
	print_run(simulation, text, words);
	return COMMAND_GOOD;
fail:
	command_error("'%s' is no number with up to six registers of 64 bits, as in "
		      "'41(2, 0xffffffff00000001)'",
		      text);
	return COMMAND_USAGE;
}

static int run_call(const struct simulation *simulation, const char *text)
{
	struct policy_input *policy = &simulation->input->policy;
	uint32_t words[16];

	if (isdigit((unsigned char)*text))
		return strchr(text, '(') ? run_registers(simulation, text)
					 : run_numbers(simulation, text);
	if (!call_words_read(&policy->arena, &policy->sources, &policy->diags, simulation->abi,
			     text, words))
		return COMMAND_USAGE;
	print_run(simulation, text, words);
	return COMMAND_GOOD;
}

struct sim_command {
	struct filter_input input;
	struct given_loads loads;
};

/* Of the ABIs that were asked for, or that there are, this machine's or else the first. */
static const struct abi *pick_abi(const struct filter_input *input)
{
	abi_set abis = input->policy.abis ? input->policy.abis : filter_input_abis(input);
	const struct abi *host = abi_host();

	return host && abis & ABI_BIT(host->id) ? host : abi_first(abis);
}

static int run_calls(struct sim_command *command, char **calls, struct text *out)
{
	struct filter_input *input = &command->input;
	struct simulation simulation = {.input = input, .abi = pick_abi(input), .out = out};
	int status = COMMAND_GOOD;

	if (!simulation.abi) {
		command_error("nothing in a bare filter tells its ABI: name it with --arch");
		return COMMAND_USAGE;
	}
	simulation.filter = filter_input_find(input, simulation.abi);
	if (!simulation.filter)
		return COMMAND_USAGE;
	status = loads_fill(&input->policy.arena, &command->loads, simulation.filter,
			    &simulation.filter);
	for (; *calls && status == COMMAND_GOOD; calls++)
		status = run_call(&simulation, *calls);
	return status;
}

static int simulate(struct sim_command *command, const char *path, char **calls)
{
	struct filter_input *input = &command->input;
	abi_set wanted = input->policy.abis;
	struct text out = {0};
	int status = filter_input_load(input, path);

	if (status != COMMAND_GOOD)
		return status;
	input->policy.abis = wanted;
	input->policy.diags.list.count = 0; /* the policy's own were printed */
	status = run_calls(command, calls, &out);
	if (status == COMMAND_GOOD)
		return output_text("-", &out);
	text_release(&out);
	return policy_input_finish(&input->policy, status);
}

static int take_option(void *user, const struct options *options, int key)
{
	struct sim_command *command = user;

	if (key == KEY_PHASE) {
		command->input.phase = options->value;
		return COMMAND_GOOD;
	}
	if (key == KEY_LOAD)
		return loads_take(&command->input.policy.arena, &command->loads, options);
	return policy_input_option(&command->input.policy, options, key);
}

int cmd_sim(int argc, char **argv)
{
	struct options options = {.argc = argc, .argv = argv, .usage = &usage};
	struct sim_command command = {0};
	int status = filter_input_init(&command.input);

	if (status)
		return command_path_error("memory", status);
	if (!options_take(&options, take_option, &command, &status))
		goto out;
	if (options.index + 2 <= argc)
		status = simulate(&command, argv[options.index], argv + options.index + 1);
	else
		status = options_misuse(&options, "sim takes a file and calls");
out:
	filter_input_release(&command.input);
	return status;
}
