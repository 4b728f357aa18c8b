/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a program and its libraries could call, by their code: which system call instructions can be
 * reached, with which numbers. Nothing is run. How it is done, and what it cannot see, is written
 * down in doc/recording.md.
 */
#ifndef PALE_PROFILER_STATIC_STATIC_H
#define PALE_PROFILER_STATIC_STATIC_H

#include "policy-lang/base/diag.h"
#include "policy-lang/catalog/call.h"

enum {
	STATIC_MISSING_MAX = 1024,
};

/* Where an instruction stands, and how the program comes to it. */
struct static_site {
	const char *object;   /* "libc.so.6" */
	uint64_t address;     /* in the object, as its symbols count */
	const char *function; /* by a symbol, or NULL */
	const char *via;      /* the symbol by which the object was entered; or NULL */
	const char *origin;   /* without one: "its own code", "its start and end" */
};

/* One call of one ABI. */
struct static_call {
	enum abi_id abi;
	uint32_t number;
	call_id call;                  /* CALL_NONE where the catalogue has none for the number */
	VEC(struct static_site) sites; /* a few, of which no two share object and symbol */
	size_t count;                  /* of all */
};

/*
 * What was found, for one program or several. All zeros is none. Names are the files' own bytes,
 * whatever these are; those of symbols are cut.
 */
struct static_evidence {
	VEC(struct static_call *) calls; /* ordered by ABI and number */
	VEC(struct static_site) unknown; /* whose number could not be told */
	size_t unknown_more;             /* of the unknown, beyond those that are kept */
	VEC(const char *) programs;      /* paths, as given */
	VEC(const char *) missing;       /* libraries that were not found, or not read: why, too */
	size_t missing_more;             /* of the missing, beyond those that are kept */
	VEC(const char *) loaders;       /* functions reached that load more code by name */
	size_t objects, functions;
};

struct static_options {
	uint64_t steps; /* of work, an instruction one; 0 is more than any program of sense takes */
	const char *sysroot; /* before each path that the program or the system names, or NULL */
	const char *const
		*folders; /* searched for libraries before all others; NULL-terminated, or NULL */
};

/* NULL, or why code cannot be read here: the disassembler is missing. */
const char *static_unavailable(struct arena *arena);

/*
 * Adds what the ELF file PATH could call to EVIDENCE, in ARENA. What is wrong with the file goes to
 * DIAGS, and the result is then -ENOEXEC; what cannot be read gives negative errno; 0 else.
 * Libraries that are missing or bad do not fail it: they are listed. Requires that static_unavailable()
 * is NULL.
 */
int static_add(struct arena *arena, struct static_evidence *evidence, const char *path,
	       const struct static_options *options, struct diags *diags);

#endif
