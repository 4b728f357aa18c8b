/* SPDX-License-Identifier: Apache-2.0 */
/* n64 and n32: six arguments in whole registers of 64 bits. */
#ifndef PALE_EMULATED_RAW_MIPS64_H
#define PALE_EMULATED_RAW_MIPS64_H

#if _MIPS_SIM == _ABI64 && defined(__MIPSEB__)
#define RAW_ABI "mips64"
#elif _MIPS_SIM == _ABI64
#define RAW_ABI "mipsel64"
#elif defined(__MIPSEB__)
#define RAW_ABI "mips64n32"
#else
#define RAW_ABI "mipsel64n32"
#endif
#define RAW_REGISTER_BITS 64
#define RAW_PAIR_ALIGNED 0
#define RAW_START                                                                                  \
	"	move $4, $sp\n"                                                                          \
	"	li $12, -16\n"                                                                           \
	"	and $sp, $sp, $12\n"                                                                     \
	"	jal guest_start\n"                                                                       \
	"	nop\n"

struct raw_sigaction {
	unsigned int flags;
	void *handler;
	unsigned int mask[4];
};

static inline int64_t raw_call(uint64_t number, const uint64_t words[8])
{
	register uint64_t v0 __asm__("$2") = number;
	register uint64_t a0 __asm__("$4") = words[0];
	register uint64_t a1 __asm__("$5") = words[1];
	register uint64_t a2 __asm__("$6") = words[2];
	register uint64_t a3 __asm__("$7") = words[3];
	register uint64_t a4 __asm__("$8") = words[4];
	register uint64_t a5 __asm__("$9") = words[5];

	__asm__ volatile("syscall"
			 : "+r"(v0), "+r"(a3)
			 : "r"(a0), "r"(a1), "r"(a2), "r"(a4), "r"(a5)
			 : "$1", "$3", "$10", "$11", "$12", "$13", "$14", "$15", "$24", "$25", "hi",
			   "lo", "memory");
	return a3 ? -(int64_t)v0 : (int64_t)v0;
}

#endif
