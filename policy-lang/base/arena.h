/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory of one compilation: allocated piece by piece, given back all at once.
 *
 * An arena reserves address space when it is made and touches it as it grows, so that an
 * allocation cannot fail half way through a pass. What bounds memory is the limits at the doors
 * (size of a source, number of rules, number of graph nodes), each with a diagnostic of its own;
 * an arena that runs past its reservation is a bug in those limits and aborts.
 */
#ifndef PALE_BASE_ARENA_H
#define PALE_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena {
	char *base;
	size_t used;
	size_t reserved;
};

/*
 * Reserves address space for an arena. Returns 0, or -ENOMEM where the address space is not to be
 * had (RLIMIT_AS). The caller ends it with arena_release().
 */
int arena_init(struct arena *arena);
/* Gives everything back. Safe on an arena that is all zeros, and twice. */
void arena_release(struct arena *arena);
/* Forgets all that was allocated, which may not be used again, and keeps the memory for more. */
void arena_clear(struct arena *arena);

/* SIZE zeroed bytes, aligned for any type. Never NULL. */
void *arena_alloc(struct arena *arena, size_t size)
	__attribute__((malloc, returns_nonnull, alloc_size(2)));
/* COUNT zeroed elements of SIZE bytes; the product may not overflow. Never NULL. */
void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
	__attribute__((malloc, returns_nonnull, alloc_size(2, 3)));
/* A copy of LENGTH bytes with a NUL behind them. */
char *arena_copy(struct arena *arena, const void *bytes, size_t length)
	__attribute__((malloc, returns_nonnull));
/* The text that printf() would make. */
char *arena_printf(struct arena *arena, const char *format, ...)
	__attribute__((malloc, returns_nonnull, format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list args)
	__attribute__((malloc, returns_nonnull, format(printf, 2, 0)));

/*
 * A growing array in an arena: the usual three fields, kept by the owner as
 * `struct { T *items; size_t count, capacity; }`. VEC_PUSH gives a pointer to the new, zeroed
 * element, which holds until the next push.
 */
#define VEC(type)                                                                                  \
	struct {                                                                                   \
		type *items;                                                                       \
		size_t count;                                                                      \
		size_t capacity;                                                                   \
	}
#define VEC_PUSH(arena, vec)                                                                       \
	((vec)->items = arena_vec_grow((arena), (vec)->items, (vec)->count, &(vec)->capacity,      \
				       sizeof(*(vec)->items)),                                     \
	 &(vec)->items[(vec)->count++])

/* Room for one more element behind COUNT; used by VEC_PUSH alone. */
void *arena_vec_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size)
	__attribute__((returns_nonnull));

#endif
