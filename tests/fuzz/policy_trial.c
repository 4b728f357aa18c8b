/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/fuzz/policy_trial.h"

#include "compiler/call_text.h"
#include "compiler/compile.h"
#include "compiler/explain/answer.h"
#include "compiler/phase_proof.h"
#include "compiler/prove/program.h"
#include "policy-lang/phases.h"
#include "tests/fuzz/random_calls.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	ATTEMPTS_MAX = 40,
	CALLS_EACH = 8, /* simulated calls with one number */
	STRANGERS = 40, /* and with any */
};

/* One text, compiled once or twice. */
struct trial {
	const struct random_policy *policy;
	struct trial_counts *counts;
	struct dice *dice;
	struct arena arena;
	struct sources sources;
	struct library library;
	struct diags diags;
	struct policy_text text;
	const struct policy_rules *rules;
	uint32_t file;
};

/* A phase of it. */
struct trial_phase {
	const struct stmt *phase; /* NULL: the first */
	const struct policy_rules *rules;
	struct machine_filters filters;
};
enum {
	TRIAL_PHASES_MAX = 2
};

static void print_policy(const struct random_policy *policy, const char *text)
{
	fprintf(stderr, "%s", text);
	for (size_t i = 0; i < policy->definition_count; i++)
		fprintf(stderr, "# -D %s=%s\n", policy->definitions[i].name,
			policy->definitions[i].value);
}

/* Says what does not hold, and of which policy. */
static void __attribute__((noreturn)) trial_fail(struct trial *trial, const char *what)
{
	struct text messages = {0};

	for (size_t i = 0; i < trial->diags.list.count; i++)
		diag_render(&trial->diags, trial->diags.list.items[i], &messages);
	fprintf(stderr, "# %s\n", what);
	print_policy(trial->policy, sources_get(&trial->sources, trial->file)->text);
	fprintf(stderr, "%s", messages.bytes ? messages.bytes : "");
	abort();
}

static void __attribute__((noreturn))
trial_fail_call(struct trial *trial, const uint32_t words[WORD_COUNT])
{
	struct text call = {0};

	call_print_words(words, &call);
	fprintf(stderr, "# %s\n", call.bytes);
	trial_fail(trial, "the simulator has another answer for this call than the policy");
}

static void trial_begin(struct trial *trial, const struct text *text)
{
	if (arena_init(&trial->arena))
		abort();
	trial->sources = (struct sources){.arena = &trial->arena};
	trial->library = (struct library){0};
	trial->diags = (struct diags){.arena = &trial->arena, .sources = &trial->sources};
	trial->file =
		sources_add(&trial->sources, "random.pale", text->bytes, (uint32_t)text->length);
	trial->text = (struct policy_text){
		.ast = policy_parse(&trial->arena, &trial->sources, trial->file, &trial->diags),
		.sources = &trial->sources,
		.library = &trial->library,
		.definitions = trial->policy->definitions,
		.definition_count = trial->policy->definition_count,
	};
}

static void trial_end(struct trial *trial)
{
	arena_release(&trial->arena);
}

static bool trial_resolve(struct trial *trial)
{
	struct resolve_options options = {
		.definitions = trial->policy->definitions,
		.definition_count = trial->policy->definition_count,
		.phase = trial->text.phase,
	};

	if (trial->diags.errors)
		return false;
	trial->rules = policy_resolve(&trial->arena, &trial->sources, &trial->library,
				      trial->text.ast, &options, &trial->diags);
	return !trial->diags.errors;
}

static bool trial_compile(struct trial *trial, bool plain, struct machine_filters *filters)
{
	struct compile_options options = {.text = &trial->text, .plain = plain};

	return policy_compile_machines(&trial->arena, trial->rules, &trial->sources, &options,
				       &trial->diags, filters, NULL);
}

