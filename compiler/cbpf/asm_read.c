/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The instructions of an assembler's text, in the grammar of the kernel's tools/bpf/bpf_exp.y but
 * for the packets' own words (proto, ifidx, ...). What packets alone have (ldb, loads by x) is
 * understood, so that the refusal can say what it is about.
 */
#include "compiler/cbpf/asm_read.h"

#include "compiler/cbpf/asm_text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What may stand behind a mnemonic. */
enum form {
	FORM_NONE,
	FORM_LOAD,      /* [k] [x + k], and for words #k len M[k] */
	FORM_LOAD_X,    /* #k len M[k] 4*([k]&0xf) */
	FORM_HEADER,    /* 4*([k]&0xf) */
	FORM_IMMEDIATE, /* #k k */
	FORM_STORE,     /* M[k] */
	FORM_JUMP,      /* label */
	FORM_BRANCH,    /* #k x, label [, label] */
	FORM_UNLESS,    /* #k x, label: taken where the comparison does not hold */
	FORM_ALU,       /* #k x */
	FORM_RETURN,    /* #k a x */
};

static const struct mnemonic {
	const char *name;
	enum form form;
	uint16_t code;
} mnemonics[] = {
	{"ld", FORM_LOAD, BPF_LD | BPF_W},
	{"ldh", FORM_LOAD, BPF_LD | BPF_H},
	{"ldb", FORM_LOAD, BPF_LD | BPF_B},
	{"ldi", FORM_IMMEDIATE, BPF_LD | BPF_IMM},
	{"ldx", FORM_LOAD_X, BPF_LDX},
	{"ldxb", FORM_HEADER, BPF_LDX},
	{"ldxi", FORM_IMMEDIATE, BPF_LDX | BPF_IMM},
	{"st", FORM_STORE, BPF_ST},
	{"stx", FORM_STORE, BPF_STX},
	{"ja", FORM_JUMP, BPF_JMP | BPF_JA},
	{"jmp", FORM_JUMP, BPF_JMP | BPF_JA},
	{"jeq", FORM_BRANCH, BPF_JMP | BPF_JEQ},
	{"jgt", FORM_BRANCH, BPF_JMP | BPF_JGT},
	{"jge", FORM_BRANCH, BPF_JMP | BPF_JGE},
	{"jset", FORM_BRANCH, BPF_JMP | BPF_JSET},
	{"jne", FORM_UNLESS, BPF_JMP | BPF_JEQ},
	{"jneq", FORM_UNLESS, BPF_JMP | BPF_JEQ},
	{"jlt", FORM_UNLESS, BPF_JMP | BPF_JGE},
	{"jle", FORM_UNLESS, BPF_JMP | BPF_JGT},
	{"add", FORM_ALU, BPF_ALU | BPF_ADD},
	{"sub", FORM_ALU, BPF_ALU | BPF_SUB},
	{"mul", FORM_ALU, BPF_ALU | BPF_MUL},
	{"div", FORM_ALU, BPF_ALU | BPF_DIV},
	{"mod", FORM_ALU, BPF_ALU | BPF_MOD},
	{"and", FORM_ALU, BPF_ALU | BPF_AND},
	{"or", FORM_ALU, BPF_ALU | BPF_OR},
	{"xor", FORM_ALU, BPF_ALU | BPF_XOR},
	{"lsh", FORM_ALU, BPF_ALU | BPF_LSH},
	{"rsh", FORM_ALU, BPF_ALU | BPF_RSH},
	{"neg", FORM_NONE, BPF_ALU | BPF_NEG},
	{"tax", FORM_NONE, BPF_MISC | BPF_TAX},
	{"txa", FORM_NONE, BPF_MISC | BPF_TXA},
	{"ret", FORM_RETURN, BPF_RET},
};

/* Which field of a jump waits for its label. */
enum field {
	FIELD_JT,
	FIELD_JF,
	FIELD_K,
};

struct label {
	const char *name;
	struct span span;
	uint32_t instruction;
};

struct reference {
	const char *name;
	struct span span;
	uint32_t instruction;
	enum field field;
};

struct reader {
	struct asm_text text;
	VEC(struct sock_filter) instructions;
	VEC(struct span) spans;
	VEC(struct label) labels;
	VEC(struct reference) references;
};

/* `[k]`, the bracket included. */
static bool read_bracket(struct reader *reader, uint32_t *k)
{
	struct asm_text *text = &reader->text;

	return asm_expect(text, '[') && asm_expect_number(text, k) && asm_expect(text, ']');
}

/* `4*([k]&0xf)`: the length of a packet's IP header. */
static bool read_header_length(struct reader *reader, struct sock_filter *insn)
{
	struct asm_text *text = &reader->text;
	uint32_t four, mask;

	insn->code |= BPF_MSH | BPF_B;
	if (!asm_expect_number(text, &four) || !asm_expect(text, '*') || !asm_expect(text, '(') ||
	    !read_bracket(reader, &insn->k) || !asm_expect(text, '&') ||
	    !asm_expect_number(text, &mask) || !asm_expect(text, ')'))
		return false;
	if (four == 4 && mask == 0xf)
		return true;
	asm_wrong(text, "a load of that kind is 4*([k]&0xf) and nothing else");
	return false;
}

