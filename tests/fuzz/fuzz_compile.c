/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text as a policy: it is refused or compiled, and a filter answers as its rules say, on every
 * ABI of two machines and around the values at which the rules change their mind.
 */
#include "compiler/compile.h"
#include "compiler/resolve/resolve.h"
#include "policy-lang/phases.h"
#include "tests/oracle.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Values that rules test, taken from their conditions. */
struct edges {
	uint32_t values[256];
	uint32_t count;
};

static void edges_add(struct edges *edges, uint32_t value)
{
	if (edges->count < 256)
		edges->values[edges->count++] = value;
}

static void edges_collect(struct edges *edges, const struct condition *condition)
{
	if (!condition)
		return;
	edges_collect(edges, condition->left);
	edges_collect(edges, condition->right);
	for (size_t i = 0; i < condition->interval_count; i++) {
		edges_add(edges, condition->intervals[i].first);
		edges_add(edges, condition->intervals[i].last);
	}
}

static uint32_t draw(uint64_t *state, const struct edges *edges)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	if (edges->count && *state >> 62)
		return edges->values[(*state >> 33) % edges->count] + (uint32_t)(*state >> 40) % 3 -
		       1;
	return (uint32_t)(*state >> 32);
}

static void compare(const struct policy_rules *rules, const struct filter *filter,
		    const struct ruleset *ruleset, const struct rule *rule, uint64_t *state)
{
	struct edges edges = {0};

	edges_collect(&edges, rule->condition);
	for (int i = 0; i < 64; i++) {
		uint32_t words[16];

		for (int j = 0; j < 16; j++)
			words[j] = draw(state, &edges);
		words[0] = i < 60 ? rule->number : rule->number + (uint32_t)i - 62;
		words[1] = i % 16 ? ruleset->abi->audit_arch : words[1];
		if (filter_simulate(filter, words).action != oracle_answer(rules, words))
			abort();
	}
}

static void fuzz_machine(struct arena *arena, struct sources *sources, const struct policy_ast *ast,
			 abi_set abis, const struct stmt *phase, uint64_t state)
{
	struct diags diags = {.arena = arena, .sources = sources};
	struct library library = {0};
	struct resolve_options options = {.abis = abis, .phase = phase};
	struct compile_options compile = {0};
	const struct policy_rules *rules =
		policy_resolve(arena, sources, &library, ast, &options, &diags);
	const struct filter *filter;

	if (diags.errors)
		return;
	filter = policy_compile(arena, rules, sources, &compile, &diags, NULL);
	/* Values that are open until it is loaded have no answer here. */
	for (size_t i = 0; filter && !filter->load_count && i < rules->rulesets.count; i++) {
		const struct ruleset *ruleset = &rules->rulesets.items[i];

		for (size_t j = 0; j < ruleset->rules.count && j < 40; j++)
			compare(rules, filter, ruleset, &ruleset->rules.items[j], &state);
	}
}

/* x86's three, and those of another machine, which hangs on the length. */
static void fuzz_policy(struct arena *arena, const char *text, uint32_t length)
{
	struct sources sources = {.arena = arena};
	struct diags diags = {.arena = arena, .sources = &sources};
	uint32_t file = sources_add(&sources, "fuzz.pale", text, length);
	enum abi_id other = (enum abi_id)(ABI_ARM + length % (ABI_COUNT - ABI_ARM));
	struct phase_list phases;
	struct policy_ast *ast = policy_parse(arena, &sources, file, &diags);

	if (diags.errors)
		return;
	phases = phases_list(arena, ast);
	/* The first and the last: they are read alike. */
	for (size_t i = 0; i < 2 && i <= phases.items.count; i++) {
		const struct stmt *phase = i ? phases.items.items[phases.items.count - 1] : NULL;

		fuzz_machine(arena, &sources, ast, abi_machine(abi_get(ABI_X86_64)), phase, length);
		fuzz_machine(arena, &sources, ast, abi_machine(abi_get(other)), phase, length);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;

	if (size > 1 << 16 || arena_init(&arena))
		return 0;
	fuzz_policy(&arena, (const char *)data, (uint32_t)size);
	arena_release(&arena);
	return 0;
}
