/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The prover before wrong filters: those of the examples on every machine, and of random policies, each
 * with something changed that seccomp would still take. Where the prover says that a mutant differs, its
 * call must get different answers from both filters in the simulator, the original's being the policy's;
 * where it says that they are equal, no call of many may tell them apart.
 *
 *	mutants [FACTOR [SEED]]		FACTOR times as many as the test has (1)
 */
#include "compiler/compile.h"
#include "tests/differential/mutation.h"
#include "tests/fuzz/random_calls.h"
#include "tests/fuzz/random_policy.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	BATCH = 40, /* mutants that share a reading, which grows with each */
	EXAMPLE_MUTANTS = 160,
	RANDOM_POLICIES = 100,
	RANDOM_MUTANTS = 80,
	TRIES_MAX = 50,
};

static struct mutant_counts {
	uint64_t made;
	uint64_t refused; /* by seccomp */
	uint64_t killed;
	uint64_t equal;
	uint64_t unread; /* too involved to be followed */
} counts[MUTATION_COUNT];
static uint64_t filters, calls, disagreements;

/* A policy on one machine. */
struct subject {
	const char *name;
	const struct random_policy *random; /* or NULL: NAME is a file */
	abi_set abis;                       /* 0: its own */
	struct arena arena;
	struct sources sources;
	struct library library;
	struct diags diags;
	struct policy_text text;
	struct machine_filters filters;
	struct second_reading reading;
};

static bool subject_parse(struct subject *subject)
{
	const struct text *text = &subject->random->text;
	uint32_t file;

	subject->sources = (struct sources){.arena = &subject->arena};
	subject->library = (struct library){0};
	subject->diags = (struct diags){.arena = &subject->arena, .sources = &subject->sources};
	if (subject->random) {
		file = sources_add(&subject->sources, subject->name, text->bytes,
				   (uint32_t)text->length);
	} else if (sources_read(&subject->sources, subject->name, &file)) {
		fprintf(stderr, "%s cannot be read\n", subject->name);
		exit(1);
	}
	subject->text = (struct policy_text){
		.ast = policy_parse(&subject->arena, &subject->sources, file, &subject->diags),
		.sources = &subject->sources,
		.library = &subject->library,
	};
	if (subject->random) {
		subject->text.definitions = subject->random->definitions;
		subject->text.definition_count = subject->random->definition_count;
	}
	return !subject->diags.errors;
}

/* False where the policy does not compile, or has values that are open until it is loaded. */
static bool subject_compile(struct subject *subject, bool plain)
{
	struct resolve_options resolve = {
		.abis = subject->abis,
		.definitions = subject->text.definitions,
		.definition_count = subject->text.definition_count,
	};
	struct compile_options compile = {.text = &subject->text, .plain = plain};
	struct verdict verdict = {.diags = &subject->diags};
	const struct policy_rules *rules =
		policy_resolve(&subject->arena, &subject->sources, &subject->library,
			       subject->text.ast, &resolve, &subject->diags);

	if (subject->diags.errors || rules->loads.count)
		return false;
	verdict.all = policy_rules_abis(rules);
	return policy_compile_machines(&subject->arena, rules, &subject->sources, &compile,
				       &subject->diags, &subject->filters, NULL) &&
	       findings_read(&subject->arena, &subject->text, verdict.all, &subject->reading,
			     &verdict);
}

/* Takes out of a random policy what is wrong with it, so that some of it compiles. */
static bool subject_repair(struct subject *subject, struct random_policy *policy)
{
	bool dropped = false;

	for (size_t i = 0; i < subject->diags.list.count; i++) {
		const struct diag *diag = subject->diags.list.items[i];

		if (diag->severity == DIAG_ERROR && diag->span.file == 1)
			dropped |= random_policy_drop(policy, diag->span.begin);
	}
	return dropped;
}

/* -- One mutant ------------------------------------------------------------------------------- */

