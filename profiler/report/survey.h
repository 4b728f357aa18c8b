/* SPDX-License-Identifier: Apache-2.0 */
/* All runs of a recording added up: by call, and by executable. */
#ifndef PALE_PROFILER_REPORT_SURVEY_H
#define PALE_PROFILER_REPORT_SURVEY_H

#include "profiler/recording/recording.h"

struct seen_call;

/* A program file over all runs, known by its path and script. */
struct seen_executable {
	const char *path;
	const char *script; /* or NULL */
	const char *label;  /* the last part of its name */
	uint64_t started;
	size_t runs;
	uint64_t count;                      /* calls that it made */
	VEC(const struct seen_call *) calls; /* different ones, by count, the most frequent first */
	uint32_t mark;                       /* for entry.c: see survey.marks */
};

/* A call of one executable in one run and phase. */
struct seen_record {
	const struct recorded_call *call;
	struct seen_executable *executable;
	const struct recorded_run *run;
};

/* A number of an ABI. */
struct seen_call {
	enum abi_id abi;
	uint32_t number;
	call_id call;     /* CALL_NONE for a number that the catalogue lacks */
	const char *name; /* the call's, or "number N" */
	uint64_t count;
	uint64_t phases[PHASE_COUNT];
	bool at_least;                     /* some of the counts are of what was seen at least */
	const struct seen_record *records; /* by executable, then run */
	size_t record_count;
	VEC(struct seen_executable *) executables; /* by label */
};

/* What was given to io_urings. */
struct seen_operation {
	uint8_t opcode;
	const char *name; /* or NULL */
	uint64_t count;
};

struct survey {
	VEC(struct seen_call *) calls;             /* by count, the most frequent first */
	VEC(struct seen_executable *) executables; /* by count */
	VEC(struct seen_operation) operations;     /* by count */
	uint64_t count;                            /* of all calls */
	uint64_t processes;
	uint64_t threads;
	uint64_t lost;
	abi_set abis;         /* of the calls */
	enum abi_id main_abi; /* of the most of them */
	bool at_least;
	uint32_t marks; /* how many questions were asked that mark executables */
	bool served;    /* some process began to serve, so that phases mean something */
	struct seen_call **by_number; /* the calls by (ABI, number) */
};

struct survey *survey_make(struct arena *arena, const struct recording *recording);
/* The call, or NULL where it was not seen. */
const struct seen_call *survey_find(const struct survey *survey, enum abi_id abi, uint32_t number);

#endif
