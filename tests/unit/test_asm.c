/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Filters as an assembler's text: every filter that seccomp takes comes back from its text as it
 * was, and each way to write an instruction down gives the code that the kernel's bpf_asm gives.
 */
#include "compiler/cbpf/asm_read.h"
#include "compiler/emit/program_text.h"
#include "tests/opcodes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct bench {
	struct arena arena;
	struct sources sources;
	struct diags diags;
};

static int setup(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	*state = bench;
	if (!bench || arena_init(&bench->arena))
		return -1;
	bench->sources.arena = &bench->arena;
	bench->diags.arena = &bench->arena;
	bench->diags.sources = &bench->sources;
	return 0;
}

static int teardown(void **state)
{
	struct bench *bench = *state;

	arena_release(&bench->arena);
	free(bench);
	return 0;
}

static struct filter *assemble(struct bench *bench, const char *text, size_t length)
{
	uint32_t file = sources_add(&bench->sources, "x.asm", text, (uint32_t)length);

	return asm_read(&bench->arena, &bench->sources, file, &bench->diags);
}

/* The last message there was. */
static const char *complaint(const struct bench *bench)
{
	size_t count = bench->diags.list.count;

	return count ? bench->diags.list.items[count - 1]->text : "none";
}

static uint32_t random_next(uint32_t *state)
{
	/* xorshift: the same numbers in every run. */
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* An instruction that seccomp takes with ROOM others behind it, one at least. */
static struct sock_filter random_instruction(uint32_t *state, uint32_t room)
{
	struct sock_filter insn = {.code = seccomp_opcodes[random_next(state) % SECCOMP_OPCODES]};
	uint32_t near = room < 256 ? room : 256;
	bool constant = BPF_CLASS(insn.code) == BPF_ALU || BPF_CLASS(insn.code) == BPF_JMP;

	switch (insn.code) {
	case BPF_LD | BPF_W | BPF_ABS:
		insn.k = random_next(state) % 16 * 4;
		return insn;
	case BPF_LD | BPF_MEM:
	case BPF_LDX | BPF_MEM:
	case BPF_ST:
	case BPF_STX:
		insn.k = random_next(state) % BPF_MEMWORDS;
		return insn;
	case BPF_JMP | BPF_JA:
		insn.k = random_next(state) % room;
		return insn;
	case BPF_ALU | BPF_LSH | BPF_K:
	case BPF_ALU | BPF_RSH | BPF_K:
		insn.k = random_next(state) % 32;
		return insn;
	}
	if (BPF_CLASS(insn.code) == BPF_JMP) {
		insn.jt = (uint8_t)(random_next(state) % near);
		insn.jf = (uint8_t)(random_next(state) % near);
	}
	if ((constant && BPF_SRC(insn.code) == BPF_K && BPF_OP(insn.code) != BPF_NEG) ||
	    insn.code == (BPF_RET | BPF_K) || insn.code == (BPF_LD | BPF_IMM) ||
	    insn.code == (BPF_LDX | BPF_IMM))
		insn.k = random_next(state) | 1;
	return insn;
}

static void round_trip(struct bench *bench, const struct filter *filter)
{
	const struct program_text program = {
		.symbol = "x",
		.path = "x.pale",
		.filters = &filter,
		.filter_count = 1,
		.sources = &bench->sources,
	};
	struct text text = {0};
	struct filter *back;

	assert_int_equal(asm_write(&program, &text), 0);
	back = assemble(bench, text.bytes, text.length);
	if (!back)
		fail_msg("%s, of\n%s", complaint(bench), text.bytes);
	assert_int_equal(back->count, filter->count);
	assert_memory_equal(back->instructions, filter->instructions,
			    filter->count * sizeof(struct sock_filter));
	text_release(&text);
}

static void test_random_filters(void **state)
{
	static struct sock_filter instructions[FILTER_INSTRUCTIONS_MAX];
	struct bench *bench = *state;
	uint32_t seed = 20111, taken = 0, at;
	const char *why;

	while (taken < 300) {
		struct filter filter = {.instructions = instructions};
		uint32_t size = random_next(&seed) % 40 + 3;

		/* All of scratch memory is written first, so that most filters are good. */
		if (taken % 3)
			for (; filter.count < BPF_MEMWORDS; filter.count++)
				instructions[filter.count] =
					(struct sock_filter)BPF_STMT(BPF_ST, filter.count);
		if (taken == 299)
			size = FILTER_INSTRUCTIONS_MAX - filter.count;
		size += filter.count;
		for (; filter.count < size - 1; filter.count++)
			instructions[filter.count] =
				random_instruction(&seed, size - filter.count - 1);
		instructions[filter.count++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, seed);
		if (filter_check(&filter, &at, &why))
			continue;
		round_trip(bench, &filter);
		taken++;
	}
}

/* Every code once, whatever the random filters have. */
static void test_every_code(void **state)
{
	for (size_t i = 0; i < SECCOMP_OPCODES; i++) {
		struct sock_filter instructions[] = {
			BPF_STMT(BPF_ST, 3),
			BPF_STMT(0, 0),
			BPF_STMT(BPF_RET | BPF_A, 0),
			BPF_STMT(BPF_RET | BPF_K, 0x7fff0000),
		};
		struct filter filter = {.instructions = instructions, .count = 4};
		uint32_t seed = 7, at;
		const char *why;

		instructions[1].code = seccomp_opcodes[i];
		do {
			instructions[1] = random_instruction(&seed, 2);
		} while (instructions[1].code != seccomp_opcodes[i] ||
			 filter_check(&filter, &at, &why));
		round_trip(*state, &filter);
	}
}

/* Ways to write an instruction, before `ret #0`, `la: ret #0`, `lb: ret #0`. */
static const struct {
	const char *text;
	struct sock_filter insn;
} spellings[] = {
	{"ld [4]", BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 4)},
	{"LD [ 0x10 ]", BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 16)},
	{"ld\n[020]", BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 16)},
	{"ld /* in\n* between */ [0b1100] ; behind", BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 12)},
	{"ld #-1", BPF_STMT(BPF_LD | BPF_IMM, 0xffffffff)},
	{"ld #+7", BPF_STMT(BPF_LD | BPF_IMM, 7)},
	{"ldi 7", BPF_STMT(BPF_LD | BPF_IMM, 7)},
	{"ldxi #0xFFffFFff", BPF_STMT(BPF_LDX | BPF_IMM, 0xffffffff)},
	{"ld len", BPF_STMT(BPF_LD | BPF_W | BPF_LEN, 0)},
	{"ldx #len", BPF_STMT(BPF_LDX | BPF_W | BPF_LEN, 0)},
	{"add %x", BPF_STMT(BPF_ALU | BPF_ADD | BPF_X, 0)},
	{"rsh #31", BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 31)},
	{"ret %a", BPF_STMT(BPF_RET | BPF_A, 0)},
	{"jmp lb", BPF_STMT(BPF_JMP | BPF_JA, 2)},
	{"jeq #1, la", BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 1, 0)},
	{"jset x, la, lb", BPF_JUMP(BPF_JMP | BPF_JSET | BPF_X, 0, 1, 2)},
	{"jne #1, la", BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 1)},
	{"jneq x, lb", BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 0, 0, 2)},
	{"jlt #9, lb", BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 9, 0, 2)},
	{"jle %x, la", BPF_JUMP(BPF_JMP | BPF_JGT | BPF_X, 0, 0, 1)},
};

