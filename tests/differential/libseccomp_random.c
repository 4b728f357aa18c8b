/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Filters of libseccomp's on standard output:
 *
 *	libseccomp_random SEED            rules at random
 *	libseccomp_random docker LEVEL    the shape of a container's profile, on three ABIs
 */
#include <seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Calls, and how many arguments each reads on all of the ABIs. */
static const struct {
	const char *name;
	unsigned int arguments;
} calls[] = {
	{"ioctl", 3},          {"openat", 4},   {"fcntl", 3}, {"clone", 5},       {"prctl", 5},
	{"read", 3},           {"mprotect", 3}, {"kill", 2},  {"personality", 1}, {"futex", 6},
	{"lseek", 3},          {"splice", 4},   {"umask", 1}, {"unshare", 1},     {"close", 1},
	{"timerfd_create", 2}, {"getpid", 0},   {"uname", 1},
};
static const uint32_t actions[] = {
	SCMP_ACT_ALLOW, SCMP_ACT_ERRNO(1), SCMP_ACT_ERRNO(38), SCMP_ACT_KILL_PROCESS,
	SCMP_ACT_TRAP,  SCMP_ACT_LOG,      SCMP_ACT_TRACE(7),  SCMP_ACT_KILL_THREAD,
};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static uint64_t random_state;

static uint32_t random_below(uint32_t limit)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(random_state >> 33) % limit;
}

static uint64_t random_value(void)
{
	switch (random_below(4)) {
	case 0:
		return 0x5400 + random_below(32);
	case 1:
		return (uint64_t)random_below(1u << 31) << random_below(20);
	default:
		return random_below(64);
	}
}

static struct scmp_arg_cmp random_comparison(unsigned int argument)
{
	struct scmp_arg_cmp comparison = {
		.arg = argument,
		.op = (enum scmp_compare)(1 + random_below(7)),
		.datum_a = random_value(),
	};

	if (comparison.op == SCMP_CMP_MASKED_EQ) {
		comparison.datum_a = random_below(2) ? 1u << random_below(20) : random_value() | 1;
		comparison.datum_b = comparison.datum_a & random_value();
	}
	return comparison;
}

static void add_random_rule(scmp_filter_ctx context, uint32_t action)
{
	struct scmp_arg_cmp comparisons[2];
	size_t call = random_below(COUNT(calls));
	unsigned int arguments = calls[call].arguments, count = random_below(3);

	if (count > arguments)
		count = arguments;
	for (unsigned int i = 0, from = 0; i < count; i++) {
		unsigned int argument = from + random_below(arguments - from - (count - i - 1));

		comparisons[i] = random_comparison(argument);
		from = argument + 1;
	}
	/* What libseccomp takes for a contradiction or a repetition is left out. */
	seccomp_rule_add_array(context, action, seccomp_syscall_resolve_name(calls[call].name),
			       count, comparisons);
}

static scmp_filter_ctx random_filter(void)
{
	uint32_t usual = actions[random_below(COUNT(actions))];
	scmp_filter_ctx context = seccomp_init(usual);

	seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 1 + random_below(2));
	if (random_below(2))
		seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (random_below(3) == 0)
		seccomp_arch_add(context, SCMP_ARCH_X86);
	if (random_below(3) == 0)
		seccomp_arch_add(context, SCMP_ARCH_X32);
	for (uint32_t rules = 1 + random_below(16); rules > 0; rules--) {
		uint32_t action = actions[random_below(COUNT(actions))];

		if (action != usual)
			add_random_rule(context, action);
	}
	return context;
}

static scmp_filter_ctx profile(uint32_t level)
{
	scmp_filter_ctx context = seccomp_init(SCMP_ACT_ERRNO(1));

	seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, level);
	seccomp_arch_add(context, SCMP_ARCH_X86);
	seccomp_arch_add(context, SCMP_ARCH_X32);
	for (int number = 0; number < 330; number++)
		if (number != SCMP_SYS(clone) && number != SCMP_SYS(socket) && number % 7)
			seccomp_rule_add(context, SCMP_ACT_ALLOW, number, 0);
	seccomp_rule_add(context, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
			 SCMP_A0(SCMP_CMP_MASKED_EQ, 0x7e020000, 0));
	seccomp_rule_add(context, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1, SCMP_A0(SCMP_CMP_NE, 40));
	return context;
}

int main(int argc, char **argv)
{
	scmp_filter_ctx context;

	if (argc < 2)
		return 2;
	seccomp_api_set(4);
	random_state = (uint64_t)atoi(argv[1]);
	context = argc == 3 && !strcmp(argv[1], "docker") ? profile((uint32_t)atoi(argv[2]))
							  : random_filter();
	return seccomp_export_bpf(context, STDOUT_FILENO) < 0;
}
