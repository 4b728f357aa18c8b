/* SPDX-License-Identifier: Apache-2.0 */
#include "profiler/static/reach.h"

#include <elf.h>
#include <errno.h>
#include <string.h>

enum {
	SLOTS_FIRST = 1024,
	ARRAY_MAX = 1 << 16, /* initialisers of one object */
	POINTER_SIZE = 8,
	STUBS_DEEP = 4,
	FUNCTIONS_MAX = 1 << 20,
	EDGES_MAX = 1 << 22,
};

/* Some ten times what the largest programs take with all their libraries, and a minute. */
static const uint64_t reach_budget = UINT64_C(1) << 27;

static size_t slot_of(const struct reach *reach, uint32_t object, uint64_t start)
{
	uint64_t key = (start ^ (uint64_t)object << 48) * UINT64_C(0x9e3779b97f4a7c15);
	size_t slot = (size_t)(key >> 20) & (reach->slot_count - 1);

	while (reach->slots[slot]) {
		const struct reach_function *function =
			&reach->functions.items[reach->slots[slot] - 1];

		if (function->object == object && function->body.start == start)
			break;
		slot = (slot + 1) & (reach->slot_count - 1);
	}
	return slot;
}

uint32_t reach_find(const struct reach *reach, uint32_t object, uint64_t start)
{
	return reach->slot_count ? reach->slots[slot_of(reach, object, start)] - 1 : REACH_NONE;
}

static void grow_slots(struct reach *reach)
{
	reach->slot_count = reach->slot_count ? reach->slot_count * 2 : SLOTS_FIRST;
	reach->slots = arena_alloc_array(reach->arena, reach->slot_count, sizeof(*reach->slots));
	for (size_t i = 0; i < reach->functions.count; i++) {
		const struct reach_function *function = &reach->functions.items[i];

		reach->slots[slot_of(reach, function->object, function->body.start)] =
			(uint32_t)i + 1;
	}
}

static void enqueue(struct reach *reach, uint32_t index)
{
	struct reach_function *function = &reach->functions.items[index];

	if (function->queued)
		return;
	function->queued = true;
	*VEC_PUSH(reach->arena, &reach->waiting) = index;
}

/* The function at START, there from now on if it was not; REACH_NONE where there are too many. */
static uint32_t function_at(struct reach *reach, uint32_t object, struct image_range body, bool gap,
			    struct reach_way way)
{
	struct reach_function *function;
	size_t slot;

	if (reach->functions.count * 2 >= reach->slot_count)
		grow_slots(reach);
	slot = slot_of(reach, object, body.start);
	if (reach->functions.count >= FUNCTIONS_MAX || reach->edges.count >= EDGES_MAX)
		reach->decoder.budget = 0;
	else if (!reach->slots[slot]) {
		function = VEC_PUSH(reach->arena, &reach->functions);
		function->object = object;
		function->body = body;
		function->gap = gap;
		function->way = way;
		reach->slots[slot] = (uint32_t)reach->functions.count;
		enqueue(reach, reach->slots[slot] - 1);
	}
	return reach->slots[slot] ? reach->slots[slot] - 1 : REACH_NONE;
}

/* ADDRESS is entered beside where the function begins: with anything in the registers. */
static void add_entry(struct reach *reach, uint32_t index, uint64_t address)
{
	struct reach_function *function = &reach->functions.items[index];

	for (size_t i = 0; i < function->entries.count; i++)
		if (function->entries.items[i] == address)
			return;
	*VEC_PUSH(reach->arena, &function->entries) = address;
	enqueue(reach, index);
}

static void add_edge(struct reach *reach, uint32_t index, uint32_t from, uint64_t call)
{
	struct reach_function *function = &reach->functions.items[index];

	if (from == REACH_NONE || !call) {
		function->taken = true;
		return;
	}
	*VEC_PUSH(reach->arena, &function->callers) = (uint32_t)reach->edges.count;
	*VEC_PUSH(reach->arena, &reach->edges) = (struct reach_edge){from, call};
}

static void reach_code(struct reach *reach, uint32_t object, uint64_t address, uint32_t from,
		       uint64_t call, struct reach_way way)
{
	const struct object *of = reach->scope->objects.items[object];
	const struct object_function *known = object_function_at(of, address);
	struct image_range body = {address, address};
	uint32_t index;

	if (!known && range_find(of->image.stubs.items, of->image.stubs.count, address)) {
		uint64_t slot = body_stub_slot(&reach->decoder, of, address);

		/* A stub that leads to a stub: no linker makes chains of them. */
		if (slot && reach->stubs < STUBS_DEEP) {
			reach->stubs++;
			reach_slot(reach, object, slot, from, call, way);
			reach->stubs--;
		}
		return;
	}
	index = function_at(reach, object, known ? known->body : body, !known, way);
	if (index == REACH_NONE)
		return;
	if (known && known->body.start != address) {
		add_entry(reach, index, address);
		return;
	}
	if (!reach->functions.items[index].begun)
		enqueue(reach, index);
	reach->functions.items[index].begun = true;
	add_edge(reach, index, from, call);
}

static void reach_pointer(struct reach *reach, uint32_t object, struct object_pointer *pointer,
			  uint32_t from, uint64_t call, struct reach_way way)
{
	const struct object *of = reach->scope->objects.items[object];

	if (pointer->reached && !call)
		return;
	if (!call)
		pointer->reached = true;
	if (pointer->symbol)
		reach_symbol(reach, of->symbols.items[pointer->symbol].name,
			     pointer->copy ? object : REACH_NONE, from, call);
	else
		reach_address(reach, object, pointer->target, from, call, way);
}

