/* SPDX-License-Identifier: Apache-2.0 */
#include "policy-lang/base/arena.h"

#include <assert.h>
#include <errno.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) && !defined(__SANITIZE_ADDRESS__)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
/* A gap behind each piece, which only AddressSanitizer sees. */
enum {
	ARENA_REDZONE = 16
};
#else
#define ASAN_POISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(address, size) ((void)(address), (void)(size))
enum {
	ARENA_REDZONE = 0
};
#endif

/* Far above what the limits at the doors let a compilation use; only touched pages cost memory. */
static const size_t arena_reservation = sizeof(void *) == 8 ? (size_t)4 << 30 : (size_t)1 << 29;

int arena_init(struct arena *arena)
{
	void *base = mmap(NULL, arena_reservation, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	*arena = (struct arena){0};
	if (base == MAP_FAILED)
		return -ENOMEM;
	arena->base = base;
	arena->reserved = arena_reservation;
	return 0;
}

void arena_release(struct arena *arena)
{
	if (arena->base) {
		ASAN_UNPOISON_MEMORY_REGION(arena->base, arena->used);
		munmap(arena->base, arena->reserved);
	}
	*arena = (struct arena){0};
}

void arena_clear(struct arena *arena)
{
	if (!arena->used)
		return;
	ASAN_UNPOISON_MEMORY_REGION(arena->base, arena->used);
	memset(arena->base, 0, arena->used);
	arena->used = 0;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	size_t align = alignof(max_align_t);
	size_t room;
	char *piece;

	assert(arena->base);
	if (size > arena->reserved) {
		assert(!"a limit at a door lets one allocation outgrow the arena");
		abort();
	}
	room = (size + ARENA_REDZONE + align - 1) & ~(align - 1);
	if (room > arena->reserved - arena->used) {
		assert(!"a limit at a door lets a compilation outgrow its arena");
		abort();
	}
	piece = arena->base + arena->used;
	ASAN_POISON_MEMORY_REGION(piece + size, room - size);
	arena->used += room;
	return piece;
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes)) {
		assert(!"an array larger than the address space");
		abort();
	}
	return arena_alloc(arena, bytes);
}

char *arena_copy(struct arena *arena, const void *bytes, size_t length)
{
	char *copy = arena_alloc(arena, length + 1);

	if (length)
		memcpy(copy, bytes, length);
	return copy;
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
	va_list again;
	char *text;
	int length;

	va_copy(again, args);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	assert(length >= 0);
	text = arena_alloc(arena, (size_t)length + 1);
	vsnprintf(text, (size_t)length + 1, format, args);
	return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	text = arena_vprintf(arena, format, args);
	va_end(args);
	return text;
}

void *arena_vec_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
	void *grown;

	if (count < *capacity)
		return items;
	*capacity = *capacity ? *capacity * 2 : 8;
	grown = arena_alloc_array(arena, *capacity, size);
	if (count)
		memcpy(grown, items, count * size);
	return grown;
}
