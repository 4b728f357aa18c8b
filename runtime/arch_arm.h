/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PALE_RUNTIME_ARCH_ARM_H
#define PALE_RUNTIME_ARCH_ARM_H

#ifndef __ARM_EABI__
#error "pale-run knows arm by its EABI only"
#endif
#ifdef __ARMEB__
#error "the kernel reports big-endian arm as AUDIT_ARCH_ARM too, and so no bundle can tell it"
#endif

#define ARCH_NAME "arm"
#define ARCH_AUDIT AUDIT_ARCH_ARM
#define ARCH_BIG_ENDIAN false
#define ARCH_MACHINE EM_AARCH64
#define ARCH_SIGNALS 64
#define ARCH_SOCK_DGRAM 2
#define ARCH_LIMIT_NUMBER(generic) ((int)(generic))

/* In arm instructions, also where the compiler makes thumb ones. */
#define ARCH_START                                                                                 \
	".arm\n"                                                                                   \
	".globl _start\n"                                                                          \
	".type _start, %function\n"                                                                \
	"_start:\n"                                                                                \
	"	mov r0, sp\n"                                                                            \
	"	bic sp, sp, #15\n"                                                                       \
	"	bl shim_main\n"                                                                          \
	"	udf #0\n"
#define ARCH_CRASH "udf #0"

struct arch_sigaction {
	unsigned long handler;
	unsigned long flags;
	unsigned long restorer;
	unsigned long mask[2];
};

static inline long arch_syscall(long number, long a, long b, long c, long d, long e)
{
	register long r0 __asm__("r0") = a;
	register long r1 __asm__("r1") = b;
	register long r2 __asm__("r2") = c;
	register long r3 __asm__("r3") = d;
	register long r4 __asm__("r4") = e;
	register long r7 __asm__("r7") = number;

	__asm__ volatile("svc #0"
			 : "+r"(r0)
			 : "r"(r1), "r"(r2), "r"(r3), "r"(r4), "r"(r7)
			 : "memory");
	return r0;
}

#endif
