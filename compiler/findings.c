/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/findings.h"

#include "compiler/call_text.h"
#include "compiler/prove/judge.h"
#include "compiler/resolve/abi_list.h"

#include <string.h>

static const char *keep_text(struct arena *arena, struct text *text)
{
	const char *kept =
		text->failed || !text->bytes ? "?" : arena_copy(arena, text->bytes, text->length);

	text_release(text);
	return kept;
}

static const char *call_words(struct arena *arena, const uint32_t words[WORD_COUNT])
{
	struct text text = {0};

	call_print_words(words, &text);
	return keep_text(arena, &text);
}

static const char *action_words(struct arena *arena, uint32_t action, enum abi_id abi)
{
	struct text text = {0};

	seccomp_action_print(action, abi, &text);
	return keep_text(arena, &text);
}

void findings_report_limit(struct verdict *verdict, abi_set abis, struct span span)
{
	verdict_error(
		verdict, abis, DIAG_LIMIT, span,
		"%sthe conditions are too involved to be proved: they need more than %u nodes, "
		"or %u steps",
		verdict_machine(verdict, abis), DIAGRAM_NODES_MAX, DIAGRAM_STEPS_MAX);
}

bool findings_read(struct arena *arena, const struct policy_text *text, abi_set abis,
		   struct second_reading *reading, struct verdict *verdict)
{
	struct diagrams *diagrams = arena_alloc(arena, sizeof(*diagrams));

	diagrams_init(diagrams, arena);
	return findings_read_beside(arena, diagrams, text, abis, reading, verdict);
}

bool findings_read_beside(struct arena *arena, struct diagrams *diagrams,
			  const struct policy_text *text, abi_set abis,
			  struct second_reading *reading, struct verdict *verdict)
{
	struct read_definition *definitions =
		arena_alloc_array(arena, text->definition_count + 1, sizeof(*definitions));
	struct read_options options = {abis, definitions, text->definition_count, text->phase};
	struct read_problem problem;

	for (size_t i = 0; i < text->definition_count; i++)
		definitions[i] = (struct read_definition){text->definitions[i].name,
							  text->definitions[i].value};
	reading->diagrams = diagrams;
	if (!policy_read(arena, reading->diagrams, text->sources, text->library, text->ast,
			 &options, &reading->policy, &problem)) {
		verdict_error(verdict, problem.abi ? ABI_BIT(problem.abi->id) : abis, DIAG_PROOF,
			      problem.span,
			      "the proof needs a second reading of the policy, and that finds %s",
			      problem.text);
		return false;
	}
	meaning_of(arena, reading->diagrams, &reading->policy, &reading->meaning);
	if (!reading->diagrams->overflow)
		return true;
	findings_report_limit(verdict, abis, reading->meaning.overflow);
	return false;
}

static const struct read_item *finding_source(const struct second_reading *reading,
					      const struct item_finding *finding)
{
	return &reading->policy.items.items[finding->rule->item];
}

static void report_taken(const struct second_reading *reading, const struct item_finding *finding,
			 abi_set abis, struct verdict *verdict)
{
	struct diag *diag = verdict_error(
		verdict, abis, DIAG_UNREACHABLE, finding_source(reading, finding)->item,
		"this rule can never be reached: an earlier one with another "
		"action takes every call that it means");

	diag_note(verdict->diags, diag,
		  reading->policy.items.items[finding->covered_other->item].item,
		  "the earlier rule");
}

/* Across files nothing is said: a file that is included need not know of the others. */
static void report_idle(const struct second_reading *reading, const struct item_finding *finding,
			struct verdict *verdict)
{
	const struct read_item *source = finding_source(reading, finding);
	struct diag *diag;

	if (!finding->covered_same || finding->covered_same->span.file != source->item.file)
		return;
	diag = diag_warning(verdict->diags, DIAG_UNREACHABLE, source->item,
			    "this rule does nothing: an earlier one with the same action "
			    "takes every call that it means");
	diag_note(verdict->diags, diag,
		  reading->policy.items.items[finding->covered_same->item].item,
		  "the earlier rule");
}

