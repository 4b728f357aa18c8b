/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A recording: which system calls programs made, run by run, and how much of that could not be
 * seen. On disk it is JSON (doc/recording.md). Runs are kept apart and known by a random id, so
 * that merging is the union of sets: commutative, associative and idempotent.
 *
 * All of a recording lives in the arena that it was made in.
 */
#ifndef PALE_PROFILER_RECORDING_RECORDING_H
#define PALE_PROFILER_RECORDING_RECORDING_H

#include "policy-lang/base/arena.h"
#include "policy-lang/base/diag.h"
#include "policy-lang/base/text.h"
#include "policy-lang/catalog/call.h"

#include <stdbool.h>
#include <stdint.h>

#define RECORDING_FORMAT "pale-recording"
#define RECORDING_VERSION 2 /* version 1 is read too: doc/recording.md says what it lacked */

/* Stated limits of the format; a writer saturates at them, a reader refuses more. */
enum {
	RECORDING_BYTES_MAX = 128 << 20,
	RECORDING_VALUES_MAX = 4 << 20, /* a run's in JSON, a list or an object counting as four */
	RECORDING_RUNS_MAX = 10000,
	RECORDING_EXECUTABLES_MAX = 4096, /* a run's; what comes later shares one entry */
	RECORDING_CALLS_MAX = 4096,       /* an executable's */
	RECORDING_TUPLES_MAX = 256,       /* a call's; above it only masks and extremes are kept */
	RECORDING_STRING_MAX = 1 << 16,
	RECORDING_LABELS_MAX = 64,
	RECORDING_LABEL_KEY_MAX = 128,
	RECORDING_LABEL_VALUE_MAX = 1024,
	RECORDING_WORDS_MAX = 4096, /* of a command; what is behind them is cut off */
	RECORDING_OPERATIONS_MAX =
		256, /* an executable's, each phase by itself: opcodes are bytes */
};
/* A call's arguments, and what is read behind its pointers. */
#define RECORDED_ARGS_MAX (2 * CALL_ARGS_MAX)
/*
 * What reading may make an arena grow to: the reservation of one is four times as large. A reader
 * refuses a recording that needs more.
 */
#define RECORDING_MEMORY_MAX (sizeof(void *) == 8 ? 1 << 30 : 1 << 27)
#define RECORDING_COUNT_MAX (((uint64_t)1 << 53) - 1) /* what every reader of JSON can hold */

/* Distinct values of the ruled arguments, in the order in which those stand in the call's args. */
struct recorded_tuple {
	uint64_t values[RECORDED_ARGS_MAX];
	uint64_t count;
};

/*
 * What was seen of one argument. Values are what the kernel reads of it, zero-extended; LEAST and
 * MOST are ordered by the argument's own sign. A pointer is recorded as 0 (NULL) or 1 (not NULL).
 */
struct recorded_arg {
	const char *name; /* as the catalogue has it */
	bool ruled;       /* its values stand in the tuples */
	bool behind;      /* read through a pointer when the call began; no filter can see it */
	uint64_t all;     /* bits set in every value */
	uint64_t some;    /* bits set in some value */
	uint64_t least;
	uint64_t most;
};

struct recorded_error {
	int number; /* errno on the call's ABI */
	uint64_t count;
};

/*
 * A server's life: what it does until it waits for work, and what it does from then on. Each process
 * enters the second by itself, as it would put a tighter filter on itself, and its children are born
 * in it. What no rule (serving.h) told apart is all in the first.
 */
enum recorded_phase {
	PHASE_START,
	PHASE_SERVING,
	PHASE_COUNT,
};
/* The word in the file and in policies ("start", "serving"). */
const char *recorded_phase_word(enum recorded_phase phase);

/* One call of one ABI, made by one executable in one phase. */
struct recorded_call {
	enum recorded_phase phase;
	enum abi_id abi;
	uint32_t number;  /* as in seccomp_data.nr */
	const char *name; /* NULL where the catalogue that recorded it had none for the number */
	uint64_t count;
	VEC(struct recorded_arg) args;
	VEC(struct recorded_tuple) tuples; /* sorted; empty where saturated or nothing is ruled */
	bool saturated;
	VEC(struct recorded_error) errors; /* sorted by number */
};

