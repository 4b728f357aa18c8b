/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the programs in the kernel and the tracer agree on. Both sides include it: the kernel's has
 * the fixed-width types from kernel.bpf.h, the tracer's from <stdint.h>.
 */
#ifndef PALE_PROFILER_EBPF_TRACE_H
#define PALE_PROFILER_EBPF_TRACE_H

#ifndef __bpf__
#include <stdint.h>
typedef uint64_t u64;
typedef uint32_t u32;
typedef uint16_t u16;
typedef uint8_t u8;
#endif

enum {
	TRACE_REGISTERS = 6,
	TRACE_VALUES = 7, /* arguments of a call with what stands behind its pointers, at most */
	TRACE_WORDS = 8,  /* room for values, or registers; a power of two */
	TRACE_FEW = 3,    /* most calls have no more values */
	TRACE_MEMOS = 16, /* calls that each task remembers; a power of two */
	TRACE_ABI_X86_64 = 0,
	TRACE_ABI_X86 = 1,
	TRACE_ABI_X32 = 2,
	TRACE_ABIS = 3,
	TRACE_CALLS = 1024, /* numbers of each ABI that the catalogue may describe */
	TRACE_EXECUTABLES = 4096,
	TRACE_RECORDS = 16384,
	TRACE_TUPLES = 65536,
	TRACE_TUPLES_EACH = 256, /* a call's; one more says that it is saturated */
	TRACE_OPERATIONS = 8192,
	TRACE_PATH_MAX = 4096,
};

/* Where a value of a call comes from. */
enum trace_source {
	TRACE_REGISTER, /* register LOW */
	TRACE_PAIR,     /* the low words of registers LOW and HIGH */
	TRACE_BEHIND, /* OFFSET bytes behind the pointer in register LOW, where HIGH says enough */
};

/* One value of a call, as the catalogue has it. */
struct trace_value {
	u64 mask;    /* the bits that the kernel reads */
	u64 bias;    /* its sign bit, where it has a sign: values are ordered with it turned over */
	u64 pointer; /* all bits, where only whether it is NULL counts */
	u64 ruled;   /* all bits, where the value stands in the tuples */
	u8 source;
	u8 low;
	u8 high;
	u8 offset;
	u8 wide; /* TRACE_BEHIND: the pointer has 64 bits */
	u8 unused[3];
};

/* All that the kernel's side knows of a call. */
struct trace_call {
	u8 count;    /* of values */
	u8 ruled;    /* bit N: value N stands in the tuples */
	u8 plain;    /* every value is a register, in order */
	u8 by_first; /* the roles depend on the first argument, as socketcall's */
	u8 quick;    /* plain, with few values and none in the tuples */
	u8 roles;    /* it has one, or makes a process */
	u8 unused[2];
	/* serving.h, bit N for a first argument N, or bit 0 */
	u32 listens;
	u32 waits;
	u32 begins;
	struct trace_value values[TRACE_VALUES];
};

/* What is known of a value. LEAST and MOST have its bias turned over, and MOST all its bits too. */
struct trace_extent {
	u64 all;
	u64 some;
	u64 least;
	u64 most;
};

/* A call as a map has it: what was added up. The memo's tag is the call's whole name. */
struct trace_key {
	u32 executable;
	u32 number;
	u32 abi;
	u32 phase;
};

struct trace_record {
	u64 count;
	u32 id; /* not 0 */
	u32 tuples;
	struct trace_extent values[TRACE_VALUES];
};

struct trace_tuple {
	u64 record;
	u64 values[TRACE_VALUES]; /* 0 where the value is not ruled */
};

struct trace_operation {
	u32 executable;
	u16 phase;
	u16 opcode;
};

/* Flags of an executable. */
enum {
	TRACE_OWN_FILTER = 1,
	TRACE_POINTER = 2,
};

struct trace_executable {
	u64 started;
	u32 flags;
	u32 unused;
};

enum trace_news_kind {
	TRACE_NEWS_EXECUTABLE, /* a new one */
	TRACE_NEWS_EMPTY,      /* the last task has ended, or left */
	TRACE_NEWS_SERVING,    /* the first process serves */
	TRACE_NEWS_MOVED,      /* a process with more than one thread was put into another cgroup */
};

