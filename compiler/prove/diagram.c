/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/prove/diagram.h"

#include <assert.h>
#include <string.h>

/* A leaf has VARIABLE_LEAF, and its value in LOW. */
struct diagram_node {
	uint32_t low;
	uint32_t high;
	uint32_t next; /* in its bucket */
	variable_id variable;
};
#define VARIABLE_LEAF ((variable_id)0xfffe)
#define CHAIN_END UINT32_MAX
#define CACHE_SIZE_MAX (1u << 20) /* entries */

struct diagram_cache {
	uint32_t set, yes, no, result;
};

/* Where each word stands in the order of variables, and back. */
static const uint8_t word_rank[WORD_COUNT] = {1, 0, 14, 15, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13};
static const uint8_t rank_word[WORD_COUNT] = {1, 0, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 2, 3};

variable_id variable_of_bit(unsigned int word, unsigned int bit)
{
	assert(word < WORD_COUNT && bit < 32);
	return (variable_id)(word_rank[word] * 32u + 31 - bit);
}

unsigned int variable_word(variable_id bit)
{
	assert(bit < VARIABLE_ATOMS);
	return rank_word[bit / 32];
}

unsigned int variable_bit(variable_id bit)
{
	return 31 - bit % 32;
}

static uint32_t hash_three(uint32_t a, uint32_t b, uint32_t c)
{
	uint64_t hash = a * 0x9e3779b97f4a7c15u + b * 0xc2b2ae3d27d4eb4fu + c * 0x165667b19e3779f9u;

	return (uint32_t)(hash >> 32 ^ hash >> 15);
}

static uint32_t node_slot(const struct diagrams *diagrams, variable_id variable, uint32_t low,
			  uint32_t high)
{
	return hash_three(low, high, variable) & (diagrams->bucket_count - 1);
}

static void diagrams_rehash(struct diagrams *diagrams, uint32_t bucket_count)
{
	diagrams->bucket_count = bucket_count;
	diagrams->buckets =
		arena_alloc_array(diagrams->arena, bucket_count, sizeof(*diagrams->buckets));
	memset(diagrams->buckets, 0xff, bucket_count * sizeof(*diagrams->buckets));
	for (uint32_t i = 0; i < diagrams->count; i++) {
		struct diagram_node *node = &diagrams->nodes[i];
		uint32_t slot = node_slot(diagrams, node->variable, node->low, node->high);

		node->next = diagrams->buckets[slot];
		diagrams->buckets[slot] = i;
	}
}

static diagram node_intern(struct diagrams *diagrams, variable_id variable, uint32_t low,
			   uint32_t high)
{
	uint32_t slot = node_slot(diagrams, variable, low, high);
	struct diagram_node *node;
	uint32_t id;

	for (id = diagrams->buckets[slot]; id != CHAIN_END; id = diagrams->nodes[id].next) {
		node = &diagrams->nodes[id];
		if (node->variable == variable && node->low == low && node->high == high)
			return id;
	}
	if (diagrams->count >= diagrams->nodes_max) {
		diagrams->overflow = true;
		return DIAGRAM_NONE;
	}
	if (diagrams->count >= diagrams->bucket_count) {
		diagrams_rehash(diagrams, diagrams->bucket_count * 4);
		slot = node_slot(diagrams, variable, low, high);
	}
	id = diagrams->count++;
	diagrams->nodes = arena_vec_grow(diagrams->arena, diagrams->nodes, id, &diagrams->capacity,
					 sizeof(*diagrams->nodes));
	diagrams->nodes[id] = (struct diagram_node){low, high, diagrams->buckets[slot], variable};
	diagrams->buckets[slot] = id;
	return id;
}

static diagram node_make(struct diagrams *diagrams, variable_id variable, diagram low, diagram high)
{
	return low == high ? low : node_intern(diagrams, variable, low, high);
}

void diagrams_init(struct diagrams *diagrams, struct arena *arena)
{
	*diagrams = (struct diagrams){
		.arena = arena,
		.nodes_max = DIAGRAM_NODES_MAX,
		.steps_max = DIAGRAM_STEPS_MAX,
	};
	diagrams_rehash(diagrams, 4096);
	diagram_leaf(diagrams, 0);
	diagram_leaf(diagrams, 1);
}

diagram diagram_leaf(struct diagrams *diagrams, uint32_t value)
{
	return node_intern(diagrams, VARIABLE_LEAF, value, 0);
}

bool diagram_is_leaf(const struct diagrams *diagrams, diagram id)
{
	return diagrams->nodes[id].variable == VARIABLE_LEAF;
}

uint32_t diagram_value(const struct diagrams *diagrams, diagram leaf)
{
	assert(diagram_is_leaf(diagrams, leaf));
	return diagrams->nodes[leaf].low;
}

variable_id diagram_variable(const struct diagrams *diagrams, diagram id)
{
	return diagrams->nodes[id].variable;
}

diagram diagram_low(const struct diagrams *diagrams, diagram id)
{
	assert(!diagram_is_leaf(diagrams, id));
	return diagrams->nodes[id].low;
}

