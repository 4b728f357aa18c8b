/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A set over several subjects is taken apart: where it is a condition on one of them and a condition
 * on the others, by `&&`; where its complement is, by `||`; else one subject is asked first, and what
 * is left for the others depends on which class its value is in.
 */
#include "compiler/explain/condition.h"

#include "compiler/explain/memo.h"
#include "compiler/explain/read_back.h"
#include "compiler/explain/values.h"

#include <inttypes.h>

static const struct span nowhere;

enum {
	CLASSES_MAX = 48,
	SIZE_FACTOR = 4, /* a condition's size is so many times the limit of one list at most */
};

/* A subject's values for which the same is left to ask: both in the words of its view. */
struct value_class {
	diagram values; /* of the subject */
	diagram left;   /* of the others */
};
struct classes {
	struct value_class items[CLASSES_MAX];
	unsigned int count;
	bool more;
};

static struct expr *condition_say_all(const struct phrasing *phrasing, diagram set);

size_t condition_size(const struct expr *where)
{
	switch (where->kind) {
	case EXPR_SET:
		return where->set.count;
	case EXPR_UNARY:
		return condition_size(where->left);
	case EXPR_BINARY:
		return condition_size(where->left) + condition_size(where->right);
	default:
		return 1;
	}
}

static struct subjects subjects_of(const struct phrasing *phrasing, diagram set)
{
	uint32_t bits[WORD_COUNT];

	if (!apply_support(phrasing->arena, phrasing->diagrams, set, bits))
		return (struct subjects){
			.refusal = "it depends on a value that is known only when it is loaded"};
	return subjects_find(&phrasing->form, bits);
}

static diagram exists_others(const struct phrasing *phrasing, diagram set,
			     const struct subject *subject)
{
	word_set arguments = (word_set)(UINT16_MAX << WORD_ARGUMENTS);

	return apply_exists(phrasing->arena, phrasing->diagrams, set,
			    (word_set)(arguments & ~subject_words(subject)));
}

static struct expr *say_or_nothing(const struct phrasing *phrasing, diagram set)
{
	return set == DIAGRAM_NONE || set == DIAGRAM_ALL ? NULL : condition_say_all(phrasing, set);
}

static struct expr *say_both(const struct phrasing *phrasing, enum expr_op op,
			     const struct subject *subject, diagram own, diagram others)
{
	struct expr *left = phrase_subject(phrasing, subject, own);
	struct expr *right = left ? say_or_nothing(phrasing, others) : NULL;

	return right ? expr_new_binary(phrasing->arena, op, left, right, nowhere) : NULL;
}

/* SET as a condition on one subject and one on the others; or with OP ||, its complement. */
static bool factor(const struct phrasing *phrasing, const struct subjects *subjects, diagram set,
		   enum expr_op op, struct expr **expr)
{
	struct diagrams *diagrams = phrasing->diagrams;
	diagram whole = op == EXPR_OP_AND ? set : diagram_not(diagrams, set);

	for (unsigned int i = 0; i < subjects->count; i++) {
		const struct subject *subject = &subjects->items[i];
		diagram own = exists_others(phrasing, whole, subject);
		diagram others =
			apply_exists(phrasing->arena, diagrams, whole, subject_words(subject));

		if (own == DIAGRAM_ALL || others == DIAGRAM_ALL ||
		    diagram_and(diagrams, own, others) != whole)
			continue;
		if (op == EXPR_OP_OR) {
			own = diagram_not(diagrams, own);
			others = diagram_not(diagrams, others);
		}
		*expr = say_both(phrasing, op, subject, own, others);
		return true;
	}
	return false;
}

static bool asks_subject(const struct diagrams *diagrams, diagram id)
{
	unsigned int word;

	if (diagram_is_leaf(diagrams, id))
		return false;
	word = variable_word(diagram_variable(diagrams, id));
	return word == VIEW_LOW || word == VIEW_HIGH;
}

struct class_walk {
	const struct phrasing *phrasing;
	struct memo seen;
	struct classes *classes;
};

