/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/phase_proof.h"

#include "compiler/call_text.h"
#include "compiler/explain/answer.h"
#include "policy-lang/phases.h"

#include <assert.h>
#include <linux/prctl.h>
#include <linux/seccomp.h>

/* A phase, the one before it, and the calls that were told of already. */
struct comparison {
	struct arena *arena;
	struct diagrams diagrams;
	const struct policy_text *texts[2]; /* the earlier phase, the later one */
	struct second_reading readings[2];
	struct verdict *verdict;
	struct span told[2][ABI_COUNT]; /* where both answer them */
	unsigned int told_count;
};

static const char *take_text(const struct comparison *comparison, struct text *text)
{
	const char *kept = text->failed || !text->bytes
				   ? "?"
				   : arena_copy(comparison->arena, text->bytes, text->length);

	text_release(text);
	return kept;
}

static const char *name_of(const struct comparison *comparison, int which)
{
	return phase_name(comparison->texts[which]->phase);
}

static bool spans_equal(struct span a, struct span b)
{
	return a.file == b.file && a.begin == b.begin && a.end == b.end;
}

/* Whether another machine had the same calls answered in the same places. */
static bool told_already(struct comparison *comparison, const struct span places[2])
{
	for (unsigned int i = 0; i < comparison->told_count; i++)
		if (spans_equal(comparison->told[0][i], places[0]) &&
		    spans_equal(comparison->told[1][i], places[1]))
			return true;
	assert(comparison->told_count < ABI_COUNT);
	comparison->told[0][comparison->told_count] = places[0];
	comparison->told[1][comparison->told_count++] = places[1];
	return false;
}

static void report_wider(struct comparison *comparison, abi_set machine, const diagram answers[2],
			 const uint32_t words[WORD_COUNT], const uint8_t atoms[ATOMS_MAX])
{
	const struct abi *abi = abi_identify(words[WORD_ARCH], words[WORD_NR]);
	enum abi_id names = abi ? abi->id : abi_first(machine)->id;
	struct verdict *verdict = comparison->verdict;
	struct text call = {0}, actions[2] = {{0}, {0}};
	struct span places[2];
	struct diag *diag;

	for (int i = 0; i < 2; i++) {
		places[i] = meaning_place(&comparison->diagrams, &comparison->readings[i].meaning,
					  machine, words, atoms);
		seccomp_action_print(
			diagram_evaluate(&comparison->diagrams, answers[i], words, atoms), names,
			&actions[i]);
	}
	call_print_words(words, &call);
	if (told_already(comparison, places))
		goto out;
	diag = verdict_error(verdict, machine, DIAG_PHASE_WIDER, places[1],
			     "phase '%s' is not tighter than '%s': %s%s%s gets %s, where '%s' "
			     "says %s",
			     name_of(comparison, 1), name_of(comparison, 0),
			     take_text(comparison, &call), abi ? " on " : "", abi ? abi->name : "",
			     take_text(comparison, &actions[1]), name_of(comparison, 0),
			     take_text(comparison, &actions[0]));
	if (places[0].file)
		diag_note(verdict->diags, diag, places[0], "'%s' says so here",
			  name_of(comparison, 0));
	findings_note_loaded(&comparison->diagrams, words, atoms, diag, verdict);
out:
	text_release(&call);
	text_release(&actions[0]);
	text_release(&actions[1]);
}

/* With both filters each call has to get what the later phase says. */
static bool prove_tighter(struct comparison *comparison, abi_set machine)
{
	struct diagrams *diagrams = &comparison->diagrams;
	uint32_t words[WORD_COUNT];
	uint8_t atoms[ATOMS_MAX];
	diagram answers[2], stacked, differs;

	for (int i = 0; i < 2; i++)
		answers[i] = meaning_of_machine(comparison->arena, diagrams,
						&comparison->readings[i].meaning, machine);
	stacked = answer_stack(comparison->arena, diagrams, answers[1], answers[0]);
	differs = diagram_difference(diagrams, stacked, answers[1]);
	if (diagrams->overflow) {
		findings_report_limit(comparison->verdict, machine, (struct span){0});
		return false;
	}
	if (!diagram_witness(diagrams, differs, words, atoms))
		return true;
	report_wider(comparison, machine, answers, words, atoms);
	return false;
}

