/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/prove/meaning.h"

#include <assert.h>
#include <stdlib.h>

static int compare_keys(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return left < right ? -1 : left > right;
}

static uint32_t without_rules(const struct abi_reading *reading, uint32_t number)
{
	return number <= reading->highest ? reading->unmatched : reading->unknown;
}

/* From the last rule to the first: each stands before what came so far. */
static void call_decide(struct diagrams *diagrams, struct call_meaning *call)
{
	call->answer = diagram_leaf(diagrams, call->otherwise);
	for (uint32_t i = call->rule_count; i-- > 0;)
		call->answer = diagram_select(diagrams, call->rules[i]->condition,
					      diagram_leaf(diagrams, call->rules[i]->action),
					      call->answer);
}

static void abi_mean(struct arena *arena, struct diagrams *diagrams,
		     const struct abi_reading *reading, struct abi_meaning *abi)
{
	size_t count = reading->rules.count;
	uint64_t *keys = arena_alloc_array(arena, count + 1, sizeof(*keys));
	const struct read_rule **ordered = arena_alloc_array(arena, count + 1, sizeof(*ordered));

	abi->reading = reading;
	for (size_t i = 0; i < count; i++)
		keys[i] = (uint64_t)reading->rules.items[i].number << 32 | i;
	qsort(keys, count, sizeof(*keys), compare_keys);
	for (size_t i = 0; i < count && !diagrams->overflow;) {
		struct call_meaning *call = VEC_PUSH(arena, &abi->calls);

		call->number = (uint32_t)(keys[i] >> 32);
		call->rules = &ordered[i];
		call->otherwise = without_rules(reading, call->number);
		for (; i < count && keys[i] >> 32 == call->number; i++, call->rule_count++)
			ordered[i] = &reading->rules.items[(uint32_t)keys[i]];
		call_decide(diagrams, call);
	}
}

void meaning_of(struct arena *arena, struct diagrams *diagrams,
		const struct policy_reading *reading, struct policy_meaning *meaning)
{
	*meaning = (struct policy_meaning){0};
	for (size_t i = 0; i < reading->abis.count; i++)
		abi_mean(arena, diagrams, &reading->abis.items[i], VEC_PUSH(arena, &meaning->abis));
}