static void test_spellings(void **state)
{
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
		const char *text = arena_printf(&bench->arena,
						"# begins\n%s\nret #0\nla: ret #0\nlb:\nret #0\n",
						spellings[i].text);
		struct filter *filter = assemble(bench, text, strlen(text));

		if (!filter)
			fail_msg("%s: %s", spellings[i].text, complaint(bench));
		assert_int_equal(filter->count, 4);
		if (memcmp(&filter->instructions[0], &spellings[i].insn, 8) != 0)
			fail_msg("%s: code 0x%x jt %u jf %u k 0x%x", spellings[i].text,
				 filter->instructions[0].code, filter->instructions[0].jt,
				 filter->instructions[0].jf, filter->instructions[0].k);
	}
}

/* What is refused, and for what. */
static const struct {
	const char *text;
	const char *why;
} refusals[] = {
	{"", "there is no instruction in it"},
	{"; nothing", "there is no instruction in it"},
	{"ldb [0]\nret #0", "instruction 0: an instruction that seccomp does not accept"},
	{"ldh [x+2]\nret #0", "instruction 0: an instruction that seccomp does not accept"},
	{"ldx 4*([0]&0xf)\nret #0", "instruction 0: an instruction that seccomp does not accept"},
	{"ldxb 2*([0]&0xf)\nret #0", "a load of that kind is 4*([k]&0xf) and nothing else"},
	{"mod #3\nret #0", "instruction 0: an instruction that seccomp does not accept"},
	{"ret x", "instruction 0: an instruction that seccomp does not accept"},
	{"tax\nld [2]\nret a",
	 "instruction 1: a load from outside of struct seccomp_data, or not from a word"},
	{"ld [64]\nret a",
	 "instruction 0: a load from outside of struct seccomp_data, or not from a word"},
	{"ld M[3]\nret a", "instruction 0: a read of scratch memory that was not written"},
	{"st M[16]\nret a", "instruction 0: scratch memory has words 0 to 15 only"},
	{"div #0\nret a", "instruction 0: a division by the constant 0"},
	{"lsh #32\nret a", "instruction 0: a shift by 32 bits or more"},
	{"ld [0]", "instruction 0: the last instruction is no return"},
	{"ja nowhere\nret a", "there is no label 'nowhere'"},
	{"back: ld [0]\nja back\nret a",
	 "'back' stands before the jump, and jumps only go forward"},
	{"ret a\nend:", "no instruction stands behind the label 'end'"},
	{"la: tax\nla: ret a", "the label 'la' is there already"},
	{"ld [0x100000000]\nret a", "a number of 32 bits is wanted, not '0x100000000'"},
	{"ld #-2147483649\nret a", "a number of 32 bits is wanted, not '2147483649'"},
	{"ld [0x]\nret a", "a number of 32 bits is wanted, not '0x'"},
	{"ld [08]\nret a", "a number of 32 bits is wanted, not '08'"},
	{"ld #proto\nret a", "a number of 32 bits is wanted, not 'proto'"},
	{"jeq #1 la\nla: ret a", "',' is wanted, not 'la'"},
	{"jeq #1, 2\nret a", "a word is wanted, not '2'"},
	{"ld [4", "']' is missing at the end"},
	{"st [4]\nret a", "M is wanted here"},
	{"hlt\nret a", "there is no instruction 'hlt'"},
	{"ret a /* no end", "nothing ends this comment"},
	{"@", "a word is wanted here"},
};

