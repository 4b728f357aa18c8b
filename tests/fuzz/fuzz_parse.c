/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whatever the bytes are, they parse or are refused; what parses prints, and what is printed parses
 * to the same tree. Built without libFuzzer (tests/fuzz/replay.c has the main()), it reads files.
 */
#include "policy-lang/parse.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void check_print(struct arena *arena, struct sources *sources, const struct policy_ast *ast)
{
	struct diags diags = {.arena = arena, .sources = sources};
	struct text once = {0}, twice = {0};
	const struct policy_ast *again;
	uint32_t file;

	ast_print(ast, &once);
	text_add(&once, "", 0);
	if (once.failed)
		abort();
	file = sources_add(sources, "printed", once.bytes, (uint32_t)once.length);
	again = policy_parse(arena, sources, file, &diags);
	if (diags.errors || !ast_equal(ast, again))
		abort();
	ast_print(again, &twice);
	text_add(&twice, "", 0);
	if (twice.failed || strcmp(once.bytes, twice.bytes) != 0)
		abort();
	text_release(&once);
	text_release(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct arena arena;
	struct sources sources = {.arena = &arena};
	struct diags diags = {.arena = &arena, .sources = &sources};
	struct text messages = {0};
	const struct policy_ast *ast;
	uint32_t file;

	if (length > SOURCE_SIZE_MAX || arena_init(&arena))
		return 0;
	file = sources_add(&sources, "input", (const char *)bytes, (uint32_t)length);
	ast = policy_parse(&arena, &sources, file, &diags);
	diags_sort(&diags);
	for (size_t i = 0; i < diags.list.count; i++)
		diag_render(&diags, diags.list.items[i], &messages);
	text_release(&messages);
	if (!diags.errors)
		check_print(&arena, &sources, ast);
	arena_release(&arena);
	return 0;
}
