/* SPDX-License-Identifier: Apache-2.0 */
/* Filters as a C header, of which the preprocessor picks one. */
#include "compiler/compile.h"
#include "compiler/emit/program_text.h"
#include "compiler/emit/target.h"
#include "compiler/place.h"

#include <errno.h>
#include <string.h>

static void add_words(const char *words, struct text *out)
{
	place_add_words(words, strlen(words), out);
}

static void add_guard_name(const char *symbol, struct text *out)
{
	text_add_string(out, "PALE_");
	for (; *symbol; symbol++)
		text_add_char(out, *symbol >= 'a' && *symbol <= 'z' ? (char)(*symbol - 'a' + 'A')
								    : *symbol);
	text_add_string(out, "_FILTER_H");
}

static void add_heading(const struct program_text *program, struct text *out)
{
	const char *symbol = program->symbol;

	text_add_string(out, "/*\n * The seccomp filter of ");
	if (program->policy && *program->policy) {
		text_add_string(out, "policy \"");
		add_words(program->policy, out);
		text_add_string(out, "\", ");
	}
	if (program->phase)
		text_printf(out, "phase %s, ", program->phase);
	add_words(place_name(program->path), out);
	text_add_string(out, ". Made by `pale compile --format c`: edit the policy instead.\n");
	if (program->loads) {
		text_add_string(out, " * With the values of --load: ");
		add_words(program->loads, out);
		text_add_string(out, ".\n");
	}
	if (program->sandbox)
		text_add_string(out, " * The policy's sandbox is not in here: pale-run(1) and "
				     "pale_apply(3) set that up from a bundle.\n");
	text_printf(
		out,
		" *\n"
		" * To load it for all threads, when all is open that the filter would refuse to "
		"open:\n"
		" *\n"
		" *\t#define _GNU_SOURCE\t... before any header, for syscall() ...\n"
		" *\t#include <sys/prctl.h>\n"
		" *\t#include <sys/syscall.h>\n"
		" *\t#include <unistd.h>\n"
		" *\n"
		" *\tstruct sock_fprog program = %s_program();\n"
		" *\n"
		" *\tif (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||\n"
		" *\t    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, "
		"SECCOMP_FILTER_FLAG_TSYNC, &program))\n"
		" *\t\t... there is no fence: do not go on ...\n"
		" *\n"
		" * See seccomp(2). It cannot be taken back, and programs that are executed "
		"inherit it.\n"
		" */\n",
		symbol);
}

static void add_condition(const struct filter *filter, bool first, struct text *out)
{
	bool several = false;

	text_add_string(out, first ? "#if " : "#elif ");
	for (int id = 0; id < ABI_COUNT; id++) {
		if (!(filter->abis & ABI_BIT(id)))
			continue;
		text_printf(out, "%s(%s)", several ? " || \\\n\t" : "",
			    target_get((enum abi_id)id)->condition);
		several = true;
	}
	text_add_char(out, '\n');
}

static void add_instruction(const struct program_text *program, const struct filter *filter,
			    uint32_t index, struct text *out)
{
	const struct sock_filter *insn = &filter->instructions[index];

	text_printf(out, "\t{0x%04x, %u, %u, 0x%08x}, /* %u: ", insn->code, insn->jt, insn->jf,
		    insn->k, index);
	filter_print_instruction(filter, index, out);
	if (BPF_CLASS(insn->code) == BPF_RET && BPF_RVAL(insn->code) == BPF_K) {
		text_add_string(out, ", ");
		seccomp_action_print_for(insn->k, filter->abis, out);
	}
	if (filter->spans && filter->spans[index].file) {
		text_add_string(out, "; ");
		place_add(program->sources, filter->spans[index], out);
	}
	text_add_string(out, " */\n");
}

static void add_filter(const struct program_text *program, const struct filter *filter, bool first,
		       struct text *out)
{
	const char *separator = " for ";

	add_condition(filter, first, out);
	text_printf(out, "/* %u instruction%s", filter->count, filter->count == 1 ? "" : "s");
	for (int id = 0; id < ABI_COUNT; id++) {
		if (!(filter->abis & ABI_BIT(id)))
			continue;
		text_printf(out, "%s%s", separator, abi_get((enum abi_id)id)->name);
		separator = ", ";
	}
	text_printf(out, " */\nstatic const struct sock_filter %s_filter[] = {\n", program->symbol);
	for (uint32_t i = 0; i < filter->count; i++)
		add_instruction(program, filter, i, out);
	text_add_string(out, "};\n");
}

int c_header_write(const struct program_text *program, struct text *out)
{
	const char *symbol = program->symbol;

	add_heading(program, out);
	text_add_string(out, "#ifndef ");
	add_guard_name(symbol, out);
	text_add_string(out, "\n#define ");
	add_guard_name(symbol, out);
	text_add_string(out, "\n\n#include <linux/filter.h>\n#include <linux/seccomp.h>\n\n");
	for (size_t i = 0; i < program->filter_count; i++)
		add_filter(program, program->filters[i], i == 0, out);
	text_printf(
		out,
		"#else\n"
		"#error \"%s: the policy was not compiled for this machine: see --arch of pale "
		"compile\"\n"
		"#endif\n"
		"\n"
		"enum { %s_filter_count = sizeof(%s_filter) / sizeof(%s_filter[0]) };\n"
		"\n"
		"/* The filter as prctl(2) and seccomp(2) take it. The kernel only reads it. */\n"
		"static inline struct sock_fprog %s_program(void)\n"
		"{\n"
		"\tstruct sock_fprog program;\n"
		"\n"
		"\tprogram.len = %s_filter_count;\n"
		"\tprogram.filter = (struct sock_filter *)%s_filter;\n"
		"\treturn program;\n"
		"}\n"
		"\n"
		"#endif\n",
		symbol, symbol, symbol, symbol, symbol, symbol, symbol);
	return out->failed ? -ENOMEM : 0;
}
