/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/hook/recorder_process.h"

#include "cli/command.h"
#include "cli/hook/container_cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	READY_DESCRIPTOR = 3,
	READY_MILLISECONDS = 20000,
	WRITTEN_MILLISECONDS = 60000,
	RECORDER_WORDS_MAX = 24,
};

static int complain(const char *what, const char *path)
{
	command_error("%s %s: %s", what, path, strerror(errno));
	return COMMAND_ENVIRONMENT;
}

/*
 * Makes PATH and what is above it, for nobody but this user; one that is there has to be such a folder,
 * since whoever can write to it could have this user write elsewhere.
 */
static int make_folder(struct arena *arena, const char *path)
{
	struct stat folder;

	for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/'))
		if (mkdir(arena_printf(arena, "%.*s", (int)(slash - path), path), 0755) < 0 &&
		    errno != EEXIST)
			return complain("cannot make the folder above", path);
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return complain("cannot make the folder", path);
	if (lstat(path, &folder) < 0)
		return complain("cannot look at the folder", path);
	if (S_ISDIR(folder.st_mode) && folder.st_uid == geteuid() && !(folder.st_mode & 022))
		return COMMAND_GOOD;
	command_error("%s is no folder of this user's that nobody else can write to", path);
	return COMMAND_ENVIRONMENT;
}

static const char *state_path(struct arena *arena, const struct hook_folders *folders,
			      const struct container_state *container)
{
	return arena_printf(arena, "%s/%s", folders->state, container->id);
}

/* RECORDINGS/NAME-ID-TIME: a container that is started again keeps its id. */
static const char *recording_stem(struct arena *arena, const struct hook_folders *folders,
				  const struct container_state *container)
{
	time_t now = time(NULL);
	struct tm utc;
	char stamp[32];

	gmtime_r(&now, &utc);
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", &utc);
	return arena_printf(arena, "%s/%s-%s-%s", folders->recordings, container->record,
			    container->id, stamp);
}

/* Field 22 of /proc/PID/stat, in clock ticks since boot: with the pid it tells a process for good. */
static bool process_start_time(struct arena *arena, pid_t pid, uint64_t *ticks)
{
	FILE *file = fopen(arena_printf(arena, "/proc/%d/stat", (int)pid), "re");
	char line[4096], *at;
	bool good;

	if (!file)
		return false;
	good = fgets(line, sizeof(line), file) != NULL;
	fclose(file);
	/* The name stands in brackets and may hold any: what follows it begins with field 3. */
	at = good ? strrchr(line, ')') : NULL;
	for (int field = 2; at && field < 22; field++)
		at = strchr(at + 1, ' ');
	return at && sscanf(at, " %" SCNu64, ticks) == 1;
}

static int state_write(struct arena *arena, const char *path, pid_t pid)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	uint64_t ticks;
	int status = COMMAND_GOOD;

	if (fd < 0)
		return complain("cannot write", path);
	if (!process_start_time(arena, pid, &ticks)) {
		command_error("the recorder is gone as soon as it began");
		status = COMMAND_ENVIRONMENT;
	} else if (dprintf(fd, "%d %" PRIu64 "\n", (int)pid, ticks) < 0) {
		status = complain("cannot write", path);
	}
	close(fd);
	if (status != COMMAND_GOOD)
		unlink(path);
	return status;
}

