/* SPDX-License-Identifier: Apache-2.0 */
#include "compiler/explain/abi_answers.h"

#include <stdlib.h>

void decompile_refuse(const struct diagrams *diagrams, struct decompile_refusal *refusal,
		      const struct abi *abi, uint32_t number, diagram set, const char *why)
{
	if (refusal->why)
		return;
	refusal->why = why;
	refusal->has_call = true;
	refusal->at.abi = abi;
	refusal->at.call = call_by_number(abi->id, number);
	diagram_witness(diagrams, set, refusal->at.example, NULL);
	refusal->at.example[WORD_NR] = number;
	refusal->at.example[WORD_ARCH] = abi->audit_arch;
}

static int compare_calls(const void *a, const void *b)
{
	const struct named_answer *left = a, *right = b;

	return (left->number > right->number) - (left->number < right->number);
}

static void read_calls(struct arena *arena, const struct diagrams *diagrams, diagram of_arch,
		       struct abi_answers *answers)
{
	for (size_t call = 0; call < call_count(); call++) {
		int64_t number = call_number((call_id)call, answers->abi->id);
		struct named_answer *named;

		if (number < 0)
			continue;
		named = VEC_PUSH(arena, &answers->calls);
		named->number = (uint32_t)number;
		named->call = (call_id)call;
		named->answer = answer_of_number(diagrams, of_arch, (uint32_t)number);
	}
	qsort(answers->calls.items, answers->calls.count, sizeof(*answers->calls.items),
	      compare_calls);
}

/* What is left of PIECES once the calls with names are taken out. */
static void read_others(struct arena *arena, const struct number_pieces *pieces,
			struct abi_answers *answers)
{
	for (size_t i = 0; i < pieces->items.count; i++) {
		struct number_piece piece = pieces->items.items[i];
		uint64_t next = piece.first;

		for (size_t j = 0; j < answers->calls.count; j++) {
			uint32_t number = answers->calls.items[j].number;

			if (number < next || number > piece.last)
				continue;
			if (number > next)
				*VEC_PUSH(arena, &answers->others.items) = (struct number_piece){
					(uint32_t)next, number - 1, piece.answer};
			next = number + (uint64_t)1;
		}
		if (next <= piece.last)
			*VEC_PUSH(arena, &answers->others.items) =
				(struct number_piece){(uint32_t)next, piece.last, piece.answer};
	}
}

static bool read_abi(struct arena *arena, struct diagrams *diagrams, diagram answer,
		     struct abi_answers *answers, struct decompile_refusal *refusal)
{
	const struct abi *abi = answers->abi;
	diagram of_arch = answer_of_arch(diagrams, answer, abi->audit_arch);
	struct number_pieces pieces = {0};

	if (!answer_pieces(arena, diagrams, of_arch, abi->number_first, abi->number_last,
			   &pieces)) {
		refusal->why = "its answers change with the call's number too often";
		return false;
	}
	read_calls(arena, diagrams, of_arch, answers);
	read_others(arena, &pieces, answers);
	for (size_t i = 0; i < answers->others.items.count; i++) {
		struct number_piece piece = answers->others.items.items[i];

		if (!diagram_is_leaf(diagrams, piece.answer))
			decompile_refuse(diagrams, refusal, abi, piece.first, DIAGRAM_ALL,
					 "it looks at the arguments of a number that no call has, "
					 "and a policy names calls only");
	}
	return !refusal->why;
}

static diagram calls_of(struct diagrams *diagrams, abi_set abis)
{
	diagram calls = DIAGRAM_NONE;

	for (int id = 0; id < ABI_COUNT; id++)
		if (abis & ABI_BIT(id))
			calls = diagram_or(diagrams, calls,
					   answer_calls_of_abi(diagrams, abi_get((enum abi_id)id)));
	return calls;
}

/*
 * The one answer that calls by way of other ABIs get. What comes to other machines is left out, and
 * each of the machine's own ABIs is taken by itself: the first of its calls that is answered in
 * another way is shown.
 */
