/* SPDX-License-Identifier: Apache-2.0 */
/* One ELF file in memory: what the loader would map, read with every offset checked. */
#ifndef PALE_PROFILER_STATIC_IMAGE_H
#define PALE_PROFILER_STATIC_IMAGE_H

#include "policy-lang/base/arena.h"
#include "policy-lang/base/diag.h"

#include <stdbool.h>
#include <stdint.h>

/* Addresses [start, end). */
struct image_range {
	uint64_t start;
	uint64_t end;
};

struct image_segment {
	struct image_range memory; /* what of it the file has; zeros may follow */
	uint64_t whole_end;        /* its end with the zeros */
	uint64_t offset;
	bool code;
};

/* Where the dynamic section says that things are; 0 where it does not. */
struct image_dynamic {
	VEC(const char *) needed;
	const char *soname, *rpath, *runpath;
	uint64_t strings, strings_size;
	uint64_t symbols;
	uint64_t hash, gnu_hash;
	uint64_t rela, rela_size;
	uint64_t plt, plt_size; /* of the form of rela, on both machines */
	uint64_t relr, relr_size;
	uint64_t init, fini;
	struct image_range arrays[3]; /* of initialisers and of finishers */
};

struct image {
	const char *path;
	const char *name; /* the file's, without folders */
	uint8_t *bytes;   /* on the heap */
	size_t length;
	uint16_t machine; /* EM_X86_64 or EM_AARCH64 */
	bool fixed;       /* ET_EXEC: linked to run at its own addresses */
	uint64_t entry;
	const char *interpreter; /* or NULL */
	VEC(struct image_segment) segments;
	VEC(struct image_range) code;  /* sections with instructions, or whole segments */
	VEC(struct image_range) stubs; /* sections of a procedure linkage table */
	VEC(uint64_t) sections;        /* where sections of data start */
	struct image_range frames;     /* .eh_frame */
	struct image_range table;      /* .symtab, as offsets in the file */
	struct image_range names;      /* and its strings */
	struct image_dynamic dynamic;
};

/*
 * Reads the ELF file PATH into *IMAGE. Returns 0; negative errno where it cannot be read; -ENOEXEC
 * having said in DIAGS what is wrong with it: no ELF file, a machine that is not analysed, a file
 * that is damaged. Ended by image_release(), safe in each case.
 */
int image_open(struct arena *arena, struct image *image, const char *path, struct diags *diags);
/* The same from LENGTH bytes on the heap, which the image then owns. */
int image_read(struct arena *arena, struct image *image, uint8_t *bytes, size_t length,
	       struct diags *diags);
void image_release(struct image *image);

/* SIZE bytes at ADDRESS, or NULL where the file does not have all of them. */
const uint8_t *image_at(const struct image *image, uint64_t address, uint64_t size);
/* How many bytes the file has from ADDRESS on in its segment. */
uint64_t image_left(const struct image *image, uint64_t address);
/* SIZE bytes (1 to 8) at ADDRESS as a number; 0 where the file has none. */
uint64_t image_number(const struct image *image, uint64_t address, unsigned int size);
/* The string at OFFSET of the dynamic section's strings; NULL where none of at most MOST bytes is. */
const char *image_string(const struct image *image, uint64_t offset, size_t most);
/*
 * Takes the dynamic section at ADDRESS. Requires the segments. 0, or -ENOEXEC having said in DIAGS
 * what is wrong with it.
 */
int image_take_dynamic(struct arena *arena, struct image *image, uint64_t address,
		       struct diags *diags);
/* Says in DIAGS what the file is wrong in. -ENOEXEC. */
int image_damaged(const struct image *image, struct diags *diags, const char *what);
/* SIZE little-endian bytes as a number. */
uint64_t number_from(const uint8_t *bytes, unsigned int size);

/* Whether ADDRESS is in one of COUNT ranges; which one, or NULL. */
const struct image_range *range_find(const struct image_range *ranges, size_t count,
				     uint64_t address);
#define image_code_at(image, address)                                                              \
	range_find((image)->code.items, (image)->code.count, (address))
/* Whether the loader maps ADDRESS. */
bool image_maps(const struct image *image, uint64_t address);

#endif
