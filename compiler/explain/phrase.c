/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Several ways of saying a set of values are tried: as ranges, as ranges of what a mask leaves, with
 * bits that are always set or clear said first, as cubes; each also for the complement. The cheapest
 * that is right when it is read back is taken.
 */
#include "compiler/explain/phrase.h"

#include "compiler/explain/naming.h"
#include "compiler/explain/read_back.h"
#include "compiler/explain/values.h"

static const struct span nowhere;

/* A way to say it: what is said, and how much there is to read. */
struct candidate {
	struct expr *expr; /* NULL: this way says nothing within the limit */
	size_t cost;
};
enum {
	WAYS = 9, /* four, each of them and of the complement, and one more */
	COST_VALUE = 4,
	COST_RANGE = 6,
	COST_MASK = 5,
	COST_NOT = 2,
	COST_UNEQUAL = 1,
	COST_CUBE = 10,
	COST_VALUES_MASK = 8, /* and neither does a mask over one of a few values */
	COST_FLAGS_RANGE = 9, /* a range of flags hardly says what is meant */
};

/* A set of values of one subject, in the words of a view. */
struct matter {
	const struct phrasing *phrasing;
	const struct subject *subject;
	diagram view;
	uint64_t support;
	uint64_t ones; /* all bits of the subject */
};

struct expr *phrase_join(struct arena *arena, enum expr_op op, struct expr *left,
			 struct expr *right)
{
	if (!left || !right)
		return left ? left : right;
	return expr_new_binary(arena, op, left, right, nowhere);
}

static struct expr *subject_name(const struct matter *matter)
{
	return expr_new_name(matter->phrasing->arena, matter->subject->name, nowhere);
}

static struct expr *compare(const struct matter *matter, enum expr_op op, struct expr *left,
			    struct expr *right)
{
	return expr_new_binary(matter->phrasing->arena, op, left, right, nowhere);
}

static struct expr *mask_name(const struct matter *matter, uint64_t mask)
{
	return naming_mask(matter->phrasing->arena, matter->phrasing->form.abi, matter->subject,
			   mask);
}

static struct expr *value_name(const struct matter *matter, uint64_t value)
{
	return naming_value(matter->phrasing->arena, matter->phrasing->form.abi, matter->subject,
			    value);
}

static struct expr *number_name(const struct matter *matter, uint64_t value)
{
	return naming_number(matter->phrasing->arena, matter->subject, value);
}

static struct expr *masked(const struct matter *matter, uint64_t mask)
{
	return compare(matter, EXPR_OP_BIT_AND, subject_name(matter), mask_name(matter, mask));
}

static struct expr * not(const struct matter *matter, struct expr *expr)
{
	return expr_new_unary(matter->phrasing->arena, EXPR_OP_NOT, expr, nowhere);
}

/* No bit of MASK is set, or with NEGATED, some bit is. */
static struct expr *bits_clear(const struct matter *matter, uint64_t mask, bool negated)
{
	uint64_t others = matter->ones & ~mask;
	struct expr *expr;

	/* Of a mode, what it may have is always the shorter thing to say. */
	if (others && (__builtin_popcountll(mask) > __builtin_popcountll(others) ||
		       (matter->subject->arg && matter->subject->arg->kind == ARG_UMODE &&
			__builtin_popcountll(mask) > 1))) {
		expr = compare(matter, EXPR_OP_WITHIN, subject_name(matter),
			       mask_name(matter, others));
		return negated ? not(matter, expr) : expr;
	}
	expr = masked(matter, mask);
	if (negated)
		return expr;
	return compare(matter, EXPR_OP_EQUAL, expr,
		       expr_new_number(matter->phrasing->arena, 0, NULL, nowhere));
}

static struct expr *bits_equal(const struct matter *matter, struct value_cube cube, bool negated);

/* Where most bits are asked to be clear: no bit but a few is set, and of these the value's are. */
static struct expr *few_bits_equal(const struct matter *matter, struct value_cube cube,
				   bool negated)
{
	struct value_cube set = {cube.value, cube.value};

	return compare(matter, negated ? EXPR_OP_OR : EXPR_OP_AND,
		       bits_clear(matter, cube.mask & ~cube.value, negated),
		       bits_equal(matter, set, negated));
}

/* (x & mask) == value, or != value. */
static struct expr *bits_equal(const struct matter *matter, struct value_cube cube, bool negated)
{
	const struct call_arg *arg = matter->subject->arg;
	bool a_field = arg && (arg->mask == cube.mask ||
			       !(mask_name(matter, cube.mask)->kind - EXPR_NAME));

