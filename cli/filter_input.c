/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/filter_input.h"

#include "cli/command.h"
#include "cli/kinds.h"
#include "compiler/resolve/abi_list.h"
#include "policy-lang/phases.h"

#include <errno.h>
#include <string.h>

int filter_input_init(struct filter_input *input)
{
	*input = (struct filter_input){0};
	return policy_input_init(&input->policy);
}

void filter_input_release(struct filter_input *input)
{
	policy_input_release(&input->policy);
}

static void add_filters(struct filter_input *input, const struct filter *const *filters,
			size_t count, const char *phase)
{
	for (size_t i = 0; i < count; i++) {
		*VEC_PUSH(&input->policy.arena, &input->filters) = filters[i];
		if (phase)
			*VEC_PUSH(&input->policy.arena, &input->phases) = phase;
	}
}

static int refuse_phase(const struct filter_input *input, const struct bundle_contents *contents,
			const char *path)
{
	struct text names = {0};

	for (size_t i = 0; i < contents->phase_count; i++)
		text_printf(&names, ", %s", contents->phases[i].name);
	if (input->phase)
		command_error("%s: there is no phase '%s': it has " PHASE_START "%s", path,
			      input->phase, names.bytes ? names.bytes : "");
	else
		command_error("%s: it has phases (" PHASE_START "%s): name one with --phase", path,
			      names.bytes ? names.bytes : "");
	text_release(&names);
	return COMMAND_USAGE;
}

/* Takes of CONTENTS the phases that are wanted; no part of them is taken for all. */
static int take_phases(struct filter_input *input, const struct bundle_contents *contents,
		       const char *path)
{
	bool one = !contents->phase_count && (input->phase_may_lack || !input->phase);
	bool every = contents->phase_count && !input->phase && input->every_phase;

	input->has_phases = contents->phase_count > 0;
	if (one || every || (input->phase && !strcmp(input->phase, PHASE_START)))
		add_filters(input, contents->filters, contents->filter_count,
			    every ? PHASE_START : NULL);
	for (size_t i = 0; i < contents->phase_count; i++)
		if (every || (input->phase && !strcmp(input->phase, contents->phases[i].name)))
			add_filters(input, contents->phases[i].filters,
				    contents->phases[i].filter_count,
				    every ? contents->phases[i].name : NULL);
	/* What is not the first phase has no sandbox. */
	if (one || every || (input->phase && !strcmp(input->phase, PHASE_START)))
		input->sandbox = contents->sandbox;
	return input->filters.count ? COMMAND_GOOD : refuse_phase(input, contents, path);
}

static int load_bundle(struct filter_input *input, const char *path, const struct source *source)
{
	struct bundle_contents contents;
	const char *why;

	if (bundle_read(&input->policy.arena, source->text, source->length, &contents, &why)) {
		command_error("%s: %s", path, why);
		return COMMAND_USAGE;
	}
	return take_phases(input, &contents, path);
}

static bool wanted_big_endian(const struct policy_input *policy)
{
	const struct abi *first = abi_first(policy->abis);

	return first ? first->big_endian : __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
}

static int load_raw(struct filter_input *input, const char *path, const struct source *source)
{
	struct filter *filter = arena_alloc(&input->policy.arena, sizeof(*filter));
	const char *why;

	if (input->phase && !input->phase_may_lack) {
		command_error("%s: a bare filter has no phases", path);
		return COMMAND_USAGE;
	}
	if (raw_read(&input->policy.arena, source->text, source->length,
		     wanted_big_endian(&input->policy), filter, &why)) {
		command_error("%s: %s", path, why);
		return COMMAND_USAGE;
	}
	*VEC_PUSH(&input->policy.arena, &input->filters) = filter;
	input->is_bare = true;
	return COMMAND_GOOD;
}

static bool names_abis(const struct policy_ast *ast)
{
	for (size_t i = 0; i < ast->statements.items.count; i++) {
		const struct stmt *stmt = ast->statements.items.items[i];

		if (stmt->kind == STMT_ARCH ||
		    (stmt->kind == STMT_INCLUDE && stmt->included && names_abis(stmt->included)))
			return true;
	}
	return false;
}

static int load_policy(struct filter_input *input, const char *path, uint32_t file)
{
	const struct compile_options options = {0};
	struct policy_filters made = {0};
	struct bundle_contents contents;
	int status = policy_input_parse(&input->policy, file);

	if (status == COMMAND_GOOD)
		status = policy_filters_make(&input->policy, &options, &made);
	if (status != COMMAND_GOOD || !input->later)
		status = policy_input_finish(&input->policy, status);
	input->is_of_host = !input->policy.abis && !names_abis(input->policy.ast);
	if (status != COMMAND_GOOD)
		return status;
	contents = policy_filters_bundle(&input->policy.arena, &made);
	return take_phases(input, &contents, path);
}

int filter_input_load(struct filter_input *input, const char *path)
{
	const struct source *source;
	const char *kind;
	uint32_t file;
	int error = sources_read(&input->policy.sources, path, &file);

	if (error == -EFBIG) {
		command_error("%s: larger than any policy, bundle or filter", path);
		return COMMAND_USAGE;
	}
	if (error)
		return command_path_error(path, error);
	source = sources_get(&input->policy.sources, file);
	if (bundle_recognise(source->text, source->length))
		return load_bundle(input, path, source);
	kind = kind_foreign(source);
	if (kind) {
		command_error("%s: %s", path, kind);
		return COMMAND_USAGE;
	}
	if (kind_is_text(source))
		return load_policy(input, path, file);
	return load_raw(input, path, source);
}

abi_set filter_input_abis(const struct filter_input *input)
{
	abi_set abis = 0;

	for (size_t i = 0; i < input->filters.count; i++)
		abis |= input->filters.items[i]->abis;
	return abis;
}

const struct filter *filter_input_find(struct filter_input *input, const struct abi *abi)
{
	abi_set machine = abi_machine(abi);

	for (size_t i = 0; i < input->filters.count; i++) {
		const struct filter *filter = input->filters.items[i];

		if (!filter->abis || filter->abis & machine)
			return filter;
	}
	command_error("there is no filter for the machine of %s: what there is serves %s",
		      abi->name, abi_list(&input->policy.arena, filter_input_abis(input), ABI_ALL));
	return NULL;
}

int filter_input_narrow(struct filter_input *input, abi_set wanted)
{
	abi_set machines = 0;
	size_t kept = 0;

	if (!wanted)
		return COMMAND_GOOD;
	for (int id = 0; id < ABI_COUNT; id++) {
		if (!(wanted & ABI_BIT(id)))
			continue;
		machines |= abi_machine(abi_get((enum abi_id)id));
		if (!filter_input_find(input, abi_get((enum abi_id)id)))
			return COMMAND_USAGE;
	}
	for (size_t i = 0; i < input->filters.count; i++) {
		const struct filter *filter = input->filters.items[i];

		if (filter->abis && !(filter->abis & machines))
			continue;
		if (input->phases.count)
			input->phases.items[kept] = input->phases.items[i];
		input->filters.items[kept++] = filter;
	}
	input->filters.count = kept;
	return COMMAND_GOOD;
}
