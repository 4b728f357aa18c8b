/* SPDX-License-Identifier: Apache-2.0 */
/* What one function reaches, and which system calls it makes. */
#include "profiler/static/reach.h"

#include <elf.h>

struct scan {
	struct reach *reach;
	uint32_t index;
	/* For reach_arguments(): what the register has at that call, else not asked. */
	uint64_t asked;
	uint8_t asked_register;
	struct value answer;
	bool answered;
};

static const struct reach_function *scanned(const struct scan *scan)
{
	return &scan->reach->functions.items[scan->index];
}

bool reach_decode(struct reach *reach, uint32_t index)
{
	const struct reach_function *function = &reach->functions.items[index];
	const struct object *object = reach->scope->objects.items[function->object];

	if (function->gap)
		return body_follow(reach->arena, &reach->decoder, object, function->body.start,
				   &reach->body);
	if (!body_read(reach->arena, &reach->decoder, object, function->body, &reach->body))
		return false;
	/* Read from its middle alone, where it is entered there alone and not between instructions. */
	if (!function->begun && function->entries.count &&
	    body_find(&reach->body, function->entries.items[0]) == SIZE_MAX) {
		struct image_range rest = {function->entries.items[0], function->body.end};

		if (!body_read(reach->arena, &reach->decoder, object, rest, &reach->body))
			return false;
	}
	for (size_t i = 0; i < function->entries.count; i++) {
		struct image_range range = {function->entries.items[i], function->body.end};

		if (!body_read_entry(reach->arena, &reach->decoder, object, range, &reach->body))
			return false;
	}
	return true;
}

static bool is_inside(const struct scan *scan, uint64_t address)
{
	const struct reach_function *function = scanned(scan);

	if (!function->gap && address >= function->body.start && address < function->body.end)
		return true;
	return body_find(&scan->reach->body, address) != SIZE_MAX;
}

/*
 * A number in a program for fixed addresses is an address where it could be one: of a function, or of
 * data. Elsewhere it never is.
 */
static bool is_address(const struct object *object, uint64_t number)
{
	const struct object_function *function;

	if (!object->image.fixed || !image_maps(&object->image, number))
		return false;
	function = object_function_at(object, number);
	return !function || function->body.start == number;
}

static void follow_reference(const struct scan *scan, const struct operation_reference *reference)
{
	const struct reach_function *function = scanned(scan);
	const struct object *object = scan->reach->scope->objects.items[function->object];
	struct reach_way way = function->way;

	if (reference->kind == REFERENCE_NONE ||
	    (reference->kind == REFERENCE_NUMBER && !is_address(object, reference->address)))
		return;
	if (reference->kind == REFERENCE_SLOT)
		reach_slot(scan->reach, function->object, reference->address, REACH_NONE, 0, way);
	else if (!is_inside(scan, reference->address) || reference->address == function->body.start)
		reach_address(scan->reach, function->object, reference->address, REACH_NONE, 0,
			      way);
}

static void follow_operation(const struct scan *scan, const struct operation *operation)
{
	const struct reach_function *function = scanned(scan);
	uint32_t object = function->object;
	struct reach_way way = function->way;

	for (unsigned int i = 0; i < REFERENCES; i++)
		follow_reference(scan, &operation->references[i]);
	switch (operation->kind) {
	case OP_CALL:
		reach_address(scan->reach, object, operation->value, scan->index,
			      operation->address, way);
		break;
	case OP_BRANCH:
	case OP_JUMP:
		if (!is_inside(scan, operation->value))
			reach_address(scan->reach, object, operation->value, scan->index,
				      operation->address, way);
		break;
	case OP_CALL_SLOT:
	case OP_JUMP_SLOT:
		reach_slot(scan->reach, object, operation->value, scan->index, operation->address,
			   way);
		break;
	default:
		break;
	}
}

/* Where the function's last instruction goes on, the next function is run into. */
static void follow_end(const struct scan *scan)
{
	const struct body *body = &scan->reach->body;
	const struct reach_function *function = scanned(scan);
	const struct operation *last;

	if (function->gap || !body->operations.count || is_inside(scan, function->body.end))
		return;
	last = &body->operations.items[body->operations.count - 1];
	/* Behind a call it does not: what is called last never returns. */
	if (last->kind == OP_BRANCH || last->kind <= OP_SYSCALL)
		reach_address(scan->reach, function->object, function->body.end, REACH_NONE, 0,
			      function->way);
}

static void add_argument(struct scan *scan, const struct operation *operation, uint8_t reg)
{
	struct reach_function *function = &scan->reach->functions.items[scan->index];
	struct reach_argument *argument;

	for (size_t i = 0; i < function->arguments.count; i++)
		if (function->arguments.items[i].address == operation->address &&
		    function->arguments.items[i].reg == reg)
			return;
	argument = VEC_PUSH(scan->reach->arena, &function->arguments);
	argument->reg = reg;
	argument->abi = operation->abi;
	argument->object = function->object;
	argument->address = operation->address;
}

static void take_call(struct scan *scan, const struct operation *operation,
		      const struct flow_state *state)
{
	const struct reach_function *function = scanned(scan);
	const struct value *number = &state->values[operation->source];

	if (number->kind == VALUE_ENTRY) {
		add_argument(scan, operation, number->entry);
		return;
	}
	scan->reach->found(scan->reach->context,
			   scan->reach->scope->objects.items[function->object], operation->address,
			   operation->abi, number, &function->way);
}

