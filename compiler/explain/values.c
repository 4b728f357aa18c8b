/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/explain/values.h"

#include "compiler/explain/memo.h"

#include <assert.h>

/*
 * A subject of one word leaves the place of a high one free. A word of the instruction pointer goes
 * there, which no condition asks for, and the words of the other arguments take its place.
 */
static void view_places(const struct subject *subject, uint8_t to[WORD_COUNT])
{
	enum {
		WORD_POINTER = 2
	};
	uint8_t next = VIEW_REST;

	for (uint8_t word = 0; word < WORD_ARGUMENTS; word++)
		to[word] = word;
	for (uint8_t word = WORD_ARGUMENTS; word < WORD_COUNT; word++) {
		if (word == subject->low)
			to[word] = VIEW_LOW;
		else if (word == subject->high)
			to[word] = VIEW_HIGH;
		else
			to[word] = next < WORD_COUNT ? next++ : WORD_POINTER;
	}
	if (subject->low == subject->high)
		to[WORD_POINTER] = VIEW_HIGH;
}

diagram view_of(struct arena *arena, struct diagrams *diagrams, const struct subject *subject,
		diagram set)
{
	uint8_t to[WORD_COUNT];

	view_places(subject, to);
	return apply_rename(arena, diagrams, set, to);
}

diagram view_undo(struct arena *arena, struct diagrams *diagrams, const struct subject *subject,
		  diagram view)
{
	uint8_t to[WORD_COUNT], back[WORD_COUNT];

	view_places(subject, to);
	for (uint8_t word = 0; word < WORD_COUNT; word++)
		back[to[word]] = word;
	return apply_rename(arena, diagrams, view, back);
}

uint64_t view_support(struct arena *arena, const struct diagrams *diagrams, diagram view)
{
	uint32_t bits[WORD_COUNT];

	apply_support(arena, diagrams, view, bits);
	return (uint64_t)bits[VIEW_HIGH] << 32 | bits[VIEW_LOW];
}

/* Which bit of the number a node asks for; -1 for a leaf. */
static int node_bit(const struct diagrams *diagrams, diagram id)
{
	variable_id variable;

	if (diagram_is_leaf(diagrams, id))
		return -1;
	variable = diagram_variable(diagrams, id);
	return (int)variable_bit(variable) + (variable_word(variable) == VIEW_HIGH ? 32 : 0);
}

struct counting {
	const struct diagrams *diagrams;
	struct memo memo; /* into `counts` */
	struct arena *arena;
	VEC(uint64_t) counts;
};

static uint64_t shifted(uint64_t count, int by)
{
	if (count == 0)
		return 0;
	return by >= 64 || count > UINT64_MAX >> by ? UINT64_MAX : count << by;
}

/* How many values of the bits from the node's own down. */
static uint64_t count_nodes(struct counting *counting, diagram id)
{
	const struct diagrams *diagrams = counting->diagrams;
	int bit = node_bit(diagrams, id);
	uint64_t low, high, sum;
	uint32_t known;

	if (bit < 0)
		return diagram_value(diagrams, id);
	if (memo_find(&counting->memo, id, &known))
		return counting->counts.items[known];
	low = count_nodes(counting, diagram_low(diagrams, id));
	high = count_nodes(counting, diagram_high(diagrams, id));
	low = shifted(low, bit - 1 - node_bit(diagrams, diagram_low(diagrams, id)));
	high = shifted(high, bit - 1 - node_bit(diagrams, diagram_high(diagrams, id)));
	sum = low > UINT64_MAX - high ? UINT64_MAX : low + high;
	memo_put(&counting->memo, id, (uint32_t)counting->counts.count);
	*VEC_PUSH(counting->arena, &counting->counts) = sum;
	return sum;
}

uint64_t view_count(struct arena *arena, const struct diagrams *diagrams, diagram view,
		    unsigned int bits)
{
	struct counting counting = {.diagrams = diagrams, .memo = {.arena = arena}, .arena = arena};

	return shifted(count_nodes(&counting, view), (int)bits - 1 - node_bit(diagrams, view));
}

struct dropping {
	struct diagrams *diagrams;
	struct memo memo;
	uint64_t mask;
};

static diagram drop_nodes(struct dropping *dropping, diagram id)
{
	struct diagrams *diagrams = dropping->diagrams;
	int bit = node_bit(diagrams, id);
	diagram low, high;
	uint32_t known;

	if (bit < 0)
		return id;
	if (memo_find(&dropping->memo, id, &known))
		return known;
	low = drop_nodes(dropping, diagram_low(diagrams, id));
	high = drop_nodes(dropping, diagram_high(diagrams, id));
	if (dropping->mask >> bit & 1)
		low = diagram_or(diagrams, low, high);
	else
		low = diagram_select(diagrams,
				     diagram_of_bit(diagrams, diagram_variable(diagrams, id)), high,
				     low);
	return memo_put(&dropping->memo, id, low);
}

diagram view_without(struct arena *arena, struct diagrams *diagrams, diagram view, uint64_t mask)
{
	struct dropping dropping = {diagrams, {.arena = arena}, mask};

	return drop_nodes(&dropping, view);
}

