/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Collects what a tracer sees into a recorded run. A tracer names executables as they start and
 * reports calls as they are made; the recorder looks up signatures and keeps counts, tuples,
 * masks and extremes within the limits of recording.h.
 */
#ifndef PALE_PROFILER_RECORDER_RECORDER_H
#define PALE_PROFILER_RECORDER_RECORDER_H

#include "profiler/recording/recording.h"

#include <sys/types.h>

/* Index of an executable in the recorder. */
typedef uint32_t executable_id;

/* What tells executables apart. Strings are copied, and escaped with recording_escape(). */
struct executable_identity {
	const char *path;
	const char *script; /* or NULL */
	dev_t device;
	ino_t inode;
};

/* A call as it begins: the words of struct seccomp_data. */
struct call_event {
	enum recorded_phase phase;
	uint32_t audit_arch;
	uint32_t number;
	uint64_t args[CALL_ARGS_MAX];
	/*
	 * Reads LENGTH bytes of the caller's memory: 0, or negative errno. Used for the few calls
	 * that hide flags behind a pointer (call_behind()); may be NULL.
	 */
	int (*read_memory)(void *user, uint64_t address, void *bytes, size_t length);
	void *user;
};

/* A 64-bit member of a structure that a call gets by pointer, and that is worth recording. */
struct behind_field {
	const char *name;
	enum arg_use use;
	uint8_t pointer; /* index of the argument that points to the structure */
	uint8_t size;    /* index of the argument that says how large it is */
	uint8_t offset;  /* in bytes; a structure that ends before it means 0 */
};
/* The fields for CALL (clone3, openat2); *COUNT is 0 for a call that hides nothing of use. */
const struct behind_field *call_behind(call_id call, unsigned int *count);

/*
 * Many calls of one kind, as a tracer adds them up itself. What stands in ARGS and in the tuples is
 * in the order of the recorded call's args, those behind pointers last, and as struct recorded_arg
 * has it: cut to the width that the kernel reads, pointers 0 or 1.
 */
struct call_aggregate {
	enum recorded_phase phase;
	uint32_t audit_arch;
	uint32_t number;
	uint64_t count; /* not 0 */
	struct {
		uint64_t all;
		uint64_t some;
		uint64_t least;
		uint64_t most;
	} args[RECORDED_ARGS_MAX];
	const struct recorded_tuple *tuples; /* no two alike; their counts add up to COUNT */
	size_t tuple_count;
	bool saturated; /* there were more: TUPLES is not looked at */
};

struct recorder;

/* What a run is a recording of. */
struct recorder_subject {
	const char *tracer; /* a constant */
	enum recorded_scope scope;
	const char *scope_name;   /* or NULL */
	char *const *command;     /* NULL-terminated; may be empty */
	const char *serving_rule; /* or NULL */
	bool results_seen;
	const struct recorded_label *labels; /* good ones, no key twice; they outlive the run */
	size_t label_count;
};

/*
 * Starts a run with a fresh id, host, kernel and start time. ARENA must outlive the result. NULL
 * where the kernel gives no random bytes.
 */
struct recorder *recorder_new(struct arena *arena, const struct recorder_subject *subject);

/* The executable with that identity, added where it is new; counts one more start of it. */
executable_id recorder_executable_start(struct recorder *recorder,
					const struct executable_identity *identity);
/* EXECUTABLE has been started TIMES more. */
void recorder_executable_more(struct recorder *recorder, executable_id executable, uint64_t times);
/* Whether EXECUTABLE is the file with DEVICE and INODE. */
bool recorder_executable_is(const struct recorder *recorder, executable_id executable, dev_t device,
			    ino_t inode);
/* The one that has been started with DEVICE and INODE, or false. */
bool recorder_executable_find(const struct recorder *recorder, dev_t device, ino_t inode,
			      executable_id *id);

/*
 * Counts a call. Returns its record, for recorder_error() when the call ends, or NULL where the
 * event has no known ABI (which is counted as UNSEEN_UNKNOWN_ABI) or the executable has made
 * RECORDING_CALLS_MAX different ones (which is counted as lost).
 */
struct recorded_call *recorder_call(struct recorder *recorder, executable_id executable,
				    const struct call_event *event);
/* The same for calls that are added up already. NULL in the same cases. */
struct recorded_call *recorder_aggregate(struct recorder *recorder, executable_id executable,
					 const struct call_aggregate *aggregate);
/* COUNT operations of OPCODE were given to io_urings. */
void recorder_operation(struct recorder *recorder, executable_id executable,
			enum recorded_phase phase, uint8_t opcode, uint64_t count);
/* The call failed with errno NUMBER. */
void recorder_error(struct recorder *recorder, struct recorded_call *call, int number);
/* The launcher's own call before the program began. */
void recorder_launcher_call(struct recorder *recorder, enum abi_id abi, call_id call);

/* EXECUTABLE may be EXECUTABLE_NONE. */
#define EXECUTABLE_NONE ((executable_id)-1)
void recorder_unseen(struct recorder *recorder, enum unseen_kind kind, executable_id executable);
void recorder_lost(struct recorder *recorder, uint64_t calls);
/* From now on calls may pass uncounted, so that what they return is not seen either. */
void recorder_counts_least(struct recorder *recorder);
/* A better word for the tracer than the one that the run began with. A constant. */
void recorder_set_tracer(struct recorder *recorder, const char *tracer);
/* A process has begun to serve; the first one counts. */
void recorder_serving(struct recorder *recorder);

/* Figures for progress. */
struct recorder_figures {
	uint64_t calls;
	uint64_t different; /* (ABI, call) pairs */
	uint64_t processes;
	uint64_t threads;
	uint64_t news; /* an executable's calls and their tuples of values, when they were new */
};
struct recorder_figures recorder_figures(const struct recorder *recorder);
/*
 * What has been recorded up to now, *COUNT executables by their ids, in no order within. Holds until
 * the recorder is next told of something.
 */
const struct recorded_executable *const *recorder_executables(const struct recorder *recorder,
							      size_t *count);
void recorder_task_begin(struct recorder *recorder, bool is_process);
/* The same for PROCESSES with THREADS tasks together. */
void recorder_tasks_more(struct recorder *recorder, uint64_t processes, uint64_t threads);

/* Ends the run: duration, exit status, order. The recorder is not to be used afterwards. */
struct recorded_run *recorder_finish(struct recorder *recorder, enum recorded_end_kind end,
				     int end_value);

#endif