/* What goes through the ring buffer. Only TRACE_NEWS_EXECUTABLE has more than the first words. */
struct trace_news {
	u32 kind;
	u32 executable;
	u32 pid;      /* as the tracer sees it */
	u32 met;      /* it ran already: what script it is has to be asked of /proc */
	u32 cut;      /* a path was too long or too deep */
	u32 nameless; /* PATH is a name without folders, of a file that has none (a memfd) */
	u64 device;   /* the kernel's own form */
	u64 inode;
	u32 path;   /* where PATH begins; it ends with the array */
	u32 folder; /* the same of FOLDER, in which SCRIPT was called by a relative name */
	u32 unlinked;
	u32 is_script;
	char path_text[TRACE_PATH_MAX];
	/* Only sent where IS_SCRIPT. */
	char folder_text[TRACE_PATH_MAX];
	char script[TRACE_PATH_MAX];
};
#define TRACE_NEWS_SHORT __builtin_offsetof(struct trace_news, path_text)
#define TRACE_NEWS_PROGRAM __builtin_offsetof(struct trace_news, folder_text)

/* What a task is to the recording. */
enum trace_membership {
	TRACE_LAUNCHED = 1, /* the launcher's child, before its exec */
	TRACE_MEMBER,
	TRACE_LEAVING, /* put out of the cgroup by another, and yet to count what it remembers */
	TRACE_LEFT,
};

/* A call with its last values. */
struct trace_memo {
	u64 tag; /* number, ABI and phase; 0: nothing is remembered */
	u64 count;
	u64 last[TRACE_VALUES]; /* of a quick call, the registers as they were */
	struct trace_extent values[TRACE_VALUES];
};

/* What is kept with each task. */
struct trace_task {
	u32 membership;
	u32 executable;
	u32 known;   /* EXECUTABLE is what it runs: it has made no exec outside */
	u32 counted; /* among the threads that there were */
	u32 phase;   /* enum recorded_phase */
	u32 listens;
	int filters; /* seccomp filters that it had from whoever recorded it */
	u32 alone;   /* put into the cgroup, or out, without the other threads of its process */
	u32 turn;    /* which of two memos goes next */
	u32 follows; /* it is no process's first thread, which has the phase */
	u32 early;   /* TRACE_LAUNCHED: it ran already when the recording began */
	u32 passed;  /* TRACE_LAUNCHED: it has made a process that waits in its place */
	struct trace_memo memos[TRACE_MEMOS];
};

/* Why calls were lost. */
enum trace_loss {
	TRACE_LOST_RECORDS, /* too many different calls */
	TRACE_LOST_TUPLES,
	TRACE_LOST_OPERATIONS,
	TRACE_LOST_TASKS, /* tasks that the kernel gave no memory for */
	TRACE_LOST_NEWS,  /* executables that the tracer did not hear of */
	TRACE_LOST_RACES,
	TRACE_LOSSES
};

enum trace_scope {
	TRACE_COMMAND,
	TRACE_PROCESS,
	TRACE_CGROUP,
};

/* One page or more that both sides see. */
struct trace_shared {
	u64 live;      /* tasks that are recorded */
	u64 leaving;   /* tasks in TRACE_LEAVING */
	u64 waiting;   /* tasks of a cgroup that wait for their exec */
	u64 processes; /* that there were */
	u64 threads;
	u64 lost[TRACE_LOSSES];
	u64 met;     /* by the last walk over all tasks */
	u64 waited;  /* processes that waited for their exec in vain */
	u32 stopped; /* the recording is over */
	u32 serving; /* all processes at once, from now on */
	u32 served;
	u32 next_record;
	u32 next_executable;
	u32 pid_level; /* of the tracer's PID namespace: pids are told as it sees them */
	u32 unused;
	u32 shared_entry; /* more executables than are told apart */
	struct trace_executable executables[TRACE_EXECUTABLES];
	struct trace_call calls[TRACE_ABIS * TRACE_CALLS];
};

#endif