struct ranging {
	struct arena *arena;
	const struct diagrams *diagrams;
	uint64_t mask;
	uint64_t sign_bit;
	size_t limit;
	bool open; /* the last range goes up to where the next values begin */
	struct value_ranges *ranges;
};

static void range_add(struct ranging *ranging, bool inside, uint64_t first, uint64_t last)
{
	struct value_ranges *ranges = ranging->ranges;

	if (inside && ranging->open) {
		ranges->items.items[ranges->items.count - 1].last = last;
	} else if (inside && ranges->items.count == ranging->limit) {
		ranges->more = true;
	} else if (inside) {
		*VEC_PUSH(ranging->arena, &ranges->items) = (struct value_range){first, last};
	}
	ranging->open = inside;
}

/* The values that begin with PREFIX, of which BITS bits are open. */
static void range_nodes(struct ranging *ranging, diagram id, int bits, uint64_t prefix)
{
	const struct diagrams *diagrams = ranging->diagrams;
	uint64_t bit, below;
	diagram low = id, high = id;

	if (ranging->ranges->more)
		return;
	assert(node_bit(diagrams, id) < bits);
	while (bits > 0 && !(ranging->mask >> (bits - 1) & 1))
		bits--;
	below = bits == 64 ? UINT64_MAX : ((uint64_t)1 << bits) - 1;
	if (diagram_is_leaf(diagrams, id) && !(ranging->sign_bit & below)) {
		range_add(ranging, id == DIAGRAM_ALL, prefix, prefix | (ranging->mask & below));
		return;
	}
	bit = (uint64_t)1 << (bits - 1);
	if (node_bit(diagrams, id) == bits - 1) {
		low = diagram_low(diagrams, id);
		high = diagram_high(diagrams, id);
	}
	if (bit == ranging->sign_bit) {
		range_nodes(ranging, high, bits - 1, prefix | bit);
		range_nodes(ranging, low, bits - 1, prefix);
	} else {
		range_nodes(ranging, low, bits - 1, prefix);
		range_nodes(ranging, high, bits - 1, prefix | bit);
	}
}

void view_ranges(struct arena *arena, const struct diagrams *diagrams, diagram view, uint64_t mask,
		 uint64_t sign_bit, size_t limit, struct value_ranges *ranges)
{
	struct ranging ranging = {arena, diagrams, mask, sign_bit, limit, false, ranges};

	*ranges = (struct value_ranges){.mask = mask};
	range_nodes(&ranging, view, 64, 0);
}

struct covering {
	struct arena *arena;
	struct diagrams *diagrams;
	size_t limit;
	size_t steps;
	struct value_cubes *cubes;
};
enum {
	COVER_STEPS_MAX = 20000
};

static diagram half(const struct diagrams *diagrams, diagram id, int bit, bool high)
{
	if (node_bit(diagrams, id) != bit)
		return id;
	return high ? diagram_high(diagrams, id) : diagram_low(diagrams, id);
}

/* Adds cubes inside of CUBE that cover all of LEAST and nothing outside of MOST. */
static diagram cover_nodes(struct covering *covering, diagram least, diagram most,
			   struct value_cube cube)
{
	struct diagrams *diagrams = covering->diagrams;
	int bit = node_bit(diagrams, least), other = node_bit(diagrams, most);
	struct value_cube zero = cube, one = cube;
	diagram l0, l1, m0, m1, c0, c1, both;

	if (++covering->steps > COVER_STEPS_MAX || diagrams->overflow)
		covering->cubes->more = true;
	if (least == DIAGRAM_NONE || covering->cubes->more)
		return DIAGRAM_NONE;
	if (most == DIAGRAM_ALL) {
		if (covering->cubes->items.count == covering->limit)
			covering->cubes->more = true;
		else
			*VEC_PUSH(covering->arena, &covering->cubes->items) = cube;
		return DIAGRAM_ALL;
	}
	bit = other > bit ? other : bit;
	l0 = half(diagrams, least, bit, false);
	l1 = half(diagrams, least, bit, true);
	m0 = half(diagrams, most, bit, false);
	m1 = half(diagrams, most, bit, true);
	zero.mask |= (uint64_t)1 << bit;
	one.mask = zero.mask;
	one.value |= (uint64_t)1 << bit;
	c0 = cover_nodes(covering, diagram_without(diagrams, l0, m1), m0, zero);
	c1 = cover_nodes(covering, diagram_without(diagrams, l1, m0), m1, one);
	both = cover_nodes(covering,
			   diagram_or(diagrams, diagram_without(diagrams, l0, c0),
				      diagram_without(diagrams, l1, c1)),
			   diagram_and(diagrams, m0, m1), cube);
	return diagram_or(
		diagrams, both,
		diagram_select(
			diagrams,
			diagram_of_bit(diagrams,
				       variable_of_bit(bit < 32 ? VIEW_LOW : VIEW_HIGH, bit & 31)),
			c1, c0));
}

void view_cubes(struct arena *arena, struct diagrams *diagrams, diagram view, size_t limit,
		struct value_cubes *cubes)
{
	struct covering covering = {arena, diagrams, limit, 0, cubes};

	*cubes = (struct value_cubes){0};
	cover_nodes(&covering, view, view, (struct value_cube){0});
}
