/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/filter_policy.h"

#include "cli/command.h"
#include "cli/diff_input.h"
#include "cli/diff_report.h"
#include "compiler/explain/budget.h"
#include "compiler/explain/decompile.h"
#include "compiler/resolve/ruleset.h"

#include <errno.h>
#include <string.h>

struct writing {
	const struct filter_policy_request *request;
	struct policy_input proof; /* what the policy is compiled with, and everybody's arena */
	struct diagrams diagrams;
	struct decompile_request wanted;
	bool skip_differs; /* number -1 is answered in another way than its neighbours */
};

/* Values that are open until load, by whose names a policy would have to ask for them. */
static void say_open_values(struct writing *writing)
{
	const struct diagrams *diagrams = &writing->diagrams;
	struct text names = {0};

	for (uint32_t i = 0; i < diagrams->atom_count; i++) {
		bool known = false;

		for (uint32_t j = 0; j < i; j++)
			known |= !strcmp(diagrams->atoms[j].name, diagrams->atoms[i].name);
		if (!known)
			text_printf(&names, "%s'%s'", i ? ", " : "", diagrams->atoms[i].name);
	}
	if (names.bytes)
		command_error("it has values that are open until it is loaded: %s", names.bytes);
	text_release(&names);
}

static int refuse(struct writing *writing, const struct decompile_refusal *refusal)
{
	struct arena *arena = &writing->proof.arena;
	struct text answer = {0};

	if (!diff_input_keeps(&writing->diagrams, writing->request->name))
		return COMMAND_USAGE;
	command_error("%s: no policy says what this filter does: %s", writing->request->name,
		      refusal->why);
	say_open_values(writing);
	if (!refusal->has_call)
		return COMMAND_NO;
	for (size_t i = 0; i < writing->wanted.machines.count; i++) {
		const struct machine_answer *machine = &writing->wanted.machines.items[i];
		const struct abi *abi = refusal->at.abi;

		if (answer.length ||
		    (abi && !(abi_machine(abi_first(machine->abis)) & ABI_BIT(abi->id))))
			continue;
		seccomp_action_print_for(diagram_evaluate(&writing->diagrams, machine->answer,
							  refusal->at.example, NULL),
					 abi ? ABI_BIT(abi->id) : ABI_ALL, &answer);
	}
	command_error("such a call is %s%s%s, which gets '%s'",
		      diff_report_call(arena, &refusal->at), refusal->at.abi ? " on " : "",
		      refusal->at.abi ? refusal->at.abi->name : "",
		      answer.bytes ? answer.bytes : "");
	text_release(&answer);
	return COMMAND_NO;
}

/* One filter, or the filters of one process, for the machines of its ABIs. */
static int add_answer(struct writing *writing, diagram answer, abi_set abis)
{
	struct diagrams *diagrams = &writing->diagrams;
	struct arena *arena = &writing->proof.arena;
	const struct abi *host = abi_host();
	diagram without;

	answer = answer_normalise(arena, diagrams, answer);
	without = answer_without_skip(diagrams, answer);
	if (!diff_input_keeps(diagrams, writing->request->name))
		return COMMAND_USAGE;
	writing->skip_differs |= without != answer;
	if (writing->request->wanted)
		abis = writing->request->wanted;
	if (!abis)
		abis = answer_abis(diagrams, without);
	if (!abis && writing->request->host && host)
		abis = ABI_BIT(host->id);
	if (!abis) {
		command_error("%s: nothing in it tells its ABI: name it with --arch",
			      writing->request->name);
		return COMMAND_USAGE;
	}
	while (abis) {
		abi_set machine = abi_machine(abi_first(abis));

		*VEC_PUSH(arena, &writing->wanted.machines) =
			(struct machine_answer){without, abis & machine};
		abis &= ~machine;
	}
	return COMMAND_GOOD;
}

static int read_filters(struct writing *writing)
{
	const struct filter_policy_request *request = writing->request;
	struct arena *arena = &writing->proof.arena;
	diagram answer;
	int status = COMMAND_GOOD;

	if (request->stacked) {
		if (!diff_input_stack(arena, &writing->diagrams, request->filters, request->count,
				      request->name, &answer))
			return COMMAND_USAGE;
		return add_answer(writing, answer, 0);
	}
	for (size_t i = 0; i < request->count && status == COMMAND_GOOD; i++) {
		if (!diff_input_read(arena, &writing->diagrams, request->filters[i], request->name,
				     &answer))
			return COMMAND_USAGE;
		status = add_answer(writing, answer, request->filters[i]->abis);
	}
	return status;
}

