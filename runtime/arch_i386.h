/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PALE_RUNTIME_ARCH_I386_H
#define PALE_RUNTIME_ARCH_I386_H

#define ARCH_NAME "x86"
#define ARCH_AUDIT AUDIT_ARCH_I386
#define ARCH_MACHINE EM_X86_64
#define ARCH_BIG_ENDIAN false
#define ARCH_SIGNALS 64
#define ARCH_SOCK_DGRAM 2
#define ARCH_LIMIT_NUMBER(generic) ((int)(generic))

#define ARCH_START                                                                                 \
	".globl _start\n"                                                                          \
	"_start:\n"                                                                                \
	"	xorl %ebp, %ebp\n"                                                                       \
	"	movl %esp, %eax\n"                                                                       \
	"	andl $-16, %esp\n"                                                                       \
	"	subl $12, %esp\n"                                                                        \
	"	pushl %eax\n"                                                                            \
	"	call shim_main\n"                                                                        \
	"	ud2\n"
#define ARCH_CRASH "ud2"

struct arch_sigaction {
	unsigned long handler;
	unsigned long flags;
	unsigned long restorer;
	unsigned long mask[2];
};

static inline long arch_syscall(long number, long a, long b, long c, long d, long e)
{
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e)
			 : "memory");
	return result;
}

#endif
