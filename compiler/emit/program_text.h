/* SPDX-License-Identifier: Apache-2.0 */
/* Filters as files that a build takes: a C header, an object file, an assembler's text. */
#ifndef PALE_EMIT_PROGRAM_TEXT_H
#define PALE_EMIT_PROGRAM_TEXT_H

#include "compiler/cbpf/filter.h"

#include <stdbool.h>
#include <stddef.h>

/* What is known of the filters besides their instructions. */
struct program_text {
	const char *symbol; /* an identifier of C: see symbol_valid() */
	const char *policy; /* its name; or NULL */
	const char *path;   /* as the policy was given */
	const struct filter *const
		*filters; /* one a machine; c_header_write() alone takes several */
	size_t filter_count;
	const struct sources *sources;
	const char *loads; /* the values that were filled in, as a text for comments; or NULL */
	const char *phase; /* of a policy that has several, the one that this is; or NULL */
	bool sandbox;      /* the policy has one, which none of these formats holds */
};

/* Whether NAME is an identifier of C that leaves room for what is put behind it. */
bool symbol_valid(const char *name);
/*
 * An identifier from the policy's name, or from its file's where NAME is NULL: letters and digits
 * are kept, and all else becomes '_'. Lives in ARENA.
 */
const char *symbol_make(struct arena *arena, const char *name, const char *path);

/*
 * Appends a header in C99 and C++ with the filter of the machine that it is compiled for, and an
 * error for every machine that has none. It needs <linux/filter.h> and nothing else. For symbol S
 * it declares
 *
 *	static const struct sock_filter S_filter[];
 *	enum { S_filter_count };
 *	static inline struct sock_fprog S_program(void);
 *
 * Returns 0 or -ENOMEM.
 */
int c_header_write(const struct program_text *program, struct text *out);

/*
 * Appends a relocatable object for ABI, which the one filter serves, with
 *
 *	const struct sock_filter S_filter[];
 *	const unsigned short S_filter_count;
 *
 * Returns 0 or negative errno: -EIO where libelf fails.
 */
int elf_object_write(const struct program_text *program, const struct abi *abi, struct text *out);

/*
 * Appends the one filter in the syntax of the kernel's bpf_asm, with labels for the instructions
 * that are jumped to, and the policy's lines as comments. What an instruction has no use for (jt of
 * a load) is not written. Returns 0 or -ENOMEM.
 */
int asm_write(const struct program_text *program, struct text *out);

#endif
