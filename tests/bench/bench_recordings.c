/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench_recordings PALE FOLDER [COUNT]: what merging a fleet's recordings takes. Makes COUNT (1,000)
 * recordings of one workload in FOLDER, as COUNT hosts would send them, merges them with PALE, makes a
 * policy of the result, and prints seconds and peak memory of each.
 */
#include "profiler/recorder/recorder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	EXECUTABLES = 8,
	CALLS = 50, /* of each executable */
	AUDIT_ARCH = 0xc000003e,
};

static uint64_t random_state = 20260101;

static uint32_t pick(uint32_t below)
{
	random_state = random_state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(random_state >> 33) % below;
}

/*
 * Executable INDEX's call AT: the same in each run, and the ld.so's calls the same in each
 * executable. As in recordings of Python and shells a call has one combination of values or two, and
 * a few have many; from run to run counts differ, and in one call of fifty also a combination or an
 * argument that no policy looks at.
 */
static void make_calls(struct recorder *recorder, executable_id executable, unsigned int index,
		       unsigned int at)
{
	static const uint32_t loader[] = {0, 3, 5, 9, 10, 11, 12, 17, 21, 158, 257, 262, 302, 334};
	bool loads = at < sizeof(loader) / sizeof(loader[0]);
	uint32_t number = loads ? loader[at] : (at * 7 + index * 5) % 330;
	unsigned int tuples = at % 25 == 24 ? 40 : 1 + at % 5 / 3;
	bool differs = pick(50) == 0;

	for (unsigned int tuple = 0; tuple < tuples; tuple++) {
		struct call_event event = {.audit_arch = AUDIT_ARCH, .number = number};

		if (differs && tuple && !pick(tuples))
			continue;
		for (unsigned int i = 0; i < CALL_ARGS_MAX; i++)
			event.args[i] = (number * 31 + tuple * 17 + i * 7) % 4099;
		if (differs)
			event.args[0] = 3 + pick(1000);
		for (unsigned int count = 1 + pick(at % 3 ? 2 : 100); count > 0; count--) {
			struct recorded_call *call = recorder_call(recorder, executable, &event);

			if (call && at % 7 == 3)
				recorder_error(recorder, call, ENOENT);
		}
	}
}

static int write_recording(const char *path)
{
	char *command[] = {(char *)"/usr/sbin/worker", (char *)"--config",
			   (char *)"/etc/worker.conf", NULL};
	struct recorder_subject subject = {
		.tracer = "ptrace", .command = command, .results_seen = true};
	struct recorded_run *run;
	struct text text = {0};
	struct recording recording = {.runs = {&run, 1, 1}};
	struct recorder *recorder;
	struct arena arena;
	FILE *file;
	int error = arena_init(&arena);

	if (error)
		return error;
	recorder = recorder_new(&arena, &subject);
	for (unsigned int i = 0; recorder && i < EXECUTABLES; i++) {
		char name[64];
		struct executable_identity identity = {name, NULL, 0x801, 4096 + i};
		executable_id executable;

		snprintf(name, sizeof(name), "/usr/libexec/worker/helper-%u", i);
		executable = recorder_executable_start(recorder, &identity);
		for (unsigned int at = 0; at < CALLS; at++)
			make_calls(recorder, executable, i, at);
	}
	if (!recorder)
		return -EAGAIN;
	run = recorder_finish(recorder, RECORDED_END_EXITED, 0);
	error = recording_write(&recording, &text);
	file = error ? NULL : fopen(path, "w");
	if (file && fwrite(text.bytes, 1, text.length, file) != text.length)
		error = -EIO;
	if (!file || fclose(file) != 0)
		error = -errno;
	text_release(&text);
	arena_release(&arena);
	return error;
}

static int measure(const char *title, char *const *argv)
{
	struct timespec begin, end;
	struct rusage usage;
	int status;
	pid_t child;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	child = fork();
	if (child == 0) {
		execv(argv[0], argv);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &usage) < 0)
		return -errno;
	clock_gettime(CLOCK_MONOTONIC, &end);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		fprintf(stderr, "%s failed\n", title);
		return -EIO;
	}
	printf("  %-28s %8.2f s %8.2f s of CPU %8ld MiB\n", title,
	       (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9,
	       (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
		       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6,
	       usage.ru_maxrss >> 10);
	return 0;
}

static int measure_all(char *pale, char *folder, char *merged, char *policy)
{
	char *merge[] = {pale, (char *)"merge", (char *)"-o", merged, folder, NULL};
	char *again[] = {pale, (char *)"merge", (char *)"-o", merged, folder, merged, NULL};
	char *generate[] = {pale, (char *)"generate", (char *)"-o", policy, merged, NULL};
	struct stat status;
	int error = measure("merge", merge);

	if (!error && stat(merged, &status) == 0)
		printf("  %-28s %8.2f MB\n", "what is written", (double)status.st_size / 1e6);
	if (!error)
		error = measure("merge all with the result", again);
	if (!error)
		error = measure("generate", generate);
	return error;
}

int main(int argc, char **argv)
{
	int count = argc > 3 ? atoi(argv[3]) : 1000, error = 0;
	char *merged, *policy;
	double bytes = 0;

	if (argc < 3 || count < 1 || asprintf(&merged, "%s/../all.rec", argv[2]) < 0 ||
	    asprintf(&policy, "%s/../all.pale", argv[2]) < 0) {
		fprintf(stderr, "usage: bench_recordings PALE FOLDER [COUNT]\n");
		return 2;
	}
	for (int i = 0; i < count && !error; i++) {
		struct stat status;
		char *path;

		if (asprintf(&path, "%s/host-%04d.rec.json", argv[2], i) < 0)
			return 3;
		error = write_recording(path);
		if (!error && stat(path, &status) == 0)
			bytes += (double)status.st_size;
		free(path);
	}
	if (!error) {
		printf("  %-28s %8.2f MB\n", "what is read", bytes / 1e6);
		fflush(stdout);
		error = measure_all(argv[1], argv[2], merged, policy);
	}
	if (error)
		fprintf(stderr, "bench_recordings: %s\n", strerror(-error));
	free(merged);
	free(policy);
	return error ? 3 : 0;
}
