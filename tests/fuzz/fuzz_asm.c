/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever the bytes are, they are assembled or refused; what is assembled is a filter that seccomp
 * takes, and its text is assembled to the same filter. Built without libFuzzer (tests/fuzz/replay.c
 * has the main()), it reads files.
 */
#include "compiler/cbpf/asm_read.h"
#include "compiler/emit/program_text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void check_filter(struct arena *arena, struct sources *sources, const struct filter *filter)
{
	struct diags diags = {.arena = arena, .sources = sources};
	const struct program_text program = {
		.symbol = "x",
		.path = "input",
		.filters = &filter,
		.filter_count = 1,
		.sources = sources,
	};
	struct text text = {0};
	const struct filter *again;
	const char *why;
	uint32_t at;

	if (filter_check(filter, &at, &why) || asm_write(&program, &text))
		abort();
	at = sources_add(sources, "printed", text.bytes, (uint32_t)text.length);
	again = asm_read(arena, sources, at, &diags);
	if (!again || again->count != filter->count ||
	    memcmp(again->instructions, filter->instructions,
		   filter->count * sizeof(struct sock_filter)) != 0)
		abort();
	text_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct arena arena;
	struct sources sources = {.arena = &arena};
	struct diags diags = {.arena = &arena, .sources = &sources};
	struct text messages = {0};
	const struct filter *filter;
	uint32_t file;

	if (length > SOURCE_SIZE_MAX || arena_init(&arena))
		return 0;
	file = sources_add(&sources, "input", (const char *)bytes, (uint32_t)length);
	filter = asm_read(&arena, &sources, file, &diags);
	diags_sort(&diags);
	for (size_t i = 0; i < diags.list.count; i++)
		diag_render(&diags, diags.list.items[i], &messages);
	text_release(&messages);
	if (!filter != (diags.errors > 0))
		abort();
	if (filter)
		check_filter(&arena, &sources, filter);
	arena_release(&arena);
	return 0;
}