/* What is asked behind the subject's bits, each once. */
static void collect_classes(struct class_walk *walk, diagram id)
{
	const struct diagrams *diagrams = walk->phrasing->diagrams;
	struct classes *classes = walk->classes;
	uint32_t known;

	if (classes->more || memo_find(&walk->seen, id, &known))
		return;
	memo_put(&walk->seen, id, 0);
	if (asks_subject(diagrams, id)) {
		collect_classes(walk, diagram_low(diagrams, id));
		collect_classes(walk, diagram_high(diagrams, id));
	} else if (id != DIAGRAM_NONE && classes->count == CLASSES_MAX) {
		classes->more = true;
	} else if (id != DIAGRAM_NONE) {
		classes->items[classes->count++].left = id;
	}
}

struct choosing {
	const struct phrasing *phrasing;
	struct memo memo;
	diagram wanted; /* a class's `left` */
};

/* The subject's values for which what is left holds whenever `wanted` does. */
static diagram choose_values(struct choosing *choosing, diagram id)
{
	struct diagrams *diagrams = choosing->phrasing->diagrams;
	diagram low, high;
	uint32_t known;

	if (memo_find(&choosing->memo, id, &known))
		return known;
	if (!asks_subject(diagrams, id))
		return memo_put(&choosing->memo, id,
				diagram_without(diagrams, choosing->wanted, id) == DIAGRAM_NONE
					? DIAGRAM_ALL
					: DIAGRAM_NONE);
	low = choose_values(choosing, diagram_low(diagrams, id));
	high = choose_values(choosing, diagram_high(diagrams, id));
	return memo_put(&choosing->memo, id,
			diagram_select(diagrams,
				       diagram_of_bit(diagrams, diagram_variable(diagrams, id)),
				       high, low));
}

/*
 * The classes of a subject, wide in its values: each has all values for which its condition on the
 * others is enough. Classes that others make up between them are left out.
 */
static struct classes find_classes(const struct phrasing *phrasing, const struct subject *subject,
				   diagram set)
{
	struct diagrams *diagrams = phrasing->diagrams;
	struct classes classes = {.count = 0};
	struct class_walk walk = {phrasing, {.arena = phrasing->arena}, &classes};
	diagram view = view_of(phrasing->arena, diagrams, subject, set);
	unsigned int kept = 0;

	collect_classes(&walk, view);
	if (classes.more)
		return classes;
	for (unsigned int i = 0; i < classes.count; i++) {
		struct choosing choosing = {
			phrasing, {.arena = phrasing->arena}, classes.items[i].left};
		diagram smaller = DIAGRAM_NONE;

		for (unsigned int j = 0; j < classes.count; j++)
			if (j != i && diagram_without(diagrams, classes.items[j].left,
						      choosing.wanted) == DIAGRAM_NONE)
				smaller = diagram_or(diagrams, smaller, classes.items[j].left);
		classes.items[i].values =
			smaller == choosing.wanted ? DIAGRAM_NONE : choose_values(&choosing, view);
	}
	for (unsigned int i = 0; i < classes.count; i++) {
		if (classes.items[i].values == DIAGRAM_NONE)
			continue;
		classes.items[kept].values =
			view_undo(phrasing->arena, diagrams, subject, classes.items[i].values);
		classes.items[kept++].left =
			view_undo(phrasing->arena, diagrams, subject, classes.items[i].left);
	}
	classes.count = kept;
	return classes;
}

/*
 * A condition between NEEDED and WHOLE that asks fewer subjects than WHOLE, where there is one: what
 * lies between is said elsewhere.
 */
static diagram relax(const struct phrasing *phrasing, diagram needed, diagram whole)
{
	struct diagrams *diagrams = phrasing->diagrams;
	struct subjects subjects = subjects_of(phrasing, needed);
	diagram wider;

	for (unsigned int i = 0; i < subjects.count; i++) {
		wider = apply_exists(phrasing->arena, diagrams, needed,
				     subject_words(&subjects.items[i]));
		if (diagram_without(diagrams, wider, whole) == DIAGRAM_NONE)
			needed = wider;
	}
	return subjects_of(phrasing, needed).count < subjects_of(phrasing, whole).count ? needed
											: whole;
}