/* Addresses that aarch64 puts together of a page and an offset. */
static void follow_values(const struct scan *scan, const struct operation *operation,
			  const struct flow_state *state)
{
	const struct value *base;
	unsigned int count = operation->kind == OP_LOAD ? operation->alu : 1;

	if (operation->source >= REGISTERS || operation->other != REGISTER_NONE)
		return;
	if (operation->kind != OP_LOAD &&
	    (operation->kind != OP_COMPUTE || operation->alu != ALU_ADD))
		return;
	base = &state->values[operation->source];
	for (unsigned int i = 0; base->kind == VALUE_CONSTANT && i < base->count; i++) {
		for (unsigned int j = 0; j < count; j++) {
			struct operation_reference reference = {
				operation->kind == OP_LOAD ? REFERENCE_SLOT : REFERENCE_ADDRESS,
				base->constants[i] + operation->value + j * 8U};

			follow_reference(scan, &reference);
		}
	}
}

static void visit(void *context, const struct operation *operation, const struct flow_state *state)
{
	struct scan *scan = context;

	if (scan->asked) {
		if (operation->address == scan->asked) {
			scan->answer = state->values[scan->asked_register];
			scan->answered = true;
		}
		return;
	}
	if (operation->kind == OP_SYSCALL)
		take_call(scan, operation, state);
	if (scan->reach->decoder.machine == EM_AARCH64)
		follow_values(scan, operation, state);
}

static bool run_flow(struct scan *scan)
{
	struct reach *reach = scan->reach;
	const struct reach_function *function = scanned(scan);

	if (!reach_mark_final(reach, scan->index))
		return false;

	return flow_run(reach->arena, &reach->flow, &reach->decoder, &reach->body,
			function->begun ? function->body.start : UINT64_MAX,
			function->entries.items, function->entries.count, visit, scan);
}

bool reach_scan(struct reach *reach, uint32_t index)
{
	struct scan scan = {.reach = reach, .index = index};

	if (!reach_decode(reach, index))
		return false;
	/* A second time, it is for an entry more: there may be more instructions, or other values. */
	if (reach->body.operations.count > reach->functions.items[index].scanned) {
		for (size_t i = 0; i < reach->body.operations.count; i++)
			follow_operation(&scan, &reach->body.operations.items[i]);
		follow_end(&scan);
	}
	reach->functions.items[index].scanned = reach->body.operations.count;
	if (reach->body.indirect && reach->decoder.machine == EM_X86_64 &&
	    !reach_find_tables(reach, index))
		return false;
	if (!reach->body.calls && reach->decoder.machine == EM_X86_64)
		return true;
	return run_flow(&scan);
}

/* What the caller has in the register at the call: numbers, or its own argument once more. */
static bool ask_caller(struct reach *reach, uint32_t edge, const struct reach_argument *argument)
{
	const struct reach_edge *from = &reach->edges.items[edge];
	struct scan scan = {.reach = reach,
			    .index = from->caller,
			    .asked = from->address,
			    .asked_register = argument->reg};
	const struct object *object = reach->scope->objects.items[argument->object];

	if (!reach_decode(reach, from->caller) || !reach_find_tables(reach, from->caller) ||
	    !run_flow(&scan))
		return false;
	if (!scan.answered)
		scan.answer.kind = VALUE_ANY;
	if (scan.answer.kind == VALUE_ENTRY) {
		struct reach_function *caller = &reach->functions.items[from->caller];
		struct reach_argument passed = *argument;

		passed.reg = scan.answer.entry;
		passed.done = false;
		for (size_t i = 0; i < caller->arguments.count; i++)
			if (caller->arguments.items[i].address == passed.address &&
			    caller->arguments.items[i].object == passed.object &&
			    caller->arguments.items[i].reg == passed.reg)
				return true;
		*VEC_PUSH(reach->arena, &caller->arguments) = passed;
		return true;
	}
	if (scan.answer.kind == VALUE_CONSTANT)
		reach->found(reach->context, object, argument->address, argument->abi, &scan.answer,
			     &reach->functions.items[from->caller].way);
	else
		reach->found(reach->context, reach->scope->objects.items[scanned(&scan)->object],
			     from->address, argument->abi, &scan.answer, &scanned(&scan)->way);
	return true;
}

static bool settle_argument(struct reach *reach, uint32_t index, size_t which)
{
	struct reach_argument argument = reach->functions.items[index].arguments.items[which];
	const struct value anything = {.kind = VALUE_ANY};
	size_t callers = reach->functions.items[index].callers.count;

	reach->functions.items[index].arguments.items[which].done = true;
	if (reach->functions.items[index].taken)
		reach->found(reach->context, reach->scope->objects.items[argument.object],
			     argument.address, argument.abi, &anything,
			     &reach->functions.items[index].way);
	for (size_t i = 0; i < callers; i++)
		if (!ask_caller(reach, reach->functions.items[index].callers.items[i], &argument))
			return false;
	return true;
}

bool reach_arguments(struct reach *reach)
{
	bool again = true;

	while (again) {
		again = false;
		for (uint32_t i = 0; i < reach->functions.count; i++) {
			for (size_t j = 0; j < reach->functions.items[i].arguments.count; j++) {
				if (reach->functions.items[i].arguments.items[j].done)
					continue;
				again = true;
				if (!settle_argument(reach, i, j))
					return false;
			}
		}
	}
	return true;
}