	if (cube.mask == matter->ones)
		return compare(matter, negated ? EXPR_OP_UNEQUAL : EXPR_OP_EQUAL,
			       subject_name(matter), value_name(matter, cube.value));
	if (cube.value &&
	    2 * __builtin_popcountll(cube.mask & ~cube.value) > matter->subject->bits &&
	    matter->subject->arg && matter->subject->arg->use == ARG_FLAGS)
		return few_bits_equal(matter, cube, negated);
	/* One bit is set or clear. */
	if (cube.value == cube.mask && __builtin_popcountll(cube.mask) == 1)
		return bits_clear(matter, cube.mask, !negated);
	if (!cube.value && (!a_field || __builtin_popcountll(cube.mask) < 2))
		return bits_clear(matter, cube.mask, negated);
	return compare(matter, negated ? EXPR_OP_UNEQUAL : EXPR_OP_EQUAL, masked(matter, cube.mask),
		       value_name(matter, cube.value));
}

static uint64_t least(const struct matter *matter)
{
	return matter->subject->is_signed ? (matter->ones >> 1) + 1 : 0;
}

static uint64_t most(const struct matter *matter)
{
	return matter->subject->is_signed ? matter->ones >> 1 : matter->ones;
}

/* One value, or a range from the least or to the most; NULL for other ranges. */
static struct expr *one_range(const struct matter *matter, struct value_range range, bool negated)
{
	struct expr *name = subject_name(matter);

	if (range.first == range.last)
		return compare(matter, negated ? EXPR_OP_UNEQUAL : EXPR_OP_EQUAL, name,
			       value_name(matter, range.first));
	if (negated)
		return NULL;
	if (range.first == least(matter))
		return compare(matter, EXPR_OP_LESS_EQUAL, name, number_name(matter, range.last));
	if (range.last == most(matter))
		return compare(matter, EXPR_OP_GREATER_EQUAL, name,
			       number_name(matter, range.first));
	return NULL;
}

static size_t ranges_cost(const struct matter *matter, const struct value_ranges *ranges)
{
	const struct call_arg *arg = matter->subject->arg;
	size_t cost = 0;

	for (size_t i = 0; i < ranges->items.count; i++) {
		struct value_range range = ranges->items.items[i];

		cost += range.first == range.last ? COST_VALUE : COST_RANGE;
		if (range.first != range.last && arg &&
		    (arg->use == ARG_FLAGS || arg->kind == ARG_UMODE))
			cost += COST_FLAGS_RANGE;
	}
	return cost;
}

static struct expr *in_set(const struct matter *matter, struct expr *left,
			   const struct value_ranges *ranges, bool negated)
{
	struct expr *set = naming_set(matter->phrasing->arena, matter->phrasing->form.abi,
				      matter->subject, ranges);
	struct expr *expr = compare(matter, EXPR_OP_IN, left, set);

	return negated ? not(matter, expr) : expr;
}

static diagram seen(const struct matter *matter, bool negated)
{
	return negated ? diagram_not(matter->phrasing->diagrams, matter->view) : matter->view;
}

static struct candidate say_ranges(const struct matter *matter, bool negated)
{
	uint64_t sign = matter->subject->is_signed ? (matter->ones >> 1) + 1 : 0;
	struct candidate candidate = {0};
	struct value_ranges ranges;

	view_ranges(matter->phrasing->arena, matter->phrasing->diagrams, seen(matter, negated),
		    matter->ones, sign, matter->phrasing->limit, &ranges);
	if (ranges.more)
		return candidate;
	candidate.cost = ranges_cost(matter, &ranges) + (negated ? COST_UNEQUAL : 0);
	if (ranges.items.count == 1)
		candidate.expr = one_range(matter, ranges.items.items[0], negated);
	if (!candidate.expr && negated)
		candidate.cost += COST_NOT;
	if (!candidate.expr)
		candidate.expr = in_set(matter, subject_name(matter), &ranges, negated);
	return candidate;
}

/* What a mask costs beyond its words. */
static size_t mask_cost(const struct matter *matter, uint64_t mask)
{
	const struct call_arg *arg = matter->subject->arg;

	return arg && arg->use == ARG_VALUE && arg->mask != mask ? COST_VALUES_MASK : 0;
}

static struct candidate say_masked(const struct matter *matter, bool negated)
{
	uint64_t sign = matter->subject->is_signed ? (matter->ones >> 1) + 1 : 0;
	struct candidate candidate = {0};
	struct value_ranges ranges;
	struct value_range *range;

