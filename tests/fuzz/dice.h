/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decisions for what is made at random: from an input's bytes, so that a fuzzer can turn one of them
 * without touching the others, and behind these (or from a seed alone) from a generator.
 */
#ifndef PALE_TESTS_FUZZ_DICE_H
#define PALE_TESTS_FUZZ_DICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dice {
	const uint8_t *bytes;
	size_t left;
	uint64_t state; /* of the generator */
};

static inline struct dice dice_of_seed(uint64_t seed)
{
	/* Neighbouring seeds begin far from each other. */
	return (struct dice){.state = (seed + 1) * 0x9e3779b97f4a7c15u};
}

static inline struct dice dice_of_bytes(const uint8_t *bytes, size_t size)
{
	struct dice dice = dice_of_seed(size);

	dice.bytes = bytes;
	dice.left = size;
	return dice;
}

static inline uint32_t dice_byte(struct dice *dice)
{
	if (dice->left) {
		dice->left--;
		return *dice->bytes++;
	}
	dice->state = dice->state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(dice->state >> 40) & 0xff;
}

static inline uint64_t dice_bits(struct dice *dice, unsigned int bits)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < bits; i += 8)
		value = value << 8 | dice_byte(dice);
	return bits < 64 ? value & ((UINT64_C(1) << bits) - 1) : value;
}

/* 0 to LIMIT - 1; LIMIT is 1 to 65536. */
static inline uint32_t dice_below(struct dice *dice, uint32_t limit)
{
	return (limit > 256 ? dice_byte(dice) << 8 | dice_byte(dice) : dice_byte(dice)) % limit;
}

/* True once in N times. */
static inline bool dice_once_in(struct dice *dice, uint32_t n)
{
	return dice_below(dice, n) == n - 1;
}

#endif