diagram diagram_high(const struct diagrams *diagrams, diagram id)
{
	assert(!diagram_is_leaf(diagrams, id));
	return diagrams->nodes[id].high;
}

diagram diagram_of_bit(struct diagrams *diagrams, variable_id bit)
{
	return node_make(diagrams, bit, DIAGRAM_NONE, DIAGRAM_ALL);
}

diagram diagram_of_atom(struct diagrams *diagrams, struct diagram_atom atom)
{
	uint32_t id = 0;

	for (; id < diagrams->atom_count; id++) {
		const struct diagram_atom *known = &diagrams->atoms[id];

		if (known->word == atom.word && known->mask == atom.mask &&
		    known->high == atom.high && !strcmp(known->name, atom.name))
			break;
	}
	if (id == ATOMS_MAX) {
		diagrams->overflow = true;
		return DIAGRAM_NONE;
	}
	if (id == diagrams->atom_count) {
		diagrams->atoms =
			arena_vec_grow(diagrams->arena, diagrams->atoms, diagrams->atom_count++,
				       &diagrams->atom_capacity, sizeof(*diagrams->atoms));
		diagrams->atoms[id] = atom;
	}
	return diagram_of_bit(diagrams, (variable_id)(VARIABLE_ATOMS + id));
}

static uint32_t cache_slot(const struct diagrams *diagrams, diagram set, diagram yes, diagram no)
{
	return hash_three(set, yes, no) & (diagrams->cache_size - 1);
}

/* The cache only saves work: what falls out of it is found again. It grows with the nodes. */
static void cache_grow(struct diagrams *diagrams)
{
	uint32_t old_size = diagrams->cache_size;
	struct diagram_cache *old = diagrams->cache;

	diagrams->cache_size = old_size ? old_size * 4 : 4096;
	diagrams->cache =
		arena_alloc_array(diagrams->arena, diagrams->cache_size, sizeof(*diagrams->cache));
	memset(diagrams->cache, 0xff, diagrams->cache_size * sizeof(*diagrams->cache));
	for (uint32_t i = 0; i < old_size; i++)
		if (old[i].set != UINT32_MAX)
			diagrams->cache[cache_slot(diagrams, old[i].set, old[i].yes, old[i].no)] =
				old[i];
}

/* Both functions of what stand in the cache beside selections: no id of a node is so large. */
#define CACHE_DIFFERENCE UINT32_MAX
#define CACHE_WHERE (UINT32_MAX - 1)
#define CACHE_GIVEN (UINT32_MAX - 3) /* and the one above it */

/* Whether work may go on; counts a step. */
static bool step(struct diagrams *diagrams)
{
	if (diagrams->overflow || ++diagrams->steps > diagrams->steps_max) {
		diagrams->overflow = true;
		return false;
	}
	if (diagrams->cache_size < diagrams->count && diagrams->cache_size < CACHE_SIZE_MAX)
		cache_grow(diagrams);
	return true;
}

static bool recall(const struct diagrams *diagrams, diagram set, diagram yes, diagram no,
		   diagram *result)
{
	const struct diagram_cache *entry = &diagrams->cache[cache_slot(diagrams, set, yes, no)];

	*result = entry->result;
	return entry->set == set && entry->yes == yes && entry->no == no;
}

static diagram remember(struct diagrams *diagrams, diagram set, diagram yes, diagram no,
			diagram result)
{
	diagrams->cache[cache_slot(diagrams, set, yes, no)] =
		(struct diagram_cache){set, yes, no, result};
	return result;
}

/* The part of ID where the variable has VALUE, for a variable that ID does not ask behind another. */
static diagram node_part(const struct diagrams *diagrams, diagram id, variable_id variable,
			 bool value)
{
	const struct diagram_node *node = &diagrams->nodes[id];

	if (node->variable != variable)
		return id;
	return value ? node->high : node->low;
}

static diagram select_nodes(struct diagrams *diagrams, diagram set, diagram yes, diagram no)
{
	variable_id top = diagrams->nodes[set].variable;
	variable_id others[] = {diagrams->nodes[yes].variable, diagrams->nodes[no].variable};
	diagram low, high;

	for (unsigned int i = 0; i < 2; i++)
		if (others[i] < top)
			top = others[i];
	low = diagram_select(diagrams, node_part(diagrams, set, top, false),
			     node_part(diagrams, yes, top, false),
			     node_part(diagrams, no, top, false));
	high = diagram_select(diagrams, node_part(diagrams, set, top, true),
			      node_part(diagrams, yes, top, true),
			      node_part(diagrams, no, top, true));
	return node_make(diagrams, top, low, high);
}

/* Recursion goes as deep as there are variables. */
diagram diagram_select(struct diagrams *diagrams, diagram set, diagram yes, diagram no)
{
	diagram result;

	if (set == DIAGRAM_ALL || yes == no)
		return yes;
	if (set == DIAGRAM_NONE)
		return no;
	if (yes == DIAGRAM_ALL && no == DIAGRAM_NONE)
		return set;
	if (!step(diagrams))
		return DIAGRAM_NONE;
	if (recall(diagrams, set, yes, no, &result))
		return result;
	return remember(diagrams, set, yes, no, select_nodes(diagrams, set, yes, no));
}

