/* SPDX-License-Identifier: Apache-2.0 */
/* The bare filter: an array of struct sock_filter, as `bwrap --seccomp` and minijail take it. */
#include "compiler/emit/emit.h"

#include <errno.h>

static void put(struct text *out, uint32_t value, unsigned int bytes, bool big_endian)
{
	for (unsigned int i = 0; i < bytes; i++) {
		unsigned int shift = 8 * (big_endian ? bytes - 1 - i : i);

		text_add_char(out, (char)(value >> shift & 0xff));
	}
}

static uint32_t get(const unsigned char *at, unsigned int bytes, bool big_endian)
{
	uint32_t value = 0;

	for (unsigned int i = 0; i < bytes; i++)
		value |= (uint32_t)at[i] << (8 * (big_endian ? bytes - 1 - i : i));
	return value;
}

int raw_write(const struct filter *filter, struct text *out)
{
	for (uint32_t i = 0; i < filter->count; i++) {
		const struct sock_filter *instruction = &filter->instructions[i];

		put(out, instruction->code, 2, filter->big_endian);
		put(out, instruction->jt, 1, filter->big_endian);
		put(out, instruction->jf, 1, filter->big_endian);
		put(out, instruction->k, 4, filter->big_endian);
	}
	return out->failed ? -ENOMEM : 0;
}

static void read_instructions(const unsigned char *at, bool big_endian, struct filter *filter)
{
	filter->big_endian = big_endian;
	for (uint32_t i = 0; i < filter->count; i++, at += 8)
		filter->instructions[i] = (struct sock_filter){
			.code = (uint16_t)get(at, 2, big_endian),
			.jt = at[2],
			.jf = at[3],
			.k = get(at + 4, 4, big_endian),
		};
}

int raw_read(struct arena *arena, const void *bytes, size_t size, bool big_endian,
	     struct filter *filter, const char **why)
{
	const char *reason;
	uint32_t at;

	*filter = (struct filter){0};
	if (size == 0) {
		*why = "it is empty";
		return -EINVAL;
	}
	if (size % sizeof(struct sock_filter)) {
		*why = "its size is not a whole number of instructions";
		return -EINVAL;
	}
	if (size > FILTER_INSTRUCTIONS_MAX * sizeof(struct sock_filter)) {
		*why = "it has more than 4096 instructions";
		return -EINVAL;
	}
	filter->count = (uint32_t)(size / sizeof(struct sock_filter));
	filter->instructions = arena_alloc_array(arena, filter->count, sizeof(struct sock_filter));
	read_instructions(bytes, big_endian, filter);
	if (filter_check(filter, &at, &reason) == 0)
		return 0;
	*why = arena_printf(arena, "instruction %u: %s", at, reason);
	read_instructions(bytes, !big_endian, filter);
	if (filter_check(filter, &at, &(const char *){NULL}) == 0)
		*why = "it is a filter for a machine of the other byte order";
	read_instructions(bytes, big_endian, filter);
	return -EINVAL;
}