/* In the child: nothing of the runtime's stays open, and its end is not ours. */
static void become_recorder(char *const *words, const char *log, int ready)
{
	sigset_t none;
	int null = open("/dev/null", O_RDONLY);
	int messages = open(log, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (null < 0 || messages < 0 || setsid() < 0 || dup2(null, STDIN_FILENO) < 0 ||
	    dup2(messages, STDOUT_FILENO) < 0 || dup2(messages, STDERR_FILENO) < 0 ||
	    dup2(ready, READY_DESCRIPTOR) < 0)
		_exit(COMMAND_ENVIRONMENT);
	close_range(READY_DESCRIPTOR + 1, ~0U, 0);
	execv(words[0], words);
	dprintf(STDERR_FILENO, "pale-oci-hook: %s: %s\n", words[0], strerror(errno));
	_exit(COMMAND_ENVIRONMENT);
}

/* Whether the recorder says, in time, that it sees everything. */
static bool wait_until_ready(int ready)
{
	struct pollfd wait = {.fd = ready, .events = POLLIN};
	char byte;

	while (poll(&wait, 1, READY_MILLISECONDS) < 0)
		if (errno != EINTR)
			return false;
	return read(ready, &byte, 1) == 1;
}

/* The first line that the recorder left in its log, for whoever reads the runtime's messages. */
static void show_log(const char *log)
{
	FILE *file = fopen(log, "re");
	char line[1024];

	if (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		command_error("the recorder does not start: %s", line);
	} else {
		command_error("the recorder does not start; see %s", log);
	}
	if (file)
		fclose(file);
}

static int launch(struct arena *arena, char *const *words, const char *log, const char *state)
{
	int ready[2], status;
	pid_t pid;

	if (pipe2(ready, O_CLOEXEC) < 0)
		return complain("cannot make", "a pipe");
	pid = fork();
	if (pid == 0)
		become_recorder(words, log, ready[1]);
	close(ready[1]);
	if (pid < 0) {
		close(ready[0]);
		return complain("cannot start", words[0]);
	}
	if (wait_until_ready(ready[0])) {
		status = state_write(arena, state, pid);
	} else {
		show_log(log);
		status = COMMAND_ENVIRONMENT;
	}
	close(ready[0]);
	if (status != COMMAND_GOOD) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	return status;
}

/* A descriptor of the recorder that PATH tells of, or -1 where that has ended. */
static int recorder_open(struct arena *arena, const char *path)
{
	FILE *file = fopen(path, "re");
	uint64_t ticks, now;
	int pid, fd;
	bool good;

	if (!file)
		return -1;
	good = fscanf(file, "%d %" SCNu64, &pid, &ticks) == 2 && pid > 0;
	fclose(file);
	fd = good ? pidfd_open(pid, 0) : -1;
	/* With the descriptor open the pid is not given away: now the time tells whose it is. */
	if (fd >= 0 && (!process_start_time(arena, pid, &now) || now != ticks)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

/* Whether the way is free: what a recorder left that has ended is taken away. */
static bool take_place(struct arena *arena, const char *path)
{
	int fd = recorder_open(arena, path);

	if (fd < 0) {
		unlink(path);
		return true;
	}
	close(fd);
	return false;
}

int recorder_process_start(struct arena *arena, const struct hook_folders *folders,
			   const struct container_state *container)
{
	const char *stem = recording_stem(arena, folders, container);
	const char *cgroup = container_cgroup_find(arena, container->pid);
	const char *words[RECORDER_WORDS_MAX];
	size_t count = 0;

	if (make_folder(arena, folders->recordings) != COMMAND_GOOD ||
	    make_folder(arena, folders->state) != COMMAND_GOOD)
		return COMMAND_ENVIRONMENT;
	if (!take_place(arena, state_path(arena, folders, container))) {
		command_error("container %s is recorded already", container->id);
		return COMMAND_ENVIRONMENT;
	}
	words[count++] = folders->pale;
	words[count++] = "profile";
	words[count++] = "--quiet";
	words[count++] = "--from-exec";
	words[count++] = "--ready=3";
	words[count++] = arena_printf(arena, "--label=container=%s", container->id);
	words[count++] = arena_printf(arena, "--label=record=%s", container->record);
	words[count++] = arena_printf(arena, "--output=%s.rec.json", stem);
	words[count++] = cgroup ? arena_printf(arena, "--cgroup=%s", cgroup)
				: arena_printf(arena, "--pid=%d", (int)container->pid);
	words[count] = NULL;
	return launch(arena, (char *const *)words, arena_printf(arena, "%s.log", stem),
		      state_path(arena, folders, container));
}

int recorder_process_stop(struct arena *arena, const struct hook_folders *folders,
			  const struct container_state *container)
{
	const char *path = state_path(arena, folders, container);
	struct pollfd wait = {.events = POLLIN};
	int status = COMMAND_GOOD;

	if (access(path, F_OK) < 0)
		return COMMAND_GOOD; /* a container that failed to start has stopped too */
	wait.fd = recorder_open(arena, path);
	if (wait.fd >= 0) {
		/* It may have ended by itself, since nothing runs there any more. */
		pidfd_send_signal(wait.fd, SIGTERM, NULL, 0);
		if (poll(&wait, 1, WRITTEN_MILLISECONDS) != 1) {
			command_error("the recorder of container %s does not end", container->id);
			status = COMMAND_ENVIRONMENT;
		}
		close(wait.fd);
	}
	unlink(path);
	return status;
}
