/* SPDX-License-Identifier: Apache-2.0 */
/*
 * x86_64; and with RAW_X32 the same program making x32's calls, which a filter sees on every kernel,
 * also where the kernel answers all of them with ENOSYS.
 */
#ifndef PALE_EMULATED_RAW_X86_64_H
#define PALE_EMULATED_RAW_X86_64_H

#ifdef RAW_X32
#define RAW_ABI "x32"
#define RAW_CALLS <asm/unistd_x32.h>
#define __X32_SYSCALL_BIT 0x40000000 /* as in asm/unistd.h */
#else
#define RAW_ABI "x86_64"
#endif
#define RAW_REGISTER_BITS 64
#define RAW_PAIR_ALIGNED 0
/* SA_RESTORER, without which no signal is delivered to a handler. */
#define RAW_SIGACTION_FLAGS 0x04000000
#define RAW_START                                                                                  \
	"	xorl %ebp, %ebp\n"                                                                       \
	"	movq %rsp, %rdi\n"                                                                       \
	"	andq $-16, %rsp\n"                                                                       \
	"	call guest_start\n"

struct raw_sigaction {
	void *handler;
	unsigned long flags;
	void *restorer;
	uint64_t mask;
};

static inline int64_t raw_call(uint64_t number, const uint64_t words[8])
{
	register uint64_t r10 __asm__("r10") = words[3];
	register uint64_t r8 __asm__("r8") = words[4];
	register uint64_t r9 __asm__("r9") = words[5];
	int64_t result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(words[0]), "S"(words[1]), "d"(words[2]), "r"(r10),
			   "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

#endif
