/* SPDX-License-Identifier: Apache-2.0 */
/* Source texts, and places in them. */
#ifndef PALE_BASE_SOURCE_H
#define PALE_BASE_SOURCE_H

#include "policy-lang/base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* The largest source that is read, in bytes: a policy is written by people. */
#define SOURCE_SIZE_MAX (1u << 20)

/*
 * A place: the bytes [begin, end) of source number FILE. File 0 is no source: a span of zeros
 * means "nowhere" (what the compiler adds by itself).
 */
struct span {
	uint32_t file;
	uint32_t begin;
	uint32_t end;
};

struct source {
	const char *name; /* as messages print it */
	const char *text; /* NUL behind the last byte */
	uint32_t length;
	bool shipped;          /* from the rule sets that come with pale */
	const uint32_t *lines; /* offsets where lines begin; made when first asked for */
	uint32_t line_count;
};

/* All sources of a compilation. Start from zeros with ARENA set. */
struct sources {
	struct arena *arena;
	VEC(struct source) list;
};

/* Adds a text that is copied into the arena. Returns the file's number, from 1. */
uint32_t sources_add(struct sources *sources, const char *name, const char *text, uint32_t length);
/*
 * Reads PATH ("-" is standard input) and adds it. Returns 0 and the number in *FILE, or negative
 * errno; -EFBIG above SOURCE_SIZE_MAX. Descriptors are closed in each case.
 */
int sources_read(struct sources *sources, const char *path, uint32_t *file);
/* The source with number FILE, or NULL for 0. */
struct source *sources_get(const struct sources *sources, uint32_t file);

/* Line and column, both from 1; the column counts bytes. */
struct position {
	uint32_t line;
	uint32_t column;
};
struct position sources_position(const struct sources *sources, uint32_t file, uint32_t offset);
/* The bytes of a line (from 1) without its end; *LENGTH is their number. */
const char *sources_line(const struct sources *sources, uint32_t file, uint32_t line,
			 uint32_t *length);

/* From the first byte of A to the last of B, which stand in the same file. */
struct span span_join(struct span a, struct span b);

#endif
