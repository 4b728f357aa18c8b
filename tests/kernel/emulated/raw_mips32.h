/* SPDX-License-Identifier: Apache-2.0 */
/* o32: four arguments in registers, the others on the stack above room for those four. */
#ifndef PALE_EMULATED_RAW_MIPS32_H
#define PALE_EMULATED_RAW_MIPS32_H

#ifdef __MIPSEB__
#define RAW_ABI "mips"
#else
#define RAW_ABI "mipsel"
#endif
#define RAW_REGISTER_BITS 32
#define RAW_PAIR_ALIGNED 1
#define RAW_START                                                                                  \
	"	move $4, $sp\n"                                                                          \
	"	li $8, -8\n"                                                                             \
	"	and $sp, $sp, $8\n"                                                                      \
	"	addiu $sp, $sp, -32\n"                                                                   \
	"	jal guest_start\n"                                                                       \
	"	nop\n"

struct raw_sigaction {
	unsigned int flags;
	void *handler;
	unsigned int mask[4];
};

static inline int64_t raw_call(uint64_t number, const uint64_t words[8])
{
	const uint32_t stack[4] = {(uint32_t)words[4], (uint32_t)words[5], (uint32_t)words[6],
				   (uint32_t)words[7]};
	register uint32_t v0 __asm__("$2") = (uint32_t)number;
	register uint32_t a0 __asm__("$4") = (uint32_t)words[0];
	register uint32_t a1 __asm__("$5") = (uint32_t)words[1];
	register uint32_t a2 __asm__("$6") = (uint32_t)words[2];
	register uint32_t a3 __asm__("$7") = (uint32_t)words[3];
	register const uint32_t *rest __asm__("$16") = stack;

	__asm__ volatile(
		".set push\n\t.set noreorder\n\t"
		"addiu $sp, $sp, -32\n\t"
		"lw $8, 0($16)\n\tlw $9, 4($16)\n\tlw $10, 8($16)\n\tlw $11, 12($16)\n\t"
		"sw $8, 16($sp)\n\tsw $9, 20($sp)\n\tsw $10, 24($sp)\n\tsw $11, 28($sp)\n\t"
		"syscall\n\t"
		"addiu $sp, $sp, 32\n\t"
		".set pop"
		: "+r"(v0), "+r"(a3)
		: "r"(a0), "r"(a1), "r"(a2), "r"(rest)
		: "$1", "$3", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15", "$24", "$25",
		  "hi", "lo", "memory");
	return a3 ? -(int64_t)(int32_t)v0 : (int32_t)v0;
}

#endif
