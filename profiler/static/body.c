/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/static/body.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	SET_FIRST = 256,
	TABLE_MAX = 1024,  /* entries of a jump table */
	BEYOND_MAX = 1024, /* instructions read behind a jump through a table on aarch64 */
	INSTRUCTION_MAX = 16,
	STUB_MAX = 6,  /* instructions of a stub */
	X86_WORST = 1, /* bytes skipped where nothing can be decoded */
	AARCH64_LENGTH = 4,
};

int decoder_open(struct decoder *decoder, uint16_t machine)
{
	bool x86 = machine == EM_X86_64;

	decoder->machine = machine;
	if (disassembler_load(&decoder->capstone))
		return -ELIBACC;
	if (decoder->capstone.open(x86 ? CS_ARCH_X86 : CS_ARCH_ARM64,
				   x86 ? CS_MODE_64 : CS_MODE_ARM, &decoder->handle) != CS_ERR_OK) {
		decoder->handle = 0;
		return -ENOMEM;
	}
	decoder->capstone.option(decoder->handle, CS_OPT_DETAIL, CS_OPT_ON);
	decoder->insn = decoder->capstone.malloc(decoder->handle);
	return decoder->insn ? 0 : -ENOMEM;
}

void decoder_close(struct decoder *decoder)
{
	if (decoder->insn)
		decoder->capstone.free(decoder->insn, 1);
	if (decoder->handle)
		decoder->capstone.close(&decoder->handle);
	disassembler_unload(&decoder->capstone);
	decoder->insn = NULL;
	decoder->handle = 0;
}

bool decoder_spend(struct decoder *decoder, uint64_t steps)
{
	decoder->budget = decoder->budget > steps ? decoder->budget - steps : 0;
	return decoder->budget > 0;
}

/* Decodes what stands at ADDRESS before END; how long it is. Nothing known becomes OP_OTHER. */
static uint64_t decode(struct decoder *decoder, const struct object *object, uint64_t address,
		       uint64_t end, struct operation *operation)
{
	const uint8_t *bytes = image_at(&object->image, address, end - address);
	size_t length = (size_t)(end - address);
	uint64_t at = address;

	*operation = (struct operation){.address = address};
	if (bytes &&
	    decoder->capstone.disasm_iter(decoder->handle, &bytes, &length, &at, decoder->insn)) {
		if (decoder->machine == EM_X86_64)
			operation_from_x86(operation, decoder->insn);
		else
			operation_from_aarch64(operation, decoder->insn);
		return operation->length;
	}
	operation->dst = operation->source = operation->other = REGISTER_NONE;
	operation->written = UINT32_MAX;
	operation->length = decoder->machine == EM_X86_64 ? X86_WORST : AARCH64_LENGTH;
	return bytes ? operation->length : 0;
}

static void body_add(struct arena *arena, struct body *body, const struct operation *operation)
{
	body->indirect |= operation->kind == OP_JUMP_REGISTER;
	body->calls |= operation->kind == OP_SYSCALL;
	*VEC_PUSH(arena, &body->operations) = *operation;
}

static void body_begin(struct body *body)
{
	body->operations.count = 0;
	body->targets.count = 0;
	body->waiting.count = 0;
	body->seen.count = 0;
	body->seen.round++;
	body->indirect = false;
	body->calls = false;
}