/* The first error. Whatever a policy is, the proof never fails. */
static enum diag_code trial_refusal(struct trial *trial)
{
	enum diag_code first = DIAG_CODE_COUNT;

	for (size_t i = 0; i < trial->diags.list.count; i++) {
		const struct diag *diag = trial->diags.list.items[i];

		if (diag->severity != DIAG_ERROR)
			continue;
		if (diag->code == DIAG_PROOF)
			trial_fail(trial, "a proof fails");
		if (first == DIAG_CODE_COUNT)
			first = diag->code;
	}
	return first;
}

/* Takes out the lines that the errors are about. False where there is none to take out. */
static bool trial_drop(const struct trial *trial, struct random_policy *policy)
{
	bool dropped = false;

	for (size_t i = 0; i < trial->diags.list.count; i++) {
		const struct diag *diag = trial->diags.list.items[i];

		if (diag->severity != DIAG_ERROR || diag->span.file != trial->file ||
		    !random_policy_drop(policy, diag->span.begin))
			continue;
		dropped = true;
		trial->counts->dropped++;
	}
	return dropped;
}

static diagram read_program(struct trial *trial, struct diagrams *diagrams,
			    const struct filter *filter)
{
	struct program_reading program;

	if (!program_read(&trial->arena, diagrams, filter, &program))
		trial_fail(trial, "a filter that was proved cannot be read");
	return program.answer;
}

/* Values of either sign that all comparisons with them see whole. */
static uint64_t *draw_loads(struct trial *trial, const struct filter *filter)
{
	uint64_t *values =
		arena_alloc_array(&trial->arena, filter->load_count + 1, sizeof(*values));

	for (uint32_t i = 0; i < filter->load_count; i++)
		do
			values[i] = dice_bits(trial->dice, 1 + dice_below(trial->dice, 64)) *
				    (dice_once_in(trial->dice, 3) ? UINT64_MAX : 1);
		while (!filter_load_fits(&filter->loads[i], values[i]));
	return values;
}

static void trial_simulate(struct trial *trial, struct second_reading *reading, diagram wanted,
			   const struct filter *filter)
{
	struct random_calls calls = {
		.dice = trial->dice,
		.diagrams = reading->diagrams,
		.filter = filter,
		.loads = draw_loads(trial, filter),
	};
	const struct filter *filled = filter_fill(&trial->arena, filter, calls.loads);
	uint8_t atoms[ATOMS_MAX];
	uint32_t words[WORD_COUNT];

	for (size_t i = 0; i < reading->meaning.abis.count; i++) {
		const struct abi_meaning *abi = &reading->meaning.abis.items[i];
		size_t count = abi->calls.count;

		if (!(filter->abis & ABI_BIT(abi->reading->abi->id)))
			continue;
		for (size_t j = 0; j < count * CALLS_EACH + STRANGERS; j++) {
			if (j < count * CALLS_EACH)
				random_call_of(&calls, abi, &abi->calls.items[j / CALLS_EACH],
					       words);
			else
				random_call_any(&calls, abi, words);
			random_calls_atoms(&calls, words, atoms);
			trial->counts->calls++;
			if (diagram_evaluate(reading->diagrams, wanted, words, atoms) !=
			    filter_simulate(filled, words).action)
				trial_fail_call(trial, words);
		}
	}
}

/* Both filters of a machine beside the policy. */
static void trial_compare(struct trial *trial, struct second_reading *reading,
			  const struct filter *filter, const struct filter *plain)
{
	diagram wanted = meaning_of_machine(&trial->arena, reading->diagrams, &reading->meaning,
					    filter->abis);

	if (read_program(trial, reading->diagrams, filter) != wanted ||
	    (plain && read_program(trial, reading->diagrams, plain) != wanted))
		trial_fail(trial, "a filter that was proved reads as something else");
	if (reading->diagrams->overflow)
		return;
	trial->counts->filters += 1 + !!plain;
	trial->counts->instructions += filter->count + (plain ? plain->count : 0);
	trial_simulate(trial, reading, wanted, filter);
	if (plain)
		trial_simulate(trial, reading, wanted, plain);
}

