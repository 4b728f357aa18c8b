/* SPDX-License-Identifier: Apache-2.0 */
/* What a recording leaves open, said where the policy is read and where it is made. */
#include "profiler/infer/compose.h"
#include "profiler/infer/cut.h"
#include "profiler/infer/evidence.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
	NAMES_MAX = 1000, /* that a comment says: all calls, and more than a person reads */
	WARNED_MAX = 12,  /* that a warning says */
	PATH_WIDTH = 200, /* bytes of an executable's path in a warning */
	WORD_WIDTH = 60,  /* of a kernel's or an operation's name */
};

static const struct span nowhere;

/* Names of which a comment shows all, and a warning some. */
struct name_list {
	struct arena *arena;
	VEC(const char *) names;
};

static void name_add(struct name_list *list, const char *name)
{
	*VEC_PUSH(list->arena, &list->names) = name;
}

/* The first MOST, and how many more there are. */
static const char *name_text(const struct name_list *list, size_t most)
{
	size_t count = list->names.count;
	const char *text =
		evidence_join(list->arena, list->names.items, count < most ? count : most, ", ");

	return count > most ? arena_printf(list->arena, "%s and %zu more", text, count - most)
			    : text;
}

static struct name_list names_begin(struct arena *arena)
{
	return (struct name_list){.arena = arena};
}

static int order_runs(const void *left, const void *right)
{
	const struct recorded_run *a = *(struct recorded_run *const *)left;
	const struct recorded_run *b = *(struct recorded_run *const *)right;

	return a->started != b->started ? (a->started < b->started ? -1 : 1) : strcmp(a->id, b->id);
}

/* Notes the calls of RUN in SEEN ([ABI_COUNT][call_count()]), and names those that are new. */
static struct name_list new_calls(struct arena *arena, const struct recorded_run *run, bool *seen)
{
	struct name_list names = names_begin(arena);

	for (size_t i = 0; i < run->executables.count; i++) {
		const struct recorded_executable *executable = run->executables.items[i];

		for (size_t j = 0; j < executable->calls.count; j++) {
			const struct recorded_call *call = executable->calls.items[j];
			call_id id = call_by_number(call->abi, call->number);
			bool *known = &seen[(size_t)call->abi * call_count() + id];

			if (id == CALL_NONE || *known)
				continue;
			*known = true;
			name_add(&names, call_get(id)->name);
		}
	}
	return names;
}

/* What the last of several runs brought that none before it had. */
static struct name_list last_growth(struct arena *arena, const struct recording *recording)
{
	size_t count = recording->runs.count;
	struct recorded_run **runs = arena_alloc_array(arena, count + 1, sizeof(*runs));
	bool *seen = arena_alloc_array(arena, ABI_COUNT * call_count(), sizeof(*seen));
	struct name_list names = names_begin(arena);

	if (count < 2)
		return names;
	memcpy(runs, recording->runs.items, count * sizeof(struct recorded_run *));
	qsort(runs, count, sizeof(struct recorded_run *), order_runs);
	for (size_t i = 0; i < count; i++)
		names = new_calls(arena, runs[i], seen);
	return names;
}

/* "OPENAT 3, READ 12": what io_urings were given, in all runs. */
static struct name_list ring_operations(struct arena *arena, const struct recording *recording)
{
	uint64_t counts[256] = {0};
	const char *names[256] = {NULL};
	struct name_list list = names_begin(arena);

	for (size_t i = 0; i < recording->runs.count; i++) {
		const struct recorded_run *run = recording->runs.items[i];

		for (size_t j = 0; j < run->executables.count; j++) {
			const struct recorded_executable *executable = run->executables.items[j];

			for (size_t k = 0; k < executable->operations.count; k++) {
				const struct recorded_operation *operation =
					&executable->operations.items[k];

				counts[operation->opcode] =
					count_add(counts[operation->opcode], operation->count);
				names[operation->opcode] = operation->name;
			}
		}
	}
	for (unsigned int i = 0; i < 256; i++)
		if (counts[i])
			name_add(&list,
				 evidence_whole(arena,
						names[i] ? arena_printf(arena, "%s %" PRIu64,
									infer_cut(arena, names[i],
										  WORD_WIDTH),
									counts[i])
							 : arena_printf(arena,
									"operation %u %" PRIu64, i,
									counts[i])));
	return list;
}