/* What an executable asked of io_urings: no filter sees these, wherever io_uring_enter is allowed. */
struct recorded_operation {
	enum recorded_phase phase;
	uint8_t opcode;   /* IORING_OP_* */
	const char *name; /* "MKDIRAT", or NULL where this pale had none for it */
	uint64_t count;
};

/* A program file, and what interpreted it. PATH is "" for the entry that later ones share. */
struct recorded_executable {
	const char *path;   /* as /proc/PID/exe has it: of a script, its interpreter */
	const char *script; /* or NULL */
	uint32_t device_major;
	uint32_t device_minor;
	uint64_t inode;
	uint64_t started;                          /* how many times it was executed */
	VEC(struct recorded_call *) calls;         /* sorted by (phase, abi, number) */
	VEC(struct recorded_operation) operations; /* sorted by (phase, opcode) */
};

/* What a tracer could not see, or could see only in part. */
enum unseen_kind {
	UNSEEN_RECORDER_FILTERED, /* the recorder itself ran behind a seccomp filter */
	UNSEEN_OWN_FILTER,        /* the program installed a seccomp filter */
	UNSEEN_UNTRACED_CHILD,    /* clone() with CLONE_UNTRACED */
	UNSEEN_NEUTERED,          /* a setuid, setgid or capable program without its privileges */
	UNSEEN_OWN_TRACER,        /* the program used ptrace itself, and was refused */
	UNSEEN_IO_URING,          /* the operations of an io_uring, where the tracer sees none */
	UNSEEN_UNKNOWN_ABI,       /* a call of an ABI or number range that the catalogue lacks */
	UNSEEN_SHARED_ENTRY,      /* more executables than RECORDING_EXECUTABLES_MAX */
	UNSEEN_CUT_SHORT,         /* the recorder was told to end before the program had ended */
	UNSEEN_EARLIER,           /* the program ran already when the recording began */
	UNSEEN_POINTER,           /* flags behind a pointer that could not be read */
	UNSEEN_PATH,              /* an executable's path that could not be told whole */
	UNSEEN_ATTRIBUTION, /* calls that others were known to make, made by this executable too */
	UNSEEN_KNOWN,       /* calls that the recording that is replayed knows */
	UNSEEN_NO_EXEC,     /* a process to record from its next exec on, which made none */
	UNSEEN_KIND_COUNT
};
/* The word in the file ("own-filter"), and a sentence for people. */
const char *unseen_kind_word(enum unseen_kind kind);
const char *unseen_kind_text(enum unseen_kind kind);

struct recorded_unseen {
	enum unseen_kind kind;
	const char *path; /* the executable concerned, or NULL */
	uint64_t count;
};

/* How the program that was started ended. */
enum recorded_end_kind {
	RECORDED_END_UNKNOWN, /* it outlived the recording */
	RECORDED_END_EXITED,
	RECORDED_END_KILLED,
};

/* What was recorded. */
enum recorded_scope {
	SCOPE_COMMAND, /* a command, from its own exec on, and all that it started */
	SCOPE_PID,     /* a process that ran already, and what it started from then on */
	SCOPE_CGROUP,  /* all that ran in a cgroup and below it */
};

/* The word in the file: "command", "pid", "cgroup". */
#define SCOPE_COUNT (SCOPE_CGROUP + 1)
const char *recorded_scope_word(enum recorded_scope scope);

/* What whoever records says of a run ("workload" is "web"), so that it can be chosen by it. */
struct recorded_label {
	const char *key; /* letters, digits, and _ . / - */
	const char *value;
};

