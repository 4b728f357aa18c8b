/* SPDX-License-Identifier: Apache-2.0 */
/* For tests: a policy, read into diagrams, and what it answers. */
#ifndef PALE_TESTS_READ_TEXT_H
#define PALE_TESTS_READ_TEXT_H

#include "compiler/prove/reading.h"

struct read_text {
	struct arena arena;
	struct sources sources;
	struct library library;
	struct diags diags;
	const struct policy_ast *ast;
	struct diagrams diagrams;
	struct policy_reading reading;
	struct read_problem problem;
	bool good; /* policy_read()'s answer */
};

static inline void read_text_init(struct read_text *read, const struct read_options *options,
				  const char *text)
{
	uint32_t file, length = 0;

	*read = (struct read_text){0};
	if (arena_init(&read->arena))
		return;
	while (text[length])
		length++;
	read->sources.arena = &read->arena;
	read->diags.arena = &read->arena;
	read->diags.sources = &read->sources;
	diagrams_init(&read->diagrams, &read->arena);
	file = sources_add(&read->sources, "test.pale", text, length);
	read->ast = policy_parse(&read->arena, &read->sources, file, &read->diags);
	read->good = policy_read(&read->arena, &read->diagrams, &read->sources, &read->library,
				 read->ast, options, &read->reading, &read->problem);
}

static inline void read_text_release(struct read_text *read)
{
	arena_release(&read->arena);
}

/* What ABI's reading says of a call that came in by it. */
static inline uint32_t reading_answer(const struct diagrams *diagrams,
				      const struct abi_reading *reading, const uint32_t words[16])
{
	for (size_t i = 0; i < reading->rules.count; i++) {
		const struct read_rule *rule = &reading->rules.items[i];

		if (rule->number == words[WORD_NR] &&
		    diagram_evaluate(diagrams, rule->condition, words, NULL))
			return rule->action;
	}
	return words[WORD_NR] <= reading->highest ? reading->unmatched : reading->unknown;
}

#endif
