/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/resolve/compare.h"

#include "compiler/resolve/comparison.h"
#include "compiler/resolve/constant_expr.h"
#include "compiler/resolve/report.h"

#include <inttypes.h>

/* Says which values the operand can have. */
static void note_operand(struct resolver *resolver, const struct operand *operand,
			 struct diag *diag)
{
	uint64_t ones = number_ones(operand->bits);

	if (operand->mask != ones)
		resolver_note(resolver, diag, (struct span){0},
			      "the mask lets bits of 0x%" PRIx64 " through and no others",
			      operand->mask);
	else if (operand->is_signed)
		resolver_note(resolver, diag, (struct span){0},
			      "'%s' is %s here: from -0x%" PRIx64 " to 0x%" PRIx64, operand->name,
			      operand->type, (ones >> 1) + 1, ones >> 1);
	else
		resolver_note(resolver, diag, (struct span){0},
			      "'%s' is %s here: from 0 to 0x%" PRIx64, operand->name, operand->type,
			      ones);
}

static void report_wide(struct resolver *resolver, const struct operand *operand,
			struct number number, struct span span)
{
	char text[NUMBER_TEXT_SIZE];
	struct diag *diag = resolver_error(resolver, DIAG_CONTRADICTION, span,
					   "%s does not fit '%s', which has %u bits",
					   number_text(number, text), operand->name, operand->bits);

	note_operand(resolver, operand, diag);
}

static void report_verdict(struct resolver *resolver, const struct comparison *what, bool always)
{
	struct diag *diag =
		resolver_error(resolver, DIAG_CONTRADICTION, what->span, "this comparison %s",
			       always ? "always holds" : "can never hold");

	note_operand(resolver, &what->operand, diag);
}

/* RESULT is not GOOD: says why. RIGHT is where NUMBER stands. */
static void report_result(struct resolver *resolver, const struct comparison *what,
			  enum comparison_result result, struct number number, struct span right)
{
	char text[NUMBER_TEXT_SIZE];
	struct diag *diag;

	switch (result) {
	case COMPARISON_GOOD:
		return;
	case COMPARISON_NEVER:
	case COMPARISON_ALWAYS:
		report_verdict(resolver, what, result == COMPARISON_ALWAYS);
		return;
	case COMPARISON_WIDE:
		report_wide(resolver, &what->operand, number, right);
		return;
	case COMPARISON_SIGN:
		diag = resolver_error(resolver, DIAG_CONTRADICTION, right,
				      "%s lies outside of the values of '%s'",
				      number_text(number, text), what->operand.name);
		note_operand(resolver, &what->operand, diag);
		return;
	case COMPARISON_REVERSED:
		resolver_error(resolver, DIAG_CONTRADICTION, right,
			       "this range ends before it begins");
		return;
	}
}

/*
 * Warns of `type == SOCK_STREAM`: callers add flags in the same argument (SOCK_CLOEXEC), and the
 * comparison then fails.
 */
static void lint_whole(struct resolver *resolver, const struct comparison *what)
{
	const struct operand *operand = &what->operand;
	struct diag *diag;

	if (!resolver->options->lint || resolver->shipped || what->expected || !operand->named ||
	    operand->mask != number_ones(operand->bits))
		return;
	diag = resolver_warning(resolver, DIAG_MASK, what->span,
				"'%s' of %s has flags beside the value that is compared here",
				operand->name, call_get(what->call)->name);
	resolver_note(resolver, diag, (struct span){0}, "`(%s & 0x%x)` is the value without them",
		      operand->name, operand->named);
}

/* Reports a pointer that is compared in any way but with 0 for equality. */
static bool pointer_refused(struct resolver *resolver, const struct comparison *what, bool is_zero)
{
	struct diag *diag;

	if (!what->operand.is_pointer || is_zero)
		return false;
	diag = resolver_error(resolver, DIAG_POINTER, what->span,
			      "'%s' of %s is a pointer, which can be compared with 0 only",
			      what->operand.name, call_get(what->call)->name);
	resolver_note(resolver, diag, (struct span){0},
		      "the filter sees the address and not what it points to, and another thread "
		      "can change that after the filter has looked");
	resolver_note(resolver, diag, (struct span){0},
		      "what a program may do with paths is for `landlock` in `sandbox`");
	return true;
}

/*
 * What a comparison with a number above all values of an unsigned operand means, in a member of an
 * `any` that has the argument in fewer bits than the others (setuid beside setuid32).
 */
static const struct condition *compare_above(struct resolver *resolver,
					     const struct comparison *what, enum expr_op op)
{
	bool holds = op == EXPR_OP_UNEQUAL || op == EXPR_OP_LESS || op == EXPR_OP_LESS_EQUAL;

	resolver->narrowed = true;
	return holds ? condition_true()
		     : condition_not(resolver->arena, condition_true(), what->span);
}

