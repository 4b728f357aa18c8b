/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers as a policy writes them: whole numbers from -2^63 to 2^64-1, so that both -1 and
 * 0xffffffffffffffff are what they look like. Bit operations work on 64-bit two's complement.
 */
#ifndef PALE_RESOLVE_NUMBER_H
#define PALE_RESOLVE_NUMBER_H

#include "policy-lang/ast.h"

#include <stdbool.h>
#include <stdint.h>

/* NEGATIVE: the value is (int64_t)bits, which is below 0. Else it is bits. */
struct number {
	uint64_t bits;
	bool negative;
};

struct number number_from_unsigned(uint64_t value);
/* A value of the catalogue's, which is 64-bit two's complement. */
struct number number_from_signed(uint64_t bits);

/* <0, 0, >0 as A is below, equal to or above B. */
int number_compare(struct number a, struct number b);
bool number_is_zero(struct number number);

/*
 * Applies an arithmetic operator (COMPLEMENT, NEGATE; BIT_OR to MINUS), LEFT alone for the unary
 * ones. Returns NULL and the result, or what is wrong with it as words for a message.
 */
const char *number_apply(enum expr_op op, struct number left, struct number right,
			 struct number *result);

/* Whether the value can be a BITS wide one of that sign (16, 32 or 64). */
bool number_fits(struct number number, unsigned int bits, bool is_signed);
/*
 * Whether a BITS wide argument can hold the value under one sign or the other, so that people may
 * write -1 for an unsigned argument and 0xffffff9c for a signed one.
 */
bool number_has_pattern(struct number number, unsigned int bits);

/* Ones in the low BITS (1 to 64). */
uint64_t number_ones(unsigned int bits);

/* The number as a message shows it: decimal below 0 and up to 4096, else hexadecimal. */
enum {
	NUMBER_TEXT_SIZE = 24
};
const char *number_text(struct number number, char text[NUMBER_TEXT_SIZE]);

#endif
