/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which functions of a scope can be reached, from where the kernel and the loader enter it: through
 * calls and jumps, through addresses that reached code takes, and through pointers in data whose
 * address reached code takes.
 */
#ifndef PALE_PROFILER_STATIC_REACH_H
#define PALE_PROFILER_STATIC_REACH_H

#include "profiler/static/flow.h"
#include "profiler/static/link_scope.h"

#define REACH_NONE UINT32_MAX

/* How an object was come to: inherited by all that is reached inside of it. */
struct reach_way {
	const char *via;    /* the symbol, or NULL */
	const char *origin; /* without one */
};

enum reach_returns {
	RETURNS_UNASKED,
	RETURNS_MAYBE,
	RETURNS_NEVER, /* no instruction of it leads back to whoever called it */
};

/* A function whose system call has the number that it was given itself. */
struct reach_argument {
	uint8_t reg; /* as it was entered */
	uint8_t abi;
	uint32_t object;  /* of the instruction */
	uint64_t address; /* of it */
	bool done;        /* the callers were looked at */
};

struct reach_function {
	uint32_t object;
	struct image_range body;
	bool gap;   /* found by following code: `body` says only where it begins */
	bool taken; /* its address was taken: who calls it is not known */
	bool queued;
	bool begun;      /* it is entered where it begins */
	uint8_t returns; /* enum reach_returns */
	size_t scanned;  /* how many operations were followed */
	struct reach_way way;
	VEC(uint64_t) entries; /* others than where it begins */
	VEC(uint32_t) callers; /* indexes of edges */
	VEC(struct reach_argument) arguments;
};

/* Data whose address was taken, and whose pointers are yet to be followed. */
struct reach_data {
	uint32_t object;
	struct image_range range;
	struct reach_way way;
};

/* A call, or a jump from one function to another. */
struct reach_edge {
	uint32_t caller;
	uint64_t address;
};

/* A system call's number, found. */
typedef void (*reach_found)(void *context, const struct object *object, uint64_t address,
			    enum abi_id abi, const struct value *number,
			    const struct reach_way *way);

struct reach {
	struct arena *arena;
	struct link_scope *scope;
	struct decoder decoder;
	struct flow flow;
	struct body body;
	struct body callee; /* for reach_mark_final() alone */
	VEC(struct reach_function) functions;
	VEC(struct reach_edge) edges;
	VEC(struct reach_data) data;
	VEC(uint32_t) waiting;
	unsigned int stubs; /* how many are being looked through */
	size_t next;        /* in `waiting` */
	uint32_t *slots;    /* a hash table of functions: 1 above an index */
	size_t slot_count;
	VEC(const char *) symbols; /* names by which objects were entered, each once */
	uint64_t steps;            /* 0: the usual budget */
	reach_found found;
	void *context;
};

/*
 * Finds all, and calls FOUND for each site and number. Returns 0; -ENOMEM; -E2BIG where the work
 * passes what a program of any sense can need. Requires SCOPE, ARENA, FOUND and CONTEXT to be set.
 */
int reach_all(struct reach *reach);
void reach_release(struct reach *reach);

/* For reach's own files. */
void reach_address(struct reach *reach, uint32_t object, uint64_t address, uint32_t from,
		   uint64_t call, struct reach_way way);
void reach_slot(struct reach *reach, uint32_t object, uint64_t place, uint32_t from, uint64_t call,
		struct reach_way way);
void reach_symbol(struct reach *reach, const char *name, uint32_t except, uint32_t from,
		  uint64_t call);
/* One function's instructions, and what follows from them. False where the budget is spent. */
bool reach_scan(struct reach *reach, uint32_t index);
/* Numbers that functions are given: from their callers. False where the budget is spent. */
bool reach_arguments(struct reach *reach);
/*
 * Finds where the jumps through registers of reach->body, which is that function's, go, into its
 * `targets`. False where the budget is spent.
 */
bool reach_find_tables(struct reach *reach, uint32_t index);
/* Marks the calls of reach->body, which is that function's, that never return. */
bool reach_mark_final(struct reach *reach, uint32_t index);
/* The function that begins at START, or REACH_NONE where none was reached yet. */
uint32_t reach_find(const struct reach *reach, uint32_t object, uint64_t start);
/* Decodes the function into reach->body. */
bool reach_decode(struct reach *reach, uint32_t index);

#endif