static void report_contradiction(const struct item_finding *finding, abi_set abis,
				 struct verdict *verdict)
{
	verdict_error(verdict, abis, DIAG_CONTRADICTION,
		      finding->rule->where.file ? finding->rule->where : finding->rule->span,
		      "this condition can never hold");
}

/* Where nobody asked for the ABIs, each counts by itself: the item has to be of use on all. */
static void report_each(const struct second_reading *reading, const struct item_finding *finding,
			abi_set looked_at, struct verdict *verdict)
{
	abi_set unreached = finding->seen & ~finding->reached & looked_at;
	abi_set never = unreached & ~finding->satisfiable;
	abi_set taken = unreached & finding->satisfiable & finding->taken;

	if (never)
		report_contradiction(finding, never, verdict);
	if (taken)
		report_taken(reading, finding, taken, verdict);
}

static void report_item(const struct second_reading *reading, const struct item_finding *finding,
			abi_set looked_at, struct verdict *verdict)
{
	if (verdict->optional)
		report_each(reading, finding, looked_at, verdict);
	else if (!finding->seen || finding->reached)
		return;
	else if (!finding->satisfiable)
		report_contradiction(finding, finding->seen, verdict);
	else if (finding->covered_other)
		report_taken(reading, finding, finding->seen, verdict);
	else
		report_idle(reading, finding, verdict);
}

/* One `expect` of the text that does not hold, on the first ABI where that is so. */
struct failed_expectation {
	struct expectation_failure first;
	abi_set abis;
};
struct failed_expectations {
	VEC(struct failed_expectation) items;
};

static void failure_note(struct arena *arena, struct failed_expectations *failures,
			 const struct expectation_failure *failure)
{
	const struct read_expectation *expectation = failure->expectation;
	abi_set abi = ABI_BIT(expectation->abi->id);

	for (size_t i = 0; i < failures->items.count; i++) {
		struct span span = failures->items.items[i].first.expectation->span;

		if (span.file != expectation->span.file || span.begin != expectation->span.begin)
			continue;
		failures->items.items[i].abis |= abi;
		return;
	}
	*VEC_PUSH(arena, &failures->items) = (struct failed_expectation){*failure, abi};
}

/* Whether an atom before atom AT says of the same value that it is another number. */
static bool atoms_clash(const struct diagrams *diagrams, const uint32_t words[WORD_COUNT],
			const uint8_t atoms[ATOMS_MAX], uint32_t at)
{
	const struct diagram_atom *atom = &diagrams->atoms[at];

	for (uint32_t i = 0; i < at; i++) {
		const struct diagram_atom *other = &diagrams->atoms[i];

		if (atoms[i] && other->high == atom->high && !strcmp(other->name, atom->name) &&
		    (words[other->word] & other->mask) != (words[atom->word] & atom->mask))
			return true;
	}
	return false;
}

/* Of wide ones the lower half shows them. */
void findings_note_loaded(const struct diagrams *diagrams, const uint32_t words[WORD_COUNT],
			  const uint8_t atoms[ATOMS_MAX], struct diag *diag,
			  struct verdict *verdict)
{
	bool clash = false;

	for (uint32_t i = 0; i < diagrams->atom_count; i++) {
		const struct diagram_atom *atom = &diagrams->atoms[i];

		if (!atoms[i] || atom->high)
			continue;
		clash |= atoms_clash(diagrams, words, atoms, i);
		diag_note(verdict->diags, diag, (struct span){0},
			  "where '%s' is 0x%x when the filter is loaded", atom->name,
			  words[atom->word] & atom->mask);
	}
	if (clash)
		diag_note(
			verdict->diags, diag, (struct span){0},
			"one value cannot be both: comparisons with it are taken for unrelated, so "
			"that more is refused here than must be");
}

