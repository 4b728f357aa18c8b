/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/compile.h"

#include "compiler/cbpf/layout.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static const char *const pass_names[PASS_COUNT] = {
	[PASS_RULES] = "rules",
	[PASS_GRAPH] = "graph",
	[PASS_OPTIMISE] = "optimise",
	[PASS_EMIT] = "emit",
};

const char *compile_pass_name(enum compile_pass pass)
{
	assert(pass < PASS_COUNT);
	return pass_names[pass];
}

enum compile_pass compile_pass_find(const char *name)
{
	enum compile_pass pass = 0;

	while (pass < PASS_COUNT && strcmp(pass_names[pass], name) != 0)
		pass++;
	return pass;
}

static void compile_dump(const struct compile_options *options, enum compile_pass pass,
			 struct text *text)
{
	options->dump(options->dump_user, pass, text->failed || !text->bytes ? "" : text->bytes);
	text_release(text);
}

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

void filter_print(const struct filter *filter, const struct sources *sources, struct text *out)
{
	for (uint32_t i = 0; i < filter->count; i++) {
		struct text line = {0};

		filter_print_instruction(filter, i, &line);
		text_printf(out, "%4u: %s", i, line.failed ? "?" : line.bytes);
		if (BPF_CLASS(filter->instructions[i].code) == BPF_RET &&
		    BPF_RVAL(filter->instructions[i].code) == BPF_K) {
			text_add_string(out, " ; ");
			seccomp_action_print(filter->instructions[i].k, out);
		}
		if (filter->spans && filter->spans[i].file) {
			text_printf(out, "%*s", line.length < 28 ? (int)(28 - line.length) : 1, "");
			print_place(sources, filter->spans[i], out);
		}
		text_add_char(out, '\n');
		text_release(&line);
	}
}

static int compare_spans(const void *a, const void *b)
{
	const struct span *left = a, *right = b;

	if (left->file != right->file)
		return left->file < right->file ? -1 : 1;
	if (left->begin != right->begin)
		return left->begin < right->begin ? -1 : 1;
	return left->end < right->end ? -1 : left->end > right->end;
}

/*
 * The longest run of equal spans in the sorted SPANS that is shorter than BELOW; its length is 0
 * where there is none, and *WHERE one of them.
 */
static uint32_t longest_run(const struct span *spans, uint32_t count, uint32_t below,
			    struct span *where)
{
	uint32_t most = 0, run = 0;

	for (uint32_t i = 0; i < count; i++) {
		run = i > 0 && !compare_spans(&spans[i], &spans[i - 1]) ? run + 1 : 1;
		if (i + 1 < count && !compare_spans(&spans[i], &spans[i + 1]))
			continue;
		if (spans[i].file && run > most && run < below) {
			most = run;
			*where = spans[i];
		}
	}
	return most;
}

/* The kernel's limit, with the three rules that take most of it. */
static void report_too_long(const struct filter *filter, struct diags *diags)
{
	struct span where = {0};
	struct diag *diag;
	uint32_t most;

	qsort(filter->spans, filter->count, sizeof(*filter->spans), compare_spans);
	most = longest_run(filter->spans, filter->count, UINT32_MAX, &where);
	diag = diag_error(diags, DIAG_LIMIT, where,
			  "the filter has %u instructions, and the kernel takes %u; this takes %u",
			  filter->count, FILTER_INSTRUCTIONS_MAX, most);
	for (int shown = 1; shown < 3; shown++) {
		most = longest_run(filter->spans, filter->count, most, &where);
		if (most < 2)
			break;
		diag_note(diags, diag, where, "this takes %u", most);
	}
}

static abi_set rules_abis(const struct policy_rules *rules)
{
	abi_set abis = 0;

	for (size_t i = 0; i < rules->rulesets.count; i++)
		abis |= ABI_BIT(rules->rulesets.items[i].abi->id);
	return abis;
}

static struct filter *compile_emit(struct arena *arena, const struct lowering *lowering,
				   const struct sources *sources,
				   const struct compile_options *options)
{
	struct code_options code_options = {options->weights, !options->plain};
	struct code_list code;
	struct text text = {0};
	struct filter *filter;

	code_build(arena, lowering, &code_options, &code);
	if (options->dump) {
		code_print(&code, &text);
		compile_dump(options, PASS_OPTIMISE, &text);
	}
	filter = layout_filter(arena, &code);
	if (options->dump) {
		filter_print(filter, sources, &text);
		compile_dump(options, PASS_EMIT, &text);
	}
	return filter;
}

struct filter *policy_compile(struct arena *arena, const struct policy_rules *rules,
			      const struct sources *sources, const struct compile_options *options,
			      struct diags *diags, struct filter_stats *stats)
{
	struct lowering lowering;
	struct text text = {0};
	struct filter *filter;
	unsigned int errors = diags->errors;
	const char *why;
	uint32_t at;

	assert(rules->rulesets.count > 0);
	if (options->dump) {
		policy_rules_print(rules, sources, &text);
		compile_dump(options, PASS_RULES, &text);
	}
	policy_lower(arena, rules, &lowering, diags);
	if (lowering.graph.root != NODE_NONE)
		policy_check_expectations(rules, &lowering, diags);
	if (diags->errors > errors)
		return NULL;
	if (options->dump) {
		lowering_print(&lowering, &text);
		compile_dump(options, PASS_GRAPH, &text);
	}
	filter = compile_emit(arena, &lowering, sources, options);
	filter->abis = rules_abis(rules);
	filter->big_endian = rules->rulesets.items[0].abi->big_endian;
	if (filter->count > FILTER_INSTRUCTIONS_MAX) {
		report_too_long(filter, diags);
		return NULL;
	}
	if (filter_check(filter, &at, &why))
		assert(!"a filter that the kernel would refuse");
	if (stats)
		*stats = filter_measure(arena, filter, &lowering, options->weights);
	return filter;
}