const struct call_meaning *meaning_find(const struct abi_meaning *abi, uint32_t number)
{
	size_t low = 0, high = abi->calls.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (abi->calls.items[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == abi->calls.count || abi->calls.items[low].number != number)
		return NULL;
	return &abi->calls.items[low];
}

diagram meaning_of_number(struct diagrams *diagrams, const struct abi_meaning *abi, uint32_t number)
{
	const struct call_meaning *call = meaning_find(abi, number);

	return call ? call->answer : diagram_leaf(diagrams, without_rules(abi->reading, number));
}

/* A function of one word, piece by piece: PIECES begin at 0, go up, and end where the next begins. */
struct piece {
	uint32_t first;
	diagram answer;
};
struct pieces {
	VEC(struct piece) items;
};

/* The pieces [I, J] below the BIT highest bits, which are PREFIX. */
static diagram pieces_join(struct diagrams *diagrams, const struct pieces *pieces,
			   unsigned int word, size_t i, size_t j, unsigned int bit, uint64_t prefix)
{
	uint64_t half;
	size_t middle = i;
	diagram low, high;

	if (i == j)
		return pieces->items.items[i].answer;
	assert(bit > 0);
	half = prefix + ((uint64_t)1 << (bit - 1));
	while (middle < j && pieces->items.items[middle + 1].first < half)
		middle++;
	low = pieces_join(diagrams, pieces, word, i, middle, bit - 1, prefix);
	if (middle < j && pieces->items.items[middle + 1].first == half)
		middle++;
	high = pieces_join(diagrams, pieces, word, middle, j, bit - 1, half);
	return diagram_select(diagrams, diagram_of_bit(diagrams, variable_of_bit(word, bit - 1)),
			      high, low);
}

static void pieces_add(struct arena *arena, struct pieces *pieces, uint32_t first, diagram answer)
{
	size_t count = pieces->items.count;

	assert(count ? first > pieces->items.items[count - 1].first : first == 0);
	if (count && pieces->items.items[count - 1].answer == answer)
		return;
	*VEC_PUSH(arena, &pieces->items) = (struct piece){first, answer};
}

/* Each number that ABI owns. */
static void pieces_add_abi(struct arena *arena, struct diagrams *diagrams, struct pieces *pieces,
			   const struct abi_meaning *abi)
{
	const struct abi_reading *reading = abi->reading;
	uint64_t next = reading->abi->number_first, last = reading->abi->number_last;
	diagram unmatched = diagram_leaf(diagrams, reading->unmatched);
	diagram unknown = diagram_leaf(diagrams, reading->unknown);

	for (size_t i = 0; i <= abi->calls.count; i++) {
		uint64_t number = i < abi->calls.count ? abi->calls.items[i].number : last + 1;

		if (next < number && next <= reading->highest)
			pieces_add(arena, pieces, (uint32_t)next, unmatched);
		if (next <= reading->highest)
			next = reading->highest + (uint64_t)1;
		if (next < number)
			pieces_add(arena, pieces, (uint32_t)next, unknown);
		if (i < abi->calls.count)
			pieces_add(arena, pieces, (uint32_t)number, abi->calls.items[i].answer);
		next = number + 1;
	}
}

/* The ABI of ABIS with AUDIT_ARCH whose numbers begin next, from NEXT on; NULL for none. */
static const struct abi_meaning *next_abi(const struct policy_meaning *meaning, abi_set abis,
					  uint32_t audit_arch, uint64_t next)
{
	const struct abi_meaning *best = NULL;

	for (size_t i = 0; i < meaning->abis.count; i++) {
		const struct abi_meaning *abi = &meaning->abis.items[i];
		const struct abi *target = abi->reading->abi;

		if (!(abis & ABI_BIT(target->id)) || target->audit_arch != audit_arch ||
		    target->number_first < next)
			continue;
		if (!best || target->number_first < best->reading->abi->number_first)
			best = abi;
	}
	return best;
}

static diagram meaning_of_arch(struct arena *arena, struct diagrams *diagrams,
			       const struct policy_meaning *meaning, abi_set abis,
			       uint32_t audit_arch, diagram foreign)
{
	struct pieces pieces = {0};
	const struct abi_meaning *abi;
	uint64_t next = 0;

	while ((abi = next_abi(meaning, abis, audit_arch, next))) {
		const struct abi *target = abi->reading->abi;

		if (target->number_first > next)
			pieces_add(arena, &pieces, (uint32_t)next, foreign);
		pieces_add_abi(arena, diagrams, &pieces, abi);
		next = target->number_last + (uint64_t)1;
	}
	if (next <= UINT32_MAX)
		pieces_add(arena, &pieces, (uint32_t)next, foreign);
	return pieces_join(diagrams, &pieces, WORD_NR, 0, pieces.items.count - 1, 32, 0);
}

static const struct abi_meaning *first_abi(const struct policy_meaning *meaning, abi_set abis)
{
	for (size_t i = 0; i < meaning->abis.count; i++)
		if (abis & ABI_BIT(meaning->abis.items[i].reading->abi->id))
			return &meaning->abis.items[i];
	return NULL;
}

diagram meaning_of_machine(struct arena *arena, struct diagrams *diagrams,
			   const struct policy_meaning *meaning, abi_set abis)
{
	const struct abi_meaning *first = first_abi(meaning, abis);
	diagram foreign, answer;

	assert(first);
	foreign = answer = diagram_leaf(diagrams, first->reading->foreign);
	for (size_t i = 0; i < meaning->abis.count; i++) {
		const struct abi *abi = meaning->abis.items[i].reading->abi;
		struct field arch = field_of_word(WORD_ARCH, 32);

		if (!(abis & ABI_BIT(abi->id)))
			continue;
		/* For two ABIs with one AUDIT_ARCH this is done twice, to the same end. */
		answer = diagram_select(
			diagrams, diagram_range(diagrams, &arch, abi->audit_arch, abi->audit_arch),
			meaning_of_arch(arena, diagrams, meaning, abis, abi->audit_arch, foreign),
			answer);
	}
	return answer;
}

struct span meaning_place(const struct diagrams *diagrams, const struct policy_meaning *meaning,
			  abi_set abis, const uint32_t words[WORD_COUNT],
			  const uint8_t atoms[ATOMS_MAX])
{
	const struct abi_meaning *abi = first_abi(meaning, abis);
	struct span foreign = abi ? abi->reading->foreign_span : (struct span){0};
	const struct abi *target = abi_identify(words[WORD_ARCH], words[WORD_NR]);
	const struct call_meaning *call;

	abi = target && abis & ABI_BIT(target->id) ? first_abi(meaning, ABI_BIT(target->id)) : NULL;
	if (!abi)
		return foreign;
	call = meaning_find(abi, words[WORD_NR]);
	for (uint32_t i = 0; call && i < call->rule_count; i++)
		if (diagram_evaluate(diagrams, call->rules[i]->condition, words, atoms))
			return call->rules[i]->span;
	return words[WORD_NR] <= abi->reading->highest ? abi->reading->unmatched_span
						       : abi->reading->unknown_span;
}