static void disagree(const struct subject *subject, enum mutation mutation, const char *what,
		     const uint32_t words[WORD_COUNT])
{
	disagreements++;
	fprintf(stderr, "%s, %s: %s:", subject->name, mutation_name(mutation), what);
	for (int i = 0; i < WORD_COUNT; i++)
		fprintf(stderr, " %08" PRIx32, words[i]);
	fprintf(stderr, "\n");
	if (subject->random && disagreements == 1)
		fputs(subject->random->text.bytes, stderr);
}

static bool same_answer(const struct subject *subject, enum mutation mutation,
			const struct filter *filter, const struct filter *mutant,
			const uint32_t words[WORD_COUNT])
{
	calls++;
	if (filter_simulate(filter, words).action == filter_simulate(mutant, words).action)
		return true;
	disagree(subject, mutation, "said to be equal, and this call tells them apart", words);
	return false;
}

/* Every number up to 1100 of each ABI with some arguments, and those of the policy with many. */
static void check_equal(struct subject *subject, struct dice *dice, enum mutation mutation,
			const struct filter *filter, const struct filter *mutant)
{
	struct random_calls draw = {
		.dice = dice, .diagrams = subject->reading.diagrams, .filter = mutant};
	uint32_t words[WORD_COUNT];

	for (size_t i = 0; i < subject->reading.meaning.abis.count; i++) {
		const struct abi_meaning *abi = &subject->reading.meaning.abis.items[i];

		if (!(filter->abis & ABI_BIT(abi->reading->abi->id)))
			continue;
		for (uint32_t j = 0; j < 1100 * 3; j++) {
			random_call_any(&draw, abi, words);
			if (j % 3)
				words[WORD_ARCH] = abi->reading->abi->audit_arch;
			words[WORD_NR] = abi->reading->abi->number_base + j / 3;
			if (!same_answer(subject, mutation, filter, mutant, words))
				return;
		}
		for (size_t j = 0; j < abi->calls.count * 16; j++) {
			draw.filter = j % 2 ? mutant : filter;
			random_call_of(&draw, abi, &abi->calls.items[j / 16], words);
			if (!same_answer(subject, mutation, filter, mutant, words))
				return;
		}
	}
}

static void check_different(const struct subject *subject, enum mutation mutation,
			    const struct filter *filter, const struct filter *mutant,
			    const struct proof *proof)
{
	struct filter_run run = filter_simulate(mutant, proof->words);

	calls++;
	if (proof->expected == proof->answer || run.action != proof->answer ||
	    run.last != proof->instruction ||
	    filter_simulate(filter, proof->words).action != proof->expected)
		disagree(subject, mutation, "said to differ, and not on this call", proof->words);
}

static void try_mutant(struct subject *subject, struct dice *dice, const struct filter *filter,
		       struct filter *mutant)
{
	enum mutation mutation = (enum mutation)dice_below(dice, MUTATION_COUNT);
	struct mutant_counts *count = &counts[mutation];
	unsigned int tries = 0;
	struct proof proof;
	const char *why;
	uint32_t at;

	/* Not every instruction is of its kind. */
	while (!mutation_apply(dice, filter, mutation, mutant))
		if (++tries == TRIES_MAX)
			return;
	count->made++;
	if (filter_check(mutant, &at, &why)) {
		count->refused++;
		return;
	}
	proof = prove_filter(&subject->arena, subject->reading.diagrams, &subject->reading.meaning,
			     mutant);
	switch (proof.result) {
	case PROOF_DIFFERENT:
		count->killed++;
		check_different(subject, mutation, filter, mutant, &proof);
		break;
	case PROOF_EQUAL:
		count->equal++;
		check_equal(subject, dice, mutation, filter, mutant);
		break;
	case PROOF_REFUSED:
		count->unread++;
	}
}

/* -- Many ------------------------------------------------------------------------------------- */

