/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `probe POLICY FILTER` makes the trials of POLICY behind the filter in the file FILTER, each in a
 * child of its own; `probe random FILTER` makes random ones. Each prints a line: what happened, and
 * the call as `pale sim` reads it.
 *
 *	POLICY<tab>ABI<tab>LINE<tab>WANTED<tab>ANSWER<tab>CALL
 *
 * ANSWER is `result N`, `trap N` with the filter's N, `signal N` for a child killed, or `nothing`.
 * `probe facts` makes the calls of facts.def, and prints those that return something else.
 */
#include "guest.h"
#include "trials.h"

#include <asm/fcntl.h>
#include <asm/unistd.h>
#include <linux/fcntl.h>
#include <linux/filter.h>
#include <linux/prctl.h>
#include <linux/seccomp.h>
#include <linux/signal.h>

enum {
	RANDOM_TRIALS = 150
};

enum outcome {
	OUTCOME_NOTHING,
	OUTCOME_RESULT,
	OUTCOME_TRAP,
};

/* What a child leaves behind in shared memory: it may not be allowed to write. */
struct answer {
	enum outcome outcome;
	long value;
};

static struct answer *answer;
static struct sock_filter instructions[4096];
static size_t instruction_count;

static void trapped(int signal, siginfo_t *information)
{
	(void)signal;
	answer->value = information->si_errno;
	answer->outcome = OUTCOME_TRAP;
	guest_exit(0);
}

static void install(void)
{
	const struct raw_sigaction action = {.handler = trapped,
					     .flags = SA_SIGINFO | RAW_SIGACTION_FLAGS};
	struct sock_fprog program = {(unsigned short)instruction_count, instructions};
	long result = guest_call(__NR_rt_sigaction, SIGSYS, &action, 0, sizeof(action.mask));

	if (result)
		guest_fail("sigaction", result);
	result = guest_call(__NR_prctl, PR_SET_NO_NEW_PRIVS, 1);
	if (result)
		guest_fail("no_new_privs", result);
	result = guest_call(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
	if (result)
		guest_fail("seccomp", result);
}

static void print_call(const struct trial *trial)
{
	if (trial->name)
		guest_print(trial->name);
	else
		guest_print_hex(trial->number);
	guest_print("(");
	for (unsigned int i = 0; i < TRIAL_ARGUMENTS && trial->args[i].text; i++) {
		guest_print(i ? ", " : "");
		guest_print(trial->args[i].text);
	}
	guest_print(")\n");
}

static void print_registers(uint64_t number, const uint64_t words[8])
{
	guest_print_hex(number);
	for (unsigned int i = 0; i < 6; i++) {
		guest_print(i ? "," : "(");
		guest_print_hex(words[i]);
	}
	guest_print(")\n");
}

static void print_answer(int status)
{
	switch (answer->outcome) {
	case OUTCOME_RESULT:
		guest_print("result ");
		guest_print_decimal(answer->value);
		return;
	case OUTCOME_TRAP:
		guest_print("trap ");
		guest_print_decimal(answer->value);
		return;
	case OUTCOME_NOTHING:
		guest_print((status & 0x7f) ? "signal " : "nothing");
		if (status & 0x7f)
			guest_print_decimal(status & 0x7f);
	}
}

/* Makes a call behind the filter, and prints all of its line but for the call. */
static void run(const char *policy, int line, const char *wanted, uint64_t number,
		const uint64_t words[8])
{
	long child;
	int status;

	answer->outcome = OUTCOME_NOTHING;
	child = guest_fork();
	if (child == 0) {
		install();
		answer->value = (long)raw_call(number, words);
		answer->outcome = OUTCOME_RESULT;
		guest_exit(0);
	}
	status = guest_wait(child);
	guest_print(policy);
	guest_print("\t" RAW_ABI "\t");
	guest_print_decimal(line);
	guest_print("\t");
	guest_print(wanted);
	guest_print("\t");
	print_answer(status);
	guest_print("\t");
}

static void run_trials(const char *policy)
{
	for (size_t i = 0; i < trial_count; i++) {
		uint64_t words[8], number;

		if (!guest_equal(trials[i].policy, policy))
			continue;
		number = trial_words(&trials[i], words);
		run(policy, trials[i].line, trials[i].answer, number, words);
		print_call(&trials[i]);
		guest_flush();
	}
}

static void run_random(void)
{
	uint64_t random = 88172645463325252u;

	for (int i = 0; i < RANDOM_TRIALS; i++) {
		uint64_t words[8];
		uint64_t number = trial_draw(&random, words);

		run("random", i, "", number, words);
		print_registers(number, words);
		guest_flush();
	}
}

/* Returns how many are wrong. */
static int check_facts(void)
{
	long fd = guest_call(__NR_openat, AT_FDCWD, "facts", O_RDWR | O_CREAT | O_LARGEFILE, 0600);
	int bad = 0;

	if (fd < 0 || guest_call(__NR_dup3, fd, 9, 0) != 9)
		guest_fail("facts", fd);
	for (size_t i = 0; i < fact_count; i++) {
		uint64_t words[8];
		uint64_t number = trial_words(&facts[i].trial, words);
		int64_t result = raw_call(number, words);

		if (result == facts[i].result)
			continue;
		bad++;
		guest_print("facts.def:");
		guest_print_decimal(facts[i].trial.line);
		guest_print(": ");
		guest_print_decimal((long)result);
		guest_print(" from ");
		print_call(&facts[i].trial);
	}
	guest_call(__NR_unlinkat, AT_FDCWD, "facts", 0);
	return bad;
}

int guest_main(int count, char **arguments)
{
	if (count == 2 && guest_equal(arguments[1], "facts"))
		return check_facts();
	if (count != 3)
		guest_fail("usage: probe POLICY FILTER", count);
	instruction_count = guest_read(arguments[2], (char *)instructions, sizeof(instructions)) /
			    sizeof(instructions[0]);
	answer = guest_shared_memory(sizeof(*answer));
	if (guest_equal(arguments[1], "random"))
		run_random();
	else
		run_trials(arguments[1]);
	return 0;
}
