/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/against.h"

#include "cli/command.h"
#include "cli/kinds.h"
#include "compiler/emit/emit.h"
#include "compiler/partition.h"
#include "compiler/resolve/abi_list.h"

#include <errno.h>
#include <string.h>

struct against {
	struct policy_input *input;
	const struct policy_rules *rules; /* of the ABIs that are asked for */
	struct policy_parts parts;
	const char *path;
	const struct proof_value *values; /* what is filled into the file's filters */
	size_t value_count;
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
	if (bundle_read(&input->arena, source->text, source->length, &against->contents, &why))
		return refuse(against, why);
	return COMMAND_GOOD;
}

static const struct filter *find_filter(const struct against *against, abi_set abis)
{
	abi_set machine = abi_machine(abi_first(abis));

	for (size_t i = 0; i < against->contents.filter_count; i++)
		if (against->contents.filters[i]->abis & machine)
			return against->contents.filters[i];
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

static void prove_machines(struct against *against, struct second_reading *reading)
{
	for (size_t i = 0; i < against->parts.items.count; i++) {
		abi_set wanted = policy_rules_abis(&against->parts.items.items[i]);
		const struct filter *filter = find_filter(against, wanted);

		if (!filter || filter->abis != wanted)
			report_abis(against, filter ? filter->abis : 0, wanted);
		else
			findings_prove_filled(&against->input->arena, reading, filter,
					      against->values, against->value_count,
					      &against->verdict);
	}
	for (size_t i = 0; i < against->contents.filter_count; i++) {
		abi_set has = against->contents.filters[i]->abis;

		if (!(abi_machine(abi_first(has)) & against->verdict.all))
			report_abis(against, has, 0);
	}
}

/* Both written with the same filters: what then differs is the sandbox. */
static void compare_sandbox(struct against *against)
{
	struct bundle_contents contents = against->contents;
	struct text file = {0}, policy = {0};
	const char *why;
	bool same;

	contents.name = NULL;
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

int against_prove(struct policy_input *input, const struct policy_rules *rules, const char *path,
		  const struct given_loads *loads)
{
	struct policy_rules part = policy_rules_select(&input->arena, rules, rules->asked);
	struct against against = {
		.input = input,
		.rules = &part,
		.parts = policy_partition(&input->arena, &part),
		.path = path,
		.verdict = {.diags = &input->diags, .all = rules->asked},
	};
	struct second_reading *reading = arena_alloc(&input->arena, sizeof(*reading));
	int status = read_file(&against);

	against.values = loads_values(&input->arena, loads, &against.value_count);
	if (status != COMMAND_GOOD)
		return status;
	if (findings_read(&input->arena, policy_input_text(input), rules->asked, reading,
			  &against.verdict)) {
		prove_machines(&against, reading);
		compare_sandbox(&against);
	}
	return input->diags.errors ? COMMAND_NO : COMMAND_GOOD;
}
