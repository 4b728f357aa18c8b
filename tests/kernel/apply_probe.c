/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Applies bundles to itself with libpale, and shows what has become of it, for tests/kernel/libpale.
 *
 *	apply_probe [-t] [-o] [-m] [-q] [-b] BUNDLE|=BUNDLE|@PHASE...
 *
 * -t: with a second thread; -o: which has a filter of its own; -m: from memory, at an odd address;
 * -q: asks for no reason; -b: leaves by exit_group alone, as a policy may allow no more. =BUNDLE is
 * read and not applied; @PHASE is put on from the bundle that was read last. A line for each that is
 * applied: code, begun, reason. Behind them, a line for each thread: what mkdirat answers, and
 * ids, capabilities and limits as the thread has them.
 */
#include "runtime/libpale/pale.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

struct course {
	pthread_barrier_t ready, over;
	bool own_filter;
};

static const char *word_of(int error)
{
	switch (error) {
	case 0:
		return "done";
	case EXDEV:
		return "EXDEV";
	case EBADF:
		return "EBADF"; /* not fenced */
	case EMLINK:
		return "EMLINK";
	case ENOTDIR:
		return "ENOTDIR";
	default:
		return "other";
	}
}

static unsigned long long status_field(const char *name)
{
	char path[64], line[256];
	unsigned long long value = ~0ull;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/task/%ld/status", syscall(SYS_gettid));
	file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, name, strlen(name)))
			value = strtoull(line + strlen(name) + 2, NULL, 16);
	if (file)
		fclose(file);
	return value;
}

static void show(const char *who)
{
	unsigned int uid[3], gid[3];
	struct rlimit limit;
	int error = syscall(SYS_mkdirat, -1, "x", 0700) ? errno : 0;

	getresuid(&uid[0], &uid[1], &uid[2]);
	getresgid(&gid[0], &gid[1], &gid[2]);
	getrlimit(RLIMIT_NOFILE, &limit);
	printf("%s: mkdirat %s, uid %u %u %u, gid %u %u %u, groups %d, nofile %llu, nnp %llx, "
	       "eff %llx, bnd %llx\n",
	       who, word_of(error), uid[0], uid[1], uid[2], gid[0], gid[1], gid[2],
	       getgroups(0, NULL), (unsigned long long)limit.rlim_cur, status_field("NoNewPrivs"),
	       status_field("CapEff"), status_field("CapBnd"));
}

static void *other_thread(void *data)
{
	static struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog program = {.len = 1, .filter = &allow};
	struct course *course = data;

	if (course->own_filter && (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
				   syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program)))
		exit(77);
	pthread_barrier_wait(&course->ready);
	pthread_barrier_wait(&course->over);
	show("other thread");
	return NULL;
}

/* A bundle in memory, at a place that no compiler would align so. */
struct read_bundle {
	char bytes[300001];
	size_t size;
};

static void read_bundle(struct read_bundle *bundle, const char *path)
{
	FILE *file = fopen(path, "r");

	bundle->size = 0;
	if (!file)
		return;
	bundle->size = fread(bundle->bytes + 1, 1, sizeof(bundle->bytes) - 1, file);
	fclose(file);
}

static int apply(const struct read_bundle *bundle, const char *operand, bool memory,
		 struct pale_error *error)
{
	if (*operand == '@')
		return pale_apply_phase(bundle->bytes + 1, bundle->size, operand + 1, NULL, 0,
					error);
	return memory ? pale_apply(bundle->bytes + 1, bundle->size, error)
		      : pale_apply_file(operand, error);
}

int main(int argc, char **argv)
{
	bool thread = false, memory = false, quiet = false, bare = false;
	static struct read_bundle bundle;
	struct course course = {.own_filter = false};
	struct pale_error error;
	pthread_t other;
	int option;

	while ((option = getopt(argc, argv, "tomqb")) != -1) {
		thread |= option == 't' || option == 'o';
		course.own_filter |= option == 'o';
		memory |= option == 'm';
		quiet |= option == 'q';
		bare |= option == 'b';
	}
	setvbuf(stdout, NULL, _IOLBF, 4096);
	if (thread) {
		pthread_barrier_init(&course.ready, NULL, 2);
		pthread_barrier_init(&course.over, NULL, 2);
		if (pthread_create(&other, NULL, other_thread, &course))
			return 77;
		pthread_barrier_wait(&course.ready);
	}
	for (; optind < argc; optind++) {
		struct pale_error *place = quiet ? NULL : &error;
		int code;

		if (*argv[optind] != '@')
			read_bundle(&bundle, argv[optind] + (*argv[optind] == '='));
		if (*argv[optind] == '=')
			continue;
		memset(&error, 'x', sizeof(error));
		errno = 4321;
		code = apply(&bundle, argv[optind], memory, place);
		if (bare && (code || optind + 1 == argc))
			syscall(SYS_exit_group, code ? 1 : 42);
		if (bare)
			continue;
		if (quiet)
			printf("%d\n", code);
		else
			printf("%d %d%s%s%s\n", code, error.begun, *error.text ? " " : "",
			       error.text, errno == 4321 || memory ? "" : ", and errno is changed");
	}
	show("first thread");
	if (thread) {
		pthread_barrier_wait(&course.over);
		pthread_join(other, NULL);
	}
	return 0;
}
