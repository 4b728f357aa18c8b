/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the parts of policy_read() share. One struct reader goes over the policy's statements once for
 * each ABI; what does not depend on the ABI (items, groups, the baseline) it gathers before. All of
 * its functions that return bool return false with reader->problem filled.
 */
#ifndef PALE_PROVE_READER_H
#define PALE_PROVE_READER_H

#include "compiler/prove/reading.h"

/*
 * A constant: -2^63 to 2^64-1, the numbers that 64 bits hold under one sign or the other. BITS are
 * its two's complement; NEGATIVE only where bit 63 is set.
 */
struct read_number {
	uint64_t bits;
	bool negative;
};
struct read_number read_number_of_bits(uint64_t bits); /* as the catalogue writes them: signed */
bool read_number_less(struct read_number a, struct read_number b);
bool read_number_equal(struct read_number a, struct read_number b);
/* A OP B for binary OP, and OP A for unary, in *RESULT. What is wrong otherwise, or NULL. */
const char *read_number_join(enum expr_op op, struct read_number a, struct read_number b,
			     struct read_number *result);
const char *read_number_turn(enum expr_op op, struct read_number a, struct read_number *result);

/* Numbers FIRST to LAST, both among them; FIRST is not above LAST. */
struct read_range {
	struct read_number first;
	struct read_number last;
};
struct read_set {
	VEC(struct read_range) ranges; /* as written, in any order */
	VEC(const char *) loaded;      /* values that are known only when the filter is loaded */
};

/*
 * Names in the order in which they were given, each with its index; the last ones can be dropped.
 * All zeros is an empty table.
 */
#define READ_NAME_NONE UINT32_MAX
struct read_name_entry {
	const char *name;
	uint32_t hash;
	uint32_t next; /* the entry before it in its bucket */
};
struct read_names {
	VEC(struct read_name_entry) entries;
	uint32_t *buckets;
	uint32_t bucket_count;
};
uint32_t read_names_add(struct arena *arena, struct read_names *names, const char *name);
uint32_t read_names_find(const struct read_names *names, const char *name);
/* Forgets all names from index COUNT on. */
void read_names_drop(struct read_names *names, size_t count);

/* What a `let` or `param` stands for. */
enum read_binding_kind {
	READ_NUMBER,
	READ_SET,
	READ_TRUTH, /* params only, as READ_WORD */
	READ_WORD,
	READ_LOADED, /* known only when the filter is loaded */
	READ_BROKEN, /* it has no value on this ABI, which matters only where it is used */
};
struct read_binding {
	enum read_binding_kind kind;
	bool is_param;
	bool truth;
	struct read_number number;
	struct read_set set;
	const char *word;            /* WORD; LOADED: the value's name */
	struct read_problem problem; /* BROKEN: what is wrong */
};

/*
 * Which of the policy's names hold at a place: those with indices below these. A group's body sees
 * what held where the group stands; the shipped ones see nothing of the policy.
 */
struct read_scope {
	size_t bindings;
	size_t groups;
	bool shipped;
};

struct read_group {
	const struct stmt *stmt;
	struct read_scope scope; /* at its statement, on the ABI that is read */
};

/*
 * Conditions that hold together: a rule's own, then those of the groups that name it, inside out.
 * EXPR is NULL where a rule or group has none.
 */
struct read_where {
	const struct expr *expr;
	struct read_scope scope;
	const struct read_where *outer;
};

/* The rule that items are read for. */
struct read_rule_frame {
	uint32_t action;
	uint32_t item;
	struct span span;
};

/* `default`, `unknown` and `foreign`, each as the policy has it and as the phase that is read does. */
enum read_standing_kind {
	READ_UNMATCHED,
	READ_UNKNOWN,
	READ_FOREIGN,
	READ_STANDING_COUNT
};
struct read_standing {
	const struct stmt *of_policy;
	const struct stmt *of_phase;
	uint32_t policy_action, phase_action;
};

struct reader {
	struct arena *arena;
	struct diagrams *diagrams;
	struct sources *sources;
	struct library *library;
	const struct read_options *options;
	struct policy_reading *reading;
	struct read_problem *problem;
	struct diags diags; /* of shipped groups, which have no mistakes */

	/* The same for all ABIs. */
	struct kernel_version baseline;
	struct read_names group_names;
	VEC(struct read_group) groups;

	/* On the ABI that is read. */
	const struct abi *abi;
	struct abi_reading *out;
	struct read_names binding_names;
	VEC(struct read_binding) bindings;
	size_t groups_defined; /* the first so many stand above this place */
	uint32_t next_item;
	uint64_t work;             /* items, conditions and values so far */
	const struct stmt *inside; /* the phase that this place is in, or NULL */
	struct read_standing standing[READ_STANDING_COUNT];
};

/* Notes that the policy cannot be read, and returns false. The first problem counts. */
static inline bool reader_fail(struct reader *reader, struct span span, const char *text)
{
	if (!reader->problem->text)
		*reader->problem = (struct read_problem){text, span, reader->abi};
	return false;
}
/* Counts AMOUNT of work; fails where a policy grows beyond what groups may write out. */
bool reader_work(struct reader *reader, size_t amount, struct span span);
struct read_scope reader_scope(const struct reader *reader);
/* The binding NAME in SCOPE, or NULL. */
const struct read_binding *reader_binding(const struct reader *reader, struct read_scope scope,
					  const char *name);
/* Whether the language has a use of its own for NAME, so that no policy can give it. */
bool reader_name_is_reserved(const char *name);

