/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/recording_summary.h"

#include "cli/command.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	VALUES_SHOWN_MAX = 8,
};

/* A text that each run has. */
typedef const char *(*run_text)(const struct recorded_run *run);

static const char *run_host(const struct recorded_run *run)
{
	return run->host;
}

static const char *run_kernel(const struct recorded_run *run)
{
	return run->kernel;
}

static const char *run_machine(const struct recorded_run *run)
{
	return run->machine;
}

static const char *run_tracer(const struct recorded_run *run)
{
	return run->tracer;
}

static const char *run_scope(const struct recorded_run *run)
{
	return recorded_scope_word(run->scope);
}

static const struct {
	const char *name;
	run_text text;
} summary_rows[] = {
	{"hosts", run_host},     {"kernels", run_kernel}, {"machines", run_machine},
	{"tracers", run_tracer}, {"scopes", run_scope},
};

static int by_text(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* "kernels: 6.1.0 (12), 6.6.2 (3)", the first few. TEXTS has room for each run's. */
static void print_row(const char *name, const char **texts, size_t count)
{
	size_t different = 0;

	qsort(texts, count, sizeof(*texts), by_text);
	for (size_t i = 0; i < count; i++)
		different += i == 0 || strcmp(texts[i - 1], texts[i]) != 0;
	fprintf(stderr, "  %s: %zu: ", name, different);
	for (size_t i = 0, shown = 0; i < count && shown < VALUES_SHOWN_MAX; shown++) {
		size_t begin = i;

		while (i < count && strcmp(texts[begin], texts[i]) == 0)
			i++;
		fprintf(stderr, "%s%s (%zu)", shown ? ", " : "", texts[begin], i - begin);
	}
	fprintf(stderr, "%s\n", different > VALUES_SHOWN_MAX ? ", ..." : "");
}

static void print_unseen(const struct recording *recording)
{
	uint64_t runs[UNSEEN_KIND_COUNT] = {0};

	for (size_t i = 0; i < recording->runs.count; i++) {
		const struct recorded_run *run = recording->runs.items[i];
		bool had[UNSEEN_KIND_COUNT] = {false};

		for (size_t j = 0; j < run->unseen.count; j++)
			had[run->unseen.items[j].kind] = true;
		for (int kind = 0; kind < UNSEEN_KIND_COUNT; kind++)
			runs[kind] += had[kind];
	}
	for (int kind = 0; kind < UNSEEN_KIND_COUNT; kind++)
		if (runs[kind])
			fprintf(stderr, "  unseen in %" PRIu64 ": %s\n", runs[kind],
				unseen_kind_text((enum unseen_kind)kind));
}

/* How much of what the runs were is not in them. */
static void print_gaps(const struct recording *recording)
{
	size_t lossy = 0, least = 0, denied = 0, unserved = 0;

	for (size_t i = 0; i < recording->runs.count; i++) {
		const struct recorded_run *run = recording->runs.items[i];

		lossy += run->lost > 0;
		least += run->counts_are_least;
		denied += run->only_denied;
		unserved += !run->served;
	}
	fprintf(stderr, "  runs that lost calls: %zu\n", lossy);
	if (least)
		fprintf(stderr, "  runs whose counts are what was seen at least: %zu\n", least);
	if (denied)
		fprintf(stderr, "  runs of denied calls alone: %zu\n", denied);
	if (unserved < recording->runs.count)
		fprintf(stderr, "  runs that never began to serve: %zu\n", unserved);
	print_unseen(recording);
}

/* "labels: app=web (12), zone=b (3)": how many runs have each. */
static void print_labels(const struct recording *recording)
{
	struct arena arena = {0};
	VEC(const char *) texts = {0};

	if (arena_init(&arena) < 0) {
		command_error("not enough memory for the labels");
		return;
	}
	for (size_t i = 0; i < recording->runs.count; i++)
		for (size_t j = 0; j < recording->runs.items[i]->labels.count; j++) {
			const struct recorded_label *label =
				&recording->runs.items[i]->labels.items[j];

			*VEC_PUSH(&arena, &texts) =
				arena_printf(&arena, "%s=%s", label->key, label->value);
		}
	if (texts.count)
		print_row("labels", texts.items, texts.count);
	arena_release(&arena);
}

void recording_summary_print(const struct recording *recording)
{
	size_t count = recording->runs.count;
	const char **texts = calloc(count ? count : 1, sizeof(*texts));

	if (!texts) {
		command_error("not enough memory for a summary");
		return;
	}
	command_error("%zu run%s", count, count == 1 ? "" : "s");
	for (size_t row = 0; count && row < sizeof(summary_rows) / sizeof(summary_rows[0]); row++) {
		for (size_t i = 0; i < count; i++)
			texts[i] = summary_rows[row].text(recording->runs.items[i]);
		print_row(summary_rows[row].name, texts, count);
	}
	if (count) {
		print_labels(recording);
		print_gaps(recording);
	}
	free(texts);
}