void reach_slot(struct reach *reach, uint32_t object, uint64_t place, uint32_t from, uint64_t call,
		struct reach_way way)
{
	const struct object *of = reach->scope->objects.items[object];

	for (size_t i = object_pointer_from(of, place);
	     i < of->pointers.count && of->pointers.items[i].place - place < POINTER_SIZE; i++)
		reach_pointer(reach, object, &of->pointers.items[i], from, call, way);
}

/* Everything that begins at ADDRESS in data, to its end. */
static void reach_data(struct reach *reach, uint32_t object, struct image_range range,
		       struct reach_way way)
{
	const struct object *of = reach->scope->objects.items[object];

	for (size_t i = object_pointer_from(of, range.start);
	     i < of->pointers.count && of->pointers.items[i].place < range.end; i++) {
		if (!decoder_spend(&reach->decoder, 1))
			return;
		reach_pointer(reach, object, &of->pointers.items[i], REACH_NONE, 0, way);
	}
}

/*
 * Deep chains of pointers would be deep recursion: reach_pointer() comes back here through data that
 * only points on. So data waits like functions do.
 */
void reach_address(struct reach *reach, uint32_t object, uint64_t address, uint32_t from,
		   uint64_t call, struct reach_way way)
{
	const struct object *of = reach->scope->objects.items[object];

	if (image_code_at(&of->image, address))
		reach_code(reach, object, address, from, call, way);
	else if (image_maps(&of->image, address))
		*VEC_PUSH(reach->arena, &reach->data) =
			(struct reach_data){object, object_data_at(of, address), way};
}

static void reach_definition(struct reach *reach, const struct link_scope_symbol *found,
			     uint32_t from, uint64_t call)
{
	const struct object *object = reach->scope->objects.items[found->object];
	const struct object_symbol *symbol = &object->symbols.items[found->symbol];
	struct reach_way way = {.via = found->object ? found->name : NULL,
				.origin = found->object ? NULL : "its own code"};

	if (image_code_at(&object->image, symbol->address))
		reach_code(reach, found->object, symbol->address, from, call, way);
	else if (symbol->size)
		*VEC_PUSH(reach->arena, &reach->data) = (struct reach_data){
			found->object, {symbol->address, symbol->address + symbol->size}, way};
	else
		reach_address(reach, found->object, symbol->address, from, call, way);
}

/* All versions of it that the first object has which has it: which one is bound is not asked. */
void reach_symbol(struct reach *reach, const char *name, uint32_t except, uint32_t from,
		  uint64_t call)
{
	const struct link_scope_symbol *symbol = link_scope_find(reach->scope, name);
	uint32_t object = REACH_NONE;

	while (symbol && decoder_spend(&reach->decoder, 1)) {
		if (strcmp(symbol->name, name) == 0 && symbol->object != except) {
			if (object == REACH_NONE)
				object = symbol->object;
			if (symbol->object == object)
				reach_definition(reach, symbol, from, call);
		}
		symbol = symbol->next ? &reach->scope->symbols.items[symbol->next - 1] : NULL;
	}
}

/* What the kernel or the loader calls of one object. */
static void reach_roots(struct reach *reach, uint32_t index)
{
	const struct object *object = reach->scope->objects.items[index];
	const struct image_dynamic *dynamic = &object->image.dynamic;
	struct reach_way way = {.origin = index ? "its start and end" : "its own code"};

	if (index == 0 || index == reach->scope->interpreter)
		reach_address(reach, index, object->image.entry, REACH_NONE, 0, way);
	if (dynamic->init)
		reach_address(reach, index, dynamic->init, REACH_NONE, 0, way);
	if (dynamic->fini)
		reach_address(reach, index, dynamic->fini, REACH_NONE, 0, way);
	for (size_t i = 0; i < sizeof(dynamic->arrays) / sizeof(dynamic->arrays[0]); i++) {
		uint64_t at = dynamic->arrays[i].start, end = dynamic->arrays[i].end;

		for (unsigned int j = 0; j < ARRAY_MAX && at + POINTER_SIZE <= end; j++) {
			reach_slot(reach, index, at, REACH_NONE, 0, way);
			at += POINTER_SIZE;
		}
	}
	for (size_t i = 0; i < object->pointers.count; i++)
		if (object->pointers.items[i].resolver || object->pointers.items[i].copy)
			reach_pointer(reach, index, &object->pointers.items[i], REACH_NONE, 0, way);
}

static bool reach_waiting(struct reach *reach)
{
	while (reach->data.count || reach->next < reach->waiting.count) {
		if (reach->data.count) {
			struct reach_data data = reach->data.items[--reach->data.count];

			reach_data(reach, data.object, data.range, data.way);
			if (!decoder_spend(&reach->decoder, 1))
				return false;
			continue;
		}
		reach->functions.items[reach->waiting.items[reach->next]].queued = false;
		if (!reach_scan(reach, reach->waiting.items[reach->next++]))
			return false;
	}
	return true;
}

/* Called by the loader of glibc, which looks for it by name. */
static const char early_init[] = "__libc_early_init";

int reach_all(struct reach *reach)
{
	int error = decoder_open(&reach->decoder, reach->scope->objects.items[0]->image.machine);

	if (error)
		return error;
	reach->decoder.budget = reach->steps ? reach->steps : reach_budget;
	for (size_t i = 0; i < reach->scope->objects.count; i++)
		reach_roots(reach, (uint32_t)i);
	reach_symbol(reach, early_init, REACH_NONE, REACH_NONE, 0);
	return reach_waiting(reach) && reach_arguments(reach) && reach->decoder.budget ? 0 : -E2BIG;
}

void reach_release(struct reach *reach)
{
	decoder_close(&reach->decoder);
}
