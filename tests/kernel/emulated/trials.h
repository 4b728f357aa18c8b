/* SPDX-License-Identifier: Apache-2.0 */
/* The trials of trials.def as registers of this ABI. */
#ifndef PALE_EMULATED_TRIALS_H
#define PALE_EMULATED_TRIALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum argument_kind {
	ARGUMENT_INT,
	ARGUMENT_UNSIGNED,
	ARGUMENT_GARBAGE,
	ARGUMENT_MODE,
	ARGUMENT_LONG,
	ARGUMENT_QUAD,
	ARGUMENT_HALVES,
	ARGUMENT_BUFFER,
	ARGUMENT_IOVEC,
};

enum {
	TRIAL_ARGUMENTS = 7
};

struct argument {
	enum argument_kind kind;
	int64_t value;
	const char *text; /* NULL behind the last */
};

struct trial {
	const char *policy;
	int line;           /* in trials.def */
	const char *answer; /* that `pale sim` must give; "" where nothing is said */
	uint64_t number;
	const char *name; /* NULL for a bare number */
	bool multiplexed; /* through o32's syscall(2) */
	struct argument args[TRIAL_ARGUMENTS];
};

extern const struct trial trials[];
extern const size_t trial_count;

/* A call of facts.def, and what it returns. */
struct fact {
	int64_t result;
	struct trial trial;
};

extern const struct fact facts[];
extern const size_t fact_count;

/*
 * One of the calls that do no harm, chosen by RANDOM, with random registers where it may have
 * them. Returns its number.
 */
uint64_t trial_draw(uint64_t *random, uint64_t words[8]);

/* What goes into the registers. Returns the number of the call. */
uint64_t trial_words(const struct trial *trial, uint64_t words[8]);

#endif
