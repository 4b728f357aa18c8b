/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/against.h"

#include "cli/command.h"
#include "cli/kinds.h"
#include "compiler/emit/emit.h"
#include "compiler/partition.h"
#include "compiler/resolve/abi_list.h"
#include "policy-lang/phases.h"

#include <errno.h>
#include <string.h>

struct against {
	struct policy_input *input;
	const struct policy_rules *rules; /* of the ABIs that are asked for */
	struct policy_parts parts;
	const char *path;
	const struct proof_value *values; /* what is filled into the file's filters */
	size_t value_count;
	struct phase_list phases; /* the policy's */
	const char *phase;        /* --phase, or NULL */
	struct bundle_contents contents;
	struct verdict verdict;
};

static int refuse(const struct against *against, const char *why)
{
	command_error("%s: %s", against->path, why);
	return COMMAND_USAGE;
}

/* Nothing in a bare filter tells its ABIs: it is taken for the one machine of the policy. */
static int read_raw(struct against *against, const struct source *source)
{
	struct arena *arena = &against->input->arena;
	const struct filter **filters = arena_alloc(arena, sizeof(*filters));
	struct filter *filter = arena_alloc(arena, sizeof(*filter));
	const struct policy_rules *part = &against->parts.items.items[0];
	const char *why;

	if (against->phases.items.count && !against->phase)
		return refuse(against, "a bare filter is one phase, and the policy has several: "
				       "--phase says which");
	if (against->parts.items.count > 1)
		return refuse(against, "a bare filter is for one machine, and the policy is for "
				       "several: --arch says which");
	if (raw_read(arena, source->text, source->length, part->rulesets.items[0].abi->big_endian,
		     filter, &why))
		return refuse(against, why);
	filter->abis = policy_rules_abis(part);
	filters[0] = filter;
	against->contents = (struct bundle_contents){
		.filters = filters, .filter_count = 1, .sandbox = against->rules->sandbox};
	return COMMAND_GOOD;
}

static int read_file(struct against *against)
{
	struct policy_input *input = against->input;
	const struct source *source;
	const char *why;
	uint32_t file;
	int error = sources_read(&input->sources, against->path, &file);

	if (error == -EFBIG)
		return refuse(against, "larger than any bundle or filter");
	if (error)
		return command_path_error(against->path, error);
	source = sources_get(&input->sources, file);
	if (!bundle_recognise(source->text, source->length)) {
		why = kind_foreign(source);
		if (!why && source->length && kind_is_text(source))
			why = "it is text, and neither a bundle nor a filter: pale diff compares "
			      "policies";
		return why ? refuse(against, why) : read_raw(against, source);
	}
	if (against->phase)
		return refuse(against, "it is a bundle, which has all phases: --phase is for bare "
				       "filters");
	if (bundle_read(&input->arena, source->text, source->length, &against->contents, &why))
		return refuse(against, why);
	return COMMAND_GOOD;
}

static const struct filter *find_filter(const struct filter *const *filters, size_t count,
					abi_set abis)
{
	abi_set machine = abi_machine(abi_first(abis));

	for (size_t i = 0; i < count; i++)
		if (filters[i]->abis & machine)
			return filters[i];
	return NULL;
}

/* Says that the file is for other ABIs than the policy, of one machine. */
static void report_abis(struct against *against, abi_set has, abi_set wanted)
{
	struct arena *arena = &against->input->arena;
	const char *machine = abi_machine_name(abi_first(has | wanted));

	if (!has)
		verdict_error(&against->verdict, wanted, DIAG_PROOF, (struct span){0},
			      "%s: %s has no filter for this machine, which the policy is for",
			      machine, against->path);
	else if (!wanted)
		verdict_error(&against->verdict, has, DIAG_PROOF, (struct span){0},
			      "%s: %s has a filter for this machine, which the policy is not for",
			      machine, against->path);
	else
		verdict_error(&against->verdict, wanted, DIAG_PROOF, (struct span){0},
			      "%s: the filter in %s serves %s, and the policy is for %s", machine,
			      against->path, abi_list(arena, has, ABI_ALL),
			      abi_list(arena, wanted, ABI_ALL));
}

