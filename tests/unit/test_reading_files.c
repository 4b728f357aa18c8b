/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Both readings of a policy agree: for each policy in the tree that compiles, and each ABI, the filter
 * answers as policy_read() says, on calls that go every way through the diagrams and on the values
 * that the filter asks for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "compiler/compile.h"
#include "compiler/prove/reading.h"
#include "compiler/resolve/resolve.h"

#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How many calls are made of one number: as many ways through its diagram, half of them edges. */
enum {
	WALKS = 24
};

struct comparison {
	struct arena arena;
	struct sources sources;
	struct library library;
	struct diags diags;
	struct policy_ast *ast;
	struct definition definitions[4];
	struct read_definition read_definitions[4];
	size_t definition_count;
	struct diagrams diagrams;
	struct policy_reading reading;
	const struct filter *filter;
	const char *name;
};

static uint64_t random_state = 1;
static uint64_t compared; /* calls */
static unsigned int policies;
static unsigned int failures;

static uint32_t draw(void)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(random_state >> 32);
}

/* A word at random, 0, or a number that the filter compares with, or one beside it. */
static uint32_t draw_word(const struct filter *filter)
{
	uint32_t kind = draw() % 8;

	if (kind < 2)
		return kind ? draw() : 0;
	return filter->instructions[draw() % filter->count].k + (draw() % 4 ? 0 : draw() % 3 - 1);
}

/* What the reading says of all calls with one number. */
static diagram answers_of(struct diagrams *diagrams, const struct abi_reading *abi, uint32_t number)
{
	diagram result =
		diagram_leaf(diagrams, number <= abi->highest ? abi->unmatched : abi->unknown);

	for (size_t i = abi->rules.count; i-- > 0;) {
		const struct read_rule *rule = &abi->rules.items[i];

		if (rule->number == number)
			result = diagram_select(diagrams, rule->condition,
						diagram_leaf(diagrams, rule->action), result);
	}
	return result;
}

static void draw_call(const struct comparison *comparison, diagram answers, bool walk,
		      uint32_t words[16])
{
	const struct diagrams *diagrams = &comparison->diagrams;

	for (int i = 2; i < 16; i++)
		words[i] = draw_word(comparison->filter);
	while (walk && !diagram_is_leaf(diagrams, answers)) {
		variable_id variable = diagram_variable(diagrams, answers);
		diagram low = diagram_low(diagrams, answers);
		uint32_t bit = 1u << variable_bit(variable);
		/* Most ways are short ones, to what one bit decides: do not always take them. */
		bool high = diagram_is_leaf(diagrams, low) && draw() % 4 ? true : draw() & 1;

		words[variable_word(variable)] &= ~bit;
		if (high)
			words[variable_word(variable)] |= bit;
		answers = high ? diagram_high(diagrams, answers) : low;
	}
}

static void compare_number(struct comparison *comparison, const struct abi_reading *abi,
			   uint32_t number)
{
	diagram answers = answers_of(&comparison->diagrams, abi, number);
	int walks = diagram_is_leaf(&comparison->diagrams, answers) ? 2 : WALKS * 8;

	for (int i = 0; i < walks; i++) {
		uint32_t words[16] = {number, abi->abi->audit_arch};
		uint32_t read, made;

		draw_call(comparison, answers, i % 2, words);
		read = diagram_evaluate(&comparison->diagrams, answers, words, NULL);
		made = filter_simulate(comparison->filter, words).action;
		compared++;
		if (read == made)
			continue;
		failures++;
		print_error("%s on %s, call %" PRIu32 ": read as %08" PRIx32
			    ", compiled to %08" PRIx32 "\n",
			    comparison->name, abi->abi->name, number, read, made);
		for (int j = 4; j < 16; j += 2)
			print_error("	%08" PRIx32 " %08" PRIx32 "\n", words[j], words[j + 1]);
		return;
	}
}

static void compare_numbers(struct comparison *comparison, const struct abi_reading *abi)
{
	uint32_t base = abi->abi->number_base;
	uint32_t private = abi->abi->number_private;
	uint32_t words[16] = {base, ~abi->abi->audit_arch};

	for (uint32_t number = base; number < base + 600; number++)
		compare_number(comparison, abi, number);
	for (uint32_t number = private - 2; private && number < private + 16; number++)
		compare_number(comparison, abi, number);
	compare_number(comparison, abi, abi->abi->number_first);
	compare_number(comparison, abi, abi->abi->number_last);
	if (filter_simulate(comparison->filter, words).action != abi->foreign) {
		failures++;
		print_error("%s on %s: `foreign` differs\n", comparison->name, abi->abi->name);
	}
}

