/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What differs between ABIs, one header each, written from the kernel's entry code and not from
 * pale's catalogue, which these programs judge:
 *
 *	RAW_ABI			libseccomp's name
 *	RAW_REGISTER_BITS	width of an argument as the kernel's entry takes it
 *	RAW_PAIR_ALIGNED	a 64-bit value in two registers begins at an even one
 *	RAW_START		assembler: call guest_start(stack) with the stack aligned
 *	raw_call()		a call with registers as they are; -errno on failure
 *	struct raw_sigaction	rt_sigaction(2)'s
 *	RAW_SIGACTION_FLAGS	flags that a handler needs besides; 0 where it is not given
 *	RAW_CALLS		the header with the numbers of the trials' calls, if not asm/unistd.h
 *
 * raw_call() takes eight words: o32 has calls of seven arguments, and one more in syscall(2).
 */
#ifndef PALE_EMULATED_RAW_H
#define PALE_EMULATED_RAW_H

#include <stdint.h>

#if defined(__aarch64__)
#include "raw_aarch64.h"
#elif defined(__arm__)
#include "raw_arm.h"
#elif defined(__mips__) && _MIPS_SIM == _ABIO32
#include "raw_mips32.h"
#elif defined(__mips__)
#include "raw_mips64.h"
#elif defined(__x86_64__)
#include "raw_x86_64.h"
#elif defined(__i386__)
#include "raw_i386.h"
#else
#error "there is no raw_*.h for this machine"
#endif

#ifndef RAW_SIGACTION_FLAGS
#define RAW_SIGACTION_FLAGS 0
#endif
#ifndef RAW_CALLS
#define RAW_CALLS <asm/unistd.h>
#endif

#endif
