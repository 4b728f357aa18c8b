/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/backend/equal.h"

#include "compiler/prove/program.h"
#include "policy-lang/catalog/call.h"

struct filters_comparison filters_compare(struct arena *arena, const struct filter *left,
					  const struct filter *right)
{
	struct filters_comparison comparison = {.verdict = FILTERS_UNKNOWN};
	struct program_reading a, b;
	struct diagrams diagrams;
	diagram differs;

	diagrams_init(&diagrams, arena);
	if (!program_read(arena, &diagrams, left, &a)) {
		comparison.refusal = a.refusal;
		return comparison;
	}
	if (!program_read(arena, &diagrams, right, &b)) {
		comparison.refusal = b.refusal;
		return comparison;
	}
	differs = diagram_difference(&diagrams, a.answer, b.answer);
	if (diagrams.overflow) {
		comparison.refusal = "their conditions are too involved";
		return comparison;
	}
	if (!diagram_witness(&diagrams, differs, comparison.words, NULL)) {
		comparison.verdict = FILTERS_EQUAL;
		return comparison;
	}
	comparison.verdict = FILTERS_DIFFER;
	comparison.left = diagram_evaluate(&diagrams, a.answer, comparison.words, NULL);
	comparison.right = diagram_evaluate(&diagrams, b.answer, comparison.words, NULL);
	return comparison;
}

void seccomp_data_print(const uint32_t words[WORD_COUNT], struct text *out)
{
	const struct abi *abi = abi_identify(words[WORD_ARCH], words[WORD_NR]);
	call_id call = abi ? call_by_number(abi->id, words[WORD_NR]) : CALL_NONE;
	unsigned int count = 0;

	if (call == CALL_NONE)
		text_printf(out, "number %#x(", words[WORD_NR]);
	else
		text_printf(out, "%s(", call_get(call)->name);
	for (unsigned int i = 0; abi && i < 6; i++)
		if (words[abi_word_low(abi, i) / 4] | words[abi_word_high(abi, i) / 4])
			count = i + 1;
	for (unsigned int i = 0; i < count; i++)
		text_printf(out, "%s0x%llx", i ? ", " : "",
			    (unsigned long long)words[abi_word_high(abi, i) / 4] << 32 |
				    words[abi_word_low(abi, i) / 4]);
	if (abi)
		text_printf(out, ") on %s", abi->name);
	else
		text_printf(out, ") of AUDIT_ARCH %#x", words[WORD_ARCH]);
}
