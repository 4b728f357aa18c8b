/* SPDX-License-Identifier: Apache-2.0 */
/* What pale compile writes: the formats, their names, and where they go. */
#ifndef PALE_CLI_COMPILE_OUTPUT_H
#define PALE_CLI_COMPILE_OUTPUT_H

#include "cli/policy_filter.h"

enum output_format {
	FORMAT_BUNDLE,
	FORMAT_RAW,
	FORMAT_C,
	FORMAT_ELF,
	FORMAT_ASM,
	FORMAT_COUNT
};

struct compile_output {
	enum output_format format;
	const char *path;         /* -o; NULL: see compile_output_finish() */
	const char *symbol;       /* --symbol; NULL: made from the policy's name */
	const char *dependencies; /* -M; NULL: none are written */
	const char *phase;        /* --phase; NULL: the policy has one */
	const char *loads;        /* the values of --load, for comments; NULL: there are none */
};

/* Takes the value of --format, or of --symbol. COMMAND_USAGE where it is none, having said so. */
int compile_output_format(struct compile_output *output, const struct options *options);
int compile_output_symbol(struct compile_output *output, const struct options *options);

/*
 * Sets the path where there is none: FILE.pale becomes FILE with the format's suffix, and standard
 * input goes to standard output. Says what does not go together and returns COMMAND_USAGE.
 */
int compile_output_finish(struct compile_output *output, const struct options *options,
			  struct arena *arena, const char *policy);

/* Refuses rules for several machines where the format holds one. Returns an exit status. */
int compile_output_check(const struct compile_output *output, struct arena *arena,
			 const struct policy_rules *rules);

/*
 * Refuses to write over what SOURCES and FURTHER files (NULL are skipped) were read from, and two
 * outputs into one file. Returns an exit status.
 */
int compile_output_spare(const struct compile_output *output, const struct sources *sources,
			 const char *const *further, size_t further_count);

/*
 * Writes the output, and before it what it depends on: what the policy was read from, and FURTHER
 * files (NULL are skipped). Returns an exit status.
 */
int compile_output_write(const struct compile_output *output, struct policy_input *input,
			 const struct policy_filters *made, const char *policy,
			 const char *const *further, size_t further_count);

#endif
