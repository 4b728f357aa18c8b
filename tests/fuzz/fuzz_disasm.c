/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any filter, and any bundle, as text: an instruction a line, in the form of `pale disasm`, and in that
 * of the assembler, which makes the same filter of it again.
 */
#include "compiler/cbpf/asm_read.h"
#include "compiler/compile.h"
#include "compiler/emit/emit.h"
#include "compiler/emit/program_text.h"
#include "tests/fuzz/any_filter.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_lines(const struct filter *filter, const struct sources *sources)
{
	struct text out = {0};
	uint32_t lines = 0;

	filter_print(filter, filter->abis ? filter->abis : ABI_ALL, sources, &out);
	for (size_t i = 0; i < out.length; i++)
		lines += out.bytes[i] == '\n';
	if (out.failed || lines != filter->count)
		abort();
	text_release(&out);
}

static bool same_text(const struct filter *a, const struct filter *b, uint32_t instruction)
{
	struct text first = {0}, second = {0};
	bool same;

	filter_print_instruction(a, instruction, &first);
	filter_print_instruction(b, instruction, &second);
	same = !strcmp(first.bytes, second.bytes);
	text_release(&first);
	text_release(&second);
	return same;
}

static void check_assembled(struct arena *arena, struct sources *sources,
			    const struct filter *filter)
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
	uint32_t file;

	if (asm_write(&program, &text))
		abort();
	file = sources_add(sources, "printed", text.bytes, (uint32_t)text.length);
	again = asm_read(arena, sources, file, &diags);
	if (!again || again->count != filter->count)
		abort();
	/* What an instruction does not use may be lost. */
	for (uint32_t i = 0; i < filter->count; i++)
		if (!same_text(filter, again, i))
			abort();
	text_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bundle_contents contents;
	struct filter filter;
	struct arena arena;
	struct sources sources = {.arena = &arena};
	const char *why;

	if (arena_init(&arena))
		abort();
	if (bundle_recognise(data, size)) {
		if (!bundle_read(&arena, data, size, &contents, &why))
			for (size_t i = 0; i < contents.filter_count; i++)
				check_lines(contents.filters[i], &sources);
	} else if (any_filter_read(&arena, data, size, &filter)) {
		check_lines(&filter, &sources);
		check_assembled(&arena, &sources, &filter);
	}
	arena_release(&arena);
	return 0;
}
