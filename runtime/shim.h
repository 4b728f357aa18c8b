/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pale-run inside: its state, and its steps in the order in which they are taken. A step that
 * fails does not return: it says so on standard error and ends the process.
 */
#ifndef PALE_RUNTIME_SHIM_H
#define PALE_RUNTIME_SHIM_H

#include "runtime/privileges.h"
#include "runtime/sys.h"

#include <linux/filter.h>

/* As env(1) ends. */
enum shim_status {
	SHIM_FAILED = 125,
	SHIM_NOT_EXECUTABLE = 126,
	SHIM_NOT_FOUND = 127,
	SHIM_SIGNALLED = 128, /* plus the signal */
};

enum {
	SHIM_KEEP_MAX = 64, /* descriptors named with --keep-fd */
	SHIM_VALUES_MAX = BUNDLE_LOADS_MAX,
};

/* --load NAME=TEXT, or what a name in the bundle is worth. */
struct shim_value {
	const char *name; /* up to its '=' */
	const char *text;
};

struct shim {
	/* options.c */
	const char *bundle_path; /* NULL: BUNDLE_FD */
	int bundle_fd;
	int keep[SHIM_KEEP_MAX]; /* sorted, no two alike, all above 2 */
	unsigned int keep_count;
	struct shim_value values[SHIM_VALUES_MAX];
	unsigned int value_count;
	char **command; /* two words at least stand before it in the same array */
	char **environment;

	/* load.c */
	struct bundle_view view;
	const struct bundle_filter *filter;
	struct sock_fprog program;

	/* Who runs it, as seen from outside. */
	uint32_t user;
	uint32_t group;

	/* signals.c: what the command gets back, where the shim changed it. */
	bool signals_held;
	bool child_signal_ignored;
	struct signal_set signals_before;

	/* processes.c */
	int outside_pid; /* of the parent that stays outside; 0: there is none */
	int init_pid;    /* 0: there is none */
	int init_ready;  /* read end: the init is in place once a byte comes; -1: there is none */
	int init_alive;  /* write end: the init ends when nobody has it any more */
};

/* Words in a row; what does not fit is cut. BYTES end in a NUL. */
struct message {
	char bytes[1024];
	size_t length;
};
void message_add(struct message *message, const char *words);
/*
 * Prints `pale-run: STEP: WORDS (ERRNO)`, the words joined up to a NULL, and ends with STATUS.
 * ERROR is negative errno, or 0 for none.
 */
void fail(enum shim_status status, const char *step, long error, ...)
	__attribute__((noreturn, sentinel));
/* The same for a step that came to nothing. */
void fail_with(const struct failure *failure) __attribute__((noreturn));
/* "EPERM", or NULL for a number without a name here. ERROR is positive. */
const char *errno_name(int error);
/* VALUE in decimal at the end of BUFFER, which has room for 24 bytes. Returns its begin. */
char *number_text(char buffer[24], uint64_t value);
size_t text_length(const char *text);
bool text_equal(const char *a, const char *b);
/* Whole decimal numbers up to LIMIT; -1 for anything else. */
long text_number(const char *text, long limit);

/* Fills in what the command line says; --help and --version end here. */
void options_parse(struct shim *shim, int argc, char **argv);
/* Reads and checks the bundle and finds the filter for this machine. */
void bundle_load(struct shim *shim);
/* Refuses a kernel without seccomp filters, and a filter that does not let the command start. */
void filter_probe(const struct shim *shim);
/*
 * Puts the values of --load into the filter. Each that the bundle asks for has to be given, and no
 * other. Called again where the process is another one, for its pid.
 */
void values_fill(struct shim *shim);
/* Closes what was inherited above standard error, but for what is to be kept. */
void descriptors_close(const struct shim *shim);
/* From here until signals_release() signals wait, so that none is lost between the forks. */
void signals_hold(struct shim *shim);
void signals_release(const struct shim *shim);
/* Makes the namespaces, with maps of ids, private mounts, host name and loopback. */
void namespaces_enter(struct shim *shim);
/* A new network has its loopback down, and programs take 127.0.0.1 for granted. */
void loopback_raise(void);
/*
 * Where a pid or time namespace needs it, goes on as a child, and leaves the parent behind to
 * forward signals and pass on the exit status. A pid namespace gets its init here.
 */
void processes_split(struct shim *shim);
/* Waits until whoever stays behind is ready for the command to start. */
void processes_settle(const struct shim *shim);
/* no_new_privs and the filter; nothing but exec may come behind it. */
void filter_load(const struct shim *shim);
/* Becomes the command. */
void command_exec(const struct shim *shim) __attribute__((noreturn));

#endif