/* The filters of one phase; of the ABIs of further ones no more is said than of the first. */
static void prove_machines(struct against *against, struct second_reading *reading,
			   const struct filter *const *filters, size_t count)
{
	for (size_t i = 0; i < against->parts.items.count; i++) {
		abi_set wanted = policy_rules_abis(&against->parts.items.items[i]);
		const struct filter *filter = find_filter(filters, count, wanted);

		if (!filter || filter->abis != wanted)
			report_abis(against, filter ? filter->abis : 0, wanted);
		else
			findings_prove_filled(&against->input->arena, reading, filter,
					      against->values, against->value_count,
					      &against->verdict);
	}
	for (size_t i = 0; i < count; i++)
		if (!(abi_machine(abi_first(filters[i]->abis)) & against->verdict.all))
			report_abis(against, filters[i]->abis, 0);
}

static void prove_phase(struct against *against, const struct stmt *phase,
			const struct filter *const *filters, size_t count)
{
	struct policy_input *input = against->input;
	struct second_reading *reading = arena_alloc(&input->arena, sizeof(*reading));

	if (findings_read(&input->arena, policy_input_text(input, phase), against->verdict.all,
			  reading, &against->verdict))
		prove_machines(against, reading, filters, count);
}

/* Whether the bundle has the policy's phases, in their order and by their names. */
static bool phases_match(struct against *against)
{
	const struct bundle_contents *contents = &against->contents;
	bool same = contents->phase_count == against->phases.items.count;
	const char *names = PHASE_START;

	for (size_t i = 0; i < contents->phase_count; i++) {
		same = same && !strcmp(contents->phases[i].name,
				       phase_name(against->phases.items.items[i]));
		names = arena_printf(&against->input->arena, "%s, %s", names,
				     contents->phases[i].name);
	}
	if (!same)
		verdict_error(&against->verdict, against->verdict.all, DIAG_PROOF, (struct span){0},
			      "the phases of %s are not the policy's: it has %s", against->path,
			      names);
	return same;
}

/* The one phase that a bare filter is. */
static int prove_bare(struct against *against)
{
	const struct bundle_contents *contents = &against->contents;
	const struct stmt *phase = NULL;

	for (size_t i = 0; i < against->phases.items.count; i++)
		if (!strcmp(phase_name(against->phases.items.items[i]), against->phase))
			phase = against->phases.items.items[i];
	if (!phase && strcmp(against->phase, PHASE_START) != 0) {
		command_error("the policy has no phase '%s', which --phase names", against->phase);
		return COMMAND_USAGE;
	}
	prove_phase(against, phase, contents->filters, contents->filter_count);
	return COMMAND_GOOD;
}

static void prove_phases(struct against *against)
{
	const struct bundle_contents *contents = &against->contents;

	if (!phases_match(against))
		return;
	prove_phase(against, NULL, contents->filters, contents->filter_count);
	for (size_t i = 0; i < contents->phase_count; i++)
		prove_phase(against, against->phases.items.items[i], contents->phases[i].filters,
			    contents->phases[i].filter_count);
}

/* Both written with the same filters: what then differs is the sandbox. */
static void compare_sandbox(struct against *against)
{
	struct bundle_contents contents = against->contents;
	struct text file = {0}, policy = {0};
	const char *why;
	bool same;

	contents.name = NULL;
	contents.phase_count = 0;
	same = bundle_write(&contents, &file, &why) == 0;
	contents.sandbox = against->rules->sandbox;
	same = same && bundle_write(&contents, &policy, &why) == 0 &&
	       file.length == policy.length && memcmp(file.bytes, policy.bytes, file.length) == 0;
	if (!same)
		verdict_error(&against->verdict, against->verdict.all, DIAG_PROOF, (struct span){0},
			      "the sandbox in %s is not what the policy says", against->path);
	text_release(&file);
	text_release(&policy);
}

int against_prove(struct policy_input *input, const struct policy_rules *rules,
		  const struct against_request *request)
{
	struct policy_rules part = policy_rules_select(&input->arena, rules, rules->asked);
	struct against against = {
		.input = input,
		.rules = &part,
		.parts = policy_partition(&input->arena, &part),
		.path = request->path,
		.phases = phases_list(&input->arena, input->ast),
		.phase = request->phase,
		.verdict = {.diags = &input->diags, .all = rules->asked},
	};
	int status = read_file(&against);

	against.values = loads_values(&input->arena, &request->loads, &against.value_count);
	if (status == COMMAND_GOOD && against.phase)
		status = prove_bare(&against);
	else if (status == COMMAND_GOOD)
		prove_phases(&against);
	if (status != COMMAND_GOOD)
		return status;
	compare_sandbox(&against);
	return input->diags.errors ? COMMAND_NO : COMMAND_GOOD;
}
