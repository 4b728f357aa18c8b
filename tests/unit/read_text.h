/* SPDX-License-Identifier: Apache-2.0 */
/* For tests: a policy, read into diagrams, and what it answers. */
#ifndef PALE_TESTS_READ_TEXT_H
#define PALE_TESTS_READ_TEXT_H

#include "compiler/prove/reading.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/*
 * The words that a filter sees of CALL on ABI: its name or number, then registers as a program gives
 * them.
 */
static inline void words_of(const struct abi *abi, const char *call, uint32_t words[16])
{
	char name[64];
	char *end;
	size_t length = strcspn(call, " ");

	snprintf(name, sizeof(name), "%.*s", (int)length, call);
	memset(words, 0, 16 * sizeof(*words));
	words[WORD_ARCH] = abi->audit_arch;
	words[WORD_NR] = (uint32_t)strtoul(name, &end, 0);
	if (*end) {
		int64_t number = call_number(call_find(name), abi->id);

		if (number < 0)
			abort();
		words[WORD_NR] = (uint32_t)number;
	}
	for (unsigned int i = 0; call[length]; i++) {
		uint64_t value = strtoull(call + length, &end, 0);

		words[abi_word_low(abi, i) / 4] = (uint32_t)value;
		words[abi_word_high(abi, i) / 4] = (uint32_t)(value >> 32);
		length = (size_t)(end - call);
	}
}

#endif