/* `#k`, `len` and `M[k]`. *TAKEN is whether there was one of them. */
static bool read_plain_load(struct reader *reader, struct sock_filter *insn, bool *taken)
{
	struct asm_text *text = &reader->text;
	bool number = asm_accept(text, '#');

	*taken = true;
	if (asm_accept_word(text, "len")) {
		insn->code |= BPF_W | BPF_LEN;
		return true;
	}
	if (number) {
		insn->code |= BPF_IMM;
		return asm_expect_number(text, &insn->k);
	}
	if (asm_accept_word(text, "m")) {
		insn->code |= BPF_MEM;
		return read_bracket(reader, &insn->k);
	}
	*taken = false;
	return true;
}

static bool read_load(struct reader *reader, struct sock_filter *insn)
{
	struct asm_text *text = &reader->text;
	bool taken;

	if (BPF_SIZE(insn->code) == BPF_W) {
		if (!read_plain_load(reader, insn, &taken))
			return false;
		if (taken)
			return true;
	}
	if (!asm_expect(text, '['))
		return false;
	if (asm_accept_register(text, 'x')) {
		insn->code |= BPF_IND;
		if (!asm_expect(text, '+'))
			return false;
	} else {
		insn->code |= BPF_ABS;
	}
	return asm_expect_number(text, &insn->k) && asm_expect(text, ']');
}

static bool read_load_x(struct reader *reader, struct sock_filter *insn)
{
	bool taken;

	if (!read_plain_load(reader, insn, &taken))
		return false;
	return taken || read_header_length(reader, insn);
}

/* `#k` or `x`. */
static bool read_operand(struct reader *reader, struct sock_filter *insn)
{
	if (asm_accept_register(&reader->text, 'x')) {
		insn->code |= BPF_X;
		return true;
	}
	insn->code |= BPF_K;
	return asm_expect(&reader->text, '#') && asm_expect_number(&reader->text, &insn->k);
}

static bool read_target(struct reader *reader, enum field field)
{
	struct reference reference = {
		.instruction = (uint32_t)reader->instructions.count,
		.field = field,
	};

	if (!asm_expect_label(&reader->text, &reference.name, &reference.span))
		return false;
	*VEC_PUSH(reader->text.arena, &reader->references) = reference;
	return true;
}

static bool read_branch(struct reader *reader, struct sock_filter *insn, bool unless)
{
	struct asm_text *text = &reader->text;

	if (!read_operand(reader, insn) || !asm_expect(text, ',') ||
	    !read_target(reader, unless ? FIELD_JF : FIELD_JT))
		return false;
	return unless || !asm_accept(text, ',') || read_target(reader, FIELD_JF);
}

static bool read_return(struct reader *reader, struct sock_filter *insn)
{
	if (asm_accept_register(&reader->text, 'a')) {
		insn->code |= BPF_A;
		return true;
	}
	return read_operand(reader, insn);
}

static bool read_operands(struct reader *reader, enum form form, struct sock_filter *insn)
{
	struct asm_text *text = &reader->text;

	switch (form) {
	case FORM_NONE:
		return true;
	case FORM_LOAD:
		return read_load(reader, insn);
	case FORM_LOAD_X:
		return read_load_x(reader, insn);
	case FORM_HEADER:
		return read_header_length(reader, insn);
	case FORM_IMMEDIATE:
		asm_accept(text, '#');
		return asm_expect_number(text, &insn->k);
	case FORM_STORE:
		return asm_expect_word(text, "M") && read_bracket(reader, &insn->k);
	case FORM_JUMP:
		return read_target(reader, FIELD_K);
	case FORM_BRANCH:
	case FORM_UNLESS:
		return read_branch(reader, insn, form == FORM_UNLESS);
	case FORM_ALU:
		return read_operand(reader, insn);
	case FORM_RETURN:
		return read_return(reader, insn);
	}
	return false;
}

/* NULL where there is none of that name, which has been reported. */
static const struct mnemonic *find_mnemonic(struct reader *reader, const char *word,
					    struct span span)
{
	struct word_guess guess = {.word = word};
	struct diags *diags = reader->text.diags;
	struct diag *diag;

	for (size_t i = 0; i < sizeof(mnemonics) / sizeof(mnemonics[0]); i++)
		if (strcasecmp(mnemonics[i].name, word) == 0)
			return &mnemonics[i];
	for (size_t i = 0; i < sizeof(mnemonics) / sizeof(mnemonics[0]); i++)
		word_guess_offer(&guess, mnemonics[i].name);
	diag = diag_error(diags, DIAG_SYNTAX, span, "there is no instruction '%s'", word);
	diag_suggest(diags, diag, guess.best);
	return NULL;
}