static bool is_above(const struct resolver *resolver, const struct comparison *what,
		     struct number number)
{
	return resolver->one_of_any && !what->operand.is_signed && !number.negative;
}

/*
 * A comparison for equality with a value that is known only at load. What is done to that value there
 * is to compare it: no mask, no order. An address may be compared so too, for then it is the address
 * that is meant.
 */
static const struct condition *compare_loaded(struct resolver *resolver,
					      const struct comparison *what, uint32_t loaded,
					      struct span span)
{
	const struct operand *operand = &what->operand;
	uint8_t *least = &resolver->rules->loads.items[loaded].bits[resolver->abi->id];
	uint8_t bits = operand->bits;

	if (operand->mask != number_ones(operand->bits)) {
		resolver_error(resolver, DIAG_TYPE, span,
			       "a value that is known only at load is compared with a whole "
			       "argument, and this is a part of one");
		return NULL;
	}
	/* A form of a call with fewer bits than another one never meets what does not fit. */
	if (bits < 32 && resolver->one_of_any)
		bits = 32;
	if (!*least || bits < *least)
		*least = bits;
	return condition_loaded(resolver->arena, operand, loaded, span);
}

const struct condition *compare_order(struct resolver *resolver, const struct comparison *what,
				      enum expr_op op, const struct expr *right)
{
	struct pattern_set set = {0};
	enum comparison_result result;
	struct number number;
	struct value value = constant_evaluate(resolver, what->call, right);
	bool equality = op == EXPR_OP_EQUAL || op == EXPR_OP_UNEQUAL;

	if (value.kind == VALUE_ABSENT)
		constant_report_absent(resolver, &value);
	if (value.kind == VALUE_ERROR || value.kind == VALUE_ABSENT)
		return NULL;
	if (value.kind == VALUE_LOADED && equality) {
		const struct condition *equal =
			compare_loaded(resolver, what, value.load, what->span);

		if (!equal || op == EXPR_OP_EQUAL)
			return equal;
		return condition_not(resolver->arena, equal, what->span);
	}
	if (value.kind == VALUE_LOADED) {
		resolver_error(resolver, DIAG_TYPE, right->span,
			       "a value that is known only at load can be compared with == and !=, "
			       "and stand in a set");
		return NULL;
	}
	if (value.kind != VALUE_NUMBER) {
		struct diag *diag = resolver_error(resolver, DIAG_TYPE, right->span,
						   "'%s' is a number, and this is %s",
						   what->operand.name, value_kind_text(value.kind));

		if (value.kind == VALUE_SET)
			resolver_note(resolver, diag, (struct span){0},
				      "`in` asks whether a number is in a set");
		return NULL;
	}
	number = value.number;
	if (pointer_refused(resolver, what, equality && number_is_zero(number)))
		return NULL;
	result = comparison_patterns(resolver->arena, &what->operand, op, number, &set);
	if (result == COMPARISON_WIDE && is_above(resolver, what, number))
		return compare_above(resolver, what, op);
	if (result != COMPARISON_GOOD) {
		report_result(resolver, what, result, number, right->span);
		return NULL;
	}
	lint_whole(resolver, what);
	return condition_from_patterns(resolver->arena, &what->operand, &set, what->span);
}

/* An element that ends above all values of the operand, as far as it has values. */
static void add_below(struct resolver *resolver, const struct comparison *what,
		      const struct set_element *element, struct pattern_set *set)
{
	uint64_t ones = number_ones(what->operand.bits);

	resolver->narrowed = true;
	if (element->first.bits <= ones)
		pattern_set_add(resolver->arena, set, element->first.bits, ones);
}

static bool add_elements(struct resolver *resolver, const struct comparison *what,
			 const struct value *value, struct pattern_set *set)
{
	bool good = true;

	for (size_t i = 0; i < value->element_count; i++) {
		const struct set_element *element = &value->elements[i];
		struct comparison inner = *what;
		enum comparison_result result;

		if (element->loaded)
			continue;
		result = comparison_add_range(resolver->arena, &what->operand, element->first,
					      element->last, set);
		if (result == COMPARISON_GOOD)
			continue;
		if (result == COMPARISON_WIDE && is_above(resolver, what, element->first) &&
		    !element->last.negative) {
			add_below(resolver, what, element, set);
			continue;
		}
		inner.span = element->span;
		report_result(resolver, &inner, result,
			      number_has_pattern(element->first, what->operand.bits)
				      ? element->last
				      : element->first,
			      element->span);
		good = false;
	}
	return good;
}

/* "It is one of those elements that are known only at load"; NULL where that is a mistake. */
static const struct condition *loaded_elements(struct resolver *resolver,
					       const struct comparison *what,
					       const struct value *value)
{
	const struct condition *whole =
		condition_not(resolver->arena, condition_true(), what->span);

	for (size_t i = 0; i < value->element_count; i++) {
		const struct set_element *element = &value->elements[i];
		const struct condition *one;

		if (!element->loaded)
			continue;
		one = compare_loaded(resolver, what, element->load, element->span);
		if (!one)
			return NULL;
		whole = condition_or(resolver->arena, whole, one, what->span);
	}
	return whole;
}

