/* SPDX-License-Identifier: Apache-2.0 */
/* Bytes as a recording: what is accepted is written back the same, and makes a policy. */
#include "profiler/infer/infer.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Read, written and read again, it is the same text, and merging it in again adds nothing. */
static void check_written(struct arena *arena, const struct recording *recording,
			  struct diags *diags)
{
	struct text first = {0}, second = {0};
	struct recording_pool *pool = recording_pool_new(arena);
	struct recording both = {0};
	const struct recording *again = NULL;

	if (recording_write(recording, &first) < 0)
		abort();
	recording_merge(arena, &both, recording, "fuzz", diags);
	for (int i = 0; i < 2; i++) { /* the second time from what the pool knows */
		again = recording_pool_read(pool, "written", first.bytes, first.length, diags);
		if (!again)
			abort();
		recording_merge(arena, &both, again, "written", diags);
	}
	if (diags->errors || both.runs.count != recording->runs.count)
		abort();
	if (recording_write(again, &second) < 0 || first.length != second.length ||
	    memcmp(first.bytes, second.bytes, first.length) != 0)
		abort();
	text_release(&first);
	text_release(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
	struct arena arena;
	struct sources sources = {.arena = &arena};
	struct diags diags = {.arena = &arena, .sources = &sources};
	const struct recording *recording;

	if (arena_init(&arena) < 0)
		return 0;
	recording = recording_read(&arena, "fuzz", (const char *)bytes, length, &diags);
	if (recording) {
		check_written(&arena, recording, &diags);
		for (int detail = INFER_BALANCED; detail <= INFER_EXACT; detail++) {
			struct infer_options options = {.detail = (enum infer_detail)detail,
							.name = "fuzz"};
			struct policy_ast *ast = infer_policy(&arena, recording, &options, &diags);
			struct text text = {0};

			if (ast)
				ast_print(ast, &text);
			text_release(&text);
		}
	}
	arena_release(&arena);
	return 0;
}
