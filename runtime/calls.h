/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls as pale-run makes them and, with PALE_LIBRARY, libpale through its program's libc. Each
 * returns what the kernel does: -errno on failure. Those that had a narrow form first are called by
 * their wide one.
 */
#ifndef PALE_RUNTIME_CALLS_H
#define PALE_RUNTIME_CALLS_H

#ifdef PALE_LIBRARY
#include "runtime/libpale/arch_libc.h"
#else
#include "runtime/arch.h"
#endif

#include <asm/errno.h>

#ifdef __NR_setresuid32
#define SYS_SETRESUID __NR_setresuid32
#define SYS_SETRESGID __NR_setresgid32
#define SYS_SETGROUPS __NR_setgroups32
#define SYS_GETEUID __NR_geteuid32
#define SYS_GETEGID __NR_getegid32
#else
#define SYS_SETRESUID __NR_setresuid
#define SYS_SETRESGID __NR_setresgid
#define SYS_SETGROUPS __NR_setgroups
#define SYS_GETEUID __NR_geteuid
#define SYS_GETEGID __NR_getegid
#endif

#define sys5(number, a, b, c, d, e)                                                                \
	arch_syscall((number), (long)(a), (long)(b), (long)(c), (long)(d), (long)(e))
#define sys4(number, a, b, c, d) sys5(number, a, b, c, d, 0)
#define sys3(number, a, b, c) sys5(number, a, b, c, 0, 0)
#define sys2(number, a, b) sys5(number, a, b, 0, 0, 0)
#define sys1(number, a) sys5(number, a, 0, 0, 0, 0)
#define sys0(number) sys5(number, 0, 0, 0, 0, 0)

static inline long sys_prctl(int option, unsigned long b, unsigned long c)
{
	return sys5(__NR_prctl, option, b, c, 0, 0);
}

#endif
