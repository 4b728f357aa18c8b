/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/explain/apply.h"

#include "compiler/explain/budget.h"
#include "compiler/explain/memo.h"

#include <string.h>

static diagram node(struct diagrams *diagrams, variable_id variable, diagram low, diagram high)
{
	return diagram_select(diagrams, diagram_of_bit(diagrams, variable), high, low);
}

static diagram part(const struct diagrams *diagrams, diagram id, variable_id variable, bool high)
{
	if (diagram_is_leaf(diagrams, id) || diagram_variable(diagrams, id) != variable)
		return id;
	return high ? diagram_high(diagrams, id) : diagram_low(diagrams, id);
}

struct joining {
	struct diagrams *diagrams;
	struct memo memo;
	value_join join;
	void *user;
};

static diagram join_nodes(struct joining *joining, diagram a, diagram b)
{
	struct diagrams *diagrams = joining->diagrams;
	uint64_t key = (uint64_t)a << 32 | b;
	bool a_ends = diagram_is_leaf(diagrams, a), b_ends = diagram_is_leaf(diagrams, b);
	variable_id top;
	uint32_t known;
	diagram low, high;

	if (a_ends && b_ends)
		return diagram_leaf(diagrams,
				    joining->join(joining->user, diagram_value(diagrams, a),
						  diagram_value(diagrams, b)));
	if (memo_find(&joining->memo, key, &known))
		return known;
	if (!budget_take(diagrams, 1))
		return DIAGRAM_NONE;
	top = a_ends ? diagram_variable(diagrams, b) : diagram_variable(diagrams, a);
	if (!a_ends && !b_ends && diagram_variable(diagrams, b) < top)
		top = diagram_variable(diagrams, b);
	low = join_nodes(joining, part(diagrams, a, top, false), part(diagrams, b, top, false));
	high = join_nodes(joining, part(diagrams, a, top, true), part(diagrams, b, top, true));
	return memo_put(&joining->memo, key, node(diagrams, top, low, high));
}

diagram apply_join(struct arena *arena, struct diagrams *diagrams, diagram a, diagram b,
		   value_join join, void *user)
{
	struct joining joining = {diagrams, {.arena = arena}, join, user};

	return join_nodes(&joining, a, b);
}

struct renaming {
	struct diagrams *diagrams;
	struct memo memo;
	const uint8_t *to;
};

static diagram rename_nodes(struct renaming *renaming, diagram id)
{
	struct diagrams *diagrams = renaming->diagrams;
	variable_id variable;
	uint32_t known;
	diagram low, high;

	if (diagram_is_leaf(diagrams, id))
		return id;
	if (memo_find(&renaming->memo, id, &known))
		return known;
	if (!budget_take(diagrams, 1))
		return DIAGRAM_NONE;
	variable = diagram_variable(diagrams, id);
	low = rename_nodes(renaming, diagram_low(diagrams, id));
	high = rename_nodes(renaming, diagram_high(diagrams, id));
	if (variable < VARIABLE_ATOMS)
		variable = variable_of_bit(renaming->to[variable_word(variable)],
					   variable_bit(variable));
	return memo_put(&renaming->memo, id, node(diagrams, variable, low, high));
}

diagram apply_rename(struct arena *arena, struct diagrams *diagrams, diagram function,
		     const uint8_t to[WORD_COUNT])
{
	struct renaming renaming = {diagrams, {.arena = arena}, to};

	return rename_nodes(&renaming, function);
}

struct quantifying {
	struct diagrams *diagrams;
	struct memo memo;
	word_set words;
};

static diagram exists_nodes(struct quantifying *quantifying, diagram id)
{
	struct diagrams *diagrams = quantifying->diagrams;
	variable_id variable;
	uint32_t known;
	diagram low, high, result;

	if (diagram_is_leaf(diagrams, id))
		return id;
	if (memo_find(&quantifying->memo, id, &known))
		return known;
	if (!budget_take(diagrams, 1))
		return DIAGRAM_NONE;
	variable = diagram_variable(diagrams, id);
	low = exists_nodes(quantifying, diagram_low(diagrams, id));
	high = exists_nodes(quantifying, diagram_high(diagrams, id));
	if (variable < VARIABLE_ATOMS && quantifying->words & WORD_BIT(variable_word(variable)))
		result = diagram_or(diagrams, low, high);
	else
		result = node(diagrams, variable, low, high);
	return memo_put(&quantifying->memo, id, result);
}

diagram apply_exists(struct arena *arena, struct diagrams *diagrams, diagram set, word_set words)
{
	struct quantifying quantifying = {diagrams, {.arena = arena}, words};

	return exists_nodes(&quantifying, set);
}

struct walk {
	const struct diagrams *diagrams;
	struct arena *arena;
	struct memo seen;
	uint32_t *bits;
	bool asks_atoms;
	struct value_list *values;
};

static void walk_nodes(struct walk *walk, diagram id)
{
	const struct diagrams *diagrams = walk->diagrams;
	variable_id variable;
	uint32_t known;

	if (memo_find(&walk->seen, id, &known))
		return;
	memo_put(&walk->seen, id, 0);
	if (diagram_is_leaf(diagrams, id)) {
		if (walk->values)
			*VEC_PUSH(walk->arena, &walk->values->items) = diagram_value(diagrams, id);
		return;
	}
	variable = diagram_variable(diagrams, id);
	if (variable >= VARIABLE_ATOMS)
		walk->asks_atoms = true;
	else if (walk->bits)
		walk->bits[variable_word(variable)] |= 1u << variable_bit(variable);
	walk_nodes(walk, diagram_low(diagrams, id));
	walk_nodes(walk, diagram_high(diagrams, id));
}

bool apply_support(struct arena *arena, const struct diagrams *diagrams, diagram function,
		   uint32_t bits[WORD_COUNT])
{
	struct walk walk = {.diagrams = diagrams, .seen = {.arena = arena}, .bits = bits};

	memset(bits, 0, WORD_COUNT * sizeof(*bits));
	walk_nodes(&walk, function);
	return !walk.asks_atoms;
}

void apply_values(struct arena *arena, const struct diagrams *diagrams, diagram function,
		  struct value_list *values)
{
	struct walk walk = {
		.diagrams = diagrams, .arena = arena, .seen = {.arena = arena}, .values = values};

	walk_nodes(&walk, function);
}
