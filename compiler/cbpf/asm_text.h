/* SPDX-License-Identifier: Apache-2.0 */
/* The words of an assembler's text, one behind the other. */
#ifndef PALE_CBPF_ASM_TEXT_H
#define PALE_CBPF_ASM_TEXT_H

#include "policy-lang/base/diag.h"

#include <stdbool.h>
#include <stdint.h>

struct asm_text {
	struct arena *arena;
	struct diags *diags;
	uint32_t file;
	const char *bytes;
	uint32_t length;
	uint32_t at;   /* the next byte */
	uint32_t last; /* behind the last byte that was taken */
};

struct asm_text asm_text_begin(struct arena *arena, const struct sources *sources, uint32_t file,
			       struct diags *diags);

/* Whether nothing but blanks and comments is left. */
bool asm_at_end(struct asm_text *text);
/* Goes on behind the end of this line. */
void asm_skip_line(struct asm_text *text);

/* Takes what is next if it is that: a character, a whole word in either case, `x` or `%x`. */
bool asm_accept(struct asm_text *text, char byte);
bool asm_accept_word(struct asm_text *text, const char *word);
bool asm_accept_register(struct asm_text *text, char name);

/* The same, or reports what is there instead and returns false. */
bool asm_expect(struct asm_text *text, char byte);
bool asm_expect_word(struct asm_text *text, const char *word);
/* Decimal, 0x hexadecimal, 0b binary or 0 octal; of 32 bits, a sign before decimals. */
bool asm_expect_number(struct asm_text *text, uint32_t *value);
/* A word of letters, digits and '_', into the arena. */
bool asm_expect_label(struct asm_text *text, const char **name, struct span *span);

/* Reports WORDS at what was taken last. */
void asm_wrong(struct asm_text *text, const char *words);

#endif
