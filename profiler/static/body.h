/* SPDX-License-Identifier: Apache-2.0 */
/* The instructions of one function, in order. */
#ifndef PALE_PROFILER_STATIC_BODY_H
#define PALE_PROFILER_STATIC_BODY_H

#include "profiler/static/disassembler.h"
#include "profiler/static/object.h"
#include "profiler/static/operation.h"

enum {
	BODY_MAX = 1 << 20, /* instructions of one function, and places to go on at */
};

/* A disassembler for one machine, and how much work is left for it. */
struct decoder {
	uint16_t machine; /* EM_* */
	struct disassembler capstone;
	csh handle;
	cs_insn *insn;
	uint64_t budget; /* instructions, and other steps as small, that may still be taken */
};

/* Addresses that were seen; emptied at no cost. */
struct address_set {
	struct {
		uint64_t address;
		uint32_t round;
	} * slots;
	size_t count, capacity;
	uint32_t round;
};

struct body {
	VEC(struct operation) operations; /* ordered by address */
	bool indirect;                    /* it jumps to where a register says */
	/* x86_64: where such jumps go; aarch64: not known, and may be all of it. */
	VEC(uint64_t) targets;
	bool calls;                    /* a system call is among them */
	VEC(struct operation) entered; /* for body_read_entry() alone */
	VEC(uint64_t) waiting;         /* for body_follow() alone */
	struct address_set seen;
};

/* Returns 0, -ENOMEM, or -ELIBACC without Capstone. Ended by decoder_close(), safe in each case. */
int decoder_open(struct decoder *decoder, uint16_t machine);
void decoder_close(struct decoder *decoder);
/* Takes STEPS of the budget; false where that is spent, for good. */
bool decoder_spend(struct decoder *decoder, uint64_t steps);

/* All that stands in RANGE, one instruction behind the other. False where the budget is spent. */
bool body_read(struct arena *arena, struct decoder *decoder, const struct object *object,
	       struct image_range range, struct body *body);
/*
 * What can be reached from ENTRY without leaving the code that no function is known in. False where
 * the budget is spent.
 */
bool body_follow(struct arena *arena, struct decoder *decoder, const struct object *object,
		 uint64_t entry, struct body *body);
/*
 * Adds what stands from RANGE's start to its end, or to where it falls in with the rest: unwind
 * information may begin in the middle of an instruction (before a signal's return it does). False
 * where the budget is spent.
 */
bool body_read_entry(struct arena *arena, struct decoder *decoder, const struct object *object,
		     struct image_range range, struct body *body);
/* The slot that the stub of a procedure linkage table at ADDRESS jumps to by; 0 for none. */
uint64_t body_stub_slot(struct decoder *decoder, const struct object *object, uint64_t address);
/* Index of the operation at ADDRESS, or SIZE_MAX. */
size_t body_find(const struct body *body, uint64_t address);

#endif
