/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The machine that libpale's program is compiled for, of all that a filter can be for, and its calls
 * by way of libc's syscall(2), which knows how each machine makes them. What this gives stands in
 * runtime/arch.h.
 */
#ifndef PALE_LIBPALE_ARCH_LIBC_H
#define PALE_LIBPALE_ARCH_LIBC_H

#include <asm/resource.h>
#include <asm/unistd.h>
#include <errno.h>
#include <linux/audit.h>
#include <stdbool.h>
#include <unistd.h>

#if defined(__x86_64__)
/* x32 among them: its calls differ by their numbers. */
#define ARCH_AUDIT AUDIT_ARCH_X86_64
#elif defined(__i386__)
#define ARCH_AUDIT AUDIT_ARCH_I386
#elif defined(__aarch64__) && defined(__AARCH64EL__)
#define ARCH_AUDIT AUDIT_ARCH_AARCH64
#elif defined(__arm__) && defined(__ARMEL__)
#define ARCH_AUDIT AUDIT_ARCH_ARM
#elif defined(__mips__) && defined(__MIPSEB__)
#define ARCH_AUDIT                                                                                 \
	(_MIPS_SIM == _ABI64    ? AUDIT_ARCH_MIPS64                                                \
	 : _MIPS_SIM == _ABIN32 ? AUDIT_ARCH_MIPS64N32                                             \
				: AUDIT_ARCH_MIPS)
#elif defined(__mips__)
#define ARCH_AUDIT                                                                                 \
	(_MIPS_SIM == _ABI64    ? AUDIT_ARCH_MIPSEL64                                              \
	 : _MIPS_SIM == _ABIN32 ? AUDIT_ARCH_MIPSEL64N32                                           \
				: AUDIT_ARCH_MIPSEL)
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCH_AUDIT AUDIT_ARCH_RISCV64
#elif defined(__powerpc64__) && defined(__LITTLE_ENDIAN__)
#define ARCH_AUDIT AUDIT_ARCH_PPC64LE
#elif defined(__s390x__)
#define ARCH_AUDIT AUDIT_ARCH_S390X
#elif defined(__loongarch64)
#define ARCH_AUDIT AUDIT_ARCH_LOONGARCH64
#else
#error "libpale does not know this machine: it needs a line here"
#endif
#define ARCH_BIG_ENDIAN (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)

/* By the numbers of asm-generic/resource.h, as bundles have them. */
static inline int arch_limit_number(unsigned int generic)
{
	static const int numbers[] = {
		RLIMIT_CPU,      RLIMIT_FSIZE, RLIMIT_DATA,   RLIMIT_STACK,
		RLIMIT_CORE,     RLIMIT_RSS,   RLIMIT_NPROC,  RLIMIT_NOFILE,
		RLIMIT_MEMLOCK,  RLIMIT_AS,    RLIMIT_LOCKS,  RLIMIT_SIGPENDING,
		RLIMIT_MSGQUEUE, RLIMIT_NICE,  RLIMIT_RTPRIO, RLIMIT_RTTIME,
	};

	return numbers[generic];
}
#define ARCH_LIMIT_NUMBER(generic) arch_limit_number(generic)

static inline long arch_syscall(long number, long a, long b, long c, long d, long e)
{
	int before = errno;
	long result = syscall(number, a, b, c, d, e);

	if (result == -1)
		result = -errno;
	errno = before;
	return result;
}

#endif
