/* SPDX-License-Identifier: Apache-2.0 */
/* A filter in the syntax of the kernel's bpf_asm (tools/bpf), as asm_read.c reads it. */
#include "compiler/compile.h"
#include "compiler/emit/program_text.h"
#include "compiler/place.h"

#include <errno.h>
#include <string.h>

static void add_heading(const struct program_text *program, struct text *out)
{
	const struct filter *filter = program->filters[0];
	const char *name = place_name(program->path);

	text_add_string(out, "; ");
	if (program->policy && *program->policy) {
		text_add_string(out, "policy \"");
		place_add_words(program->policy, strlen(program->policy), out);
		text_add_string(out, "\", ");
	}
	if (program->phase)
		text_printf(out, "phase %s, ", program->phase);
	place_add_words(name, strlen(name), out);
	text_printf(out, ": %u instruction%s", filter->count, filter->count == 1 ? "" : "s");
	for (int id = 0, first = 1; id < ABI_COUNT; id++) {
		if (!(filter->abis & ABI_BIT(id)))
			continue;
		text_printf(out, "%s%s", first ? " for " : ", ", abi_get((enum abi_id)id)->name);
		first = 0;
	}
	if (program->loads) {
		text_add_string(out, "\n; With the values of --load: ");
		place_add_words(program->loads, strlen(program->loads), out);
	}
	text_add_string(out, "\n; To bytes with `pale asm`, or with bpf_asm of the kernel's "
			     "tools/bpf.\n");
}

/* Sets a bit for each instruction that a jump leads to. */
static void mark_targets(const struct filter *filter, unsigned char *marks)
{
	for (uint32_t i = 0; i < filter->count; i++) {
		const struct sock_filter *insn = &filter->instructions[i];
		uint32_t behind = i + 1;

		if (BPF_CLASS(insn->code) != BPF_JMP)
			continue;
		if (BPF_OP(insn->code) == BPF_JA) {
			marks[behind + insn->k] = 1;
			continue;
		}
		marks[behind + insn->jt] = 1;
		marks[behind + insn->jf] = 1;
	}
}

static void add_comment(const struct program_text *program, uint32_t index, struct text *out)
{
	const struct filter *filter = program->filters[0];
	const struct sock_filter *insn = &filter->instructions[index];
	bool answer = BPF_CLASS(insn->code) == BPF_RET && BPF_RVAL(insn->code) == BPF_K;
	bool place = filter->spans && filter->spans[index].file;

	if (!answer && !place)
		return;
	text_add_string(out, " ; ");
	if (answer)
		seccomp_action_print_for(insn->k, filter->abis, out);
	if (answer && place)
		text_add_string(out, "; ");
	if (place)
		place_add(program->sources, filter->spans[index], out);
}

int asm_write(const struct program_text *program, struct text *out)
{
	const struct filter *filter = program->filters[0];
	unsigned char marks[FILTER_INSTRUCTIONS_MAX] = {0};

	add_heading(program, out);
	mark_targets(filter, marks);
	for (uint32_t i = 0; i < filter->count; i++) {
		if (marks[i])
			text_printf(out, "L%u:", i);
		text_add_char(out, '\t');
		filter_print_labelled(filter, i, "L", out);
		add_comment(program, i, out);
		text_add_char(out, '\n');
	}
	return out->failed ? -ENOMEM : 0;
}