	if (matter->support == matter->ones)
		return candidate;
	view_ranges(matter->phrasing->arena, matter->phrasing->diagrams, seen(matter, negated),
		    matter->support, sign & matter->support, matter->phrasing->limit, &ranges);
	if (ranges.more || !ranges.items.count)
		return candidate;
	candidate.cost = COST_MASK + (negated ? COST_NOT : 0);
	candidate.cost += mask_cost(matter, matter->support);
	range = &ranges.items.items[0];
	if (ranges.items.count == 1 && range->first == range->last) {
		candidate.expr = bits_equal(
			matter, (struct value_cube){matter->support, range->first}, negated);
		return candidate;
	}
	candidate.cost += ranges_cost(matter, &ranges);
	candidate.expr = in_set(matter, masked(matter, matter->support), &ranges, negated);
	return candidate;
}

/* The bits that are the same in all of VIEW. */
static struct value_cube forced_bits(const struct matter *matter)
{
	struct diagrams *diagrams = matter->phrasing->diagrams;
	struct value_cube cube = {0};

	for (unsigned int i = 0; i < matter->subject->bits; i++) {
		uint64_t bit = (uint64_t)1 << i;
		diagram set;

		if (!(matter->support & bit))
			continue;
		set = diagram_of_bit(diagrams,
				     variable_of_bit(i < 32 ? VIEW_LOW : VIEW_HIGH, i % 32));
		if (diagram_and(diagrams, matter->view, set) == DIAGRAM_NONE) {
			cube.mask |= bit;
		} else if (diagram_without(diagrams, matter->view, set) == DIAGRAM_NONE) {
			cube.mask |= bit;
			cube.value |= bit;
		}
	}
	return cube;
}

static struct candidate say_best(const struct matter *matter);

static struct matter matter_of(const struct phrasing *phrasing, const struct subject *subject,
			       diagram view)
{
	return (struct matter){
		.phrasing = phrasing,
		.subject = subject,
		.view = view,
		.support = view_support(phrasing->arena, phrasing->diagrams, view),
		.ones = subject->bits == 64 ? UINT64_MAX : ((uint64_t)1 << subject->bits) - 1,
	};
}

/* What is always set or clear, and then what is left to say. */
static struct candidate say_forced(const struct matter *matter)
{
	const struct phrasing *phrasing = matter->phrasing;
	struct value_cube cube = forced_bits(matter);
	struct candidate rest = {0};
	struct matter left;

	if (!cube.mask || cube.mask == matter->support)
		return rest;
	left = matter_of(
		phrasing, matter->subject,
		view_without(phrasing->arena, phrasing->diagrams, matter->view, cube.mask));
	rest = say_best(&left);
	if (!rest.expr)
		return rest;
	rest.cost += COST_MASK + mask_cost(matter, cube.mask);
	rest.expr = compare(matter, EXPR_OP_AND, bits_equal(matter, cube, false), rest.expr);
	return rest;
}

static struct candidate say_cubes(const struct matter *matter, bool negated)
{
	struct candidate candidate = {0};
	struct value_cubes cubes;

	view_cubes(matter->phrasing->arena, matter->phrasing->diagrams, seen(matter, negated),
		   matter->phrasing->limit, &cubes);
	if (cubes.more)
		return candidate;
	candidate.cost = cubes.items.count * COST_CUBE;
	for (size_t i = 0; i < cubes.items.count; i++) {
		candidate.cost += mask_cost(matter, cubes.items.items[i].mask);
		candidate.expr = phrase_join(matter->phrasing->arena,
					     negated ? EXPR_OP_AND : EXPR_OP_OR, candidate.expr,
					     bits_equal(matter, cubes.items.items[i], negated));
	}
	return candidate;
}

/* One half of a register: the argument that is the low one where there is one. */
static struct candidate say_half(const struct matter *matter, diagram half, bool low)
{
	struct subject argument;
	struct matter part = matter_of(matter->phrasing, matter->subject, half);

	if (low && subject_low_half(&matter->phrasing->form, matter->subject, &argument))
		part = matter_of(matter->phrasing, &argument, half);
	return say_best(&part);
}

/* A register whose halves have nothing to do with each other; or with NEGATED, in the complement. */
static struct candidate say_halves(const struct matter *matter, bool negated)
{
	const struct phrasing *phrasing = matter->phrasing;
	struct diagrams *diagrams = phrasing->diagrams;
	diagram view = seen(matter, negated), low, high;
	struct candidate first, second, both = {0};

	if (matter->subject->bits < 64 || !(matter->support >> 32) ||
	    !(matter->support & UINT32_MAX))
		return both;
	high = view_without(phrasing->arena, diagrams, view, UINT32_MAX);
	low = view_without(phrasing->arena, diagrams, view, ~(uint64_t)UINT32_MAX);
	if (low == DIAGRAM_ALL || high == DIAGRAM_ALL || diagram_and(diagrams, low, high) != view)
		return both;
	first = say_half(matter, negated ? diagram_not(diagrams, low) : low, true);
	second = say_half(matter, negated ? diagram_not(diagrams, high) : high, false);
	if (!first.expr || !second.expr)
		return both;
	both.cost = first.cost + second.cost + COST_NOT;
	both.expr = compare(matter, negated ? EXPR_OP_OR : EXPR_OP_AND, first.expr, second.expr);
	return both;
}

