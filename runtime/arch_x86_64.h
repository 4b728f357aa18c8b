/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PALE_RUNTIME_ARCH_X86_64_H
#define PALE_RUNTIME_ARCH_X86_64_H

#define ARCH_NAME "x86_64"
#define ARCH_AUDIT AUDIT_ARCH_X86_64
#define ARCH_MACHINE EM_X86_64
#define ARCH_BIG_ENDIAN false
#define ARCH_SIGNALS 64
#define ARCH_SOCK_DGRAM 2
#define ARCH_LIMIT_NUMBER(generic) ((int)(generic))

#define ARCH_START                                                                                 \
	".globl _start\n"                                                                          \
	"_start:\n"                                                                                \
	"	xorl %ebp, %ebp\n"                                                                       \
	"	movq %rsp, %rdi\n"                                                                       \
	"	andq $-16, %rsp\n"                                                                       \
	"	call shim_main\n"                                                                        \
	"	ud2\n"
#define ARCH_CRASH "ud2"

struct arch_sigaction {
	unsigned long handler;
	unsigned long flags;
	unsigned long restorer;
	unsigned long mask;
};

static inline long arch_syscall(long number, long a, long b, long c, long d, long e)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
			 : "rcx", "r11", "memory");
	return result;
}

#endif