/* A rule's call with all arguments 0 gets ANSWER, and nothing but that. */
static void expect_compile(struct trial *trial, const struct text *with, bool right)
{
	struct trial again = {
		.policy = trial->policy, .counts = trial->counts, .dice = trial->dice};
	struct machine_filters filters;
	bool good;

	trial_begin(&again, with);
	good = trial_resolve(&again) && trial_compile(&again, false, &filters);
	if (good != right || (!good && trial_refusal(&again) != DIAG_EXPECTATION))
		trial_fail(&again, right ? "an expectation that holds is refused"
					 : "an expectation that does not hold passes");
	trial->counts->expectations++;
	trial_end(&again);
}

/* `arg0` and its like are whole registers, of which an argument of `expect` may be a half. */
static bool asks_registers(const struct text *text)
{
	char name[] = "arg0";

	for (; name[3] <= '5'; name[3]++)
		if (strstr(text->bytes, name))
			return true;
	return false;
}

static void trial_expect(struct trial *trial, const struct second_reading *reading)
{
	const struct policy_meaning *meaning = &reading->meaning;
	const struct abi_meaning *abi =
		&meaning->abis.items[dice_below(trial->dice, (uint32_t)meaning->abis.count)];
	enum abi_id id = abi->reading->abi->id;
	uint32_t words[WORD_COUNT] = {0}, action;
	const struct call_meaning *call;
	unsigned int count;
	struct text text = {0};

	if (!abi->calls.count || asks_registers(&trial->policy->text))
		return;
	call = &abi->calls.items[dice_below(trial->dice, (uint32_t)abi->calls.count)];
	words[WORD_NR] = call->number;
	words[WORD_ARCH] = abi->reading->abi->audit_arch;
	action = diagram_evaluate(reading->diagrams, call->answer, words, NULL);
	for (int wrong = 0; wrong < 2; wrong++, text_release(&text)) {
		text_printf(&text, "%swhen arch == %s {\n\texpect ", trial->policy->text.bytes,
			    abi->reading->abi->name);
		seccomp_action_print(
			wrong ? SECCOMP_RET_ERRNO + 2 + (action == SECCOMP_RET_ERRNO + 2) : action,
			id, &text);
		call_args(call->rules[0]->call, id, &count);
		text_printf(&text, " %s", call_get(call->rules[0]->call)->name);
		for (unsigned int i = 0; i < count; i++)
			text_printf(&text, "%s0", i ? ", " : "(");
		text_printf(&text, "%s;\n}\n", count ? ")" : "");
		expect_compile(trial, &text, !wrong);
	}
}

/* A policy that compiles, with its filters. */
static void trial_judge(struct trial *trial, const struct machine_filters *filters)
{
	struct second_reading *reading = arena_alloc(&trial->arena, sizeof(*reading));
	struct verdict verdict = {.diags = &trial->diags, .all = policy_rules_abis(trial->rules)};
	struct machine_filters plain;
	/* What is made small may fit where what is plain does not. */
	bool both = trial_compile(trial, true, &plain);

	if (!both && trial_refusal(trial) != DIAG_LIMIT)
		trial_fail(trial, "without optimisation it is refused");
	if (!findings_read(&trial->arena, &trial->text, verdict.all, reading, &verdict))
		trial_fail(trial, "it is read once, and not again");
	for (size_t i = 0; i < filters->items.count; i++) {
		if (!filters->items.items[i].proved)
			trial_fail(trial, "a filter is not proved");
		trial_compare(trial, reading, filters->items.items[i].filter,
			      both ? plain.items.items[i].filter : NULL);
	}
	if (!trial->text.phase && !trial->rules->loads.count && dice_once_in(trial->dice, 4))
		trial_expect(trial, reading);
	for (int abi = 0; abi < ABI_COUNT; abi++)
		trial->counts->abis[abi] += verdict.all >> abi & 1;
	trial->counts->proved += !trial->text.phase;
}