/* The kernels of all runs, each once. */
static struct name_list kernels(struct arena *arena, const struct recording *recording)
{
	struct name_list list = names_begin(arena);

	for (size_t i = 0; i < recording->runs.count; i++) {
		bool known = false;

		for (size_t j = 0; j < i && !known; j++)
			known = strcmp(recording->runs.items[i]->kernel,
				       recording->runs.items[j]->kernel) == 0;
		if (!known)
			name_add(&list,
				 infer_cut(arena, recording->runs.items[i]->kernel, WORD_WIDTH));
	}
	return list;
}

static size_t denied_runs(const struct recording *recording)
{
	size_t count = 0;

	for (size_t i = 0; i < recording->runs.count; i++)
		count += recording->runs.items[i]->only_denied;
	return count;
}

static void item(struct composition *composition, struct stmt *stmt, const char *text)
{
	compose_comment(composition, stmt, arena_printf(composition->arena, "- %s", text));
}

/* An item that ends with names, where there are any. */
static void item_of(struct composition *composition, struct stmt *stmt, const char *text,
		    const struct name_list *names)
{
	if (names->names.count)
		item(composition, stmt,
		     arena_printf(composition->arena, "%s: %s", text, name_text(names, NAMES_MAX)));
}

/* What an end, a signal or a stop brings is in each policy: that it was seen once says nothing. */
static struct name_list seen_once(struct arena *arena, const struct observations *observations)
{
	struct name_list names = names_begin(arena);

	for (size_t i = 0; i < observations->calls.count; i++) {
		const struct observed_call *call = observations->calls.items[i];
		const char *name = call_get(call->call)->name;

		if (call->count == 1 && observed_call_is_seen(call) &&
		    strcmp(name, "execve") != 0 && strcmp(name, "exit_group") != 0)
			name_add(&names, name);
	}
	return names;
}

static struct name_list saturated(struct arena *arena, const struct observations *observations)
{
	struct name_list names = names_begin(arena);

	for (size_t i = 0; i < observations->calls.count; i++)
		if (observations->calls.items[i]->saturated)
			name_add(&names, call_get(observations->calls.items[i]->call)->name);
	return names;
}

/* Whether a run stands beside the replays that knew what it has: they were merged with it. */
static bool has_whole_run(const struct recording *recording)
{
	for (size_t i = 0; i < recording->runs.count; i++) {
		const struct recorded_run *run = recording->runs.items[i];
		size_t at = 0;

		while (at < run->unseen.count && run->unseen.items[at].kind != UNSEEN_KNOWN)
			at++;
		if (at == run->unseen.count)
			return true;
	}
	return false;
}

/* What was lost, or could not be seen: a sentence for each kind. */
static void add_unseen(struct composition *composition, struct stmt *stmt)
{
	const struct recording *recording = composition->recording;
	uint64_t lost = 0;
	bool kinds[UNSEEN_KIND_COUNT] = {false};

	for (size_t i = 0; i < recording->runs.count; i++) {
		const struct recorded_run *run = recording->runs.items[i];

		lost = count_add(lost, run->lost);
		for (size_t j = 0; j < run->unseen.count; j++)
			kinds[run->unseen.items[j].kind] = true;
	}
	kinds[UNSEEN_KNOWN] &= !has_whole_run(recording);
	if (lost)
		item(composition, stmt,
		     arena_printf(composition->arena, "%" PRIu64 " calls were lost", lost));
	for (int kind = 0; kind < UNSEEN_KIND_COUNT; kind++)
		if (kinds[kind])
			item(composition, stmt, unseen_kind_text((enum unseen_kind)kind));
}

static void add_runs(struct composition *composition, struct stmt *stmt)
{
	const struct recording *recording = composition->recording;
	struct name_list growth = last_growth(composition->arena, recording);

	if (recording->runs.count == 1)
		item(composition, stmt,
		     "there was one run: what other input asks for was not seen");
	else
		item_of(composition, stmt, "calls that the last run alone brought", &growth);
	if (denied_runs(recording))
		item(composition, stmt,
		     arena_printf(composition->arena,
				  "%zu of %zu runs tell only what a policy would have denied",
				  denied_runs(recording), recording->runs.count));
}