static void report_failure(struct arena *arena, const struct second_reading *reading,
			   const struct failed_expectation *failed, struct verdict *verdict)
{
	const struct expectation_failure *first = &failed->first;
	const struct read_expectation *expectation = first->expectation;
	struct diag *diag = verdict_error(
		verdict, failed->abis, DIAG_EXPECTATION, expectation->span,
		"this expectation fails on %s: %s gets %s",
		abi_list(arena, failed->abis, verdict->all), call_words(arena, first->words),
		action_words(arena, first->answer, expectation->abi->id));

	findings_note_loaded(reading->diagrams, first->words, first->atoms, diag, verdict);
	if (first->place.file)
		diag_note(verdict->diags, diag, first->place, "a rule that gives this action");
}

void findings_judge(struct arena *arena, struct second_reading *reading, struct verdict *verdict)
{
	struct item_finding *findings =
		arena_alloc_array(arena, reading->policy.items.count + 1, sizeof(*findings));
	abi_set looked_at = verdict->all & ~verdict->failed;
	struct failed_expectations failures = {0};

	judge_items(reading->diagrams, &reading->meaning, findings);
	for (size_t i = 0; i < reading->policy.expectations.count; i++) {
		struct expectation_failure failure;

		if (!judge_expectation(reading->diagrams, &reading->meaning,
				       &reading->policy.expectations.items[i], &failure))
			failure_note(arena, &failures, &failure);
	}
	if (reading->diagrams->overflow) {
		findings_report_limit(verdict, looked_at, (struct span){0});
		return;
	}
	for (size_t i = 0; i < reading->policy.items.count; i++)
		if (findings[i].rule)
			report_item(reading, &findings[i], looked_at, verdict);
	for (size_t i = 0; i < failures.items.count; i++)
		report_failure(arena, reading, &failures.items.items[i], verdict);
}

/* The ABI whose names of errnos fit a call that comes to FILTER. */
static enum abi_id call_abi(const struct filter *filter, const uint32_t words[WORD_COUNT])
{
	const struct abi *abi = abi_identify(words[WORD_ARCH], words[WORD_NR]);

	return abi ? abi->id : abi_first(filter->abis)->id;
}

static void report_difference(struct arena *arena, const struct second_reading *reading,
			      const struct filter *filter, const struct proof *proof,
			      struct verdict *verdict)
{
	enum abi_id abi = call_abi(filter, proof->words);
	struct text instruction = {0};
	struct diag *diag;

	filter_print_instruction(filter, proof->instruction, &instruction);
	diag = verdict_error(
		verdict, filter->abis, DIAG_PROOF, proof->place,
		"%sthe filter is not what the policy says: %s gets %s, where the policy "
		"says %s",
		verdict_machine(verdict, filter->abis), call_words(arena, proof->words),
		action_words(arena, proof->answer, abi), action_words(arena, proof->expected, abi));
	diag_note(verdict->diags, diag,
		  filter->spans ? filter->spans[proof->instruction] : (struct span){0},
		  "instruction %u of the filter answers so: %s", proof->instruction,
		  keep_text(arena, &instruction));
	findings_note_loaded(reading->diagrams, proof->words, proof->atoms, diag, verdict);
}

bool findings_prove(struct arena *arena, struct second_reading *reading,
		    const struct filter *filter, struct verdict *verdict)
{
	return findings_prove_filled(arena, reading, filter, NULL, 0, verdict);
}

bool findings_prove_filled(struct arena *arena, struct second_reading *reading,
			   const struct filter *filter, const struct proof_value *values,
			   size_t count, struct verdict *verdict)
{
	struct proof proof =
		prove_filled(arena, reading->diagrams, &reading->meaning, filter, values, count);

	switch (proof.result) {
	case PROOF_EQUAL:
		return true;
	case PROOF_DIFFERENT:
		report_difference(arena, reading, filter, &proof, verdict);
		return false;
	case PROOF_REFUSED:
		break;
	}
	verdict_error(verdict, filter->abis, reading->diagrams->overflow ? DIAG_LIMIT : DIAG_PROOF,
		      (struct span){0}, "%sthe filter cannot be proved: instruction %u: %s",
		      verdict_machine(verdict, filter->abis), proof.instruction, proof.refusal);
	return false;
}