static struct expr *shorter(struct expr *a, struct expr *b)
{
	if (!a || !b)
		return a ? a : b;
	return condition_size(b) < condition_size(a) ? b : a;
}

/* One class as a condition, given what the classes before it have said. NULL over the limit. */
static struct expr *say_class(const struct phrasing *phrasing, const struct subject *subject,
			      const struct value_class *class, diagram said)
{
	struct diagrams *diagrams = phrasing->diagrams;
	diagram all = diagram_and(diagrams, class->values, class->left);
	/* For some value of the class it was not said. */
	diagram needed = apply_exists(phrasing->arena, diagrams,
				      diagram_without(diagrams, all, said), subject_words(subject));
	diagram left = class->left, fewer;
	struct expr *values, *others;

	if (said != DIAGRAM_NONE && needed != left)
		left = relax(phrasing, needed, left);
	if (class->values == DIAGRAM_ALL)
		return say_or_nothing(phrasing, left);
	values = phrase_subject(phrasing, subject, class->values);
	fewer = exists_others(phrasing, diagram_without(diagrams, all, said), subject);
	if (fewer != class->values && fewer != DIAGRAM_NONE)
		values = shorter(values, phrase_subject(phrasing, subject, fewer));
	if (left == DIAGRAM_ALL || !values)
		return values;
	others = say_or_nothing(phrasing, left);
	return others ? expr_new_binary(phrasing->arena, EXPR_OP_AND, values, others, nowhere)
		      : NULL;
}

/* The subject with the fewest classes, and these; false where each has too many. */
static bool choose_subject(const struct phrasing *phrasing, const struct subjects *subjects,
			   diagram set, struct classes *classes, unsigned int *chosen)
{
	classes->more = true;
	for (unsigned int i = 0; i < subjects->count; i++) {
		struct classes some = find_classes(phrasing, &subjects->items[i], set);

		if (some.more || (!classes->more && some.count >= classes->count))
			continue;
		*classes = some;
		*chosen = i;
	}
	return !classes->more;
}

/* Those with the widest conditions first: the others may then say less. */
static void order_classes(const struct phrasing *phrasing, struct classes *classes)
{
	struct diagrams *diagrams = phrasing->diagrams;

	for (unsigned int i = 1; i < classes->count; i++)
		for (unsigned int j = i; j > 0; j--) {
			struct value_class *before = &classes->items[j - 1], old = *before;

			if (diagram_without(diagrams, old.values, classes->items[j].values) !=
				    DIAGRAM_NONE ||
			    old.values == classes->items[j].values)
				break;
			*before = classes->items[j];
			classes->items[j] = old;
		}
}

/* Says the classes one by one, from the first or from the last; *SAID is what was said. */
static struct expr *say_in_order(const struct phrasing *phrasing, const struct subject *subject,
				 const struct classes *classes, bool backwards, diagram *said)
{
	struct diagrams *diagrams = phrasing->diagrams;
	struct expr *expr = NULL;
	size_t size = 0;

	*said = DIAGRAM_NONE;
	for (unsigned int i = 0; i < classes->count; i++) {
		unsigned int at = backwards ? classes->count - 1 - i : i;
		struct expr *one = say_class(phrasing, subject, &classes->items[at], *said);
		diagram holds;

		if (!one || size + condition_size(one) > SIZE_FACTOR * phrasing->limit ||
		    !read_back(phrasing->arena, diagrams, &phrasing->form, one, &holds))
			continue;
		size += condition_size(one);
		*said = diagram_or(diagrams, *said, holds);
		expr = phrase_join(phrasing->arena, EXPR_OP_OR, expr, one);
	}
	return expr;
}

