/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A policy for one ABI in numbers: which call, under which condition on the words of struct
 * seccomp_data, gets which action, in the order in which the first match wins.
 */
#ifndef PALE_RESOLVE_RULESET_H
#define PALE_RESOLVE_RULESET_H

#include "policy-lang/base/arena.h"
#include "policy-lang/base/source.h"
#include "policy-lang/catalog/call.h"

#include <stdbool.h>
#include <stdint.h>

/* What the kernel takes as a filter's answer: SECCOMP_RET_* | data. */
typedef uint32_t seccomp_action;
/*
 * Writes it as the language spells it: `deny EPERM`, `deny 4095`, `kill process`. Errnos have the
 * names that they have on ABI.
 */
struct text;
void seccomp_action_print(seccomp_action action, enum abi_id abi, struct text *out);
/* The same for several ABIs, or none: an errno whose name is not the same on all is a number. */
void seccomp_action_print_for(seccomp_action action, abi_set abis, struct text *out);

/* [first, last] of unsigned 32-bit values, both ends in it. */
struct interval {
	uint32_t first;
	uint32_t last;
};

enum condition_kind {
	CONDITION_TRUE,
	CONDITION_FALSE,
	CONDITION_AND, /* left, right */
	CONDITION_OR,  /* left, right */
	CONDITION_NOT, /* left */
	CONDITION_TEST,
};

/*
 * A half of a value that is known only when the filter is loaded (`let self = load;`): LOAD_NONE, or
 * load_part() of an index into policy_rules.loads.
 */
typedef uint32_t load_ref;
#define LOAD_NONE 0u
static inline load_ref load_part(uint32_t index, bool high)
{
	return 2 * index + high + 1;
}
static inline uint32_t load_index(load_ref part)
{
	return (part - 1) / 2;
}
static inline bool load_is_high(load_ref part)
{
	return !(part & 1);
}

/*
 * TEST: (the 32-bit word at offset WORD & MASK) lies in one of the sorted, disjoint INTERVALS, or
 * where LOAD is given, is equal to that.
 */
struct condition {
	enum condition_kind kind;
	struct span span;
	const struct condition *left;
	const struct condition *right;
	uint32_t word; /* byte offset in struct seccomp_data, a multiple of 4, 16 or above */
	uint32_t mask;
	const struct interval *intervals;
	size_t interval_count;
	load_ref load;
};

/* A value that is known only when the filter is loaded. */
struct load {
	const char *name;
	struct span span; /* of its name in the statement that gives it */
	/*
	 * On each ABI: what it is compared with has so many at least, 16, 32 or 64, which the value
	 * must fit in, see filter_load_fits(). 0: nothing there compares with it.
	 */
	uint8_t bits[ABI_COUNT];
};

/* One call with one condition. */
struct rule {
	uint32_t number; /* as in seccomp_data.nr: base and x32's bit included */
	call_id call;
	seccomp_action action;
	const struct condition *condition; /* never NULL */
	struct span
		span;  /* the item's words: the call, or the outermost group that stands for it */
	uint32_t item; /* which item of the policy's text this comes from: rules of one item
			      share it, on every ABI; it indexes policy_rules.items */
};

/* The item of a rule that no text stands for: `default`, for a number that needs a rule to have it. */
#define RULE_ITEM_NONE UINT32_MAX

struct ruleset {
	const struct abi *abi;
	VEC(struct rule) rules;
	uint32_t highest;         /* the highest number that the baseline has */
	seccomp_action unmatched; /* `default`: numbers up to highest that no rule took */
	seccomp_action unknown;   /* numbers above it */
	seccomp_action foreign;   /* other ABIs; the same for all ABIs of a machine */
	struct span unmatched_span;
	struct span unknown_span;
	struct span foreign_span;
};

/* An item as written, for messages about rules that nothing can reach. */
struct rule_source {
	struct span item; /* the call or group in the rule's list */
	struct span stmt; /* the whole rule */
};

/* `expect` on one ABI: ARGS that are not bound may have any value. */
struct expectation {
	const struct abi *abi;
	uint32_t number;
	seccomp_action action;
	struct span span;
	const struct condition *condition; /* the arguments as written, as a condition */
};

/* What one policy says, for all ABIs that it is compiled for. */
struct policy_rules {
	const char *name; /* or NULL */
	VEC(struct ruleset)
	rulesets;               /* one an ABI, in the order of enum abi_id; those of a survey
					 behind those that are asked for */
	abi_set asked;          /* the ABIs that the policy is for */
	abi_set failed;         /* those with mistakes: their rules are of no use */
	seccomp_action foreign; /* other ABIs, as the first ruleset has it */
	struct span foreign_span;
	VEC(struct rule_source) items;
	VEC(struct expectation) expectations;
	VEC(struct load) loads;
	const struct sandbox *sandbox;   /* or NULL: none is written */
	struct differences *differences; /* or NULL: nobody wants to know */
};

static inline abi_set policy_rules_abis(const struct policy_rules *rules)
{
	abi_set abis = 0;

	for (size_t i = 0; i < rules->rulesets.count; i++)
		abis |= ABI_BIT(rules->rulesets.items[i].abi->id);
	return abis;
}

/* For every 32-bit word V: whether (V & mask) lies in the test's intervals, and so on down. */
bool condition_holds(const struct condition *condition, const uint32_t words[16]);

/* Writes the rules as text, one a line, for --dump=rules. SOURCES gives the places. */
struct text;
void policy_rules_print(const struct policy_rules *rules, const struct sources *sources,
			struct text *out);

#endif
