/* SPDX-License-Identifier: Apache-2.0 */
/* A program or library taken apart: its symbols, the pointers in its data, its functions. */
#ifndef PALE_PROFILER_STATIC_OBJECT_H
#define PALE_PROFILER_STATIC_OBJECT_H

#include "profiler/static/image.h"

enum {
	OBJECT_SYMBOLS_MAX = 1 << 20,
	OBJECT_POINTERS_MAX = 1 << 22,
	OBJECT_FUNCTIONS_MAX = 1 << 20,
	OBJECT_BOUNDS_MAX = 1 << 22,
};

struct object_symbol {
	const char *name;
	uint64_t address;
	uint64_t size;
	bool defined;
	bool data;   /* an object; else code, or of no type */
	bool thread; /* an offset in each thread's memory, no address */
};

/* Eight bytes of data that the loader, or the linker already, fills with an address. */
struct object_pointer {
	uint64_t place;
	uint64_t target; /* without a symbol */
	uint32_t symbol; /* into `symbols`; 0 for none */
	bool resolver;   /* the target is called at once, and answers with the address */
	bool reached;    /* what it points to was followed */
	bool copy;       /* the place becomes a copy of another object's symbol */
};

/* The body of a function as its unwind information or its symbol has it. */
struct object_function {
	struct image_range body;
	const char *name; /* or NULL */
};

struct object {
	struct image image;
	bool crowded;  /* it has more of something than is taken, and cannot be judged */
	bool nameless; /* a symbol's name is not among its strings, or is longer than any */
	VEC(struct object_symbol) symbols;     /* the dynamic ones, by their number */
	VEC(struct object_symbol) locals;      /* the debugger's, those with an address */
	VEC(struct object_pointer) pointers;   /* ordered by place */
	VEC(struct object_function) functions; /* ordered, without overlap */
	VEC(uint64_t) bounds;                  /* where things begin in data; ordered */
};

/* Each takes what IMAGE has; nothing it holds is trusted. Requires object->image. */
void object_take_symbols(struct arena *arena, struct object *object);
void object_take_pointers(struct arena *arena, struct object *object);
void object_take_functions(struct arena *arena, struct object *object);
/* Behind the others. */
void object_take_bounds(struct arena *arena, struct object *object);

/* The function whose body ADDRESS is in, or NULL: then code that nothing describes. */
const struct object_function *object_function_at(const struct object *object, uint64_t address);
/* Where the next function begins behind ADDRESS, or its section ends. */
uint64_t object_gap_end(const struct object *object, uint64_t address);
/* Index of the first pointer at or above ADDRESS. */
size_t object_pointer_from(const struct object *object, uint64_t address);
/* Data from ADDRESS on to where the next thing begins. */
struct image_range object_data_at(const struct object *object, uint64_t address);
/* The nearest symbol at or below ADDRESS that covers it, or NULL. */
const char *object_name_at(const struct object *object, uint64_t address);

#endif