/* What is known of code that never ran: that it is there. */
static void add_code(struct composition *composition, struct stmt *stmt)
{
	item(composition, stmt, "code that never ran made no calls");
}

void compose_unsure(struct composition *composition, struct stmt *stmt)
{
	struct arena *arena = composition->arena;
	const struct observations *observations = composition->observations;
	struct name_list once = seen_once(arena, observations);
	struct name_list many = saturated(arena, observations);
	struct name_list rings = ring_operations(arena, composition->recording);
	struct name_list releases = kernels(arena, composition->recording);

	*VEC_PUSH(arena, &stmt->comments) = NULL;
	compose_comment(composition, stmt, "What remains unsure:");
	add_runs(composition, stmt);
	add_code(composition, stmt);
	item_of(composition, stmt,
		observations->counts_are_least ? "counted once, and perhaps made more often"
					       : "seen once",
		&once);
	item_of(composition, stmt, "with too many values to keep, so that its rule is wide", &many);
	item_of(composition, stmt, "what io_uring did, which no rule sees", &rings);
	if (releases.names.count > 1)
		item_of(composition, stmt, "recorded on several kernels", &releases);
	add_unseen(composition, stmt);
}

static void warn_of_growth(const struct recording *recording, struct arena *arena,
			   struct diags *diags)
{
	struct name_list growth = last_growth(arena, recording);

	if (growth.names.count)
		diag_warning(diags, DIAG_RECORDING, nowhere,
			     "run %zu of %zu still brought %zu new call%s (%s): record more",
			     recording->runs.count, recording->runs.count, growth.names.count,
			     growth.names.count == 1 ? "" : "s", name_text(&growth, WARNED_MAX));
}

static void warn_of_runs(const struct recording *recording, struct diags *diags)
{
	const bool merged = has_whole_run(recording);

	for (size_t i = 0; i < recording->runs.count; i++) {
		const struct recorded_run *run = recording->runs.items[i];

		for (size_t j = 0; j < run->unseen.count; j++) {
			const struct recorded_unseen *unseen = &run->unseen.items[j];

			if (unseen->kind == UNSEEN_KNOWN && merged)
				continue;
			diag_warning(diags, DIAG_RECORDING, nowhere, "run %.8s: %s%s%s", run->id,
				     unseen->path
					     ? infer_cut(diags->arena, unseen->path, PATH_WIDTH)
					     : "",
				     unseen->path ? ": " : "", unseen_kind_text(unseen->kind));
		}
		if (run->lost)
			diag_warning(diags, DIAG_RECORDING, nowhere,
				     "run %.8s: %" PRIu64 " calls were lost", run->id, run->lost);
	}
}

static void warn_of_numbers(const struct observations *observations, struct diags *diags)
{
	for (size_t i = 0; i < observations->numbers.count; i++) {
		const struct observed_number *number = &observations->numbers.items[i];

		if (!number->absent)
			diag_warning(diags, DIAG_RECORDING, nowhere,
				     "%s call %" PRIu32 " was seen %" PRIu64
				     " times and has no name in the catalogue: it stays denied",
				     abi_get(number->abi)->name, number->number, number->count);
	}
}

void unsure_warn(const struct recording *recording, const struct observations *observations,
		 struct diags *diags)
{
	struct name_list rings = ring_operations(diags->arena, recording);
	struct name_list releases = kernels(diags->arena, recording);

	warn_of_runs(recording, diags);
	warn_of_numbers(observations, diags);
	warn_of_growth(recording, diags->arena, diags);
	if (rings.names.count)
		diag_warning(diags, DIAG_RECORDING, nowhere, "io_uring did what no rule sees: %s",
			     evidence_plain(diags->arena, name_text(&rings, WARNED_MAX)));
	if (recording->runs.count && denied_runs(recording) == recording->runs.count)
		diag_warning(diags, DIAG_RECORDING, nowhere,
			     "all that is recorded is what a policy denied: what it allowed is not "
			     "in here, so give the recording too that it was made of");
	if (releases.names.count > 1)
		diag_warning(diags, DIAG_RECORDING, nowhere,
			     "recorded on several kernels (%s): the baseline is the newest",
			     name_text(&releases, WARNED_MAX));
}