static void test_refusals(void **state)
{
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		bench->diags.list.count = 0;
		bench->diags.errors = 0;
		if (assemble(bench, refusals[i].text, strlen(refusals[i].text)))
			fail_msg("taken: %s", refusals[i].text);
		assert_int_equal(bench->diags.errors, 1);
		assert_string_equal(complaint(bench), refusals[i].why);
	}
}

/* 4096 instructions are taken, one more is not; a jump of 255 is, and one of 256 is not. */
static void test_limits(void **state)
{
	struct bench *bench = *state;

	for (unsigned int count = 4096; count <= 4097; count++) {
		struct text text = {0};

		for (unsigned int i = 1; i < count; i++)
			text_add_string(&text, "tax\n");
		text_add_string(&text, "ret a\n");
		assert_int_equal(assemble(bench, text.bytes, text.length) != NULL, count == 4096);
		text_release(&text);
	}
	assert_string_equal(complaint(bench), "more than 4096 instructions: there are 4097");
	for (unsigned int distance = 255; distance <= 256; distance++) {
		struct text text = {0};

		text_add_string(&text, "jeq #1, far\n");
		for (unsigned int i = 0; i < distance; i++)
			text_add_string(&text, "tax\n");
		text_add_string(&text, "far: ret a\n");
		bench->diags.errors = 0;
		assert_int_equal(assemble(bench, text.bytes, text.length) != NULL, distance == 255);
		text_release(&text);
	}
	assert_string_equal(complaint(bench), "'far' is 256 instructions away, and a conditional "
					      "jump has at most 255: jump to a ja in between");
}

static void test_symbols(void **state)
{
	struct bench *bench = *state;
	static const struct {
		const char *name, *path, *symbol;
	} rows[] = {
		{"worker", "x.pale", "worker"},
		{NULL, "a/my-app.pale", "my_app"},
		{"7 zip", "x.pale", "p7_zip"},
		{NULL, "-", "policy"},
		{"", "/b/c", "c"},
		{"\xc3\xbc", "x.pale", "p__"},
		{"_x", "x.pale", "p_x"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *symbol = symbol_make(&bench->arena, rows[i].name, rows[i].path);

		assert_string_equal(symbol, rows[i].symbol);
		assert_true(symbol_valid(symbol));
	}
	assert_false(symbol_valid(""));
	assert_false(symbol_valid("1a"));
	assert_false(symbol_valid("a-b"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_random_filters, setup, teardown),
		cmocka_unit_test_setup_teardown(test_every_code, setup, teardown),
		cmocka_unit_test_setup_teardown(test_spellings, setup, teardown),
		cmocka_unit_test_setup_teardown(test_refusals, setup, teardown),
		cmocka_unit_test_setup_teardown(test_limits, setup, teardown),
		cmocka_unit_test_setup_teardown(test_symbols, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
