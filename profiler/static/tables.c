/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a jump through a register goes on x86_64: compilers make it of a table, whose address the
 * function takes, of distances from the table itself or of addresses; what has no table is a call in
 * disguise, the last of its function.
 */
#include "profiler/static/reach.h"

#include <elf.h>

enum {
	DISTANCE_SIZE = 4,
	ENTRIES_MAX = 4096,
};

/* Whether ADDRESS is an instruction of the function that reach->body is. */
static bool is_target(const struct reach *reach, uint64_t address)
{
	return body_find(&reach->body, address) != SIZE_MAX;
}

static void take_distances(struct reach *reach, uint32_t index, struct image_range table)
{
	uint32_t object = reach->functions.items[index].object;
	const struct object *of = reach->scope->objects.items[object];
	bool some = false;

	for (unsigned int i = 0; i < ENTRIES_MAX; i++) {
		uint64_t at = table.start + i * (uint64_t)DISTANCE_SIZE;
		uint64_t target =
			table.start + (uint64_t)(int64_t)(int32_t)image_number(&of->image, at, 4);

		if (at + DISTANCE_SIZE > table.end)
			break;
		if (is_target(reach, target)) {
			some = true;
			*VEC_PUSH(reach->arena, &reach->body.targets) = target;
		} else if (some && object_function_at(of, target)) {
			/* The part of it that is seldom run, and stands elsewhere. */
			reach_address(reach, object, target, REACH_NONE, 0,
				      reach->functions.items[index].way);
		} else {
			break;
		}
	}
}

static void take_addresses(struct reach *reach, const struct object *of, struct image_range table)
{
	for (size_t i = object_pointer_from(of, table.start);
	     i < of->pointers.count && of->pointers.items[i].place < table.end; i++)
		if (is_target(reach, of->pointers.items[i].target))
			*VEC_PUSH(reach->arena, &reach->body.targets) =
				of->pointers.items[i].target;
}

bool reach_find_tables(struct reach *reach, uint32_t index)
{
	const struct object *of = reach->scope->objects.items[reach->functions.items[index].object];

	reach->body.targets.count = 0;
	for (size_t i = 0; i < reach->body.operations.count; i++) {
		const struct operation *operation = &reach->body.operations.items[i];

		for (unsigned int j = 0; j < REFERENCES; j++) {
			const struct operation_reference *reference = &operation->references[j];
			struct image_range table;

			if (reference->kind == REFERENCE_NONE ||
			    reference->kind == REFERENCE_SLOT ||
			    (reference->kind == REFERENCE_NUMBER && !of->image.fixed) ||
			    !image_left(&of->image, reference->address) ||
			    image_code_at(&of->image, reference->address))
				continue;
			table = object_data_at(of, reference->address);
			take_distances(reach, index, table);
			take_addresses(reach, of, table);
			if (reach->body.targets.count >= BODY_MAX ||
			    !decoder_spend(&reach->decoder, (table.end - table.start) / 4 + 1))
				return false;
		}
	}
	return true;
}