/* The shorter of both orders; *SAID is all of SET unless a class was too involved. */
static struct expr *say_classes(const struct phrasing *phrasing, const struct subjects *subjects,
				diagram set, diagram *said)
{
	struct classes classes = {.count = 0};
	struct expr *forwards, *backwards;
	unsigned int chosen = 0;
	diagram said_backwards;

	*said = DIAGRAM_NONE;
	if (!choose_subject(phrasing, subjects, set, &classes, &chosen))
		return NULL;
	order_classes(phrasing, &classes);
	forwards = say_in_order(phrasing, &subjects->items[chosen], &classes, false, said);
	backwards =
		say_in_order(phrasing, &subjects->items[chosen], &classes, true, &said_backwards);
	if (said_backwards != set || (*said == set && shorter(forwards, backwards) == forwards))
		return forwards;
	*said = said_backwards;
	return backwards;
}

/* SET in words, all of it; NULL where they would be too many. */
static struct expr *condition_say_all(const struct phrasing *phrasing, diagram set)
{
	struct subjects subjects = subjects_of(phrasing, set);
	struct expr *expr = NULL;
	diagram said;

	if (subjects.refusal || phrasing_is_spent(phrasing))
		return NULL;
	if (subjects.count == 1)
		return phrase_subject(phrasing, &subjects.items[0], set);
	if (factor(phrasing, &subjects, set, EXPR_OP_AND, &expr) ||
	    factor(phrasing, &subjects, set, EXPR_OP_OR, &expr))
		return expr;
	expr = say_classes(phrasing, &subjects, set, &said);
	return said == set ? expr : NULL;
}

static const char *names_of(struct arena *arena, const struct subjects *subjects)
{
	const char *names = subjects->items[0].name;

	for (unsigned int i = 1; i < subjects->count; i++)
		names = arena_printf(arena, "%s%s%s", names,
				     i + 1 == subjects->count ? " and " : ", ",
				     subjects->items[i].name);
	return names;
}

/* Some of SET in words, and the rest counted. */
static struct wording say_part(const struct phrasing *phrasing, const struct subjects *subjects,
			       diagram set)
{
	struct arena *arena = phrasing->arena;
	struct wording wording = {.rest = set};
	uint64_t count;
	diagram said;

	if (subjects->count == 1) {
		wording.where = phrase_subject_part(phrasing, &subjects->items[0], set,
						    &wording.rest, &count);
		wording.more = arena_printf(arena, "%s%" PRIu64 " %svalue%s of %s",
					    count == UINT64_MAX ? "over " : "", count,
					    wording.where ? "more " : "", count == 1 ? "" : "s",
					    subjects->items[0].name);
		return wording;
	}
	wording.where = say_classes(phrasing, subjects, set, &said);
	wording.rest = diagram_without(phrasing->diagrams, set, said);
	wording.more = arena_printf(arena, "%scombinations of %s", wording.where ? "more " : "",
				    names_of(arena, subjects));
	return wording;
}

/* Whether the words and the rest make up SET, and neither says what the other does. */
static bool is_exact(const struct phrasing *phrasing, const struct wording *wording, diagram set)
{
	struct diagrams *diagrams = phrasing->diagrams;
	diagram said = DIAGRAM_NONE;

	if (wording->where &&
	    !read_back(phrasing->arena, diagrams, &phrasing->form, wording->where, &said))
		return false;
	return diagram_and(diagrams, said, wording->rest) == DIAGRAM_NONE &&
	       diagram_or(diagrams, said, wording->rest) == set && !diagrams->overflow;
}

struct wording condition_say(const struct phrasing *request, diagram set)
{
	struct phrasing counted = *request;
	const struct phrasing *phrasing = &counted;
	struct subjects subjects = subjects_of(phrasing, set);
	struct wording wording = {.rest = set, .refusal = subjects.refusal};

	counted.steps_from = request->diagrams->steps;
	if (!subjects.refusal) {
		wording.where = condition_say_all(phrasing, set);
		wording.rest = DIAGRAM_NONE;
		if (!wording.where)
			wording = say_part(phrasing, &subjects, set);
	}
	if (subjects.refusal || !is_exact(phrasing, &wording, set)) {
		wording.where = NULL;
		wording.rest = set;
		wording.more = "calls that no condition names";
		if (subjects.refusal)
			wording.more = arena_printf(phrasing->arena, "%s: %s", wording.more,
						    subjects.refusal);
	}
	return wording;
}
