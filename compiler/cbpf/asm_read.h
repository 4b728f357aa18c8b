/* SPDX-License-Identifier: Apache-2.0 */
/* From an assembler's text to a filter. */
#ifndef PALE_CBPF_ASM_READ_H
#define PALE_CBPF_ASM_READ_H

#include "compiler/cbpf/filter.h"
#include "policy-lang/base/diag.h"

/*
 * Reads source FILE in the syntax of the kernel's bpf_asm: an instruction stands where a blank or
 * an end of line may stand, `label:` before it; what is between a ; and the end of the line, between
 * slash-star and star-slash, and a line that begins with # is a comment.
 *
 * Mistakes, and what seccomp would refuse of what was understood, go to DIAGS. The filter lives in
 * ARENA, has a span for each instruction and no ABIs; NULL where there was an error.
 */
struct filter *asm_read(struct arena *arena, const struct sources *sources, uint32_t file,
			struct diags *diags);

#endif
