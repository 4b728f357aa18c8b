/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A policy as a command takes it: a file, the folders of its includes, -D definitions, the ABIs,
 * and how to report. Used by check, compile, run and export alike.
 */
#ifndef PALE_CLI_POLICY_INPUT_H
#define PALE_CLI_POLICY_INPUT_H

#include "cli/diagnostics.h"
#include "cli/options.h"
#include "compiler/findings.h"
#include "policy-lang/parse.h"

struct policy_input {
	struct arena arena;
	struct sources sources;
	struct library library;
	struct diags diags;
	struct diagnostics_style style;
	VEC(const char *) folders;          /* -I */
	VEC(struct definition) definitions; /* -D */
	abi_set abis;                       /* --arch; 0 where it was not given */
	const struct abi *first_abi;        /* the first that --arch names; NULL: none, or all */
	struct policy_ast *ast;             /* once loaded */
};

/* Rows for a command's option table; their keys go to policy_input_option(). */
enum policy_input_key {
	POLICY_INPUT_ARCH = OPTION_LONG_ONLY + 100,
	POLICY_INPUT_JSON,
};
#define POLICY_INPUT_ROWS                                                                          \
	{'D', "define", "NAME=VALUE", "gives a param of the policy a value"},                      \
		{'I', "include", "DIR", "looks for included files there too"},                     \
		{POLICY_INPUT_ARCH, "arch", "LIST", "the ABIs, as in x86_64,x86, or all"},         \
		{POLICY_INPUT_JSON, "json", NULL, "prints diagnostics as JSON"},                   \
	{                                                                                          \
		'v', "verbose", NULL, "prints remarks too"                                         \
	}

/* Returns 0 or negative errno. End it with policy_input_release(), which is safe in each case. */
int policy_input_init(struct policy_input *input);
void policy_input_release(struct policy_input *input);

/*
 * Takes one of the options above. Returns COMMAND_GOOD, or COMMAND_USAGE having said what is
 * wrong with its value. The value must stay as long as INPUT does.
 */
int policy_input_option(struct policy_input *input, const struct options *options, int key);
/* The same for options_take(), USER being the struct policy_input. */
int policy_input_take(void *user, const struct options *options, int key);

/*
 * Reads and parses PATH ("-" is standard input) and what it includes. Returns COMMAND_GOOD,
 * COMMAND_USAGE where the policy has mistakes (they are in `diags`, to be printed by
 * policy_input_finish() together with those of later passes), or COMMAND_ENVIRONMENT, having said
 * why, where PATH could not be read.
 */
int policy_input_load(struct policy_input *input, const char *path);

/* The same for a source that was read already. */
int policy_input_parse(struct policy_input *input, uint32_t file);

/* The ABIs and definitions of the command line, for policy_resolve(). */
struct resolve_options policy_input_resolve_options(const struct policy_input *input);

/*
 * What the rules of PHASE (NULL: the first) are resolved from, for struct compile_options; it lives as
 * long as INPUT.
 */
const struct policy_text *policy_input_text(struct policy_input *input, const struct stmt *phase);

/*
 * Prints the diagnostics, once. Returns STATUS, or COMMAND_USAGE where STATUS is COMMAND_GOOD and
 * there was an error.
 */
int policy_input_finish(struct policy_input *input, int status);

#endif