static void compare_abi(struct comparison *comparison, enum abi_id id)
{
	struct resolve_options options = {
		.abis = ABI_BIT(id),
		.definitions = comparison->definitions,
		.definition_count = comparison->definition_count,
	};
	struct read_options read_options = {
		.abis = ABI_BIT(id),
		.definitions = comparison->read_definitions,
		.definition_count = comparison->definition_count,
	};
	struct compile_options compile = {0};
	struct read_problem problem;
	const struct policy_rules *rules;
	unsigned int errors = comparison->diags.errors;

	comparison->filter = NULL;
	rules = policy_resolve(&comparison->arena, &comparison->sources, &comparison->library,
			       comparison->ast, &options, &comparison->diags);
	if (comparison->diags.errors == errors)
		comparison->filter = policy_compile(&comparison->arena, rules, &comparison->sources,
						    &compile, &comparison->diags, NULL);
	if (comparison->diags.errors > errors || !comparison->filter)
		return;
	/* What is known only at load cannot be simulated. */
	if (comparison->filter->load_count)
		return;
	diagrams_init(&comparison->diagrams, &comparison->arena);
	if (!policy_read(&comparison->arena, &comparison->diagrams, &comparison->sources,
			 &comparison->library, comparison->ast, &read_options, &comparison->reading,
			 &problem)) {
		failures++;
		print_error("%s on %s compiles, and is not read: %s (at %u)\n", comparison->name,
			    abi_get(id)->name, problem.text, problem.span.begin);
		return;
	}
	assert_false(comparison->diagrams.overflow);
	assert_int_equal(comparison->reading.abis.count, 1);
	compare_numbers(comparison, &comparison->reading.abis.items[0]);
	policies++;
}

/* The -D of a golden test's x.args. */
static void add_definitions(struct comparison *comparison, const char *path)
{
	char *args = arena_printf(&comparison->arena, "%.*s.args", (int)strlen(path) - 5, path);
	uint32_t file;
	char *text, *word;
	bool wanted = false;

	if (sources_read(&comparison->sources, args, &file))
		return;
	text = arena_printf(&comparison->arena, "%s",
			    sources_get(&comparison->sources, file)->text);
	for (word = strtok(text, " \n"); word; word = strtok(NULL, " \n")) {
		char *value = wanted ? strchr(word, '=') : NULL;
		size_t *count = &comparison->definition_count;

		wanted = strcmp(word, "-D") == 0;
		if (!value)
			continue;
		*value++ = 0;
		assert_true(*count < 4);
		comparison->definitions[*count] = (struct definition){word, value};
		comparison->read_definitions[(*count)++] = (struct read_definition){word, value};
	}
}

static int compare_file(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	struct comparison comparison = {.name = path};
	struct include_path folders = {0};
	size_t length = strlen(path);
	uint32_t file;

	(void)status;
	(void)place;
	if (kind != FTW_F || length < 5 || strcmp(path + length - 5, ".pale") != 0)
		return 0;
	assert_int_equal(arena_init(&comparison.arena), 0);
	comparison.sources.arena = comparison.diags.arena = &comparison.arena;
	comparison.diags.sources = &comparison.sources;
	assert_int_equal(sources_read(&comparison.sources, path, &file), 0);
	comparison.ast =
		policy_parse(&comparison.arena, &comparison.sources, file, &comparison.diags);
	policy_load_includes(&comparison.arena, &comparison.sources, comparison.ast, &folders,
			     &comparison.diags);
	add_definitions(&comparison, path);
	if (!comparison.diags.errors)
		for (enum abi_id id = 0; id < ABI_COUNT; id++)
			compare_abi(&comparison, id);
	arena_release(&comparison.arena);
	return 0;
}

static void test_files(void **state)
{
	static const char *const folders[] = {"tests/golden", "examples"};
	const char *top = getenv("top_srcdir");

	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		char path[4096];

		snprintf(path, sizeof(path), "%s/%s", top ? top : ".", folders[i]);
		assert_int_equal(nftw(path, compare_file, 16, FTW_PHYS), 0);
	}
	print_message("%u readings agree on %" PRIu64 " calls\n", policies, compared);
	assert_int_equal(failures, 0);
	assert_true(policies > 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