/* Whether EXPR, read back, is what is meant. */
static bool says_it(const struct matter *matter, const struct expr *expr)
{
	const struct phrasing *phrasing = matter->phrasing;
	diagram said;

	if (!read_back(phrasing->arena, phrasing->diagrams, &phrasing->form, expr, &said))
		return false;
	return view_of(phrasing->arena, phrasing->diagrams, matter->subject, said) == matter->view;
}

static struct candidate best_of(const struct matter *matter, struct candidate ways[WAYS])
{
	for (;;) {
		struct candidate *best = NULL;

		for (unsigned int i = 0; i < WAYS; i++)
			if (ways[i].expr && (!best || ways[i].cost < best->cost))
				best = &ways[i];
		if (!best || says_it(matter, best->expr))
			return best ? *best : (struct candidate){0};
		best->expr = NULL;
	}
}

static struct candidate say_best(const struct matter *matter)
{
	static struct candidate (*const ways[])(const struct matter *matter, bool negated) = {
		say_ranges, say_masked, say_cubes, say_halves};
	struct candidate found[WAYS] = {{0}};

	for (unsigned int i = 0; i < WAYS - 1 && !phrasing_is_spent(matter->phrasing); i++)
		found[i] = ways[i / 2](matter, i % 2);
	if (!phrasing_is_spent(matter->phrasing))
		found[WAYS - 1] = say_forced(matter);
	return best_of(matter, found);
}

/* A pointer compares with 0 only: with all else its register does. */
static const struct subject *speakable(const struct phrasing *phrasing,
				       const struct subject *subject, diagram set,
				       struct subject *raw)
{
	struct field field = subject_field(subject);
	diagram zero = diagram_range(phrasing->diagrams, &field, 0, 0);

	if (!subject->is_pointer || set == zero || set == diagram_not(phrasing->diagrams, zero))
		return subject;
	return subject_register(&phrasing->form, subject, raw) ? raw : NULL;
}

struct expr *phrase_subject(const struct phrasing *phrasing, const struct subject *subject,
			    diagram set)
{
	struct subject raw;
	struct field field = subject_field(subject);
	diagram zero = diagram_range(phrasing->diagrams, &field, 0, 0);
	struct matter matter;
	struct candidate named, unsigned_one = {0};

	subject = speakable(phrasing, subject, set, &raw);
	if (!subject)
		return NULL;
	matter = matter_of(phrasing, subject,
			   view_of(phrasing->arena, phrasing->diagrams, subject, set));
	if (subject->is_pointer)
		return say_ranges(&matter, set != zero).expr;
	named = say_best(&matter);
	/* A long that is compared as if it had no sign. */
	if (subject->is_signed && subject_register(&phrasing->form, subject, &raw)) {
		matter.subject = &raw;
		unsigned_one = say_best(&matter);
	}
	if (unsigned_one.expr && (!named.expr || unsigned_one.cost + 1 < named.cost))
		return unsigned_one.expr;
	return named.expr;
}

struct expr *phrase_subject_part(const struct phrasing *phrasing, const struct subject *subject,
				 diagram set, diagram *rest, uint64_t *count)
{
	struct diagrams *diagrams = phrasing->diagrams;
	struct matter matter;
	struct value_ranges ranges;
	struct subject raw;
	struct expr *expr;
	diagram said;

	*rest = set;
	*count = 0;
	subject = speakable(phrasing, subject, set, &raw);
	if (!subject)
		return NULL;
	matter = matter_of(phrasing, subject, view_of(phrasing->arena, diagrams, subject, set));
	*count = view_count(phrasing->arena, diagrams, matter.view, subject->bits);
	view_ranges(phrasing->arena, diagrams, matter.view, matter.ones,
		    subject->is_signed ? (matter.ones >> 1) + 1 : 0, phrasing->limit, &ranges);
	if (!ranges.items.count)
		return NULL;
	expr = in_set(&matter, subject_name(&matter), &ranges, false);
	if (!read_back(phrasing->arena, diagrams, &phrasing->form, expr, &said) ||
	    diagram_without(diagrams, said, set) != DIAGRAM_NONE)
		return NULL;
	*rest = diagram_without(diagrams, set, said);
	*count = view_count(phrasing->arena, diagrams,
			    view_of(phrasing->arena, diagrams, subject, *rest), subject->bits);
	return expr;
}
