/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PALE_RUNTIME_ARCH_AARCH64_H
#define PALE_RUNTIME_ARCH_AARCH64_H

#ifdef __AARCH64EB__
#error "the kernel reports big-endian aarch64 as AUDIT_ARCH_AARCH64 too, and so no bundle can tell it"
#endif

#define ARCH_NAME "aarch64"
#define ARCH_AUDIT AUDIT_ARCH_AARCH64
#define ARCH_BIG_ENDIAN false
#define ARCH_MACHINE EM_AARCH64
#define ARCH_SIGNALS 64
#define ARCH_SOCK_DGRAM 2
#define ARCH_LIMIT_NUMBER(generic) ((int)(generic))

#define ARCH_START                                                                                 \
	".globl _start\n"                                                                          \
	"_start:\n"                                                                                \
	"	mov x29, xzr\n"                                                                          \
	"	mov x30, xzr\n"                                                                          \
	"	mov x0, sp\n"                                                                            \
	"	and sp, x0, #-16\n"                                                                      \
	"	bl shim_main\n"                                                                          \
	"	brk #1\n"
#define ARCH_CRASH "brk #1"

struct arch_sigaction {
	unsigned long handler;
	unsigned long flags;
	unsigned long restorer;
	unsigned long mask;
};

static inline long arch_syscall(long number, long a, long b, long c, long d, long e)
{
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	register long x8 __asm__("x8") = number;

	__asm__ volatile("svc #0"
			 : "+r"(x0)
			 : "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x8)
			 : "memory");
	return x0;
}

#endif
