/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/graph/witness.h"

#include <assert.h>
#include <string.h>

/* More masks on one word than a policy of people's has; beyond it a way counts as undecided. */
enum {
	CONSTRAINTS_MAX = 8,
	WAY_MAX = 64
};

/* Takes COST from what is left; false where that is less, and then nothing is left. */
static bool spend(uint64_t *budget, uint64_t cost)
{
	*budget = *budget > cost ? *budget - cost : 0;
	return *budget > 0;
}

/* Which constraints still run along their lower and their upper bound, a bit each. */
struct solver {
	const struct word_constraint *constraints;
	unsigned int count;
	uint64_t *budget;
	uint8_t failed[32][1 << CONSTRAINTS_MAX][(1 << CONSTRAINTS_MAX) / 8];
};

/* One bit more of one constraint: false where the bit leaves the interval. */
static bool solver_step(const struct word_constraint *constraint, int position, unsigned int bit,
			unsigned int self, unsigned int *low, unsigned int *high)
{
	unsigned int masked = constraint->mask >> position & 1 ? bit : 0;
	unsigned int first = constraint->interval.first >> position & 1;
	unsigned int last = constraint->interval.last >> position & 1;

	if (*low & self && masked < first)
		return false;
	if (*high & self && masked > last)
		return false;
	if (masked > first)
		*low &= ~self;
	if (masked < last)
		*high &= ~self;
	return true;
}

static bool solver_descend(struct solver *solver, int position, unsigned int low, unsigned int high,
			   uint32_t *value)
{
	uint8_t *failed;

	if (position < 0)
		return true;
	failed = &solver->failed[position][low][high / 8];
	if (*failed >> high % 8 & 1 || !spend(solver->budget, 1))
		return false;
	for (unsigned int bit = 0; bit <= 1; bit++) {
		unsigned int next_low = low, next_high = high, i;

		for (i = 0; i < solver->count; i++)
			if (!solver_step(&solver->constraints[i], position, bit, 1u << i, &next_low,
					 &next_high))
				break;
		if (i < solver->count)
			continue;
		if (bit)
			*value |= 1u << position;
		else
			*value &= ~(1u << position);
		if (solver_descend(solver, position - 1, next_low, next_high, value))
			return true;
	}
	*failed |= (uint8_t)(1u << high % 8);
	return false;
}

/*
 * Finds a value that satisfies all COUNT constraints, the smallest; false where none does, or where
 * nothing is left of *BUDGET.
 */
static bool word_solve(const struct word_constraint *constraints, unsigned int count,
		       uint64_t *budget, uint32_t *value)
{
	struct solver solver;
	unsigned int all = (1u << count) - 1;

	assert(count > 0 && count <= CONSTRAINTS_MAX);
	*value = 0;
	if (!spend(budget, all + 1))
		return false;
	solver.constraints = constraints;
	solver.count = count;
	solver.budget = budget;
	for (int position = 0; position < 32; position++)
		memset(solver.failed[position], 0, (size_t)(all + 1) * sizeof(solver.failed[0][0]));
	return solver_descend(&solver, 31, all, all, value);
}

struct way_step {
	uint32_t word;
	struct word_constraint constraint;
};

struct search {
	const struct graph *graph;
	seccomp_action unwanted;
	struct way_step way[WAY_MAX];
	unsigned int length;
	bool undecided;
	uint64_t *budget;
	uint32_t *words;
};

/* The constraints on one word; those that fix bits are one in KNOWN, as flags make many of them. */
struct gathered {
	struct word_constraint list[CONSTRAINTS_MAX];
	unsigned int count;
	uint32_t known_mask;
	uint32_t known;
};

enum gather_result {
	GATHER_GOOD,
	GATHER_NEVER, /* it contradicts what is known */
	GATHER_FULL,
};

static enum gather_result gather(struct gathered *gathered,
				 const struct word_constraint *constraint)
{
	uint32_t first = constraint->interval.first, next = first + 1;
	bool alone = first == constraint->interval.last ||
		     !masked_value_round_up(&next, constraint->mask) ||
		     next > constraint->interval.last;

	if (!alone) {
		/* One place is for what is known. */
		if (gathered->count == CONSTRAINTS_MAX - 1)
			return GATHER_FULL;
		gathered->list[gathered->count++] = *constraint;
		return GATHER_GOOD;
	}
	if ((gathered->known ^ first) & gathered->known_mask & constraint->mask)
		return GATHER_NEVER;
	gathered->known_mask |= constraint->mask;
	gathered->known |= first;
	return GATHER_GOOD;
}

/* Whether one value satisfies all steps on the word of step FIRST, from there on. */
static bool search_solve_word(struct search *search, unsigned int first, uint32_t *value)
{
	struct gathered gathered = {.count = 0};

	for (unsigned int i = first; i < search->length; i++) {
		enum gather_result result;

		if (search->way[i].word != search->way[first].word)
			continue;
		result = gather(&gathered, &search->way[i].constraint);
		search->undecided |= result == GATHER_FULL;
		if (result != GATHER_GOOD)
			return false;
	}
	if (gathered.known_mask)
		gathered.list[gathered.count++] = (struct word_constraint){
			gathered.known_mask, {gathered.known, gathered.known}};
	return word_solve(gathered.list, gathered.count, search->budget, value);
}

/* Whether one call satisfies every step of the way; its words are then stored. */
static bool search_solve(struct search *search)
{
	uint32_t solved[16];
	uint32_t done = 0;

	memcpy(solved, search->words, sizeof(solved));
	for (unsigned int i = 0; i < search->length; i++) {
		uint32_t word = search->way[i].word;

		if (done >> word / 4 & 1)
			continue;
		done |= 1u << word / 4;
		if (!search_solve_word(search, i, &solved[word / 4]))
			return false;
	}
	memcpy(search->words, solved, sizeof(solved));
	return true;
}

static bool search_descend(struct search *search, node_id id)
{
	const struct node *node = graph_node(search->graph, id);
	struct way_step *step;

	if (!spend(search->budget, 1))
		return false;
	if (!node->branch_count)
		return node->action != search->unwanted && search_solve(search);
	if (search->length == WAY_MAX) {
		search->undecided = true;
		return false;
	}
	step = &search->way[search->length++];
	step->word = node->word;
	step->constraint.mask = node->mask;
	for (uint32_t i = 0; i < node->branch_count; i++) {
		step->constraint.interval.first = node->branches[i].first;
		step->constraint.interval.last = node_branch_last(node, i);
		if (search_descend(search, node->branches[i].child))
			return true;
		if (!*search->budget)
			break;
	}
	search->length--;
	return false;
}

enum witness_result graph_witness(const struct graph *graph, node_id root, seccomp_action unwanted,
				  uint32_t words[16], uint64_t *budget)
{
	struct search search = {
		.graph = graph,
		.unwanted = unwanted,
		.budget = budget,
		.words = words,
	};

	if (search_descend(&search, root))
		return WITNESS_FOUND;
	return search.undecided || !*budget ? WITNESS_UNKNOWN : WITNESS_NONE;
}
