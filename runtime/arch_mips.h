/* SPDX-License-Identifier: Apache-2.0 */
/* mips in its three ABIs (o32, n32, n64) and two byte orders. */
#ifndef PALE_RUNTIME_ARCH_MIPS_H
#define PALE_RUNTIME_ARCH_MIPS_H

#include <asm/sgidefs.h>

#ifdef __MIPSEB__
#define ARCH_BIG_ENDIAN true
#define ARCH_MIPS_ORDER ""
#define ARCH_MIPS_AUDIT(big, little) (big)
#else
#define ARCH_BIG_ENDIAN false
#define ARCH_MIPS_ORDER "el"
#define ARCH_MIPS_AUDIT(big, little) (little)
#endif
#if _MIPS_SIM == _MIPS_SIM_ABI64
#define ARCH_NAME "mips" ARCH_MIPS_ORDER "64"
#define ARCH_AUDIT ARCH_MIPS_AUDIT(AUDIT_ARCH_MIPS64, AUDIT_ARCH_MIPSEL64)
#define ARCH_MIPS_ADD "daddiu"
#elif _MIPS_SIM == _MIPS_SIM_NABI32
#define ARCH_NAME "mips" ARCH_MIPS_ORDER "64n32"
#define ARCH_AUDIT ARCH_MIPS_AUDIT(AUDIT_ARCH_MIPS64N32, AUDIT_ARCH_MIPSEL64N32)
#define ARCH_MIPS_ADD "addiu"
#else
#define ARCH_NAME "mips" ARCH_MIPS_ORDER
#define ARCH_AUDIT ARCH_MIPS_AUDIT(AUDIT_ARCH_MIPS, AUDIT_ARCH_MIPSEL)
#define ARCH_MIPS_ADD "addiu"
#endif
#define ARCH_MACHINE EM_MIPS
#define ARCH_SIGNALS 128
#define ARCH_SOCK_DGRAM 1

/* asm/resource.h: rss, nproc, nofile, memlock and as (5 to 9) have numbers of their own. */
#define ARCH_LIMIT_NUMBER(generic)                                                                 \
	((generic) < 5 || (generic) > 9 ? (int)(generic) : (0x69587 >> ((generic)-5) * 4 & 15))

/* The linker looks for __start here. The o32 callee may write to 16 bytes above its frame. */
#define ARCH_START                                                                                 \
	".set push\n"                                                                              \
	".set reorder\n"                                                                           \
	".globl __start\n"                                                                         \
	"__start:\n"                                                                               \
	"	move $4, $29\n"                                                                          \
	"	li $2, -16\n"                                                                            \
	"	and $29, $29, $2\n"                                                                      \
	"	" ARCH_MIPS_ADD " $29, $29, -32\n"                                                 \
	"	jal shim_main\n"                                                                         \
	"	break\n"                                                                                 \
	".set pop\n"
#define ARCH_CRASH "break"

struct arch_sigaction {
	unsigned int flags;
	unsigned long handler;
	unsigned long mask[ARCH_SIGNALS / (8 * sizeof(long))];
};

/* What a call may change besides the result in $2, the error's flag in $7 and memory. */
#if __mips_isa_rev < 6
#define ARCH_MIPS_CLOBBERS ARCH_MIPS_TEMPORARIES, "hi", "lo"
#else
#define ARCH_MIPS_CLOBBERS ARCH_MIPS_TEMPORARIES
#endif
#define ARCH_MIPS_TEMPORARIES                                                                      \
	"$1", "$3", "$9", "$10", "$11", "$12", "$13", "$14", "$15", "$24", "$25", "memory"

static inline long arch_syscall(long number, long a, long b, long c, long d, long e)
{
	register long v0 __asm__("$2") = number;
	register long a0 __asm__("$4") = a;
	register long a1 __asm__("$5") = b;
	register long a2 __asm__("$6") = c;
	register long a3 __asm__("$7") = d;
	register long a4 __asm__("$8") = e;

#if _MIPS_SIM == _MIPS_SIM_ABI32
	/* The fifth argument stands on the stack, above room for the four in registers. */
	__asm__ volatile(".set push\n\t"
			 ".set noreorder\n\t"
			 "addiu $29, $29, -32\n\t"
			 "sw $8, 16($29)\n\t"
			 "syscall\n\t"
			 "addiu $29, $29, 32\n\t"
			 ".set pop"
			 : "+r"(v0), "+r"(a3), "+r"(a4)
			 : "r"(a0), "r"(a1), "r"(a2)
			 : ARCH_MIPS_CLOBBERS);
#else
	__asm__ volatile("syscall"
			 : "+r"(v0), "+r"(a3), "+r"(a4)
			 : "r"(a0), "r"(a1), "r"(a2)
			 : ARCH_MIPS_CLOBBERS);
#endif
	return a3 ? -v0 : v0;
}

#endif
