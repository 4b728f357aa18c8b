/* SPDX-License-Identifier: Apache-2.0 */
/* A filter as text, with the lines of the policy that it comes from. */
#include "compiler/compile.h"

static void print_place(const struct sources *sources, struct span span, struct text *out)
{
	const struct source *source = sources_get(sources, span.file);
	struct position at;
	uint32_t length;
	const char *line;

	if (!source)
		return;
	at = sources_position(sources, span.file, span.begin);
	line = sources_line(sources, span.file, at.line, &length);
	while (length && (*line == ' ' || *line == '\t')) {
		line++;
		length--;
	}
	text_printf(out, "; %s:%u: %.*s", source->name, at.line, (int)(length < 72 ? length : 72),
		    line);
}

void filter_print(const struct filter *filter, abi_set abis, const struct sources *sources,
		  struct text *out)
{
	for (uint32_t i = 0; i < filter->count; i++) {
		struct text line = {0};

		filter_print_instruction(filter, i, &line);
		text_printf(out, "%4u: %s", i, line.failed ? "?" : line.bytes);
		if (BPF_CLASS(filter->instructions[i].code) == BPF_RET &&
		    BPF_RVAL(filter->instructions[i].code) == BPF_K) {
			text_add_string(out, " ; ");
			seccomp_action_print_for(filter->instructions[i].k, abis, out);
		}
		if (filter->spans && filter->spans[i].file) {
			text_printf(out, "%*s", line.length < 28 ? (int)(28 - line.length) : 1, "");
			print_place(sources, filter->spans[i], out);
		}
		text_add_char(out, '\n');
		text_release(&line);
	}
}