static bool read_foreign(struct diagrams *diagrams, const struct machine_answer *machine,
			 uint32_t *foreign, struct decompile_refusal *refusal)
{
	diagram none = answer_of_arch(diagrams, machine->answer, AUDIT_ARCH_NONE);
	abi_set of_machine = abi_machine(abi_first(machine->abis));
	diagram known = calls_of(diagrams, machine->abis | (ABI_ALL & ~of_machine));
	const struct abi *abi;
	uint32_t words[WORD_COUNT];
	diagram wrong;

	while (!diagram_is_leaf(diagrams, none))
		none = diagram_low(diagrams, none);
	*foreign = diagram_value(diagrams, none);
	wrong = diagram_without(diagrams, diagram_difference(diagrams, machine->answer, none),
				known);
	/* Rather one that can come to the machine. */
	if (!diagram_witness(diagrams, diagram_and(diagrams, wrong, calls_of(diagrams, of_machine)),
			     words, NULL) &&
	    !diagram_witness(diagrams, wrong, words, NULL))
		return true;
	refusal->why = "it does not answer all calls by way of ABIs that it is not for alike, and "
		       "`foreign` has one action";
	abi = abi_identify(words[WORD_ARCH], words[WORD_NR]);
	refusal->has_call = true;
	refusal->at.abi = abi;
	refusal->at.call = abi ? call_by_number(abi->id, words[WORD_NR]) : CALL_NONE;
	for (unsigned int i = 0; i < WORD_COUNT; i++)
		refusal->at.example[i] = words[i];
	return false;
}

bool abi_answers_read(struct arena *arena, struct diagrams *diagrams,
		      const struct decompile_request *request, struct abi_answers_list *list,
		      struct decompile_refusal *refusal)
{
	for (int id = 0; id < ABI_COUNT; id++) {
		const struct machine_answer *machine = NULL;
		struct abi_answers *answers;
		uint32_t foreign;

		for (size_t i = 0; i < request->machines.count && !machine; i++)
			if (request->machines.items[i].abis & ABI_BIT(id))
				machine = &request->machines.items[i];
		if (!machine)
			continue;
		if (!read_foreign(diagrams, machine, &foreign, refusal))
			return false;
		answers = VEC_PUSH(arena, &list->items);
		answers->abi = abi_get((enum abi_id)id);
		answers->foreign = foreign;
		if (!read_abi(arena, diagrams, machine->answer, answers, refusal))
			return false;
	}
	return true;
}

/* Whether CALL is one that `default` is for, with that baseline and highest number. */
static bool is_known(const struct abi *abi, const struct named_answer *call, uint32_t highest,
		     struct kernel_version baseline)
{
	if (abi->number_private && call->number >= abi->number_private)
		return kernel_version_compare(call_since(call->call, abi->id),
					      call_baseline(abi->id, baseline)) <= 0;
	return call->number <= highest;
}

uint32_t abi_answers_otherwise(const struct abi_answers *answers, const struct named_answer *call,
			       struct kernel_version baseline)
{
	return is_known(answers->abi, call, answers->highest, baseline) ? answers->unmatched
									: answers->unknown;
}

/* The action that most of the calls that are known get whatever their arguments. */
static uint32_t commonest(const struct diagrams *diagrams, const struct abi_answers *answers,
			  uint32_t highest, struct kernel_version baseline)
{
	uint32_t best = answers->foreign;
	size_t most = 0;

	for (size_t i = 0; i < answers->calls.count; i++) {
		const struct named_answer *call = &answers->calls.items[i];
		size_t count = 0;

		if (!diagram_is_leaf(diagrams, call->answer) ||
		    !is_known(answers->abi, call, highest, baseline))
			continue;
		for (size_t j = i; j < answers->calls.count; j++)
			count += answers->calls.items[j].answer == call->answer;
		if (count > most) {
			most = count;
			best = diagram_value(diagrams, call->answer);
		}
	}
	return best;
}

/* A warning of a call that is newer than the baseline outweighs all calls that are left to be said. */
enum {
	BURDEN_WARNING = 1 << 20
};

/* What it costs to say calls that get something else than what is not named does. */
static size_t burden(struct diagrams *diagrams, const struct abi_answers *answers,
		     struct kernel_version baseline)
{
	struct kernel_version latest = call_baseline(answers->abi->id, baseline);
	size_t sum = 0;

	for (size_t i = 0; i < answers->calls.count; i++) {
		const struct named_answer *call = &answers->calls.items[i];

		if (call->answer ==
		    diagram_leaf(diagrams, abi_answers_otherwise(answers, call, baseline)))
			continue;
		sum++;
		if (kernel_version_compare(call_since(call->call, answers->abi->id), latest) > 0)
			sum += BURDEN_WARNING;
	}
	return sum;
}

/*
 * Settles one ABI for a baseline. Returns its burden, or SIZE_MAX where a number without a name stands
 * in the way: *BAD. With ALIKE `default` is what `unknown` is where nothing speaks against it.
 */
