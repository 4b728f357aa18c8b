/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Jumps go forward only, and those that test reach 255 instructions. So the filter is written from
 * its end to its beginning: what an instruction jumps to is placed before it is, and one that
 * turns out to be too far away gets a stand-in right behind the jump: a copy where that is one
 * instruction, else an unconditional jump. Later jumps use the stand-in as well.
 */
#include "compiler/cbpf/layout.h"

#include <assert.h>
#include <string.h>

#define PLACE_NONE UINT32_MAX
#define JUMP_MAX 255u

struct layout {
	struct arena *arena;
	const struct code_list *list;
	uint32_t *places; /* of each code, counted from the filter's end; the last stand-in's */
	uint32_t *sizes;  /* how many instructions each would be as a tree, saturating */
	VEC(struct sock_filter) out; /* from the filter's end */
	VEC(struct span) spans;
	VEC(struct filter_patch) patches; /* instructions counted from the filter's end too */
};

static void layout_push(struct layout *layout, uint16_t code, uint32_t jt, uint32_t jf, uint32_t k,
			struct span span)
{
	assert(jt <= JUMP_MAX && jf <= JUMP_MAX);
	*VEC_PUSH(layout->arena, &layout->out) =
		(struct sock_filter){code, (uint8_t)jt, (uint8_t)jf, k};
	*VEC_PUSH(layout->arena, &layout->spans) = span;
}

/* How many instructions stand between the one that is pushed next and CODE. */
static uint32_t layout_distance(const struct layout *layout, code_id code)
{
	return (uint32_t)layout->out.count - layout->places[code] - 1;
}

static const uint16_t test_opcodes[] = {
	[CODE_EQUAL] = BPF_JMP | BPF_JEQ | BPF_K,
	[CODE_GREATER_EQUAL] = BPF_JMP | BPF_JGE | BPF_K,
	[CODE_SET] = BPF_JMP | BPF_JSET | BPF_K,
};

/* A test both of whose targets are in reach from here. */
static bool layout_reaches(const struct layout *layout, const struct code *code)
{
	return code->no != CODE_NONE && layout_distance(layout, code->yes) <= JUMP_MAX &&
	       layout_distance(layout, code->no) <= JUMP_MAX;
}

static void layout_push_test(struct layout *layout, const struct code *code)
{
	if (code->load)
		*VEC_PUSH(layout->arena, &layout->patches) =
			(struct filter_patch){(uint32_t)layout->out.count, load_index(code->load),
					      load_is_high(code->load)};
	layout_push(layout, test_opcodes[code->kind], layout_distance(layout, code->yes),
		    layout_distance(layout, code->no), code->k, code->span);
}

/* A second return or test takes no more room than the jump to the first, and saves running it. */
static void layout_stand_in(struct layout *layout, code_id id)
{
	const struct code *code = &layout->list->items.items[id];

	if (code->kind == CODE_RETURN)
		layout_push(layout, BPF_RET | BPF_K, 0, 0, code->k, code->span);
	else if (layout_reaches(layout, code))
		layout_push_test(layout, code);
	else
		layout_push(layout, BPF_JMP | BPF_JA, 0, 0, layout_distance(layout, id),
			    code->span);
	layout->places[id] = (uint32_t)layout->out.count - 1;
}

static void layout_place(struct layout *layout, code_id id);

static void place_step(struct layout *layout, const struct code *code)
{
	uint16_t opcode =
		code->kind == CODE_LOAD ? BPF_LD | BPF_W | BPF_ABS : BPF_ALU | BPF_AND | BPF_K;

	layout_place(layout, code->yes);
	if (layout_distance(layout, code->yes) != 0)
		layout_stand_in(layout, code->yes);
	layout_push(layout, opcode, 0, 0, code->k, code->span);
}

static void place_test(struct layout *layout, const struct code *code)
{
	bool yes_first = layout->sizes[code->yes] >= layout->sizes[code->no];

	/* The larger side goes to the far end, so that the jump over the smaller one is short. */
	layout_place(layout, yes_first ? code->yes : code->no);
	layout_place(layout, yes_first ? code->no : code->yes);
	for (;;) {
		if (layout_distance(layout, code->yes) > JUMP_MAX)
			layout_stand_in(layout, code->yes);
		else if (layout_distance(layout, code->no) > JUMP_MAX)
			layout_stand_in(layout, code->no);
		else
			break;
	}
	layout_push_test(layout, code);
}

static void layout_place(struct layout *layout, code_id id)
{
	const struct code *code = &layout->list->items.items[id];

	if (layout->places[id] != PLACE_NONE)
		return;
	if (code->kind == CODE_RETURN)
		layout_push(layout, BPF_RET | BPF_K, 0, 0, code->k, code->span);
	else if (code->kind == CODE_LOAD || code->kind == CODE_AND)
		place_step(layout, code);
	else
		place_test(layout, code);
	layout->places[id] = (uint32_t)layout->out.count - 1;
}

/* Codes refer to older ones, so that one walk upwards finds all sizes. */
static void layout_measure(struct layout *layout)
{
	for (code_id id = 0; id < layout->list->items.count; id++) {
		const struct code *code = &layout->list->items.items[id];
		uint64_t size = 1;

		if (code->yes != CODE_NONE)
			size += layout->sizes[code->yes];
		if (code->no != CODE_NONE)
			size += layout->sizes[code->no];
		layout->sizes[id] = size < UINT32_MAX ? (uint32_t)size : UINT32_MAX;
	}
}

/* They were noted from the end to the beginning. */
static void layout_turn_patches(const struct layout *layout, struct filter *filter)
{
	size_t count = layout->patches.count;
	struct filter_patch *patches =
		arena_alloc_array(layout->arena, count + 1, sizeof(*patches));

	for (size_t i = 0; i < count; i++) {
		patches[i] = layout->patches.items[count - 1 - i];
		patches[i].instruction = filter->count - 1 - patches[i].instruction;
	}
	filter->patches = patches;
	filter->patch_count = (uint32_t)count;
}

struct filter *layout_filter(struct arena *arena, const struct code_list *list)
{
	struct filter *filter = arena_alloc(arena, sizeof(*filter));
	struct layout layout = {
		.arena = arena,
		.list = list,
		.places = arena_alloc_array(arena, list->items.count, sizeof(uint32_t)),
		.sizes = arena_alloc_array(arena, list->items.count, sizeof(uint32_t)),
	};

	memset(layout.places, 0xff, list->items.count * sizeof(uint32_t));
	layout_measure(&layout);
	layout_place(&layout, list->root);
	filter->count = (uint32_t)layout.out.count;
	filter->instructions = arena_alloc_array(arena, filter->count, sizeof(struct sock_filter));
	filter->spans = arena_alloc_array(arena, filter->count, sizeof(struct span));
	for (uint32_t i = 0; i < filter->count; i++) {
		filter->instructions[i] = layout.out.items[filter->count - 1 - i];
		filter->spans[i] = layout.spans.items[filter->count - 1 - i];
	}
	layout_turn_patches(&layout, filter);
	return filter;
}