/* Whether with both filters each call gets what LATER answers, by the filters themselves. */
static bool filters_tighter(struct trial *trial, struct diagrams *diagrams,
			    const struct filter *earlier, const struct filter *later)
{
	diagram wanted = read_program(trial, diagrams, later);

	return answer_stack(&trial->arena, diagrams, wanted,
			    read_program(trial, diagrams, earlier)) == wanted;
}

/* What is said of a phase behind another is what their filters do. */
static void trial_order(struct trial *trial, const struct trial_phase phases[2])
{
	struct diagrams *diagrams = arena_alloc(&trial->arena, sizeof(*diagrams));
	struct diags diags = {.arena = &trial->arena, .sources = &trial->sources};
	struct verdict verdict = {.diags = &diags, .all = policy_rules_abis(trial->rules)};
	struct policy_text texts[2] = {trial->text, trial->text};
	bool tighter = true, wider = false;

	diagrams_init(diagrams, &trial->arena);
	for (int i = 0; i < 2; i++)
		texts[i].phase = phases[i].phase;
	phase_prove(&trial->arena, &texts[0], &texts[1], verdict.all, &verdict);
	for (size_t i = 0; i < diags.list.count; i++) {
		if (diags.list.items[i]->code == DIAG_LIMIT)
			return;
		wider |= diags.list.items[i]->code == DIAG_PHASE_WIDER;
	}
	for (size_t i = 0; i < phases[0].filters.items.count; i++)
		tighter &= filters_tighter(trial, diagrams, phases[0].filters.items.items[i].filter,
					   phases[1].filters.items.items[i].filter);
	if (diagrams->overflow)
		return;
	if (tighter == wider)
		trial_fail(trial, wider ? "a phase that is tighter is refused"
					: "a phase that is wider passes");
	trial->counts->tighter += tighter;
	trial->counts->wider += wider;
}

/* False where one of the phases does not compile. */
static bool trial_phases(struct trial *trial, struct trial_phase *phases, size_t *count)
{
	struct phase_list list = phases_list(&trial->arena, trial->text.ast);

	for (*count = 0; *count <= list.items.count; ++*count) {
		struct trial_phase *phase = &phases[*count];

		if (*count == TRIAL_PHASES_MAX)
			abort();
		phase->phase = *count ? list.items.items[*count - 1] : NULL;
		trial->text.phase = phase->phase;
		if (!trial_resolve(trial) || !trial_compile(trial, false, &phase->filters))
			return false;
		phase->rules = trial->rules;
	}
	return true;
}

static void trial_judge_phases(struct trial *trial, const struct trial_phase *phases, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		trial->text.phase = phases[i].phase;
		trial->rules = phases[i].rules;
		trial_judge(trial, &phases[i].filters);
	}
	if (count == 2)
		trial_order(trial, phases);
}

void policy_trial(struct random_policy *policy, struct dice *dice, struct trial_counts *counts)
{
	struct trial trial = {.policy = policy, .dice = dice, .counts = counts};
	enum diag_code refusal = DIAG_CODE_COUNT;
	bool again = true;

	counts->policies++;
	for (int attempt = 0; again && attempt < ATTEMPTS_MAX; attempt++) {
		struct trial_phase phases[TRIAL_PHASES_MAX];
		size_t count;

		trial_begin(&trial, &policy->text);
		if (trial_phases(&trial, phases, &count)) {
			trial_judge_phases(&trial, phases, count);
			trial_end(&trial);
			return;
		}
		refusal = trial_refusal(&trial);
		again = trial_drop(&trial, policy);
		trial_end(&trial);
	}
	counts->refused++;
	counts->refusals[refusal]++;
}
