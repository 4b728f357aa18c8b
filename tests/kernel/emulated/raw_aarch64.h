/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PALE_EMULATED_RAW_AARCH64_H
#define PALE_EMULATED_RAW_AARCH64_H

#define RAW_ABI "aarch64"
#define RAW_REGISTER_BITS 64
#define RAW_PAIR_ALIGNED 0
#define RAW_START                                                                                  \
	"	mov x29, #0\n"                                                                           \
	"	mov x0, sp\n"                                                                            \
	"	and sp, x0, #-16\n"                                                                      \
	"	bl guest_start\n"

struct raw_sigaction {
	void *handler;
	unsigned long flags;
	void *restorer;
	uint64_t mask;
};

static inline int64_t raw_call(uint64_t number, const uint64_t words[8])
{
	register uint64_t x8 __asm__("x8") = number;
	register uint64_t x0 __asm__("x0") = words[0];
	register uint64_t x1 __asm__("x1") = words[1];
	register uint64_t x2 __asm__("x2") = words[2];
	register uint64_t x3 __asm__("x3") = words[3];
	register uint64_t x4 __asm__("x4") = words[4];
	register uint64_t x5 __asm__("x5") = words[5];

	__asm__ volatile("svc #0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
			 : "memory");
	return (int64_t)x0;
}

#endif
