/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/phase_proof.h"

#include "compiler/call_text.h"
#include "compiler/explain/answer.h"
#include "compiler/resolve/abi_list.h"
#include "policy-lang/phases.h"

#include <assert.h>
#include <linux/seccomp.h>
#include <string.h>

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

/*
 * The one call that pale_apply_phase() makes (runtime/libpale/apply.c): what stands in its first two
 * registers, whole. The third has a pointer, which may be anything; nobody knows what the others have.
 */
static const uint32_t entry_words[] = {SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC};

/* The machines' ABIs on which a later phase cannot be put on, and a call that does not pass. */
struct closed_door {
	abi_set abis;
	const struct abi *first;
	abi_set machine; /* the first's */
	uint32_t answer;
	uint32_t words[WORD_COUNT];
	uint8_t atoms[ATOMS_MAX];
	bool by_chance; /* others do pass */
};

/*
 * What lets a filter be put on. A tracer may say yes; but a listener there is none, since neither
 * libpale nor pale-run makes one: the kernel answers ENOSYS then.
 */
static bool may_pass(uint32_t answer)
{
	switch (answer & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_LOG:
	case SECCOMP_RET_TRACE:
		return true;
	default:
		return false;
	}
}

static diagram where_word(struct diagrams *diagrams, diagram calls, uint32_t offset, uint32_t value)
{
	struct field field = field_of_word(offset / 4, 32);

	return diagram_and(diagrams, calls, diagram_range(diagrams, &field, value, value));
}

/* The calls by which an ABI's programs put the later phase on, as the words of their arguments. */
static diagram entry_calls(struct diagrams *diagrams, const struct abi *abi)
{
	diagram calls = DIAGRAM_ALL;

	for (unsigned int i = 0; i < sizeof(entry_words) / sizeof(entry_words[0]); i++) {
		calls = where_word(diagrams, calls, abi_word_low(abi, i), entry_words[i]);
		calls = where_word(diagrams, calls, abi_word_high(abi, i), 0);
	}
	return calls;
}

/* Those of CALLS that ANSWER stops. */
static diagram calls_stopped(struct comparison *comparison, diagram calls, diagram answer)
{
	struct diagrams *diagrams = &comparison->diagrams;
	struct value_list values = {0};
	diagram stopped = DIAGRAM_NONE;

	answer = diagram_select(diagrams, calls, answer, diagram_leaf(diagrams, SECCOMP_RET_ALLOW));
	if (diagrams->overflow)
		return DIAGRAM_NONE;
	apply_values(comparison->arena, diagrams, answer, &values);
	for (size_t i = 0; i < values.items.count; i++)
		if (!may_pass(values.items.items[i]))
			stopped =
				diagram_or(diagrams, stopped,
					   diagram_where(diagrams, answer, values.items.items[i]));
	return stopped;
}

/* What is stopped for one pointer, or one number that is given at load, cannot be relied on. */
static void try_entry(struct comparison *comparison, abi_set machine,
		      const struct abi_meaning *meaning, struct closed_door *door)
{
	struct diagrams *diagrams = &comparison->diagrams;
	const struct abi *abi = meaning->reading->abi;
	int64_t number = call_number(call_find("seccomp"), abi->id);
	uint32_t words[WORD_COUNT];
	uint8_t atoms[ATOMS_MAX];
	diagram answer, calls, stopped;

	assert(number >= 0);
	answer = meaning_of_number(diagrams, meaning, (uint32_t)number);
	calls = entry_calls(diagrams, abi);
	stopped = calls_stopped(comparison, calls, answer);
	if (diagrams->overflow || !diagram_witness(diagrams, stopped, words, atoms))
		return;
	door->abis |= ABI_BIT(abi->id);
	if (door->first)
		return;
	door->first = abi;
	door->machine = machine;
	door->by_chance = stopped != calls;
	door->answer = diagram_evaluate(diagrams, answer, words, atoms);
	memcpy(door->words, words, sizeof(words));
	memcpy(door->atoms, atoms, sizeof(atoms));
	door->words[WORD_ARCH] = abi->audit_arch;
	door->words[WORD_NR] = (uint32_t)number;
}

static void try_entries(struct comparison *comparison, abi_set machine, struct closed_door *door)
{
	const struct policy_meaning *meaning = &comparison->readings[0].meaning;

	for (size_t i = 0; i < meaning->abis.count; i++)
		if (machine & ABI_BIT(meaning->abis.items[i].reading->abi->id))
			try_entry(comparison, machine, &meaning->abis.items[i], door);
}

static void report_closed(struct comparison *comparison, const struct closed_door *door)
{
	struct verdict *verdict = comparison->verdict;
	struct text call = {0}, action = {0};
	struct span place = meaning_place(&comparison->diagrams, &comparison->readings[0].meaning,
					  door->machine, door->words, door->atoms);
	struct diag *diag;
	bool everywhere = door->abis == verdict->all;

	call_print_words(door->words, &call);
	seccomp_action_print(door->answer, door->first->id, &action);
	diag = verdict_error(
		verdict, door->abis, DIAG_PHASE_UNREACHABLE,
		comparison->texts[1]->phase->group.name.span,
		"phase '%s' is out of reach%s%s: pale_apply_phase() puts it on by %s, which gets "
		"%s in '%s'",
		name_of(comparison, 1), everywhere ? "" : " on ",
		everywhere ? "" : abi_list(comparison->arena, door->abis, verdict->all),
		take_text(comparison, &call), take_text(comparison, &action),
		name_of(comparison, 0));
	if (place.file)
		diag_note(verdict->diags, diag, place, "'%s' says so here", name_of(comparison, 0));
	findings_note_loaded(&comparison->diagrams, door->words, door->atoms, diag, verdict);
	if (door->by_chance)
		diag_note(verdict->diags, diag, (struct span){0},
			  "it passes for some values of its pointer, or of what is known only at "
			  "load, and has to for all");
	diag_note(verdict->diags, diag, (struct span){0},
		  "'%s' has to have, above other rules for seccomp: allow seccomp where op == "
		  "SECCOMP_SET_MODE_FILTER && flags == SECCOMP_FILTER_FLAG_TSYNC;",
		  name_of(comparison, 0));
}

bool phase_prove(struct arena *arena, const struct policy_text *earlier,
		 const struct policy_text *later, abi_set abis, struct verdict *verdict)
{
	struct comparison *comparison = arena_alloc(arena, sizeof(*comparison));
	struct closed_door *door = arena_alloc(arena, sizeof(*door));
	bool good = true;

	*comparison =
		(struct comparison){.arena = arena, .texts = {earlier, later}, .verdict = verdict};
	*door = (struct closed_door){.abis = 0};
	diagrams_init(&comparison->diagrams, arena);
	for (int i = 0; i < 2; i++)
		if (!findings_read_beside(arena, &comparison->diagrams, comparison->texts[i], abis,
					  &comparison->readings[i], verdict))
			return false;
	while (abis) {
		abi_set machine = abi_machine(abi_first(abis)) & abis;

		good &= prove_tighter(comparison, machine);
		try_entries(comparison, machine, door);
		if (good && comparison->diagrams.overflow) {
			findings_report_limit(verdict, machine, (struct span){0});
			return false;
		}
		abis &= ~machine;
	}
	if (door->abis)
		report_closed(comparison, door);
	return good && !door->abis;
}