struct recorded_run {
	const char *id; /* 32 hexadecimal digits */
	const char *host;
	const char *kernel; /* uname's release */
	const char *machine;
	const char *tracer;
	enum recorded_scope scope;
	const char *scope_name; /* of a cgroup its path, of a container its id, or NULL */
	VEC(struct recorded_label) labels; /* sorted by key, no key twice */
	VEC(const char *) command;         /* of a process its command line; of a cgroup empty */
	/*
	 * Whether only such calls are in here as a policy in force would have denied: they tell what
	 * to add to it, and no more.
	 */
	bool only_denied;
	/* Calls that were known passed uncounted: each count is what was seen at least. */
	bool counts_are_least;
	bool results_seen; /* whether ERRORS of each call tell all */
	const char
		*serving_rule; /* what told the phases apart, as the user gives it; NULL: nothing */
	bool served;           /* whether a process entered PHASE_SERVING, and */
	uint64_t serving_after; /* when the first one did, in milliseconds */
	int64_t started;        /* seconds since 1970 */
	uint64_t duration;      /* milliseconds */
	enum recorded_end_kind end;
	int end_value; /* exit status, or signal */
	uint64_t processes;
	uint64_t threads;                   /* all tasks, each process's first thread among them */
	uint64_t lost;                      /* calls that were made and are not in here */
	VEC(struct recorded_unseen) unseen; /* sorted by (kind, path) */
	VEC(struct recorded_call *) launcher;          /* the tracer's own exec of the command */
	VEC(struct recorded_executable *) executables; /* sorted by (path, script, device, inode) */
};

struct recording {
	VEC(struct recorded_run *) runs; /* sorted by id */
};

/*
 * Reads a recording from LENGTH bytes of JSON. NAME is what messages call it. What is wrong with
 * it goes to DIAGS ([recording]); then the result is NULL.
 */
struct recording *recording_read(struct arena *arena, const char *name, const char *bytes,
				 size_t length, struct diags *diags);
/*
 * The same for the recordings that are read with one pool: what they have in common is parsed once
 * and stands in ARENA, the pool's, once.
 */
struct recording_pool;
struct recording_pool *recording_pool_new(struct arena *arena);
struct recording *recording_pool_read(struct recording_pool *pool, const char *name,
				      const char *bytes, size_t length, struct diags *diags);
/*
 * Writes it as JSON. Returns 0, -ENOMEM, or -EFBIG where it is larger than what recording_read()
 * takes. OUT is empty before. The same recording gives the same bytes.
 */
int recording_write(const struct recording *recording, struct text *out);

/*
 * Adds the runs of FROM to INTO; a run that INTO has already is left out. A run with the same id
 * and different contents goes to DIAGS, as do more runs than the limit. INTO refers to FROM's
 * runs, so both arenas must outlive it.
 */
void recording_merge(struct arena *arena, struct recording *into, const struct recording *from,
		     const char *from_name, struct diags *diags);

/* Whether both halves are within their limits, and the key has only letters that one may have. */
bool recorded_label_is_good(const struct recorded_label *label);
/* TEXT, which is KEY=VALUE, in ARENA, the value escaped. False where it is no good label. */
bool recorded_label_parse(struct arena *arena, const char *text, struct recorded_label *label);
bool recorded_run_has_label(const struct recorded_run *run, const struct recorded_label *label);

/* Whether A is less than B as values of BITS bits. */
bool recorded_value_less(uint64_t a, uint64_t b, unsigned int bits, bool is_signed);

/* Whether two runs, both in order, are written the same. */
bool recorded_run_equal(const struct recorded_run *a, const struct recorded_run *b);

/* Puts everything in RUN into the order that the format has. */
void recorded_run_sort(struct recorded_run *run);
/* Puts a call's tuples and errors in order. */
void recorded_call_sort(struct recorded_call *call);

/* Puts ERRORS into order; false where one is there twice. */
bool recorded_errors_sort(struct recorded_error *errors, size_t count);
/* What is wrong with the order of a CALL's tuples ("tuples that are not in order"), or NULL. */
const char *recorded_call_find_disorder(const struct recorded_call *call);

/* What stands twice in a sorted RUN and may not ("a call"), or NULL. */
const char *recorded_run_find_duplicate(const struct recorded_run *run);

/*
 * BYTES as a string that JSON can hold and that is safe to print, in a comment too: a backslash is
 * written twice, and a control character, a byte that is no UTF-8, or a letter that ends a line or
 * turns its direction byte by byte as \xHH.
 */
const char *recording_escape(struct arena *arena, const char *bytes, size_t length);
/* Whether both are within their limits, and KEY has only the letters that a label's may have. */
bool recording_is_label(const char *key, const char *value);
/* Whether TEXT is what recording_escape() could have written. */
bool recording_is_escaped(const char *text);

#endif
