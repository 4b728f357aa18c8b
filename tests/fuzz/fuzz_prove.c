/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any text as a policy, before the prover. What compiles is proved; and of each filter with something
 * changed, as the bytes behind a zero say, the prover is right: the call that it names tells both apart,
 * or else no call of some does.
 */
#include "compiler/compile.h"
#include "tests/differential/mutation.h"
#include "tests/fuzz/random_calls.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	MUTANTS = 4,
	CALLS_EACH = 4,
};

static void check_equal(const struct second_reading *reading, struct dice *dice,
			const struct filter *filter, const struct filter *mutant)
{
	struct random_calls calls = {.dice = dice, .diagrams = reading->diagrams, .filter = mutant};
	uint32_t words[WORD_COUNT];

	for (size_t i = 0; i < reading->meaning.abis.count; i++) {
		const struct abi_meaning *abi = &reading->meaning.abis.items[i];

		for (size_t j = 0; j < abi->calls.count * CALLS_EACH; j++) {
			random_call_of(&calls, abi, &abi->calls.items[j / CALLS_EACH], words);
			if (filter_simulate(filter, words).action !=
			    filter_simulate(mutant, words).action)
				abort();
		}
	}
}

static void check_mutant(struct arena *arena, struct second_reading *reading, struct dice *dice,
			 const struct filter *filter, struct filter *mutant)
{
	enum mutation mutation = (enum mutation)dice_below(dice, MUTATION_COUNT);
	struct proof proof;
	const char *why;
	uint32_t at;

	if (!mutation_apply(dice, filter, mutation, mutant) || filter_check(mutant, &at, &why))
		return;
	proof = prove_filter(arena, reading->diagrams, &reading->meaning, mutant);
	if (proof.result == PROOF_EQUAL)
		check_equal(reading, dice, filter, mutant);
	if (proof.result == PROOF_DIFFERENT &&
	    (filter_simulate(mutant, proof.words).action != proof.answer ||
	     filter_simulate(filter, proof.words).action != proof.expected ||
	     proof.answer == proof.expected))
		abort();
}

static void check_mutants(struct arena *arena, const struct policy_text *text, abi_set abis,
			  struct diags *diags, struct dice *dice, const struct filter *filter)
{
	struct second_reading *reading = arena_alloc(arena, sizeof(*reading));
	struct verdict verdict = {.diags = diags, .all = abis};
	struct filter mutant = *filter;

	mutant.instructions =
		arena_alloc_array(arena, filter->count + 1, sizeof(*mutant.instructions));
	mutant.spans = NULL;
	/* Values that are open until then have no answer in the simulator. */
	if (filter->load_count || !findings_read(arena, text, abis, reading, &verdict))
		return;
	for (int i = 0; i < MUTANTS; i++)
		check_mutant(arena, reading, dice, filter, &mutant);
}

/* False where the policy is refused; that the proof fails is no way to be refused. */
static bool prove_machine(struct arena *arena, const struct policy_text *text, abi_set abis,
			  bool plain, struct dice *dice)
{
	struct diags diags = {.arena = arena, .sources = text->sources};
	struct resolve_options resolve = {.abis = abis};
	struct compile_options compile = {.text = text, .plain = plain};
	const struct policy_rules *rules =
		policy_resolve(arena, text->sources, text->library, text->ast, &resolve, &diags);
	struct machine_filters filters = {0};
	bool good = !diags.errors && policy_compile_machines(arena, rules, text->sources, &compile,
							     &diags, &filters, NULL);

	for (size_t i = 0; i < diags.list.count; i++)
		if (diags.list.items[i]->code == DIAG_PROOF)
			abort();
	if (good && filters.items.count)
		check_mutants(arena, text, abis, &diags, dice, filters.items.items[0].filter);
	return good;
}

static void prove_text(struct arena *arena, const char *bytes, uint32_t length, struct dice *dice)
{
	struct sources sources = {.arena = arena};
	struct library library = {0};
	struct diags diags = {.arena = arena, .sources = &sources};
	uint32_t file = sources_add(&sources, "fuzz.pale", bytes, length);
	struct policy_text text = {policy_parse(arena, &sources, file, &diags), &sources, &library,
				   NULL, 0};
	/* x86's three, or those of another machine, which hangs on the length. */
	enum abi_id id = length % 2 ? ABI_X86_64 : (enum abi_id)(length / 2 % ABI_COUNT);
	abi_set abis = abi_machine(abi_get(id));

	/* Includes are not followed, and the prover will not do without them. */
	if (memmem(bytes, length, "include", 7))
		return;
	if (!diags.errors && prove_machine(arena, &text, abis, false, dice))
		prove_machine(arena, &text, abis, true, dice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *zero = memchr(data, 0, size);
	size_t length = zero ? (size_t)(zero - data) : size;
	struct dice dice = dice_of_bytes(data + length, size - length);
	struct arena arena;

	if (length > 1 << 14 || arena_init(&arena))
		return 0;
	prove_text(&arena, (const char *)data, (uint32_t)length, &dice);
	arena_release(&arena);
	return 0;
}
