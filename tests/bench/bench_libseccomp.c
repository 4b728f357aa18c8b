/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The same work done by libseccomp, as raw filters on standard output:
 *
 *	bench_libseccomp LEVEL docker POLICY [ABI...]   examples/docker.pale, for x86_64 and ABIs
 *	bench_libseccomp LEVEL ioctl COMMANDS           `allow ioctl` for each number of a file
 *
 * It reads the names of plain `allow` lines from the policy's text; the rules with conditions
 * (socket, personality, clone) and clone3 are written here in libseccomp's terms.
 */
#include <errno.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int check(int result, const char *what)
{
	if (result < 0) {
		fprintf(stderr, "bench_libseccomp: %s: %s\n", what, strerror(-result));
		exit(1);
	}
	return result;
}

/* Calls newer than libseccomp 2.5.4: they have the same number on all three ABIs. */
static int newer_call(const char *name)
{
	static const struct {
		const char *name;
		int number;
	} calls[] = {
		{"cachestat", 451},     {"fchmodat2", 452},  {"map_shadow_stack", 453},
		{"futex_wake", 454},    {"futex_wait", 455}, {"futex_requeue", 456},
		{"statmount", 457},     {"listmount", 458},  {"mseal", 462},
		{"setxattrat", 463},    {"getxattrat", 464}, {"listxattrat", 465},
		{"removexattrat", 466}, {"uretprobe", 335},
	};

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (strcmp(calls[i].name, name) == 0)
			return calls[i].number;
	return __NR_SCMP_ERROR;
}

/* Counts the names that libseccomp could not take, since they make its work smaller. */
static void allow_name(scmp_filter_ctx context, const char *name, unsigned int *lost)
{
	int number = seccomp_syscall_resolve_name(name);

	if (number == __NR_SCMP_ERROR)
		number = newer_call(name);
	if (number == __NR_SCMP_ERROR || seccomp_rule_add(context, SCMP_ACT_ALLOW, number, 0) < 0)
		(*lost)++;
}

/* Statements end in ';' and may go over several lines; the file has comments on whole lines only. */
static void allow_listed(scmp_filter_ctx context, const char *path, unsigned int *lost)
{
	FILE *policy = fopen(path, "re");
	char *statement = NULL;
	size_t capacity = 0;

	if (!policy)
		check(-errno, path);
	while (getdelim(&statement, &capacity, ';', policy) > 0) {
		char *words = strstr(statement, "allow ");

		if (!words || strstr(words, " where "))
			continue;
		for (char *name = strtok(words + 6, ", ;\n\t"); name;
		     name = strtok(NULL, ", ;\n\t"))
			allow_name(context, name, lost);
	}
	free(statement);
	fclose(policy);
}

static void allow_conditional(scmp_filter_ctx context)
{
	static const uint32_t personas[] = {0, 8, 0x20000, 0x20008, 0xffffffff};

	/* domain != 38 && domain != 40: two tests of one argument are ORed, so it is ranges. */
	check(seccomp_rule_add(context, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1,
			       SCMP_A0(SCMP_CMP_LT, 38, 0)),
	      "socket");
	check(seccomp_rule_add(context, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1,
			       SCMP_A0(SCMP_CMP_EQ, 39, 0)),
	      "socket");
	check(seccomp_rule_add(context, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1,
			       SCMP_A0(SCMP_CMP_GT, 40, 0)),
	      "socket");
	for (size_t i = 0; i < sizeof(personas) / sizeof(personas[0]); i++)
		check(seccomp_rule_add(context, SCMP_ACT_ALLOW, SCMP_SYS(personality), 1,
				       SCMP_A0(SCMP_CMP_EQ, personas[i], 0)),
		      "personality");
	check(seccomp_rule_add(context, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
			       SCMP_A0(SCMP_CMP_MASKED_EQ, 0x7e020000, 0)),
	      "clone");
	check(seccomp_rule_add(context, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0), "clone3");
}

static void allow_ioctls(scmp_filter_ctx context, const char *path)
{
	FILE *commands = fopen(path, "re");
	unsigned int command;

	if (!commands)
		check(-errno, path);
	while (fscanf(commands, "%u", &command) == 1)
		check(seccomp_rule_add(context, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1,
				       SCMP_A1(SCMP_CMP_EQ, command, 0)),
		      "ioctl");
	fclose(commands);
}

int main(int argc, char **argv)
{
	scmp_filter_ctx context;
	unsigned int lost = 0;

	if (argc < 4) {
		fputs("usage: bench_libseccomp LEVEL docker|ioctl FILE [ABI...]\n", stderr);
		return 2;
	}
	/* Stated, since it cannot ask the kernel when valgrind counts its instructions. */
	check(seccomp_api_set(4), "api");
	context = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	if (!context)
		return 1;
	check(seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS), "badarch");
	check(seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, (uint32_t)atoi(argv[1])),
	      "level");
	for (int i = 4; i < argc; i++)
		check(seccomp_arch_add(context, seccomp_arch_resolve_name(argv[i])), argv[i]);
	if (strcmp(argv[2], "docker") == 0) {
		allow_listed(context, argv[3], &lost);
		allow_conditional(context);
	} else {
		allow_ioctls(context, argv[3]);
	}
	if (lost)
		fprintf(stderr, "%u calls are unknown to this libseccomp\n", lost);
	check(seccomp_export_bpf(context, STDOUT_FILENO), "export");
	seccomp_release(context);
	return 0;
}
