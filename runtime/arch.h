/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What differs between machines: one header each, which gives
 *
 *	ARCH_NAME		the ABI's name
 *	ARCH_AUDIT		AUDIT_ARCH_* of the calls that this program makes
 *	ARCH_MACHINE		ELF's number of the family's 64-bit machine, as bundles have it
 *	ARCH_BIG_ENDIAN		its byte order
 *	ARCH_SIGNALS		how many signals there are (64, 128 on mips)
 *	ARCH_SOCK_DGRAM		SOCK_DGRAM (1 on mips)
 *	ARCH_LIMIT_NUMBER(n)	RLIMIT_* with number N in asm-generic/resource.h
 *	ARCH_START		assembler: take the stack pointer, align, call shim_main(stack)
 *	ARCH_CRASH		assembler: an instruction that cannot go on
 *	arch_syscall()		a call with up to five arguments; -errno on failure
 *	struct arch_sigaction	rt_sigaction(2)'s, without a handler that returns
 */
#ifndef PALE_RUNTIME_ARCH_H
#define PALE_RUNTIME_ARCH_H

#include "runtime/bundle.h"

#include <asm/unistd.h>
#include <linux/audit.h>
#include <linux/elf-em.h>

#if defined(__x86_64__) && !defined(__ILP32__)
#include "runtime/arch_x86_64.h"
#elif defined(__i386__)
#include "runtime/arch_i386.h"
#elif defined(__aarch64__)
#include "runtime/arch_aarch64.h"
#elif defined(__arm__)
#include "runtime/arch_arm.h"
#elif defined(__mips__)
#include "runtime/arch_mips.h"
#else
#error "pale-run does not know this machine: it needs a runtime/arch_*.h"
#endif

#endif
