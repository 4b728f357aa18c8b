/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/filter_input.h"

#include "cli/command.h"
#include "cli/kinds.h"
#include "compiler/resolve/abi_list.h"

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

static int load_bundle(struct filter_input *input, const char *path, const struct source *source)
{
	struct bundle_contents contents;
	const char *why;
	int error =
		bundle_read(&input->policy.arena, source->text, source->length, &contents, &why);

	if (error) {
		command_error("%s: %s", path, why);
		return COMMAND_USAGE;
	}
	input->sandbox = contents.sandbox;
	for (size_t i = 0; i < contents.filter_count; i++)
		*VEC_PUSH(&input->policy.arena, &input->filters) = contents.filters[i];
	return COMMAND_GOOD;
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

static int load_policy(struct filter_input *input, uint32_t file)
{
	const struct compile_options options = {0};
	struct policy_filters made = {0};
	int status = policy_input_parse(&input->policy, file);

	if (status == COMMAND_GOOD)
		status = policy_filters_make(&input->policy, &options, &made);
	if (status != COMMAND_GOOD || !input->later)
		status = policy_input_finish(&input->policy, status);
	if (status == COMMAND_GOOD)
		input->sandbox = made.rules->sandbox;
	input->is_of_host = !input->policy.abis && !names_abis(input->policy.ast);
	for (size_t i = 0; status == COMMAND_GOOD && i < made.machines.items.count; i++)
		*VEC_PUSH(&input->policy.arena, &input->filters) =
			made.machines.items.items[i].filter;
	return status;
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
		return load_policy(input, file);
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

		if (!filter->abis || filter->abis & machines)
			input->filters.items[kept++] = filter;
	}
	input->filters.count = kept;
	return COMMAND_GOOD;
}