static size_t settle_abi(struct diagrams *diagrams, struct abi_answers *answers,
			 struct kernel_version baseline, bool alike, uint32_t *bad)
{
	uint32_t highest = call_highest(answers->abi->id, baseline);
	bool has_unmatched = false, has_unknown = false;

	for (size_t i = 0; i < answers->others.items.count; i++) {
		struct number_piece piece = answers->others.items.items[i];
		uint32_t value = diagram_value(diagrams, piece.answer);

		*bad = piece.first;
		if (piece.first <= highest && has_unmatched && value != answers->unmatched)
			return SIZE_MAX;
		if (piece.first <= highest) {
			has_unmatched = true;
			answers->unmatched = value;
		}
		*bad = piece.first <= highest ? highest + 1 : piece.first;
		if (piece.last > highest && has_unknown && value != answers->unknown)
			return SIZE_MAX;
		if (piece.last > highest) {
			has_unknown = true;
			answers->unknown = value;
		}
	}
	answers->highest = highest;
	if (!has_unmatched && alike)
		answers->unmatched = answers->unknown;
	else if (!has_unmatched)
		answers->unmatched = commonest(diagrams, answers, highest, baseline);
	if (!has_unknown)
		answers->unknown = answers->unmatched;
	return burden(diagrams, answers, baseline);
}

static size_t settle_all(struct diagrams *diagrams, struct abi_answers_list *list,
			 struct kernel_version baseline, bool alike,
			 struct decompile_refusal *refusal)
{
	size_t left = 0;

	for (size_t i = 0; i < list->items.count; i++) {
		struct abi_answers *answers = &list->items.items[i];
		uint32_t bad = 0;
		size_t some = settle_abi(diagrams, answers, baseline, alike, &bad);

		if (some == SIZE_MAX) {
			if (refusal)
				decompile_refuse(diagrams, refusal, answers->abi, bad, DIAGRAM_ALL,
						 "it answers a number that no call has in a way of "
						 "its own, and a policy names calls only");
			return SIZE_MAX;
		}
		left += some;
	}
	return left;
}

struct releases {
	VEC(struct kernel_version) items;
};

static int compare_releases(const void *a, const void *b)
{
	return kernel_version_compare(*(const struct kernel_version *)b,
				      *(const struct kernel_version *)a);
}

/* Those that brought a call, the newest first. */
static void releases_list(struct arena *arena, struct releases *releases)
{
	*VEC_PUSH(arena, &releases->items) = call_newest_kernel();
	for (size_t i = 0; i < call_count(); i++) {
		struct kernel_version since = call_get((call_id)i)->since;

		if (since.major > 2 || (since.major == 2 && since.minor >= 6))
			*VEC_PUSH(arena, &releases->items) = since;
	}
	qsort(releases->items.items, releases->items.count, sizeof(*releases->items.items),
	      compare_releases);
}

/* Whether all numbers without a name get one answer, which then is `default` and `unknown` both. */
static bool settle_alike(struct abi_answers_list *list)
{
	for (size_t i = 0; i < list->items.count; i++) {
		struct abi_answers *answers = &list->items.items[i];

		for (size_t j = 1; j < answers->others.items.count; j++)
			if (answers->others.items.items[j].answer !=
			    answers->others.items.items[0].answer)
				return false;
	}
	return true;
}

bool abi_answers_settle(struct arena *arena, struct diagrams *diagrams,
			struct abi_answers_list *list, struct kernel_version *baseline,
			bool *needed, struct decompile_refusal *refusal)
{
	struct releases releases = {0};
	size_t best = SIZE_MAX;

	*needed = false;
	*baseline = call_newest_kernel();
	if (settle_alike(list)) {
		settle_all(diagrams, list, *baseline, true, NULL);
		return true;
	}
	releases_list(arena, &releases);
	for (size_t i = 0; i < releases.items.count; i++) {
		struct kernel_version release = releases.items.items[i];
		size_t left;

		if (i && !kernel_version_compare(release, releases.items.items[i - 1]))
			continue;
		left = settle_all(diagrams, list, release, false, NULL);
		if (left < best) {
			best = left;
			*baseline = release;
		}
	}
	if (best == SIZE_MAX) {
		settle_all(diagrams, list, call_newest_kernel(), false, refusal);
		return false;
	}
	settle_all(diagrams, list, *baseline, false, NULL);
	*needed = true;
	return true;
}