diagram diagram_and(struct diagrams *diagrams, diagram a, diagram b)
{
	return diagram_select(diagrams, a, b, DIAGRAM_NONE);
}

diagram diagram_or(struct diagrams *diagrams, diagram a, diagram b)
{
	return diagram_select(diagrams, a, DIAGRAM_ALL, b);
}

diagram diagram_not(struct diagrams *diagrams, diagram set)
{
	return diagram_select(diagrams, set, DIAGRAM_NONE, DIAGRAM_ALL);
}

diagram diagram_without(struct diagrams *diagrams, diagram a, diagram b)
{
	return diagram_select(diagrams, b, DIAGRAM_NONE, a);
}

diagram diagram_difference(struct diagrams *diagrams, diagram a, diagram b)
{
	diagram result, low, high;
	variable_id top;

	if (a == b)
		return DIAGRAM_NONE;
	if (diagram_is_leaf(diagrams, a) && diagram_is_leaf(diagrams, b))
		return DIAGRAM_ALL;
	if (!step(diagrams))
		return DIAGRAM_NONE;
	if (recall(diagrams, a, b, CACHE_DIFFERENCE, &result))
		return result;
	top = diagrams->nodes[a].variable;
	if (diagrams->nodes[b].variable < top)
		top = diagrams->nodes[b].variable;
	low = diagram_difference(diagrams, node_part(diagrams, a, top, false),
				 node_part(diagrams, b, top, false));
	high = diagram_difference(diagrams, node_part(diagrams, a, top, true),
				  node_part(diagrams, b, top, true));
	return remember(diagrams, a, b, CACHE_DIFFERENCE, node_make(diagrams, top, low, high));
}

diagram diagram_given(struct diagrams *diagrams, diagram function, variable_id variable, bool value)
{
	variable_id top = diagrams->nodes[function].variable;
	uint32_t kind = CACHE_GIVEN + value;
	diagram result, low, high;

	if (top == variable)
		return value ? diagrams->nodes[function].high : diagrams->nodes[function].low;
	/* A leaf comes behind all variables. */
	if (top > variable)
		return function;
	if (!step(diagrams))
		return DIAGRAM_NONE;
	if (recall(diagrams, function, variable, kind, &result))
		return result;
	low = diagram_given(diagrams, diagrams->nodes[function].low, variable, value);
	high = diagram_given(diagrams, diagrams->nodes[function].high, variable, value);
	return remember(diagrams, function, variable, kind,
			node_make(diagrams, diagrams->nodes[function].variable, low, high));
}

diagram diagram_where(struct diagrams *diagrams, diagram function, uint32_t value)
{
	diagram result, low, high;

	if (diagram_is_leaf(diagrams, function))
		return diagram_value(diagrams, function) == value ? DIAGRAM_ALL : DIAGRAM_NONE;
	if (!step(diagrams))
		return DIAGRAM_NONE;
	if (recall(diagrams, function, value, CACHE_WHERE, &result))
		return result;
	low = diagram_where(diagrams, diagrams->nodes[function].low, value);
	high = diagram_where(diagrams, diagrams->nodes[function].high, value);
	return remember(diagrams, function, value, CACHE_WHERE,
			node_make(diagrams, diagrams->nodes[function].variable, low, high));
}

bool diagram_witness(const struct diagrams *diagrams, diagram set, uint32_t words[WORD_COUNT],
		     uint8_t atoms[ATOMS_MAX])
{
	memset(words, 0, WORD_COUNT * sizeof(*words));
	if (atoms)
		memset(atoms, 0, ATOMS_MAX);
	if (set == DIAGRAM_NONE)
		return false;
	/* In a reduced diagram every node but the leaf 0 has a way to another leaf. */
	while (!diagram_is_leaf(diagrams, set)) {
		const struct diagram_node *node = &diagrams->nodes[set];
		bool high = node->low == DIAGRAM_NONE;

		set = high ? node->high : node->low;
		if (high && node->variable < VARIABLE_ATOMS)
			words[variable_word(node->variable)] |= 1u << variable_bit(node->variable);
		else if (high && atoms)
			atoms[node->variable - VARIABLE_ATOMS] = 1;
	}
	return true;
}

uint32_t diagram_evaluate(const struct diagrams *diagrams, diagram function,
			  const uint32_t words[WORD_COUNT], const uint8_t atoms[ATOMS_MAX])
{
	while (!diagram_is_leaf(diagrams, function)) {
		const struct diagram_node *node = &diagrams->nodes[function];
		bool high;

		if (node->variable < VARIABLE_ATOMS)
			high = words[variable_word(node->variable)] >>
				       variable_bit(node->variable) &
			       1;
		else
			high = atoms && atoms[node->variable - VARIABLE_ATOMS];
		function = high ? node->high : node->low;
	}
	return diagrams->nodes[function].low;
}