static size_t set_place(const struct address_set *set, uint64_t address)
{
	size_t place = (size_t)(address * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (set->capacity - 1);

	while (set->slots[place].round == set->round && set->slots[place].address != address)
		place = (place + 1) & (set->capacity - 1);
	return place;
}

static void set_grow(struct arena *arena, struct address_set *set)
{
	struct address_set old = *set;

	set->capacity = old.capacity ? old.capacity * 2 : SET_FIRST;
	set->slots = arena_alloc_array(arena, set->capacity, sizeof(*set->slots));
	for (size_t i = 0; i < old.capacity; i++)
		if (old.slots[i].round == old.round)
			set->slots[set_place(set, old.slots[i].address)] = old.slots[i];
}

/* Adds ADDRESS; false where it was there. */
static bool set_add(struct arena *arena, struct address_set *set, uint64_t address)
{
	size_t place;

	if (set->count * 2 >= set->capacity)
		set_grow(arena, set);
	place = set_place(set, address);
	if (set->slots[place].round == set->round)
		return false;
	set->slots[place].address = address;
	set->slots[place].round = set->round;
	set->count++;
	return true;
}

/* Whether ADDRESS is in code that neither a function nor a stub is known in. */
static bool is_gap(const struct object *object, uint64_t address)
{
	return image_code_at(&object->image, address) && !object_function_at(object, address) &&
	       !range_find(object->image.stubs.items, object->image.stubs.count, address);
}

/* The entries of a table at BASE, which are as far from it, or are themselves, code of a gap. */
static void follow_table(struct arena *arena, const struct object *object, uint64_t base,
			 bool absolute, struct body *body)
{
	for (unsigned int i = 0; i < TABLE_MAX && body->waiting.count < BODY_MAX; i++) {
		uint64_t at = base + i * (absolute ? 8U : 4U), target;

		if (!image_at(&object->image, at, absolute ? 8 : 4))
			break;
		target = absolute ? image_number(&object->image, at, 8)
				  : base + (uint64_t)(int64_t)(int32_t)image_number(&object->image,
										    at, 4);
		if (!is_gap(object, target))
			break;
		*VEC_PUSH(arena, &body->waiting) = target;
	}
}

/* Where a jump through a register may go: to what the tables say whose addresses were taken. */
static void follow_tables(struct arena *arena, const struct object *object, struct body *body)
{
	for (size_t i = 0; i < body->operations.count; i++) {
		for (unsigned int j = 0; j < REFERENCES; j++) {
			const struct operation_reference *reference =
				&body->operations.items[i].references[j];

			if (reference->kind == REFERENCE_ADDRESS)
				follow_table(arena, object, reference->address, false, body);
			if (reference->kind == REFERENCE_NUMBER && object->image.fixed)
				follow_table(arena, object, reference->address, true, body);
		}
	}
}

/* From ADDRESS on, until what cannot be gone past. */
static bool follow_run(struct arena *arena, struct decoder *decoder, const struct object *object,
		       uint64_t address, struct body *body)
{
	unsigned int beyond = 0;

	while (is_gap(object, address) && set_add(arena, &body->seen, address)) {
		uint64_t end = object_gap_end(object, address);
		struct operation operation;
		uint64_t length = decode(decoder, object, address, end, &operation);

		if (!length || (operation.kind == OP_OTHER && operation.written == UINT32_MAX))
			break;
		if (!decoder_spend(decoder, 1) || body->operations.count >= BODY_MAX)
			return false;
		body_add(arena, body, &operation);
		if (operation.kind == OP_BRANCH || operation.kind == OP_JUMP)
			*VEC_PUSH(arena, &body->waiting) = operation.value;
		if (operation.kind == OP_JUMP_REGISTER && decoder->machine == EM_AARCH64)
			beyond = BEYOND_MAX;
		if (operation.kind >= OP_JUMP && !beyond)
			break;
		beyond -= beyond > 0;
		address += length;
	}
	return true;
}

static int order_operations(const void *left, const void *right)
{
	const struct operation *a = left, *b = right;

	return (a->address > b->address) - (a->address < b->address);
}

/* All that can be reached from what waits, in order. */
static bool follow_waiting(struct arena *arena, struct decoder *decoder,
			   const struct object *object, struct body *body)
{
	bool tables = false;

	while (body->waiting.count) {
		uint64_t address = body->waiting.items[--body->waiting.count];

		if (!follow_run(arena, decoder, object, address, body))
			return false;
		if (!body->waiting.count && body->indirect && !tables) {
			tables = true;
			follow_tables(arena, object, body);
			if (!decoder_spend(decoder, body->operations.count) ||
			    body->waiting.count >= BODY_MAX)
				return false;
		}
	}
	if (body->operations.count)
		qsort(body->operations.items, body->operations.count,
		      sizeof(*body->operations.items), order_operations);
	return true;
}

/* All that stands in RANGE, one instruction behind the other; the last may go beyond its end. */
static bool read_range(struct arena *arena, struct decoder *decoder, const struct object *object,
		       struct image_range range, struct body *body)
{
	const struct image_range *section = image_code_at(&object->image, range.start);
	uint64_t end = section ? section->end : range.end;

	if (end > range.end + INSTRUCTION_MAX)
		end = range.end + INSTRUCTION_MAX;
	while (range.start < range.end) {
		struct operation operation;
		uint64_t length = decode(decoder, object, range.start, end, &operation);

		if (!length)
			break;
		if (!decoder_spend(decoder, 1) || body->operations.count >= BODY_MAX)
			return false;
		body_add(arena, body, &operation);
		range.start += length;
	}
	return true;
}

/* Whether control goes from the last instruction to what stands behind it. */
static bool runs_on(const struct body *body)
{
	const struct operation *last = &body->operations.items[body->operations.count - 1];

	/* Behind a call it does not: what is called last never returns. */
	return last->kind == OP_BRANCH || last->kind <= OP_SYSCALL;
}

/*
 * Unwind information that ends before its function does, as it may where nothing can be unwound
 * (clone): what is run or jumped into behind it is part of the function.
 */
static bool read_beyond(struct arena *arena, struct decoder *decoder, const struct object *object,
			struct image_range range, struct body *body)
{
	size_t count = body->operations.count;

	for (size_t i = 0; i < count; i++) {
		const struct operation *operation = &body->operations.items[i];

		if ((operation->kind == OP_BRANCH || operation->kind == OP_JUMP) &&
		    is_gap(object, operation->value) &&
		    object_gap_end(object, range.end) == object_gap_end(object, operation->value))
			*VEC_PUSH(arena, &body->waiting) = operation->value;
	}
	if (count && runs_on(body) && is_gap(object, range.end))
		*VEC_PUSH(arena, &body->waiting) = range.end;
	return follow_waiting(arena, decoder, object, body);
}

bool body_read(struct arena *arena, struct decoder *decoder, const struct object *object,
	       struct image_range range, struct body *body)
{
	body_begin(body);
	if (!read_range(arena, decoder, object, range, body))
		return false;
	return !is_gap(object, range.end) || read_beyond(arena, decoder, object, range, body);
}

bool body_follow(struct arena *arena, struct decoder *decoder, const struct object *object,
		 uint64_t entry, struct body *body)
{
	body_begin(body);
	*VEC_PUSH(arena, &body->waiting) = entry;
	return follow_waiting(arena, decoder, object, body);
}

bool body_read_entry(struct arena *arena, struct decoder *decoder, const struct object *object,
		     struct image_range range, struct body *body)
{
	const struct image_range *section = image_code_at(&object->image, range.start);
	size_t count = body->operations.count;

	while (section && range.start < range.end) {
		struct operation operation;
		uint64_t length = decode(decoder, object, range.start, section->end, &operation);

		if (!length || body_find(body, range.start) != SIZE_MAX)
			break;
		if (!decoder_spend(decoder, 1) || body->operations.count >= BODY_MAX)
			return false;
		/* They wait apart: body_find() needs order. */
		*VEC_PUSH(arena, &body->entered) = operation;
		range.start += length;
	}
	for (size_t i = 0; i < body->entered.count; i++)
		body_add(arena, body, &body->entered.items[i]);
	body->entered.count = 0;
	if (body->operations.count > count)
		qsort(body->operations.items, body->operations.count,
		      sizeof(*body->operations.items), order_operations);
	return true;
}

uint64_t body_stub_slot(struct decoder *decoder, const struct object *object, uint64_t address)
{
	const struct image_range *range =
		range_find(object->image.stubs.items, object->image.stubs.count, address);
	uint64_t page = 0;

	for (unsigned int i = 0; range && i < STUB_MAX && address < range->end; i++) {
		struct operation operation;
		uint64_t length = decode(decoder, object, address, range->end, &operation);

		if (!length || !decoder_spend(decoder, 1))
			break;
		if (operation.kind == OP_JUMP_SLOT)
			return operation.value;
		if (operation.kind == OP_CONSTANT)
			page = operation.value;
		if (operation.kind == OP_LOAD && page)
			return page + operation.value;
		if (operation.kind >= OP_JUMP)
			break;
		address += length;
	}
	return 0;
}

size_t body_find(const struct body *body, uint64_t address)
{
	size_t low = 0, high = body->operations.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (body->operations.items[middle].address < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low < body->operations.count && body->operations.items[low].address == address
		       ? low
		       : SIZE_MAX;
}