/* A label, or an instruction. False where the rest of the line is not to be understood. */
static bool read_statement(struct reader *reader)
{
	struct asm_text *text = &reader->text;
	const struct mnemonic *mnemonic;
	struct sock_filter insn = {0};
	struct span span;
	const char *word;

	if (!asm_expect_label(text, &word, &span))
		return false;
	if (asm_accept(text, ':')) {
		*VEC_PUSH(text->arena, &reader->labels) = (struct label){
			.name = word,
			.span = span,
			.instruction = (uint32_t)reader->instructions.count,
		};
		return true;
	}
	mnemonic = find_mnemonic(reader, word, span);
	if (!mnemonic)
		return false;
	insn.code = mnemonic->code;
	if (!read_operands(reader, mnemonic->form, &insn))
		return false;
	*VEC_PUSH(text->arena, &reader->instructions) = insn;
	span.end = text->last;
	*VEC_PUSH(text->arena, &reader->spans) = span;
	return true;
}

static int compare_labels(const void *left, const void *right)
{
	const struct label *a = left, *b = right;
	int order = strcmp(a->name, b->name);

	if (order)
		return order;
	return a->span.begin < b->span.begin ? -1 : a->span.begin > b->span.begin;
}

static int compare_name(const void *name, const void *label)
{
	return strcmp(name, ((const struct label *)label)->name);
}

/* Sorts the labels, and reports what stands twice and what stands before nothing. */
static void check_labels(struct reader *reader)
{
	struct diags *diags = reader->text.diags;
	struct label *labels = reader->labels.items;

	if (reader->labels.count)
		qsort(labels, reader->labels.count, sizeof(*labels), compare_labels);
	for (size_t i = 0; i < reader->labels.count; i++) {
		struct diag *diag;

		if (labels[i].instruction == reader->instructions.count)
			diag_error(diags, DIAG_ASSEMBLY, labels[i].span,
				   "no instruction stands behind the label '%s'", labels[i].name);
		if (i == 0 || strcmp(labels[i - 1].name, labels[i].name) != 0)
			continue;
		diag = diag_error(diags, DIAG_DUPLICATE, labels[i].span,
				  "the label '%s' is there already", labels[i].name);
		diag_note(diags, diag, labels[i - 1].span, "here");
	}
}

static void set_target(struct reader *reader, const struct reference *reference,
		       const struct label *label)
{
	struct sock_filter *insn = &reader->instructions.items[reference->instruction];
	struct diags *diags = reader->text.diags;
	uint32_t distance = label->instruction - reference->instruction - 1;

	if (label->instruction <= reference->instruction)
		diag_error(diags, DIAG_ASSEMBLY, reference->span,
			   "'%s' stands before the jump, and jumps only go forward", label->name);
	else if (reference->field == FIELD_K)
		insn->k = distance;
	else if (distance > UINT8_MAX)
		diag_error(diags, DIAG_ASSEMBLY, reference->span,
			   "'%s' is %u instructions away, and a conditional jump has at most 255: "
			   "jump to a ja in between",
			   label->name, distance);
	else if (reference->field == FIELD_JT)
		insn->jt = (uint8_t)distance;
	else
		insn->jf = (uint8_t)distance;
}

static void resolve_references(struct reader *reader)
{
	for (size_t i = 0; i < reader->references.count; i++) {
		const struct reference *reference = &reader->references.items[i];
		const struct label *label = NULL;

		if (reader->labels.count)
			label = bsearch(reference->name, reader->labels.items, reader->labels.count,
					sizeof(*label), compare_name);
		if (label)
			set_target(reader, reference, label);
		else
			diag_error(reader->text.diags, DIAG_ASSEMBLY, reference->span,
				   "there is no label '%s'", reference->name);
	}
}

/* What the kernel would say to it, at the instruction that it would say it of. */
static void check_filter(struct reader *reader, const struct filter *filter)
{
	struct diags *diags = reader->text.diags;
	struct span nowhere = {reader->text.file, 0, 0};
	const char *why;
	uint32_t at;

	if (filter_check(filter, &at, &why) == 0)
		return;
	if (filter->count == 0)
		diag_error(diags, DIAG_ASSEMBLY, nowhere, "there is no instruction in it");
	else if (at >= FILTER_INSTRUCTIONS_MAX)
		diag_error(diags, DIAG_ASSEMBLY, filter->spans[at], "%s: there are %u", why,
			   filter->count);
	else
		diag_error(diags, DIAG_ASSEMBLY, filter->spans[at], "instruction %u: %s", at, why);
}

struct filter *asm_read(struct arena *arena, const struct sources *sources, uint32_t file,
			struct diags *diags)
{
	struct reader reader = {.text = asm_text_begin(arena, sources, file, diags)};
	unsigned int errors = diags->errors;
	struct filter *filter = arena_alloc(arena, sizeof(*filter));
	bool understood;

	while (!asm_at_end(&reader.text))
		if (!read_statement(&reader))
			asm_skip_line(&reader.text);
	/* Behind what was not understood, labels that are missing or too far away are no news. */
	understood = diags->errors == errors;
	check_labels(&reader);
	if (understood)
		resolve_references(&reader);
	filter->instructions = reader.instructions.items;
	filter->spans = reader.spans.items;
	filter->count = (uint32_t)reader.instructions.count;
	/* Other mistakes would give rise to this one. */
	if (diags->errors == errors)
		check_filter(&reader, filter);
	return diags->errors == errors ? filter : NULL;
}
