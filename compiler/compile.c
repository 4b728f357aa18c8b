/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/compile.h"

#include "compiler/cbpf/layout.h"
#include "compiler/graph/lower.h"
#include "compiler/partition.h"
#include "compiler/resolve/abi_list.h"
#include "policy-lang/phases.h"

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

	if (!strcmp(name, "optimize"))
		return PASS_OPTIMISE;
	while (pass < PASS_COUNT && strcmp(pass_names[pass], name) != 0)
		pass++;
	return pass;
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
static void report_too_long(const struct filter *filter, struct verdict *verdict)
{
	struct span where = {0};
	struct diag *diag;
	uint32_t most;

	qsort(filter->spans, filter->count, sizeof(*filter->spans), compare_spans);
	most = longest_run(filter->spans, filter->count, UINT32_MAX, &where);
	diag = verdict_error(
		verdict, filter->abis, DIAG_LIMIT, where,
		"%sthe filter has %u instructions, and the kernel takes %u; this takes %u",
		verdict_machine(verdict, filter->abis), filter->count, FILTER_INSTRUCTIONS_MAX,
		most);
	for (int shown = 1; shown < 3; shown++) {
		most = longest_run(filter->spans, filter->count, most, &where);
		if (most < 2)
			break;
		diag_note(verdict->diags, diag, where, "this takes %u", most);
	}
}

/* One compilation: a machine's filter, or those of several. */
struct compilation {
	struct arena *arena;
	const struct sources *sources;
	const struct compile_options *options;
	struct verdict verdict;
	struct policy_parts parts;
	struct graph_budget *budget;    /* of all parts, whose graphs point to it */
	struct lowering **lowerings;    /* as parts */
	struct second_reading *reading; /* NULL where there is none to prove by */
};

static void compile_dump(const struct compilation *job, size_t part, enum compile_pass pass,
			 struct text *text)
{
	const struct compile_options *options = job->options;
	const struct abi *abi = job->parts.items.items[part].rulesets.items[0].abi;
	struct text whole = {0};

	if (options->text && options->text->phase)
		text_printf(&whole, "# phase %s\n", phase_name(options->text->phase));
	if (job->parts.items.count > 1)
		text_printf(&whole, "# %s\n", abi_machine_name(abi));
	text_add(&whole, text->bytes ? text->bytes : "", text->length);
	options->dump(options->dump_user, pass,
		      text->failed || whole.failed || !whole.bytes ? "" : whole.bytes);
	text_release(text);
	text_release(&whole);
}

/* False where the limits of graphs, which all parts share, are passed. */
static bool compile_lower_part(struct compilation *job, size_t part)
{
	const struct policy_rules *rules = &job->parts.items.items[part];
	struct lowering *lowering = arena_alloc(job->arena, sizeof(*lowering));
	struct text text = {0};

	if (job->options->dump) {
		policy_rules_print(rules, job->sources, &text);
		compile_dump(job, part, PASS_RULES, &text);
	}
	policy_lower(job->arena, rules, job->budget, lowering, &job->verdict);
	job->lowerings[part] = lowering;
	return !lowering->graph.overflow;
}

/* Reads the policy a second time and judges it by that. */
static void compile_judge(struct compilation *job)
{
	struct second_reading *reading = arena_alloc(job->arena, sizeof(*reading));

	if (!findings_read(job->arena, job->options->text, job->verdict.all, reading,
			   &job->verdict))
		return;
	findings_judge(job->arena, reading, &job->verdict);
	job->reading = reading;
}

/* Lowers all parts and judges them together. False where a mistake was an error. */
static bool compile_lower(struct compilation *job)
{
	unsigned int errors = job->verdict.diags->errors;
	abi_set unseen = 0; /* behind a part that passed the limits */
	size_t count = 0;

	job->budget = arena_alloc(job->arena, sizeof(*job->budget));
	while (count < job->parts.items.count && compile_lower_part(job, count))
		count++;
	for (size_t i = count + 1; i < job->parts.items.count; i++)
		unseen |= policy_rules_abis(&job->parts.items.items[i]);
	if (unseen && job->options->optional)
		diag_warning(job->verdict.diags, DIAG_LIMIT, (struct span){0},
			     "at its limit, pale has not looked at %s",
			     abi_list(job->arena, unseen, job->verdict.all));
	if (job->options->text && job->verdict.diags->errors == errors)
		compile_judge(job);
	return job->verdict.diags->errors == errors;
}

/* A value that nothing on the machine compares with may be any: it is asked for all the same. */
static void filter_name_loads(struct arena *arena, const struct policy_rules *rules,
			      struct filter *filter)
{
	size_t count = rules->loads.count;
	struct filter_load *loads = arena_alloc_array(arena, count + 1, sizeof(*loads));

	for (size_t i = 0; i < count; i++) {
		const struct load *load = &rules->loads.items[i];

		loads[i] = (struct filter_load){load->name, 64};
		for (int id = 0; id < ABI_COUNT; id++)
			if (filter->abis & ABI_BIT(id) && load->bits[id] &&
			    load->bits[id] < loads[i].bits)
				loads[i].bits = load->bits[id];
	}
	filter->loads = loads;
	filter->load_count = (uint32_t)count;
}

static struct weighing compile_weighing(const struct compile_options *options)
{
	return (struct weighing){.given = options->weights, .uncached = options->uncached};
}

/* Each switch takes an instruction at least: what passes the kernel's limit need not be clever too. */
static enum tree_aim compile_aim(const struct compile_options *options, const struct graph *graph)
{
	if (options->plain || graph_exceeds(graph, graph->root, FILTER_INSTRUCTIONS_MAX))
		return TREE_PLAIN;
	return options->small ? TREE_SMALL : TREE_FAST;
}