const struct condition *compare_in(struct resolver *resolver, const struct comparison *what,
				   const struct expr *right)
{
	struct value value = constant_evaluate(resolver, what->call, right);
	const struct condition *loaded;
	struct pattern_set set = {0};

	if (value.kind == VALUE_ABSENT)
		constant_report_absent(resolver, &value);
	if (value.kind == VALUE_ERROR || value.kind == VALUE_ABSENT)
		return NULL;
	if (value.kind != VALUE_SET) {
		struct diag *diag = resolver_error(resolver, DIAG_TYPE, right->span,
						   "`in` takes a set, and this is %s",
						   value_kind_text(value.kind));

		if (value.kind == VALUE_NUMBER)
			resolver_note(resolver, diag, (struct span){0},
				      "`==` compares with one number, `within` asks that no bit "
				      "lies outside of a mask");
		return NULL;
	}
	if (pointer_refused(resolver, what, false) ||
	    !resolver_work(resolver, value.element_count) ||
	    !add_elements(resolver, what, &value, &set))
		return NULL;
	loaded = loaded_elements(resolver, what, &value);
	if (!loaded)
		return NULL;
	pattern_set_normalise(&set, what->operand.mask);
	if (pattern_set_is_empty(&set) && (resolver->narrowed || loaded->kind != CONDITION_FALSE))
		return loaded;
	if (pattern_set_is_full(&set, what->operand.mask)) {
		report_verdict(resolver, what, true);
		return NULL;
	}
	lint_whole(resolver, what);
	return condition_or(
		resolver->arena, loaded,
		condition_from_patterns(resolver->arena, &what->operand, &set, what->span),
		what->span);
}

/* The mask that EXPR means for the operand; false where it is none. */
static bool resolve_mask(struct resolver *resolver, const struct comparison *what,
			 const struct expr *expr, uint64_t *mask)
{
	struct number number;

	if (pointer_refused(resolver, what, false) ||
	    !constant_number(resolver, what->call, expr, &number))
		return false;
	if (comparison_mask(&what->operand, number, mask))
		return true;
	report_wide(resolver, &what->operand, number, expr->span);
	return false;
}

/* (operand & MASK) == 0, or where NONZERO, != 0. */
static const struct condition *mask_test(struct resolver *resolver, const struct comparison *what,
					 uint64_t mask, bool nonzero)
{
	struct operand operand = what->operand;
	struct pattern_set set = {0};

	operand.mask &= mask;
	pattern_set_add(resolver->arena, &set, 0, 0);
	if (nonzero)
		pattern_set_complement(resolver->arena, &set, number_ones(operand.bits));
	pattern_set_normalise(&set, operand.mask);
	return condition_from_patterns(resolver->arena, &operand, &set, what->span);
}

const struct condition *compare_within(struct resolver *resolver, const struct comparison *what,
				       const struct expr *right)
{
	uint64_t mask;

	if (!resolve_mask(resolver, what, right, &mask))
		return NULL;
	if (!(what->operand.mask & ~mask)) {
		report_verdict(resolver, what, true);
		return NULL;
	}
	return mask_test(resolver, what, ~mask, false);
}

/* A mask that leaves nothing of the operand: O_RDONLY, most of the time. */
static bool mask_is_empty(struct resolver *resolver, const struct comparison *what, uint64_t mask,
			  const struct expr *expr)
{
	struct diag *diag;

	if (what->operand.mask & mask)
		return false;
	diag = resolver_error(resolver, DIAG_CONTRADICTION, expr->span,
			      "'%s' has no bit of this mask, so that the result is always 0",
			      what->operand.name);
	if (mask == 0)
		resolver_note(resolver, diag, (struct span){0},
			      "the mask is 0: a constant without a bit of its own (O_RDONLY) is "
			      "found by comparing, `(flags & O_ACCMODE) == O_RDONLY`");
	else
		note_operand(resolver, &what->operand, diag);
	return true;
}

const struct condition *compare_bits(struct resolver *resolver, const struct comparison *what,
				     const struct expr *mask)
{
	uint64_t bits;

	if (!resolve_mask(resolver, what, mask, &bits) || mask_is_empty(resolver, what, bits, mask))
		return NULL;
	return mask_test(resolver, what, bits, true);
}

bool compare_add_mask(struct resolver *resolver, struct comparison *what, const struct expr *mask)
{
	uint64_t bits;

	if (!resolve_mask(resolver, what, mask, &bits) || mask_is_empty(resolver, what, bits, mask))
		return false;
	what->operand.mask &= bits;
	return true;
}