/* Calls that put a filter on: by number, and what stands in their first arguments. */
static const struct entry {
	const char *call;
	uint32_t first;
	uint32_t second;
	bool has_second;
} entries[] = {
	{"seccomp", SECCOMP_SET_MODE_FILTER, 0, false},
	{"prctl", PR_SET_SECCOMP, SECCOMP_MODE_FILTER, true},
};

/* A filter may be put on where somebody else is asked, who may say yes. */
static bool may_pass(uint32_t answer)
{
	switch (answer & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_LOG:
	case SECCOMP_RET_TRACE:
	case SECCOMP_RET_USER_NOTIF:
		return true;
	default:
		return false;
	}
}

static diagram where_argument(struct diagrams *diagrams, const struct abi *abi, unsigned int index,
			      uint32_t value)
{
	struct field field = field_of_word(abi_word_low(abi, index) / 4, 32);

	return diagram_range(diagrams, &field, value, value);
}

static bool lets_enter(struct comparison *comparison, const struct abi_meaning *meaning,
		       const struct entry *entry)
{
	struct diagrams *diagrams = &comparison->diagrams;
	const struct abi *abi = meaning->reading->abi;
	int64_t number = call_number(call_find(entry->call), abi->id);
	struct value_list values = {0};
	diagram calls, answer;

	if (number < 0)
		return false;
	calls = where_argument(diagrams, abi, 0, entry->first);
	if (entry->has_second)
		calls = diagram_and(diagrams, calls,
				    where_argument(diagrams, abi, 1, entry->second));
	answer = meaning_of_number(diagrams, meaning, (uint32_t)number);
	answer = diagram_select(diagrams, calls, answer,
				diagram_leaf(diagrams, SECCOMP_RET_KILL_PROCESS));
	if (diagrams->overflow)
		return true; /* it was or will be reported */
	apply_values(comparison->arena, diagrams, answer, &values);
	for (size_t i = 0; i < values.items.count; i++)
		if (may_pass(values.items.items[i]))
			return true;
	return false;
}

/* A program of one ABI of the machine at least has to get into the later phase. */
static bool prove_reachable(struct comparison *comparison, abi_set machine)
{
	const struct policy_meaning *meaning = &comparison->readings[0].meaning;
	struct diag *diag;

	for (size_t i = 0; i < meaning->abis.count; i++) {
		const struct abi_meaning *abi = &meaning->abis.items[i];

		if (!(machine & ABI_BIT(abi->reading->abi->id)))
			continue;
		for (size_t j = 0; j < sizeof(entries) / sizeof(entries[0]); j++)
			if (lets_enter(comparison, abi, &entries[j]))
				return true;
	}
	diag = verdict_error(comparison->verdict, machine, DIAG_PHASE_UNREACHABLE,
			     comparison->texts[1]->phase->group.name.span,
			     "phase '%s' can never be entered: '%s' lets no call pass that puts a "
			     "filter on",
			     name_of(comparison, 1), name_of(comparison, 0));
	diag_note(comparison->verdict->diags, diag, (struct span){0},
		  "'%s' has to have: allow seccomp where op == SECCOMP_SET_MODE_FILTER;",
		  name_of(comparison, 0));
	return false;
}

bool phase_prove(struct arena *arena, const struct policy_text *earlier,
		 const struct policy_text *later, abi_set abis, struct verdict *verdict)
{
	struct comparison *comparison = arena_alloc(arena, sizeof(*comparison));
	bool good = true, entered = true;

	*comparison =
		(struct comparison){.arena = arena, .texts = {earlier, later}, .verdict = verdict};
	diagrams_init(&comparison->diagrams, arena);
	for (int i = 0; i < 2; i++)
		if (!findings_read_beside(arena, &comparison->diagrams, comparison->texts[i], abis,
					  &comparison->readings[i], verdict))
			return false;
	while (abis) {
		abi_set machine = abi_machine(abi_first(abis)) & abis;

		good &= prove_tighter(comparison, machine);
		/* Said once: what is missing on one machine is missing on the next. */
		entered = entered && prove_reachable(comparison, machine);
		abis &= ~machine;
	}
	return good && entered;
}
