/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What it costs to start /bin/true: directly, behind pale-run with a filter, behind pale-run with
 * a filter and all namespaces, and with bwrap --unshare-all. The four take turns, so that each
 * round is a pair under the same load. Usage: bench_launch [ROUNDS].
 */
#include "compiler/emit/emit.h"
#include "runtime/bundle.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum {
	/* A load, and a tree of so many returns: about what docker's allowlist compiles to. */
	FILTER_LEAVES = 46,
	FILTER_INSTRUCTIONS = 2 * FILTER_LEAVES,
	ROUNDS_MAX = 100000,
	BWRAP_SUBJECT = 3,
};

struct subject {
	const char *name;
	const char *words[10];
	bool absent;
	double *times;
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

/*
 * A search tree over the numbers [FIRST, LAST], ten to a leaf, each of which allows. The kernel
 * tries all numbers on a filter that it loads, so what a run of it costs is a part of starting.
 */
static uint32_t tree_make(struct sock_filter *instructions, uint32_t at, uint32_t first,
			  uint32_t last)
{
	uint32_t middle = (first + last + 1) / 2, right;

	if (first == last) {
		instructions[at] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
		return at + 1;
	}
	right = tree_make(instructions, at + 1, first, middle - 1);
	instructions[at] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, middle * 10,
							(uint8_t)(right - at - 1), 0);
	return tree_make(instructions, right, middle, last);
}

/* Written to memory; its descriptor. */
static int bundle_make(const struct sandbox *sandbox)
{
	struct sock_filter instructions[FILTER_INSTRUCTIONS];
	struct filter filter = {
		.instructions = instructions,
		.count = FILTER_INSTRUCTIONS,
		.abis = ABI_BIT(ABI_X86_64) | ABI_BIT(ABI_X86) | ABI_BIT(ABI_X32),
	};
	const struct filter *filters[] = {&filter};
	const struct bundle_contents contents = {"bench", filters, 1, sandbox, NULL, 0};
	struct text bytes = {0};
	const char *why;
	int fd = memfd_create("bundle", 0);

	instructions[0] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0);
	if (tree_make(instructions, 1, 0, FILTER_LEAVES - 1) != FILTER_INSTRUCTIONS)
		abort();
	if (fd < 0 || bundle_write(&contents, &bytes, &why) ||
	    write(fd, bytes.bytes, bytes.length) != (ssize_t)bytes.length) {
		perror("bench_launch: a bundle");
		exit(1);
	}
	text_release(&bytes);
	return fd;
}

/* Milliseconds of one run, or -1 where it did not end well. */
static double run(const struct subject *subject)
{
	double begin = now();
	pid_t pid;
	int status;

	if (posix_spawnp(&pid, subject->words[0], NULL, NULL, (char *const *)subject->words,
			 environ) ||
	    waitpid(pid, &status, 0) != pid)
		return -1;
	return status ? -1 : now() - begin;
}

static int compare(const void *left, const void *right)
{
	const double *a = left, *b = right;

	return *a < *b ? -1 : *a > *b;
}

static double median(const double *values, size_t count)
{
	double *sorted = malloc(count * sizeof(*sorted));
	double middle;

	if (!sorted)
		exit(1);
	memcpy(sorted, values, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), compare);
	middle = sorted[count / 2];
	free(sorted);
	return middle;
}

static double paired_ratio(const struct subject *a, const struct subject *b, size_t rounds)
{
	double *ratios = malloc(rounds * sizeof(*ratios));
	double middle;

	if (!ratios)
		exit(1);
	for (size_t i = 0; i < rounds; i++)
		ratios[i] = a->times[i] / b->times[i];
	middle = median(ratios, rounds);
	free(ratios);
	return middle;
}

static void print_results(const struct subject *subjects, size_t count, size_t rounds)
{
	const struct subject *bwrap = &subjects[BWRAP_SUBJECT];

	printf("Starting /bin/true, %zu rounds in turn: milliseconds, and times the others'\n",
	       rounds);
	printf("  %-32s %8s %8s %10s %10s\n", "", "median", "least", "to direct", "to bwrap");
	for (size_t i = 0; i < count; i++) {
		double least = 1e9;

		if (subjects[i].absent) {
			printf("  %-32s it is not here, or cannot run here\n", subjects[i].name);
			continue;
		}
		for (size_t round = 0; round < rounds; round++)
			if (subjects[i].times[round] < least)
				least = subjects[i].times[round];
		printf("  %-32s %8.3f %8.3f %10.2f", subjects[i].name,
		       median(subjects[i].times, rounds), least,
		       paired_ratio(&subjects[i], &subjects[0], rounds));
		if (!bwrap->absent)
			printf(" %10.2f", paired_ratio(&subjects[i], bwrap, rounds));
		putchar('\n');
	}
}

int main(int argc, char **argv)
{
	static const struct sandbox all = {.namespaces = BUNDLE_NAMESPACES};
	const char *shim = getenv("PALE_RUN") ? getenv("PALE_RUN") : "./pale-run";
	size_t rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 200;
	char filter_path[32], all_path[32];
	struct subject subjects[] = {
		{"directly", {"/bin/true"}, false, NULL},
		{"pale-run, filter", {shim, filter_path, "/bin/true"}, false, NULL},
		{"pale-run, filter, all namespaces", {shim, all_path, "/bin/true"}, false, NULL},
		{"bwrap --unshare-all --bind / /",
		 {"bwrap", "--unshare-all", "--bind", "/", "/", "/bin/true"},
		 false,
		 NULL},
	};
	size_t count = sizeof(subjects) / sizeof(subjects[0]);

	if (rounds == 0 || rounds > ROUNDS_MAX) {
		fputs("usage: bench_launch [ROUNDS]\n", stderr);
		return 2;
	}
	snprintf(filter_path, sizeof(filter_path), "/proc/self/fd/%d", bundle_make(NULL));
	snprintf(all_path, sizeof(all_path), "/proc/self/fd/%d", bundle_make(&all));
	for (size_t i = 0; i < count; i++) {
		subjects[i].times = calloc(rounds, sizeof(*subjects[i].times));
		/* Once to see whether it works, and to have it in the page cache. */
		subjects[i].absent = !subjects[i].times || run(&subjects[i]) < 0;
	}
	for (size_t round = 0; round < rounds; round++)
		for (size_t i = 0; i < count; i++)
			if (!subjects[i].absent)
				subjects[i].times[round] = run(&subjects[i]);
	print_results(subjects, count, rounds);
	for (size_t i = 0; i < count; i++)
		free(subjects[i].times);
	return subjects[0].absent || subjects[2].absent;
}