static void *keep(struct arena *arena, const void *items, size_t count, size_t size)
{
	void *kept = arena_alloc_array(arena, count + 1, size);

	if (count)
		memcpy(kept, items, count * size);
	return kept;
}

/*
 * The code of a part and its places take the most memory of all, and only the filter is wanted, so they
 * have an arena of their own where there is address space for one.
 */
static struct filter *compile_lay_out(const struct compilation *job, size_t part,
				      const struct code_options *options, struct bound_sum *bound)
{
	struct arena scratch = {0};
	struct arena *arena = arena_init(&scratch) ? job->arena : &scratch;
	struct filter *filter = arena_alloc(job->arena, sizeof(*filter));
	struct code_list code;
	struct text text = {0};

	code_build(arena, job->lowerings[part], options, &code);
	*bound = code.bound;
	if (job->options->dump) {
		code_print(&code, &text);
		compile_dump(job, part, PASS_OPTIMISE, &text);
	}
	*filter = *layout_filter(arena, &code);
	filter->instructions = keep(job->arena, filter->instructions, filter->count,
				    sizeof(*filter->instructions));
	filter->spans = keep(job->arena, filter->spans, filter->count, sizeof(*filter->spans));
	filter->patches =
		keep(job->arena, filter->patches, filter->patch_count, sizeof(*filter->patches));
	arena_release(&scratch);
	return filter;
}

static struct filter *compile_emit(const struct compilation *job, size_t part,
				   struct bound_sum *bound)
{
	struct code_options code_options = {
		.weighing = compile_weighing(job->options),
		.bound = job->options->bound,
		.aim = compile_aim(job->options, &job->lowerings[part]->graph),
	};
	const struct policy_rules *rules = &job->parts.items.items[part];
	const struct lowering *lowering = job->lowerings[part];
	struct text text = {0};
	struct filter *filter;

	if (job->options->dump) {
		lowering_print(lowering, &text);
		compile_dump(job, part, PASS_GRAPH, &text);
	}
	filter = compile_lay_out(job, part, &code_options, bound);
	filter->abis = policy_rules_abis(rules);
	filter_name_loads(job->arena, rules, filter);
	filter->big_endian = rules->rulesets.items[0].abi->big_endian;
	if (job->options->dump) {
		filter_print(filter, filter->abis, job->sources, &text);
		compile_dump(job, part, PASS_EMIT, &text);
	}
	return filter;
}

/* The filter of a part; NULL where it passes the kernel's limit or is not what the policy says. */
static struct filter *compile_part(struct compilation *job, size_t part, struct filter_stats *stats)
{
	struct weighing weighing = compile_weighing(job->options);
	struct bound_sum bound;
	struct filter *filter = compile_emit(job, part, &bound);
	const char *why;
	uint32_t at;

	if (filter->count > FILTER_INSTRUCTIONS_MAX) {
		report_too_long(filter, &job->verdict);
		return NULL;
	}
	if (filter_check(filter, &at, &why)) {
		verdict_error(&job->verdict, filter->abis, DIAG_PROOF, (struct span){0},
			      "the kernel would refuse the filter: instruction %u: %s", at, why);
		return NULL;
	}
	if (job->reading && !findings_prove(job->arena, job->reading, filter, &job->verdict))
		return NULL;
	if (!stats)
		return filter;
	*stats = filter_measure(job->arena, filter, job->lowerings[part], &weighing);
	stats->bound = bound;
	return filter;
}

static struct compilation compile_begin(struct arena *arena, const struct policy_rules *rules,
					const struct sources *sources,
					const struct compile_options *options, struct diags *diags)
{
	struct compilation job = {
		.arena = arena,
		.sources = sources,
		.options = options,
		.verdict = {.diags = diags,
			    .optional = options->optional,
			    .all = policy_rules_abis(rules)},
		.parts = policy_partition(arena, rules),
	};

	job.lowerings = arena_alloc_array(arena, job.parts.items.count, sizeof(*job.lowerings));
	return job;
}

bool policy_compile_machines(struct arena *arena, const struct policy_rules *rules,
			     const struct sources *sources, const struct compile_options *options,
			     struct diags *diags, struct machine_filters *filters, abi_set *failed)
{
	struct compilation job = compile_begin(arena, rules, sources, options, diags);
	unsigned int errors = diags->errors;
	bool good = compile_lower(&job);

	*filters = (struct machine_filters){0};
	for (size_t i = 0; good && i < job.parts.items.count; i++) {
		struct machine_filter made = {0};

		if (!job.lowerings[i] || job.lowerings[i]->graph.root == NODE_NONE)
			continue;
		made.abi = job.parts.items.items[i].rulesets.items[0].abi;
		made.filter = compile_part(&job, i, &made.stats);
		made.proved = job.reading != NULL;
		if (made.filter)
			*VEC_PUSH(arena, &filters->items) = made;
	}
	if (failed)
		*failed = job.verdict.failed;
	return diags->errors == errors;
}

struct filter *policy_compile(struct arena *arena, const struct policy_rules *rules,
			      const struct sources *sources, const struct compile_options *options,
			      struct diags *diags, struct filter_stats *stats)
{
	struct compilation job = compile_begin(arena, rules, sources, options, diags);

	assert(job.parts.items.count == 1);
	/* Where rules were put together by hand, their foreign is what stands here. */
	job.parts.items.items[0] = *rules;
	return compile_lower(&job) ? compile_part(&job, 0, stats) : NULL;
}