static void try_filter(struct subject *subject, struct dice *dice, const struct filter *filter,
		       unsigned int count)
{
	struct filter mutant = *filter;

	mutant.instructions =
		arena_alloc_array(&subject->arena, filter->count + 1, sizeof(*mutant.instructions));
	mutant.spans = NULL;
	for (unsigned int i = 0; i < count; i++)
		try_mutant(subject, dice, filter, &mutant);
	filters++;
}

/* COUNT mutants of each filter, half of them of those that are plain. False: it does not compile. */
static bool try_subject(struct subject *subject, struct dice *dice, unsigned int count,
			struct random_policy *repaired)
{
	bool good = true;

	for (unsigned int done = 0; good && done < count; done += BATCH) {
		if (arena_init(&subject->arena))
			abort();
		good = subject_parse(subject) && subject_compile(subject, done / BATCH % 2);
		for (size_t i = 0; good && i < subject->filters.items.count; i++)
			try_filter(subject, dice, subject->filters.items.items[i].filter, BATCH);
		if (!good && repaired && subject_repair(subject, repaired)) {
			good = true;
			done -= BATCH;
		}
		arena_release(&subject->arena);
	}
	return good;
}

static void try_example(const char *name, struct dice *dice, unsigned int factor)
{
	const char *top = getenv("top_srcdir");
	abi_set left = ABI_ALL;
	unsigned int machines = 0;
	char path[4096];

	snprintf(path, sizeof(path), "%s/examples/%s", top ? top : ".", name);
	while (left) {
		struct subject subject = {.name = path, .abis = abi_machine(abi_first(left))};

		left &= ~subject.abis;
		machines += try_subject(&subject, dice, EXAMPLE_MUTANTS * factor, NULL);
	}
	printf("%s: %u machines\n", name, machines);
	if (!machines)
		exit(1);
}

static void try_random(uint64_t seed, unsigned int count)
{
	struct dice dice = dice_of_seed(seed);
	struct random_policy policy;
	struct subject subject = {.name = "a random policy", .random = &policy};
	struct arena arena;

	if (arena_init(&arena))
		abort();
	random_policy_make(&arena, &dice, &policy);
	try_subject(&subject, &dice, count, &policy);
	text_release(&policy.text);
	arena_release(&arena);
}

static void report(void)
{
	struct mutant_counts sum = {0};

	for (int i = 0; i < MUTATION_COUNT; i++) {
		const struct mutant_counts *count = &counts[i];

		printf("%-12s %6" PRIu64 " killed, %5" PRIu64 " equivalent, %5" PRIu64
		       " unread, %5" PRIu64 " refused by seccomp\n",
		       mutation_name((enum mutation)i), count->killed, count->equal, count->unread,
		       count->refused);
		sum.made += count->made;
		sum.refused += count->refused;
		sum.killed += count->killed;
		sum.equal += count->equal;
		sum.unread += count->unread;
	}
	printf("%" PRIu64 " mutants of %" PRIu64 " filters that seccomp would take: %" PRIu64
	       " killed, %" PRIu64 " equivalent, %" PRIu64 " unread; %" PRIu64 " calls, %" PRIu64
	       " disagreements\n",
	       sum.made - sum.refused, filters, sum.killed, sum.equal, sum.unread, calls,
	       disagreements);
	/* A test that hardly changes anything, or whose prover gives up, would show nothing. */
	if (disagreements || sum.killed < 2 * sum.equal || sum.unread * 100 > sum.killed)
		exit(1);
}

int main(int argc, char **argv)
{
	unsigned int factor = argc > 1 ? (unsigned int)strtoul(argv[1], NULL, 0) : 1;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
	struct dice dice = dice_of_seed(seed);

	try_example("docker.pale", &dice, factor);
	try_example("webserver.pale", &dice, factor);
	try_example("worker.pale", &dice, factor);
	for (uint64_t i = 0; i < (uint64_t)RANDOM_POLICIES * factor; i++)
		try_random(seed + i, RANDOM_MUTANTS);
	report();
	return 0;
}
