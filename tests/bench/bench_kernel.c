/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What filters cost in the kernel: to load each, and then a call that the action cache may skip
 * (getppid), one whose arguments the filter looks at (personality), and one that it denies (swapon).
 * The subjects take turns in each round, in children of their own. Raw filters for this machine:
 *
 *	bench_kernel ROUNDS NAME=FILE...
 *
 * A row for each, and for none: medians in nanoseconds, and how often each is that of the first.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	SUBJECTS_MAX = 8,
	ROUNDS_MAX = 10000,
	CALLS = 20000, /* of each kind in one round */
	FIGURES = 4,
};

static const char *const figure_names[FIGURES] = {"load", "getppid", "personality", "swapon"};

struct subject {
	const char *name;
	struct sock_fprog program; /* len 0: no filter */
	double *figures[FIGURES];
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static double measure_call(long number, long argument)
{
	double begin = now();

	for (int i = 0; i < CALLS; i++)
		syscall(number, argument, 0);
	return (now() - begin) / CALLS;
}

/* In a child: loads, calls, and tells through the pipe. */
static void measure(const struct subject *subject, int out)
{
	double figures[FIGURES], begin;

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	begin = now();
	if (subject->program.len &&
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &subject->program))
		_exit(2);
	figures[0] = now() - begin;
	figures[1] = measure_call(SYS_getppid, 0);
	figures[2] = measure_call(SYS_personality, 0xffffffff);
	figures[3] = measure_call(SYS_swapon, 0);
	_exit(write(out, figures, sizeof(figures)) == sizeof(figures) ? 0 : 3);
}

static int round_make(struct subject *subject, unsigned int round)
{
	double figures[FIGURES];
	int ends[2], status;
	pid_t child;

	if (pipe(ends))
		return -errno;
	child = fork();
	if (child < 0)
		return -errno;
	if (child == 0)
		measure(subject, ends[1]);
	close(ends[1]);
	if (read(ends[0], figures, sizeof(figures)) != sizeof(figures))
		fprintf(stderr, "%s: no figures\n", subject->name);
	close(ends[0]);
	waitpid(child, &status, 0);
	for (int i = 0; i < FIGURES; i++)
		subject->figures[i][round] = figures[i];
	return status ? -EIO : 0;
}

static int subject_read(struct subject *subject, char *word, unsigned int rounds)
{
	static struct sock_filter instructions[SUBJECTS_MAX][4096];
	static unsigned int used;
	char *equals = strchr(word, '=');
	FILE *file = equals ? fopen(equals + 1, "re") : NULL;

	if (word && !*word)
		subject->name = "no filter";
	if (*word) {
		if (!file) {
			perror(word);
			return -1;
		}
		*equals = '\0';
		subject->name = word;
		subject->program.filter = instructions[used];
		subject->program.len = (unsigned short)fread(
			instructions[used++], sizeof(struct sock_filter), 4096, file);
		fclose(file);
	}
	for (int i = 0; i < FIGURES; i++)
		subject->figures[i] = calloc(rounds, sizeof(double));
	return 0;
}

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return left < right ? -1 : left > right;
}

static double median(double *values, unsigned int count)
{
	qsort(values, count, sizeof(*values), compare);
	return values[count / 2];
}

static void print(struct subject *subjects, int count, unsigned int rounds)
{
	double first[FIGURES];

	printf("  %-22s", "");
	for (int i = 0; i < FIGURES; i++)
		printf(" %12s       ", figure_names[i]);
	for (int i = 0; i < count; i++) {
		printf("\n  %-22s", subjects[i].name);
		for (int j = 0; j < FIGURES; j++) {
			double value = median(subjects[i].figures[j], rounds);

			if (i == 0)
				first[j] = value;
			printf(" %9.0f ns x%-6.2f", value, value / first[j]);
		}
	}
	putchar('\n');
}

int main(int argc, char **argv)
{
	static struct subject subjects[SUBJECTS_MAX];
	static char none[] = "";
	unsigned int rounds;
	int count = 0;

	rounds = argc > 2 ? (unsigned int)strtoul(argv[1], NULL, 10) : 0;
	if (rounds == 0 || rounds > ROUNDS_MAX || argc > SUBJECTS_MAX + 1) {
		fputs("usage: bench_kernel ROUNDS NAME=FILE...\n", stderr);
		return 2;
	}
	for (int i = 2; i < argc; i++)
		if (subject_read(&subjects[count++], argv[i], rounds))
			return 1;
	if (subject_read(&subjects[count++], none, rounds))
		return 1;
	for (unsigned int round = 0; round < rounds; round++)
		for (int i = 0; i < count; i++)
			if (round_make(&subjects[i], round)) {
				fprintf(stderr, "%s: the kernel does not take it\n",
					subjects[i].name);
				return 1;
			}
	print(subjects, count, rounds);
	return 0;
}
