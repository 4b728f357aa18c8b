/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/diff_input.h"

#include "cli/command.h"
#include "cli/live_filter.h"
#include "compiler/explain/budget.h"
#include "compiler/prove/program.h"

#include <string.h>

bool diff_input_read(struct arena *arena, struct diagrams *diagrams, const struct filter *filter,
		     const char *name, diagram *answer)
{
	struct program_reading reading;

	if (!program_read(arena, diagrams, filter, &reading)) {
		command_error("%s: instruction %u: %s", name, reading.at, reading.refusal);
		return false;
	}
	*answer = reading.answer;
	return diff_input_keeps(diagrams, name);
}

bool diff_input_keeps(struct diagrams *diagrams, const char *name)
{
	if (budget_take(diagrams, 0))
		return true;
	command_error("%s: what it does is too involved to be told within the limits [limit]",
		      name);
	return false;
}

bool diff_input_stack(struct arena *arena, struct diagrams *diagrams,
		      const struct filter *const *filters, size_t count, const char *name,
		      diagram *answer)
{
	for (size_t i = 0; i < count; i++) {
		diagram newer;

		if (!diff_input_read(arena, diagrams, filters[i], name, &newer))
			return false;
		*answer = i ? answer_stack(arena, diagrams, newer, *answer) : newer;
		if (!diff_input_keeps(diagrams, name))
			return false;
	}
	return true;
}

static bool add_answer(struct diff_input *side, struct diagrams *diagrams, diagram answer,
		       abi_set abis)
{
	struct arena *arena = diagrams->arena;
	struct diff_answer *added = VEC_PUSH(&side->input.policy.arena, &side->answers);

	added->answer = answer_normalise(arena, diagrams, answer);
	added->bare = abis == 0;
	added->abis = abis ? abis : answer_abis(diagrams, added->answer);
	return diff_input_keeps(diagrams, side->name);
}

static int load_process(struct diff_input *side, struct diagrams *diagrams, const char *number)
{
	struct live_filters filters = {0};
	int pid = live_filter_pid(number), status;

	side->input.is_bare = true;
	const struct abi *host = abi_host();
	diagram answer;

	if (!pid) {
		command_error("'%s' is no process: pid: takes a number", side->name);
		return COMMAND_USAGE;
	}
	status = live_filter_read(&side->input.policy.arena, pid, &filters);
	if (status != COMMAND_GOOD)
		return status;
	if (!diff_input_stack(diagrams->arena, diagrams, filters.items.items, filters.items.count,
			      side->name, &answer))
		return COMMAND_USAGE;
	if (!add_answer(side, diagrams, answer, 0))
		return COMMAND_USAGE;
	/* It runs here, so that its calls are this machine's, whether it asks for the ABI or not. */
	if (!side->answers.items[0].abis && host)
		side->answers.items[0].abis = abi_machine(host);
	return COMMAND_GOOD;
}

static int load_file(struct diff_input *side, struct diagrams *diagrams)
{
	int status = filter_input_load(&side->input, side->name);

	for (size_t i = 0; status == COMMAND_GOOD && i < side->input.filters.count; i++) {
		const struct filter *filter = side->input.filters.items[i];
		diagram answer;

		if (!diff_input_read(diagrams->arena, diagrams, filter, side->name, &answer) ||
		    !add_answer(side, diagrams, answer, filter->abis))
			status = COMMAND_USAGE;
	}
	return status;
}

/* What was warned of in BEFORE, and the sources that it means, are those of POLICY too. */
static void continue_diagnostics(struct policy_input *policy, const struct policy_input *before)
{
	policy->sources.list.items = before->sources.list.items;
	policy->sources.list.count = before->sources.list.count;
	policy->sources.list.capacity = before->sources.list.count;
	policy->diags.list.items = before->diags.list.items;
	policy->diags.list.count = before->diags.list.count;
	policy->diags.list.capacity = before->diags.list.count;
	policy->diags.warnings = before->diags.warnings;
}

int diff_input_load(struct diff_input *side, struct diagrams *diagrams, const char *name,
		    const struct policy_input *options, const struct diff_input *before)
{
	int error = filter_input_init(&side->input);

	side->name = name;
	side->arch_given = options->abis != 0;
	if (error)
		return command_path_error("memory", error);
	side->input.policy.style = options->style;
	side->input.policy.folders.items = options->folders.items;
	side->input.policy.folders.count = options->folders.count;
	side->input.policy.definitions.items = options->definitions.items;
	side->input.policy.definitions.count = options->definitions.count;
	side->input.policy.abis = options->abis;
	side->input.later = true;
	side->input.phase = side->phase;
	side->input.phase_may_lack = true;
	if (before)
		continue_diagnostics(&side->input.policy, &before->input.policy);
	if (!strncmp(name, "pid:", 4))
		return load_process(side, diagrams, name + 4);
	return load_file(side, diagrams);
}

void diff_input_release(struct diff_input *side)
{
	filter_input_release(&side->input);
}

abi_set diff_input_abis(const struct diff_input *side)
{
	abi_set abis = 0;

	for (size_t i = 0; i < side->answers.count; i++)
		abis |= side->answers.items[i].abis;
	return abis;
}

const struct diff_answer *diff_input_find(const struct diff_input *side, abi_set machine)
{
	for (size_t i = 0; i < side->answers.count; i++)
		if (side->answers.items[i].abis & machine)
			return &side->answers.items[i];
	for (size_t i = 0; i < side->answers.count; i++)
		if (side->answers.items[i].bare &&
		    (side->arch_given || !side->answers.items[i].abis))
			return &side->answers.items[i];
	return NULL;
}