/* read_survey.c: what a policy has whatever the ABI, and statements that stand where they may not. */
bool reader_survey(struct reader *reader, const struct policy_ast *ast);
/* How many items the rules in LIST have, in all branches and included files. */
size_t reader_count_items(const struct stmt_list *list);

/* read_value.c: constant expressions. */
bool reader_number(struct reader *reader, struct read_scope scope, const struct expr *expr,
		   struct read_number *number);
bool reader_set(struct reader *reader, struct read_scope scope, const struct expr *expr,
		struct read_set *set);
/* Whether EXPR is a set, or the name of one. */
bool reader_is_set(const struct reader *reader, struct read_scope scope, const struct expr *expr);
/* The name of the value that EXPR is, if it is one that is known only at load; else NULL. */
const char *reader_loaded(const struct reader *reader, struct read_scope scope,
			  const struct expr *expr);
/* The constant NAME on this ABI. */
bool reader_constant(struct reader *reader, const char *name, struct span span,
		     struct read_number *number);
/* The numbers of EXPR: a set's, or one alone where EXPR is none. */
bool reader_numbers(struct reader *reader, struct read_scope scope, const struct expr *expr,
		    struct read_set *set);

/* read_define.c: `let` and `param`. */
bool reader_define(struct reader *reader, const struct stmt *stmt);

/* read_when.c */
bool reader_decide(struct reader *reader, struct read_scope scope, const struct expr *expr,
		   bool *holds);

/* read_action.c */
bool reader_action(struct reader *reader, const struct ast_action *action, uint32_t *value);
/* `default`, `unknown`, `foreign`. */
bool reader_standing(struct reader *reader, const struct stmt *stmt);
/* Gives those that were not said what they are then. AST names the place for a problem. */
bool reader_standing_finish(struct reader *reader, const struct policy_ast *ast);
/* SECCOMP_RET_ERRNO with this ABI's ENOSYS. */
bool reader_no_call(struct reader *reader, struct span span, uint32_t *value);

/* read_argument.c: what a name on the left of a comparison is in one call. */
enum read_sight {
	READ_SEEN,
	READ_HIDDEN,
	READ_LACKING,
};
struct read_argument {
	struct field field;
	bool is_signed;
	bool is_pointer;
};
enum read_sight reader_argument(const struct reader *reader, call_id call, const char *name,
				struct read_argument *argument);
/* By index into call_args(), which must be good. */
struct read_argument reader_argument_at(const struct reader *reader, call_id call,
					unsigned int index);

/* read_intervals.c: numbers FIRST to LAST of a field, unsigned. */
struct read_interval {
	uint64_t first;
	uint64_t last;
};
struct read_intervals {
	struct read_interval *items;
	size_t count;
	size_t capacity;
};
/* Sorts, and joins what overlaps or touches. */
void read_intervals_join(struct read_intervals *list);
/* The calls in which FIELD is in one of the intervals, which are joined on the way. */
diagram read_intervals_diagram(struct arena *arena, struct diagrams *diagrams,
			       const struct field *field, struct read_intervals *list);

/* read_wide.c: the same for 64 bits whose low word comes first. LIST is joined. */
bool read_field_is_wide(const struct field *field);
diagram read_wide_diagram(struct arena *arena, struct diagrams *diagrams, const struct field *field,
			  const struct read_intervals *list);

/* read_compare.c */
struct read_comparison {
	struct reader *reader;
	const struct read_argument *argument;
	bool forms;   /* one of `any`: a number may be too large for it */
	bool trivial; /* that it always or never holds is no mistake */
	bool missed;  /* out: a number was too large for this form */
	struct span span;
};
/* Where the argument is one of the numbers in SET. */
bool read_compare_set(struct read_comparison *comparison, const struct read_set *set,
		      diagram *result);
/* Where the argument stands to NUMBER as OP says: one of == != < <= > >=. */
bool read_compare_number(struct read_comparison *comparison, enum expr_op op,
			 struct read_number number, diagram *result);

/* read_loaded.c: where the argument is the value NAME, or one of the set's values without a number. */
bool read_compare_loaded(struct read_comparison *comparison, const char *name, diagram *result);
bool read_compare_loaded_set(struct read_comparison *comparison, const struct read_set *set,
			     diagram *result);

/* read_condition.c */
struct read_site {
	struct reader *reader;
	call_id call;
	struct read_scope scope;
	bool forms;  /* CALL is one of those that `any` NAMED stands for */
	bool missed; /* out: a number was too large for this one */
	call_id named;
	bool hides;       /* and what it does not show, it hides */
	bool has_lacking; /* out: it lacks an argument that is asked for, */
	bool has_hidden;  /* or hides one, */
	bool has_known;   /* of which the catalogue knows */
};
/* For one of `any`: what it lacks and hides of the arguments that EXPR asks for. */
bool reader_condition_sight(struct read_site *site, const struct expr *expr);
/* The calls that EXPR holds for. What it asks for has to be seen. */
bool reader_condition(struct read_site *site, const struct expr *expr, diagram *result);

/* read_call.c */
bool reader_call_rule(struct reader *reader, const struct read_rule_frame *frame,
		      const struct rule_item *item, const struct read_where *where);
/*
 * The call that NAME means on this ABI, or CALL_NONE where it has none. *CATALOGUED is the call that
 * the catalogue has by that name, whether this ABI has it or not, or CALL_NONE.
 */
call_id reader_find_call(const struct reader *reader, const char *name, call_id *catalogued);

/* read_group.c: calls and groups in a list of items. */
bool reader_items(struct reader *reader, const struct read_rule_frame *frame,
		  const struct rule_item *item, const struct read_where *where, unsigned int depth);

/* read_expect.c */
bool reader_expect(struct reader *reader, const struct stmt *stmt);

#endif
