/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Measures a raw filter for x86_64, whoever made it, on pale's simulator:
 *
 *	bench_filter RAW                  instructions, mean and worst executed over the call
 *	                                  numbers 0..460, calls that the action cache can skip
 *	bench_filter RAW calls            instructions, mean and most executed for calls that are
 *	                                  allowed but not skipped, as programs make them, and
 *	                                  the mean over the numbers 0..460 that are denied
 *	bench_filter RAW ioctl COMMANDS   instructions, worst executed for an ioctl command that
 *	                                  is in the file, and for one that is not
 */
#include "compiler/cbpf/filter.h"

#include <asm/unistd.h>
#include <errno.h>
#include <linux/audit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	NUMBER_LAST = 460,
	COMMANDS_MAX = 4096,
};

static struct filter_run run_call(const struct filter *filter, uint32_t number, uint32_t command)
{
	uint32_t words[16] = {number, AUDIT_ARCH_X86_64};

	words[6] = command; /* the low word of the second argument */
	return filter_simulate(filter, words);
}

static void measure_numbers(const struct filter *filter)
{
	uint32_t worst = 0, cacheable = 0;
	uint64_t sum = 0;

	for (uint32_t number = 0; number <= NUMBER_LAST; number++) {
		struct filter_run run = run_call(filter, number, 0);

		sum += run.executed;
		if (run.executed > worst)
			worst = run.executed;
		cacheable += filter_cacheable(filter, AUDIT_ARCH_X86_64, number);
	}
	printf("%u %.1f %u %u\n", filter->count, (double)sum / (NUMBER_LAST + 1), worst, cacheable);
}

/* Calls that Docker's policy looks into, with arguments as they come. */
static const struct common_call {
	uint32_t number;
	uint32_t argument;
} common_calls[] = {
	{__NR_socket, 1},               /* AF_UNIX */
	{__NR_socket, 2},               /* AF_INET */
	{__NR_clone, 0x01200011},       /* fork() of glibc */
	{__NR_clone, 0x003d0f00},       /* a thread */
	{__NR_personality, 0},          /* PER_LINUX */
	{__NR_personality, 0xffffffff}, /* asks which it is */
};

static void measure_calls(const struct filter *filter)
{
	const size_t count = sizeof(common_calls) / sizeof(common_calls[0]);
	uint32_t most = 0, sum = 0, denied = 0, denied_sum = 0;

	for (size_t i = 0; i < count; i++) {
		uint32_t words[16] = {common_calls[i].number, AUDIT_ARCH_X86_64};
		struct filter_run run;

		words[4] = common_calls[i].argument;
		run = filter_simulate(filter, words);
		sum += run.executed;
		most = run.executed > most ? run.executed : most;
	}
	for (uint32_t number = 0; number <= NUMBER_LAST; number++) {
		struct filter_run run = run_call(filter, number, 0);

		denied += run.action != SECCOMP_RET_ALLOW;
		denied_sum += run.action != SECCOMP_RET_ALLOW ? run.executed : 0;
	}
	printf("%u %.1f %u %.1f\n", filter->count, (double)sum / count, most,
	       denied ? (double)denied_sum / denied : 0);
}

static int commands_read(const char *path, uint32_t *commands, size_t *count)
{
	FILE *file = fopen(path, "re");

	if (!file)
		return -errno;
	while (*count < COMMANDS_MAX && fscanf(file, "%u", &commands[*count]) == 1)
		(*count)++;
	fclose(file);
	return 0;
}

static void measure_commands(const struct filter *filter, const uint32_t *commands, size_t count)
{
	uint32_t hit = 0, miss = 0;

	/* A neighbour of each command: some may be commands too, and then count as hits. */
	for (size_t i = 0; i < count; i++) {
		for (int step = -1; step <= 1; step++) {
			struct filter_run run =
				run_call(filter, __NR_ioctl, commands[i] + (uint32_t)step);
			uint32_t *worst = run.action == SECCOMP_RET_ALLOW ? &hit : &miss;

			if (run.executed > *worst)
				*worst = run.executed;
		}
	}
	printf("%u %u %u\n", filter->count, hit, miss);
}

int main(int argc, char **argv)
{
	static struct sock_filter instructions[FILTER_INSTRUCTIONS_MAX];
	static uint32_t commands[COMMANDS_MAX];
	struct filter filter = {.instructions = instructions};
	size_t count = 0;
	const char *why;
	uint32_t at;
	FILE *file;

	if (argc != 2 && !(argc == 3 && strcmp(argv[2], "calls") == 0) &&
	    !(argc == 4 && strcmp(argv[2], "ioctl") == 0)) {
		fputs("usage: bench_filter RAW [calls | ioctl COMMANDS]\n", stderr);
		return 2;
	}
	file = fopen(argv[1], "re");
	if (!file) {
		perror(argv[1]);
		return 1;
	}
	filter.count = (uint32_t)fread(instructions, sizeof(instructions[0]),
				       FILTER_INSTRUCTIONS_MAX, file);
	fclose(file);
	if (filter_check(&filter, &at, &why) < 0) {
		fprintf(stderr, "%s: instruction %u: %s\n", argv[1], at, why);
		return 1;
	}
	if (argc == 2) {
		measure_numbers(&filter);
		return 0;
	}
	if (argc == 3) {
		measure_calls(&filter);
		return 0;
	}
	if (commands_read(argv[3], commands, &count) < 0) {
		perror(argv[3]);
		return 1;
	}
	measure_commands(&filter, commands, count);
	return 0;
}