static void add_comment(struct writing *writing, const char *text)
{
	*VEC_PUSH(&writing->proof.arena, &writing->wanted.comments) = text;
}

/* Compares the filter that was compiled for a machine with what was read. */
static bool proves(struct writing *writing, const struct filter *filter,
		   struct decompile_refusal *refusal)
{
	struct diagrams *diagrams = &writing->diagrams;
	struct arena *arena = &writing->proof.arena;
	abi_set machine = abi_machine(abi_first(filter->abis));
	struct changes changes = {0};
	struct change_request request = {
		.abis = machine, .ignored = ABI_ALL & ~machine, .others = true, .limit = 1};

	if (!diff_input_read(arena, diagrams, filter, writing->request->name, &request.b))
		return false;
	request.b = answer_without_skip(diagrams, answer_normalise(arena, diagrams, request.b));
	for (size_t i = 0; i < writing->wanted.machines.count; i++)
		if (writing->wanted.machines.items[i].abis & machine)
			request.a = writing->wanted.machines.items[i].answer;
	changes_find(arena, diagrams, &request, &changes);
	if (changes.items.count || changes.refusal) {
		refusal->why = "what was written answers a call in another way";
		refusal->has_call = changes.items.count > 0;
		if (changes.items.count)
			refusal->at = changes.items.items[0];
	}
	return !refusal->why;
}

static int prove(struct writing *writing, const struct text *text)
{
	const struct compile_options options = {0};
	struct policy_input *proof = &writing->proof;
	struct policy_filters made = {0};
	struct decompile_refusal refusal = {0};
	uint32_t file = sources_add(&proof->sources, writing->request->name, text->bytes,
				    (uint32_t)text->length);
	int status = policy_input_parse(proof, file);

	if (status == COMMAND_GOOD)
		status = policy_filters_make(proof, &options, &made);
	if (status != COMMAND_GOOD) {
		command_error("%s: no policy says what this filter does: the one that comes next "
			      "does not compile",
			      writing->request->name);
		policy_input_finish(proof, status);
		return COMMAND_NO;
	}
	for (size_t i = 0; i < made.machines.items.count; i++)
		if (!proves(writing, made.machines.items.items[i].filter, &refusal))
			return refusal.why ? refuse(writing, &refusal) : COMMAND_NO;
	return COMMAND_GOOD;
}

static int write_policy(struct writing *writing, struct text *out)
{
	struct decompile_refusal refusal;
	const struct policy_ast *ast;
	struct text text = {0};
	int status = read_filters(writing);

	if (status != COMMAND_GOOD)
		return status;
	if (writing->skip_differs) {
		add_comment(writing, "Number -1, by which a tracer has a call skipped, got another "
				     "answer than");
		add_comment(writing, "its neighbours: here it gets theirs. There is no such call.");
	}
	if (writing->request->sandboxed) {
		add_comment(writing, "The sandbox that stands beside the filter is not in here.");
		command_error("%s: its sandbox is not in the policy", writing->request->name);
	}
	ast = decompile(&writing->proof.arena, &writing->diagrams, &writing->wanted, &refusal);
	if (!ast || writing->diagrams.overflow)
		return refuse(writing, &refusal);
	ast_print(ast, &text);
	status = text.failed ? command_path_error("memory", -ENOMEM) : prove(writing, &text);
	if (status == COMMAND_GOOD)
		text_add(out, text.bytes, text.length);
	text_release(&text);
	return status;
}

int filter_policy_write(const struct filter_policy_request *request, struct text *out)
{
	struct writing writing = {.request = request};
	int status = policy_input_init(&writing.proof);

	if (status)
		return command_path_error("memory", status);
	diagrams_init(&writing.diagrams, &writing.proof.arena);
	budget_set(&writing.diagrams);
	status = write_policy(&writing, out);
	policy_input_release(&writing.proof);
	return status;
}
