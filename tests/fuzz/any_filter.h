/* SPDX-License-Identifier: Apache-2.0 */
/* An input as a filter of any instructions that seccomp takes, not only of those that pale makes. */
#ifndef PALE_TESTS_FUZZ_ANY_FILTER_H
#define PALE_TESTS_FUZZ_ANY_FILTER_H

#include "compiler/cbpf/filter.h"

/*
 * Fills FILTER, which lives in ARENA, from an array of struct sock_filter behind the first byte. Where
 * that is odd, opcodes, jumps and places are brought within bounds before, as by chance they hardly
 * ever are. False where it is nothing that filter_check() takes.
 */
bool any_filter_read(struct arena *arena, const uint8_t *bytes, size_t size, struct filter *filter);

#endif
